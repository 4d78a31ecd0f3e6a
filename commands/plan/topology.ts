// From a plan to what a person pictures: who serves, who works, where the data is, who reaches whom, what a release does,
// on which cluster, in which networks and clouds.
import { numberOf, selectsAll, textOf, type Labels } from "../../policy/kubernetes.ts";
import { networkPolicies, rulesIn, type NetworkPolicy } from "../../policy/network-view.ts";
import { timeToLiveLabel } from "../../lib/labels.ts";
import { environmentLabel, metadataOf, reachesPrefix, viewOf, type PlanView } from "../../policy/plan-view.ts";
import type { PolicyResource } from "../../policy/resource.ts";
import { costOf, type MonthlyCost } from "./cost.ts";
import type { Plan } from "./plan.ts";
import { sumsOf, type Sums } from "./sums.ts";
import { bucketsThatAreThere, type NamedBucket } from "./topology/buckets.ts";
import { addonsOf, cloudsOf, type Addon, type Cloud } from "./topology/clouds.ts";
import { callersOf, entryOf, type Entry } from "./topology/entry.ts";
import { namesByHand } from "./topology/names.ts";
import { textAt } from "./topology/part.ts";
import { outsideStores, type OutsideStore } from "./topology/stores.ts";
import {
    mountedFiles,
    nodesOf,
    sharedVolumes,
    stepsOf,
    tasksOf,
    type Node,
    type SharedVolume,
    type Step,
    type Task,
} from "./topology/workloads.ts";

export type { NamedBucket } from "./topology/buckets.ts";
export type { Addon, Cloud } from "./topology/clouds.ts";
export type { Entry } from "./topology/entry.ts";
export type { Part, PartRole } from "./topology/part.ts";
export type { OutsideStore } from "./topology/stores.ts";
export { isStore, type Node, type SharedVolume, type Step, type Task } from "./topology/workloads.ts";

export interface Topology {
    readonly project: string;
    readonly stack: string;
    readonly kind: string | undefined;
    /** How long an ephemeral environment may live. */
    readonly ttl: string | undefined;
    readonly resources: number;
    readonly kinds: number;
    /** The cluster that is there already, or is another stack's; absent when this stack makes it. */
    readonly cluster: string | undefined;
    readonly namespace: {
        readonly name: string;
        readonly podSecurity: string | undefined;
        /** Whether all traffic is refused that no policy opens. */
        readonly refuses: boolean;
        readonly protected: boolean;
    };
    readonly entry: Entry | undefined;
    /** In words, who may call the web's pods. */
    readonly callers: readonly string[];
    readonly nodes: readonly Node[];
    /** Servers that are no pods of the namespace. */
    readonly stores: readonly OutsideStore[];
    readonly steps: readonly Step[];
    readonly tasks: readonly Task[];
    readonly volumes: readonly SharedVolume[];
    /** Of a server that the plan does not show. */
    readonly buckets: readonly NamedBucket[];
    readonly clouds: readonly Cloud[];
    readonly addons: readonly Addon[];
    /** In words, what pods may reach outside besides DNS and the stores. */
    readonly outside: readonly string[];
    readonly counts: {
        readonly policies: number;
        readonly configMaps: number;
        readonly secrets: number;
        readonly passwords: number;
        readonly accounts: number;
    };
    /** Configuration files that are mounted whole, by path. */
    readonly files: readonly string[];
    /** Names that no zone of the plan has: somebody has to make their records. */
    readonly byHand: readonly string[];
    /** What all pods reserve together. */
    readonly sums: Sums;
    /** Absent where nothing is made in a cloud. */
    readonly cost: MonthlyCost | undefined;
}

export function topologyOf(plan: Plan): Topology {
    const view = viewOf(plan);
    const home = homeOf(view);
    const name = textOf(home && metadataOf(home).name) ?? "";
    const policies = networkPolicies(view).filter(({ namespace }) => namespace === name);
    const clouds = cloudsOf(view);
    const stores = outsideStores(view, clouds, name);
    const count = (type: string): number =>
        view.ofType(`kubernetes:core/v1:${type}`).filter((resource) => textOf(metadataOf(resource).namespace) === name)
            .length;
    const entry = entryOf(view, plan);
    const sums = sumsOf(view, name);
    const created = plan.resources.filter(({ custom }) => custom);
    return {
        project: plan.project,
        stack: plan.stack,
        kind: view.environmentKind,
        ttl: home && textOf(metadataOf(home).labels?.[timeToLiveLabel]),
        resources: created.length,
        kinds: new Set(created.map(({ type }) => type)).size,
        cluster: clusterOf(view, clouds),
        namespace: namespaceOf(home, policies),
        entry,
        callers: callersOf(view),
        nodes: nodesOf(view, stores),
        stores,
        steps: stepsOf(view),
        tasks: tasksOf(view),
        volumes: sharedVolumes(view),
        buckets: bucketsThatAreThere(view),
        clouds,
        addons: addonsOf(view),
        outside: outsideOf(policies, stores),
        counts: {
            policies: policies.length,
            configMaps: count("ConfigMap"),
            secrets: count("Secret"),
            passwords: plan.resources.filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
                .length,
            accounts: count("ServiceAccount"),
        },
        files: mountedFiles(view),
        byHand: namesByHand(view, clouds, entry),
        sums,
        cost: costOf(view, { clouds, entry }, sums),
    };
}

/** The environment's own Namespace: add-ons have theirs beside it. */
function homeOf(view: PlanView): PolicyResource | undefined {
    const namespaces = view.ofType("kubernetes:core/v1:Namespace");
    return (
        namespaces.find((resource) => metadataOf(resource).labels?.[environmentLabel] !== undefined) ??
        namespaces.find((resource) => !view.isAddon(resource))
    );
}

function namespaceOf(resource: PolicyResource | undefined, policies: readonly NetworkPolicy[]): Topology["namespace"] {
    const metadata = resource === undefined ? {} : metadataOf(resource);
    const labels: Labels = metadata.labels ?? {};
    const refuses = policies.some(
        (policy) =>
            policy.types.length === 2 &&
            selectsAll(policy.spec.podSelector ?? {}) &&
            policy.types.every((direction) => rulesIn(policy, direction).length === 0),
    );
    return {
        name: textOf(metadata.name) ?? "",
        podSecurity: labels["pod-security.kubernetes.io/enforce"],
        refuses,
        protected: resource?.protect ?? false,
    };
}

/** Named by the provider's connection: "gke_project_region_name", an ARN, or a context of a kubeconfig. */
function clusterOf(view: PlanView, clouds: readonly Cloud[]): string | undefined {
    if (clouds.some(({ parts }) => parts.some(({ role }) => role === "cluster"))) {
        return undefined;
    }
    const [provider] = view.ofType("pulumi:providers:kubernetes");
    const name = provider && (textAt(provider, "clusterIdentifier") ?? textAt(provider, "context"));
    return (
        name
            ?.split("/")
            .at(-1)
            ?.replace(/^gke_[^_]+_[^_]+_/, "") ?? ""
    );
}

/** Every environment may ask for names. */
const dns = 53;

/** Where a cloud's machines hand out identities and names to pods. */
const linkLocal = /^169\.254\./;

/** Addresses beyond the cluster that some policy opens, but for the stores. */
function outsideOf(policies: readonly NetworkPolicy[], stores: readonly OutsideStore[]): string[] {
    const clients = stores.flatMap(({ name, aliases }) => [name, ...aliases]).map((name) => `${reachesPrefix}${name}`);
    const toStores = (policy: NetworkPolicy): boolean =>
        clients.some((label) => policy.spec.podSelector?.matchLabels?.[label] !== undefined);
    const words = policies
        .filter((policy) => !toStores(policy))
        .flatMap((policy) => rulesIn(policy, "Egress"))
        .filter(({ ports }) => ports.length === 0 || ports.some(({ port }) => numberOf(port) !== dns))
        .flatMap(({ peers, ports }) => {
            const where = [...new Set(ports.map(({ port }) => port))].join(", ");
            return peers.flatMap(({ ipBlock }) => {
                if (ipBlock === undefined) {
                    return [];
                }
                const isPublic = ipBlock.cidr === "0.0.0.0/0" && (ipBlock.except ?? []).length > 0;
                return linkLocal.test(ipBlock.cidr)
                    ? ["the node's metadata"]
                    : [
                          `${isPublic ? "public addresses" : ipBlock.cidr}, ${where === "" ? "any port" : `port ${where}`}`,
                      ];
            });
        });
    return [...new Set(words)];
}
