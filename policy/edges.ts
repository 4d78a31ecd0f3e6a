// What stands before the web pods: how long it keeps connections, when it counts as made, how it asks for health, whom it keeps out.
import { optionValue, wordsOf } from "../lib/command-words.ts";
import { webServerOf } from "../lib/web-servers.ts";
import { textOf } from "./kubernetes.ts";
import {
    commandLine,
    metadataOf,
    objectName,
    type PlacedContainer,
    type PlanView,
    type Service,
    type Workload,
} from "./plan-view.ts";
import { SecretValue, UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { listOf } from "./setting.ts";
import { annotation } from "./ways-in.ts";

const waitFor = "pulumi.com/waitFor";

export const edgeRules: readonly Rule[] = [
    rule("R77", "the server keeps idle connections longer than the way in before it", function* (view) {
        for (const { service, idle } of reached(view)) {
            for (const web of service.workloads) {
                for (const container of serversOf(web)) {
                    yield* closedFirst(view, web, container, idle);
                }
            }
        }
    }),
    rule("R82", "up waits until the way in is programmed", function* (view) {
        for (const gateway of ofKind(view, "Gateway")) {
            const found = annotation(gateway, waitFor);
            if (
                !(textOf(found) ?? "").includes("condition=Programmed") &&
                // Somebody said of this controller that it never is: platform.gateway.untilProgrammed.
                annotation(gateway, "pulumi.com/skipAwait") !== "true" &&
                !waitsForCertificate(view, gateway)
            ) {
                yield {
                    resource: gateway,
                    path: `metadata.annotations["${waitFor}"]`,
                    found,
                    allowed: "condition=Programmed",
                    fix: "set it: else everything is green while no load balancer is there, or none that may be made",
                };
            }
        }
    }),
    rule("R121", "a load balancer that asks pods by their address finds it among their hosts", function* (view) {
        for (const target of ofKind(view, "TargetGroupConfiguration")) {
            const { targetReference } = specOf<{ readonly targetReference?: { readonly name?: unknown } }>(target);
            const service = serviceNamed(view, textOf(targetReference?.name), namespaceOf(target));
            for (const web of service?.workloads ?? []) {
                for (const container of serversOf(web).filter((one) => !answersItsAddress(one))) {
                    yield {
                        resource: web.resource,
                        path: `${container.path}.env`,
                        found: "an app that does not know its pod's address",
                        allowed: "POD_IP from status.podIP, and after it a variable ..._ALLOWED_HOSTS with $(POD_IP)",
                        fix: "set both: Django writes an error for each health check else, some ten thousand a day",
                    };
                }
            }
        }
    }),
    rule("R122", "a firewall that is made stands before every app", function* (view) {
        yield* unguarded(view, {
            made: "gcp:compute/securityPolicy:SecurityPolicy",
            kind: "GCPBackendPolicy",
            path: "spec.default.securityPolicy",
            given: (object) =>
                specOf<{ readonly default?: { readonly securityPolicy?: unknown } }>(object).default?.securityPolicy,
        });
        yield* unguarded(view, {
            made: "aws:wafv2/webAcl:WebAcl",
            kind: "LoadBalancerConfiguration",
            path: "spec.wafV2.webACL",
            // That of a class is under the Gateway's own.
            concerns: (object) => isOfGateway(view, object),
            given: (object) => specOf<{ readonly wafV2?: { readonly webACL?: unknown } }>(object).wafV2?.webACL,
        });
    }),
    rule("R123", "access logs go after a time", function* (view) {
        const logs = view
            .ofType("aws:s3/bucketPolicy:BucketPolicy")
            .filter(({ props }) => seen(props["policy"]).includes("logdelivery.elasticloadbalancing"));
        for (const bucket of view.ofType("aws:s3/bucket:Bucket")) {
            const rules = view
                .ofType("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
                .filter(({ dependencies }) => dependencies.includes(bucket.urn))
                .flatMap(({ props }) => listOf(props["rules"])) as {
                readonly expiration?: { readonly days?: unknown };
            }[];
            if (
                logs.some(({ dependencies }) => dependencies.includes(bucket.urn)) &&
                !rules.some(({ expiration }) => expiration?.days !== undefined)
            ) {
                yield {
                    resource: bucket,
                    path: "",
                    found: "a bucket of access logs without a BucketLifecycleConfiguration that ends them",
                    allowed: "a rule with expiration.days",
                    fix: "add it (exposure.accessLogs.days): they have people's addresses in them, and cost more every month",
                };
            }
        }
    }),
];

/** Of a kind of Kubernetes', whatever its group and version. */
function ofKind(view: PlanView, kind: string): readonly PolicyResource[] {
    return view.resources.filter(({ type }) => type.startsWith("kubernetes:") && type.endsWith(`:${kind}`));
}

function specOf<Spec>({ props }: PolicyResource): Partial<Spec> {
    const spec = (props["spec"] ?? {}) as unknown;
    return spec as Partial<Spec>;
}

function namespaceOf(resource: PolicyResource): string | undefined {
    return textOf(metadataOf(resource).namespace);
}

function serviceNamed(view: PlanView, name: string | undefined, namespace: string | undefined): Service | undefined {
    return name === undefined
        ? undefined
        : view.services.find((service) => service.name === name && service.namespace === namespace);
}

/** A sidecar serves nobody; without a container of the name, all may. */
function serversOf(web: Workload): readonly PlacedContainer[] {
    const all = web.containers.filter(({ init }) => !init);
    const servers = all.filter(({ name }) => name === "web");
    return servers.length > 0 ? servers : all;
}

interface RouteSpec {
    readonly parentRefs: ReadonlyArray<{ readonly name?: unknown; readonly namespace?: unknown }>;
    readonly rules: ReadonlyArray<{ readonly backendRefs?: ReadonlyArray<{ readonly name?: unknown }> }>;
}

/** Services behind a way in, and the seconds for which that keeps a connection that nobody uses. */
function* reached(view: PlanView): Generator<{ readonly service: Service; readonly idle: number }> {
    const gateways = ofKind(view, "Gateway");
    for (const route of ofKind(view, "HTTPRoute")) {
        const { parentRefs = [], rules = [] } = specOf<RouteSpec>(route);
        const own = namespaceOf(route);
        const gateway = gateways.find((one) =>
            parentRefs.some(
                ({ name, namespace }) =>
                    textOf(name) === objectName(one) && (textOf(namespace) ?? own) === namespaceOf(one),
            ),
        );
        for (const { name } of rules.flatMap(({ backendRefs = [] }) => backendRefs)) {
            const service = serviceNamed(view, textOf(name), own);
            if (service !== undefined) {
                yield { service, idle: gateway === undefined ? idleOfLender(view, service) : idleOf(view, gateway) };
            }
        }
    }
}

/** Google's is fixed, and AWS's what nobody changed. @see settings/edge-timeouts.ts for where each is written */
const [google, aws, traefik, envoy] = [600, 60, 90, 60];

interface GatewaySpec {
    readonly gatewayClassName: string;
    readonly infrastructure: { readonly parametersRef?: { readonly kind?: string; readonly name?: unknown } };
    readonly listeners: ReadonlyArray<{
        readonly tls?: { readonly certificateRefs?: ReadonlyArray<{ readonly name?: unknown }> };
    }>;
}

function idleOf(view: PlanView, gateway: PolicyResource): number {
    const { gatewayClassName = "", infrastructure } = specOf<GatewaySpec>(gateway);
    if (gatewayClassName.startsWith("gke-")) {
        return google;
    }
    if (infrastructure?.parametersRef?.kind === "LoadBalancerConfiguration") {
        const attributes = ofKind(view, "LoadBalancerConfiguration")
            .filter((configuration) => gateway.dependencies.includes(configuration.urn))
            .flatMap((configuration) =>
                listOf(specOf<{ readonly loadBalancerAttributes: unknown }>(configuration).loadBalancerAttributes),
            ) as ReadonlyArray<{ readonly key?: unknown; readonly value?: unknown }>;
        const said = attributes.find(({ key }) => key === "idle_timeout.timeout_seconds")?.value;
        return said === undefined ? aws : Number(textOf(said) ?? aws);
    }
    return gatewayClassName === "cilium" ? envoy : traefik;
}

/** Another stack's Gateway is not in the plan; what its controller needs beside the route tells which it is. */
function idleOfLender(view: PlanView, { name, namespace }: Service): number {
    const isBeside = ofKind(view, "GCPBackendPolicy").some(
        (policy) =>
            textOf(specOf<{ readonly targetRef: { readonly name?: unknown } }>(policy).targetRef?.name) === name &&
            namespaceOf(policy) === namespace,
    );
    return isBeside ? google : envoy;
}

/** Seconds that each keeps a connection by itself. Sources: gunicorn 23, uvicorn 0.35, hypercorn 0.17; Twisted's of daphne. */
const usual: Readonly<Record<string, number>> = { gunicorn: 2, uvicorn: 5, hypercorn: 5, daphne: 60 };

/** Of a server that only the image knows a plan sees nothing. */
function* closedFirst(view: PlanView, web: Workload, container: PlacedContainer, idle: number): Generator<Finding> {
    const plain = [...view.environmentOf(web, container)].flatMap(([name, value]) =>
        typeof value === "string" ? [[name, value] as const] : [],
    );
    const variables = Object.fromEntries(plain) as Record<string, string>;
    const server = webServerOf(commandLine(container), variables);
    if (server === undefined) {
        return;
    }
    const { name, words, flags } = server;
    const more = wordsOf((variables["GUNICORN_CMD_ARGS"] ?? "").split(/\s+/).filter((word) => word !== ""));
    const all = name === "gunicorn" ? [...words, ...more] : words;
    const said = flags.keepAlive === undefined ? undefined : optionValue(all, [flags.keepAlive])?.value;
    const seconds = said === undefined ? usual[name] : Number(said);
    // A word that only the running pod knows is no number.
    if (seconds === undefined || Number.isNaN(seconds) || seconds > idle) {
        return;
    }
    const flag = flags.keepAlive;
    yield {
        resource: web.resource,
        path: `${container.path}.command`,
        found:
            said === undefined
                ? `${name} without ${flag ?? "an option for it"}, which means ${seconds} s`
                : `${flag} ${said}`,
        allowed: `more than ${idle} s, for which the way in keeps a connection that nobody uses`,
        fix:
            flag === undefined
                ? `take another server (apps[].web.server uvicorn): ${name} has no option for it, and users see 502 now and then`
                : `say ${flag} ${idle + 15} in the command (apps[].web.keepAlive where the program writes it): else users see 502 now and then`,
        // A file in the image may say it, and daphne has no word for it.
        advice: said === undefined,
    };
}

/** Traefik's does not count as programmed before each certificate is there, and one may come through its own routes; Cilium's does. */
function waitsForCertificate(view: PlanView, gateway: PolicyResource): boolean {
    const { gatewayClassName, listeners = [] } = specOf<GatewaySpec>(gateway);
    if (gatewayClassName === "cilium") {
        return false;
    }
    const refs = listeners.flatMap(({ tls }) => tls?.certificateRefs ?? []);
    const before = view.resources.filter(({ urn }) => gateway.dependencies.includes(urn));
    const issued = before.filter(({ type }) => type.endsWith(":Certificate"));
    const later = issued.some((certificate) => annotation(certificate, waitFor) !== "condition=Ready");
    const sure = before.filter(({ type }) => type === "kubernetes:core/v1:Secret" || type.endsWith(":Certificate"));
    return later || (refs.length > 0 && sure.length < new Set(refs.map(({ name }) => textOf(name))).size);
}

/** Kubernetes puts in what stands above. */
function answersItsAddress({ env = [] }: PlacedContainer): boolean {
    const address = env.findIndex(({ name, valueFrom }) => name === "POD_IP" && valueFrom !== undefined);
    const hosts = env.findIndex(
        ({ name, value }) => name.endsWith("ALLOWED_HOSTS") && seen(value).includes("$(POD_IP)"),
    );
    return address !== -1 && hosts > address;
}

function seen(value: unknown): string {
    return value instanceof SecretValue || value instanceof UnknownValue ? "" : (textOf(value) ?? "");
}

interface Guard {
    /** Where one of these is made ... */
    readonly made: string;
    /** ... each of these has to name it. */
    readonly kind: string;
    readonly path: string;
    readonly concerns?: (object: PolicyResource) => boolean;
    readonly given: (object: PolicyResource) => unknown;
}

function* unguarded(view: PlanView, { made, kind, path, concerns = () => true, given }: Guard): Generator<Finding> {
    const [guard] = view.ofType(made);
    if (guard === undefined) {
        return;
    }
    for (const object of ofKind(view, kind).filter(concerns)) {
        // In a first preview its name is known to nobody: it is the dependency that tells.
        if (given(object) === undefined && !object.dependencies.includes(guard.urn)) {
            yield {
                resource: object,
                path,
                found: undefined,
                allowed: `${guard.name}, which is made for it`,
                fix: "name it: what it does not name, everybody reaches past it",
            };
        }
    }
}

function isOfGateway(view: PlanView, configuration: PolicyResource): boolean {
    return ofKind(view, "Gateway").some(({ dependencies }) => dependencies.includes(configuration.urn));
}
