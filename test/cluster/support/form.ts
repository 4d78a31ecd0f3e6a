// Forms with a file, sent to the Gateway as slowly or as fast as a test likes; an answer counts as soon as it is there, also when
// not all has been sent.
import { once } from "node:events";
import { request } from "node:http";
import { gatewayPorts } from "../../../lab/cluster/index.ts";
import type { Answer } from "./client.ts";

const boundary = "----the-test-form";

export interface Form {
    readonly fields?: Readonly<Record<string, string>>;
    readonly file: string;
    /** Of the file, in bytes: what the request says, whatever comes. */
    readonly size: number;
    readonly content: AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** What stands before and after the file. */
function around({ fields = {}, file }: Form): readonly [Buffer, Buffer] {
    const parts = Object.entries(fields).map(
        ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const head = `${parts.join("")}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(`\r\n--${boundary}--\r\n`)];
}

export function sendForm(
    host: string,
    path: string,
    form: Form,
    headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
    const [head, tail] = around(form);
    const outgoing = request({
        host: "127.0.0.1",
        port: gatewayPorts.http,
        method: "POST",
        path,
        agent: false,
        headers: {
            host: `${host}:${gatewayPorts.http}`,
            "content-type": `multipart/form-data; boundary=${boundary}`,
            "content-length": String(head.length + form.size + tail.length),
            ...headers,
        },
    });
    let answered = false;
    const answer = new Promise<Answer>((resolve, reject) => {
        outgoing.on("error", reject);
        outgoing.on("response", (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", reject);
            response.on("end", () => {
                const { statusCode: status = 0, headers: received } = response;
                resolve({ status, headers: received, body: Buffer.concat(chunks).toString("utf8") });
            });
        });
    }).finally(() => {
        answered = true;
        outgoing.destroy();
    });
    const write = async (): Promise<void> => {
        outgoing.write(head);
        for await (const chunk of form.content) {
            if (answered) {
                return;
            }
            if (!outgoing.write(chunk)) {
                await Promise.race([once(outgoing, "drain"), answer]);
            }
        }
        outgoing.end(tail);
    };
    // What goes wrong while writing is the answer's error.
    write().catch(() => undefined);
    return answer;
}

export const MiB: number = 1024 * 1024;

/** So many bytes, none of them interesting. */
export function* zeros(size: number): Iterable<Buffer> {
    for (let left = size; left > 0; left -= MiB) {
        yield Buffer.alloc(Math.min(left, MiB));
    }
}
