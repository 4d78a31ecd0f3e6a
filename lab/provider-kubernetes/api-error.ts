// What can go wrong between the provider and the API server.
import type { Json } from "./object.ts";

/** One entry of a Status' details: which field, and why. */
export interface StatusCause {
    readonly reason?: string;
    readonly message?: string;
    readonly field?: string;
}

/** A Status: how the API server explains a refusal. */
export interface Status {
    readonly kind?: string;
    readonly message?: string;
    readonly reason?: string;
    readonly details?: {
        readonly name?: string;
        readonly group?: string;
        readonly kind?: string;
        readonly causes?: readonly StatusCause[];
        readonly retryAfterSeconds?: number;
    };
}

/** The API server answered, and refused. */
export class ApiError extends Error {
    readonly code: number;
    readonly status: Status;

    constructor(code: number, body: Json | undefined, request: string) {
        const status = (typeof body === "object" && body !== null ? body : {}) as Status;
        super(status.message ?? `the API server answered ${code} to ${request}`);
        this.name = "ApiError";
        this.code = code;
        this.status = status;
    }

    get reason(): string {
        return this.status.reason ?? "";
    }
}

/** The API server did not answer at all. */
export class ClusterUnreachable extends Error {
    readonly server: string;

    constructor(server: string, why: string) {
        super(
            `The Kubernetes API server ${server} does not answer: ${why}. ` +
                `Fix: start the cluster, or correct server and credentials in the kubeconfig.`,
        );
        this.name = "ClusterUnreachable";
        this.server = server;
    }
}

/** The kubeconfig itself cannot be used, so there is no server to name. */
export class NoCluster extends Error {
    constructor(why: string) {
        super(
            `No Kubernetes cluster is configured: ${why}. Fix: set the provider's kubeconfig (and context), or KUBECONFIG.`,
        );
        this.name = "NoCluster";
    }
}

/** The user pressed Ctrl+C, or the engine went away. */
export class Cancelled extends Error {
    constructor(what: string) {
        super(`Cancelled while ${what}. The objects in the cluster were left as they are.`);
        this.name = "Cancelled";
    }
}

export const isNotFound = (error: unknown): error is ApiError => error instanceof ApiError && error.code === 404;

export const isOutOfReach = (error: unknown): error is ClusterUnreachable | NoCluster =>
    error instanceof ClusterUnreachable || error instanceof NoCluster;

/** The object's namespace is not there, as opposed to the object. */
export function isNamespaceMissing(error: unknown): boolean {
    return isNotFound(error) && error.status.details?.kind === "namespaces";
}

/** An object of this name is there, as opposed to one that somebody else changed at the same moment. */
export const isAlreadyThere = (error: unknown): boolean =>
    error instanceof ApiError && error.code === 409 && error.reason === "AlreadyExists";

/** The object is another one, or another version, than the request was about. */
export const isConflict = (error: unknown): boolean =>
    error instanceof ApiError && error.code === 409 && error.reason !== "AlreadyExists";
