// PostgreSQL that AWS runs, with private addresses, encrypted on disk and on the way.
import * as pulumi from "@pulumi/pulumi";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { Instance, type InstanceArgs } from "@pulumi/aws/rds/instance.js";
import { ParameterGroup } from "@pulumi/aws/rds/parameterGroup.js";
import { InstanceAutomatedBackupsReplication } from "@pulumi/aws/rds/instanceAutomatedBackupsReplication.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import { RandomId } from "@pulumi/random/randomId.js";
import type { RetentionDays } from "../../../lib/aws-log-retention.ts";
import { cloudName } from "../../../lib/cloud-name.ts";
import { reaches, type Labels } from "../../../lib/labels.ts";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy, Placement } from "../../contract.ts";
import { storeFirewall, type AwsStoreNetwork } from "../../network/aws/store-firewall.ts";
import { externalStore } from "../../network/external-store.ts";
import { givenOrGenerated } from "../../password/password.ts";
import { connectionLimit } from "../connection-limit.ts";
import { inPlaceOf } from "../../variants.ts";
import { serversOf, sourceOf, utc, type ServerPlan, type ServerRestore } from "../restore.ts";
import { replicaName, type Database, type ReadReplica } from "../contract.ts";

/** `aws-managed` is the account's own key `aws/rds`. None of them can be changed once the instance is there. */
export type RdsEncryption =
    | { readonly variant: "aws-managed" }
    | { readonly variant: "create" }
    | { readonly variant: "existing"; readonly keyArn: string };

export interface CreatedRdsServer {
    readonly variant: "create";
    /** `17`: AWS takes newer minor versions in the maintenance window. `17.6`: that one and no other (R63). */
    readonly version: string;
    /** Whether a change of the major version in `version` is carried out. */
    readonly majorUpgrade: boolean;
    /** For example `db.t4g.small`. */
    readonly instanceClass: string;
    /** GiB; grows in place, never shrinks. */
    readonly storage: number;
    /** GiB that the storage grows to by itself; 0 for not at all. */
    readonly storageLimit: number;
    /** A standby in another zone, that takes over by itself. */
    readonly multiAz: boolean;
    readonly maxConnections: number;
    /** Days that backups are kept, and so how far back a point in time can be restored; 0 for no backups. */
    readonly backupDays: number;
    /** A second instance that may only be read; needs backups. */
    readonly readReplica: boolean;
    /** Backups, with the same points in time, in another region too. @default none */
    readonly backupCopy?: { readonly region: string; readonly days: number };
    readonly network: AwsStoreNetwork;
    readonly encryption: RdsEncryption;
    /** Changes that restart the server happen now, not in the next maintenance window. */
    readonly applyImmediately: boolean;
    /** Milliseconds from which on a statement is logged; -1 for none. */
    readonly slowStatements: number;
    /** Days that the server's log is kept. */
    readonly logDays: RetentionDays;
    /** Seconds between two measurements of the operating system; 0 for none. */
    readonly monitoringInterval: number;
    /** What is measured inside the server: seven days for free, or fifteen months for a price per processor. */
    readonly insights: "none" | "standard" | "advanced";
    readonly iamAuthentication: boolean;
    /** UTC, for example `01:00-02:00`. @default AWS chooses one */
    readonly backupWindow?: string;
    /** UTC, for example `sun:03:00-sun:04:00`. @default AWS chooses one */
    readonly maintenanceWindow?: string;
    /** The snapshot that is made when the instance is deleted, but for a random end. @default `<instance>-<identifier>-final` */
    readonly finalSnapshot?: string;
    /** A second instance with data of an earlier moment, used instead of the first. @default none */
    readonly restore?: ServerRestore;
    /** Arguments of aws.rds.Instance, over ours. */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** An instance that is there, with a database and a role on it; nothing of it is changed. */
export interface ExistingRdsServer {
    readonly variant: "existing";
    /** Its endpoint's name. */
    readonly address: string;
    readonly database: string;
    readonly user: string;
    readonly maxConnections: number;
    /** The address ranges of its subnets: what pods may reach. */
    readonly cidrs: readonly string[];
}

export interface RdsDatabaseArgs extends Placement {
    readonly server: CreatedRdsServer | ExistingRdsServer;
    /** The name of a created server's database and of its owner. */
    readonly owner: string;
    /** 8 to 128 printable ASCII characters without `/`, `@`, `"` and spaces. @default generated, which fits no existing server */
    readonly password?: pulumi.Output<string>;
    /** What the server's certificate descends from, as PEM. */
    readonly ca: string;
}

const port = 5432;

/** What the API takes of a password's characters. A colon or hash would be escaped in a URL all the same. */
const special = "!#$%&*()-_=+[]{}<>:?";

type Tags = Readonly<Record<string, string>>;

/** What the server writes, each to a log group of its own. */
const logs = ["postgresql", "upgrade"] as const;

/** What each policy means for AWS (R59-R61, R67, R68). */
const policies: Record<
    DataPolicy,
    Pick<InstanceArgs, "deletionProtection" | "skipFinalSnapshot" | "deleteAutomatedBackups">
> = {
    protected: { deletionProtection: true, skipFinalSnapshot: false, deleteAutomatedBackups: false },
    kept: { deletionProtection: false, skipFinalSnapshot: false, deleteAutomatedBackups: true },
    disposable: { deletionProtection: false, skipFinalSnapshot: true, deleteAutomatedBackups: true },
};

const insights: Record<
    CreatedRdsServer["insights"],
    Pick<InstanceArgs, "databaseInsightsMode" | "performanceInsightsEnabled" | "performanceInsightsRetentionPeriod">
> = {
    none: { databaseInsightsMode: "standard", performanceInsightsEnabled: false },
    standard: {
        databaseInsightsMode: "standard",
        performanceInsightsEnabled: true,
        performanceInsightsRetentionPeriod: 7,
    },
    // The mode wants these fifteen months and no fewer.
    advanced: {
        databaseInsightsMode: "advanced",
        performanceInsightsEnabled: true,
        performanceInsightsRetentionPeriod: 465,
    },
};

const type = "django-on-kubernetes:database:Rds";

export class RdsDatabase extends pulumi.ComponentResource implements Database {
    readonly host: string;
    readonly port: number = port;
    readonly name: string;
    readonly user: string;
    readonly password: pulumi.Output<string>;
    /** The Service's name is not in the certificate. */
    readonly sslMode = "verify-ca";
    readonly ca: pulumi.Output<string>;
    readonly clientLabels: Labels;
    readonly cidrs: readonly string[];
    readonly maxConnections: number;
    readonly replica?: ReadReplica;
    readonly restored?: string;
    /** For alarms. @default it is not made here */
    readonly watched?: {
        readonly identifier: pulumi.Output<string>;
        readonly instanceClass: string;
        /** GiB, when it is made. */
        readonly storage: number;
        readonly grows: boolean;
        readonly maxConnections: number;
    };

    constructor(name: string, args: RdsDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        this.clientLabels = reaches(name);
        const { server, owner } = args;
        this.host = name;
        this.name = server.variant === "create" ? owner : server.database;
        this.user = server.variant === "create" ? owner : server.user;
        this.cidrs = server.variant === "create" ? server.network.cidrs : server.cidrs;
        this.maxConnections = server.maxConnections;
        this.ca = pulumi.output(args.ca);
        this.password = givenOrGenerated(`${name}-password`, args.password, { parent: this }, 32, special);

        const made = server.variant === "create" ? this.createServer(name, args, server) : undefined;
        if (made !== undefined && server.variant === "create") {
            const { instanceClass, storage, storageLimit, maxConnections } = server;
            const grows = storageLimit > storage;
            this.watched = { identifier: made.primary.identifier, instanceClass, storage, grows, maxConnections };
        }
        const address = server.variant === "existing" ? server.address : made!.primary.address;
        externalStore(
            name,
            {
                ...args,
                component: "database",
                address: { name: address },
                port,
                cidrs: this.cidrs,
                clients: this.clientLabels,
                ...(server.variant === "existing" && { annotations: connectionLimit(server) }),
            },
            { parent: this },
        );
        if (made?.replica !== undefined) {
            this.replica = this.openReplica(name, args, made.replica);
        }

        if (server.variant === "create" && server.restore !== undefined) {
            this.restored = serversOf(name, name, server.restore).current.name;
        }

        this.registerOutputs({ host: this.host, port: this.port });
    }

    /** Reached under a name of its own, by pods that carry a label of its own: who goes through a pooler has none of the server's. */
    private openReplica(name: string, args: RdsDatabaseArgs, replica: Instance): ReadReplica {
        const host = replicaName(name);
        const clientLabels = reaches(host);
        externalStore(
            host,
            {
                ...args,
                component: "database",
                address: { name: replica.address },
                port,
                cidrs: this.cidrs,
                clients: clientLabels,
            },
            { parent: this },
        );
        return { host, port, name: this.name, sslMode: this.sslMode, ca: this.ca, clientLabels };
    }

    private createServer(
        name: string,
        { data, instance }: Placement,
        server: CreatedRdsServer,
    ): { readonly primary: Instance; readonly replica?: Instance } {
        const { encryption, network } = server;
        const tags = { Name: `${instance}-${name}` };
        const firewall = storeFirewall(name, { network, port, tags }, { parent: this });
        const subnets = new SubnetGroup(
            `${name}-subnets`,
            { subnetIds: [...network.subnetIds], tags },
            { parent: this },
        );
        const key = encryption.variant === "create" ? this.createKey(name, data, tags).arn : undefined;
        const kmsKeyId = encryption.variant === "existing" ? encryption.keyArn : key;
        const monitoring = server.monitoringInterval === 0 ? undefined : this.createMonitoring(name, tags);
        const common = commonArgs(server, {
            kmsKeyId,
            firewall: firewall.id,
            parameters: this.createParameters(name, server, tags).name,
            monitoringRole: monitoring?.role.arn,
            tags,
        });
        const shared = { subnets: subnets.name, common, tags, ...(monitoring && { monitoring }) };
        const { current, original } = serversOf(name, `${name}-server`, server.restore);
        const before = original && this.createInstance(original, { data, instance }, server, shared);
        const source = sourceOf(current.name, server.restore, before?.identifier);
        const primary = this.createInstance(current, { data, instance }, server, shared, source);
        return {
            primary,
            ...(server.readReplica && {
                replica: this.createReplica(replicaName(current.prefix), data, primary, server, common, monitoring),
            }),
        };
    }

    /** @param source of one that is restored: what AWS calls the instance that its data was in */
    private createInstance(
        { name, prefix, origin, unlocked }: ServerPlan,
        { data, instance }: Pick<Placement, "data" | "instance">,
        server: CreatedRdsServer,
        shared: SharedByInstances,
        source: pulumi.Input<string> = `${name}-is-gone`,
    ): Instance {
        const { common, monitoring } = shared;
        const { identifier: chosenName, ...native } = server.native ?? {};
        const chosen = origin === undefined ? (chosenName as string | undefined) : undefined;
        const place = this.createPlace(name, data, server.logDays, chosen);
        const restored = origin !== undefined;
        // One of another server may have another key, and keeps it.
        const { kmsKeyId, performanceInsightsKmsKeyId, ...others } = common;
        const itsOwn = origin === undefined || ("at" in origin && server.restore?.from === undefined);
        const keys = itsOwn ? { kmsKeyId, performanceInsightsKmsKeyId } : {};
        const made = new Instance(
            name,
            withNative(
                {
                    ...others,
                    ...keys,
                    identifier: place.identifier,
                    engine: "postgres",
                    engineVersion: server.version,
                    allowMajorVersionUpgrade: server.majorUpgrade,
                    // Refuses a version that is out of support; AWS enrolls whoever says nothing, at a price by processor (R91).
                    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
                    allocatedStorage: server.storage,
                    ...(origin === undefined ? { dbName: this.name, username: this.user } : originArgs(origin, source)),
                    password: this.password,
                    dbSubnetGroupName: shared.subnets,
                    multiAz: server.multiAz,
                    backupRetentionPeriod: server.backupDays,
                    backupWindow: server.backupWindow,
                    copyTagsToSnapshot: true,
                    ...policies[data],
                    ...(unlocked && { deletionProtection: false }),
                    finalSnapshotIdentifier:
                        data === "disposable"
                            ? undefined
                            : restored
                              ? pulumi.output(place.identifier).apply((one) => finalSnapshot(instance, one))
                              : this.finalSnapshotOf(name, instance, server, place.identifier),
                } satisfies InstanceArgs as InstanceArgs,
                restored ? native : server.native,
            ),
            {
                parent: this,
                protect: data === "protected" && !unlocked,
                // RDS looks at what the role may do when it is named.
                dependsOn: [...place.logs, ...(monitoring === undefined ? [] : [monitoring.permission])],
                // What an instance is at its birth: one of an earlier release keeps its name, and AWS changes its enrolment by no call,
                // though the provider tries at each update (hashicorp/terraform-provider-aws#40870).
                ignoreChanges: [
                    "engineLifecycleSupport",
                    ...(chosen === undefined ? ["identifier"] : []),
                    ...(restored ? ["restoreToPointInTime", "snapshotIdentifier"] : []),
                ],
                // Two cannot have one name.
                deleteBeforeReplace: true,
            },
        );
        if (server.backupCopy !== undefined) {
            this.createBackupCopy(`${prefix}-copy`, data, made, server.backupCopy, shared.tags);
        }
        return made;
    }

    /**
     * What the server leaves when it is deleted. A name that is chosen, or made of a chosen identifier, gets a random end of its own: a
     * stack that is made and destroyed again would stop at the first one's snapshot.
     */
    private finalSnapshotOf(
        name: string,
        instance: string,
        { finalSnapshot: chosen, native }: CreatedRdsServer,
        identifier: pulumi.Input<string>,
    ): pulumi.Input<string> {
        const named = native?.["identifier"] as string | undefined;
        if (chosen === undefined && named === undefined) {
            return pulumi.output(identifier).apply((one) => finalSnapshot(instance, one));
        }
        const prefix = `${chosen ?? finalSnapshot(instance, named!)}-`;
        return new RandomId(`${name}-final-snapshot`, { byteLength: 4, prefix }, { parent: this }).hex;
    }

    /** In the same network and with the same parameters; AWS patches it before its source, and makes no backups of it. */
    private createReplica(
        name: string,
        data: DataPolicy,
        primary: Instance,
        { logDays }: CreatedRdsServer,
        common: Pick<InstanceArgs, "instanceClass">,
        monitoring: { readonly permission: pulumi.Resource } | undefined,
    ): Instance {
        const place = this.createPlace(name, data, logDays);
        return new Instance(
            name,
            {
                ...common,
                identifier: place.identifier,
                replicateSourceDb: primary.identifier,
                // Nothing is lost with a copy.
                skipFinalSnapshot: true,
                deletionProtection: false,
            },
            {
                parent: this,
                dependsOn: [...place.logs, ...(monitoring === undefined ? [] : [monitoring.permission])],
                deleteBeforeReplace: true,
            },
        );
    }

    /**
     * An instance's name, and its log groups, made before it: groups that RDS makes keep everything for ever, and are nobody's when the
     * instance is gone (R88).
     *
     * @param chosen the name, where the settings have it. @default one with a random end
     */
    private createPlace(
        name: string,
        data: DataPolicy,
        retentionInDays: RetentionDays,
        chosen?: string,
    ): { readonly identifier: pulumi.Input<string>; readonly logs: LogGroup[] } {
        const identifier =
            chosen ??
            new RandomId(`${name}-identifier`, { byteLength: 4, prefix: identifierPrefix(name) }, { parent: this }).hex;
        return {
            identifier,
            logs: logs.map(
                (log) =>
                    new LogGroup(
                        `${name}-log-${log}`,
                        {
                            name: pulumi.interpolate`/aws/rds/instance/${identifier}/${log}`,
                            retentionInDays,
                            // It tells why the instance is gone.
                            skipDestroy: data === "protected",
                        },
                        { parent: this },
                    ),
            ),
        };
    }

    /** Encrypted by a key of that region: one of this region's cannot be used there. */
    private createBackupCopy(
        name: string,
        data: DataPolicy,
        primary: Instance,
        { region, days }: NonNullable<CreatedRdsServer["backupCopy"]>,
        tags: Tags,
    ): void {
        const key = this.createKey(name, data, tags, region);
        new InstanceAutomatedBackupsReplication(
            name,
            { sourceDbInstanceArn: primary.arn, retentionPeriod: days, kmsKeyId: key.arn, region },
            { parent: this },
        );
    }

    /** Its family cannot be changed: a major version gets a group of its own, made before the old one goes. */
    private createParameters(
        name: string,
        { version, maxConnections, slowStatements }: CreatedRdsServer,
        tags: Tags,
    ): ParameterGroup {
        return new ParameterGroup(
            `${name}-parameters`,
            {
                family: `postgres${version.split(".")[0]!}`,
                parameters: [
                    // These two are read when the server starts; any other method is refused, or differs from AWS's own for ever.
                    { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
                    { name: "max_connections", value: String(maxConnections), applyMethod: "pending-reboot" },
                    { name: "log_lock_waits", value: "1", applyMethod: "immediate" },
                    // Values that are sent beside a statement are people's data, and a log is read by more people than a table.
                    { name: "log_parameter_max_length", value: "0", applyMethod: "immediate" },
                    // -1 is what it is without being named; naming it then would differ from AWS's own method for ever.
                    ...(slowStatements < 0
                        ? []
                        : [
                              {
                                  name: "log_min_duration_statement",
                                  value: String(slowStatements),
                                  applyMethod: "immediate",
                              },
                          ]),
                ],
                tags,
            },
            { parent: this },
        );
    }

    /** It outlives the stack unless all is thrown away: without it, nobody can read the final snapshot. */
    private createKey(name: string, data: DataPolicy, tags: Tags, region?: string): Key {
        return new Key(
            `${name}-key`,
            {
                description: "Encrypts a database of django-on-kubernetes and its backups",
                enableKeyRotation: true,
                deletionWindowInDays: data === "disposable" ? 7 : 30,
                ...(region !== undefined && { region }),
                tags,
            },
            { parent: this, protect: data === "protected", retainOnDelete: data !== "disposable" },
        );
    }

    private createMonitoring(name: string, tags: Tags): { readonly role: Role; readonly permission: pulumi.Resource } {
        const role = new Role(
            `${name}-monitoring`,
            {
                assumeRolePolicy: JSON.stringify({
                    Version: "2012-10-17",
                    Statement: [
                        {
                            Effect: "Allow",
                            Principal: { Service: "monitoring.rds.amazonaws.com" },
                            Action: "sts:AssumeRole",
                        },
                    ],
                }),
                tags,
            },
            { parent: this },
        );
        const permission = new RolePolicyAttachment(
            `${name}-monitoring-policy`,
            { role: role.name, policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole" },
            { parent: this },
        );
        return { role, permission };
    }
}

interface SharedByInstances {
    readonly subnets: pulumi.Input<string>;
    readonly common: ReturnType<typeof commonArgs>;
    readonly monitoring?: { readonly role: Role; readonly permission: pulumi.Resource };
    readonly tags: Tags;
}

/** A snapshot has its own name, and a moment is one of an instance, or of the backups that a deleted one left. */
function originArgs(
    origin: ServerRestore["what"],
    source: pulumi.Input<string>,
): Pick<InstanceArgs, "snapshotIdentifier" | "restoreToPointInTime"> {
    if ("backup" in origin) {
        return { snapshotIdentifier: origin.backup };
    }
    const left = typeof source === "string" && source.startsWith("arn:");
    return {
        restoreToPointInTime: {
            ...(left ? { sourceDbInstanceAutomatedBackupsArn: source } : { sourceDbInstanceIdentifier: source }),
            ...(origin.at === "latest" ? { useLatestRestorableTime: true } : { restoreTime: utc(origin.at) }),
        },
    };
}

/** What an instance and its copy have in common. */
function commonArgs(
    server: CreatedRdsServer,
    made: {
        readonly kmsKeyId: pulumi.Input<string> | undefined;
        readonly firewall: pulumi.Input<string>;
        readonly parameters: pulumi.Input<string>;
        readonly monitoringRole: pulumi.Input<string> | undefined;
        readonly tags: Tags;
    },
) {
    const measured = server.insights !== "none" && made.kmsKeyId !== undefined;
    return {
        instanceClass: server.instanceClass,
        // A pinned minor version that AWS raised would be a downgrade at the next `up`, which fails.
        autoMinorVersionUpgrade: !server.version.includes("."),
        maxAllocatedStorage: server.storageLimit,
        storageType: "gp3",
        storageEncrypted: true,
        kmsKeyId: made.kmsKeyId,
        port,
        vpcSecurityGroupIds: [made.firewall],
        publiclyAccessible: false,
        parameterGroupName: made.parameters,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        iamDatabaseAuthenticationEnabled: server.iamAuthentication,
        maintenanceWindow: server.maintenanceWindow,
        // An upgrade that waits for the maintenance window leaves the old parameter group in use, whose deletion then fails.
        applyImmediately: server.applyImmediately || server.majorUpgrade,
        enabledCloudwatchLogsExports: [...logs],
        monitoringInterval: server.monitoringInterval,
        monitoringRoleArn: made.monitoringRole,
        ...insights[server.insights],
        performanceInsightsKmsKeyId: measured ? made.kmsKeyId : undefined,
        tags: made.tags,
    } satisfies Partial<InstanceArgs>;
}

/** At most 63 characters with the random end, and no two hyphens in a row. */
function identifierPrefix(name: string): string {
    return `${cloudName([name], 54)}-`.replace(/-{2,}/g, "-");
}

/**
 * With the identifier's random end: no two snapshots have one name, and an environment that is made and destroyed again would stop at the
 * second deletion. The API takes no two hyphens in a row.
 */
function finalSnapshot(instance: string, identifier: string): string {
    return cloudName([instance, identifier, "final"], 255).replace(/-{2,}/g, "-");
}
