// Requests to the API server over kept-alive connections, and watches. Authentication is the official client's; its
// generated classes are not used, because every kind goes through the same five requests and loading them costs 0.4 s.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type AgentOptions, type RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { ApiError, Cancelled, ClusterUnreachable, NoCluster } from "./api-error.ts";
import type { ClusterChoice } from "./kubeconfig.ts";
import type { Json, JsonObject, KubeObject } from "./object.ts";

/** The engine works on as many resources at once as the user allows; more connections than this only queue in the server. */
const connections = 32;
const connectSeconds = 10;
const answerSeconds = 60;
/** The server ends a watch after this time; a connection that is silent for longer is dead. */
const watchSeconds = 240;
const overloadRetries = 5;

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

export interface ApiRequest {
    readonly method: Method;
    /** With a leading slash, without the server. */
    readonly path: string;
    readonly query?: Readonly<Record<string, string | undefined>>;
    readonly body?: Json;
    /** @default application/json */
    readonly contentType?: string;
    readonly signal: AbortSignal;
    /** Told what the server warns of, for example an API version that will go. */
    readonly onWarning?: (message: string) => void;
    /** @default answerSeconds */
    readonly answerSeconds?: number;
}

export interface WatchEvent {
    readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
    readonly object: JsonObject;
}

export interface ListResult {
    readonly items: readonly KubeObject[];
    readonly resourceVersion: string;
}

interface Connection {
    readonly config: KubeConfig;
    readonly server: string;
    readonly namespace: string | undefined;
}

export class Client {
    readonly #choice: ClusterChoice;
    #connection: Promise<Connection> | undefined;
    #agents: { readonly key: string; readonly requests: HttpAgent; readonly watches: HttpAgent } | undefined;

    constructor(choice: ClusterChoice) {
        this.#choice = choice;
    }

    /** The context's namespace. Reads the kubeconfig, asks no server. */
    async defaultNamespace(): Promise<string | undefined> {
        return (await this.#connect()).namespace;
    }

    async json(request: ApiRequest): Promise<JsonObject> {
        const text = await this.text(request);
        try {
            return JSON.parse(text) as JsonObject;
        } catch {
            const { server } = await this.#connect();
            throw new ClusterUnreachable(server, `what answers ${request.method} ${request.path} does not speak JSON`);
        }
    }

    async list(path: string, query: ApiRequest["query"], signal: AbortSignal): Promise<ListResult> {
        const list = await this.json({ method: "GET", path, query: query ?? {}, signal });
        const metadata = list["metadata"] as { readonly resourceVersion?: string } | undefined;
        return {
            items: (list["items"] ?? []) as unknown as KubeObject[],
            resourceVersion: metadata?.resourceVersion ?? "",
        };
    }

    async text(request: ApiRequest): Promise<string> {
        for (let attempt = 1; ; attempt++) {
            const response = await this.#send(request, "requests");
            const text = await readAll(response, request.signal);
            const code = response.statusCode ?? 0;
            for (const warning of [response.headers["warning"] ?? []].flat()) {
                const message = /^299 \S+ "((?:[^"\\]|\\.)*)"/.exec(warning)?.[1];
                if (message !== undefined) {
                    request.onWarning?.(message.replaceAll('\\"', '"'));
                }
            }
            if (code < 300) {
                return text;
            }
            const error = new ApiError(code, parse(text), `${request.method} ${request.path}`);
            const overloaded =
                code === 429 || code === 503 || (code === 500 && error.status.details?.retryAfterSeconds !== undefined);
            if (!overloaded || attempt > overloadRetries) {
                throw error;
            }
            const wait = Number(response.headers["retry-after"] ?? error.status.details?.retryAfterSeconds ?? 1);
            await sleep(Math.min(Math.max(wait, 0.5), 10) * 1000, request.signal);
        }
    }

    /** Streams events until the server ends the watch or the connection breaks; throws `ApiError` if it is refused. */
    async watch(
        path: string,
        query: Readonly<Record<string, string | undefined>>,
        signal: AbortSignal,
        onEvent: (event: WatchEvent) => void,
    ): Promise<void> {
        const request: ApiRequest = {
            method: "GET",
            path,
            query: { ...query, watch: "true", allowWatchBookmarks: "true", timeoutSeconds: String(watchSeconds) },
            signal,
            answerSeconds: watchSeconds + 30,
        };
        const response = await this.#send(request, "watches");
        if ((response.statusCode ?? 0) >= 300) {
            throw new ApiError(response.statusCode ?? 0, parse(await readAll(response, signal)), `watching ${path}`);
        }
        const abort = (): void => void response.destroy();
        signal.addEventListener("abort", abort, { once: true });
        // A broken connection is not an error of the watch: the caller lists again and watches on.
        response.on("error", () => undefined);
        try {
            // Not readline: it does not notice that its input was destroyed, and an aborted watch would never end.
            let rest = "";
            response.setEncoding("utf8");
            for await (const chunk of response) {
                const lines = `${rest}${chunk as string}`.split("\n");
                rest = lines.pop() ?? "";
                for (const line of lines) {
                    const event = parse(line) as unknown as WatchEvent | undefined;
                    if (event !== undefined && !signal.aborted) {
                        onEvent(event);
                    }
                }
            }
        } catch {
            // See above.
        } finally {
            signal.removeEventListener("abort", abort);
            response.destroy();
        }
    }

    async #connect(): Promise<Connection> {
        this.#connection ??= import("./kubeconfig.ts")
            .then(({ loadKubeConfig }) => loadKubeConfig(this.#choice))
            .then(
                (config) => ({
                    config,
                    server: config.getCurrentCluster()?.server ?? "",
                    namespace: config.getContextObject(config.currentContext)?.namespace,
                }),
                (error: unknown) => {
                    throw new NoCluster(messageOf(error));
                },
            );
        return await this.#connection;
    }

    async #send(request: ApiRequest, pool: "requests" | "watches"): Promise<IncomingMessage> {
        const { config, server } = await this.#connect();
        if (request.signal.aborted) {
            throw new Cancelled(`asking ${server}`);
        }
        const url = new URL(`${server.replace(/\/$/, "")}${request.path}`);
        for (const [key, value] of Object.entries(request.query ?? {})) {
            if (value !== undefined) {
                url.searchParams.set(key, value);
            }
        }
        const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
        const options: RequestOptions = await this.#options(config, server, pool);
        const headers = {
            ...(options.headers as Record<string, string>),
            Accept: "application/json",
            "User-Agent": "pulumi-kubernetes-stand-in",
            ...(body === undefined
                ? {}
                : { "Content-Type": request.contentType ?? "application/json", "Content-Length": String(body.length) }),
        };
        const send = url.protocol === "https:" ? httpsRequest : httpRequest;
        for (let attempt = 1; ; attempt++) {
            try {
                return await new Promise<IncomingMessage>((resolve, reject) => {
                    const sent = send(
                        url,
                        { ...options, method: request.method, headers, signal: request.signal },
                        resolve,
                    );
                    const seconds = request.answerSeconds ?? answerSeconds;
                    sent.setTimeout(seconds * 1000, () => sent.destroy(new Error(`no answer within ${seconds} s`)));
                    sent.on("socket", (socket) => {
                        if (!socket.connecting) {
                            return;
                        }
                        const timer = setTimeout(
                            () => sent.destroy(new Error(`no connection within ${connectSeconds} s`)),
                            connectSeconds * 1000,
                        );
                        socket.once("connect", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
                    });
                    sent.on("error", (error: NodeJS.ErrnoException) => {
                        // A kept-alive connection may be closed by the server in the moment it is used again.
                        reject(
                            sent.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE")
                                ? new Stale()
                                : error,
                        );
                    });
                    sent.end(body);
                });
            } catch (error) {
                if (request.signal.aborted) {
                    throw new Cancelled(`asking ${server}`);
                }
                if (error instanceof Stale && attempt <= connections) {
                    continue;
                }
                throw new ClusterUnreachable(server, messageOf(error));
            }
        }
    }

    async #options(config: KubeConfig, server: string, pool: "requests" | "watches"): Promise<RequestOptions> {
        const options: RequestOptions = {};
        try {
            // Each time: tokens of files and exec plugins expire, and the client refreshes them here.
            await config.applyToHTTPSOptions(options);
        } catch (error) {
            throw new ClusterUnreachable(server, `no credentials: ${messageOf(error)}`);
        }
        if (config.getCurrentCluster()?.proxyUrl !== undefined) {
            return options;
        }
        const { headers, auth, ca, cert, key: privateKey, rejectUnauthorized, servername } = options;
        const key = [ca, cert, privateKey].map(String).join();
        if (this.#agents?.key !== key) {
            const make = (sockets: number): HttpAgent => {
                const settings: AgentOptions = {
                    ca,
                    cert,
                    key: privateKey,
                    servername,
                    keepAlive: true,
                    maxSockets: sockets,
                };
                if (rejectUnauthorized !== undefined) {
                    settings.rejectUnauthorized = rejectUnauthorized;
                }
                return server.startsWith("http:") ? new HttpAgent(settings) : new HttpsAgent(settings);
            };
            this.#agents = { key, requests: make(connections), watches: make(Infinity) };
        }
        return { agent: this.#agents[pool], headers: headers ?? {}, ...(auth === undefined ? {} : { auth }) };
    }
}

/** The connection was closed before the request was read: sending it again is safe. */
class Stale extends Error {}

/** Resolves after the time, or throws `Cancelled`. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
        throw new Cancelled("waiting");
    }
    await new Promise<void>((resolve, reject) => {
        const done = (): void => {
            signal.removeEventListener("abort", abort);
            resolve();
        };
        const timer = setTimeout(done, milliseconds);
        const abort = (): void => {
            clearTimeout(timer);
            reject(new Cancelled("waiting"));
        };
        signal.addEventListener("abort", abort, { once: true });
    });
}

async function readAll(response: IncomingMessage, signal: AbortSignal): Promise<string> {
    const chunks: Buffer[] = [];
    try {
        for await (const chunk of response) {
            chunks.push(chunk as Buffer);
        }
    } catch (error) {
        if (signal.aborted) {
            throw new Cancelled("reading an answer");
        }
        throw error;
    }
    return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): Json | undefined {
    try {
        return JSON.parse(text) as Json;
    } catch {
        return undefined;
    }
}

export function messageOf(error: unknown): string {
    if (error instanceof AggregateError && error.errors.length > 0) {
        return messageOf(error.errors[0]);
    }
    return error instanceof Error ? error.message : String(error);
}
