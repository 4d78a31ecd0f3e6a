// Cloud SQL for PostgreSQL with a private address, or a database of one's own on an instance that is there.
import * as pulumi from "@pulumi/pulumi";
import { Database as CloudSqlSchema } from "@pulumi/gcp/sql/database.js";
import { DatabaseInstance, type DatabaseInstanceArgs } from "@pulumi/gcp/sql/databaseInstance.js";
import { User } from "@pulumi/gcp/sql/user.js";
import {
    cloudSqlTier,
    defaultMaxConnections,
    type CloudSqlDisk,
    type CloudSqlEdition,
} from "../../../lib/cloud-sql-tiers.ts";
import { costLabel } from "../../../lib/cost-label.ts";
import { reaches, type Labels } from "../../../lib/labels.ts";
import { withNative } from "../../../lib/native.ts";
import { bytes, type ByteQuantity } from "../../../lib/quantities.ts";
import type { DataPolicy, Placement } from "../../contract.ts";
import { externalStore } from "../../network/external-store.ts";
import { givenOrGenerated } from "../../password/password.ts";
import { connectionLimit } from "../connection-limit.ts";
import { serversOf, sourceOf, utc, type ServerPlan, type ServerRestore } from "../restore.ts";
import { replicaName, type Database, type ReadReplica } from "../contract.ts";
import type { PostgresVersion } from "../versions.ts";
import { inPlaceOf } from "../../variants.ts";

export interface CloudSqlDatabaseArgs extends Placement {
    readonly server: CreatedCloudSqlServer | ExistingCloudSqlServer;
    /** The name of the database and of its owner. */
    readonly owner: string;
    /** @default generated */
    readonly password?: pulumi.Output<string>;
}

export interface CreatedCloudSqlServer {
    readonly variant: "create";
    readonly region: string;
    /** `projects/P/global/networks/N`, with a connection for private services. */
    readonly network: pulumi.Input<string>;
    /** That connection, when it is made by the same stack. */
    readonly privateServices?: pulumi.Resource;
    /** A higher one upgrades the instance in place, with an outage of minutes (R63). */
    readonly version: PostgresVersion;
    readonly edition: CloudSqlEdition;
    readonly tier: string;
    /** @default "regional" for protected data, else "zonal" */
    readonly availability?: "regional" | "zonal";
    /** The disk's least size: more makes it grow at once. It grows by itself too, and never shrinks. */
    readonly storage: ByteQuantity;
    readonly storageType: CloudSqlDisk;
    /** What it grows to at most. @default ten times `storage` */
    readonly storageLimit?: ByteQuantity;
    /** @default what Cloud SQL gives the tier's memory */
    readonly maxConnections?: number;
    /** Further flags of the server by their names. */
    readonly flags: Readonly<Record<string, string>>;
    readonly iamAuthentication: boolean;
    /** A second instance that may only be read. */
    readonly readReplica: boolean;
    readonly backups: {
        readonly retained: number;
        /** UTC, `HH:MM`. */
        readonly startTime: string;
        /** Days that a point in time may lie back: 7 at most with the edition enterprise, 35 with enterprise-plus. */
        readonly logDays: number;
        /** @default the multi-region that the instance's region is in */
        readonly location?: string;
    };
    readonly maintenance: {
        /** 1 is Monday. */
        readonly day: number;
        /** UTC. */
        readonly hour: number;
        readonly track: "canary" | "stable" | "week5";
        /** When there is none, each year: `MM-DD` to `MM-DD`, 90 days at most. @default there is always */
        readonly denied?: { readonly from: string; readonly to: string };
    };
    /** `projects/P/locations/R/keyRings/K/cryptoKeys/N`, which Cloud SQL's service agent may use. @default a key of Google's */
    readonly encryptionKey?: string;
    /** A second instance with data of an earlier moment, used instead of the first. @default none */
    readonly restore?: ServerRestore;
    /** Arguments of the DatabaseInstance, over all others. */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** Only a database and a user are made on it. */
export interface ExistingCloudSqlServer {
    readonly variant: "existing";
    /** The instance's name in the provider's project. */
    readonly name: string;
    /** Its private address. */
    readonly address: string;
    /** Its server CA, PEM. */
    readonly ca: string;
    readonly maxConnections: number;
}

/** What is the same for a server that was made and one that was there. */
interface Server {
    /** When it was made here. */
    readonly instance?: DatabaseInstance;
    /** How it was made here. */
    readonly plan?: ServerPlan;
    readonly name: pulumi.Input<string>;
    readonly address: pulumi.Output<string>;
    readonly ca: pulumi.Output<string>;
    readonly replica?: DatabaseInstance;
}

const port = 5432;

/** Days that the backup of the last moment is kept for. */
const finalBackupDays: Record<DataPolicy, number | undefined> = { protected: 30, kept: 7, disposable: undefined };

const editions: Record<CloudSqlEdition, string> = { enterprise: "ENTERPRISE", "enterprise-plus": "ENTERPRISE_PLUS" };
const disks: Record<CloudSqlDisk, string> = {
    ssd: "PD_SSD",
    hdd: "PD_HDD",
    "hyperdisk-balanced": "HYPERDISK_BALANCED",
};

const type = "django-on-kubernetes:database:CloudSql";

export class CloudSqlDatabase extends pulumi.ComponentResource implements Database {
    readonly host: string;
    readonly port: number = port;
    readonly name: string;
    readonly user: string;
    readonly password: pulumi.Output<string>;
    // The Service's name is not in the server's certificate; its CA is the instance's own, so no other server passes.
    readonly sslMode = "verify-ca";
    readonly ca: pulumi.Output<string>;
    readonly clientLabels: Labels;
    readonly cidrs: pulumi.Output<string[]>;
    readonly maxConnections: number;
    readonly replica?: ReadReplica;
    readonly restored?: string;
    /** For alarms. @default it is not made here */
    readonly watched?: {
        /** `project:instance`. */
        readonly databaseId: pulumi.Output<string>;
        readonly maxConnections: number;
        readonly regional: boolean;
    };

    constructor(name: string, args: CloudSqlDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        this.clientLabels = reaches(name);
        this.host = name;
        this.name = args.owner;
        this.user = args.owner;
        this.maxConnections = maxConnectionsOf(args.server);
        this.password = givenOrGenerated(`${name}-password`, args.password, { parent: this });

        const server =
            args.server.variant === "create" ? this.createServer(name, args, args.server) : existingServer(args.server);
        if (server.instance !== undefined) {
            const { project, name: instanceName } = server.instance;
            this.watched = {
                databaseId: pulumi.interpolate`${project}:${instanceName}`,
                maxConnections: this.maxConnections,
                regional: args.server.variant === "create" && isRegional(args, args.server),
            };
        }
        this.ca = server.ca;
        this.cidrs = server.address.apply((address) => [`${address}/32`]);
        this.createDatabase(server.plan?.prefix ?? name, args, server);
        externalStore(
            name,
            {
                ...args,
                component: "database",
                address: { ip: server.address },
                port,
                cidrs: this.cidrs,
                clients: this.clientLabels,
                ...(args.server.variant === "existing" && { annotations: connectionLimit(args.server) }),
            },
            { parent: this },
        );
        if (server.replica !== undefined) {
            this.replica = this.openReplica(name, args, server.replica);
        }

        if (args.server.variant === "create" && args.server.restore !== undefined) {
            this.restored = serversOf(name, name, args.server.restore).current.name;
        }

        this.registerOutputs({ host: this.host, port: this.port });
    }

    private createServer(name: string, args: CloudSqlDatabaseArgs, server: CreatedCloudSqlServer): Server {
        const { current, original } = serversOf(name, `${name}-instance`, server.restore);
        const before = original && this.createInstance(original, args, server);
        if (original !== undefined && before !== undefined) {
            this.createDatabase(original.prefix, args, { ...entranceOf(before), plan: original });
        }
        const source = sourceOf(current.name, server.restore, before?.name);
        const instance = this.createInstance(current, args, server, source);
        return {
            ...entranceOf(instance),
            plan: current,
            ...(server.readReplica && { replica: this.createReplica(current.prefix, args, server, instance) }),
        };
    }

    /** @param source of one that is restored: what Google calls the instance that its data was in */
    private createInstance(
        { name, origin, unlocked }: ServerPlan,
        args: CloudSqlDatabaseArgs,
        server: CreatedCloudSqlServer,
        source: pulumi.Input<string> = `${name}-is-gone`,
    ): DatabaseInstance {
        const { name: _, ...native } = server.native ?? {};
        const ours = instanceArgs(args, server, this.maxConnections, unlocked);
        return new DatabaseInstance(
            name,
            origin === undefined
                ? withNative(ours, server.native)
                : withNative({ ...ours, ...originArgs(origin, source) }, native),
            {
                parent: this,
                protect: args.data === "protected" && !unlocked,
                ...(server.privateServices && { dependsOn: server.privateServices }),
                // What was restored once is not restored again over what was written since.
                ...(origin !== undefined && { ignoreChanges: ["clone", "restoreBackupContext"] }),
            },
        );
    }

    /** It has its source's data, users and flags, and no backups: those are the source's. */
    private createReplica(
        name: string,
        args: CloudSqlDatabaseArgs,
        server: CreatedCloudSqlServer,
        primary: DatabaseInstance,
    ): DatabaseInstance {
        return new DatabaseInstance(
            replicaName(name),
            replicaArgs(args, server, this.maxConnections, primary.name),
            // A source is not deleted while it has copies, also where each would go with it.
            { parent: this, ...(server.privateServices && { dependsOn: server.privateServices }) },
        );
    }

    /** Reached under a name of its own, by pods that carry a label of its own: who goes through a pooler has none of the server's. */
    private openReplica(name: string, args: CloudSqlDatabaseArgs, replica: DatabaseInstance): ReadReplica {
        const host = replicaName(name);
        const clientLabels = reaches(host);
        const address = replica.privateIpAddress;
        externalStore(
            host,
            {
                ...args,
                component: "database",
                address: { ip: address },
                port,
                cidrs: address.apply((ip) => [`${ip}/32`]),
                clients: clientLabels,
            },
            { parent: this },
        );
        // The CA is each instance's own.
        return { host, port, name: this.name, sslMode: this.sslMode, ca: authoritiesOf(replica), clientLabels };
    }

    /** One that was restored has its databases. Its users too, and the user here gives the owner the password of today. */
    private createDatabase(name: string, { owner, data }: CloudSqlDatabaseArgs, server: Server): void {
        // In production not even a changed name drops rows.
        const deletionPolicy = data === "protected" ? "ABANDON" : "DELETE";
        // Dropped one by one just before their instance goes, they would only fail: a connection is open, an object is owned.
        const opts = { parent: this, ...(server.instance && { deletedWith: server.instance }) };
        const user = new User(
            `${name}-owner`,
            { instance: server.name, name: owner, type: "BUILT_IN", password: this.password, deletionPolicy },
            opts,
        );
        if (server.plan?.origin !== undefined) {
            return;
        }
        new CloudSqlSchema(
            `${name}-database`,
            { instance: server.name, name: owner, charset: "UTF8", collation: "en_US.UTF8", deletionPolicy },
            // A user who owns objects cannot be deleted, so the database goes first.
            { ...opts, protect: data === "protected" && server.plan?.unlocked !== true, dependsOn: user },
        );
    }
}

function instanceArgs(
    args: CloudSqlDatabaseArgs,
    server: CreatedCloudSqlServer,
    maxConnections: number,
    unlocked: boolean,
): DatabaseInstanceArgs {
    const { data, instance } = args;
    const isProtected = data === "protected";
    const regional = isRegional(args, server);
    const finalDays = finalBackupDays[data];
    const { denied } = server.maintenance;
    return {
        databaseVersion: `POSTGRES_${server.version}`,
        region: server.region,
        deletionProtection: isProtected && !unlocked,
        ...(finalDays !== undefined && { finalBackupDescription: `The last state of ${instance}` }),
        ...(server.encryptionKey !== undefined && { encryptionKeyName: server.encryptionKey }),
        settings: {
            ...commonSettings(args, server, maxConnections),
            // The provider makes it larger in place, and takes less for what the disk has become by itself.
            diskSize: gigabytes(server.storage),
            availabilityType: regional ? "REGIONAL" : "ZONAL",
            deletionProtectionEnabled: isProtected && !unlocked,
            retainBackupsOnDelete: isProtected,
            finalBackupConfig:
                finalDays === undefined ? { enabled: false } : { enabled: true, retentionDays: finalDays },
            // A standby and a copy need backups and logs, whatever the data is worth.
            backupConfiguration:
                data === "disposable" && !regional && !server.readReplica ? noBackups : backupsOf(server),
            maintenanceWindow: {
                day: server.maintenance.day,
                hour: server.maintenance.hour,
                updateTrack: server.maintenance.track,
            },
            ...(denied !== undefined && {
                denyMaintenancePeriod: { startDate: denied.from, endDate: denied.to, time: "00:00:00" },
            }),
        },
    };
}

/** A moment is one of an instance, which is copied as it was then; a backup is read into a new one. */
function originArgs(
    origin: ServerRestore["what"],
    source: pulumi.Input<string>,
): Pick<DatabaseInstanceArgs, "clone" | "restoreBackupContext"> {
    return "backup" in origin
        ? { restoreBackupContext: { backupRunId: Number(origin.backup), instanceId: source } }
        : { clone: { sourceInstanceName: source, ...(origin.at !== "latest" && { pointInTime: utc(origin.at) }) } };
}

function entranceOf(instance: DatabaseInstance): Server & { readonly instance: DatabaseInstance } {
    return { instance, name: instance.name, address: instance.privateIpAddress, ca: authoritiesOf(instance) };
}

/**
 * A copy of the same machine: a smaller one falls behind, and with fewer connections PostgreSQL does not start as a copy. Its disk is as
 * large as its source's, which has grown by itself.
 */
function replicaArgs(
    args: CloudSqlDatabaseArgs,
    server: CreatedCloudSqlServer,
    maxConnections: number,
    primary: pulumi.Input<string>,
): DatabaseInstanceArgs {
    return {
        databaseVersion: `POSTGRES_${server.version}`,
        region: server.region,
        masterInstanceName: primary,
        // Nothing is lost with a copy.
        deletionProtection: false,
        ...(server.encryptionKey !== undefined && { encryptionKeyName: server.encryptionKey }),
        settings: {
            ...commonSettings(args, server, maxConnections),
            availabilityType: "ZONAL",
            deletionProtectionEnabled: false,
        },
    };
}

/** What an instance and its copy have in common. */
function commonSettings({ instance }: CloudSqlDatabaseArgs, server: CreatedCloudSqlServer, maxConnections: number) {
    const storage = gigabytes(server.storage);
    return {
        tier: server.tier,
        // From PostgreSQL 16 on the API takes ENTERPRISE_PLUS when none is given.
        edition: editions[server.edition],
        diskType: disks[server.storageType],
        diskAutoresize: true,
        diskAutoresizeLimit:
            server.storageLimit === undefined ? defaultLimit(storage, server.tier) : gigabytes(server.storageLimit),
        ipConfiguration: {
            ipv4Enabled: false,
            privateNetwork: server.network,
            // Encrypted, without certificates of clients: they have passwords (R62).
            sslMode: "ENCRYPTED_ONLY",
            // A CA of this instance alone: with a shared one, verify-ca would accept the server of a stranger.
            serverCaMode: "GOOGLE_MANAGED_INTERNAL_CA",
        },
        insightsConfig: {
            queryInsightsEnabled: true,
            queryPlansPerMinute: 5,
            queryStringLength: 1024,
            recordApplicationTags: true,
            recordClientAddress: false,
        },
        databaseFlags: flagsOf(server, maxConnections),
        // The provider's default labels do not reach these.
        userLabels: { [costLabel]: instance, instance, component: "database", "managed-by": "pulumi" },
    };
}

/** Several while the CA is rotated: clients have to know the next one before the server uses it. */
function authoritiesOf(instance: DatabaseInstance): pulumi.Output<string> {
    const ca = instance.serverCaCerts.apply((certificates) =>
        certificates.map(({ cert }) => `${cert.trim()}\n`).join(""),
    );
    // The provider marks them secret; certificates are what a server shows to anyone.
    return pulumi.unsecret(ca);
}

function isRegional({ data }: Placement, { availability }: CreatedCloudSqlServer): boolean {
    return (availability ?? (data === "protected" ? "regional" : "zonal")) === "regional";
}

const noBackups = { enabled: false, pointInTimeRecoveryEnabled: false };

function backupsOf({ backups }: CreatedCloudSqlServer) {
    return {
        enabled: true,
        startTime: backups.startTime,
        ...(backups.location !== undefined && { location: backups.location }),
        pointInTimeRecoveryEnabled: true,
        transactionLogRetentionDays: backups.logDays,
        backupRetentionSettings: { retentionUnit: "COUNT", retainedBackups: backups.retained },
    };
}

/** By name, so that the order in which they were written changes nothing. */
function flagsOf(
    { iamAuthentication, flags }: CreatedCloudSqlServer,
    maxConnections: number,
): { name: string; value: string }[] {
    const all: Readonly<Record<string, string>> = {
        log_lock_waits: "on",
        // Kibibytes: larger sorts and joins that did not fit into memory.
        log_temp_files: "10240",
        ...flags,
        ...(iamAuthentication && { "cloudsql.iam_authentication": "on" }),
        max_connections: String(maxConnections),
    };
    return Object.keys(all)
        .toSorted()
        .map((name) => ({ name, value: all[name]! }));
}

function maxConnectionsOf(server: CreatedCloudSqlServer | ExistingCloudSqlServer): number {
    if (server.maxConnections !== undefined) {
        return server.maxConnections;
    }
    const tier = cloudSqlTier((server as CreatedCloudSqlServer).tier);
    if (tier === undefined) {
        throw new pulumi.RunError(
            `Cloud SQL tier ${(server as CreatedCloudSqlServer).tier}: unknown, so maxConnections has to be given`,
        );
    }
    return defaultMaxConnections(tier);
}

function existingServer({ name, address, ca }: ExistingCloudSqlServer): Server {
    return { name, address: pulumi.output(address), ca: pulumi.output(ca) };
}

/** Cloud SQL counts in units of 2^30 bytes. */
function gigabytes(quantity: ByteQuantity): number {
    return Math.ceil(bytes(quantity) / 2 ** 30);
}

/** Google refuses more than the tier's largest disk. */
function defaultLimit(storage: number, tier: string): number {
    return Math.min(storage * 10, cloudSqlTier(tier)?.storage ?? Infinity);
}
