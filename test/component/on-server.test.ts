// Does not prove what the scripts do: test/unit/database-scripts.test.ts does, on a real server.
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { DatabaseOnServer, type DatabaseOnServerArgs } from "../../components/database/on-server.ts";
import type { Server } from "../../components/database/contract.ts";
import { serverOf } from "../../components/database/server.ts";
import { DatabaseSweeper, type DatabaseSweeperArgs } from "../../components/database/sweeper.ts";
import { postgresImages } from "../../components/database/versions.ts";
import { expectOneFamily, isUnknownSecret, placement, recordComponent, secretData } from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const server: Server = {
    host: "database.shop-staging.svc.cluster.local",
    port: 5432,
    name: "shop",
    user: "shop",
    password: pulumi.secret("canary-admin"),
    clientLabels: { "django-on-kubernetes/borrows-database": "true" },
    maxConnections: 100,
};

const defaults: DatabaseOnServerArgs = {
    ...placement,
    namespace: "shop-pr-1",
    instance: "shop-pr-1",
    data: "disposable",
    server,
    owner: "shop_pr_1",
    elsewhere: { namespace: "shop-staging" },
};

const record = remembered((changes: Partial<DatabaseOnServerArgs> = {}, preview: boolean = false) =>
    recordComponent(
        (opts) => {
            const database = new DatabaseOnServer("database", { ...defaults, ...changes }, opts);
            const { host, port, name, user, password, sslMode, ca, clientLabels, maxConnections } = database;
            return {
                host,
                port,
                name,
                user,
                password,
                isSecret: pulumi.isSecret(password),
                sslMode,
                ca,
                clientLabels,
                maxConnections,
            };
        },
        { preview },
    ),
);

type Recorded = Awaited<ReturnType<typeof record>>;

const podOf = (plan: Recorded) => plan.get("Job", "database-create").props["spec"].template;

/** Of a variable from a Secret, which key of which. */
const environmentOf = (container: {
    env: Array<{ name: string; value?: string; valueFrom?: { secretKeyRef: object } }>;
}) => Object.fromEntries(container.env.map(({ name, value, valueFrom }) => [name, value ?? valueFrom?.secretKeyRef]));

const fromSecret = (secret: string, key: string) => ({
    name: expect.stringMatching(new RegExp(`^${secret}-[0-9a-f]+$`)) as string,
    key,
});

const environment = async (changes: Partial<DatabaseOnServerArgs> = {}) =>
    environmentOf(podOf(await record(changes)).spec.containers[0]);

describe("a database on the server of another environment", () => {
    test("is made by a job; the app finds it under a Service of its own namespace", async () => {
        const plan = await record();
        expect(plan.created).toEqual([
            "ConfigMap database-scripts",
            "Job database-create",
            "NetworkPolicy database-to-store",
            "OnServer database",
            "RandomPassword database-password",
            "Secret database-administration",
            "Service database-service",
            "ServiceAccount database-account",
        ]);
        expectOneFamily(plan, ["OnServer", "database"]);
        expect(plan.get("Service", "database-service").props).toMatchObject({
            metadata: { name: "database", namespace: "shop-pr-1" },
            spec: { type: "ExternalName", externalName: "database.shop-staging.svc.cluster.local" },
        });
    });

    test("keeps the contract of every database", async () => {
        const { outputs } = await record({ password: pulumi.secret("given") });
        expect(outputs).toEqual({
            host: "database",
            port: 5432,
            name: "shop_pr_1",
            user: "shop_pr_1",
            password: "given",
            isSecret: true,
            clientLabels: {
                "django-on-kubernetes/reaches-database": "true",
                "django-on-kubernetes/borrows-database": "true",
            },
            maxConnections: 100,
        });
    });

    test("lets pods out to the server's pods alone (R48)", async () => {
        const policy = (await record()).get("NetworkPolicy", "database-to-store").props;
        expect(policy["spec"]).toEqual({
            podSelector: { matchLabels: { "django-on-kubernetes/reaches-database": "true" } },
            policyTypes: ["Egress"],
            egress: [
                {
                    to: [
                        {
                            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop-staging" } },
                            podSelector: { matchLabels: { "app.kubernetes.io/component": "database" } },
                        },
                    ],
                    ports: [{ protocol: "TCP", port: 5432 }],
                },
            ],
        });
    });

    test("or to the addresses of a server outside the cluster", async () => {
        const plan = await record({ server: { ...server, cidrs: ["10.9.0.0/24"], port: 25060 } });
        expect(plan.get("NetworkPolicy", "database-to-store").props["spec"].egress).toEqual([
            { to: [{ ipBlock: { cidr: "10.9.0.0/24" } }], ports: [{ protocol: "TCP", port: 25060 }] },
        ]);
    });

    test("checks the server as the server's own app does (R62)", async () => {
        const plan = await record({ server: { ...server, sslMode: "verify-ca", ca: pulumi.output("PEM") } });
        expect(plan.outputs).toMatchObject({ sslMode: "verify-ca", ca: "PEM" });
        expect(environmentOf(podOf(plan).spec.containers[0])).toMatchObject({
            PGSSLMODE: "verify-ca",
            PGSSLROOTCERT: "/scripts/ca.pem",
        });
        expect(plan.get("ConfigMap", "database-scripts").props["data"]["ca.pem"]).toBe("PEM");
    });
});

describe("the job", () => {
    test("comes after the way is open and what it was told to wait for", async () => {
        const plan = await recordComponent((opts) => {
            const other = new RandomPassword(
                "server",
                { length: 1 },
                { provider: (opts.providers as pulumi.ProviderResource[])[1]! },
            );
            new DatabaseOnServer("database", { ...defaults, after: [other] }, opts);
            return {};
        });
        const { dependencies } = plan.get("Job", "database-create");
        for (const [kind, name] of [
            ["NetworkPolicy", "database-to-store"],
            ["Service", "database-service"],
            ["RandomPassword", "server"],
        ] as const) {
            expect(dependencies).toContain(plan.get(kind, name).urn);
        }
    });

    test("runs the script with names in the environment", async () => {
        const plan = await record({ template: "seed" });
        const [container] = podOf(plan).spec.containers;
        expect(container.command.slice(0, 2)).toEqual(["sh", "-c"]);
        expect(container.command[2]).toMatch(/until pg_isready .*; exec "\$@"$/);
        expect(container.command.slice(3)).toEqual([
            "psql",
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--file=/scripts/create.sql",
        ]);
        expect(container.image).toBe(postgresImages["17"].image);
        expect(plan.get("ConfigMap", "database-scripts").props["data"]["create.sql"]).toBe(
            await readFile(new URL("../../components/database/scripts/create.sql", import.meta.url), "utf8"),
        );
        expect(environmentOf(container)).toEqual({
            PGPASSWORD: fromSecret("database-administration", "PGPASSWORD"),
            NEW_PASSWORD: fromSecret("database-administration", "NEW_PASSWORD"),
            PGHOST: "database",
            PGPORT: "5432",
            PGUSER: "shop",
            PGDATABASE: "shop",
            PGCONNECT_TIMEOUT: "10",
            NEW_ROLE: "shop_pr_1",
            NEW_DATABASE: "shop_pr_1",
            NEW_TEMPLATE: "seed",
            NEW_CONNECTION_LIMIT: "-1",
            NEW_COMMENT: "django-on-kubernetes namespace=shop-pr-1 service=database",
        });
        expect((await environment())["NEW_TEMPLATE"]).toBe("");
    });

    test("has the passwords from a Secret that only it reads", async () => {
        const plan = await record({ password: pulumi.secret("canary-own") });
        expect(secretData(plan.get("Secret", "database-administration"))).toEqual({
            PGPASSWORD: "canary-admin",
            NEW_PASSWORD: "canary-own",
        });
        expect(JSON.stringify(plan.get("Job", "database-create").props)).not.toContain("canary");
        expect(isUnknownSecret((await record({}, true)).get("Secret", "database-administration"))).toBe(true);
    });

    test("is a restricted pod that is let through to the server (R36, R38-R40, R44, R45)", async () => {
        const { metadata, spec } = podOf(await record());
        expect(metadata.labels).toMatchObject(server.clientLabels);
        // Else the policy that opens the server to its clients would open the job too.
        expect(metadata.labels["app.kubernetes.io/component"]).toBe("database-job");
        expect(spec).toMatchObject({
            serviceAccountName: "database",
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            restartPolicy: "Never",
            securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: "RuntimeDefault" } },
        });
        const [container] = spec.containers;
        expect(container.securityContext).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        });
        expect(container.resources).toEqual({ requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "128Mi" } });
        expect(spec.volumes[1]).toEqual({ name: "tmp", emptyDir: { sizeLimit: "16Mi" } });
    });

    test("that failed is run again by the next update", async () => {
        const { metadata } = (await record()).get("Job", "database-create").props;
        expect(metadata.annotations).toEqual({ "pulumi.com/replaceUnready": "true" });
    });

    test("tries again, ends by itself, and is not run anew by a refresh", async () => {
        const job = (await record()).get("Job", "database-create");
        expect(job.props["spec"]).toMatchObject({ backoffLimit: 6, activeDeadlineSeconds: 900 });
        expect(job.props["spec"]).not.toHaveProperty("ttlSecondsAfterFinished");
        expect(job.props["metadata"]).not.toHaveProperty("name");
    });

    test("that failed runs anew with the next update, which waits longer than the job may take", async () => {
        const job = (await record()).get("Job", "database-create");
        expect(job.props["metadata"].annotations).toEqual({ "pulumi.com/replaceUnready": "true" });
        expect(job.replaceOnChanges).toEqual(["spec"]);
        expect(job.customTimeouts.create).toBe("1020s");
    });

    test("runs an image of the user's own", async () => {
        expect(podOf(await record({ image: "localhost/postgres:17" })).spec.containers[0].image).toBe(
            "localhost/postgres:17",
        );
    });
});

test("a database beside the main app's uses the server's own Service and openings", async () => {
    const { elsewhere: _, ...beside } = defaults;
    const plan = await recordComponent((opts) => {
        const { host } = new DatabaseOnServer(
            "blog-database",
            { ...beside, server: { ...server, host: "database" } },
            opts,
        );
        return { host };
    });
    expect(plan.outputs).toEqual({ host: "database" });
    expect(plan.created).not.toContain("Service blog-database-service");
    expect(plan.created).not.toContain("NetworkPolicy blog-database-to-store");
    const env = environmentOf(plan.get("Job", "blog-database-create").props["spec"].template.spec.containers[0]);
    expect(env["NEW_COMMENT"]).toBe("django-on-kubernetes namespace=shop-pr-1 service=database");
});

test("a server's administrator logs in instead of the app's own user, where there is one", () => {
    const administrator = { user: "doadmin", password: pulumi.secret("canary-admin") };
    expect(serverOf(server)).toEqual(server);
    expect(serverOf({ ...server, pooled: false, administrator })).toEqual({ ...server, ...administrator });
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});

describe("the sweeper", () => {
    const own: Server = { ...server, host: "database" };
    const recordSweeper = remembered((changes: Partial<DatabaseSweeperArgs> = {}) =>
        recordComponent((opts) => {
            new DatabaseSweeper("database-sweeper", { ...placement, server: own, ...changes }, opts);
            return {};
        }),
    );
    const schedule = async (changes: Partial<DatabaseSweeperArgs> = {}) =>
        (await recordSweeper(changes)).get("CronJob", "database-sweeper-schedule").props["spec"];

    test("is a CronJob with its scripts, an account and a login", async () => {
        const plan = await recordSweeper();
        expect(plan.created).toEqual([
            "ConfigMap database-sweeper-scripts",
            "CronJob database-sweeper-schedule",
            "Secret database-sweeper-administration",
            "ServiceAccount database-sweeper-account",
            "Sweeper database-sweeper",
        ]);
        expectOneFamily(plan, ["Sweeper", "database-sweeper"]);
        expect(secretData(plan.get("Secret", "database-sweeper-administration"))).toEqual({
            PGPASSWORD: "canary-admin",
        });
        expect(JSON.stringify(plan.get("CronJob", "database-sweeper-schedule").props)).not.toContain("canary");
        const { data } = plan.get("ConfigMap", "database-sweeper-scripts").props;
        expect(Object.keys(data as object).sort()).toEqual(["drop.sql", "mark.sql", "sweep.sh"]);
    });

    test("looks once an hour, one run at a time, and waits two days", async () => {
        expect(await schedule()).toMatchObject({
            schedule: "17 * * * *",
            timeZone: "Etc/UTC",
            concurrencyPolicy: "Forbid",
        });
        expect((await schedule({ schedule: "0 3 * * *" })).schedule).toBe("0 3 * * *");
        const plan = await recordSweeper();
        const { spec } = plan.get("CronJob", "database-sweeper-schedule").props["spec"].jobTemplate.spec.template;
        const [container] = spec.containers;
        expect(container.command.slice(3)).toEqual(["psql", "bash", "/scripts/sweep.sh"]);
        expect(spec.volumes[0].configMap.name).toMatch(/^database-sweeper-scripts-/);
        expect(environmentOf(container)).toEqual({
            PGPASSWORD: fromSecret("database-sweeper-administration", "PGPASSWORD"),
            PGHOST: "database",
            PGPORT: "5432",
            PGUSER: "shop",
            PGDATABASE: "shop",
            PGCONNECT_TIMEOUT: "10",
            OWN_NAMESPACE: "shop-staging",
            KEEP_HOURS: "48",
        });
    });

    test("is a restricted pod that is let through to the server", async () => {
        const { metadata, spec } = (await schedule()).jobTemplate.spec.template;
        expect(metadata.labels).toMatchObject({ ...own.clientLabels, "app.kubernetes.io/component": "database-job" });
        expect(spec).toMatchObject({
            automountServiceAccountToken: false,
            restartPolicy: "Never",
            securityContext: { runAsNonRoot: true, runAsUser: 999 },
        });
        expect(spec.containers[0].securityContext).toMatchObject({ readOnlyRootFilesystem: true });
    });

    test.each([0, -1, 1.5, Number.NaN])("does not wait %d hours", async (keepHours) => {
        await expect(recordSweeper({ keepHours })).rejects.toThrow(
            `DatabaseSweeper database-sweeper: keepHours is ${keepHours}. Allowed: a whole number of hours, at least 1.`,
        );
    });
});
