// A pod that does nothing, to make connections from; allowed under Pod Security 'restricted'.
import type { V1Pod } from "@kubernetes/client-node";
import { eventually, type Cluster } from "./kubernetes.ts";

export async function idlePod(
    cluster: Cluster,
    namespace: string,
    name: string,
    labels: Readonly<Record<string, string>> = {},
): Promise<V1Pod> {
    await cluster.core.createNamespacedPod({
        namespace,
        body: {
            metadata: { name, namespace, labels: { ...labels } },
            spec: {
                automountServiceAccountToken: false,
                terminationGracePeriodSeconds: 0,
                securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
                containers: [
                    {
                        name: "idle",
                        image: "localhost/django-sample:blue",
                        imagePullPolicy: "IfNotPresent",
                        command: ["sleep", "infinity"],
                        resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
                        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
                    },
                ],
            },
        },
    });
    let pod: V1Pod | undefined;
    await eventually(async () => {
        pod = await cluster.core.readNamespacedPod({ namespace, name });
        const ready = pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
        return ready === true ? undefined : `${name} is ${pod.status?.phase}`;
    }, 60);
    return pod!;
}
