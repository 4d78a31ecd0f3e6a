// The scheduler: exactly one, also during an update and after a pod was deleted (R19).
import type { ComponentResource, Resource } from "@pulumi/pulumi";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { objectLabels, workloadLabels } from "../../lib/labels.ts";
import type { Processes } from "./contract.ts";
import { livenessProbe } from "./liveness.ts";
import { settled } from "./rollout.ts";
import { djangoPod, type PodBase } from "./pod.ts";

/**
 * A StatefulSet, because it starts a pod only when the last one of that name is gone; a Deployment with `Recreate` keeps
 * that order in an update alone, not when a pod is deleted or its node drained.
 */
export function createBeat(
    name: string,
    base: PodBase,
    beat: NonNullable<Processes["beat"]>,
    dependsOn: Resource[],
    parent: ComponentResource,
): void {
    const { args } = base;
    const fullName = `${name}-beat`;
    const labels = workloadLabels({ name: fullName, instance: args.instance });
    new StatefulSet(
        fullName,
        {
            metadata: { name: fullName, namespace: args.namespace, labels: objectLabels(args.instance, "django") },
            spec: {
                // No Service of that name: nobody calls the scheduler, the API only asks for a name.
                serviceName: fullName,
                replicas: 1,
                selector: { matchLabels: labels },
                // Of one pod there is no order to keep; in order, a pod that never got ready is not replaced by a better one,
                // and the previous image would not mend a broken release (R78, kubernetes/kubernetes issue 67250).
                podManagementPolicy: "Parallel",
                template: djangoPod(base, {
                    role: "beat",
                    labels,
                    command: beat.command,
                    size: beat.size,
                    gracePeriod: 30,
                    container: {
                        lifecycle: settled,
                        ...(beat.liveness && { livenessProbe: livenessProbe(beat.liveness) }),
                    },
                }),
            },
        },
        { parent, dependsOn },
    );
}
