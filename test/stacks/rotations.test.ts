// What a number of `rotations` makes, who is told which value, and what waits for what. Does not prove that a server takes it:
// test/unit/rotation-scripts.test.ts, test/unit/redis-rotation.test.ts and test/prove/rotation.test.ts do.
import { describe, expect, it } from "vitest";
import { type Change, revealed, inCluster, secretData, stackOf, waitsFor, type Stack } from "./support/stack.ts";

const database = { variant: "in-cluster", version: "17", storage: "1Gi" };
const stores = [
    ["database", database],
    ["cache", { variant: "in-cluster", replicas: 1 }],
    ["broker", { variant: "redis", storage: "1Gi" }],
] as const;

const rotated = (rotations: object, ...changes: readonly Change[]) =>
    stackOf(inCluster(...stores.map(([path, value]): Change => [path, value]), ["rotations", rotations], ...changes));

const environmentOf = (stack: Stack) => secretData(stack.get("Secret", "shop-secret-environment"));

const names = (stack: Stack, type: string) => stack.resources.filter((one) => one.type === type).map((one) => one.name);

const commandOf = (stack: Stack, job: string): string[] =>
    (stack.get("Job", job).props["spec"] as { template: { spec: { containers: { command: string[] }[] } } }).template
        .spec.containers[0]!.command;

const restoredFor = (stack: Stack, job: string): string | undefined =>
    (
        stack.get("Job", job).props["spec"] as {
            template: { spec: { containers: { env: { name: string; value?: string }[] }[] } };
        }
    ).template.spec.containers[0]!.env.find(({ name }) => name === "RESTORED_DATA")?.value;

const serverTypes = ["kubernetes:apps/v1:StatefulSet", "random:index/randomPassword:RandomPassword"];

describe("a stack that gets numbers", () => {
    it("keeps each server and password that it has, and its servers' pods but for the users of Redis (R75)", async () => {
        const before = await rotated({});
        const after = await rotated({ database: 1, cache: 1, broker: 1, secretKey: 1 });
        for (const type of serverTypes) {
            // The first key's value is a fallback now, and the first passwords are what servers began with.
            expect(names(after, type)).toEqual(expect.arrayContaining(names(before, type)));
        }
        const server = (stack: Stack) => revealed(stack.get("StatefulSet", "database-server").props["spec"]);
        expect(server(after)).toEqual(server(before));
    });

    it("leaves the pods of its stores alone when a number is raised", async () => {
        const [one, two] = [await rotated({ cache: 1, broker: 1 }), await rotated({ cache: 2, broker: 2 })];
        for (const name of ["cache-primary", "broker-server"]) {
            expect(revealed(two.get("StatefulSet", name).props["spec"])).toEqual(
                revealed(one.get("StatefulSet", name).props["spec"]),
            );
        }
    });
});

describe("a login to the database", () => {
    it("is the number's, and the owner's password is told to no pod of the app", async () => {
        const stack = await rotated({ database: 3 });
        expect(environmentOf(stack)["DATABASE_URL"]).toMatch(/^postgresql:\/\/shop_3:[^@]+@database:5432\/shop$/);
        const plain = stack.get("ConfigMap", "shop-environment").props["data"] as Record<string, string>;
        expect(plain["DJANGO_APP_DB_USER"]).toBe("shop_3");
        expect(plain["DJANGO_APP_DB_NAME"]).toBe("shop");
        const job = secretData(stack.get("Secret", "database-login-secrets"));
        expect(Object.keys(job).toSorted()).toEqual(["ADMINISTRATOR_PASSWORD", "LOGIN_PASSWORD"]);
        expect(JSON.stringify(environmentOf(stack))).not.toContain(job["ADMINISTRATOR_PASSWORD"]);
    });

    it("is there before the release's first job, and those before it end after the rollout", async () => {
        const stack = await rotated({ database: 1 });
        expect(waitsFor(stack, stack.get("Job", "shop-migrate"))).toContain("database-login");
        expect(waitsFor(stack, stack.get("Job", "database-retire"))).toContain("shop-web");
        const { metadata, spec } = stack.get("Job", "database-retire").props;
        expect(metadata.annotations["pulumi.com/skipAwait"]).toBe("true");
        const grace = Number(commandOf(stack, "database-retire").at(-1));
        expect(spec.activeDeadlineSeconds).toBeGreaterThan(grace);
    });

    it("is made anew in data that were restored, which have the logins of then", async () => {
        const to = { endpoint: "https://s3.example.org", bucket: "acme-backups", cidrs: ["203.0.113.0/24"] };
        const keys = {
            databaseBackupsAccessKeyId: "an-id",
            databaseBackupsSecretAccessKey: "a-key",
            databaseBackupsPassphrase: "a passphrase of some length",
        };
        const of = async (restore: object) =>
            await stackOf(
                inCluster(["database", { ...database, backups: { to }, ...restore }], ["rotations", { database: 2 }]),
                { secrets: keys },
            );
        const [before, after] = [await of({}), await of({ restore: { at: "2026-11-30T10:00:00Z" } })];
        for (const job of ["database-login", "database-retire"]) {
            expect(restoredFor(before, job)).toBeUndefined();
            expect(restoredFor(after, job)).toBe("restored-2026-11-30t10-00-00z");
        }
    });

    it("has PgBouncer know the login before too", async () => {
        const stack = await rotated({ database: 2 }, ["database", { ...database, pooler: {} }]);
        const users = secretData(stack.get("Secret", "database-pooler-configuration"))["users.txt"]!;
        expect(users.match(/^"[^"]+"/gm)).toEqual(['"shop_2"', '"shop_1"']);
    });
});

describe("SECRET_KEY", () => {
    it("comes with the key before and the next one, so that pods of two releases take each other's", async () => {
        const [one, two] = [
            environmentOf(await rotated({ secretKey: 1 })),
            environmentOf(await rotated({ secretKey: 2 })),
        ];
        const keys = (of: Record<string, string>) => JSON.parse(of["DJANGO_APP_SECRET_KEY_FALLBACKS"]!) as string[];
        expect(keys(one)).toHaveLength(2);
        expect(keys(two)).toHaveLength(2);
        expect(new Set([...keys(two), two["DJANGO_APP_SECRET_KEY"]]).size).toBe(3);
    });

    it("has no fallbacks without a number, as before", async () => {
        expect(environmentOf(await rotated({}))).not.toHaveProperty("DJANGO_APP_SECRET_KEY_FALLBACKS");
    });

    it("takes the one that was given beside it", async () => {
        const stack = await stackOf(inCluster(), { secrets: { secretKey: "now", secretKeyFallback: "be,fore" } });
        expect(environmentOf(stack)["DJANGO_APP_SECRET_KEY_FALLBACKS"]).toBe('["be,fore"]');
    });
});

describe("users of Redis", () => {
    it("have names, and a server knows hashes alone", async () => {
        const stack = await rotated({ cache: 2, broker: 1 });
        expect(environmentOf(stack)["REDIS_URL"]).toMatch(/^redis:\/\/login-2:/);
        expect(environmentOf(stack)["CELERY_BROKER_URL"]).toMatch(/^redis:\/\/login-1:/);
        const cache = secretData(stack.get("Secret", "cache-users"));
        expect(cache["now.acl"]).toMatch(/^user keeper on #[0-9a-f]{64} .*\nuser login-2 on #[0-9a-f]{64} /);
        expect(cache["before.acl"]).toMatch(/^user login-1 on #[0-9a-f]{64} .*\nuser default off /);
        // Whoever had the first password when the first number came.
        expect(secretData(stack.get("Secret", "broker-users"))["before.acl"]).toMatch(/\nuser default on #/);
        expect(waitsFor(stack, stack.get("Job", "shop-migrate"))).toContain("cache-admit");
        expect(commandOf(stack, "cache-admit").slice(-2)).toEqual(["cache", "cache-replica-each"]);
    });
});
