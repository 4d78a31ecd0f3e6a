// CPU and memory of pods and nodes, for `kubectl top` and for autoscalers: metrics-server.
import { join } from "node:path";
import { answers } from "../health.ts";
import { kubeconfigOf } from "../kubeconfig.ts";
import { nodeAddress, places, ports } from "../layout.ts";
import { bindClusterRole, bindRole, hostService, rights, type Addon } from "./addon.ts";

export function metrics(executable: (name: string) => string): Addon {
    const kubeconfig = kubeconfigOf("metrics");
    return {
        server: {
            name: "metrics-server",
            command: executable("metrics-server"),
            args: [
                ...[`--kubeconfig=${kubeconfig}`, `--authentication-kubeconfig=${kubeconfig}`],
                `--authorization-kubeconfig=${kubeconfig}`,
                ...[`--bind-address=${nodeAddress}`, `--secure-port=${ports.metrics}`],
                `--cert-dir=${join(places.run, "metrics-server")}`,
                "--kubelet-preferred-address-types=InternalIP",
                "--kubelet-insecure-tls",
                // The shortest it allows, because the first figures take two rounds; a request has to end within one.
                ...["--metric-resolution=10s", "--kubelet-request-timeout=5s"],
            ],
            ready: () => answers(`https://${nodeAddress}:${ports.metrics}/livez`),
        },
        objects: [
            ...rights("metrics", [
                { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
                { apiGroups: [""], resources: ["pods", "nodes"], verbs: ["get", "list", "watch"] },
            ]),
            bindClusterRole("metrics", "system:metrics-server:delegator", "system:auth-delegator"),
            bindRole(
                "metrics",
                "kube-system",
                "system:metrics-server:reader",
                "extension-apiserver-authentication-reader",
            ),
            {
                apiVersion: "rbac.authorization.k8s.io/v1",
                kind: "ClusterRole",
                metadata: {
                    name: "system:aggregated-metrics-reader",
                    labels: Object.fromEntries(
                        ["view", "edit", "admin"].map((role) => [
                            `rbac.authorization.k8s.io/aggregate-to-${role}`,
                            "true",
                        ]),
                    ),
                },
                rules: [
                    { apiGroups: ["metrics.k8s.io"], resources: ["pods", "nodes"], verbs: ["get", "list", "watch"] },
                ],
            } as Addon["objects"][number],
            ...hostService("metrics-server", [{ name: "https", protocol: "TCP", port: 443, hostPort: ports.metrics }]),
            {
                apiVersion: "apiregistration.k8s.io/v1",
                kind: "APIService",
                metadata: { name: "v1beta1.metrics.k8s.io" },
                spec: {
                    group: "metrics.k8s.io",
                    version: "v1beta1",
                    groupPriorityMinimum: 100,
                    versionPriority: 100,
                    insecureSkipTLSVerify: true,
                    service: { name: "metrics-server", namespace: "kube-system", port: 443 },
                },
            } as Addon["objects"][number],
        ],
    };
}
