// Whether users are served with TLS: each way in has certificates, and only redirects are answered without.
import { tlsInFront } from "../lib/labels.ts";
import { textOf } from "./kubernetes.ts";
import { metadataOf, objectName, type PlanView } from "./plan-view.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { annotation, withoutTls } from "./ways-in.ts";

interface Listener {
    readonly name?: string;
    readonly protocol?: string;
    readonly port?: number;
    readonly tls?: { readonly mode?: string; readonly certificateRefs?: readonly unknown[] };
}

interface GatewaySpec {
    readonly listeners?: readonly Listener[];
    readonly infrastructure?: { readonly parametersRef?: { readonly kind?: string; readonly name?: unknown } };
}

interface RouteSpec {
    readonly parentRefs?: ReadonlyArray<{
        readonly name?: unknown;
        readonly namespace?: unknown;
        readonly sectionName?: string;
    }>;
    readonly rules?: ReadonlyArray<{
        readonly filters?: ReadonlyArray<{
            readonly type?: string;
            readonly requestRedirect?: { readonly scheme?: string };
        }>;
    }>;
}

export const httpsRules: readonly Rule[] = [
    rule("R95", "production serves HTTPS on every platform", function* (view) {
        if (view.environmentKind !== "production") {
            return;
        }
        for (const gateway of gatewaysIn(view)) {
            yield* uncertified(view, gateway);
            yield* plainRoutes(view, gateway);
        }
        yield* withoutTls(view);
    }),
];

/** Those that nothing in front serves with TLS. */
function gatewaysIn(view: PlanView): readonly PolicyResource[] {
    return view.resources.filter(
        (resource) =>
            resource.type.startsWith("kubernetes:gateway.networking.k8s.io/") &&
            resource.type.endsWith(":Gateway") &&
            annotation(resource, tlsInFront.name) !== tlsInFront.value,
    );
}

function* uncertified(view: PlanView, gateway: PolicyResource): Generator<Finding> {
    const { listeners = [] } = (gateway.props["spec"] ?? {}) as GatewaySpec;
    const secure = listeners.filter(isSecure);
    if (secure.length === 0) {
        yield {
            resource: gateway,
            path: "spec.listeners",
            found: listeners.length === 0 ? undefined : listeners.map(({ protocol }) => protocol).join(", "),
            allowed: "a listener with protocol HTTPS and certificates",
            fix: "give the platform certificates (an issuer, a zone), or say exposure.allowPlainHttp where TLS ends in front",
        };
        return;
    }
    if (hasCertificateMap(gateway) || hasBalancerCertificate(view, gateway)) {
        return;
    }
    for (const { name, tls } of secure) {
        if (tls?.mode !== "Passthrough" && (tls?.certificateRefs ?? []).length === 0) {
            yield {
                resource: gateway,
                path: `spec.listeners[${listeners.findIndex((listener) => listener.name === name)}].tls`,
                found: tls === undefined ? undefined : "no certificateRefs",
                allowed: "certificates: certificateRefs, a certificate map of Google's, or one of ACM",
                fix: "name one: without it the listener answers nobody",
            };
        }
    }
}

/** GKE takes them from a map beside the Gateway. */
function hasCertificateMap(gateway: PolicyResource): boolean {
    return annotation(gateway, "networking.gke.io/certmap") !== undefined;
}

/** AWS takes them from the configuration of the load balancer. */
function hasBalancerCertificate(view: PlanView, gateway: PolicyResource): boolean {
    const { infrastructure } = (gateway.props["spec"] ?? {}) as GatewaySpec;
    const { kind, name } = infrastructure?.parametersRef ?? {};
    if (kind !== "LoadBalancerConfiguration") {
        return false;
    }
    const namespace = textOf(metadataOf(gateway).namespace);
    return view.resources.some((resource) => {
        if (!resource.type.endsWith(":LoadBalancerConfiguration")) {
            return false;
        }
        const { listenerConfigurations = [] } = (resource.props["spec"] ?? {}) as {
            readonly listenerConfigurations?: ReadonlyArray<{
                readonly protocolPort?: string;
                readonly defaultCertificate?: unknown;
            }>;
        };
        // Which one is meant is not known yet in a first preview: then one of the namespace's is.
        const isMeant = name instanceof UnknownValue || textOf(name) === objectName(resource);
        return (
            isMeant &&
            textOf(metadataOf(resource).namespace) === namespace &&
            listenerConfigurations.some(
                ({ protocolPort = "", defaultCertificate }) =>
                    protocolPort.startsWith("HTTPS:") && defaultCertificate !== undefined,
            )
        );
    });
}

/** Routes that bring requests without TLS to pods. */
function* plainRoutes(view: PlanView, gateway: PolicyResource): Generator<Finding> {
    const { listeners = [] } = (gateway.props["spec"] ?? {}) as GatewaySpec;
    const plain = new Set(listeners.filter((listener) => !isSecure(listener)).map(({ name }) => name));
    const [name, namespace] = [objectName(gateway), textOf(metadataOf(gateway).namespace)];
    for (const route of view.resources.filter(({ type }) => type.endsWith(":HTTPRoute"))) {
        const { parentRefs = [], rules = [] } = (route.props["spec"] ?? {}) as RouteSpec;
        const own = textOf(metadataOf(route).namespace);
        const redirects = rules.every(({ filters = [] }) =>
            filters.some(
                ({ type, requestRedirect }) => type === "RequestRedirect" && requestRedirect?.scheme === "https",
            ),
        );
        const index = parentRefs.findIndex(
            (parent) =>
                textOf(parent.name) === name &&
                (textOf(parent.namespace) ?? own) === namespace &&
                plain.size > 0 &&
                (parent.sectionName === undefined || plain.has(parent.sectionName)),
        );
        if (index >= 0 && !redirects) {
            yield {
                resource: route,
                path: `spec.parentRefs[${index}].sectionName`,
                found: parentRefs[index]!.sectionName ?? "nothing, which means every listener, HTTP too",
                allowed: "a listener with HTTPS; on HTTP a redirect only",
                fix: "attach it to the HTTPS listener, and a redirect to the other",
            };
        }
    }
}

function isSecure({ protocol }: Listener): boolean {
    return protocol === "HTTPS" || protocol === "TLS";
}
