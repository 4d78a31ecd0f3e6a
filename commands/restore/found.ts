// Which databases of a stack are backed up by what stands beside them: from its state, the objects that say so.
import { connectionOf, type Connection } from "../dumps/found.ts";
import { metadataOf, type ResourceState } from "../repair/deployment.ts";

export interface BackedUpDatabase {
    readonly namespace: string;
    /** The StatefulSet's, and the store's: `database`. */
    readonly name: string;
    readonly connection: Connection;
}

interface Template {
    readonly spec?: {
        readonly template?: { readonly spec?: { readonly initContainers?: ReadonlyArray<{ readonly name?: string }> } };
    };
}

export function backedUpIn(resources: readonly ResourceState[]): BackedUpDatabase[] {
    return resources
        .filter(({ type, inputs, delete: replaced }) => {
            const { spec } = (inputs ?? {}) as Template;
            const names = (spec?.template?.spec?.initContainers ?? []).map(({ name }) => name);
            return type === "kubernetes:apps/v1:StatefulSet" && names.includes("archiver") && !replaced;
        })
        .map(({ inputs, outputs, provider }) => {
            const { name, namespace } = metadataOf(outputs ?? inputs);
            return { name: String(name), namespace: String(namespace), connection: connectionOf(provider, resources) };
        });
}

/**
 * @param store as the user names it, where there are several
 * @throws saying which there are
 */
export function oneOf(databases: readonly BackedUpDatabase[], stack: string, store?: string): BackedUpDatabase {
    const wanted = databases.filter(({ name }) => store === undefined || name === store);
    if (wanted.length === 1) {
        return wanted[0]!;
    }
    const names = databases.map(({ name }) => name).join(", ");
    throw new Error(
        names === ""
            ? `The stack ${stack} has no database in the cluster that is backed up. A managed one is restored by its cloud (docs/data.md), a dump by make restore-dump. Fix: set database.backups in Pulumi.${stack}.yaml, and bring it up.`
            : `STORE is ${store ?? "not set"}. Allowed for the stack ${stack}: ${names}. Fix: add STORE=${databases[0]!.name}.`,
    );
}
