// A browser's websocket through the Gateway, under a host name of the test's: Node's own client takes the name from the address.
// Short texts alone. @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
import { randomBytes } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { request } from "node:http";
import type { Duplex } from "node:stream";
import { gatewayPorts } from "../../../lab/cluster/index.ts";

const text = 1;
const close = 8;
const ping = 9;
const pong = 10;

export class Websocket {
    /** `text` with each message, `closed` with the code of the close frame, or 1006 without one. */
    private readonly events: EventEmitter = new EventEmitter();
    /** The code it was closed with; undefined while it is open. */
    closedWith: number | undefined;
    private readonly socket: Duplex;
    private received: Buffer;

    private constructor(socket: Duplex, head: Buffer) {
        this.socket = socket;
        this.received = head;
        socket.on("data", (chunk: Buffer) => {
            this.received = Buffer.concat([this.received, chunk]);
            this.read();
        });
        socket.on("error", () => this.end(1006));
        socket.on("close", () => this.end(1006));
    }

    /** @throws with the status, where the server answers otherwise than by changing the protocol */
    static async open(host: string, path: string, origin: string): Promise<Websocket> {
        const authority = `${host}:${gatewayPorts.http}`;
        const outgoing = request({
            host: "127.0.0.1",
            port: gatewayPorts.http,
            path,
            headers: {
                host: authority,
                origin,
                connection: "Upgrade",
                upgrade: "websocket",
                "sec-websocket-version": "13",
                "sec-websocket-key": randomBytes(16).toString("base64"),
            },
        });
        return await new Promise((resolve, reject) => {
            outgoing.on("upgrade", (_, socket, head) => resolve(new Websocket(socket, head)));
            outgoing.on("response", (response) => {
                response.resume();
                reject(new Error(`answered ${response.statusCode}`));
            });
            outgoing.on("error", reject);
            outgoing.end();
        });
    }

    async ask(message: string): Promise<string> {
        const answer = once(this.events, "text", { signal: AbortSignal.timeout(20_000) });
        this.send(text, Buffer.from(message));
        const [received] = (await answer) as [string];
        return received;
    }

    /** The code that the other side closes it with. */
    async closed(seconds: number): Promise<number> {
        if (this.closedWith === undefined) {
            await once(this.events, "closed", { signal: AbortSignal.timeout(seconds * 1000) });
        }
        return this.closedWith!;
    }

    destroy(): void {
        this.socket.destroy();
    }

    private end(code: number): void {
        if (this.closedWith === undefined) {
            this.closedWith = code;
            this.events.emit("closed");
        }
    }

    private read(): void {
        while (this.received.length >= 2) {
            const short = this.received[1]! & 127;
            const start = short === 126 ? 4 : 2;
            if (short === 127) {
                throw new Error("a longer message than any test asks for");
            }
            if (this.received.length < start) {
                return;
            }
            const length = short === 126 ? this.received.readUInt16BE(2) : short;
            if (this.received.length < start + length) {
                return;
            }
            const kind = this.received[0]! & 15;
            const content = this.received.subarray(start, start + length);
            this.received = this.received.subarray(start + length);
            this.take(kind, content);
        }
    }

    private take(kind: number, content: Buffer): void {
        switch (kind) {
            case text:
                this.events.emit("text", content.toString("utf8"));
                break;
            case ping:
                this.send(pong, content);
                break;
            case close:
                this.end(content.length >= 2 ? content.readUInt16BE(0) : 1005);
                this.send(close, content.subarray(0, 2));
                break;
            default:
        }
    }

    private send(kind: number, content: Buffer): void {
        const mask = randomBytes(4);
        const masked = content.map((byte, index) => byte ^ mask[index % 4]!);
        this.socket.write(Buffer.concat([Buffer.from([0x80 | kind, 0x80 | content.length]), mask, masked]));
    }
}
