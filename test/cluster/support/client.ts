// A user's browser: requests to the Gateway on 127.0.0.1 under the environment's host name.
import { Agent, request, type IncomingHttpHeaders } from "node:http";
import { gatewayPorts } from "../../../lab/cluster/index.ts";

export interface Answer {
    readonly status: number;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
}

/** What the sample app says of itself at /api/status. */
export interface AppStatus {
    readonly release: { readonly version: string; readonly colour: string };
    readonly pod: string;
    readonly interface: "WSGI" | "ASGI";
    readonly database: { readonly rows: number; readonly engine: string; readonly connections: string };
    readonly cache: { readonly value: number | null; readonly role: string | null; readonly server: string | null };
    /** The last one; `result` is null until a worker has done one. */
    readonly task: {
        readonly result: string | null;
        readonly worker: string | null;
        readonly finished_at: string | null;
        readonly library: string;
        /** Where tasks wait. */
        readonly carrier: string;
    };
    readonly beat: { readonly last_fired_at: string | null; readonly count: number };
    /** The last run of `manage.py clear_old`. */
    readonly scheduled: { readonly result: string | null; readonly by: string | null };
    readonly uploads: {
        readonly place: string | null;
        readonly name: string | null;
        readonly url: string | null;
        /** The pod that took it. */
        readonly by: string | null;
    };
    readonly static: { readonly css: string; readonly place: string };
}

export class Client {
    private readonly host: string;
    private readonly at: { readonly address: string; readonly port: number };
    private readonly agent: Agent = new Agent({ keepAlive: true, maxSockets: 16 });

    /** @param at where requests go. @default the Gateway */
    constructor(
        host: string,
        at: { readonly address: string; readonly port: number } = { address: "127.0.0.1", port: gatewayPorts.http },
    ) {
        this.host = host;
        this.at = at;
    }

    send(method: "GET" | "POST", path: string, headers: Record<string, string> = {}): Promise<Answer> {
        return new Promise((resolve, reject) => {
            const outgoing = request(
                {
                    host: this.at.address,
                    port: this.at.port,
                    method,
                    path,
                    headers: { host: `${this.host}:${this.at.port}`, ...headers },
                    agent: this.agent,
                    timeout: 20_000,
                },
                (response) => {
                    const chunks: Buffer[] = [];
                    response.on("data", (chunk: Buffer) => chunks.push(chunk));
                    response.on("error", reject);
                    response.on("end", () =>
                        resolve({
                            status: response.statusCode ?? 0,
                            headers: response.headers,
                            body: Buffer.concat(chunks).toString("utf8"),
                        }),
                    );
                },
            );
            outgoing.on("timeout", () => outgoing.destroy(new Error("no answer within 20 s")));
            outgoing.on("error", reject);
            outgoing.end();
        });
    }

    async status(): Promise<AppStatus> {
        const { status, body } = await this.send("GET", "/api/status");
        if (status !== 200) {
            throw new Error(`/api/status answered ${status}: ${body.slice(0, 300)}`);
        }
        return JSON.parse(body) as AppStatus;
    }

    async addVisit(): Promise<number> {
        const { status, body } = await this.send("POST", "/visits", { "content-type": "application/json" });
        if (status >= 300) {
            throw new Error(`POST /visits answered ${status}: ${body.slice(0, 300)}`);
        }
        return (JSON.parse(body) as { rows: number }).rows;
    }

    close(): void {
        this.agent.destroy();
    }
}
