// Arguments of a cloud's own: each `native` takes what its resource has, and refuses what nobody would read (R94).
// Does not prove that they reach it: test/plan/every-setting.test.ts does.
import { describe, expect, test } from "vitest";
import { settingsIn } from "../../../../commands/docs/setting-list.ts";
import { strangeArguments } from "../../../../settings/native/arguments.ts";
import { nativeTypes, tokenOf } from "../../../../settings/native/types.ts";
import { sectionNames, sections } from "../../../../settings/sections.ts";
import { tokens } from "../../../../lib/catalogue/index.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";
import { quiet, refused, told } from "../../../support/findings.ts";

const doks = {
    variant: "digitalocean",
    network: { variant: "create", range: "10.110.0.0/20" },
    cluster: {
        variant: "create",
        version: "1.34",
        podRange: "10.112.0.0/16",
        serviceRange: "10.113.0.0/20",
        apiAccess: { cidrs: ["203.0.113.0/24"] },
        pools: { apps: { size: "s-4vcpu-8gb", max: 8 } },
    },
    certificates: { variant: "letsencrypt", email: "operations@example.org" },
};
const cdn = ["certificateId", "certificateName", "customDomain", "origin", "ttl"].join(", ");
const metricAlarm = [
    "actionsEnabled, alarmActions, alarmDescription, comparisonOperator, datapointsToAlarm, dimensions",
    "evaluateLowSampleCountPercentiles, evaluationCriteria, evaluationInterval, evaluationPeriods, extendedStatistic",
    "insufficientDataActions, metricName, metricQueries, name, namespace, okActions, period, region, statistic, tags",
    "threshold, thresholdMetricId, treatMissingData, unit, warmUpConfiguration",
].join(", ");
const conditionThreshold = [
    "aggregations, comparison, denominatorAggregations, denominatorFilter, duration, evaluationMissingData, filter",
    "forecastOptions, thresholdValue, trigger",
].join(", ");
const gcp = (native: object): Change => [
    "platform",
    {
        variant: "gcp",
        cluster: {
            variant: "create",
            apiAccess: { cidrs: ["203.0.113.0/24"] },
            nodes: { variant: "autopilot" },
        },
        gateway: { native },
    },
];

refused("a name that the resource does not have", [
    [
        "of a misspelt argument",
        [...quiet, ["clouds.digitalocean.region", "fra1"], spaces({ cdn: { tll: 60 } })],
        [
            {
                path: "assets.buckets.native.cdn.tll",
                found: 'the name "tll"',
                allowed: `what digitalocean.Cdn has: ${cdn}`,
                fix: "rename it to ttl",
            },
        ],
    ],
    [
        "that is like none",
        [["platform", { ...doks, native: { dns: { foo: 1 } } }]],
        [
            {
                path: "platform.native.dns.foo",
                found: 'the name "foo"',
                allowed: "what digitalocean.Domain has: ipAddress, name",
                fix: "pulumi config rm --path 'platform.native.dns.foo'",
            },
        ],
    ],
    [
        "below another, and in a list",
        [
            [
                "platform",
                {
                    ...doks,
                    native: {
                        cluster: { maintenancePolicy: { weekday: "any" }, nodePool: { taints: [{ effects: "x" }] } },
                    },
                },
            ],
        ],
        [
            {
                path: "platform.native.cluster.maintenancePolicy.weekday",
                found: 'the name "weekday"',
                allowed: "what maintenancePolicy of digitalocean.KubernetesCluster has: day, duration, startTime",
                fix: "pulumi config rm --path 'platform.native.cluster.maintenancePolicy.weekday'",
            },
            {
                path: "platform.native.cluster.nodePool.taints[0].effects",
                found: 'the name "effects"',
                allowed: "what nodePool.taints[0] of digitalocean.KubernetesCluster has: effect, key, value",
                fix: "rename it to effect",
            },
        ],
    ],
    [
        "of an alarm, by the type that it is in each cloud",
        [
            ["alarms.aws.native.databaseCpu", { treshold: 95 }],
            ["alarms.gcp.native.databaseCpu", { conditions: [{ conditionThreshold: { thresholdvalue: 0.9 } }] }],
            ["alarms.digitalocean.native.databaseCpu", { threshold: 95 }],
            ["alarms.digitalocean.native.uptime", { value: 95 }],
        ],
        [
            {
                path: "alarms.aws.native.databaseCpu.treshold",
                found: 'the name "treshold"',
                allowed: `what aws.cloudwatch.MetricAlarm has: ${metricAlarm}`,
                fix: "rename it to threshold",
            },
            {
                path: "alarms.gcp.native.databaseCpu.conditions[0].conditionThreshold.thresholdvalue",
                found: 'the name "thresholdvalue"',
                allowed: `what conditions[0].conditionThreshold of gcp.monitoring.AlertPolicy has: ${conditionThreshold}`,
                fix: "rename it to thresholdValue",
            },
            {
                path: "alarms.digitalocean.native.databaseCpu.threshold",
                found: 'the name "threshold"',
                allowed:
                    "what digitalocean.MonitorAlert has: alerts, compare, description, enabled, entities, tags, type, value, window",
                fix: "pulumi config rm --path 'alarms.digitalocean.native.databaseCpu.threshold'",
            },
            {
                path: "alarms.digitalocean.native.uptime.value",
                found: 'the name "value"',
                allowed:
                    "what digitalocean.UptimeAlert has: checkId, comparison, name, notifications, period, threshold, type",
                fix: "pulumi config rm --path 'alarms.digitalocean.native.uptime.value'",
            },
        ],
    ],
    [
        "of an object in the cluster, where it is nearly one that is known",
        [gcp({ gateway: { adresses: [] } })],
        [
            {
                path: "platform.gateway.native.gateway.adresses",
                found: 'the name "adresses"',
                allowed: "for example gatewayClassName, listeners, addresses, infrastructure, allowedListeners, tls",
                fix: "rename it to addresses",
            },
        ],
    ],
]);

function spaces(native: object): Change {
    return ["assets", { variant: "spaces", region: "fra1", buckets: { variant: "create", native } }];
}

told("what the resource has, at any depth", [
    ["passes", [...quiet, ["clouds.digitalocean.region", "fra1"], spaces({ cdn: { ttl: 60 } })], []],
]);

test("of an object in the cluster a name that is not known may be a newer one", () => {
    expect(problemsAfter(gcp({ backendPolicy: { localityLbPolicy: "RING_HASH" } }))).toEqual([]);
});

describe("the table", () => {
    test("knows maps of objects, lists, and what is no object at all", () => {
        const rules = [{ enabled: true, expiration: { days: 1, dayz: 2 } }];
        expect(strangeArguments("digitalocean.SpacesBucket", { lifecycleRules: rules })).toEqual([
            {
                path: ["lifecycleRules", 0, "expiration", "dayz"],
                known: ["date", "days", "expiredObjectDeleteMarker"],
                meant: "days",
            },
        ]);
        expect(strangeArguments("aws.ec2.Vpc", { tags: { anything: "goes" } })).toEqual([]);
        expect(strangeArguments("digitalocean.SpacesBucket", { versioning: "on", lifecycleRules: null })).toEqual([]);
    });

    test("has types that the catalogue has", () => {
        expect(nativeTypes.map(tokenOf).filter((token) => !(tokens as readonly string[]).includes(token))).toEqual([]);
    });
});

/** Values of a chart, of which nobody has a schema; objects in a cluster, whose definitions the cluster has. */
const unchecked = [
    "platform.gateway.loadBalancer",
    "platform.gateway.native",
    "platform.gateway.native.gateway",
    "platform.gateway.native.backendPolicy",
];

test("every `native` is compared with a schema, and each type has one", () => {
    const natives = sectionNames
        .flatMap((name) => settingsIn(sections[name], [name]))
        .filter(({ about: { typeName } }) => typeName === "native");
    const free = natives.filter(({ about: { nativeOf } }) => nativeOf === undefined);
    expect([...new Set(free.map(({ path }) => path.join(".")))].toSorted()).toEqual(unchecked.toSorted());
    const used = new Set(natives.map(({ about: { nativeOf } }) => nativeOf).filter((type) => type !== undefined));
    expect([...used].toSorted()).toEqual([...nativeTypes].toSorted());
});
