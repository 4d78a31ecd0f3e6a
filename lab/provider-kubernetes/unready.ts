// `pulumi.com/replaceUnready`: a Job that failed is made anew by the next update, also when nothing in it has changed.
import { withoutSecrets, type PropertyDiff, type PropertyMap, type PropertyValue } from "../provider-host/index.ts";
import { replaceUnreadyAnnotation } from "./annotations.ts";
import type { Kind } from "./token.ts";
import { member } from "./values.ts";

/**
 * @param state what the last update or refresh saw
 * @returns the change that replaces the Job, none for one that has not failed
 */
export function unreadyChanges(kind: Kind, state: PropertyMap, inputs: PropertyMap): readonly PropertyDiff[] {
    const annotations = member(withoutSecrets(inputs)["metadata"], "annotations");
    if (kind.kind !== "Job" || member(annotations, replaceUnreadyAnnotation) !== "true") {
        return [];
    }
    const conditions = member(withoutSecrets(state)["status"], "conditions");
    const failed = Array.isArray(conditions) && conditions.some(hasFailed);
    return failed ? [{ path: ["status", "conditions"], kind: "update", replace: true, inInputs: false }] : [];
}

const hasFailed = (condition: PropertyValue): boolean =>
    member(condition, "type") === "Failed" && member(condition, "status") === "True";
