// A local copy of some objects of the cluster, kept up to date by a watch. The server pushes every change; nothing is
// polled. A watch that breaks or is too old starts over with a list.
import { ApiError, Cancelled, isNotFound } from "../api-error.ts";
import { sleep, type Client, type WatchEvent } from "../client.ts";
import { asObject, type JsonObject, type KubeObject } from "../object.ts";

const firstBackoffMs = 500;
const longestBackoffMs = 5000;

export interface CollectionQuery {
    readonly path: string;
    readonly labelSelector?: string | undefined;
    readonly fieldSelector?: string | undefined;
    /** Lists carry these once for all their items; awaiters want them on each object. */
    readonly apiVersion: string;
    readonly kind: string;
}

export class Collection {
    readonly #client: Client;
    readonly #query: CollectionQuery;
    readonly #onChange: () => void;
    readonly #objects = new Map<string, KubeObject>();
    #listed = false;

    constructor(client: Client, query: CollectionQuery, onChange: () => void) {
        this.#client = client;
        this.#query = query;
        this.#onChange = onChange;
    }

    /** False until the first list has arrived: an empty collection then means nothing. */
    get listed(): boolean {
        return this.#listed;
    }

    get objects(): readonly KubeObject[] {
        return [...this.#objects.values()];
    }

    /** Runs until aborted. Throws only what will not get better by trying again. */
    async follow(signal: AbortSignal): Promise<void> {
        let backoff = firstBackoffMs;
        while (!signal.aborted) {
            try {
                const version = await this.#list(signal);
                backoff = firstBackoffMs;
                await this.#watch(version, signal);
            } catch (error) {
                if (error instanceof Cancelled || signal.aborted) {
                    return;
                }
                if (error instanceof ApiError && [401, 403, 422].includes(error.code)) {
                    throw error;
                }
                try {
                    await sleep(backoff, signal);
                } catch {
                    return;
                }
                backoff = Math.min(backoff * 2, longestBackoffMs);
            }
        }
    }

    async #list(signal: AbortSignal): Promise<string> {
        const { path, labelSelector, fieldSelector } = this.#query;
        const { items, resourceVersion } = await this.#client
            .list(path, { labelSelector, fieldSelector }, signal)
            .catch((error: unknown) => {
                // The kind itself is gone (its definition was deleted): then so are its objects.
                if (isNotFound(error)) {
                    this.#forget();
                }
                throw error;
            });
        this.#objects.clear();
        for (const item of items) {
            this.#put(item);
        }
        this.#listed = true;
        this.#onChange();
        return resourceVersion;
    }

    #forget(): void {
        this.#listed = true;
        this.#objects.clear();
        this.#onChange();
    }

    async #watch(version: string, signal: AbortSignal): Promise<void> {
        const { path, labelSelector, fieldSelector } = this.#query;
        let resourceVersion: string | undefined = version;
        while (!signal.aborted && resourceVersion !== undefined) {
            let failed: ApiError | undefined;
            const started = Date.now();
            await this.#client.watch(path, { labelSelector, fieldSelector, resourceVersion }, signal, (event) => {
                if (event.type === "ERROR") {
                    const { code } = event.object as { readonly code?: number };
                    failed = new ApiError(code ?? 500, event.object, `watching ${path}`);
                    return;
                }
                resourceVersion = this.#take(event) ?? resourceVersion;
            });
            if (failed !== undefined) {
                if (failed.code === 410) {
                    return;
                } // too old: list again
                throw failed;
            }
            // A server that drops the connection at once must not be asked in a busy loop.
            if (Date.now() - started < 1000) {
                await sleep(firstBackoffMs, signal);
            }
        }
    }

    #take({ type, object }: WatchEvent): string | undefined {
        const changed = asObject(object);
        const { resourceVersion } = changed.metadata ?? {};
        if (type === "BOOKMARK") {
            return resourceVersion;
        }
        if (type === "DELETED") {
            this.#objects.delete(keyOf(changed));
        } else {
            this.#put(changed);
        }
        this.#onChange();
        return resourceVersion;
    }

    #put(object: KubeObject): void {
        const { apiVersion, kind } = this.#query;
        const complete = { apiVersion, kind, ...(object as unknown as JsonObject) };
        this.#objects.set(keyOf(object), asObject(complete));
    }
}

const keyOf = (object: KubeObject): string => `${object.metadata?.namespace ?? ""}/${object.metadata?.name ?? ""}`;
