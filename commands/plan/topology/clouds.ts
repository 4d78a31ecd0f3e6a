// What the plan has in each cloud, and what Kubernetes' add-ons are put on the cluster.
import type { PlanView } from "../../../policy/plan-view.ts";
import type { PolicyResource } from "../../../policy/resource.ts";
import { aws } from "./aws.ts";
import { digitalocean, firstPool } from "./digitalocean.ts";
import { gcp } from "./gcp.ts";
import { cloudNames, partOf, textAt, textsAt, type CloudName, type Part, type PartRole, type Reader } from "./part.ts";

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

const readers: Readonly<Record<CloudName, Readonly<Record<string, Reader>>>> = { gcp, aws, digitalocean };
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
];

/** Only clouds in which something is created; a provider alone is none. */
export function cloudsOf(view: PlanView): Cloud[] {
    return cloudNames.flatMap((name) => {
        const parts = view.resources
            .flatMap((resource) => partsOf(name, resource, view))
            .toSorted((a, b) => order.indexOf(a.role) - order.indexOf(b.role) || a.name.localeCompare(b.name));
        return parts.length === 0 ? [] : [{ name, title: titles[name], place: placeOf(view, name), parts }];
    });
}

function partsOf(cloud: CloudName, resource: PolicyResource, view: PlanView): Part[] {
    const described = readers[cloud][resource.type]?.(resource, view);
    if (described === undefined) {
        return [];
    }
    const more = [
        ...(resource.type === "digitalocean:index/kubernetesCluster:KubernetesCluster" ? [firstPool(resource)] : []),
        ...(resource.type === "aws:eks/cluster:Cluster" ? autoMode(resource) : []),
        ...(resource.type === "gcp:container/cluster:Cluster" && resource.props["enableAutopilot"] === true
            ? [autopilot]
            : []),
    ];
    // A pool inside the cluster's resource is protected as that is; to say it twice helps nobody.
    return [
        partOf(cloud, resource, described),
        ...more.flatMap((one) => (one === undefined ? [] : [{ ...partOf(cloud, resource, one), protected: false }])),
    ];
}

const autopilot: NonNullable<ReturnType<Reader>> = {
    role: "nodes",
    product: "Autopilot",
    name: "autopilot",
    facts: ["as pods ask for them"],
};

/** Pools of Auto Mode have neither size nor number: nodes come as pods ask for them. */
function autoMode(cluster: PolicyResource): NonNullable<ReturnType<Reader>>[] {
    return textsAt(cluster, "computeConfig.nodePools").map((name) => ({
        role: "nodes",
        product: "Auto Mode",
        name,
        facts: ["as pods ask for them"],
    }));
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
