// What the plan has in each cloud, and what Kubernetes' add-ons are put on the cluster.
import {
    clouds as cloudNames,
    resourceType,
    type Cloud as CloudName,
    type Token,
} from "../../../lib/catalogue/index.ts";
import type { PlanView } from "../../../policy/plan-view.ts";
import type { PolicyResource } from "../../../policy/resource.ts";
import { aws } from "./aws.ts";
import { digitalocean, firstPool } from "./digitalocean.ts";
import { gcp } from "./gcp.ts";
import { partOf, textAt, textsAt, type Described, type Part, type PartRole, type Readers } from "./part.ts";

export interface Cloud {
    readonly name: CloudName;
    /** As its owner writes it. */
    readonly title: string;
    /** Account or project and region, as far as the stack names them. */
    readonly place: string;
    readonly parts: readonly Part[];
}

export interface Addon {
    readonly name: string;
    readonly version: string | undefined;
    /** Of the cluster's vendor, not of a chart. */
    readonly managed: boolean;
}

export const readers: Readonly<Record<CloudName, Readers>> = { gcp, aws, digitalocean };
const titles: Readonly<Record<CloudName, string>> = { gcp: "Google Cloud", aws: "AWS", digitalocean: "DigitalOcean" };

const order: readonly PartRole[] = [
    "network",
    "cluster",
    "nodes",
    "database",
    "cache",
    "cdn",
    "bucket",
    "zone",
    "certificate",
    "registry",
    "key",
    "logs",
    "alarm",
];

/** Only clouds in which something is created; a provider alone is none. */
export function cloudsOf(view: PlanView): Cloud[] {
    return cloudNames.flatMap((name) => {
        const made = view.resources.flatMap((resource) => partsOf(name, resource, view));
        const parts = [...made, ...adoptedNetwork(name, made, view)].toSorted(
            (a, b) => order.indexOf(a.role) - order.indexOf(b.role) || a.name.localeCompare(b.name),
        );
        return parts.length === 0 ? [] : [{ name, title: titles[name], place: placeOf(view, name), parts }];
    });
}

/** A cluster that is made stands in some network: in one that is there already, where none is made. */
function adoptedNetwork(cloud: CloudName, made: readonly Part[], view: PlanView): Part[] {
    const cluster = made.find(({ role }) => role === "cluster");
    if (cluster === undefined || made.some(({ role }) => role === "network")) {
        return [];
    }
    const { urn } = cluster;
    const name = networkNames[cloud](view.get(urn)!, view) ?? "network";
    const facts = ["is there already"];
    return [{ cloud, role: "network", urn, name, product: `VPC ${name}`, facts, protected: false, adopted: true }];
}

const networkNames: Readonly<Record<CloudName, (cluster: PolicyResource, view: PlanView) => string | undefined>> = {
    gcp: (cluster) => textAt(cluster, "network")?.split("/").at(-1),
    digitalocean: (cluster) => textAt(cluster, "vpcUuid"),
    aws: (_, view) =>
        view.ofType("aws:ec2/securityGroup:SecurityGroup").flatMap((group) => textAt(group, "vpcId") ?? [])[0],
};

function partsOf(cloud: CloudName, resource: PolicyResource, view: PlanView): Part[] {
    const row = resourceType(resource.type, resource.props);
    if (row?.role === undefined || !resource.type.startsWith(`${cloud}:`)) {
        return [];
    }
    const drawn = { ...row, role: row.role };
    // What has a role and no reader is shown all the same, by its name.
    const described = readers[cloud][resource.type as Token]?.(resource, view) ?? { facts: [] };
    // A pool inside the cluster's resource is protected as that is; to say it twice helps nobody.
    return [
        partOf(cloud, resource, drawn, described),
        ...(inside[resource.type as Token]?.(resource, view) ?? []).map((one) => ({
            ...partOf(cloud, resource, drawn, one),
            protected: false,
        })),
    ];
}

/** Nodes that are no resources of their own. */
const inside: Readonly<Partial<Record<Token, (cluster: PolicyResource, view: PlanView) => readonly Described[]>>> = {
    "digitalocean:index/kubernetesCluster:KubernetesCluster": firstPool,
    "aws:eks/cluster:Cluster": autoMode,
    "gcp:container/cluster:Cluster": (cluster) => (cluster.props["enableAutopilot"] === true ? [autopilot] : []),
};

const autopilot: Described = {
    role: "nodes",
    product: "Autopilot",
    name: "autopilot",
    facts: ["as pods ask for them"],
};

/** Pools of Auto Mode have neither size nor number: nodes come as pods ask for them. */
function autoMode(cluster: PolicyResource, view: PlanView): Described[] {
    const pools = textsAt(cluster, "computeConfig.nodePools").map((name) => ({ name, facts: [] as string[] }));
    const own = view.ofType("kubernetes:karpenter.sh/v1:NodePool").map((pool) => ({
        name: textAt(pool, "metadata.name") ?? pool.name,
        facts: machinesOf(pool),
    }));
    return [...pools, ...own].map(({ name, facts }) => ({
        role: "nodes",
        product: "Auto Mode",
        name,
        facts: [...facts, "as pods ask for them"],
    }));
}

/** Of a NodePool of Karpenter's. */
function machinesOf(pool: PolicyResource): string[] {
    const { template, limits } = (pool.props["spec"] ?? {}) as {
        readonly template?: { readonly spec?: { readonly requirements?: readonly Requirement[] } };
        readonly limits?: { readonly cpu?: string };
    };
    const valuesOf = (key: string): readonly string[] =>
        template?.spec?.requirements?.find((requirement) => requirement.key === key)?.values ?? [];
    const types = valuesOf("node.kubernetes.io/instance-type");
    return [
        ...valuesOf("kubernetes.io/arch"),
        ...(valuesOf("karpenter.sh/capacity-type").includes("spot") ? ["spot"] : []),
        ...(types.length > 0 ? [types.join(" ")] : []),
        ...(limits?.cpu === undefined ? [] : [`at most ${limits.cpu} processors`]),
    ];
}

interface Requirement {
    readonly key: string;
    readonly values?: readonly string[];
}

function placeOf(view: PlanView, cloud: CloudName): string {
    const [provider] = view.ofType(`pulumi:providers:${cloud}`);
    if (provider === undefined) {
        return "";
    }
    // Providers get lists as JSON.
    const accounts = textAt(provider, "allowedAccountIds")?.match(/\d{12}/g) ?? [];
    const region =
        textAt(provider, "region") ??
        view.resources.flatMap((resource) =>
            resource.type.startsWith(`${cloud}:`) ? (textAt(resource, "region") ?? []) : [],
        )[0];
    return [textAt(provider, "project"), ...accounts, region].filter((part) => part !== undefined).join(", ");
}

/** Charts, and what the cloud's own cluster installs on request. */
export function addonsOf(view: PlanView): Addon[] {
    const charts = view.resources
        .filter(({ type }) => /^kubernetes:helm\.sh\/v[34]:(Release|Chart)$/.test(type))
        .map((chart) => ({
            name: textAt(chart, "name") ?? chart.name,
            version: textAt(chart, "version"),
            managed: false,
        }));
    const managed = view.ofType("aws:eks/addon:Addon").map((addon) => ({
        name: textAt(addon, "addonName") ?? addon.name,
        version: textAt(addon, "addonVersion"),
        managed: true,
    }));
    return [...charts, ...managed].toSorted((a, b) => a.name.localeCompare(b.name));
}
