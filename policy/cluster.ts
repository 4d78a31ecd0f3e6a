// Clusters that the stack itself creates: who reaches their API, what their nodes give away, whether NetworkPolicies hold.
import { tokensWith } from "../lib/catalogue/index.ts";
import type { PlanView } from "./plan-view.ts";
import { textOf } from "./kubernetes.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { inputOf, isOneOf, isTrue, listOf, takesInEveryone, unmet, type Setting } from "./setting.ts";

const gke = "gcp:container/cluster:Cluster";
const eks = "aws:eks/cluster:Cluster";
const doks = "digitalocean:index/kubernetesCluster:KubernetesCluster";

/** Clusters, by the type that the provider's SDK registers. */
export const clusterTypes = tokensWith(({ role }) => role === "cluster");

const metadataSettings: readonly Setting[] = (
    ["aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"] as const
).flatMap((type) => [
    {
        type,
        path: "metadataOptions.httpTokens",
        byDefault: "optional",
        holds: isOneOf("required"),
        allowed: "required",
        fix: "set it: else one forged request to the node's metadata service gives the node's credentials away",
    },
    {
        type,
        path: "metadataOptions.httpPutResponseHopLimit",
        byDefault: 1,
        holds: (value: unknown) => value === 1,
        allowed: "1",
        fix: "set it: with 2, pods reach the node's credentials; theirs come from Pod Identity",
    },
]);

const gkeSettings: readonly Setting[] = [
    {
        type: gke,
        path: "workloadIdentityConfig.workloadPool",
        holds: (value) => value !== undefined,
        allowed: "PROJECT.svc.id.goog",
        fix: "set it: without Workload Identity every pod has the node's own permissions",
        // It is always on in Autopilot.
        asks: (cluster) => cluster.props["enableAutopilot"] !== true,
    },
];

const gkeEncryption: readonly Setting[] = [
    {
        type: gke,
        path: "databaseEncryption.state",
        byDefault: "DECRYPTED",
        holds: isOneOf("ENCRYPTED"),
        allowed: "ENCRYPTED, with keyName of a KMS key",
        fix: "set it: else Secrets stand in etcd under Google's key alone",
    },
];

export const clusterRules: readonly Rule[] = [
    rule("R49", "the cluster enforces NetworkPolicies", function* (view) {
        for (const finding of unenforced(view)) {
            // The network of a staging environment may be open; nobody is to believe that production's is closed.
            yield view.environmentKind === "production" ? finding : { ...finding, advice: true };
        }
    }),
    rule("R53", "EKS writes audit logs", function* (view) {
        yield* unmet(view, [
            {
                type: eks,
                path: "enabledClusterLogTypes",
                byDefault: [],
                holds: (value) => listOf(value).includes("audit"),
                allowed: "a list with audit",
                fix: "add audit: without it nobody can say who did what on the cluster",
            },
        ]);
    }),
    rule("R54", "the cluster's API is private, or open to named addresses", function* (view) {
        for (const cluster of view.ofType(eks)) {
            yield* eksEndpoint(cluster);
        }
        for (const cluster of view.ofType(gke)) {
            yield* gkeEndpoint(cluster);
        }
        for (const cluster of view.ofType(doks)) {
            yield* openRanges(cluster, "controlPlaneFirewall.allowedAddresses", []);
        }
    }),
    rule("R55", "nodes give out credentials only by IMDSv2, one hop far", function* (view) {
        yield* unmet(view, metadataSettings);
        yield* unmet(view, [
            {
                type: "aws:eks/nodeGroup:NodeGroup",
                path: "launchTemplate",
                holds: (value) => value !== undefined,
                allowed: "a launch template with metadataOptions",
                fix: "give it one: without, EKS sets a hop limit of 2, and pods reach the node's credentials",
            },
        ]);
    }),
    rule("R56", "GKE has private nodes, Workload Identity and encrypted Secrets", function* (view) {
        for (const cluster of view.ofType(gke)) {
            yield* publicNodes(view, cluster);
        }
        yield* unmet(view, gkeSettings);
        for (const finding of unmet(view, gkeEncryption)) {
            // Google's own key encrypts them all the same; in production the settings refuse to do without one.
            yield view.environmentKind === "production" ? finding : { ...finding, advice: true };
        }
    }),
    rule("R57", "DOKS has a firewall, and in production an API that survives a failure", function* (view) {
        yield* unmet(view, [
            {
                type: doks,
                path: "controlPlaneFirewall.enabled",
                byDefault: false,
                holds: isTrue,
                allowed: "true, with allowedAddresses",
                fix: "name the addresses that may reach the API: it is on the internet",
            },
        ]);
        if (view.environmentKind === "production") {
            yield* unmet(view, [
                {
                    type: doks,
                    path: "ha",
                    byDefault: "what the cluster's version takes: false before 1.36",
                    holds: isTrue,
                    allowed: "true",
                    fix: "set it: with one control plane, nothing is rescheduled while it is updated; it can never be switched off again",
                },
            ]);
        }
    }),
];

function* unenforced(view: PlanView): Generator<Finding> {
    for (const cluster of view.ofType(gke)) {
        const dataplane = inputOf(cluster, "datapathProvider");
        const calico = inputOf(cluster, "networkPolicy.enabled");
        const unknown = dataplane instanceof UnknownValue || calico instanceof UnknownValue;
        if (
            !unknown &&
            cluster.props["enableAutopilot"] !== true &&
            dataplane !== "ADVANCED_DATAPATH" &&
            calico !== true
        ) {
            yield {
                resource: cluster,
                path: "datapathProvider",
                found: dataplane ?? "nothing, which means LEGACY_DATAPATH",
                allowed: "ADVANCED_DATAPATH (Dataplane V2)",
                fix: "set it when the cluster is created: a change replaces the cluster. Without it every NetworkPolicy is ignored",
            };
        }
    }
    for (const cluster of view.ofType(eks)) {
        yield* inputOf(cluster, "computeConfig.enabled") === true
            ? unenforcedByAutoMode(view, cluster)
            : unenforcedByAddon(view, cluster);
    }
}

/** Auto Mode has the network add-on built in, and asks a ConfigMap whether it enforces policies. */
function* unenforcedByAutoMode(view: PlanView, cluster: PolicyResource): Generator<Finding> {
    const setting = "enable-network-policy-controller";
    const map = view.find("kubernetes:core/v1:ConfigMap", "amazon-vpc-cni", "kube-system");
    const data = (map?.props["data"] ?? {}) as Readonly<Record<string, unknown>>;
    if (data[setting] !== "true") {
        yield {
            resource: map ?? cluster,
            path: map === undefined ? "" : `data["${setting}"]`,
            found: map === undefined ? "no ConfigMap amazon-vpc-cni in kube-system" : data[setting],
            allowed: `${setting}: "true" in the ConfigMap amazon-vpc-cni of kube-system`,
            fix: "create it: Auto Mode ignores every NetworkPolicy until it is there",
        };
    }
}

function* unenforcedByAddon(view: PlanView, cluster: PolicyResource): Generator<Finding> {
    const addon = view
        .ofType("aws:eks/addon:Addon")
        .find((one) => one.props["addonName"] === "vpc-cni" && view.before(one.urn).has(cluster.urn));
    const given = addon?.props["configurationValues"];
    if (given instanceof UnknownValue || enforces(given)) {
        return;
    }
    yield {
        resource: addon ?? cluster,
        path: addon === undefined ? "" : "configurationValues",
        found:
            addon === undefined
                ? "no add-on vpc-cni"
                : (given ?? 'nothing, which means {"enableNetworkPolicy":"false"}'),
        allowed: '{"enableNetworkPolicy":"true"}',
        fix: "set it on the add-on vpc-cni: by default EKS ignores every NetworkPolicy",
    };
}

function enforces(configuration: unknown): boolean {
    try {
        const parsed = JSON.parse(textOf(configuration) ?? "{}") as { readonly enableNetworkPolicy?: unknown };
        return String(parsed.enableNetworkPolicy) === "true";
    } catch {
        // YAML is allowed too.
        return /^[ \t]*enableNetworkPolicy:[ \t]*"?true"?[ \t\r]*$/m.test(textOf(configuration) ?? "");
    }
}

function* eksEndpoint(cluster: PolicyResource): Generator<Finding> {
    const open = inputOf(cluster, "vpcConfig.endpointPublicAccess");
    if (open !== false && !(open instanceof UnknownValue)) {
        yield* openRanges(cluster, "vpcConfig.publicAccessCidrs", ["0.0.0.0/0"]);
    }
}

/** Of the IP endpoint: the DNS endpoint lets in nobody whom IAM does not let in, and has no address to scan. */
function* gkeEndpoint(cluster: PolicyResource): Generator<Finding> {
    const closed =
        inputOf(cluster, "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled") === false ||
        inputOf(cluster, "privateClusterConfig.enablePrivateEndpoint") === true;
    if (closed) {
        return;
    }
    const path = "masterAuthorizedNetworksConfig.cidrBlocks";
    const blocks = inputOf(cluster, path);
    if (blocks instanceof UnknownValue) {
        return;
    }
    const ranges = listOf(blocks).map((block) => (block as { readonly cidrBlock?: unknown }).cidrBlock);
    if (inputOf(cluster, "masterAuthorizedNetworksConfig") === undefined || takesInEveryone(ranges)) {
        yield openTo(cluster, path, ranges.length === 0 ? ["0.0.0.0/0"] : ranges, ranges.length === 0);
    }
}

function* openRanges(cluster: PolicyResource, path: string, byDefault: readonly string[]): Generator<Finding> {
    const given = inputOf(cluster, path);
    const ranges = given === undefined ? byDefault : listOf(given);
    if (takesInEveryone(ranges)) {
        yield openTo(cluster, path, ranges, given === undefined);
    }
}

function openTo(resource: PolicyResource, path: string, ranges: readonly unknown[], isDefault: boolean): Finding {
    return {
        resource,
        path,
        found: isDefault ? `nothing, which means ${ranges.join(", ")}` : ranges.join(", "),
        allowed: "a private endpoint, or the ranges that have to reach it",
        fix: "name your own addresses, and those of CI: whoever finds a hole in the API server, is in",
    };
}

function* publicNodes(view: PlanView, cluster: PolicyResource): Generator<Finding> {
    const inCluster = inputOf(cluster, "privateClusterConfig.enablePrivateNodes");
    if (inCluster === true || inCluster instanceof UnknownValue) {
        return;
    }
    const pools = view
        .ofType("gcp:container/nodePool:NodePool")
        .filter(({ dependencies }) => dependencies.includes(cluster.urn));
    const open = pools.find((pool) => inputOf(pool, "networkConfig.enablePrivateNodes") !== true);
    if (pools.length === 0 || open !== undefined) {
        yield {
            resource: open ?? cluster,
            path: open === undefined ? "privateClusterConfig.enablePrivateNodes" : "networkConfig.enablePrivateNodes",
            found: "nothing, which means nodes with public addresses",
            allowed: "true",
            fix: "set it, with Cloud NAT for the way out",
        };
    }
}
