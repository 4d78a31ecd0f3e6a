// PostgreSQL that AWS runs, with private addresses, encrypted on disk and on the way.
import * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { Instance, type InstanceArgs } from "@pulumi/aws/rds/instance.js";
import { ParameterGroup } from "@pulumi/aws/rds/parameterGroup.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import { cloudName } from "../../../lib/cloud-name.ts";
import { reaches, type Labels } from "../../../lib/labels.ts";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy, Placement } from "../../contract.ts";
import { storeFirewall, type AwsStoreNetwork } from "../../network/aws/store-firewall.ts";
import { externalStore } from "../../network/external-store.ts";
import { givenOrGenerated } from "../../password/password.ts";
import { connectionLimit } from "../connection-limit.ts";
import type { Database } from "../contract.ts";

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
    readonly network: AwsStoreNetwork;
    readonly encryption: RdsEncryption;
    /** Changes that restart the server happen now, not in the next maintenance window. */
    readonly applyImmediately: boolean;
    /** Milliseconds from which on a statement is logged; -1 for none. */
    readonly slowStatements: number;
    /** Seconds between two measurements of the operating system; 0 for none. */
    readonly monitoringInterval: number;
    /** What is measured inside the server: seven days for free, or fifteen months for a price per processor. */
    readonly insights: "none" | "standard" | "advanced";
    readonly iamAuthentication: boolean;
    /** UTC, for example `01:00-02:00`. @default AWS chooses one */
    readonly backupWindow?: string;
    /** UTC, for example `sun:03:00-sun:04:00`. @default AWS chooses one */
    readonly maintenanceWindow?: string;
    /** The snapshot that is made when the instance is deleted. @default `<instance>-<name>-final` */
    readonly finalSnapshot?: string;
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
        super("django-on-kubernetes:database:Rds", name, {}, opts);
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
            this.watched = { identifier: made.identifier, instanceClass, storage, grows, maxConnections };
        }
        const address = server.variant === "existing" ? server.address : made!.address;
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

        this.registerOutputs({ host: this.host, port: this.port });
    }

    private createServer(name: string, { data, instance }: Placement, server: CreatedRdsServer): Instance {
        const { encryption, version, network } = server;
        const tags = { Name: `${instance}-${name}` };
        const firewall = storeFirewall(name, { network, port, tags }, { parent: this });
        const subnets = new SubnetGroup(
            `${name}-subnets`,
            { subnetIds: [...network.subnetIds], tags },
            { parent: this },
        );
        const key = encryption.variant === "create" ? this.createKey(name, data, tags).arn : undefined;
        const kmsKeyId = encryption.variant === "existing" ? encryption.keyArn : key;
        const measured = server.insights !== "none" && kmsKeyId !== undefined;
        const monitoring = server.monitoringInterval === 0 ? undefined : this.createMonitoring(name, tags);
        return new Instance(
            `${name}-server`,
            withNative(
                {
                    engine: "postgres",
                    engineVersion: version,
                    // A pinned minor version that AWS raised would be a downgrade at the next `up`, which fails.
                    autoMinorVersionUpgrade: !version.includes("."),
                    allowMajorVersionUpgrade: server.majorUpgrade,
                    instanceClass: server.instanceClass,
                    allocatedStorage: server.storage,
                    maxAllocatedStorage: server.storageLimit,
                    storageType: "gp3",
                    storageEncrypted: true,
                    kmsKeyId,
                    dbName: this.name,
                    username: this.user,
                    password: this.password,
                    port,
                    dbSubnetGroupName: subnets.name,
                    vpcSecurityGroupIds: [firewall.id],
                    publiclyAccessible: false,
                    multiAz: server.multiAz,
                    parameterGroupName: this.createParameters(name, server, tags).name,
                    caCertIdentifier: "rds-ca-rsa2048-g1",
                    iamDatabaseAuthenticationEnabled: server.iamAuthentication,
                    backupRetentionPeriod: server.backupDays,
                    backupWindow: server.backupWindow,
                    maintenanceWindow: server.maintenanceWindow,
                    copyTagsToSnapshot: true,
                    ...policies[data],
                    finalSnapshotIdentifier:
                        data === "disposable" ? undefined : (server.finalSnapshot ?? finalSnapshot(instance, name)),
                    // An upgrade that waits for the maintenance window leaves the old parameter group in use, whose deletion then fails.
                    applyImmediately: server.applyImmediately || server.majorUpgrade,
                    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
                    monitoringInterval: server.monitoringInterval,
                    monitoringRoleArn: monitoring?.role.arn,
                    ...insights[server.insights],
                    performanceInsightsKmsKeyId: measured ? kmsKeyId : undefined,
                    tags,
                } satisfies InstanceArgs as InstanceArgs,
                server.native,
            ),
            // RDS looks at what the role may do when it is named.
            { parent: this, protect: data === "protected", ...(monitoring && { dependsOn: monitoring.permission }) },
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
    private createKey(name: string, data: DataPolicy, tags: Tags): Key {
        return new Key(
            `${name}-key`,
            {
                description: "Encrypts a database of django-on-kubernetes and its backups",
                enableKeyRotation: true,
                deletionWindowInDays: data === "disposable" ? 7 : 30,
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

/** The API takes no two hyphens in a row. */
function finalSnapshot(instance: string, name: string): string {
    return cloudName([instance, name, "final"], 255).replace(/-{2,}/g, "-");
}
