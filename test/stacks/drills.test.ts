// From `backups.drill` to the pod of a drill: which backups it takes, with what it restores them, what it lets the app see, and where it
// may go. Does not prove that its steps work: test/unit/drill-scripts.test.ts does, and test/prove/drill.test.ts in a cluster.
import { describe, expect, it } from "vitest";
import { sumsOf } from "../../commands/plan/sums.ts";
import { viewOf } from "../../policy/plan-view.ts";
import { podsOf } from "../../settings/capacity/pods.ts";
import { checkSettings } from "../../settings/settings.ts";
import {
    egress,
    environmentOf,
    inCluster,
    namespace,
    podOf,
    secretData,
    secretsOf,
    shop,
    stackOf,
    type Change,
    type Stack,
} from "./support/stack.ts";

const secrets = {
    databaseBackupsAccessKeyId: "canary-id",
    databaseBackupsSecretAccessKey: "canary-key",
    databaseBackupsPassphrase: "canary passphrase of some length",
};
const to = { endpoint: "https://s3.example.org", bucket: "acme-backups", cidrs: ["203.0.113.0/24"] };
const sql = ["select count(*) > 0 from auth_user", "select true"];
const database = {
    variant: "in-cluster",
    version: "16",
    storage: "11Gi",
    backups: { to, at: "01:10", drill: { every: 1, sql } },
};
const external = {
    variant: "external",
    host: "db.example.org",
    database: "shop",
    user: "shop",
    maxConnections: 50,
    cidrs: ["198.51.100.0/24"],
    backups: { to, dumpStorage: "2Gi", drill: { every: 14, maxAge: 20, sql } },
};

const stack = async (...changes: readonly Change[]): Promise<Stack> =>
    await stackOf(inCluster(["database", database], ["platform.storageClass", "fast"], ...changes), {
        secrets: { databasePassword: "canary-password", ...secrets },
    });

const drillOf = (made: Stack) => made.get("CronJob", "database-drill-schedule");

interface Found {
    readonly name: string;
    readonly image: string;
    readonly restartPolicy?: string;
}

const containersOf = (made: Stack): readonly Found[] => {
    const { initContainers = [], containers } = podOf(drillOf(made)) as unknown as {
        readonly initContainers?: readonly Found[];
        readonly containers: readonly Found[];
    };
    return [...initContainers, ...containers];
};

function dataVolume(made: Stack): unknown {
    const { volumes } = podOf(drillOf(made)) as unknown as { readonly volumes: readonly { readonly name: string }[] };
    return volumes.find(({ name }) => name === "data");
}

describe("a drill of copies of a server's files", () => {
    it("restores with pgBackRest, and serves with the database's own image", async () => {
        const made = await stack();
        expect(containersOf(made).map(({ name, restartPolicy }) => [name, restartPolicy])).toEqual([
            ["restore", undefined],
            ["archive", "Always"],
            ["server", "Always"],
            ["checks", undefined],
            ["migrations", undefined],
            ["result", undefined],
        ]);
        const [restore, , server, , migrations] = containersOf(made);
        expect(restore!.image).toMatch(/pgbackrest/);
        expect(server!.image).toMatch(/postgres:16/);
        expect(migrations!.image).toBe(shop.image);
    });

    it("is held when the settings say, with a volume of its own that is as large as the database's", async () => {
        const { props } = drillOf(await stack());
        expect(props["spec"]).toMatchObject({
            schedule: "10 4 * * *",
            timeZone: "Etc/UTC",
            concurrencyPolicy: "Forbid",
        });
        expect(dataVolume(await stack())).toMatchObject({
            ephemeral: {
                volumeClaimTemplate: {
                    spec: { storageClassName: "fast", resources: { requests: { storage: "11Gi" } } },
                },
            },
        });
    });

    it("asks the owner's statements in their order", async () => {
        const made = await stack();
        expect(made.get("ConfigMap", "database-drill-statements").props["data"]).toEqual({
            "00.sql": sql[0],
            "01.sql": sql[1],
        });
    });

    it("shows the app the restored server, and nothing that opens another", async () => {
        const made = await stack();
        const told = { ...environmentOf(made, "database-drill-app"), ...secretsOf(made, "database-drill-app") };
        expect(told).toMatchObject({
            DJANGO_APP_DB_HOST: "127.0.0.1",
            DJANGO_APP_DB_PORT: "5432",
            DJANGO_APP_DB_SSLMODE: "disable",
        });
        expect(Object.values(told).join("\n")).not.toMatch(/canary|cache:6379|broker:6379/);
        expect(told["CELERY_BROKER_URL"]).toBe("redis://127.0.0.1:6379/0");
    });

    it("goes to the bucket alone", async () => {
        const made = await stack();
        const { jobTemplate } = drillOf(made).props["spec"] as {
            readonly jobTemplate: {
                readonly spec: { readonly template: { readonly metadata: { readonly labels: object } } };
            };
        };
        const labels = Object.keys(jobTemplate.spec.template.metadata.labels);
        expect(labels.filter((label) => label.includes("reaches"))).toEqual([
            "django-on-kubernetes/reaches-database-drill-backups",
        ]);
        expect(egress(made, "database-drill-backups-to-bucket")).toEqual([["203.0.113.0/24", 443]]);
    });

    it("has no app's step where nobody knows how its image looks at migrations", async () => {
        const made = await stack([
            "apps[0]",
            { name: "shop", contract: "init-run-async", image: shop.image, hosts: shop.hosts },
        ]);
        expect(containersOf(made).map(({ name }) => name)).not.toContain("migrations");
    });

    it("is not held where none is asked for", async () => {
        const made = await stack(["database.backups.drill", undefined]);
        expect(
            made
                .all("CronJob")
                .map(({ name }) => name)
                .filter((name) => name.includes("drill")),
        ).toEqual([]);
    });
});

describe("a drill of dumps", () => {
    it("fetches with rclone, and loads into a new server with room for what was packed", async () => {
        const made = await stack(["database", external]);
        expect(containersOf(made).map(({ name }) => name)).toEqual([
            "fetch",
            "server",
            "load",
            "checks",
            "migrations",
            "result",
        ]);
        expect(containersOf(made)[0]!.image).toMatch(/rclone/);
        expect(drillOf(made).props["spec"]).toMatchObject({ schedule: "17 5 */14 * *" });
        expect(dataVolume(made)).toMatchObject({
            ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: "10Gi" } } } } },
        });
    });

    it("has the bucket's key and passphrase, and no password of the server that was dumped", async () => {
        const made = await stack(["database", external]);
        expect(secretData(made.get("Secret", "database-drill-keys"))).toEqual({
            "access-key-id": "canary-id",
            "secret-access-key": "canary-key",
            passphrase: secrets.databaseBackupsPassphrase,
            "database-password": "nobody-asks",
        });
    });
});

describe("what a drill reserves", () => {
    it.each([
        ["copies of files", database],
        ["a dump", external],
    ])("is reckoned as it is planned, of %s", async (_, store) => {
        const settings = checkSettings(
            { ...inCluster(["database", store]), secrets: { databasePassword: "letmein", ...secrets } },
            "test",
        );
        const job = podsOf(settings).jobs.find(({ names }) => names.includes("database-drill"));
        const made = await stack(["database", store]);
        const without = await stack(["database", store], ["database.backups.drill", undefined]);
        const [more, less] = [made, without].map((each) => sumsOf(viewOf(each), namespace).max);
        expect(job?.room).toEqual({ cpu: more!.millicores - less!.millicores, memory: more!.memory - less!.memory });
    });
});

describe("what is promised", () => {
    it("is in the stack's outputs", async () => {
        const { outputs } = await stack();
        expect(outputs["backups"]).toEqual({
            database: {
                by: ["files"],
                to: "s3.example.org/acme-backups/shop/test/database",
                at: "01:10",
                recoveryPoint: 5,
                days: 30,
                drill: { every: 1, maxAge: 8 },
            },
        });
    });

    it("of dumps alone is a day", async () => {
        const { outputs } = await stack(["database", external]);
        expect(outputs["backups"]).toMatchObject({ database: { by: ["dump"], recoveryPoint: 1440 } });
    });
});
