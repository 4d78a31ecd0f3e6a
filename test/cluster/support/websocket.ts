// A websocket to the Gateway on 127.0.0.1 under a host's name, as far as one short text each way needs it.
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { gatewayPorts } from "../../../lab/cluster/index.ts";

/**
 * Sends one text, and waits for the first that comes back.
 *
 * @param text of fewer than 126 bytes, as the answer has to be
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function answerOf(host: string, path: string, text: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const outgoing = request({
        host: "127.0.0.1",
        port: gatewayPorts.http,
        path,
        agent: false,
        headers: {
            host: `${host}:${gatewayPorts.http}`,
            connection: "Upgrade",
            upgrade: "websocket",
            "sec-websocket-version": "13",
            "sec-websocket-key": randomBytes(16).toString("base64"),
        },
        timeout: 20_000,
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("no answer within 20 s")));
    outgoing.on("error", reject);
    outgoing.on("response", ({ statusCode }) => {
        outgoing.destroy();
        reject(new Error(`no websocket: ${statusCode}`));
    });
    outgoing.on("upgrade", (_, socket, first) => {
        let received = first;
        const look = (): void => {
            const length = received[1] ?? Infinity;
            if (received.length >= 2 + length) {
                socket.destroy();
                resolve(received.subarray(2, 2 + length).toString("utf8"));
            }
        };
        socket.on("error", reject);
        socket.on("close", () => reject(new Error("the websocket was closed")));
        socket.on("data", (chunk: Buffer) => {
            received = Buffer.concat([received, chunk]);
            look();
        });
        // What a client sends is masked; with zeros it stays readable.
        const payload = Buffer.from(text);
        socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
        look();
    });
    outgoing.end();
    return promise;
}
