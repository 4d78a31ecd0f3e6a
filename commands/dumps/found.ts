// Which dumps the state of a stack knows, and how the cluster is reached that they are taken in.
import { atEndAnnotation } from "../../lib/dumps.ts";
import { operationStoreLabel } from "../../lib/data-operations.ts";
import { labelsOf, metadataOf, type ResourceState } from "../repair/deployment.ts";

/** What Pulumi's provider was told. */
export interface Connection {
    /** A file's path, or its content. @default the user's own */
    readonly kubeconfig?: string;
    /** @default the current one */
    readonly context?: string;
}

export interface StackDumps {
    readonly namespace: string;
    /** Of the CronJob. */
    readonly name: string;
    /** `database`. */
    readonly store: string;
    /** Whether a last one is taken when the environment is destroyed. */
    readonly atEnd: boolean;
    readonly connection: Connection;
}

const component = "app.kubernetes.io/component";

/** @param resources with their secrets: a kubeconfig may be one */
export function dumpsIn(resources: readonly ResourceState[]): StackDumps[] {
    return resources
        .filter(
            ({ type, inputs, delete: replaced }) =>
                type === "kubernetes:batch/v1:CronJob" && labelsOf(inputs)[component] === "database-dump" && !replaced,
        )
        .map(({ inputs, outputs, provider }) => {
            const { name, namespace } = metadataOf(outputs ?? inputs);
            const { annotations } = metadataOf(inputs) as { annotations?: Readonly<Record<string, unknown>> };
            return {
                namespace: String(namespace),
                name: String(name),
                store: String(labelsOf(inputs)[operationStoreLabel]),
                atEnd: annotations?.[atEndAnnotation] === "dump",
                connection: connectionOf(provider, resources),
            };
        });
}

/** @param provider its URN and id */
export function connectionOf(provider: string | undefined, resources: readonly ResourceState[]): Connection {
    const { inputs } = resources.find(({ urn, id }) => `${urn}::${id ?? ""}` === provider) ?? {};
    const kubeconfig = plain(inputs?.["kubeconfig"]);
    const context = plain(inputs?.["context"]);
    return { ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) };
}

/** A secret of the state is an object, with the value as JSON in it where secrets are shown. */
function plain(value: unknown): string | undefined {
    if (typeof value === "object" && value !== null && "plaintext" in value) {
        return plain(JSON.parse(String(value.plaintext)));
    }
    if (typeof value === "object" && value !== null && !("ciphertext" in value)) {
        return JSON.stringify(value);
    }
    return typeof value === "string" ? value : undefined;
}

/**
 * @param store as the user names it, where there are several
 * @throws saying which there are
 */
export function oneOf(dumps: readonly StackDumps[], stack: string, store?: string): StackDumps {
    const names = dumps.map((each) => each.store);
    if (dumps.length === 0) {
        throw new Error(
            `The stack ${stack} keeps no dumps. Fix: set database.backups in Pulumi.${stack}.yaml, and bring it up.`,
        );
    }
    const wanted = dumps.filter((each) => store === undefined || each.store === store);
    if (wanted.length !== 1) {
        throw new Error(
            `STORE is ${store ?? "not set"}. Allowed for the stack ${stack}: ${names.join(", ")}. Fix: add STORE=${names[0]!}.`,
        );
    }
    return wanted[0]!;
}
