// NetworkPolicies, enforced: kube-router's controller, which makes each of them into rules of iptables and sets of addresses.
import { answers } from "../health.ts";
import { kubeconfigOf } from "../kubeconfig.ts";
import { network, nodeAddress, nodeName, ports } from "../layout.ts";
import { rights, type Addon } from "./addon.ts";

export function networkPolicy(executable: (name: string) => string): Addon {
    const health = `${nodeAddress}:${ports.networkPolicyHealth}`;
    return {
        server: {
            name: "network-policy",
            command: executable("network-policy"),
            args: [
                `--kubeconfig=${kubeconfigOf("network-policy")}`,
                `--node=${nodeName}`,
                `--services=${network.services}`,
                `--health=${health}`,
            ],
            ready: () => answers(`http://${health}/healthz`),
            advice:
                "It needs ip_set, xt_set and conntrack of the kernel: `ipset create test hash:ip` and `ipset destroy test` say whether " +
                "they are there.",
        },
        objects: rights("network-policy", [
            { apiGroups: [""], resources: ["pods", "namespaces", "nodes"], verbs: ["get", "list", "watch"] },
            { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["list", "watch"] },
        ]),
    };
}
