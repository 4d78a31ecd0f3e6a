// Does not prove that Cloud SQL accepts these arguments: the recording provider checks them against the provider's schema,
// and only an account proves the rest.
import { Provider } from "@pulumi/gcp/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { describe, expect, test } from "vitest";
import {
    CloudSqlDatabase,
    type CloudSqlDatabaseArgs,
    type CreatedCloudSqlServer,
} from "../../../../components/database/gcp/cloud-sql.ts";
import { expectOneFamily, placement, recordComponent } from "../../../support/component.ts";
import { SecretValue, UnknownValue } from "../../../../commands/plan/plan.ts";
import { remembered } from "../../../support/remembered.ts";

const created: CreatedCloudSqlServer = {
    variant: "create",
    region: "europe-west1",
    network: "projects/acme/global/networks/main",
    version: "17",
    edition: "enterprise",
    tier: "db-custom-2-7680",
    storage: "20Gi",
    storageType: "ssd",
    flags: {},
    iamAuthentication: false,
    readReplica: false,
    backups: { retained: 14, startTime: "02:00", logDays: 7 },
    maintenance: { day: 7, hour: 3, track: "stable" },
};

const existing = {
    variant: "existing",
    name: "main-1a2b3c4",
    address: "10.20.0.3",
    ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    maxConnections: 200,
} as const;

const record = remembered((changes: Partial<CloudSqlDatabaseArgs> = {}, preview: boolean = false) =>
    recordComponent(
        ({ providers }) => {
            const all = [
                ...(providers as pulumi.ProviderResource[]),
                new Provider("gcp", { project: "acme", region: "europe-west1" }),
            ];
            const database = new CloudSqlDatabase(
                "database",
                { ...placement, server: created, owner: "shop", ...changes },
                { providers: all },
            );
            const { host, port, name, user, password, sslMode, ca, clientLabels, cidrs, maxConnections } = database;
            const { replica } = database;
            return {
                ...(replica && { replica }),
                host,
                port,
                name,
                user,
                password,
                isSecret: pulumi.isSecret(password),
                sslMode,
                ca,
                clientLabels,
                cidrs,
                maxConnections,
            };
        },
        { preview },
    ),
);

const instanceOf = async (changes: Partial<CreatedCloudSqlServer> = {}, others: Partial<CloudSqlDatabaseArgs> = {}) =>
    (await record({ ...others, server: { ...created, ...changes } })).get("DatabaseInstance", "database-instance");

const settingsOf = async (changes: Partial<CreatedCloudSqlServer> = {}, others: Partial<CloudSqlDatabaseArgs> = {}) =>
    (await instanceOf(changes, others)).props["settings"];

test("an instance with a database and its owner, reached as a Service of the namespace", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "CloudSql database",
        "Database database-database",
        "DatabaseInstance database-instance",
        "EndpointSlice database-endpoint",
        "NetworkPolicy database-to-store",
        "RandomPassword database-password",
        "Service database-service",
        "User database-owner",
    ]);
    expectOneFamily(plan, ["CloudSql", "database"]);
    expect(plan.get("DatabaseInstance", "database-instance").type).toBe("gcp:sql/databaseInstance:DatabaseInstance");
});

test("keeps the contract of every database, encrypted, with a CA to verify (E4, R62)", async () => {
    const { outputs } = await record({ server: existing, password: pulumi.secret("given") });
    expect(outputs).toEqual({
        host: "database",
        port: 5432,
        name: "shop",
        user: "shop",
        password: "given",
        isSecret: true,
        sslMode: "verify-ca",
        ca: existing.ca,
        clientLabels: { "django-on-kubernetes/reaches-database": "true" },
        cidrs: ["10.20.0.3/32"],
        maxConnections: 200,
    });
});

test("is reached at the address that it gets, and verified by the CA that it has (R48, R62)", async () => {
    const plan = await record();
    const [endpoint] = plan.get("EndpointSlice", "database-endpoint").props["endpoints"];
    expect(endpoint.addresses).toEqual([expect.stringMatching(/^10\./)]);
    const { egress } = plan.get("NetworkPolicy", "database-to-store").props["spec"];
    expect(egress[0].to).toEqual([{ ipBlock: { cidr: `${endpoint.addresses[0]}/32` } }]);
    expect(plan.outputs["cidrs"]).toEqual([`${endpoint.addresses[0]}/32`]);
    expect(plan.outputs["ca"]).toMatch(/^-----BEGIN CERTIFICATE-----\n[^]+\n-----END CERTIFICATE-----\n$/);
});

test("is private, encrypted, with a CA of its own", async () => {
    expect((await settingsOf())["ipConfiguration"]).toEqual({
        ipv4Enabled: false,
        privateNetwork: "projects/acme/global/networks/main",
        sslMode: "ENCRYPTED_ONLY",
        serverCaMode: "GOOGLE_MANAGED_INTERNAL_CA",
    });
});

test("always says its edition, pins its version and leaves its name to the provider: names are blocked for a week", async () => {
    const instance = await instanceOf();
    expect(instance.props).toMatchObject({ databaseVersion: "POSTGRES_17", region: "europe-west1" });
    expect(instance.props).not.toHaveProperty("name");
    expect(instance.props["settings"]).toMatchObject({ edition: "ENTERPRISE", tier: "db-custom-2-7680" });
    const plus = await settingsOf({
        edition: "enterprise-plus",
        tier: "db-c4a-highmem-4",
        storageType: "hyperdisk-balanced",
    });
    expect(plus).toMatchObject({ edition: "ENTERPRISE_PLUS", diskType: "HYPERDISK_BALANCED" });
});

describe("what becomes of the data", () => {
    test("protected: highly available, protected at the API too, kept beyond its end (R58-R61, R67)", async () => {
        const instance = await instanceOf({}, { data: "protected" });
        expect(instance.protect).toBe(true);
        expect(instance.retainOnDelete).toBe(false);
        expect(instance.props).toMatchObject({
            deletionProtection: true,
            finalBackupDescription: "The last state of shop-staging",
        });
        expect(instance.props["settings"]).toMatchObject({
            availabilityType: "REGIONAL",
            deletionProtectionEnabled: true,
            retainBackupsOnDelete: true,
            finalBackupConfig: { enabled: true, retentionDays: 30 },
            backupConfiguration: {
                enabled: true,
                startTime: "02:00",
                pointInTimeRecoveryEnabled: true,
                transactionLogRetentionDays: 7,
                backupRetentionSettings: { retentionUnit: "COUNT", retainedBackups: 14 },
            },
        });
    });

    test("kept: backups, and nothing that stands in the way of its end", async () => {
        const instance = await instanceOf({}, { data: "kept" });
        expect(instance.protect).toBe(false);
        expect(instance.props["deletionProtection"]).toBe(false);
        expect(instance.props["settings"]).toMatchObject({
            availabilityType: "ZONAL",
            deletionProtectionEnabled: false,
            retainBackupsOnDelete: false,
            finalBackupConfig: { enabled: true, retentionDays: 7 },
            backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true },
        });
    });

    test("disposable: nothing is kept (R68)", async () => {
        const instance = await instanceOf({}, { data: "disposable" });
        expect(instance.protect).toBe(false);
        expect(instance.props["deletionProtection"]).toBe(false);
        expect(instance.props).not.toHaveProperty("finalBackupDescription");
        expect(instance.props["settings"]).toMatchObject({
            deletionProtectionEnabled: false,
            retainBackupsOnDelete: false,
            finalBackupConfig: { enabled: false },
            backupConfiguration: { enabled: false, pointInTimeRecoveryEnabled: false },
        });
    });

    test("a standby brings its backups along", async () => {
        const settings = await settingsOf({ availability: "regional" }, { data: "disposable" });
        expect(settings).toMatchObject({
            availabilityType: "REGIONAL",
            backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true },
        });
    });

    test.each([
        { data: "protected", deletionPolicy: "ABANDON" },
        { data: "kept", deletionPolicy: "DELETE" },
        { data: "disposable", deletionPolicy: "DELETE" },
    ] as const)(
        "$data: database and owner go with the instance; a changed name means $deletionPolicy",
        async ({ data, deletionPolicy }) => {
            const plan = await record({ data });
            const instance = plan.get("DatabaseInstance", "database-instance");
            const [user, database] = [plan.get("User", "database-owner"), plan.get("Database", "database-database")];
            for (const { deletedWith, props } of [user, database]) {
                expect({ deletedWith, deletionPolicy: props["deletionPolicy"] }).toEqual({
                    deletedWith: instance.urn,
                    deletionPolicy,
                });
            }
            expect(database.protect).toBe(data === "protected");
        },
    );
});

test("the disk grows by itself up to a limit, and no plan sets it back", async () => {
    expect(await settingsOf()).toMatchObject({
        diskType: "PD_SSD",
        diskSize: 20,
        diskAutoresize: true,
        diskAutoresizeLimit: 200,
    });
    expect(await settingsOf({ storageLimit: "1Ti" })).toMatchObject({ diskAutoresizeLimit: 1024 });
    // Google refuses a limit that no disk of the tier has.
    expect(await settingsOf({ storage: "10Ti" })).toMatchObject({ diskSize: 10240, diskAutoresizeLimit: 65536 });
    expect(await settingsOf({ tier: "db-g1-small", storage: "400Gi" })).toMatchObject({ diskAutoresizeLimit: 3062 });
});

describe("flags", () => {
    const flagsOf = async (changes: Partial<CreatedCloudSqlServer>) =>
        ((await settingsOf(changes))["databaseFlags"] as { name: string; value: string }[]).map(
            ({ name, value }) => `${name}=${value}`,
        );

    test("say how many connections there may be: what Cloud SQL would take, or what is set", async () => {
        expect(await flagsOf({})).toEqual(["log_lock_waits=on", "log_temp_files=10240", "max_connections=400"]);
        expect(await flagsOf({ maxConnections: 150 })).toContain("max_connections=150");
        expect((await record({ server: { ...created, maxConnections: 150 } })).outputs["maxConnections"]).toBe(150);
        expect((await record()).outputs["maxConnections"]).toBe(400);
    });

    test("are the user's too, in an order of their own", async () => {
        expect(
            await flagsOf({ iamAuthentication: true, flags: { work_mem: "16384", "cloudsql.enable_pgaudit": "on" } }),
        ).toEqual([
            "cloudsql.enable_pgaudit=on",
            "cloudsql.iam_authentication=on",
            "log_lock_waits=on",
            "log_temp_files=10240",
            "max_connections=400",
            "work_mem=16384",
        ]);
    });
});

test("has a maintenance window, insights without clients' addresses, and labels", async () => {
    expect(await settingsOf({ maintenance: { day: 1, hour: 4, track: "week5" } })).toMatchObject({
        maintenanceWindow: { day: 1, hour: 4, updateTrack: "week5" },
        insightsConfig: { queryInsightsEnabled: true, recordClientAddress: false },
        userLabels: { instance: "shop-staging", component: "database", "managed-by": "pulumi" },
    });
});

test("is encrypted with the user's key where there is one", async () => {
    const key = "projects/acme/locations/europe-west1/keyRings/main/cryptoKeys/sql";
    expect((await instanceOf({ encryptionKey: key })).props["encryptionKeyName"]).toBe(key);
    expect((await instanceOf()).props).not.toHaveProperty("encryptionKeyName");
});

test("native arguments are over all others, at any depth", async () => {
    const settings = await settingsOf({
        native: { settings: { dataCacheConfig: { dataCacheEnabled: true }, tier: "db-custom-4-15360" } },
    });
    expect(settings).toMatchObject({
        dataCacheConfig: { dataCacheEnabled: true },
        tier: "db-custom-4-15360",
        availabilityType: "ZONAL",
    });
});

test("waits for the network's connection to private services, and so goes before it (R72)", async () => {
    const connection = "urn:pulumi:test::test::random:index/randomPassword:RandomPassword::connection";
    const plan = await recordComponent(({ providers }) => {
        const gcp = new Provider("gcp", { project: "acme" });
        const privateServices = new RandomPassword(
            "connection",
            { length: 16 },
            { provider: (providers as pulumi.ProviderResource[])[1]! },
        );
        new CloudSqlDatabase(
            "database",
            { ...placement, server: { ...created, privateServices }, owner: "shop" },
            { providers: [...(providers as pulumi.ProviderResource[]), gcp] },
        );
        return {};
    });
    expect(plan.get("DatabaseInstance", "database-instance").dependencies).toContain(connection);
});

describe("an instance that is there", () => {
    test("gets a database and an owner, and stays as it is", async () => {
        const plan = await record({ server: existing });
        expect(plan.created.filter((line) => line.startsWith("DatabaseInstance"))).toEqual([]);
        expect(plan.get("User", "database-owner").props).toMatchObject({
            instance: "main-1a2b3c4",
            name: "shop",
            type: "BUILT_IN",
        });
        expect(plan.get("Database", "database-database").props).toEqual({
            instance: "main-1a2b3c4",
            name: "shop",
            charset: "UTF8",
            collation: "en_US.UTF8",
            deletionPolicy: "DELETE",
        });
    });

    test("loses both again, the database first; in production neither", async () => {
        const plan = await record({ server: existing, data: "disposable" });
        const [user, database] = [plan.get("User", "database-owner"), plan.get("Database", "database-database")];
        expect(database.dependencies).toContain(user.urn);
        expect([user.props["deletionPolicy"], database.props["deletionPolicy"]]).toEqual(["DELETE", "DELETE"]);
        const production = await record({ server: existing, data: "protected" });
        expect(production.get("Database", "database-database")).toMatchObject({
            protect: true,
            props: { deletionPolicy: "ABANDON" },
        });
        expect(production.get("User", "database-owner").props["deletionPolicy"]).toBe("ABANDON");
    });

    test("is let out to at its address and port alone (R48)", async () => {
        const plan = await record({ server: existing });
        expect(plan.get("EndpointSlice", "database-endpoint").props["endpoints"]).toEqual([
            { addresses: ["10.20.0.3"] },
        ]);
        expect(plan.get("NetworkPolicy", "database-to-store").props["spec"]).toEqual({
            podSelector: { matchLabels: { "django-on-kubernetes/reaches-database": "true" } },
            policyTypes: ["Egress"],
            egress: [{ to: [{ ipBlock: { cidr: "10.20.0.3/32" } }], ports: [{ protocol: "TCP", port: 5432 }] }],
        });
    });
});

test("a preview plans the same; the password is secret and unknown", async () => {
    const plan = await record({}, true);
    expect(plan.created).toEqual((await record()).created);
    const { password } = plan.get("User", "database-owner").props;
    expect(password).toBeInstanceOf(SecretValue);
    expect((password as SecretValue).examine((value) => value instanceof UnknownValue)).toBe(true);
});

describe("a read replica", () => {
    const recordReplica = (others: Partial<CloudSqlDatabaseArgs> = {}) =>
        record({ ...others, server: { ...created, readReplica: true, storageLimit: "200Gi" } });

    test("is a second instance of the same machine and flags, that holds nothing of its own", async () => {
        const plan = await recordReplica({ data: "protected" });
        const source = plan.get("DatabaseInstance", "database-instance");
        const { props, protect, dependencies } = plan.get("DatabaseInstance", "database-replica");
        expect(props).toMatchObject({
            databaseVersion: "POSTGRES_17",
            region: "europe-west1",
            masterInstanceName: source.props["name"] ?? (expect.any(String) as string),
            deletionProtection: false,
            settings: {
                tier: "db-custom-2-7680",
                edition: "ENTERPRISE",
                availabilityType: "ZONAL",
                deletionProtectionEnabled: false,
                diskAutoresize: true,
                diskAutoresizeLimit: 200,
                ipConfiguration: { ipv4Enabled: false, sslMode: "ENCRYPTED_ONLY" },
                databaseFlags: (source.props["settings"] as { databaseFlags: unknown }).databaseFlags,
            },
        });
        // Its source's disk may have grown, and a smaller one is refused; backups and maintenance are the source's.
        for (const left of ["diskSize", "backupConfiguration", "maintenanceWindow", "finalBackupConfig"]) {
            expect(props["settings"]).not.toHaveProperty(left);
        }
        expect(protect).toBe(false);
        expect(dependencies).toContain(source.urn);
    });

    test("makes its source write what a copy is made from, also where the data is thrown away", async () => {
        const settings = (await recordReplica({ data: "disposable" })).get("DatabaseInstance", "database-instance")
            .props["settings"] as unknown;
        expect(settings).toMatchObject({ backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true } });
    });

    test("is reached under a name and with a label of its own, and has a CA of its own", async () => {
        const plan = await recordReplica();
        const clientLabels = { "django-on-kubernetes/reaches-database-replica": "true" };
        expect(plan.get("Service", "database-replica-service").props["metadata"]).toMatchObject({
            name: "database-replica",
        });
        expect(plan.get("NetworkPolicy", "database-replica-to-store").props["spec"]).toMatchObject({
            podSelector: { matchLabels: clientLabels },
        });
        const replica = plan.get("DatabaseInstance", "database-replica").urn;
        expect(plan.get("EndpointSlice", "database-replica-endpoint").dependencies).toContain(replica);
        expect(plan.outputs["replica"]).toEqual({
            host: "database-replica",
            port: 5432,
            name: "shop",
            sslMode: "verify-ca",
            ca: expect.stringContaining("BEGIN CERTIFICATE") as string,
            clientLabels,
        });
    });
});

test("the disk can be made larger: nothing of it is ignored", async () => {
    expect(await settingsOf({ storage: "500Gi" })).toMatchObject({ diskSize: 500, diskAutoresize: true });
});

test("days without maintenance, each year", async () => {
    const denied = { from: "11-20", to: "12-02" };
    expect(await settingsOf({ maintenance: { ...created.maintenance, denied } })).toMatchObject({
        denyMaintenancePeriod: { startDate: "11-20", endDate: "12-02", time: "00:00:00" },
    });
    expect(await settingsOf()).not.toHaveProperty("denyMaintenancePeriod");
});
