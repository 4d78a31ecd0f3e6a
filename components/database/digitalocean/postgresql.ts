// DigitalOcean's managed PostgreSQL: with standbys, daily backups and TLS, open to the cluster alone (D2).
import * as pulumi from "@pulumi/pulumi";
import { DatabaseCluster } from "@pulumi/digitalocean/databaseCluster.js";
import { DatabaseConnectionPool } from "@pulumi/digitalocean/databaseConnectionPool.js";
import { DatabaseDb } from "@pulumi/digitalocean/databaseDb.js";
import { DatabaseFirewall } from "@pulumi/digitalocean/databaseFirewall.js";
import { DatabaseReplica } from "@pulumi/digitalocean/databaseReplica.js";
import { DatabaseUser } from "@pulumi/digitalocean/databaseUser.js";
import { getDatabaseUserOutput } from "@pulumi/digitalocean/getDatabaseUser.js";
import { getDatabaseCaOutput } from "@pulumi/digitalocean/getDatabaseCa.js";
import { databasePlan, postgresConnections } from "../../../lib/digitalocean-plans.ts";
import { reaches, type Labels } from "../../../lib/labels.ts";
import { withNative } from "../../../lib/native.ts";
import { bytes, megabytesOf, type ByteQuantity } from "../../../lib/quantities.ts";
import { answered } from "../../answered.ts";
import type { Placement } from "../../contract.ts";
import { externalStore } from "../../network/external-store.ts";
import { connectionLimit } from "../connection-limit.ts";
import { serversOf, sourceOf, utc, type ServerPlan, type ServerRestore } from "../restore.ts";
import { replicaName, type Database, type ReadReplica } from "../contract.ts";
import type { PostgresVersion } from "../versions.ts";
import { inPlaceOf } from "../../variants.ts";
import { grantAll } from "./grants.ts";

/** Where the server is, and who is let in. */
export interface DigitalOceanStoreNetwork {
    /** The VPC's id. */
    readonly vpcId: pulumi.Input<string>;
    /** Its range: where the server's private address is. */
    readonly range: pulumi.Input<string>;
    /** DOKS clusters whose pods may connect. */
    readonly clusters: ReadonlyArray<pulumi.Input<string>>;
    /** Addresses and ranges that may connect besides. */
    readonly addresses: readonly string[];
}

export interface ConnectionPool {
    /** `transaction`: a connection is lent for one transaction; `session`: for as long as the client stays. */
    readonly mode: "transaction" | "session";
    /** Connections that the pool has to the server. */
    readonly size: number;
}

/** A server of its own, with a database and a user. */
export interface CreatedPostgresql {
    readonly variant: "create";
    readonly region: string;
    readonly network: DigitalOceanStoreNetwork;
    /** Another one upgrades the server in place, and there is no way back. */
    readonly version: PostgresVersion;
    /** A slug, for example `db-s-2vcpu-4gb`. */
    readonly size: string;
    /** One primary and standbys that take over. */
    readonly nodes: 1 | 2 | 3;
    /** @default what comes with the size */
    readonly storage?: ByteQuantity;
    /** How much is added each time that the disk is nearly full; undefined for nothing. */
    readonly storageIncrement: ByteQuantity | undefined;
    /** A second server that may only be read. */
    readonly readReplica: boolean;
    /** UTC. */
    readonly maintenance: { readonly day: string; readonly hour: string };
    /** PgBouncer in front of it. @default none, the app connects to the server */
    readonly pool?: ConnectionPool;
    /** A second server with data of an earlier moment, used instead of the first. @default none */
    readonly restore?: ServerRestore;
    /** Arguments of digitalocean.DatabaseCluster over ours. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** A database that is there with its user; nothing about them is changed. */
export interface ExistingPostgresql {
    readonly variant: "existing";
    /** The server's private host name. */
    readonly host: string;
    readonly port: number;
    /** The addresses that `host` is one of. */
    readonly range: pulumi.Input<string>;
    readonly database: string;
    readonly user: string;
    readonly password: pulumi.Output<string>;
    /** PEM. */
    readonly ca: string;
    readonly maxConnections: number;
    /** Whether host and port are a connection pool's. */
    readonly pooled: boolean;
}

export interface DigitalOceanPostgresqlArgs extends Placement {
    readonly server: CreatedPostgresql | ExistingPostgresql;
    /** The name of the database and of its owner, where they are made. */
    readonly owner: string;
}

/** DigitalOcean's own, on every plan. */
const ports = { server: 25060, pool: 25061 } as const;

interface Login {
    readonly user: pulumi.Output<string>;
    readonly password: pulumi.Output<string>;
}

/** What the app is told of a server, made or found. */
interface Entrance extends Login {
    /** Of one that is made here. */
    readonly clusterId?: pulumi.Output<string>;
    /** @default the login itself */
    readonly administrator?: Login;
    readonly host: pulumi.Input<string>;
    readonly port: number;
    readonly name: pulumi.Output<string>;
    readonly ca: pulumi.Output<string>;
    readonly range: pulumi.Input<string>;
    readonly maxConnections: number;
    readonly pooled: boolean;
    readonly replica?: DatabaseReplica;
    /** The database itself, where `name` is a pool's. */
    readonly database?: pulumi.Output<string>;
}

const type = "django-on-kubernetes:database:DigitalOceanPostgresql";

export class DigitalOceanPostgresql extends pulumi.ComponentResource implements Database {
    readonly host: string;
    readonly port: number;
    readonly name: pulumi.Output<string>;
    readonly user: pulumi.Output<string>;
    readonly password: pulumi.Output<string>;
    /** The certificate has the server's name in it, which the Service's is not. */
    readonly sslMode = "verify-ca" as const;
    readonly ca: pulumi.Output<string>;
    /** `doadmin`; a user that DigitalOcean makes may make no other. */
    readonly administrator?: Login;
    readonly clientLabels: Labels;
    readonly cidrs: pulumi.Output<readonly string[]>;
    readonly maxConnections: number;
    /** A connection that a client keeps is one that the pool cannot lend (R30). */
    readonly pooled: boolean;
    readonly replica?: ReadReplica;
    /** For alarms: the database cluster's. @default it is not made here */
    readonly clusterId?: pulumi.Output<string>;

    constructor(name: string, args: DigitalOceanPostgresqlArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        this.clientLabels = reaches(name);
        const entrance = args.server.variant === "existing" ? found(args.server) : this.create(name, args, args.server);

        this.host = name;
        this.port = entrance.port;
        this.name = entrance.name;
        this.user = entrance.user;
        this.password = pulumi.secret(entrance.password);
        this.ca = entrance.ca;
        this.cidrs = pulumi.output(entrance.range).apply((range) => [range]);
        this.maxConnections = entrance.maxConnections;
        this.pooled = entrance.pooled;
        if (entrance.clusterId !== undefined) {
            this.clusterId = entrance.clusterId;
        }
        if (entrance.administrator !== undefined) {
            this.administrator = entrance.administrator;
        }
        externalStore(
            name,
            {
                ...args,
                component: "database",
                address: { name: entrance.host },
                port: entrance.port,
                cidrs: this.cidrs,
                clients: this.clientLabels,
                ...(args.server.variant === "existing" && { annotations: connectionLimit(args.server) }),
            },
            { parent: this },
        );
        if (entrance.replica !== undefined) {
            this.replica = this.openReplica(name, args, entrance, entrance.replica);
        }

        this.registerOutputs({ host: this.host, port: this.port });
    }

    private create(name: string, args: Placed, server: CreatedPostgresql): Entrance {
        const plan = databasePlan(server.size);
        if (plan === undefined) {
            throw new RangeError(
                `${name}: size is ${JSON.stringify(server.size)}; it has to be a database's slug such as db-s-2vcpu-4gb`,
            );
        }
        const { current, original } = serversOf(name, `${name}-cluster`, server.restore);
        const before = original && this.createServer(original, args, server);
        const source = sourceOf(current.name, server.restore, before?.cluster.name);
        const { cluster, ...made } = this.createServer(current, args, server, source);
        const common = {
            clusterId: cluster.id,
            user: made.login.user,
            password: made.login.password,
            administrator: { user: cluster.user, password: pulumi.secret(cluster.password) },
            ca: made.ca,
            range: server.network.range,
            maxConnections: postgresConnections(plan),
            database: made.database,
            ...(server.readReplica && { replica: this.createReplica(current.prefix, args, server, cluster) }),
        };
        return made.pool === undefined
            ? { ...common, host: cluster.privateHost, port: ports.server, name: made.database, pooled: false }
            : // A pool is to its clients a database of that name.
              { ...common, host: made.pool.privateHost, port: ports.pool, name: made.pool.name, pooled: true };
    }

    /** @param source of one that is restored: what DigitalOcean calls the cluster that its data was in */
    private createServer(
        plan: ServerPlan,
        args: Placed,
        server: CreatedPostgresql,
        source?: pulumi.Input<string>,
    ): Made & { readonly pool?: DatabaseConnectionPool } {
        const { prefix, origin, unlocked } = plan;
        const placed = unlocked && args.data === "protected" ? { ...args, data: "kept" as const } : args;
        const cluster = this.createCluster(plan, placed, server, source);
        const opts = this.within(cluster, placed);
        const firewall = this.createFirewall(prefix, server, cluster.id, opts);
        // One that was restored has its databases and users, and nothing makes them twice.
        const database =
            origin === undefined
                ? new DatabaseDb(`${prefix}-db`, { clusterId: cluster.id, name: args.owner }, opts).name
                : pulumi.output(args.owner);
        const login = origin === undefined ? this.createUser(prefix, placed, cluster) : this.foundUser(args, cluster);
        const ca = answered(getDatabaseCaOutput({ clusterId: cluster.id }, { parent: this })).certificate;
        const made = { cluster, database, firewall, login, ca };
        this.grant(prefix, args, server, made);
        return { ...made, ...(server.pool && { pool: this.createPool(prefix, placed, server.pool, made) }) };
    }

    private createCluster(
        { name, origin }: ServerPlan,
        { instance, data }: Placed,
        server: CreatedPostgresql,
        source: pulumi.Input<string> = `${name}-is-gone`,
    ): DatabaseCluster {
        const { region, network, version, size, nodes, storage, storageIncrement, maintenance } = server;
        const ours = {
            engine: "pg",
            version,
            size,
            region,
            nodeCount: nodes,
            privateNetworkUuid: network.vpcId,
            ...(storage !== undefined && { storageSizeMib: String(megabytesOf(storage, 1)) }),
            // Always said: left out, what was set once stays.
            storageAutoscale:
                storageIncrement === undefined
                    ? { enabled: false }
                    : {
                          enabled: true,
                          thresholdPercent: 80,
                          incrementGib: Math.floor(bytes(storageIncrement) / 2 ** 30),
                      },
            maintenanceWindows: [{ day: maintenance.day, hour: maintenance.hour }],
            tags: [instance],
            ...(origin !== undefined && { backupRestore: backupRestore(origin, source) }),
        };
        const { name: _, ...native } = server.native ?? {};
        return new DatabaseCluster(name, withNative(ours, origin === undefined ? server.native : native), {
            parent: this,
            // DigitalOcean has no protection of its own (R60), and a server's backups are deleted with it.
            protect: data === "protected",
            // Of a resize too: the provider has no other.
            customTimeouts: { create: "60m" },
            ...(origin !== undefined && { ignoreChanges: ["backupRestore"] }),
        });
    }

    /**
     * What is lost with the server is not deleted by itself before it: a user that owns tables could not be, and a server
     * without its firewall would be open until it is gone.
     */
    private within(cluster: DatabaseCluster, { data }: Placement): pulumi.CustomResourceOptions {
        return { parent: this, deletedWith: cluster, protect: data === "protected" };
    }

    /** Without a rule, the whole internet may try passwords at the server's public address. */
    private createFirewall(
        name: string,
        { network }: CreatedPostgresql,
        clusterId: pulumi.Input<string>,
        opts: pulumi.CustomResourceOptions,
    ): DatabaseFirewall {
        const { clusters, addresses } = network;
        const rules = [
            ...clusters.map((value) => ({ type: "k8s", value })),
            ...addresses.map((value) => ({ type: "ip_addr", value })),
        ];
        return new DatabaseFirewall(`${name}-firewall`, { clusterId, rules }, opts);
    }

    /** One node, with trusted sources of its own. */
    private createReplica(
        name: string,
        { instance }: Placed,
        server: CreatedPostgresql,
        cluster: DatabaseCluster,
    ): DatabaseReplica {
        const { region, network, size } = server;
        const replica = new DatabaseReplica(
            replicaName(name),
            { clusterId: cluster.id, region, size, privateNetworkUuid: network.vpcId, tags: [instance] },
            // With a server go its copies: alone, one takes minutes.
            { parent: this, deletedWith: cluster, customTimeouts: { create: "45m" } },
        );
        this.createFirewall(replicaName(name), server, replica.uuid, { parent: this, deletedWith: replica });
        return replica;
    }

    /** Reached under a name of its own, and never through the pool, which is the server's. */
    private openReplica(
        name: string,
        args: DigitalOceanPostgresqlArgs,
        { database, ca }: Entrance,
        replica: DatabaseReplica,
    ): ReadReplica {
        const host = replicaName(name);
        const clientLabels = reaches(host);
        externalStore(
            host,
            {
                ...args,
                component: "database",
                address: { name: replica.privateHost },
                port: ports.server,
                cidrs: this.cidrs,
                clients: clientLabels,
            },
            { parent: this },
        );
        return { host, port: ports.server, name: database!, sslMode: this.sslMode, ca, clientLabels };
    }

    private createUser(name: string, args: Placed, cluster: DatabaseCluster): Login {
        const user = new DatabaseUser(
            `${name}-user`,
            { clusterId: cluster.id, name: args.owner },
            this.within(cluster, args),
        );
        return { user: user.name, password: user.password };
    }

    /** With the password that it has there. */
    private foundUser({ owner }: Placed, cluster: DatabaseCluster): Login {
        const user = answered(getDatabaseUserOutput({ clusterId: cluster.id, name: owner }, { parent: this }));
        return { user: user.name, password: pulumi.secret(user.password) };
    }

    private createPool(
        name: string,
        args: Placed,
        { mode, size }: ConnectionPool,
        { cluster, database, login }: Pick<Made, "cluster" | "database" | "login">,
    ): DatabaseConnectionPool {
        return new DatabaseConnectionPool(
            `${name}-pool`,
            { clusterId: cluster.id, name: `${args.owner}-pool`, mode, size, dbName: database, user: login.user },
            { parent: this, deletedWith: cluster },
        );
    }

    private grant(name: string, args: Placed, { version }: CreatedPostgresql, made: Made): void {
        const { cluster, database, firewall, login, ca } = made;
        grantAll(
            name,
            {
                ...args,
                version,
                clients: this.clientLabels,
                server: { host: cluster.privateHost, port: ports.server, ca },
                administrator: { user: cluster.user, password: cluster.password },
                database,
                user: login.user,
                after: [firewall],
            },
            this,
        );
    }
}

type Placed = Omit<DigitalOceanPostgresqlArgs, "server">;

interface Made {
    readonly cluster: DatabaseCluster;
    readonly database: pulumi.Output<string>;
    readonly firewall: DatabaseFirewall;
    readonly login: Login;
    readonly ca: pulumi.Output<string>;
}

/** Of a cluster's backups, or of its log of changes: DigitalOcean takes any moment of the last seven days. */
function backupRestore(origin: ServerRestore["what"], databaseName: pulumi.Input<string>) {
    return { databaseName, ...("at" in origin && origin.at !== "latest" && { backupCreatedAt: utc(origin.at) }) };
}

function found({
    host,
    port,
    range,
    database,
    user,
    password,
    ca,
    maxConnections,
    pooled,
}: ExistingPostgresql): Entrance {
    const name = pulumi.output(database);
    return {
        host,
        port,
        range,
        name,
        user: pulumi.output(user),
        password,
        ca: pulumi.output(ca),
        maxConnections,
        pooled,
    };
}
