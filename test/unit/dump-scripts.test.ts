// The scripts of components/backups/dump/scripts on a real PostgreSQL and with a real rclone, where both are installed; the bucket is a folder.
// Not proved: that they run in a pod (test/component/dumps.test.ts says what they are given), nor that a server which speaks S3 takes what
// they send (test/prove/dumps.test.ts).
import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { operationIn, type DataOperation } from "../../lib/data-operations.ts";
import { missingPrograms, startPostgresql, type TestServer } from "../support/postgresql.ts";

const scripts = join(projectRoot, "components/backups/dump/scripts");
const missing = missingPrograms("psql", "initdb", "postgres", "pg_dump", "pg_restore", "rclone");
const reason = missing.length === 0 ? "" : ` (skipped: ${missing.join(", ")} not found; Debian: postgresql, rclone)`;

const secrets = {
    "database-password": "canary-password",
    "access-key-id": "canary-id",
    "secret-access-key": "canary-secret",
    passphrase: "canary passphrase of some length",
};

let server: TestServer;
let folder: string;
/** Of a test. */
let bucket: string;
let count = 0;

beforeAll(async () => {
    if (missing.length > 0) {
        return;
    }
    server = await startPostgresql();
    folder = join(server.directory, "files");
    await mkdir(join(folder, "secrets"), { recursive: true });
    for (const [name, text] of Object.entries(secrets)) {
        await writeFile(join(folder, "secrets", name), text);
    }
    await server.sql("postgres", "CREATE ROLE shop LOGIN");
});

afterAll(async () => {
    await server?.stop();
});

beforeEach(async () => {
    bucket = join(folder, `bucket-${(count += 1)}`);
    await mkdir(bucket);
});

interface Done {
    readonly code: number;
    readonly told: DataOperation | undefined;
    readonly output: string;
}

async function script(name: string, env: Readonly<Record<string, string>> = {}): Promise<Done> {
    const work = join(folder, "work");
    const tmp = join(folder, "tmp");
    await Promise.all([work, tmp].map((path) => mkdir(path, { recursive: true })));
    const termination = join(folder, "termination");
    await rm(termination, { force: true });
    const shell = ["dump.sh", "restore.sh"].includes(name) ? "bash" : "sh";
    const { code, stdout, stderr } = await server.run(shell, [join(scripts, name)], {
        PGUSER: "shop",
        PGDATABASE: "shop",
        STORE: "database",
        SECRETS: join(folder, "secrets"),
        WORK: work,
        TMPDIR: tmp,
        TERMINATION_LOG: termination,
        ENDPOINT: "https://s3.example.org",
        BUCKET: bucket,
        PREFIX: "shop/test/database/dumps",
        RCLONE_CONFIG_BUCKET_TYPE: "local",
        RCLONE_RETRIES_SLEEP: "10ms",
        DATABASE: "shop",
        KEEP_DAYS: "30",
        KEEP_AT_LEAST: "2",
        DUMP: "latest",
        ...env,
    });
    const said = await readFile(termination, "utf8").catch(() => "");
    expect(`${stdout}${stderr}${said}`).not.toContain("canary");
    expect(Buffer.byteLength(said)).toBeLessThan(4096);
    return { code, told: operationIn(said), output: `${stdout}${stderr}` };
}

async function good(name: string, env?: Readonly<Record<string, string>>): Promise<DataOperation | undefined> {
    const { code, told, output } = await script(name, env);
    expect(code, output).toBe(0);
    return told;
}

/** Under a name of its own: a dump is named by the second it was taken in, and two of them fit into one. */
async function dumpOfAnotherSecond(): Promise<void> {
    await sleep(1000 - (Date.now() % 1000) + 1);
    await good("dump.sh");
}

async function refused(name: string, env?: Readonly<Record<string, string>>): Promise<string> {
    const { code, told, output } = await script(name, env);
    expect(code, output).toBe(1);
    expect(told?.result).toBe("failed");
    return told!.what;
}

const dumps = (): string => join(bucket, "shop/test/database/dumps");

async function database(name: string): Promise<void> {
    await server.sql("postgres", `DROP DATABASE IF EXISTS ${name}`);
    await server.sql("postgres", `CREATE DATABASE ${name} OWNER shop`);
    await server.sql(name, "CREATE EXTENSION pg_trgm");
}

/** What a shop has, and what is awkward: a text that is a statement, a schema, a type, a function, a large object, a deep sequence. */
const content = `
    SET ROLE shop;
    CREATE SCHEMA stock;
    CREATE TYPE mood AS ENUM ('well', 'unwell');
    CREATE TABLE orders (id serial PRIMARY KEY, note text, how mood DEFAULT 'well');
    INSERT INTO orders (note) SELECT 'COMMIT;' FROM generate_series(1, 500);
    CREATE TABLE stock.items (id int REFERENCES orders, name text);
    INSERT INTO stock.items SELECT id, E'tab\\tand\\nline ü' FROM orders LIMIT 7;
    CREATE INDEX ON orders USING gin (note gin_trgm_ops);
    CREATE VIEW many AS SELECT count(*) FROM orders;
    CREATE PROCEDURE pay() LANGUAGE plpgsql AS $$
BEGIN
COMMIT;
END $$;
    SELECT setval('orders_id_seq', 4711);
    SELECT lo_from_bytea(4242, 'a large object')`;

const seen = async (name: string): Promise<unknown> =>
    await server.sql(
        name,
        `SELECT count(*), min(note), (SELECT last_value FROM orders_id_seq), (SELECT string_agg(name, '|') FROM stock.items),
                convert_from(lo_get(4242), 'UTF8'), (SELECT prosrc FROM pg_proc WHERE proname = 'pay'),
                (SELECT string_agg(DISTINCT tableowner, ',') FROM pg_tables WHERE schemaname IN ('public', 'stock')) FROM orders`,
    );

describe.skipIf(missing.length > 0)(`dumps${reason}`, () => {
    beforeAll(async () => {
        await database("shop");
        await server.sql("shop", content);
    });

    const taken = async (env?: Readonly<Record<string, string>>): Promise<string> => {
        await good("dump.sh", env);
        await good("upload.sh", env);
        const place = join(bucket, env?.["PREFIX"] ?? "shop/test/database/dumps");
        return (await readdir(place)).toSorted().at(-1)!;
    };

    test("a dump and its manifest are in the bucket, encrypted, and come back into an empty database as they were", async () => {
        await good("dump.sh");
        const told = await good("upload.sh");
        expect(told).toMatchObject({ kind: "dump", store: "database", result: "succeeded" });
        const [name] = await readdir(dumps());
        expect(told!.what).toContain(`Dump ${name} of shop is at ${dumps()}/${name}; 1 good dumps are kept.`);
        const files = (await readdir(join(dumps(), name!))).toSorted();
        expect(files).toEqual(["dump.bin", "manifest.json.bin"]);
        for (const file of files) {
            const bytes = await readFile(join(dumps(), name!, file));
            expect(bytes.subarray(0, 6).toString()).toBe("RCLONE");
            expect(bytes.includes("orders")).toBe(false);
        }
        await good("fetch.sh");
        const manifest = JSON.parse(await readFile(join(folder, "work/manifest.json"), "utf8")) as Record<
            string,
            unknown
        >;
        expect(manifest).toMatchObject({
            format: 1,
            name,
            reason: "schedule",
            bytes: told!.bytes,
            taken: told!.dataAsOf,
            server: { database: "shop", encoding: "UTF8", extensions: { pg_trgm: expect.any(String) as string } },
            tables: [
                { schema: "public", table: "orders", rows: 500 },
                { schema: "stock", table: "items", rows: 7 },
            ],
        });
        await database("other");
        const restored = await good("restore.sh", { PGDATABASE: "other" });
        expect(restored).toMatchObject({ kind: "restore", result: "succeeded", dataAsOf: told!.dataAsOf });
        expect(restored!.what).toBe(`The dump ${name} is in other: 2 tables with as many rows as it had.`);
        expect(await seen("other")).toEqual(await seen("shop"));
    });

    test("what is there is named and kept, unless the database's name is said", async () => {
        await taken();
        await database("filled");
        await server.sql(
            "filled",
            "SET ROLE shop; CREATE TABLE precious AS SELECT 1 AS x; CREATE TABLE orders (z int); SELECT lo_create(9)",
        );
        await good("fetch.sh");
        expect(await refused("restore.sh", { PGDATABASE: "filled", CONFIRM: "shop" })).toBe(
            "The database filled is not empty: 2 tables (orders, precious). Allowed: an empty one, or CONFIRM=filled, which puts the dump in their place.",
        );
        expect(await server.sql("filled", "SELECT x FROM precious")).toEqual(["1"]);
        const { what } = (await good("restore.sh", { PGDATABASE: "filled", CONFIRM: "filled" }))!;
        expect(what).toContain("What was there before is gone.");
        expect(await seen("filled")).toEqual(await seen("shop"));
        expect(
            await server.sql("filled", "SELECT to_regclass('precious') IS NULL, count(*) FROM pg_largeobject_metadata"),
        ).toEqual(["t|1"]);
    });

    test("where the rows are not as many as they were, nothing changes", async () => {
        await taken();
        await database("filled");
        await server.sql("filled", "SET ROLE shop; CREATE TABLE precious AS SELECT 1 AS x");
        await good("fetch.sh");
        const manifest = join(folder, "work/manifest.json");
        await writeFile(manifest, (await readFile(manifest, "utf8")).replace('"rows" : 500', '"rows" : 501'));
        expect(await refused("restore.sh", { PGDATABASE: "filled", CONFIRM: "filled" })).toContain(
            "filled is as it was: ",
        );
        expect(await server.sql("filled", "SELECT x FROM precious")).toEqual(["1"]);
        expect(await server.sql("filled", "SELECT to_regclass('orders') IS NULL")).toEqual(["t"]);
    });

    test("an archive that ends early changes nothing either", async () => {
        await taken();
        await database("filled");
        await server.sql("filled", "SET ROLE shop; CREATE TABLE precious AS SELECT 1 AS x");
        await good("fetch.sh");
        const dump = join(folder, "work/dump");
        await truncate(dump, (await readFile(dump)).length - 600);
        expect(await refused("restore.sh", { PGDATABASE: "filled", CONFIRM: "filled" })).toContain(
            "filled is as it was: ",
        );
        expect(await server.sql("filled", "SELECT x FROM precious")).toEqual(["1"]);
    });

    test("old ones go, unfinished ones too, and never one of the newest good ones", async () => {
        const name = await taken();
        const copy = async (to: string): Promise<void> => {
            await server.run("cp", ["-r", join(dumps(), name), join(dumps(), to)]);
        };
        const recent = new Date(Date.now() - 3 * 86_400_000).toISOString().replaceAll(/[-:]|\.\d+/g, "");
        await Promise.all(["20200101T000000Z", "20200102T000000Z", "20200103T000000Z"].map(copy));
        await mkdir(join(dumps(), "20200104T000000Z"));
        await writeFile(join(dumps(), "20200104T000000Z/dump.bin"), "half");
        await mkdir(join(dumps(), "notes"));
        await writeFile(join(dumps(), "notes/read-me.bin"), "somebody's");
        // Days without a good one: the last three are older than they may be.
        await dumpOfAnotherSecond();
        const { what } = (await good("upload.sh", { KEEP_AT_LEAST: "3" }))!;
        expect(what).toContain("3 good dumps are kept.");
        const left = (await readdir(dumps())).toSorted();
        expect(left[0]).toBe("20200103T000000Z");
        expect(left).toContain(name);
        expect(left).toContain("notes");
        expect(left).toHaveLength(4);
        // Within its days everything stays.
        await copy(recent);
        await dumpOfAnotherSecond();
        await good("upload.sh", { KEEP_AT_LEAST: "1" });
        expect(await readdir(dumps())).toContain(recent);
        expect(await readdir(dumps())).not.toContain("20200103T000000Z");
    });

    test("who cannot list what is there removes nothing", async () => {
        const name = await taken();
        await rename(join(dumps(), name), join(dumps(), "20200101T000000Z"));
        await dumpOfAnotherSecond();
        // An rclone that does all but list.
        const bin = join(folder, "bin");
        await mkdir(bin, { recursive: true });
        const real = (await server.run("sh", ["-c", "command -v rclone"])).stdout.trim();
        await writeFile(
            join(bin, "rclone"),
            `#!/bin/sh\ncase "$*" in *"lsf --recursive"*) echo "connection reset" >&2; exit 1 ;; esac\nexec ${real} "$@"\n`,
            { mode: 0o755 },
        );
        const told = await good("upload.sh", { PATH: `${bin}:${server.environment["PATH"]!}`, KEEP_AT_LEAST: "1" });
        expect(told!.what).toContain("Old ones could not be listed. rclone said: connection reset");
        expect(await readdir(dumps())).toContain("20200101T000000Z");
    });

    test.each([
        [
            "that the server refuses",
            "SignatureDoesNotMatch: status code: 403",
            "https://s3.example.org refuses the key.",
        ],
        ["that may do less", "AccessDenied: status code: 403", "does not let the key do it in the bucket"],
    ])("a key %s is told, which a copy alone does not say", async (_, answer, message) => {
        await good("dump.sh");
        const bin = join(folder, "bin-of-a-key");
        await mkdir(bin, { recursive: true });
        const real = (await server.run("sh", ["-c", "command -v rclone"])).stdout.trim();
        await writeFile(
            join(bin, "rclone"),
            `#!/bin/sh
case "$*" in
    *copyto*) echo "Failed to copyto: Forbidden: Forbidden status code: 403" >&2; exit 1 ;;
    *lsf*) echo "error listing: ${answer}" >&2; exit 1 ;;
esac
exec ${real} "$@"
`,
            { mode: 0o755 },
        );
        const what = await refused("upload.sh", { PATH: `${bin}:${server.environment["PATH"]!}` });
        expect(what).toContain(message);
    });

    test("another stack's are found by its prefix", async () => {
        const name = await taken({ PREFIX: "shop/production/database/dumps" });
        await good("fetch.sh", { FROM: "shop/production/database" });
        expect((await readFile(join(folder, "work/name"), "utf8")).trim()).toBe(name);
        expect(await refused("fetch.sh")).toContain("There is no good dump at ");
    });

    test.each([
        ["a name that is none", { DUMP: "20200101T000000Z" }, "There is no good dump 20200101T000000Z at"],
        [
            "a wrong passphrase",
            { SECRETS: "other" },
            "Fix: the passphrase of the stack that made it (secrets.databaseBackupsPassphrase)",
        ],
    ])("%s is told", async (_, env, message) => {
        await taken();
        const other = join(folder, "other");
        await mkdir(other, { recursive: true });
        for (const [name, text] of Object.entries({ ...secrets, passphrase: "canary of another kind" })) {
            await writeFile(join(other, name), text);
        }
        expect(await refused("fetch.sh", { ...env, ...("SECRETS" in env && { SECRETS: other }) })).toContain(message);
    });

    test("a dump that was damaged in the bucket is told", async () => {
        const name = await taken();
        const file = join(dumps(), name, "dump.bin");
        await truncate(file, (await readFile(file)).length - 100);
        expect(await refused("fetch.sh")).toContain(`The dump ${name} `);
    });

    test("a table that its user may not read ends the dump with PostgreSQL's own words", async () => {
        await database("closed");
        await server.sql("closed", "CREATE TABLE of_others (x int)");
        expect(await refused("dump.sh", { PGDATABASE: "closed" })).toMatch(
            /^pg_dump of closed ended: .*permission denied for table of_others/,
        );
    });

    test("a server that does not let one in ends the dump", async () => {
        expect(await refused("dump.sh", { PGDATABASE: "nowhere" })).toMatch(
            /^The database nowhere could not be read: .*does not exist/,
        );
    });
});
