// In the cluster: NetworkPolicies, what is reached from outside, names, TLS, Pod Security.
import { takesInEveryone } from "../../../lib/catalogue/index.ts";
import { selectsAll, textOf, type PolicyPeer } from "../../../policy/kubernetes.ts";
import { networkPolicies, rulesIn, type Direction, type NetworkPolicy } from "../../../policy/network-view.ts";
import { metadataOf, objectName, type PlanView } from "../../../policy/plan-view.ts";
import type { PolicyResource } from "../../../policy/resource.ts";
import { enumerated, words, type Words } from "../words.ts";
import { opens, portWords, protects, protectsItself, type Fact } from "./fact.ts";

export function clusterFacts(view: PlanView): Fact[] {
    return [
        ...networkPolicies(view).flatMap(policyFacts),
        ...view.services.flatMap(({ resource, spec }) =>
            spec.type === "LoadBalancer" || spec.type === "NodePort"
                ? [serviceFact(resource, spec.type, spec.loadBalancerSourceRanges)]
                : [],
        ),
        ...view.resources.flatMap((resource) => {
            const [, module = "", kind = ""] = resource.type.split(":");
            return resource.type.startsWith("kubernetes:") && module.startsWith("gateway.networking.k8s.io/")
                ? kind === "HTTPRoute"
                    ? routeFacts(resource)
                    : kind === "Gateway"
                      ? gatewayFacts(resource)
                      : []
                : [];
        }),
        ...view.ofType("kubernetes:core/v1:Namespace").flatMap(namespaceFacts),
        ...view.workloads.flatMap(({ resource, containers, pod }) => {
            const asked = [
                ...(pod.hostNetwork === true ? ["the node's network"] : []),
                ...(pod.hostPID === true ? ["the node's processes"] : []),
                ...(pod.automountServiceAccountToken === true ? ["a token of the cluster's API"] : []),
                ...containers.flatMap(({ securityContext: { privileged, allowPrivilegeEscalation } = {} }) => [
                    ...(privileged === true ? ["all rights of the node"] : []),
                    ...(allowPrivilegeEscalation === true ? ["more rights than it starts with"] : []),
                ]),
            ];
            return [...new Set(asked)].map((what) => opens(resource, words`pods of ${resource.name} get ${[what]}`));
        }),
    ];
}

function policyFacts(policy: NetworkPolicy): Fact[] {
    const { resource, spec, types } = policy;
    const rules = types.flatMap((direction) => rulesIn(policy, direction).map((rule) => ({ direction, rule })));
    const name = objectName(resource) ?? resource.name;
    const whose: Words = selectsAll(spec.podSelector ?? {})
        ? ["all pods"]
        : words`pods of ${labelsOf(spec.podSelector?.matchLabels) || name}`;
    if (rules.length === 0) {
        const what = types.map((direction) => (direction === "Ingress" ? "calls to" : "calls of")).join(" and ");
        return [protects(resource, words`${[what]} ${whose} are refused that no policy allows (${name})`, true)];
    }
    return rules.flatMap(({ direction, rule: { peers, ports } }) => {
        const where = ports.length === 0 ? [["any port"]] : ports.map(({ port, endPort }) => portWords(port, endPort));
        const who = peers.length === 0 ? [{ says: ["anyone"] as Words, everyone: true }] : peers.map(peerWords);
        return who.flatMap(({ says, everyone }) =>
            where.map((port) =>
                opens(resource, sentence(direction, whose, says, port), everyone && direction === "Ingress"),
            ),
        );
    });
}

function sentence(direction: Direction, whose: Words, peer: Words, port: Words): Words {
    return direction === "Ingress"
        ? words`${peer} may call ${whose} at ${port}`
        : words`${whose} may call ${peer} at ${port}`;
}

function peerWords({ ipBlock, namespaceSelector, podSelector }: PolicyPeer): { says: Words; everyone: boolean } {
    if (ipBlock !== undefined) {
        const cidr = shownText(ipBlock.cidr);
        return { says: words`addresses ${cidr}`, everyone: takesInEveryone([cidr]) };
    }
    const pods: Words =
        podSelector === undefined || selectsAll(podSelector)
            ? ["any pod"]
            : words`pods of ${labelsOf(podSelector.matchLabels)}`;
    const inside: Words =
        namespaceSelector === undefined
            ? []
            : selectsAll(namespaceSelector)
              ? [" in any namespace"]
              : words` in namespaces of ${labelsOf(namespaceSelector.matchLabels)}`;
    return { says: [...pods, ...inside], everyone: false };
}

/** Labels that each object of a stack has. */
const everywhere: ReadonlySet<string> = new Set(["app.kubernetes.io/instance", "app.kubernetes.io/managed-by"]);

function labelsOf(labels: Readonly<Record<string, unknown>> | undefined): string {
    return Object.entries(labels ?? {})
        .filter(([key]) => !everywhere.has(key))
        .map(([key, value]) => `${key.split("/").at(-1)}=${shownText(value)}`)
        .join(",");
}

/** A text or a number; anything else is none here, or not known yet. */
function shownText(value: unknown): string {
    return typeof value === "string" || typeof value === "number" ? String(value) : "what is not known yet";
}

function serviceFact(resource: PolicyResource, type: string, ranges: readonly string[] | undefined): Fact {
    const from: Words =
        ranges === undefined ? ["from anywhere"] : [...words`from `, ...enumerated(ranges.map(shownText))];
    return opens(
        resource,
        words`the Service ${resource.name} is reached from outside the cluster (${type}) ${from}`,
        ranges === undefined || takesInEveryone(ranges),
    );
}

function routeFacts(resource: PolicyResource): Fact[] {
    const { hostnames, rules } = (resource.props["spec"] ?? {}) as {
        readonly hostnames?: unknown;
        readonly rules?: unknown;
    };
    const redirects = (Array.isArray(rules) ? (rules as unknown[]) : []).some((rule) => {
        const { filters } = (rule ?? {}) as { readonly filters?: unknown };
        return (Array.isArray(filters) ? filters : []).some(
            (filter) => (filter as { readonly type?: unknown } | null)?.type === "RequestRedirect",
        );
    });
    return [
        ...(redirects ? [protects(resource, words`HTTP is sent to HTTPS (${resource.name})`)] : []),
        ...(redirects || !Array.isArray(hostnames)
            ? []
            : hostnames.map((host) => opens(resource, words`the host ${shownText(host)} is answered`))),
    ];
}

function gatewayFacts(resource: PolicyResource): Fact[] {
    const { listeners } = (resource.props["spec"] ?? {}) as { readonly listeners?: unknown };
    return (Array.isArray(listeners) ? (listeners as unknown[]) : []).map((listener) => {
        const { protocol, port } = (listener ?? {}) as { readonly protocol?: unknown; readonly port?: unknown };
        const says = words`the Gateway listens: ${shownText(protocol)} at ${portWords(port)}`;
        return protocol === "HTTPS" ? protectsItself(resource, says) : opens(resource, says);
    });
}

function namespaceFacts(resource: PolicyResource): Fact[] {
    const level = textOf(metadataOf(resource).labels?.["pod-security.kubernetes.io/enforce"]);
    return level === undefined
        ? []
        : level === "privileged"
          ? [opens(resource, words`the namespace ${resource.name} takes pods with any rights`)]
          : [protectsItself(resource, words`the namespace ${resource.name} takes pods of Pod Security ${level} alone`)];
}
