// An API server of a few kinds, in memory and over real HTTP: create, apply, get, list, watch, delete; the test plays the controllers.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Item = {
    apiVersion: string;
    kind: string;
    metadata: {
        name: string;
        namespace?: string;
        uid: string;
        resourceVersion: string;
        generation: number;
        managedFields?: unknown;
        finalizers?: string[];
        deletionTimestamp?: string;
    };
    [key: string]: unknown;
};
type Answer = { readonly code: number; readonly body: unknown };

export class FakeApiServer {
    readonly requests: string[] = [];
    readonly objects = new Map<string, Item>();
    /** Answers a request instead of the server, while it returns something. */
    intercept: (method: string, path: string, query: URLSearchParams) => Answer | undefined = () => undefined;
    readonly #server: Server = createServer((request, response) => void this.#answer(request, response));
    readonly #watches = new Set<{
        readonly path: string;
        readonly name: string | undefined;
        readonly response: ServerResponse;
    }>();
    #version = 100;

    async start(): Promise<string> {
        await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
        const { port } = this.#server.address() as AddressInfo;
        return JSON.stringify({
            apiVersion: "v1",
            kind: "Config",
            "current-context": "fake",
            contexts: [{ name: "fake", context: { cluster: "fake", user: "fake", namespace: "ctx" } }],
            clusters: [
                { name: "fake", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } },
            ],
            users: [{ name: "fake", user: { token: "t" } }],
        });
    }

    async stop(): Promise<void> {
        this.#server.closeAllConnections();
        await new Promise((resolve) => this.#server.close(resolve));
    }

    get watching(): number {
        return this.#watches.size;
    }

    /** What a controller does. */
    change(path: string, fields: Record<string, unknown>): void {
        const old = this.objects.get(path);
        if (old === undefined) {
            throw new Error(`no ${path}`);
        }
        this.#put(path, { ...old, ...fields });
    }

    add(path: string, fields: Record<string, unknown>): void {
        const name = path.split("/").at(-1) ?? "";
        this.#put(path, {
            apiVersion: "v1",
            kind: "?",
            ...fields,
            metadata: { name, uid: `uid-${name}`, generation: 1, ...(fields["metadata"] as object | undefined) },
        } as Item);
    }

    /** What the garbage collector does. */
    remove(path: string): void {
        const old = this.objects.get(path);
        this.objects.delete(path);
        if (old !== undefined) {
            this.#tell("DELETED", path, old);
        }
    }

    /** Ends all watches, as a proxy or a restarted server does. */
    dropWatches(): void {
        for (const { response } of this.#watches) {
            response.destroy();
        }
        this.#watches.clear();
    }

    #put(path: string, item: Item): void {
        const known = this.objects.has(path);
        const stored = { ...item, metadata: { ...item.metadata, resourceVersion: String(++this.#version) } };
        this.objects.set(path, stored);
        this.#tell(known ? "MODIFIED" : "ADDED", path, stored);
    }

    #tell(type: string, path: string, object: Item): void {
        for (const watch of this.#watches) {
            if (
                path.startsWith(`${watch.path}/`) &&
                (watch.name === undefined || watch.name === object.metadata.name)
            ) {
                watch.response.write(`${JSON.stringify({ type, object })}\n`);
            }
        }
    }

    async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const url = new URL(request.url ?? "/", "http://x");
        const path = url.pathname;
        const method = request.method ?? "GET";
        const query = url.searchParams;
        const force = query.get("force") === "true" ? " force" : "";
        const mode = query.has("watch") ? " watch" : query.has("dryRun") ? " dry" : "";
        this.requests.push(`${method} ${path}${mode}${force}`);
        const chunks: Buffer[] = [];
        for await (const chunk of request) {
            chunks.push(chunk as Buffer);
        }
        const body = chunks.length === 0 ? undefined : (JSON.parse(Buffer.concat(chunks).toString()) as Item);
        const reply = ({ code, body: answer }: Answer): void => {
            response
                .writeHead(code, { "content-type": "application/json" })
                .end(typeof answer === "string" ? answer : JSON.stringify(answer));
        };
        const instead = this.intercept(method, path, query);
        if (instead !== undefined) {
            return reply(instead);
        }
        const name = /(?:^|,)metadata\.name=([^,]+)/.exec(query.get("fieldSelector") ?? "")?.[1];
        if (query.has("watch")) {
            response.writeHead(200, { "content-type": "application/json" });
            response.flushHeaders();
            const watch = { path, name, response };
            this.#watches.add(watch);
            // What changed since the list, as the real one does.
            const since = Number(query.get("resourceVersion") ?? this.#version);
            for (const [key, item] of this.objects) {
                const isMatch = key.startsWith(`${path}/`) && (name === undefined || item.metadata.name === name);
                if (isMatch && Number(item.metadata.resourceVersion) > since) {
                    response.write(`${JSON.stringify({ type: "MODIFIED", object: item })}\n`);
                }
            }
            response.on("close", () => this.#watches.delete(watch));
            return;
        }
        const notFound: Answer = {
            code: 404,
            body: {
                kind: "Status",
                reason: "NotFound",
                message: "not found",
                details: { name: path.split("/").at(-1), kind: "things" },
            },
        };
        const existing = this.objects.get(path);
        if (method === "POST" && body !== undefined) {
            const { name } = body.metadata;
            const created = `${path}/${name}`;
            if (this.objects.has(created)) {
                const message = `${path.split("/").at(-1)} "${name}" already exists`;
                return reply({ code: 409, body: { kind: "Status", reason: "AlreadyExists", message } });
            }
            const managedFields = [
                { manager: query.get("fieldManager"), operation: "Update", fieldsV1: { "f:data": {} } },
            ];
            const metadata = { ...body.metadata, uid: `uid-${++this.#version}`, generation: 1, managedFields };
            const item = { ...body, metadata } as Item;
            if (!query.has("dryRun")) {
                this.#put(created, item);
            }
            return reply({ code: 201, body: this.objects.get(created) ?? item });
        }
        if (method === "PATCH" && Array.isArray(body)) {
            const change = body.find((operation: { op: string }) => operation.op === "replace") as { value: unknown };
            this.change(path, { metadata: { ...existing?.metadata, managedFields: change.value } });
            return reply({ code: 200, body: this.objects.get(path) });
        }
        if (method === "PATCH" && body !== undefined) {
            const item = {
                ...existing,
                ...body,
                metadata: {
                    ...existing?.metadata,
                    ...body.metadata,
                    uid: existing?.metadata.uid ?? `uid-${++this.#version}`,
                    generation: (existing?.metadata.generation ?? 0) + 1,
                },
            } as Item;
            if (!query.has("dryRun")) {
                this.#put(path, item);
            }
            return reply({ code: 200, body: query.has("dryRun") ? item : this.objects.get(path) });
        }
        if (method === "DELETE") {
            if (existing === undefined) {
                return reply(notFound);
            }
            const uid = (body?.["preconditions"] as { uid?: string } | undefined)?.uid;
            if (uid !== undefined && uid !== existing.metadata.uid) {
                return reply({
                    code: 409,
                    body: { reason: "Conflict", message: "Precondition failed: UID in precondition" },
                });
            }
            if ((existing.metadata.finalizers ?? []).length > 0) {
                this.change(path, { metadata: { ...existing.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } });
            } else {
                this.remove(path);
            }
            return reply({ code: 200, body: {} });
        }
        if (existing !== undefined) {
            return reply({ code: 200, body: existing });
        }
        // A collection has a plural as its last part, an object a name that some test gave it.
        const items = [...this.objects]
            .filter(([key, item]) => key.startsWith(`${path}/`) && (name === undefined || item.metadata.name === name))
            .map(([, item]) => item);
        if (/\/(namespaces\/[^/]+\/)?[a-z]+$/.test(path) && /s$/.test(path)) {
            return reply({ code: 200, body: { metadata: { resourceVersion: String(this.#version) }, items } });
        }
        return reply(notFound);
    }
}
