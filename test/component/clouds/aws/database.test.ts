// Does not prove that RDS accepts these arguments: the recording provider checks them against the provider's schema, and
// only an account proves the rest.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { RdsDatabase, type CreatedRdsServer, type RdsDatabaseArgs } from "../../../../components/database/aws/rds.ts";
import type { AwsStoreNetwork } from "../../../../components/network/aws/store-firewall.ts";
import { SecretValue, UnknownValue, type PlannedResource } from "../../../../commands/plan/plan.ts";
import { expectOneFamily, placement } from "../../../support/component.ts";
import { recordAws } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const network: AwsStoreNetwork = {
    vpcId: "vpc-0a",
    subnetIds: ["subnet-0a", "subnet-0b", "subnet-0c"],
    cidrs: ["10.20.64.0/22", "10.20.68.0/22"],
    clients: { cluster: { securityGroupId: "sg-0c" } },
};

const created: CreatedRdsServer = {
    variant: "create",
    version: "17",
    majorUpgrade: false,
    instanceClass: "db.t4g.small",
    storage: 20,
    storageLimit: 40,
    multiAz: false,
    maxConnections: 100,
    backupDays: 7,
    network,
    encryption: { variant: "aws-managed" },
    applyImmediately: true,
    slowStatements: 1000,
    monitoringInterval: 0,
    insights: "standard",
    iamAuthentication: false,
    readReplica: false,
    logDays: 30,
};

const ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

const record = remembered((changes: Partial<RdsDatabaseArgs> = {}, preview: boolean = false) =>
    recordAws(
        (opts) => {
            const database = new RdsDatabase(
                "database",
                { ...placement, server: created, owner: "shop", ca, ...changes },
                opts,
            );
            const {
                host,
                port,
                name,
                user,
                password,
                sslMode,
                ca: authority,
                clientLabels,
                cidrs,
                maxConnections,
            } = database;
            const isSecret = pulumi.isSecret(password);
            const { replica } = database;
            return {
                ...(replica && { replica }),
                host,
                port,
                name,
                user,
                password,
                isSecret,
                sslMode,
                ca: authority,
                clientLabels,
                cidrs,
                maxConnections,
            };
        },
        { preview },
    ),
);

const recordServer = (changes: Partial<CreatedRdsServer>, others: Partial<RdsDatabaseArgs> = {}) =>
    record({ ...others, server: { ...created, ...changes } });

const serverOf = async (changes: Partial<CreatedRdsServer> = {}, others: Partial<RdsDatabaseArgs> = {}) =>
    (await recordServer(changes, others)).get("Instance", "database-server");

const identity = ({ urn }: PlannedResource): string => urn;

test("an instance with its own network, firewall and parameters, reached as a Service of the namespace", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "Instance database-server",
        "LogGroup database-server-log-postgresql",
        "LogGroup database-server-log-upgrade",
        "NetworkPolicy database-to-store",
        "ParameterGroup database-parameters",
        "RandomId database-server-identifier",
        "RandomPassword database-password",
        "Rds database",
        "SecurityGroup database-firewall",
        "SecurityGroupIngressRule database-from-cluster",
        "Service database-service",
        "SubnetGroup database-subnets",
    ]);
    expectOneFamily(plan, ["Rds", "database"]);
    expect(plan.get("Rds", "database").type).toBe("django-on-kubernetes:database:Rds");
    expect(plan.get("Instance", "database-server").type).toBe("aws:rds/instance:Instance");
});

test("keeps the contract of every database, encrypted, with authorities to verify (E4, R62)", async () => {
    const { outputs } = await record({ password: pulumi.secret("given") });
    expect(outputs).toEqual({
        host: "database",
        port: 5432,
        name: "shop",
        user: "shop",
        password: "given",
        isSecret: true,
        sslMode: "verify-ca",
        ca,
        clientLabels: { "django-on-kubernetes/reaches-database": "true" },
        cidrs: network.cidrs,
        maxConnections: 100,
    });
});

test("what the instance is, whatever the environment", async () => {
    const { props } = await serverOf();
    expect(props).toMatchObject({
        engine: "postgres",
        engineVersion: "17",
        instanceClass: "db.t4g.small",
        allocatedStorage: 20,
        maxAllocatedStorage: 40,
        storageType: "gp3",
        storageEncrypted: true,
        dbName: "shop",
        username: "shop",
        port: 5432,
        publiclyAccessible: false,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        iamDatabaseAuthenticationEnabled: false,
        copyTagsToSnapshot: true,
        enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
        tags: { Name: "shop-staging-database" },
    });
    // The account's own key, and a name that nothing else has.
    for (const left of ["kmsKeyId", "availabilityZone", "monitoringRoleArn", "performanceInsightsKmsKeyId"]) {
        expect(props).not.toHaveProperty(left);
    }
});

describe("what becomes of data (R59-R61, R67, R68)", () => {
    test.each([
        {
            data: "protected",
            protect: true,
            deletionProtection: true,
            skipFinalSnapshot: false,
            deleteAutomatedBackups: false,
        },
        {
            data: "kept",
            protect: false,
            deletionProtection: false,
            skipFinalSnapshot: false,
            deleteAutomatedBackups: true,
        },
        {
            data: "disposable",
            protect: false,
            deletionProtection: false,
            skipFinalSnapshot: true,
            deleteAutomatedBackups: true,
        },
    ] as const)("$data", async ({ data, protect, ...inputs }) => {
        const server = await serverOf({}, { data });
        expect(server.protect).toBe(protect);
        expect(server.props).toMatchObject(inputs);
        expect(server.props["finalSnapshotIdentifier"]).toBe(
            data === "disposable" ? undefined : `shop-staging-${server.props["identifier"]}-final`,
        );
    });

    test("a second instance of the same environment leaves another final snapshot than the first", async () => {
        const { props } = await serverOf({});
        expect(props["finalSnapshotIdentifier"]).toMatch(/^shop-staging-database-server-[0-9a-f]{8}-final$/);
    });

    test("the final snapshot's name is one that RDS takes, and can be chosen", async () => {
        const name = async (changes: Partial<CreatedRdsServer>, instance: string) =>
            (await serverOf(changes, { instance })).props["finalSnapshotIdentifier"] as string;
        expect(await name({}, "a--b")).toMatch(/^a-b-database-server-[0-9a-f]{8}-final$/);
        expect(await name({ native: { identifier: "orders" } }, "shop")).toMatch(/^shop-orders-final-[0-9a-f]{8}$/);
        expect(await name({ finalSnapshot: "before-the-move" }, "shop")).toMatch(/^before-the-move-[0-9a-f]{8}$/);
    });

    test("backups and the standby are as they were set", async () => {
        expect((await serverOf({ backupDays: 14, multiAz: true, backupWindow: "01:00-02:00" })).props).toMatchObject({
            backupRetentionPeriod: 14,
            multiAz: true,
            backupWindow: "01:00-02:00",
        });
    });
});

describe("what the server writes (R88)", () => {
    test("goes to groups that are there before it, under the name that it will have, and ends after some days", async () => {
        const plan = await recordServer({ logDays: 90 });
        const server = plan.get("Instance", "database-server");
        const identifier = server.props["identifier"] as string;
        expect(identifier).toMatch(/^database-server-[0-9a-f]{8}$/);
        for (const log of ["postgresql", "upgrade"]) {
            const group = plan.get("LogGroup", `database-server-log-${log}`);
            expect(group.props).toMatchObject({
                name: `/aws/rds/instance/${identifier}/${log}`,
                retentionInDays: 90,
                skipDestroy: false,
            });
            expect(server.dependencies).toContain(group.urn);
        }
    });

    test("outlives a server whose data is protected, and no other", async () => {
        const group = (await record({ data: "protected" })).get("LogGroup", "database-server-log-postgresql");
        expect(group.props["skipDestroy"]).toBe(true);
    });

    test("has the name that native arguments give the server", async () => {
        const plan = await recordServer({ native: { identifier: "shop" } });
        expect(plan.created).not.toContain("RandomId database-server-identifier");
        expect(plan.get("LogGroup", "database-server-log-upgrade").props["name"]).toBe(
            "/aws/rds/instance/shop/upgrade",
        );
        expect(plan.options.get("database-server")?.ignoreChanges).toEqual(["engineLifecycleSupport"]);
    });

    test("is known of a preview by what it waits for", async () => {
        const plan = await record({}, true);
        const group = plan.get("LogGroup", "database-server-log-postgresql");
        expect(group.props["name"]).toBeInstanceOf(UnknownValue);
        expect(plan.get("Instance", "database-server").dependencies).toContain(group.urn);
    });
});

test("what an instance was born with stays: the name of one that an earlier release made, and its enrolment (R75, R91)", async () => {
    const plan = await record();
    const { ignoreChanges, deleteBeforeReplace } = plan.options.get("database-server")!;
    expect(ignoreChanges).toEqual(["engineLifecycleSupport", "identifier"]);
    expect(deleteBeforeReplace).toBe(true);
    expect(plan.get("Instance", "database-server").props["engineLifecycleSupport"]).toBe(
        "open-source-rds-extended-support-disabled",
    );
});

describe("a read replica", () => {
    const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";

    test("is a second instance beside the first, that holds nothing of its own", async () => {
        const plan = await recordServer(
            { readReplica: true, encryption: { variant: "existing", keyArn } },
            { data: "protected" },
        );
        const server = plan.get("Instance", "database-server");
        const replica = plan.get("Instance", "database-replica");
        expect(replica.props).toMatchObject({
            replicateSourceDb: server.props["identifier"],
            identifier: expect.stringMatching(/^database-replica-[0-9a-f]{8}$/) as string,
            instanceClass: "db.t4g.small",
            storageEncrypted: true,
            kmsKeyId: keyArn,
            parameterGroupName: server.props["parameterGroupName"],
            vpcSecurityGroupIds: server.props["vpcSecurityGroupIds"],
            publiclyAccessible: false,
            maxAllocatedStorage: 40,
            enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
            skipFinalSnapshot: true,
            deletionProtection: false,
        });
        // Its source's: RDS refuses them, or takes them for another database.
        for (const left of [
            "engine",
            "engineVersion",
            "dbName",
            "username",
            "password",
            "allocatedStorage",
            "multiAz",
            "dbSubnetGroupName",
        ]) {
            expect(replica.props).not.toHaveProperty(left);
        }
        expect(replica.protect).toBe(false);
        expect(replica.dependencies).toEqual(
            expect.arrayContaining([
                server.urn,
                plan.get("LogGroup", "database-replica-log-postgresql").urn,
                plan.get("LogGroup", "database-replica-log-upgrade").urn,
            ]),
        );
    });

    test("is reached under a name and with a label of its own", async () => {
        const plan = await recordServer({ readReplica: true });
        expect(plan.get("Service", "database-replica-service").props["spec"]).toEqual({
            type: "ExternalName",
            externalName: expect.stringMatching(
                /^database-replica-\w+\.\w+\.eu-central-1\.rds\.amazonaws\.com$/,
            ) as string,
        });
        expect(plan.get("NetworkPolicy", "database-replica-to-store").props["spec"]).toMatchObject({
            podSelector: { matchLabels: { "django-on-kubernetes/reaches-database-replica": "true" } },
            egress: [{ ports: [{ protocol: "TCP", port: 5432 }] }],
        });
        expect(plan.outputs["replica"]).toEqual({
            host: "database-replica",
            port: 5432,
            name: "shop",
            sslMode: "verify-ca",
            ca,
            clientLabels: { "django-on-kubernetes/reaches-database-replica": "true" },
        });
    });

    test("is not there unless it is asked for", async () => {
        expect((await record()).outputs).not.toHaveProperty("replica");
    });
});

describe("a copy of the backups", () => {
    test.each([
        { data: "protected", protect: true },
        { data: "disposable", protect: false },
    ] as const)("is in another region, by a key that is there ($data)", async ({ data, protect }) => {
        const plan = await recordServer({ backupCopy: { region: "eu-west-1", days: 14 } }, { data });
        const key = plan.get("Key", "database-copy-key");
        expect(key.props["region"]).toBe("eu-west-1");
        expect(key.protect).toBe(protect);
        const copy = plan.get("InstanceAutomatedBackupsReplication", "database-copy");
        expect(copy.props).toMatchObject({ region: "eu-west-1", retentionPeriod: 14 });
        expect(copy.props["sourceDbInstanceArn"]).toMatch(/^arn:aws:rds:eu-central-1:\d{12}:db:database-server-/);
        expect(copy.dependencies).toEqual(
            expect.arrayContaining([key.urn, plan.get("Instance", "database-server").urn]),
        );
    });
});

describe("the version (R63)", () => {
    test.each([
        ["15", "postgres15", true],
        ["16.10", "postgres16", false],
        ["17", "postgres17", true],
        ["18.1", "postgres18", false],
    ])("%s has the family %s, and minor upgrades: %s", async (version, family, minor) => {
        const plan = await recordServer({ version });
        expect(plan.get("ParameterGroup", "database-parameters").props["family"]).toBe(family);
        expect(plan.get("Instance", "database-server").props).toMatchObject({
            engineVersion: version,
            autoMinorVersionUpgrade: minor,
            allowMajorVersionUpgrade: false,
        });
    });

    test("a major upgrade happens at once: else the old parameters stay in use and cannot be deleted", async () => {
        expect((await serverOf({ majorUpgrade: true, applyImmediately: false })).props).toMatchObject({
            allowMajorVersionUpgrade: true,
            applyImmediately: true,
        });
        expect((await serverOf({ applyImmediately: false })).props["applyImmediately"]).toBe(false);
    });

    test("the parameters have no name of their own, so that the next family's are made first", async () => {
        expect((await record()).get("ParameterGroup", "database-parameters").props).not.toHaveProperty("name");
    });
});

describe("parameters", () => {
    const parametersOf = async (changes: Partial<CreatedRdsServer>) =>
        (await recordServer(changes)).get("ParameterGroup", "database-parameters").props["parameters"] as unknown[];

    test("force TLS, bound connections, and log what is slow or waits (R62)", async () => {
        expect(await parametersOf({ maxConnections: 200 })).toEqual([
            { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
            { name: "max_connections", value: "200", applyMethod: "pending-reboot" },
            { name: "log_lock_waits", value: "1", applyMethod: "immediate" },
            // Values that are sent beside a statement are in no log.
            { name: "log_parameter_max_length", value: "0", applyMethod: "immediate" },
            { name: "log_min_duration_statement", value: "1000", applyMethod: "immediate" },
        ]);
    });

    test("name no threshold where none is wanted", async () => {
        expect(JSON.stringify(await parametersOf({ slowStatements: -1 }))).not.toContain("log_min_duration_statement");
        expect(JSON.stringify(await parametersOf({ slowStatements: 0 }))).toContain("log_min_duration_statement");
    });
});

describe("the password", () => {
    test("is generated of characters that RDS takes", async () => {
        const { length, overrideSpecial } = (await record()).get("RandomPassword", "database-password").props;
        expect(length).toBe(32);
        expect(overrideSpecial).toMatch(/^[!-~]+$/);
        expect(overrideSpecial).not.toMatch(/[/@"' \\]/);
    });

    test("is a secret, also in a preview, where nobody knows it yet", async () => {
        const given = (await serverOf({}, { password: pulumi.secret("given") })).props["password"] as unknown;
        expect(given).toBeInstanceOf(SecretValue);
        expect((given as SecretValue).examine((value) => value)).toBe("given");
        const plan = await record({}, true);
        const unknown = plan.get("Instance", "database-server").props["password"] as unknown;
        expect(unknown).toBeInstanceOf(SecretValue);
        expect((unknown as SecretValue).examine((value) => value instanceof UnknownValue)).toBe(true);
    });
});

describe("the network", () => {
    test("is three subnets, and a firewall that admits the cluster at one port (R58)", async () => {
        const plan = await record();
        expect(plan.get("SubnetGroup", "database-subnets").props["subnetIds"]).toEqual(network.subnetIds);
        const { props } = plan.get("SecurityGroup", "database-firewall");
        expect(props).toMatchObject({ vpcId: "vpc-0a" });
        expect(props).not.toHaveProperty("ingress");
        expect(props).not.toHaveProperty("egress");
        const rule = plan.get("SecurityGroupIngressRule", "database-from-cluster").props;
        expect(rule).toMatchObject({
            referencedSecurityGroupId: "sg-0c",
            ipProtocol: "tcp",
            fromPort: 5432,
            toPort: 5432,
        });
        expect(rule).not.toHaveProperty("cidrIpv4");
    });

    test("of clients without a security group is a range", async () => {
        const clients = { "10.8.0.0-16": { cidr: "10.8.0.0/16" } };
        const plan = await recordServer({ network: { ...network, clients } });
        const rule = plan.get("SecurityGroupIngressRule", "database-from-10.8.0.0-16").props;
        expect(rule).toMatchObject({ cidrIpv4: "10.8.0.0/16", fromPort: 5432, toPort: 5432 });
        expect(rule).not.toHaveProperty("referencedSecurityGroupId");
    });

    test("adding, removing and reordering clients touches no other", async () => {
        const a = { securityGroupId: "sg-0a" };
        const b = { securityGroupId: "sg-0b" };
        const urns = async (clients: AwsStoreNetwork["clients"]) =>
            (await recordServer({ network: { ...network, clients } })).resources.map(identity).sort();
        const two = await urns({ a, b });
        expect(await urns({ b, a })).toEqual(two);
        expect(two.filter((urn) => !urn.endsWith("database-from-b"))).toEqual(await urns({ a }));
    });

    test("lets pods that carry the label out to the subnets' ranges, and nowhere else (R48)", async () => {
        const plan = await record();
        const service = plan.get("Service", "database-service").props;
        expect(service["metadata"]).toMatchObject({ name: "database", namespace: "shop-staging" });
        expect(service["spec"]).toEqual({
            type: "ExternalName",
            externalName: expect.stringMatching(
                /^database-server-\w+\.\w+\.eu-central-1\.rds\.amazonaws\.com$/,
            ) as string,
        });
        expect(plan.get("NetworkPolicy", "database-to-store").props["spec"]).toEqual({
            podSelector: { matchLabels: { "django-on-kubernetes/reaches-database": "true" } },
            policyTypes: ["Egress"],
            egress: [
                {
                    to: network.cidrs.map((cidr) => ({ ipBlock: { cidr } })),
                    ports: [{ protocol: "TCP", port: 5432 }],
                },
            ],
        });
    });
});

describe("encryption", () => {
    const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";

    test("by a key that is there", async () => {
        const plan = await recordServer({ encryption: { variant: "existing", keyArn } });
        expect(plan.created).not.toContain("Key database-key");
        expect(plan.get("Instance", "database-server").props).toMatchObject({
            kmsKeyId: keyArn,
            performanceInsightsKmsKeyId: keyArn,
        });
    });

    test.each([
        { data: "protected", protect: true, deletionWindowInDays: 30 },
        { data: "kept", protect: false, deletionWindowInDays: 30 },
        { data: "disposable", protect: false, deletionWindowInDays: 7 },
    ] as const)("by a key of its own, $data", async ({ data, protect, deletionWindowInDays }) => {
        const plan = await recordServer({ encryption: { variant: "create" } }, { data });
        const key = plan.get("Key", "database-key");
        expect(key.protect).toBe(protect);
        expect(key.props).toMatchObject({ enableKeyRotation: true, deletionWindowInDays });
        const { kmsKeyId } = plan.get("Instance", "database-server").props;
        expect(kmsKeyId).toMatch(/^arn:aws:kms:eu-central-1:\d{12}:key\//);
    });

    test("nothing measured needs no key", async () => {
        const { props } = await serverOf({ encryption: { variant: "existing", keyArn }, insights: "none" });
        expect(props).toMatchObject({ kmsKeyId: keyArn, performanceInsightsEnabled: false });
        expect(props).not.toHaveProperty("performanceInsightsKmsKeyId");
        expect(props).not.toHaveProperty("performanceInsightsRetentionPeriod");
    });
});

describe("measurements", () => {
    test.each([
        [
            "standard",
            {
                databaseInsightsMode: "standard",
                performanceInsightsEnabled: true,
                performanceInsightsRetentionPeriod: 7,
            },
        ],
        [
            "advanced",
            {
                databaseInsightsMode: "advanced",
                performanceInsightsEnabled: true,
                performanceInsightsRetentionPeriod: 465,
            },
        ],
    ] as const)("inside the server: %s", async (insights, inputs) => {
        expect((await serverOf({ insights })).props).toMatchObject(inputs);
    });

    test("of the operating system need a role, and what it may do before the instance", async () => {
        const plan = await recordServer({ monitoringInterval: 60 });
        const permission = plan.get("RolePolicyAttachment", "database-monitoring-policy");
        expect(permission.props["policyArn"]).toBe(
            "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
        );
        const server = plan.get("Instance", "database-server");
        expect(server.props["monitoringInterval"]).toBe(60);
        expect(server.props["monitoringRoleArn"]).toMatch(/^arn:aws:iam::\d{12}:role/);
        expect(server.dependencies).toContain(permission.urn);
        const trust = JSON.parse(plan.get("Role", "database-monitoring").props["assumeRolePolicy"] as string) as {
            Statement: unknown[];
        };
        expect(trust.Statement).toEqual([
            { Effect: "Allow", Principal: { Service: "monitoring.rds.amazonaws.com" }, Action: "sts:AssumeRole" },
        ]);
    });
});

test("native arguments win, and leave the others as they are", async () => {
    const { props, dependencies } = await serverOf({
        native: { storageType: "io2", iops: 3000, tags: { team: "shop" } },
    });
    expect(props).toMatchObject({
        storageType: "io2",
        iops: 3000,
        tags: { Name: "shop-staging-database", team: "shop" },
        storageEncrypted: true,
        dbSubnetGroupName: expect.stringContaining("database-subnets") as string,
    });
    expect(props["password"]).toBeInstanceOf(SecretValue);
    expect(dependencies.some((urn) => urn.endsWith("database-parameters"))).toBe(true);
});

test("an instance that is there is reached, and nothing of it is made or changed", async () => {
    const address = "shop.c9akciq32abc.eu-central-1.rds.amazonaws.com";
    const server = {
        variant: "existing",
        address,
        database: "orders",
        user: "app",
        maxConnections: 200,
        cidrs: ["10.9.0.0/24"],
    } as const;
    const plan = await record({ server, password: pulumi.secret("its own") });
    expect(plan.created).toEqual(["NetworkPolicy database-to-store", "Rds database", "Service database-service"]);
    expect(plan.get("Service", "database-service").props["spec"]).toEqual({
        type: "ExternalName",
        externalName: address,
    });
    expect(plan.outputs).toMatchObject({
        name: "orders",
        user: "app",
        password: "its own",
        maxConnections: 200,
        cidrs: ["10.9.0.0/24"],
    });
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});
