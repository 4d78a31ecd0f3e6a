// Server-side apply, for real and as a dry run.
import { forcesConflicts } from "./annotations.ts";
import { ApiError, isImmutableField, isNotFound } from "./api-error.ts";
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
        const kind = parseApiVersion(object.apiVersion ?? "", object.kind ?? "");
        const served = await this.#discovery.lookUp(kind, signal);
        const namespace = served.namespaced ? (object.metadata?.namespace ?? "default") : undefined;
        return `${collectionPath(kind, served, namespace)}/${encodeURIComponent(nameOf(object))}`;
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
        for (let attempt = 1; ; attempt++) {
            try {
                return await this.#applyOnce(request);
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

    /**
     * The dry run of an object that replaces one of the same name: the old one is still there and refuses the changed
     * fields, so it is tried under another name.
     */
    async dryRunCreate(request: ApplyRequest): Promise<KubeObject> {
        try {
            return await this.apply(request);
        } catch (error) {
            if (!isImmutableField(error)) {
                throw error;
            }
            const { object } = request;
            const name = nameOf(object);
            const other = { ...object, metadata: { ...object.metadata, name: `${name.slice(0, 57)}-plan` } };
            const answer = await this.apply({ ...request, object: other });
            return { ...answer, metadata: { ...answer.metadata, name } };
        }
    }

    async #applyOnce(request: ApplyRequest): Promise<KubeObject> {
        const { signal } = request;
        const path = await this.path(request.object, signal);
        const object = await this.#placed(request.object, signal);
        return asObject(
            await this.#client.json({
                method: "PATCH",
                path,
                query: {
                    fieldManager: request.fieldManager,
                    force: String(forcesConflicts(request.object)),
                    fieldValidation: "Warn",
                    dryRun: request.dryRun ? "All" : undefined,
                },
                contentType: "application/apply-patch+yaml", // JSON is YAML
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
    return error instanceof ApiError && error.code === 409 && conflictsOf(error).length === 0;
}
