// An API server that keeps objects in memory, and plays the Job's controller: its pod says a log, and ends.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Item {
    readonly metadata: {
        name: string;
        namespace?: string;
        labels?: Readonly<Record<string, string>>;
        annotations?: Readonly<Record<string, string>>;
        creationTimestamp?: string;
    };
    spec?: Record<string, unknown>;
    status?: Record<string, unknown>;
    [key: string]: unknown;
}

export class FakeCluster {
    /** By path: `/api/v1/namespaces/shop/secrets/database-move`. */
    readonly objects = new Map<string, Item>();
    /** `POST /api/...`, of what changes something. */
    readonly changes: string[] = [];
    /** What the pod of the Job says, and how it ends. */
    ending: { readonly log: string; readonly succeeded: boolean; readonly message?: string } = {
        log: "",
        succeeded: true,
    };
    private readonly server: Server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
            const text = Buffer.concat(chunks).toString();
            const url = new URL(request.url ?? "", "http://fake");
            const answer = this.answer(request.method ?? "", url, text === "" ? undefined : (JSON.parse(text) as Item));
            const plain = typeof answer === "string";
            response.writeHead(answer === undefined ? 404 : 200, {
                "content-type": plain ? "text/plain" : "application/json",
            });
            response.end(plain ? answer : JSON.stringify(answer ?? { kind: "Status", code: 404, reason: "NotFound" }));
        });
    });

    /** @returns a kubeconfig with the context `fake` */
    async start(): Promise<string> {
        await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
        const { port } = this.server.address() as AddressInfo;
        return JSON.stringify({
            apiVersion: "v1",
            kind: "Config",
            contexts: [{ name: "fake", context: { cluster: "fake", user: "fake" } }],
            clusters: [
                { name: "fake", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } },
            ],
            users: [{ name: "fake", user: { token: "t" } }],
        });
    }

    async stop(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((resolve) => this.server.close(resolve));
    }

    private answer(method: string, { pathname, searchParams }: URL, body: Item | undefined): unknown {
        if (method !== "GET") {
            this.changes.push(`${method} ${pathname}`);
        }
        if (pathname.endsWith("/log")) {
            return this.ending.log;
        }
        if (pathname.endsWith("/scale")) {
            const item = this.objects.get(pathname.replace(/\/scale$/, ""))!;
            if (method === "PUT") {
                item.spec = { ...item.spec, replicas: body!.spec!["replicas"] };
            }
            return { metadata: item.metadata, spec: { replicas: item.spec?.["replicas"] } };
        }
        switch (method) {
            case "POST":
                return this.create(`${pathname}/${body!.metadata.name}`, body!);
            case "PATCH": {
                const { metadata, ...rest } = this.objects.get(pathname)!;
                this.objects.set(pathname, { ...rest, metadata: { ...metadata, ...body!.metadata } });
                return body;
            }
            case "PUT":
                this.objects.set(pathname, body!);
                return body;
            case "DELETE": {
                const gone = [...this.objects.keys()].filter(
                    (path) => path === pathname || this.matches(path, pathname, searchParams),
                );
                const first = gone.map((path) => this.objects.get(path))[0];
                gone.forEach((path) => this.objects.delete(path));
                return gone.length === 0 && this.isItem(pathname) ? undefined : (first ?? { kind: "Status" });
            }
            default: {
                const found = this.objects.get(pathname);
                if (found !== undefined || this.isItem(pathname)) {
                    return found;
                }
                const items = [...this.objects].filter(([path]) => this.matches(path, pathname, searchParams));
                return { items: items.map(([, item]) => item) };
            }
        }
    }

    private isItem(path: string): boolean {
        return /\/namespaces\/[^/]+\/[^/]+\/[^/]+$/.test(path);
    }

    private matches(path: string, collection: string, query: URLSearchParams): boolean {
        const [key, value] = (query.get("labelSelector") ?? "").split("=");
        const labels = this.objects.get(path)?.metadata.labels ?? {};
        return path.startsWith(`${collection}/`) && (key === "" || key === undefined || labels[key] === value);
    }

    private create(path: string, body: Item): Item {
        this.objects.set(path, body);
        if (path.includes("/jobs/")) {
            const template = (body.spec!["template"] as Item).metadata;
            const metadata = { ...template, name: "database-move-x1", creationTimestamp: new Date().toISOString() };
            const { succeeded, message } = this.ending;
            const terminated = { exitCode: succeeded ? 0 : 1, ...(message !== undefined && { message }) };
            this.objects.set("/api/v1/namespaces/shop/pods/database-move-x1", {
                metadata,
                status: {
                    phase: succeeded ? "Succeeded" : "Failed",
                    containerStatuses: [{ name: "move", state: { terminated } }],
                },
            });
            const type = succeeded ? "Complete" : "Failed";
            body.status = { conditions: [{ type, status: "True" }] };
        }
        return body;
    }
}
