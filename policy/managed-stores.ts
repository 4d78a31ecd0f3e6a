// Databases and caches that a cloud runs.
import { heldBy, resourceType, tokensWith, type DeletionSwitch } from "../lib/catalogue/index.ts";
import { isExternal, isPrivateWay } from "./external.ts";
import { numberOf, textOf } from "./kubernetes.ts";
import { djangoRoles, examine, type PlanView, type Service } from "./plan-view.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import {
    closed,
    inputOf,
    isGiven,
    isNotTrue,
    isOneOf,
    isTrue,
    listOf,
    unclosed,
    unmet,
    type Setting,
} from "./setting.ts";

const rds = "aws:rds/instance:Instance";
const parameters = "aws:rds/parameterGroup:ParameterGroup";
const elasticache = "aws:elasticache/replicationGroup:ReplicationGroup";
const cloudSql = "gcp:sql/databaseInstance:DatabaseInstance";
const memorystore = "gcp:memorystore/instance:Instance";
const memorystoreRedis = "gcp:redis/instance:Instance";
const digitalOcean = "digitalocean:index/databaseCluster:DatabaseCluster";

const stores = tokensWith(({ role, guards }) => role === "database" || role === "cache" || guards === "database");

/** A copy of another instance has that one's backups and its version. */
const isPrimary = ({ props }: PolicyResource): boolean =>
    props["replicateSourceDb"] === undefined && props["masterInstanceName"] === undefined;
const isPostgres = ({ props }: PolicyResource): boolean => props["engine"] === "pg";

/** A server of databases; not one database in it. */
export function isDatabase({ type, props }: PolicyResource): boolean {
    return resourceType(type, props)?.role === "database";
}

const encrypted: readonly Setting[] = [
    {
        type: rds,
        path: "storageEncrypted",
        byDefault: false,
        holds: isTrue,
        allowed: "true",
        fix: "set it when the instance is created: a change replaces it",
    },
    {
        type: elasticache,
        path: "atRestEncryptionEnabled",
        byDefault: "false for Redis, true for Valkey",
        holds: isTrue,
        allowed: "true",
        fix: "set it when the group is created: a change replaces it",
        asks: ({ props }) => props["engine"] !== "valkey" || props["atRestEncryptionEnabled"] !== undefined,
    },
];

const highlyAvailable: readonly Setting[] = [
    {
        type: rds,
        path: "multiAz",
        byDefault: false,
        holds: isTrue,
        allowed: "true",
        fix: "set it: else the database is down for as long as its zone is, and while it is patched",
        asks: isPrimary,
    },
    {
        type: cloudSql,
        path: "settings.availabilityType",
        byDefault: "ZONAL",
        holds: isOneOf("REGIONAL"),
        allowed: "REGIONAL",
        fix: "set it: else the database is down for as long as its zone is",
        asks: isPrimary,
    },
    {
        type: digitalOcean,
        path: "nodeCount",
        holds: (value) => (numberOf(value) ?? 0) >= 2,
        allowed: "at least 2",
        fix: "add a standby: else the database is down until its only node has been made again",
        asks: isPostgres,
    },
];

const backedUp: readonly Setting[] = [
    {
        type: rds,
        path: "backupRetentionPeriod",
        byDefault: 0,
        holds: (value) => (numberOf(value) ?? 0) >= 7,
        allowed: "at least 7 days; with any, RDS restores to any second of them",
        fix: "set it: by default there is no backup at all",
        asks: isPrimary,
    },
    {
        type: cloudSql,
        path: "settings.backupConfiguration.enabled",
        byDefault: false,
        holds: isTrue,
        allowed: "true",
        fix: "set it: by default there is no backup at all",
        asks: isPrimary,
    },
    {
        type: cloudSql,
        path: "settings.backupConfiguration.pointInTimeRecoveryEnabled",
        byDefault: false,
        holds: isTrue,
        allowed: "true",
        fix: "set it: else a bad migration costs all since last night",
        asks: isPrimary,
    },
    {
        type: cloudSql,
        path: "settings.backupConfiguration.backupRetentionSettings.retainedBackups",
        byDefault: 7,
        holds: (value) => (numberOf(value) ?? 0) >= 7,
        allowed: "at least 7: one is made each day",
        fix: "raise it: some losses are noticed only after a week",
        asks: isPrimary,
    },
    {
        type: cloudSql,
        path: "settings.backupConfiguration.transactionLogRetentionDays",
        byDefault: 7,
        holds: (value) => (numberOf(value) ?? 0) >= 7,
        allowed: "at least 7",
        fix: "raise it: only so far back can a point in time be restored",
        asks: isPrimary,
    },
];

const switching: Readonly<Record<DeletionSwitch["by"], string>> = {
    cloud: "set it: Pulumi's `protect`, or a provider's own switch, stops Pulumi alone; this stops everybody, the console too",
    provider: "set it, or leave it out; the cloud itself offers none, so `protect` is needed too",
};

/** Of what an app cannot do without: the cloud's own switch; where it has none, its provider's. Logs stay by themselves. */
const undeletable: readonly Setting[] = tokensWith(({ holds }) => holds !== undefined && holds !== "logs").flatMap(
    (type) => {
        const { deletion = [] } = resourceType(type)!;
        const ofCloud = deletion.filter(({ by }) => by === "cloud");
        return (ofCloud.length > 0 ? ofCloud : deletion).map(({ path, byDefault, by }) => ({
            type,
            path,
            byDefault,
            holds: isTrue,
            allowed: "true",
            fix: switching[by],
            // A copy can be made again.
            asks: ({ props }: PolicyResource) => heldBy(type, props) !== undefined,
        }));
    },
);

const keptAfterwards: readonly Setting[] = [
    {
        type: rds,
        path: "skipFinalSnapshot",
        byDefault: false,
        holds: isNotTrue,
        allowed: "false, with finalSnapshotIdentifier",
        fix: "remove it: the last snapshot is what is left after a mistake",
        asks: isPrimary,
    },
    {
        type: rds,
        path: "finalSnapshotIdentifier",
        holds: isGiven,
        allowed: "a name that no other snapshot has",
        fix: "set it: without a name the deletion fails",
        asks: (instance) => isPrimary(instance) && instance.props["skipFinalSnapshot"] !== true,
    },
];

const encryptedOnTheWay: readonly Setting[] = [
    {
        type: cloudSql,
        path: "settings.ipConfiguration.sslMode",
        byDefault: "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
        holds: isOneOf("ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"),
        allowed: "ENCRYPTED_ONLY or TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
        fix: "set it: else the server takes passwords in plain text",
    },
    {
        type: elasticache,
        path: "transitEncryptionEnabled",
        byDefault: false,
        holds: isTrue,
        allowed: "true",
        fix: "set it: else cached sessions and the password go over the network in plain text",
    },
    {
        type: elasticache,
        path: "transitEncryptionMode",
        byDefault: "required",
        holds: isOneOf("required"),
        allowed: "required",
        fix: "remove it: with preferred the server takes plain text too",
    },
    {
        type: memorystore,
        path: "transitEncryptionMode",
        byDefault: "TRANSIT_ENCRYPTION_DISABLED",
        holds: isOneOf("SERVER_AUTHENTICATION"),
        allowed: "SERVER_AUTHENTICATION",
        fix: "set it when the instance is created: a change replaces it",
    },
    {
        type: memorystoreRedis,
        path: "transitEncryptionMode",
        byDefault: "DISABLED",
        holds: isOneOf("SERVER_AUTHENTICATION"),
        allowed: "SERVER_AUTHENTICATION",
        fix: "set it when the instance is created: a change replaces it",
    },
];

const pinned: readonly Setting[] = [
    {
        type: rds,
        path: "engineVersion",
        holds: isGiven,
        allowed: "a version, for example 17.6",
        fix: "set it: else AWS takes its newest, and two environments differ",
        asks: isPrimary,
    },
    {
        type: elasticache,
        path: "engineVersion",
        holds: isGiven,
        allowed: "a version, for example 8.0",
        fix: "set it: else AWS takes its newest, and two environments differ",
    },
    {
        type: cloudSql,
        path: "databaseVersion",
        holds: isGiven,
        allowed: "a version, for example POSTGRES_17",
        fix: "set it",
    },
    {
        type: cloudSql,
        path: "settings.edition",
        byDefault: "ENTERPRISE_PLUS from POSTGRES_16 on, which refuses this tier",
        holds: isOneOf("ENTERPRISE"),
        allowed: "ENTERPRISE for shared-core and custom tiers",
        fix: "set it, or take a tier db-perf-optimized-N-*",
        asks: (instance) => /^db-(f1|g1|custom)-/.test(textOf(inputOf(instance, "settings.tier")) ?? ""),
    },
    {
        type: memorystore,
        path: "engineVersion",
        holds: isGiven,
        allowed: "a version, for example VALKEY_8_0",
        fix: "set it",
    },
    {
        type: memorystoreRedis,
        path: "redisVersion",
        holds: isGiven,
        allowed: "a version, for example REDIS_7_2",
        fix: "set it",
    },
    {
        type: digitalOcean,
        path: "version",
        holds: isGiven,
        allowed: "a version, for example 17",
        fix: "set it: else two environments differ",
    },
];

export const managedStoreRules: readonly Rule[] = [
    rule("R58", "a managed database is encrypted and private, in production highly available", function* (view) {
        yield* unmet(view, [...encrypted, ...closed(stores)]);
        yield* unclosed(view, stores);
        yield* inAnotherNetwork(view);
        if (view.environmentKind === "production") {
            yield* unmet(view, highlyAvailable);
        }
    }),
    rule("R59", "a managed database has 7 days of backups and recovery to a point in time", function* (view) {
        if (!view.isThrownAway) {
            yield* unmet(view, backedUp);
        }
    }),
    rule("R60", "in production the cloud itself refuses to delete databases and clusters", function* (view) {
        if (view.environmentKind === "production") {
            yield* unmet(view, undeletable);
        }
    }),
    rule("R61", "in production a deleted database leaves a snapshot or its backups", function* (view) {
        if (view.environmentKind === "production") {
            yield* unmet(view, keptAfterwards);
            yield* nothingLeft(view);
        }
    }),
    rule("R62", "stores outside the cluster enforce TLS, and clients verify the CA", function* (view) {
        yield* unmet(view, encryptedOnTheWay);
        yield* plainRds(view);
        yield* unverified(view);
    }),
    rule("R63", "a managed store's version is pinned, and no major upgrade comes by itself", function* (view) {
        yield* unmet(view, pinned);
        yield* strangeFamily(view);
    }),
];

function* inAnotherNetwork(view: PlanView): Generator<Finding> {
    for (const cluster of view.ofType(digitalOcean)) {
        if (cluster.props["privateNetworkUuid"] === undefined) {
            yield {
                resource: cluster,
                path: "privateNetworkUuid",
                found: "nothing, which means the region's default VPC",
                allowed: "the VPC of the cluster",
                fix: "set it when the database is created: a change replaces it",
            };
        }
    }
}

function* nothingLeft(view: PlanView): Generator<Finding> {
    for (const instance of view.ofType(cloudSql).filter(isPrimary)) {
        const kept = inputOf(instance, "settings.retainBackupsOnDelete");
        const final = inputOf(instance, "settings.finalBackupConfig.enabled");
        if (![kept, final].some((value) => value === true || value instanceof UnknownValue)) {
            yield {
                resource: instance,
                path: "settings.finalBackupConfig.enabled",
                found: final ?? "nothing, which means that backups go with the instance",
                allowed: "true, or settings.retainBackupsOnDelete",
                fix: "set one: the last backup is what is left after a mistake",
            };
        }
    }
}

function* plainRds(view: PlanView): Generator<Finding> {
    for (const instance of view.ofType(rds)) {
        const group = groupOf(view, instance);
        const forced = listOf(group?.props["parameters"])
            .map((parameter) => parameter as { readonly name?: unknown; readonly value?: unknown })
            .find(({ name }) => name === "rds.force_ssl")?.value;
        // From PostgreSQL 15 on, RDS itself sets it.
        const byDefault = (majorOf(instance.props["engineVersion"]) ?? 0) >= 15 ? "1" : "0";
        const value = forced === undefined ? byDefault : numberOf(forced)?.toString();
        if (!(forced instanceof UnknownValue) && value !== "1") {
            yield {
                resource: group ?? instance,
                path: group === undefined ? "parameterGroupName" : "parameters",
                found:
                    forced === undefined
                        ? "no rds.force_ssl, which means 0 before PostgreSQL 15"
                        : `rds.force_ssl = ${value}`,
                allowed: 'rds.force_ssl = "1"',
                fix: "set it in the instance's parameter group: else the server takes passwords in plain text",
            };
        }
    }
}

/** Pods that are told of a database outside the cluster, and do not look whose certificate it shows. */
function* unverified(view: PlanView): Generator<Finding> {
    for (const workload of view.withRole(...djangoRoles)) {
        for (const container of workload.containers) {
            const environment = view.environmentOf(workload, container);
            const host = [...environment].find(([name]) => name.endsWith("DB_HOST"));
            const service = host && view.serviceAt(examine(host[1], (text) => text) ?? "", workload.namespace);
            // A Service that selects pods, or leads to one of another namespace, stays within the cluster.
            if (
                host === undefined ||
                service === undefined ||
                service.spec.selector !== undefined ||
                leadsToService(service)
            ) {
                continue;
            }
            const variable = host[0].replace(/HOST$/, "SSLMODE");
            const mode = environment.get(variable);
            const found = examine(mode, (text) => text);
            if (mode === undefined || (found !== undefined && !/^verify-(ca|full)$/.test(found))) {
                yield {
                    resource: workload.resource,
                    path: `${container.path}.envFrom`,
                    found: `${variable}=${found ?? ""} for ${service.name}, which is outside the cluster`,
                    allowed: "verify-ca or verify-full",
                    fix: "database.tls: { mode: verify-full }, or verify-ca with the ca that signed its certificate: encrypted to whoever answers is not private",
                    // On a network of one's own, a server of others is as it is.
                    advice: isExternal(service) && isPrivateWay(view, service),
                };
            }
        }
    }
}

function leadsToService({ spec }: Service): boolean {
    return /\.svc(\.cluster\.local)?$/.test(textOf(spec.externalName) ?? "");
}

function* strangeFamily(view: PlanView): Generator<Finding> {
    for (const instance of view.ofType(rds).filter(isPrimary)) {
        const group = groupOf(view, instance);
        const family = textOf(group?.props["family"]);
        const major = majorOf(instance.props["engineVersion"]);
        if (
            group !== undefined &&
            family !== undefined &&
            major !== undefined &&
            majorOf(family.replace(/^\D+/, "")) !== major
        ) {
            yield {
                resource: group,
                path: "family",
                found: `${family}, for version ${textOf(instance.props["engineVersion"])}`,
                allowed: `the family of major version ${major}`,
                fix: "derive it from the version: AWS refuses the pair, half-way through the update",
            };
        }
    }
}

/** The instance's own parameter group, when the stack creates it. */
function groupOf(view: PlanView, { dependencies }: PolicyResource): PolicyResource | undefined {
    return view.ofType(parameters).find(({ urn }) => dependencies.includes(urn));
}

function majorOf(version: unknown): number | undefined {
    return numberOf(/^(\d+)/.exec(textOf(version) ?? "")?.[1]);
}
