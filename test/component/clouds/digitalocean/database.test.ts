// Does not prove that DigitalOcean accepts these arguments, nor that its administrator may grant what the job says: that needs
// an account.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import {
    DigitalOceanPostgresql,
    type CreatedPostgresql,
    type DigitalOceanPostgresqlArgs,
    type ExistingPostgresql,
} from "../../../../components/database/digitalocean/postgresql.ts";
import { serverOf } from "../../../../components/database/server.ts";
import { SecretValue } from "../../../../commands/plan/plan.ts";
import { expectOneFamily, placement, secretData } from "../../../support/component.ts";
import { recordDigitalOcean } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const created: CreatedPostgresql = {
    variant: "create",
    region: "fra1",
    network: { vpcId: "vpc-id", range: "10.110.0.0/20", clusters: ["cluster-id"], addresses: [] },
    version: "17",
    size: "db-s-2vcpu-4gb",
    nodes: 2,
    storageIncrement: "10Gi",
    readReplica: false,
    maintenance: { day: "sunday", hour: "03:00" },
};

const ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

const existing: ExistingPostgresql = {
    variant: "existing",
    host: "private-main-do-user-1-0.d.db.ondigitalocean.com",
    port: 25060,
    range: "10.110.0.0/20",
    database: "shop",
    user: "shop",
    password: pulumi.secret("given"),
    ca,
    maxConnections: 97,
    pooled: false,
};

const record = remembered((args: Partial<DigitalOceanPostgresqlArgs> = {}, preview: boolean = false) =>
    recordDigitalOcean((opts) => {
        const all = { ...placement, server: created, owner: "shop", ...args };
        const database = new DigitalOceanPostgresql("database", all, opts);
        const { host, port, name, user, password, sslMode, clientLabels, cidrs, maxConnections, pooled } = database;
        const secret = pulumi.output(pulumi.isSecret(password));
        const { replica } = database;
        return {
            ...(replica && { replica }),
            host,
            port,
            name,
            user,
            password,
            sslMode,
            ca: database.ca,
            clientLabels,
            cidrs,
            maxConnections,
            pooled,
            secret,
        };
    }, preview),
);

const recordServer = (server: Partial<CreatedPostgresql>, preview = false) =>
    record({ server: { ...created, ...server } }, preview);

const podOf = async () => (await record()).get("Job", "database-grants").props["spec"].template;

const clients = { "django-on-kubernetes/reaches-database": "true" };

test("a server with a database, a user who may use it, and a firewall; reached as a Service of the namespace", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "DatabaseCluster database-cluster",
        "DatabaseDb database-db",
        "DatabaseFirewall database-firewall",
        "DatabaseUser database-user",
        "DigitalOceanPostgresql database",
        "Job database-grants",
        "NetworkPolicy database-to-store",
        "Secret database-grants-login",
        "Service database-service",
        "ServiceAccount database-grants-account",
    ]);
    expectOneFamily(plan, ["DigitalOceanPostgresql", "database"]);
});

test("keeps the contract of every database (E4), with TLS whose CA is checked (R62)", async () => {
    const { outputs } = await record();
    expect(outputs).toMatchObject({
        host: "database",
        port: 25060,
        name: "shop",
        user: "shop",
        sslMode: "verify-ca",
        clientLabels: clients,
        cidrs: ["10.110.0.0/20"],
        maxConnections: 97,
        pooled: false,
        secret: true,
    });
    expect(outputs["ca"]).toContain("BEGIN CERTIFICATE");
});

describe("the server", () => {
    test("is private, pinned and doubled (R58, R63)", async () => {
        expect((await record()).get("DatabaseCluster", "database-cluster").props).toEqual({
            engine: "pg",
            version: "17",
            size: "db-s-2vcpu-4gb",
            region: "fra1",
            nodeCount: 2,
            privateNetworkUuid: "vpc-id",
            storageAutoscale: { enabled: true, thresholdPercent: 80, incrementGib: 10 },
            maintenanceWindows: [{ day: "sunday", hour: "03:00" }],
            tags: ["shop-staging"],
        });
    });

    test("has the storage that was asked for, in MiB, or what comes with its size", async () => {
        const storage = async (server: Partial<CreatedPostgresql>) =>
            (await recordServer(server)).get("DatabaseCluster", "database-cluster").props["storageSizeMib"] as unknown;
        expect(await storage({ storage: "60Gi" })).toBe("61440");
        expect(await storage({})).toBeUndefined();
    });

    test("takes DigitalOcean's own arguments", async () => {
        const native = { storageAutoscale: { enabled: true, thresholdPercent: 80, incrementGib: 20 }, nodeCount: 3 };
        expect((await recordServer({ native })).get("DatabaseCluster", "database-cluster").props).toMatchObject({
            ...native,
            engine: "pg",
        });
    });

    test("refuses a size that is none, in words", async () => {
        await expect(recordServer({ size: "large" })).rejects.toThrow(
            'size is "large"; it has to be a database\'s slug such as db-s-2vcpu-4gb',
        );
    });

    test.each([
        ["db-s-1vcpu-1gb", 22],
        ["db-s-2vcpu-4gb", 97],
        ["gd-4vcpu-16gb", 397],
        ["db-s-16vcpu-64gb", 997],
    ] as const)("%s: its connections are known from its memory: %i", async (size, connections) => {
        expect((await recordServer({ size })).outputs["maxConnections"]).toBe(connections);
    });
});

test.each([
    { data: "protected", protect: true },
    { data: "kept", protect: false },
    { data: "disposable", protect: false },
] as const)("$data: what holds rows is protected in production alone (R60, R67, R68)", async ({ data, protect }) => {
    const plan = await record({ data });
    for (const [kind, name] of [
        ["DatabaseCluster", "database-cluster"],
        ["DatabaseDb", "database-db"],
        ["DatabaseUser", "database-user"],
    ] as const) {
        expect(plan.get(kind, name).protect, name).toBe(protect);
    }
});

test("what is lost with the server is not deleted before it: it would be open, or its user could not go", async () => {
    const { options } = await recordServer({ pool: { mode: "transaction", size: 20 } });
    for (const name of ["database-db", "database-user", "database-firewall", "database-pool"]) {
        expect(options.get(name)?.deletedWith, name).toBeDefined();
    }
    expect(options.get("database-cluster")?.deletedWith).toBeUndefined();
});

describe("who is let in", () => {
    test("the cluster, and nobody else (D2)", async () => {
        const { rules } = (await record()).get("DatabaseFirewall", "database-firewall").props;
        expect(rules).toEqual([{ type: "k8s", value: "cluster-id" }]);
    });

    test("addresses, where the cluster is elsewhere", async () => {
        const network = { ...created.network, clusters: [], addresses: ["10.20.0.0/16", "203.0.113.7"] };
        const { rules } = (await recordServer({ network })).get("DatabaseFirewall", "database-firewall").props;
        expect(rules).toEqual([
            { type: "ip_addr", value: "10.20.0.0/16" },
            { type: "ip_addr", value: "203.0.113.7" },
        ]);
    });

    test("pods with the label go out to the network's range at that port (R48)", async () => {
        expect((await record()).get("NetworkPolicy", "database-to-store").props["spec"]).toEqual({
            podSelector: { matchLabels: clients },
            policyTypes: ["Egress"],
            egress: [{ to: [{ ipBlock: { cidr: "10.110.0.0/20" } }], ports: [{ protocol: "TCP", port: 25060 }] }],
        });
    });

    test("the Service leads to the private name", async () => {
        const { spec } = (await record()).get("Service", "database-service").props;
        expect(spec).toEqual({ type: "ExternalName", externalName: expect.stringMatching(/^private-/) as string });
    });
});

describe("the job that joins user and database", () => {
    test("runs as the administrator, whose login is in a Secret and in no pod of the app (R50)", async () => {
        const login = secretData((await record()).get("Secret", "database-grants-login"));
        expect(Object.keys(login).sort()).toEqual(["PGPASSWORD", "ca.pem", "grants.sql"]);
        expect(login["grants.sql"]).toContain('GRANT ALL ON SCHEMA public TO :"user";');
        expect(JSON.stringify(await podOf())).not.toContain(login["PGPASSWORD"]!);
    });

    test("is let out to the server, checks its certificate, and is told what to grant to whom", async () => {
        const { metadata, spec } = await podOf();
        expect(metadata.labels).toMatchObject(clients);
        // Else it would be taken for a database.
        expect(metadata.labels["app.kubernetes.io/component"]).toBe("database-job");
        const [container] = spec.containers;
        expect(container.command.slice(0, 2)).toEqual(["sh", "-c"]);
        expect(container.command[2]).toMatch(/until pg_isready .*; exec "\$@"$/);
        expect(container.command.slice(3)).toEqual([
            "psql",
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--file=/scripts/grants.sql",
        ]);
        const name = expect.stringMatching(/^database-grants-login-[0-9a-f]+$/) as string;
        expect(container.env).toEqual([
            { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name, key: "PGPASSWORD" } } },
            { name: "PGHOST", value: expect.stringMatching(/^private-/) as string },
            { name: "PGPORT", value: "25060" },
            { name: "PGUSER", value: "doadmin" },
            { name: "PGDATABASE", value: "shop" },
            { name: "PGCONNECT_TIMEOUT", value: "10" },
            { name: "PGSSLMODE", value: "verify-ca" },
            { name: "PGSSLROOTCERT", value: "/scripts/ca.pem" },
            { name: "GRANT_USER", value: "shop" },
        ]);
        const items = ["ca.pem", "grants.sql"].map((key) => ({ key, path: key }));
        expect(spec.volumes[0]).toEqual({ name: "scripts", secret: { secretName: name, items } });
    });

    test("passes Pod Security 'restricted' (R36, R38-R40, R44, R45)", async () => {
        const { spec } = await podOf();
        expect(spec).toMatchObject({
            restartPolicy: "Never",
            serviceAccountName: "database-grants",
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: "RuntimeDefault" } },
        });
        expect(spec.containers[0]).toMatchObject({
            resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "64Mi" } },
            securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
            },
        });
    });

    test("tries again while the firewall takes hold, runs anew when it changes, and waits longer than it may take", async () => {
        const job = (await record()).get("Job", "database-grants");
        expect(job.props["spec"]).toMatchObject({ backoffLimit: 6, activeDeadlineSeconds: 600 });
        expect(job.props["spec"]).not.toHaveProperty("ttlSecondsAfterFinished");
        expect(job.replaceOnChanges).toEqual(["spec"]);
        expect(job.customTimeouts.create).toBe("720s");
        expect(job.props["metadata"]).not.toHaveProperty("name");
    });
});

describe("a pool", () => {
    const pool = { mode: "transaction", size: 60 } as const;

    test("is to the app a database of another name at another port, whose connections it does not keep (R30)", async () => {
        const plan = await recordServer({ pool });
        expect(plan.get("DatabaseConnectionPool", "database-pool").props).toMatchObject({
            name: "shop-pool",
            mode: "transaction",
            size: 60,
            dbName: "shop",
            user: "shop",
        });
        expect(plan.outputs).toMatchObject({ name: "shop-pool", port: 25061, pooled: true, user: "shop" });
        expect(plan.get("NetworkPolicy", "database-to-store").props["spec"].egress[0].ports).toEqual([
            { protocol: "TCP", port: 25061 },
        ]);
    });

    test("is not what the grants go through", async () => {
        const plan = await recordServer({ pool });
        expect(plan.get("Job", "database-grants").props["spec"].template.spec.containers[0].env).toContainEqual({
            name: "PGPORT",
            value: "25060",
        });
    });
});

test("its administrator makes databases of others; the app is never told", async () => {
    const plan = await recordDigitalOcean((opts) => {
        const database = new DigitalOceanPostgresql("database", { ...placement, server: created, owner: "shop" }, opts);
        const { user, password } = serverOf(database);
        return { app: database.user, user, secret: pulumi.output(pulumi.isSecret(password)) };
    });
    expect(plan.outputs).toEqual({ app: "shop", user: "doadmin", secret: true });
});

test("a server of one app is open to that app alone", async () => {
    const plan = await recordDigitalOcean((opts) => {
        const { clientLabels } = new DigitalOceanPostgresql(
            "blog-database",
            { ...placement, server: created, owner: "blog" },
            opts,
        );
        return { clientLabels };
    });
    const labels = { "django-on-kubernetes/reaches-blog-database": "true" };
    expect(plan.outputs).toEqual({ clientLabels: labels });
    expect(plan.get("NetworkPolicy", "blog-database-to-store").props["spec"].podSelector).toEqual({
        matchLabels: labels,
    });
});

describe("a database that is there", () => {
    test("is used as it is: a Service and a way out, nothing at DigitalOcean", async () => {
        const plan = await record({ server: existing });
        expect(plan.created).toEqual([
            "DigitalOceanPostgresql database",
            "NetworkPolicy database-to-store",
            "Service database-service",
        ]);
        expect(plan.outputs).toMatchObject({
            host: "database",
            port: 25060,
            name: "shop",
            user: "shop",
            password: "given",
            secret: true,
            ca,
            maxConnections: 97,
            pooled: false,
        });
    });

    test("may be a pool", async () => {
        const { outputs } = await record({ server: { ...existing, port: 25061, database: "shop-pool", pooled: true } });
        expect(outputs).toMatchObject({ port: 25061, name: "shop-pool", pooled: true });
    });
});

test("a preview plans the same, and keeps secret what it does not know", async () => {
    const plan = await record({}, true);
    expect(plan.created).toEqual((await record()).created);
    expect(plan.get("Secret", "database-grants-login").props["stringData"]).toBeInstanceOf(SecretValue);
});

describe("the disk", () => {
    const storageOf = async (server: Partial<CreatedPostgresql>) =>
        (await recordServer(server)).get("DatabaseCluster", "database-cluster").props["storageAutoscale"] as unknown;

    test("grows by itself, by as much as is said", async () => {
        expect(await storageOf({})).toEqual({ enabled: true, thresholdPercent: 80, incrementGib: 10 });
        expect(await storageOf({ storageIncrement: "50Gi" })).toMatchObject({ incrementGib: 50 });
    });

    test("does not, where that is said: left out, what was on would stay on", async () => {
        expect(await storageOf({ storageIncrement: undefined })).toEqual({ enabled: false });
    });
});

describe("a read replica", () => {
    const clientLabels = { "django-on-kubernetes/reaches-database-replica": "true" };

    test("is a server with trusted sources of its own, and goes with the first", async () => {
        const plan = await recordServer({ readReplica: true });
        const cluster = plan.get("DatabaseCluster", "database-cluster");
        const replica = plan.get("DatabaseReplica", "database-replica");
        expect(replica.props).toMatchObject({ region: "fra1", size: "db-s-2vcpu-4gb", privateNetworkUuid: "vpc-id" });
        expect(replica.dependencies).toContain(cluster.urn);
        expect(replica.protect).toBe(false);
        const firewall = plan.get("DatabaseFirewall", "database-replica-firewall");
        expect(firewall.props["rules"]).toEqual([{ type: "k8s", value: "cluster-id" }]);
        expect(firewall.dependencies).toContain(replica.urn);
    });

    test("is reached under a name and with a label of its own, never through the pool", async () => {
        const plan = await recordServer({ readReplica: true, pool: { mode: "transaction", size: 20 } });
        expect(plan.outputs).toMatchObject({ port: 25061, name: "shop-pool" });
        expect(plan.outputs["replica"]).toMatchObject({
            host: "database-replica",
            port: 25060,
            name: "shop",
            sslMode: "verify-ca",
            clientLabels,
        });
        expect(plan.get("NetworkPolicy", "database-replica-to-store").props["spec"]).toMatchObject({
            podSelector: { matchLabels: clientLabels },
            egress: [{ ports: [{ protocol: "TCP", port: 25060 }] }],
        });
    });
});
