// `pulumi.com/replaceUnready`: a Job that has not completed, failed or running, is made anew by the next update, also when
// nothing in it has changed.
import { withoutSecrets, type PropertyMap } from "../provider-host/index.ts";
import { replaceUnreadyAnnotation } from "./annotations.ts";
import { conditionsOf } from "./await/verdict.ts";
import { annotationOf, conditionOf, type KubeObject } from "./object.ts";
import type { Kind } from "./token.ts";
import { toKube } from "./values.ts";

/** The reason that the official plugin gives. */
export const unready = `.metadata.annotations["${replaceUnreadyAnnotation}"]`;

/** @param live looks the Job up in the cluster: what the state saw last may have changed since */
export async function replacesUnready(
    kind: Kind,
    inputs: PropertyMap,
    live: (job: KubeObject) => Promise<KubeObject>,
): Promise<boolean> {
    const job = toKube(withoutSecrets(inputs));
    if (kind.kind !== "Job" || annotationOf(job, replaceUnreadyAnnotation) !== "true") {
        return false;
    }
    try {
        return conditionOf(conditionsOf(await live(job)), "Complete")?.status !== "True";
    } catch {
        // Not there, or out of reach: not said to be unready.
        return false;
    }
}
