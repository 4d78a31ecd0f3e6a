// Names of Services and pods: CoreDNS.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileOnce } from "../files.ts";
import { answers } from "../health.ts";
import { kubeconfigOf } from "../kubeconfig.ts";
import { network, nodeAddress, places, ports, publicDomain } from "../layout.ts";
import { resolvConf } from "../node.ts";
import { hostService, rights, type Addon } from "./addon.ts";

export async function dns(executable: (name: string) => string): Promise<Addon> {
    const path = join(places.config, "Corefile");
    const text = await corefile();
    await writeFileOnce(path, text);
    return {
        server: {
            name: "coredns",
            command: executable("coredns"),
            args: [`-conf=${path}`],
            reads: [text],
            // Only once it has read the cluster's Services.
            ready: () => answers(`http://${nodeAddress}:${ports.dnsReady}/ready`),
            advice: `Port 53 must be free on ${nodeAddress}: a DNS server that listens on 0.0.0.0 takes it.`,
        },
        objects: [
            ...rights("dns", [
                { apiGroups: [""], resources: ["services", "pods", "namespaces"], verbs: ["list", "watch"] },
                { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
            ]),
            ...hostService(
                "kube-dns",
                [
                    { name: "dns", protocol: "UDP", port: 53, hostPort: ports.dns },
                    { name: "dns-tcp", protocol: "TCP", port: 53, hostPort: ports.dns },
                ],
                { clusterIP: network.dnsService },
            ),
        ],
    };
}

async function corefile(): Promise<string> {
    // Refusals are not remembered: a pod often asks for a Service moments before it is made.
    return `.:${ports.dns} {
    bind ${nodeAddress}
    errors
    health ${nodeAddress}:${ports.dnsHealth}
    ready ${nodeAddress}:${ports.dnsReady}
    kubernetes ${network.domain} in-addr.arpa ip6.arpa {
        kubeconfig ${kubeconfigOf("dns")}
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 5
    }
    template IN A ${publicDomain} {
        answer "{{ .Name }} 60 IN A ${nodeAddress}"
    }
    template ANY ANY ${publicDomain} {
        rcode NOERROR
    }
${await forward()}    cache 30 {
        disable denial ${network.domain}
    }
}
`;
}

/** A machine without a name server has nobody to ask, and CoreDNS would refuse to start. */
async function forward(): Promise<string> {
    const path = await resolvConf();
    const text = await readFile(path, "utf8").catch(() => "");
    return /^\s*nameserver\s/m.test(text) ? `    forward . ${path}\n` : "";
}
