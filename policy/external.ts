// Servers that nobody here made: what only their owners can see is checked by a release's first job, the rest is seen in a plan.
import { addressBlock, merged, shared } from "../lib/address-block.ts";
import { externalAnnotation } from "../lib/labels.ts";
import { notPublic } from "../lib/not-public.ts";
import { serversIn } from "../lib/urls.ts";
import { textOf } from "./kubernetes.ts";
import { networkPolicies, rulesIn } from "./network-view.ts";
import {
    djangoRoles,
    examine,
    metadataOf,
    reachesPrefix,
    type PlanView,
    type Service,
    type Workload,
} from "./plan-view.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

export const externalRules: readonly Rule[] = [
    rule("R97", "caches and brokers outside are known by their certificates", function* (view) {
        yield* unverified(view);
    }),
    rule("R98", "a release begins with a check of the servers that were there before", function* (view) {
        for (const workloads of view.apps().values()) {
            const external = view.services.filter((service) => isExternal(service));
            const used = external.filter(({ name, namespace }) =>
                workloads.some(
                    (workload) =>
                        workload.namespace === namespace && workload.podLabels[`${reachesPrefix}${name}`] === "true",
                ),
            );
            const [service] = used;
            const checks = workloads.filter((workload) => isCheck(workload));
            const jobs = workloads.filter((workload) => workload.role === "release" && !checks.includes(workload));
            for (const { resource } of service === undefined ? [] : jobs) {
                if (!checks.some((check) => view.before(resource.urn).has(check.resource.urn))) {
                    yield {
                        resource,
                        path: "dependencies",
                        found:
                            checks.length === 0
                                ? `no job checks ${service!.name}, which is outside`
                                : `it does not wait for ${checks[0]!.name}`,
                        allowed: "created after the job check",
                        fix: "let components/django/check.ts make the first job: an error of a migration says less of its cause",
                    };
                }
            }
        }
    }),
];

/** Whose server is nobody's here. */
export function isExternal({ resource }: Service): boolean {
    return metadataOf(resource).annotations?.[externalAnnotation] === "true";
}

function isCheck({ role, containers }: Workload): boolean {
    return role === "release" && containers.some(({ name }) => name === "check");
}

/** Whether nobody but one's own network lies on the way to a Service's server, by what is opened for it. */
export function isPrivateWay(view: PlanView, { name, namespace }: Service): boolean {
    const label = `${reachesPrefix}${name}`;
    const blocks = networkPolicies(view)
        .filter(
            (policy) => policy.namespace === namespace && policy.spec.podSelector?.matchLabels?.[label] !== undefined,
        )
        .flatMap((policy) => rulesIn(policy, "Egress"))
        .flatMap(({ peers }) => peers.map(({ ipBlock }) => addressBlock(ipBlock?.cidr ?? "")));
    const own = merged([...notPublic, "fc00::/7"].map((cidr) => addressBlock(cidr)!));
    return (
        blocks.length > 0 &&
        blocks.every(
            (block) =>
                block !== undefined && own.some((range) => shared(block, range) === block.last - block.first + 1n),
        )
    );
}

const variables = /(?:CACHE_LOCATION|CELERY_BROKER_URL)$/;

function* unverified(view: PlanView): Generator<Finding> {
    for (const workload of view.withRole(...djangoRoles)) {
        for (const container of workload.containers) {
            const environment = view.environmentOf(workload, container);
            const mode = [...environment].find(([name]) => name.endsWith("BROKER_SSLMODE"))?.[1];
            for (const [name, value] of [...environment].filter(([one]) => variables.test(one))) {
                const told = examine(value, (text) =>
                    addressed(
                        text,
                        examine(mode, (one) => one),
                    ),
                );
                for (const { host, how } of told ?? []) {
                    const service = view.serviceAt(host, workload.namespace);
                    if (service === undefined || how === undefined || !isExternal(service)) {
                        continue;
                    }
                    yield {
                        resource: workload.resource,
                        path: `${container.path}.envFrom`,
                        found: `${name} with ${how} for ${service.name}, which is outside the cluster`,
                        allowed: "TLS, and a certificate that the client compares",
                        fix:
                            how === memcached
                                ? "close the network between to everybody else, or take a server that speaks Redis's protocol, with TLS: Memcached has none here"
                                : "give the store its tls (mode verify-full, or verify-ca with its CA)",
                        advice: isPrivateWay(view, firstOf(view, service)),
                    };
                }
            }
        }
    }
}

/** Several servers of a store are opened by one policy, which is called after the first. */
function firstOf(view: PlanView, service: Service): Service {
    const { parent } = service.resource;
    return (
        view.services.find(
            ({ resource, name }) => resource.parent === parent && textOf(name) === parent?.split("::").at(-1),
        ) ?? service
    );
}

const memcached = "Memcached's protocol, in plain text,";

/** Each server of a value, and what is wrong with the way to it. */
function addressed(
    text: string,
    mode: string | undefined,
): ReadonlyArray<{ readonly host: string; readonly how: string | undefined }> {
    if (!text.includes("://")) {
        return text
            .split(/\s+/)
            .filter((one) => one !== "")
            .map((one) => ({ host: one.replace(/:[0-9]+$/, ""), how: memcached }));
    }
    return text.split(/\s+/).flatMap((url) =>
        serversIn(url).map(({ scheme, host }) => ({
            host,
            how: scheme.endsWith("s") ? uncompared(url, scheme, mode) : "no TLS",
        })),
    );
}

function uncompared(url: string, scheme: string, mode: string | undefined): string | undefined {
    const compares = scheme === "amqps" ? mode !== "require" : url.includes("ssl_cert_reqs=required");
    return compares ? undefined : "a certificate that nobody compares";
}
