// Which Secrets of the plan a pod reads, and where it says so.
import type { PlanView, Workload } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";

export interface ReadSecret {
    readonly secret: PolicyResource;
    /** The way to its name in the workload's inputs. */
    readonly at: string;
}

/** By its variables and its volumes; what pulls the image is read by the node. */
export function* secretsReadBy(view: PlanView, workload: Workload): Generator<ReadSecret> {
    for (const { name, at } of namesIn(workload)) {
        const secret = view.find("kubernetes:core/v1:Secret", name, workload.namespace);
        if (secret !== undefined) {
            yield { secret, at };
        }
    }
}

function* namesIn({
    containers,
    pod,
    templatePath,
}: Workload): Generator<{ readonly name: unknown; readonly at: string }> {
    const spec = templatePath === "" ? "spec" : `${templatePath}.spec`;
    for (const { path, envFrom = [], env = [] } of containers) {
        for (const [index, { secretRef }] of envFrom.entries()) {
            yield { name: secretRef?.name, at: `${path}.envFrom[${index}].secretRef` };
        }
        for (const [index, { valueFrom }] of env.entries()) {
            yield { name: valueFrom?.secretKeyRef?.name, at: `${path}.env[${index}].valueFrom.secretKeyRef` };
        }
    }
    for (const [index, { secret }] of (pod.volumes ?? []).entries()) {
        yield { name: secret?.secretName, at: `${spec}.volumes[${index}].secret` };
    }
}
