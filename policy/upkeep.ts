// What grows, ends and costs of what a cloud runs when nobody looks after it: logs, support, disks, hours of maintenance.
import type { Token } from "../lib/catalogue/index.ts";
import { numberOf, textOf } from "./kubernetes.ts";
import type { PlanView } from "./plan-view.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { inputOf, isGiven, isOneOf, isTrue, listOf, unmet, type Setting } from "./setting.ts";

const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const eks = "aws:eks/cluster:Cluster";
const rds = "aws:rds/instance:Instance";
const elasticache = "aws:elasticache/replicationGroup:ReplicationGroup";
const cloudSql = "gcp:sql/databaseInstance:DatabaseInstance";
const memorystore = "gcp:redis/instance:Instance";
const digitalOcean = "digitalocean:index/databaseCluster:DatabaseCluster";

/** A copy is as its source is. */
const isPrimary = ({ props }: PolicyResource): boolean =>
    props["replicateSourceDb"] === undefined && props["masterInstanceName"] === undefined;

const kept: readonly Setting[] = [
    {
        type: logGroup,
        path: "retentionInDays",
        byDefault: "for ever",
        holds: (value) => (numberOf(value) ?? 0) > 0,
        allowed: "a number of days",
        fix: "set it: a log that never ends is paid for each month, and holds people's data",
    },
];

const clusterSupport: readonly Setting[] = [
    {
        type: eks,
        path: "upgradePolicy.supportType",
        byDefault: "EXTENDED",
        holds: isOneOf("STANDARD"),
        allowed: "STANDARD",
        fix: "set it: a version out of support costs six times as much an hour, without a question",
    },
];

const databaseSupport: readonly Setting[] = [
    {
        type: rds,
        path: "engineLifecycleSupport",
        byDefault: "open-source-rds-extended-support",
        holds: isOneOf("open-source-rds-extended-support-disabled"),
        allowed: "open-source-rds-extended-support-disabled",
        fix: "set it when the instance is created or restored: AWS changes it by no call, and bills each processor by the hour",
        asks: isPrimary,
    },
];

const growing: readonly Setting[] = [
    {
        type: cloudSql,
        path: "settings.diskAutoresize",
        byDefault: true,
        holds: isTrue,
        allowed: "true",
        fix: "set it: a full disk stops the server",
        asks: isPrimary,
    },
    {
        type: digitalOcean,
        path: "storageAutoscale.enabled",
        byDefault: false,
        holds: isTrue,
        allowed: "true",
        fix: "set storageAutoscale: on a full disk the server only reads",
        asks: ({ props }) => props["engine"] === "pg",
    },
];

function given(type: Token, path: string, asks: Setting["asks"] = () => true): Setting {
    return {
        type,
        path,
        holds: isGiven,
        allowed: "an hour when few are there",
        fix: "set it: else the cloud restarts the server at an hour of its own choice",
        asks,
    };
}

const timed: readonly Setting[] = [
    given(rds, "maintenanceWindow"),
    given(rds, "backupWindow", ({ props }) => (numberOf(props["backupRetentionPeriod"]) ?? 0) > 0),
    given(elasticache, "maintenanceWindow"),
    given(cloudSql, "settings.maintenanceWindow", isPrimary),
    given(memorystore, "maintenancePolicy"),
    given(digitalOcean, "maintenanceWindows"),
];

export const upkeepRules: readonly Rule[] = [
    rule("R88", "a log group exists before who writes to it, and forgets after some days", function* (view) {
        yield* unmet(view, kept);
        yield* writersWithoutGroup(view);
    }),
    rule("R91", "no support is paid for that nobody asked for", function* (view) {
        yield* unmet(view, clusterSupport);
        // Of an instance that is there it cannot be mended.
        for (const finding of unmet(view, databaseSupport)) {
            yield { ...finding, advice: true };
        }
    }),
    rule(
        "R117",
        "in production a managed database's disk grows by itself",
        function* (view) {
            if (view.environmentKind === "production") {
                yield* unmet(view, growing);
                yield* fixedDisks(view);
            }
        },
        "advisory",
    ),
    rule(
        "R118",
        "in production the hours of maintenance and backups are chosen",
        function* (view) {
            if (view.environmentKind === "production") {
                yield* unmet(view, timed);
            }
        },
        "advisory",
    ),
];

/** A group that its writer has to make itself keeps everything for ever, and stays when the writer goes. */
function* writersWithoutGroup(view: PlanView): Generator<Finding> {
    const groups = view.ofType(logGroup);
    const groupsBefore = ({ dependencies }: PolicyResource): readonly PolicyResource[] =>
        groups.filter(({ urn }) => dependencies.includes(urn));
    const fix = "create a LogGroup of that name with retentionInDays, and let this wait for it";
    for (const cluster of view.ofType(eks)) {
        const found = listOf(cluster.props["enabledClusterLogTypes"]);
        if (found.length > 0 && groupsBefore(cluster).length === 0) {
            yield {
                resource: cluster,
                path: "enabledClusterLogTypes",
                found: `${found.join(", ")}, and no log group before it`,
                allowed: "a LogGroup /aws/eks/NAME/cluster that is there before",
                fix,
            };
        }
    }
    for (const instance of view.ofType(rds)) {
        const names = groupsBefore(instance).map(({ props }) => props["name"]);
        for (const log of listOf(instance.props["enabledCloudwatchLogsExports"])) {
            const text = textOf(log) ?? "";
            if (!names.some((name) => name instanceof UnknownValue || textOf(name)?.endsWith(`/${text}`) === true)) {
                yield {
                    resource: instance,
                    path: "enabledCloudwatchLogsExports",
                    found: `${text}, and no log group before it`,
                    allowed: `a LogGroup /aws/rds/instance/IDENTIFIER/${text} that is there before`,
                    fix,
                };
            }
        }
    }
}

function* fixedDisks(view: PlanView): Generator<Finding> {
    for (const instance of view.ofType(rds).filter(isPrimary)) {
        const storage = inputOf(instance, "allocatedStorage");
        const limit = inputOf(instance, "maxAllocatedStorage");
        if (storage instanceof UnknownValue || limit instanceof UnknownValue) {
            continue;
        }
        if ((numberOf(limit) ?? 0) <= (numberOf(storage) ?? 0)) {
            yield {
                resource: instance,
                path: "maxAllocatedStorage",
                found: limit ?? "nothing, which means that it does not grow",
                allowed: "more than allocatedStorage",
                fix: "set it: a full disk stops the server",
            };
        }
    }
}
