// What nobody notices while all goes well: who pays for what, who is told, what is known to be vulnerable.
import { costLabel } from "../lib/cost-label.ts";
import { textOf } from "./kubernetes.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { inputOf, isGiven, isTrue, listOf, unmet, type Setting } from "./setting.ts";

const label = `the label ${costLabel}, by which a bill is read`;

/** What every resource of a cloud gets by its provider. */
const byProvider = [
    { type: "pulumi:providers:aws", input: "defaultTags", below: "tags" },
    { type: "pulumi:providers:gcp", input: "defaultLabels", below: undefined },
] as const;

const notEmpty = (value: unknown): boolean => listOf(value).length > 0;

/** Where a provider's own labels do not reach, or where it has none. */
const byResource: readonly Setting[] = [
    ...(
        [
            ["gcp:sql/databaseInstance:DatabaseInstance", "settings.userLabels"],
            ["gcp:monitoring/alertPolicy:AlertPolicy", "userLabels"],
            ["gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig", "userLabels"],
            ["gcp:monitoring/notificationChannel:NotificationChannel", "userLabels"],
        ] as const
    ).map(([type, path]) => ({
        type,
        path: `${path}.${costLabel}`,
        holds: isGiven,
        allowed: label,
        fix: "set it: the provider's default labels do not reach these",
    })),
    ...(
        [
            "digitalocean:index/kubernetesCluster:KubernetesCluster",
            "digitalocean:index/kubernetesNodePool:KubernetesNodePool",
            "digitalocean:index/databaseCluster:DatabaseCluster",
        ] as const
    ).map((type) => ({
        type,
        path: "tags",
        holds: notEmpty,
        allowed: "a tag that names the environment, by which a bill is read",
        fix: "set it: the provider has no tags for all",
    })),
];

/** Where an alarm says whom it tells. */
const recipients: readonly Setting[] = (
    [
        ["aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions"],
        ["gcp:monitoring/alertPolicy:AlertPolicy", "notificationChannels"],
        ["digitalocean:index/monitorAlert:MonitorAlert", "alerts"],
        ["digitalocean:index/uptimeAlert:UptimeAlert", "notifications"],
    ] as const
).map(([type, path]) => ({
    type,
    path,
    holds: (value: unknown) => (Array.isArray(value) ? value : [value]).some(hears),
    allowed: "somebody: an alarm that tells nobody is none",
    fix: "set alarms.emails, or a channel of that cloud",
}));

/** A topic or a channel by its name; at DigitalOcean addresses, or Slack's. */
function hears(one: unknown): boolean {
    const { emails, slacks } = (one ?? {}) as { readonly emails?: unknown; readonly slacks?: unknown };
    return one instanceof UnknownValue || typeof one === "string" || notEmpty(emails) || notEmpty(slacks);
}

const scanned: readonly Setting[] = [
    {
        type: "aws:ecr/repository:Repository",
        path: "imageScanningConfiguration.scanOnPush",
        byDefault: false,
        holds: isTrue,
        allowed: "true",
        fix: "set it: known vulnerabilities are then told for nothing",
    },
    {
        type: "gcp:artifactregistry/repository:Repository",
        path: "vulnerabilityScanningConfig.enablementConfig",
        byDefault: "INHERITED",
        holds: (value) => value !== "DISABLED",
        allowed: "INHERITED, with the project's API containerscanning.googleapis.com",
        fix: "set platform.registry.scanning to true",
        // Of packages for Python there is nothing to scan.
        asks: ({ props }) => props["format"] === "DOCKER",
    },
];

export const operationRules: readonly Rule[] = [
    rule("R124", "everything that costs names its environment", function* (view) {
        for (const { type, input, below } of byProvider) {
            for (const provider of view.ofType(type)) {
                const labels = defaultsOf(provider, input, below);
                if (labels !== undefined && labels[costLabel] === undefined) {
                    yield unlabelled(provider, below === undefined ? input : `${input}.${below}`, labels);
                }
            }
        }
        yield* unmet(view, byResource);
    }),
    rule("R125", "an alarm tells somebody", (view) => unmet(view, recipients)),
    rule("R126", "images are looked through for known vulnerabilities", (view) => unmet(view, scanned), "advisory"),
];

/** @returns undefined while they are not known */
function defaultsOf(
    provider: PolicyResource,
    input: string,
    below: string | undefined,
): Readonly<Record<string, unknown>> | undefined {
    const given = inputOf(provider, input);
    if (given instanceof UnknownValue) {
        return undefined;
    }
    // Providers get what is no text as JSON.
    const text = textOf(given);
    const all = (text === undefined ? (given ?? {}) : (JSON.parse(text) as unknown)) as Readonly<
        Record<string, unknown>
    >;
    return (below === undefined ? all : (all[below] ?? {})) as Readonly<Record<string, unknown>>;
}

function unlabelled(resource: PolicyResource, path: string, found: unknown): Finding {
    return { resource, path, found, allowed: label, fix: `give the provider ${costLabel}: what it makes then has it` };
}
