// What a Gateway does before it lets a request in, and writes down of it, whichever cloud does it.
import type { PlanView } from "../../../policy/plan-view.ts";
import type { PolicyResource } from "../../../policy/resource.ts";
import { listAt, numberAt, ranges, textsAt } from "./part.ts";

/** One word group for each; none where everybody may come and nothing is kept. */
export function guardsOf(view: PlanView): readonly string[] {
    const admitted = admittedBy(view);
    const [firewall] = [...view.ofType("aws:wafv2/webAcl:WebAcl").map(awsWaf), ...armors(view).flatMap(cloudArmor)];
    const days = logDays(view);
    return [
        ...(admitted.length === 0 ? [] : [`from ${ranges(admitted)}`]),
        ...(firewall === undefined ? [] : [firewall]),
        ...(days === undefined ? [] : [`access logs ${days} days`]),
    ];
}

function armors(view: PlanView): readonly PolicyResource[] {
    return view.ofType("gcp:compute/securityPolicy:SecurityPolicy");
}

function rulesOf(policy: PolicyResource): ReadonlyArray<Readonly<Record<string, unknown>>> {
    return listAt(policy, "rules") as ReadonlyArray<Readonly<Record<string, unknown>>>;
}

function admittedBy(view: PlanView): readonly string[] {
    const configured = view.resources
        .filter(({ type }) => type.endsWith(":LoadBalancerConfiguration"))
        .flatMap((configuration) => textsAt(configuration, "spec.sourceRanges"));
    const armed = armors(view)
        .flatMap(rulesOf)
        .filter(({ action }) => action === "allow" || action === "throttle")
        .flatMap(({ match }) => (match as { config?: { srcIpRanges?: readonly string[] } }).config?.srcIpRanges ?? [])
        .filter((range) => range !== "*");
    return [...configured, ...armed, ...ofDigitalOcean(view)];
}

/** By an annotation that Cilium hands on, or by the values of Traefik's chart. */
function ofDigitalOcean(view: PlanView): readonly string[] {
    const annotated = view.resources
        .filter(({ type }) => type.endsWith(":Gateway") && type.startsWith("kubernetes:"))
        .flatMap(({ props }) => {
            const { infrastructure } = (props["spec"] ?? {}) as {
                readonly infrastructure?: { readonly annotations?: Readonly<Record<string, unknown>> };
            };
            const rules = infrastructure?.annotations?.["service.beta.kubernetes.io/do-loadbalancer-allow-rules"];
            return typeof rules === "string" ? rules.split(",").map((rule) => rule.replace(/^[a-z]+:/, "")) : [];
        });
    const charted = view
        .ofType("kubernetes:helm.sh/v3:Release")
        .flatMap((release) => textsAt(release, "values.service.loadBalancerSourceRanges"));
    return [...annotated, ...charted];
}

function awsWaf(acl: PolicyResource): string {
    const counts = rulesOf(acl).some(
        ({ overrideAction }) => (overrideAction as { count?: unknown } | undefined)?.count !== undefined,
    );
    return counts ? "firewall AWS WAF that counts" : "firewall AWS WAF";
}

/** One that only admits is no firewall. */
function cloudArmor(policy: PolicyResource): string[] {
    const rules = rulesOf(policy);
    return rules.some(({ action }) => action === "throttle")
        ? [rules.some(({ preview }) => preview === true) ? "firewall Cloud Armor that counts" : "firewall Cloud Armor"]
        : [];
}

function logDays(view: PlanView): number | undefined {
    const bucket = view
        .ofType("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
        .find(({ name }) => name.includes("access-logs"));
    const [days] = (bucket === undefined ? [] : rulesOf({ ...bucket })).flatMap(({ expiration }) => {
        const kept = (expiration as { readonly days?: unknown } | undefined)?.days;
        return typeof kept === "number" ? [kept] : [];
    });
    const log = view
        .ofType("gcp:logging/projectBucketConfig:ProjectBucketConfig")
        .find(({ name }) => name.includes("access-logs"));
    return days ?? (log === undefined ? undefined : numberAt(log, "retentionDays"));
}
