// Creation, and changes by server-side apply, for real and as a dry run.
import { forcesConflicts } from "./annotations.ts";
import { isConflict, isNotFound } from "./api-error.ts";
import { sleep, type Client } from "./client.ts";
import { conflictsOf } from "./conflict.ts";
import { collectionPath, KindNotServed, type Discovery } from "./discovery.ts";
import { asObject, nameOf, type Json, type KubeObject } from "./object.ts";
import { withEncodedStringData } from "./secret-data.ts";
import { parseApiVersion } from "./token.ts";

export interface ApplyRequest {
    readonly object: KubeObject;
    readonly fieldManager: string;
    readonly dryRun: boolean;
    /** Takes fields over from whoever owns them. @default what the object's annotation says */
    readonly force?: boolean;
    readonly signal: AbortSignal;
    readonly onWarning: (message: string) => void;
    /** Says why it is tried again. */
    readonly onRetry: (message: string) => void;
}

/** Resources that come from one manifest may arrive before what they need: their namespace, their definition. */
const retries = 5;
const firstWaitMs = 500;

export class Applier {
    readonly #client: Client;
    readonly #discovery: Discovery;

    constructor(client: Client, discovery: Discovery) {
        this.#client = client;
        this.#discovery = discovery;
    }

    /** Where the object lives; throws `KindNotServed`. */
    async path(object: KubeObject, signal: AbortSignal): Promise<string> {
        return `${await this.#collection(object, signal)}/${encodeURIComponent(nameOf(object))}`;
    }

    async #collection(object: KubeObject, signal: AbortSignal): Promise<string> {
        const kind = parseApiVersion(object.apiVersion ?? "", object.kind ?? "");
        const served = await this.#discovery.lookUp(kind, signal);
        return collectionPath(kind, served, served.namespaced ? (object.metadata?.namespace ?? "default") : undefined);
    }

    async get(object: KubeObject, signal: AbortSignal): Promise<KubeObject> {
        try {
            return asObject(await this.#client.json({ method: "GET", path: await this.path(object, signal), signal }));
        } catch (error) {
            throw notServed(error, object) ?? error;
        }
    }

    /** Creates or updates the object; answers with what the server made of it. */
    async apply(request: ApplyRequest): Promise<KubeObject> {
        return await this.#again(request, () => this.#applyOnce(request));
    }

    /** Fails where an object of this name exists already, whoever made it. */
    async create(request: ApplyRequest): Promise<KubeObject> {
        return await this.#again(request, async () => {
            const { signal } = request;
            return await this.#send(request, "POST", await this.#collection(request.object, signal), {});
        });
    }

    async #again(request: ApplyRequest, attemptOnce: () => Promise<KubeObject>): Promise<KubeObject> {
        for (let attempt = 1; ; attempt++) {
            try {
                return await attemptOnce();
            } catch (thrown) {
                const error = notServed(thrown, request.object) ?? thrown;
                if (request.dryRun || attempt > retries || !isWorthRetrying(error)) {
                    throw error;
                }
                request.onRetry(error instanceof Error ? error.message : String(error));
                await sleep(firstWaitMs * 2 ** (attempt - 1), request.signal);
            }
        }
    }

    async #applyOnce(request: ApplyRequest): Promise<KubeObject> {
        const { object, force = forcesConflicts(object), signal } = request;
        return await this.#send(request, "PATCH", await this.path(object, signal), { force: String(force) });
    }

    async #send(
        request: ApplyRequest,
        method: "PATCH" | "POST",
        path: string,
        query: Readonly<Record<string, string>>,
    ): Promise<KubeObject> {
        const { signal } = request;
        const object = await this.#placed(request.object, signal);
        return asObject(
            await this.#client.json({
                method,
                path,
                query: {
                    ...query,
                    fieldManager: request.fieldManager,
                    fieldValidation: "Warn",
                    dryRun: request.dryRun ? "All" : undefined,
                },
                // JSON is YAML.
                ...(method === "PATCH" && { contentType: "application/apply-patch+yaml" }),
                body: withEncodedStringData(object) as unknown as Json,
                signal,
                onWarning: request.onWarning,
            }),
        );
    }

    /** Check gives a namespace to a kind that it does not know yet; the cluster may say that it lives in none. */
    async #placed(object: KubeObject, signal: AbortSignal): Promise<KubeObject> {
        const served = await this.#discovery.lookUp(
            parseApiVersion(object.apiVersion ?? "", object.kind ?? ""),
            signal,
        );
        if (served.namespaced || object.metadata?.namespace === undefined) {
            return object;
        }
        const { namespace: _namespace, ...metadata } = object.metadata;
        return { ...object, metadata };
    }
}

/** A 404 that names no object is about the kind: the well-known ones are asked for without looking them up first. */
export function notServed(error: unknown, object: KubeObject): KindNotServed | undefined {
    if (!isNotFound(error) || error.status.details?.name !== undefined || error.status.details?.kind !== undefined) {
        return undefined;
    }
    return new KindNotServed(parseApiVersion(object.apiVersion ?? "", object.kind ?? ""));
}

function isWorthRetrying(error: unknown): boolean {
    if (error instanceof KindNotServed || isNotFound(error)) {
        return true;
    }
    // Two writers at the same moment, not two owners of a field.
    return isConflict(error) && conflictsOf(error).length === 0;
}
