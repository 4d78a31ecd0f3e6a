// Taking a patch back: its fields lose this owner, and those that have no other leave the object.
import { isNotFound, ApiError } from "./api-error.ts";
import type { Applier } from "./apply.ts";
import { explain } from "./explain.ts";
import type { KubeObject } from "./object.ts";

export interface Relinquished {
    readonly object: KubeObject;
    /** The patch's. */
    readonly fieldManager: string;
    readonly signal: AbortSignal;
}

export async function relinquish(applier: Applier, { object, fieldManager, signal }: Relinquished): Promise<void> {
    const { apiVersion, kind, metadata: { name, namespace } = {} } = object;
    const bare: KubeObject = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
    try {
        // An apply would make what is not there.
        await applier.get(bare, signal);
        await applier.apply({
            object: bare,
            fieldManager,
            dryRun: false,
            signal,
            onWarning: () => undefined,
            onRetry: () => undefined,
        });
    } catch (error) {
        if (isNotFound(error)) {
            return;
        }
        if (error instanceof ApiError && error.message.includes("Required value")) {
            const fields = (error.status.details?.causes ?? []).map(({ field }) => field);
            throw new Error(
                `this Patch resource is currently managing a required field, so it can't be deleted directly. Either set the ` +
                    `\`retainOnDelete\` resource option, or transfer ownership of the field before deleting: ${fields.join(", ")}`,
                { cause: error },
            );
        }
        throw explain("delete", bare, error);
    }
}
