// Evaluates NetworkPolicies as Kubernetes defines them: policies only ever add up, and a connection needs the egress of its
// source and the ingress of its target. Many a cluster enforces none, so what they say is proved here.
import {
    numberOf,
    selects,
    textOf,
    type Container,
    type Labels,
    type NetworkPolicySpec,
    type PolicyPeer,
    type PolicyPort,
} from "./kubernetes.ts";
import { metadataOf, type PlanView, type Workload } from "./plan-view.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";

export type Direction = "Ingress" | "Egress";

export interface NetworkPolicy {
    readonly resource: PolicyResource;
    readonly namespace: string | undefined;
    readonly spec: NetworkPolicySpec;
    readonly types: readonly Direction[];
}

/** One rule of a policy, the same for both directions. */
export interface NetworkRule {
    readonly policy: NetworkPolicy;
    /** The way to the rule in the policy's inputs. */
    readonly path: string;
    /** Absent or empty: anyone. */
    readonly peers: readonly PolicyPeer[];
    /** Empty: every port. */
    readonly ports: readonly PolicyPort[];
}

export interface Port {
    readonly protocol: "TCP" | "UDP";
    readonly number: number;
}

const found = new WeakMap<PlanView, readonly NetworkPolicy[]>();

export function networkPolicies(view: PlanView): readonly NetworkPolicy[] {
    let policies = found.get(view);
    if (policies === undefined) {
        policies = policiesIn(view);
        found.set(view, policies);
    }
    return policies;
}

function policiesIn(view: PlanView): readonly NetworkPolicy[] {
    return view.resources
        .filter(({ type }) => /^kubernetes:networking\.k8s\.io\/v1:NetworkPolicy$/.test(type))
        .map((resource) => {
            const spec = (resource.props["spec"] ?? {}) as NetworkPolicySpec;
            return { resource, namespace: textOf(metadataOf(resource).namespace), spec, types: typesOf(spec) };
        });
}

/** Without policyTypes a policy is always one of ingress, and one of egress if it has such rules. */
function typesOf({ policyTypes, egress }: NetworkPolicySpec): readonly Direction[] {
    return (
        (policyTypes as readonly Direction[] | undefined) ??
        (egress === undefined ? ["Ingress"] : ["Ingress", "Egress"])
    );
}

/** The policies that select a workload's pods. */
export function policiesOf(view: PlanView, workload: Workload): readonly NetworkPolicy[] {
    return networkPolicies(view).filter(
        ({ namespace, spec }) =>
            namespace === workload.namespace && selects(spec.podSelector ?? {}, workload.podLabels),
    );
}

/** Whether all is refused in a direction but what a rule allows. */
export function isIsolated(view: PlanView, workload: Workload, direction: Direction): boolean {
    return policiesOf(view, workload).some(({ types }) => types.includes(direction));
}

/** The rules that apply to a workload's pods in one direction. */
export function rulesOf(view: PlanView, workload: Workload, direction: Direction): readonly NetworkRule[] {
    return policiesOf(view, workload)
        .filter(({ types }) => types.includes(direction))
        .flatMap((policy) => rulesIn(policy, direction));
}

export function rulesIn(policy: NetworkPolicy, direction: Direction): readonly NetworkRule[] {
    const { spec } = policy;
    return direction === "Ingress"
        ? listed(spec.ingress).map(({ from, ports }, index) => ({
              policy,
              path: `spec.ingress[${index}]`,
              peers: peersOf(from),
              ports: listed(ports),
          }))
        : listed(spec.egress).map(({ to, ports }, index) => ({
              policy,
              path: `spec.egress[${index}]`,
              peers: peersOf(to),
              ports: listed(ports),
          }));
}

/** In a first preview a list may not be known yet. */
function listed<Item>(items: readonly Item[] | undefined): readonly Item[] {
    return items === undefined || items instanceof UnknownValue ? [] : items;
}

/** Peers that are not known yet are some address: neither anyone, which is what no peers mean, nor a pod. */
function peersOf(peers: readonly PolicyPeer[] | undefined): readonly PolicyPeer[] {
    const unknown: PolicyPeer = { ipBlock: { cidr: "an address that is not known yet" } };
    return peers instanceof UnknownValue
        ? [unknown]
        : listed(peers).map((peer) => (peer instanceof UnknownValue ? unknown : peer));
}

/** Whether `from` may open a connection to `to`: both sides have to agree. */
export function connects(view: PlanView, from: Workload, to: Workload, port: Port): boolean {
    return allows(view, from, "Egress", to, port) && allows(view, to, "Ingress", from, port);
}

/**
 * Whether one side's policies allow the other at a port.
 *
 * @param direction "Egress" when `workload` calls, "Ingress" when it is called
 */
export function allows(view: PlanView, workload: Workload, direction: Direction, other: Workload, port: Port): boolean {
    if (!isIsolated(view, workload, direction)) {
        return true;
    }
    const called = direction === "Egress" ? other : workload;
    return rulesOf(view, workload, direction).some(
        (rule) => takesInPod(view, rule, other) && takesInPort(rule, port, called.containers),
    );
}

/** Whether a workload may talk to something beyond the plan's pods at a port, for example a resolver or a Gateway. */
export function allowsOutside(view: PlanView, workload: Workload, direction: Direction, port: Port): boolean {
    if (!isIsolated(view, workload, direction)) {
        return true;
    }
    return rulesOf(view, workload, direction).some(
        (rule) =>
            (rule.peers.length === 0 ||
                rule.peers.some(
                    ({ namespaceSelector, ipBlock }) => namespaceSelector !== undefined || ipBlock !== undefined,
                )) &&
            takesInPort(rule, port, workload.containers),
    );
}

/** An ipBlock never counts for a pod: which address a pod gets, no plan knows. */
export function takesInPod(view: PlanView, { peers, policy }: NetworkRule, pod: Workload): boolean {
    return (
        peers.length === 0 ||
        peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
            if (ipBlock !== undefined) {
                return false;
            }
            const namespaceFits =
                namespaceSelector === undefined
                    ? pod.namespace === policy.namespace
                    : selects(namespaceSelector, namespaceLabels(view, pod.namespace));
            return namespaceFits && selects(podSelector ?? {}, pod.podLabels);
        })
    );
}

function namespaceLabels(view: PlanView, name: string | undefined): Labels {
    const namespace = view
        .ofType("kubernetes:core/v1:Namespace")
        .find((resource) => textOf(metadataOf(resource).name) === name);
    const labels = namespace === undefined ? {} : (metadataOf(namespace).labels ?? {});
    // The API server sets this one.
    return name === undefined ? labels : { ...labels, "kubernetes.io/metadata.name": name };
}

function takesInPort({ ports }: NetworkRule, port: Port, called: readonly Container[]): boolean {
    return (
        ports.length === 0 ||
        ports.some(({ protocol = "TCP", port: wanted, endPort }) => {
            if (protocol !== port.protocol) {
                return false;
            }
            if (wanted === undefined) {
                return true;
            }
            const first = numberOf(wanted) ?? containerPort(called, String(wanted));
            return first !== undefined && port.number >= first && port.number <= (endPort ?? first);
        })
    );
}

/** The number of a port that a container names. */
export function containerPort(containers: readonly Container[], name: string): number | undefined {
    return containers.flatMap(({ ports = [] }) => ports).find((port) => port.name === name)?.containerPort;
}
