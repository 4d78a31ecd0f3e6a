// Who needs whom at run time, so that a destroy ends and leaves nothing behind (R72): routes -> controllers -> namespaces ->
// nodes -> cluster -> peering and NAT -> network.
import { resourceType, tokensWith, type TeardownRole, type Token } from "../lib/catalogue/index.ts";
import { clusterTypes } from "./cluster.ts";
import { textOf } from "./kubernetes.ts";
import { addressesOf } from "./needs.ts";
import { nodePoolType } from "./node-pools.ts";
import { djangoRoles, reachesPrefix, type PlanView, type Service, type Workload } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";
import { rule, type Rule } from "./rule.ts";
import { TeardownGraph, type Need } from "./teardown.ts";

/** Helm releases, among them every controller. */
const releaseType = "kubernetes:helm.sh/v3:Release";

/** Objects for which a controller makes something outside the cluster: load balancers, records, certificates. */
const routeKinds = /:(Ingress|Gateway|HTTPRoute|GRPCRoute|TLSRoute|TCPRoute|ListenerSet|XListenerSet)$/;

/** What cannot be read without a key, nor by a cloud's own account without leave to use it. */
const keyUsers = tokensWith(({ role }) => role === "cluster" || role === "database");

const zoneTypes = tokensWith(({ role }) => role === "zone");

/** Nodes, ways out of a private network, ... */
const typesIn = (teardown: TeardownRole): readonly Token[] => tokensWith((row) => row.teardown === teardown);

/** Managed stores that get an address in a private network from something that has to outlive them. */
const addressed = tokensWith(({ addressFrom }) => addressFrom !== undefined);

export const orderRules: readonly Rule[] = [
    rule("R72", "a destroy deletes nothing before what needs it", function* (view) {
        for (const resource of view.resources) {
            const target = resource.deletedWith === undefined ? undefined : view.get(resource.deletedWith);
            if (target !== undefined && clusterTypes.some((type) => type === target.type)) {
                yield {
                    resource,
                    path: "deletedWith",
                    found: target.name,
                    allowed: "nothing: what is on a cluster is deleted before it",
                    fix: "remove it: load balancers and volumes that a controller made would stay, and cost money for ever",
                };
            }
        }
        const graph = new TeardownGraph(view);
        const violated = Map.groupBy(
            graph.violated(needsIn(view)),
            ({ sooner, because }) => `${sooner.urn} ${because}`,
        );
        for (const needs of violated.values()) {
            const { sooner, because } = needs[0]!;
            const names = needs.map(({ later }) => later.name).join(", ");
            yield {
                resource: sooner,
                path: "dependencies",
                found: `${names} ${needs.length === 1 ? "does" : "do"} not wait until it is deleted`,
                allowed: `deleted before ${names}`,
                fix: `let it depend on ${needs.length === 1 ? "it" : "them"}: ${because}`,
            };
        }
    }),
];

/** All of a plan's needs at run time. */
export function* needsIn(view: PlanView): Generator<Need> {
    const clusters = clusterTypes.flatMap((type) => view.ofType(type));
    yield* ofRoutes(view);
    yield* ofControllers(view);
    for (const cluster of clusters) {
        yield* ofCluster(view, cluster);
    }
    yield* ofStores(view);
    yield* ofNames(view);
    yield* ofKeys(view);
}

/** Objects of the cluster name addresses, certificates and policies by text, of which the graph knows nothing by itself. */
function* ofNames(view: PlanView): Generator<Need> {
    const objects = view.resources.filter(({ type }) =>
        /^kubernetes:(gateway\.networking\.k8s\.io|networking\.gke\.io)\//.test(type),
    );
    for (const later of typesIn("named").flatMap((type) => view.ofType(type))) {
        const name = textOf(later.props["name"]);
        for (const sooner of name === undefined ? [] : objects.filter(({ props }) => says(props, name))) {
            yield {
                sooner,
                later,
                because: "the load balancer that is made for it uses it, and what is in use cannot be deleted",
            };
        }
    }
}

function says(value: unknown, text: string): boolean {
    return (
        value === text ||
        (value !== null && typeof value === "object" && Object.values(value).some((item) => says(item, text)))
    );
}

function* ofKeys(view: PlanView): Generator<Need> {
    const grants = view.resources.filter(({ type }) => /^gcp:kms\/cryptoKeyIAM(Member|Binding):/.test(type));
    for (const key of view.ofType("gcp:kms/cryptoKey:CryptoKey")) {
        for (const sooner of keyUsers
            .flatMap((type) => view.ofType(type))
            .filter(({ dependencies }) => dependencies.includes(key.urn))) {
            for (const later of grants.filter(({ dependencies }) => dependencies.includes(key.urn))) {
                yield { sooner, later, because: "without leave to use the key, nothing in it can be read any more" };
            }
        }
    }
}

function* ofRoutes(view: PlanView): Generator<Need> {
    const because =
        "the controller removes what it made for it outside the cluster, and without the controller it never goes";
    const routes = view.resources.filter(
        ({ type, props }) =>
            (type.startsWith("kubernetes:") && routeKinds.test(type)) ||
            (type === "kubernetes:core/v1:Service" &&
                (props["spec"] as { type?: unknown } | undefined)?.type === "LoadBalancer"),
    );
    for (const later of view.ofType(releaseType)) {
        for (const sooner of routes) {
            yield { sooner, later, because };
        }
    }
    // Finalizers of a route's namespace are the controller's too.
    for (const later of view.ofType(releaseType)) {
        for (const sooner of environmentNamespaces(view)) {
            yield {
                sooner,
                later,
                because: "objects in it have finalizers that only controllers remove: it sticks without them",
            };
        }
    }
}

function environmentNamespaces(view: PlanView): readonly PolicyResource[] {
    return view.ofType("kubernetes:core/v1:Namespace").filter((namespace) => !view.isAddon(namespace));
}

function* ofControllers(view: PlanView): Generator<Need> {
    for (const release of view.ofType(releaseType)) {
        const namespace = textOf(release.props["namespace"]);
        for (const later of view.ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation")) {
            if (namespace !== undefined && later.props["namespace"] === namespace) {
                yield {
                    sooner: release,
                    later,
                    because: "without its permissions a controller cannot remove what it made",
                };
            }
        }
        if (/external-?dns/.test(`${textOf(release.props["chart"])} ${release.name}`)) {
            for (const later of zoneTypes.flatMap((type) => view.ofType(type))) {
                yield {
                    sooner: release,
                    later,
                    because:
                        "it makes and removes records in the zone until it is gone, and most clouds keep a zone that has records",
                };
            }
        }
    }
}

function* ofCluster(view: PlanView, cluster: PolicyResource): Generator<Need> {
    const cloud = cloudOf(cluster);
    const onIt = (types: readonly string[]): PolicyResource[] =>
        types.filter((type) => type.startsWith(cloud)).flatMap((type) => view.ofType(type));
    // Pools of Auto Mode are objects inside: who goes with them are their nodes.
    const nodes = [...onIt(typesIn("nodes")), ...(cloud === "aws:" ? view.ofType(nodePoolType) : [])];
    const addons = onIt(typesIn("cluster add-on"));

    for (const sooner of [...nodes, ...addons]) {
        yield { sooner, later: cluster, because: "a cluster with nodes cannot be deleted" };
    }
    for (const provider of view.ofType("pulumi:providers:kubernetes")) {
        yield {
            sooner: provider,
            later: cluster,
            because: "objects that are left when the cluster is gone cannot be deleted any more",
        };
    }
    for (const sooner of [...view.ofType("kubernetes:core/v1:Namespace"), ...view.ofType(releaseType)]) {
        for (const later of nodes) {
            yield { sooner, later, because: "controllers need a node to run on until all that they made is gone" };
        }
        for (const later of addons.filter((addon) => !isPutOnNodes(addon))) {
            yield { sooner, later, because: "pods need their network until they have ended" };
        }
    }
    for (const sooner of [cluster, ...nodes]) {
        for (const later of onIt(typesIn("network")).filter((network) => isNetworkOf(view, cluster, network))) {
            yield { sooner, later, because: "a network with nodes in it cannot be deleted" };
        }
        for (const later of onIt(typesIn("way out"))) {
            yield {
                sooner,
                later,
                because: "nodes without a way out reach no API of the cloud: controllers could remove nothing",
            };
        }
        yield* ofRole(view, sooner);
    }
}

/** Storage and observability run as pods like any other, and not every pod needs them. */
function isPutOnNodes(addon: PolicyResource): boolean {
    return !/^(vpc-cni|kube-proxy|coredns|eks-pod-identity-agent|aws-ebs-csi-driver)$/.test(
        textOf(addon.props["addonName"]) ?? "",
    );
}

/** Of several networks of a stack, the one that the cluster is told of. */
function isNetworkOf(view: PlanView, cluster: PolicyResource, network: PolicyResource): boolean {
    const networks = view.ofType(network.type).filter((one) => view.before(cluster.urn).has(one.urn));
    return networks.length === 0 || networks.includes(network);
}

/** EKS removes network interfaces and security groups with the permissions of its role: they stay, and block the VPC, without. */
function* ofRole(view: PlanView, sooner: PolicyResource): Generator<Need> {
    const roles = view.ofType("aws:iam/role:Role").filter(({ urn }) => sooner.dependencies.includes(urn));
    for (const type of ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/rolePolicy:RolePolicy"]) {
        for (const later of view.ofType(type)) {
            if (roles.some(({ urn }) => later.dependencies.includes(urn))) {
                yield {
                    sooner,
                    later,
                    because:
                        "EKS removes its network interfaces with these permissions; what stays blocks the VPC's deletion",
                };
            }
        }
    }
}

function* ofStores(view: PlanView): Generator<Need> {
    for (const type of addressed) {
        for (const later of view.ofType(resourceType(type)!.addressFrom!)) {
            for (const sooner of view.ofType(type)) {
                yield {
                    sooner,
                    later,
                    because: "its address comes from there: a peering in use cannot be deleted, nor can the network",
                };
            }
        }
    }
    // Pods are told a store's address only, as a host, in a URL or in a list; what waits for the store is the Service of that name.
    const outside = new Set(
        view.services.filter(({ spec, workloads }) => spec.selector === undefined && workloads.length === 0),
    );
    for (const workload of outside.size === 0 ? [] : view.withRole(...djangoRoles, "pooler")) {
        for (const service of outsideServicesOf(view, workload)) {
            if (outside.has(service)) {
                yield {
                    sooner: workload.resource,
                    later: service.resource,
                    because: "its pods use the store until they have ended",
                };
            }
        }
    }
}

/** By what its pods are told, and in a first preview, which knows no URL yet, by the labels that open the way. */
function outsideServicesOf(view: PlanView, workload: Workload): Set<Service> {
    const labelled = Object.entries(workload.podLabels).flatMap(([label, value]) =>
        label.startsWith(reachesPrefix) && value === "true" ? [label.slice(reachesPrefix.length)] : [],
    );
    const hosts = [...addressesOf(view, workload)].map(({ address }) => address.host);
    return new Set([...labelled, ...hosts].flatMap((host) => view.serviceAt(host, workload.namespace) ?? []));
}

function cloudOf({ type }: PolicyResource): string {
    return type.slice(0, type.indexOf(":") + 1);
}
