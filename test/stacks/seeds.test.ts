// From `lends.seed` to the job that makes seeds: whose rows it reads, what masks them and what each step is let to have. Does not prove that
// its steps work: test/unit/seed-scripts.test.ts does, and test/prove/seeds.test.ts in a cluster.
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
    secretsOf,
    shop,
    stackOf,
    type Change,
    type Stack,
} from "./support/stack.ts";

const image = "registry.example.org/postgres:17.5";
const mask = {
    sql: ["update auth_user set email = ''", "truncate django_session"],
    command: ["python", "manage.py", "mask"],
};
const from = "shop/production/database";
const backups: Change = [
    "database.backups",
    { to: { endpoint: "https://s3.example.org", bucket: "acme-backups", cidrs: ["203.0.113.0/24"] } },
];
const databasePassword = "canary-password";
const keys = {
    databaseBackupsAccessKeyId: "canary-id",
    databaseBackupsSecretAccessKey: "canary-key",
    databaseBackupsPassphrase: "canary passphrase of some length",
};
const sections = (...changes: readonly Change[]) =>
    inCluster(["lends.database", true], ["database.image", image], ...changes);
const stack = async (...changes: readonly Change[]): Promise<Stack> =>
    await stackOf(sections(...changes), {
        secrets: { databasePassword, ...(changes.includes(backups) && keys) },
    });
const ofItself = async () => await stack(["lends.seed", { mask, schedule: "0 2 * * *", keep: 3, storage: "7Gi" }]);
const ofDumps = async () => await stack(backups, ["lends.seed", { mask: { sql: mask.sql }, from }]);

interface Found {
    readonly name: string;
    readonly image: string;
    readonly env?: ReadonlyArray<{ readonly name: string; readonly value?: unknown }>;
    readonly volumeMounts: ReadonlyArray<{ readonly name: string }>;
}

const seedOf = (made: Stack) => made.get("CronJob", "database-seed-schedule");
const containersOf = (made: Stack): readonly Found[] => {
    const { initContainers, containers } = podOf(seedOf(made)) as unknown as Record<string, readonly Found[]>;
    return [...initContainers!, ...containers!];
};
const named = (made: Stack, name: string) => containersOf(made).find((each) => each.name === name)!;
const values = ({ env = [] }: Found) => Object.fromEntries(env.map(({ name, value }) => [name, value]));

describe("a seed of the lender's own rows", () => {
    it("is masked between its own server and the one that is lent", async () => {
        const made = await ofItself();
        expect(containersOf(made).map(({ name, image: of }) => [name, of])).toEqual([
            ["take", image],
            ["server", image],
            ["load", image],
            ["mask-sql", image],
            ["mask", shop.image],
            ["serve", image],
        ]);
        expect(made.get("ConfigMap", "database-seed-statements").props["data"]).toEqual({
            "00.sql": `${mask.sql[0]!}\n`,
            "01.sql": `${mask.sql[1]!}\n`,
        });
    });

    it("lets each step have what it needs: the source's login the first, the administrator's the last", async () => {
        const having = (made: Stack, volume: string) =>
            containersOf(made)
                .filter(({ volumeMounts }) => volumeMounts.some(({ name }) => name === volume))
                .map(({ name }) => name);
        for (const made of [await ofItself(), await ofDumps()]) {
            const [first] = containersOf(made);
            expect(having(made, "source-secrets")).toEqual([first!.name]);
            expect(having(made, "server-secrets")).toEqual(["serve"]);
            expect(having(made, "data")).not.toContain("mask");
            expect(JSON.stringify(podOf(seedOf(made)))).not.toContain("canary");
        }
    });

    it("shows the app the copy, and nothing that opens another store", async () => {
        const made = await ofItself();
        const told = { ...environmentOf(made, "database-seed-app"), ...secretsOf(made, "database-seed-app") };
        expect(told).toMatchObject({ DJANGO_APP_DB_HOST: "127.0.0.1", DJANGO_APP_DB_PORT: "5432" });
        expect(Object.values(told).join("\n")).not.toMatch(/canary|cache:6379|broker:6379/);
    });

    it("is made when the settings say, never two at a time, and by hand alone where they say nothing", async () => {
        const made = await ofItself();
        expect(seedOf(made).props["spec"]).toMatchObject({
            schedule: "0 2 * * *",
            timeZone: "Etc/UTC",
            suspend: false,
            concurrencyPolicy: "Forbid",
        });
        expect(values(named(made, "serve"))).toMatchObject({ SEED: "seeded", KEEP: "3", MASKED: "true" });
        expect(JSON.stringify(podOf(seedOf(made)))).toContain('"storage":"7Gi"');
        expect(seedOf(await ofDumps()).props["spec"]).toMatchObject({ suspend: true });
    });
});

describe("a seed of another stack's dumps", () => {
    it("fetches them from the lender's own bucket, below that stack's prefix", async () => {
        const made = await ofDumps();
        expect(containersOf(made).map(({ name }) => name)).toEqual(["fetch", "server", "load", "mask-sql", "serve"]);
        expect(values(named(made, "fetch"))).toMatchObject({
            BUCKET: "acme-backups",
            FROM: from,
            DUMP: "latest",
            KIND: "seed",
        });
    });

    it("is let out to that bucket; one of the lender's own rows is not", async () => {
        const made = await ofDumps();
        expect(egress(made, "database-seed-to-bucket")).toEqual([["203.0.113.0/24", 443]]);
        const { props } = seedOf(await ofItself());
        expect(JSON.stringify(props)).not.toContain("database-seed-bucket");
    });
});

it("a stack that has none makes none", async () => {
    const made = await stack();
    expect(
        made
            .all("CronJob")
            .map(({ name }) => name)
            .filter((name) => name.includes("seed")),
    ).toEqual([]);
});

it.each([
    ["statements and a command", { mask }],
    ["statements", { mask: { sql: mask.sql } }],
    ["no mask", {}],
])("what one of %s reserves is reckoned as it is planned", async (_, seed) => {
    const change: Change = ["lends.seed", seed];
    const settings = checkSettings({ ...sections(change), secrets: { databasePassword: "letmein" } }, "test");
    const job = podsOf(settings).jobs.find(({ names }) => names.includes("database-seed"));
    const [more, less] = [await stack(change), await stack()].map((made) => sumsOf(viewOf(made), namespace).max);
    expect(job?.room).toEqual({ cpu: more!.millicores - less!.millicores, memory: more!.memory - less!.memory });
});
