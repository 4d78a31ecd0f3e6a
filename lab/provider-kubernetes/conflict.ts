// Somebody else owns a field that the program sets: say which field, who, and what can be done.
import { patchForceAnnotation } from "./annotations.ts";
import { ApiError } from "./api-error.ts";

export interface FieldConflict {
    /** `.spec.replicas` */
    readonly field: string;
    /** The other field manager as the API server describes it: `"kubectl" with subresource "scale" using apps/v1`. */
    readonly manager: string;
}

/** The conflicts of a refused apply; empty if it was refused for another reason. */
export function conflictsOf(error: unknown): FieldConflict[] {
    if (!(error instanceof ApiError) || error.code !== 409) {
        return [];
    }
    return (error.status.details?.causes ?? [])
        .filter((cause) => cause.reason === "FieldManagerConflict")
        .map((cause) => ({
            field: cause.field ?? "?",
            manager: (cause.message ?? "").replace(/^conflict with /, "").replace(/:$/, ""),
        }));
}

/** Fields that a HorizontalPodAutoscaler or a person scales (R9). */
const scaledField = /^\.spec\.(replicas|parallelism)$/;

export function conflictMessage(what: string, conflicts: readonly FieldConflict[]): string {
    const lines = conflicts.map(({ field, manager }) => `  ${field} is managed by ${manager}`);
    const scaled = conflicts.filter(({ field }) => scaledField.test(field)).map(({ field }) => field.slice(1));
    const paths = conflicts.map(({ field }) => field.replace(/^\./, ""));
    return [
        `${what}: the program sets ${conflicts.length === 1 ? "a field" : "fields"} that another manager of the object set since (server-side apply conflict):`,
        ...lines,
        "Fix, one of:",
        ...(scaled.length > 0
            ? [
                  `  - leave ${scaled.join(", ")} unset in the program, if an autoscaler or a person scales this (never set what another scales)`,
              ]
            : []),
        `  - leave ${paths.length === 1 ? "it" : "them"} to the other manager: remove ${paths.join(", ")} from the program, or name ${paths.length === 1 ? "it" : "them"} in the resource option ignoreChanges`,
        `  - take ${paths.length === 1 ? "it" : "them"} over, if the other's value was a mistake: set the annotation ${patchForceAnnotation}: "true" on this resource for one up`,
    ].join("\n");
}
