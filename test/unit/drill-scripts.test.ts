// The steps of a drill as processes: pgBackRest and PostgreSQL of this machine, a repository in a folder. Each of five broken backups
// makes the drill fail, each with words of its own. Not proved: the pod, and the bucket (test/prove/drill.test.ts).
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { operationIn, type DataOperation } from "../../lib/data-operations.ts";

const run = promisify(execFile);
const scripts = join(projectRoot, "components/backups/drill/scripts");
const folders = ["18", "17", "16", "15"].map((version) => `/usr/lib/postgresql/${version}/bin`);
const path = [...folders.filter((folder) => existsSync(folder)), ...(process.env["PATH"] ?? "").split(delimiter)];
const dumpScripts = join(projectRoot, "components/backups/dump/scripts");
const missing = ["postgres", "initdb", "psql", "pg_dump", "pgbackrest", "rclone"].filter(
    (program) => !path.some((folder) => existsSync(join(folder, program))),
);
const reason =
    missing.length === 0 ? "" : ` (skipped: ${missing.join(", ")} not found; Debian: postgresql pgbackrest rclone)`;

/** PostgreSQL refuses to run as root. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

let directory: string;
let whole: string;
/** With a dump. */
let bucket: string;
/** Of one drill. */
let drill: string;
let port: string;
let sidecars: ChildProcess[] = [];

interface Result {
    readonly code: number;
    readonly output: string;
}

async function command(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Result> {
    try {
        const { stdout, stderr } = await run(file, [...args], {
            ...unprivileged,
            cwd: directory,
            env: environment(env),
        });
        return { code: 0, output: stdout + stderr };
    } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { code, output: `${stdout}${stderr}` };
    }
}

async function succeeds(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { code, output } = await command(file, args, env);
    expect(code, output).toBe(0);
    return output;
}

function environment(more: Readonly<Record<string, string>>): Record<string, string> {
    return {
        PATH: path.join(delimiter),
        TMPDIR: directory,
        LC_ALL: "C",
        PGBACKREST_CONFIG: "/dev/null",
        PGBACKREST_REPO1_PATH: whole,
        PGBACKREST_REPO1_CIPHER_TYPE: "aes-256-cbc",
        PGBACKREST_REPO1_CIPHER_PASS: "the right one",
        PGBACKREST_LOG_PATH: directory,
        PGBACKREST_LOG_LEVEL_FILE: "off",
        PGBACKREST_LOG_LEVEL_CONSOLE: "error",
        PGBACKREST_LOCK_PATH: directory,
        PGBACKREST_SPOOL_PATH: directory,
        PGBACKREST_JOB_RETRY: "0",
        ...more,
    };
}

async function freePort(): Promise<string> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port: free } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return String(free);
}

async function own(...paths: readonly string[]): Promise<void> {
    for (const one of paths) {
        await chown(one, unprivileged.uid ?? process.getuid!(), unprivileged.gid ?? process.getgid!());
    }
}

beforeAll(async () => {
    if (missing.length > 0) {
        return;
    }
    directory = await mkdtemp(join(tmpdir(), "drill-"));
    await chmod(directory, 0o755);
    whole = join(directory, "whole");
    const data = join(directory, "data");
    bucket = join(directory, "bucket");
    for (const folder of ["whole", "bucket", "secrets", "work"]) {
        await mkdir(join(directory, folder));
        await own(join(directory, folder));
    }
    await own(directory);
    const secrets = { "database-password": "x", "access-key-id": "x", "secret-access-key": "x", passphrase: "right" };
    for (const [name, text] of Object.entries(secrets)) {
        await writeFile(join(directory, "secrets", name), text);
    }
    await succeeds("initdb", [`--pgdata=${data}`, "--username=shop", "--auth=trust", "--locale=C", "--no-sync"]);
    const archive = `pgbackrest --stanza=main --pg1-path=${data} archive-push %p`;
    const settings = ["listen_addresses=", "fsync=off", "archive_mode=on", `archive_command=${archive}`];
    const server = spawn("postgres", ["-D", data, "-k", directory, ...settings.flatMap((each) => ["-c", each])], {
        ...unprivileged,
        cwd: directory,
        env: environment({}),
        stdio: "ignore",
    });
    const of = [
        `--stanza=main`,
        `--pg1-path=${data}`,
        `--pg1-socket-path=${directory}`,
        "--pg1-user=shop",
        "--start-fast",
    ];
    const sql = async (text: string) =>
        await succeeds("psql", ["-XqAt", "-h", directory, "-U", "shop", "-d", "postgres", "-c", text]);
    for (
        let tries = 0;
        (await command("psql", ["-Xqc", "SELECT", "-h", directory, "-U", "shop", "postgres"], {})).code !== 0;
    ) {
        expect((tries += 1)).toBeLessThan(100);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await succeeds("pgbackrest", [...of.slice(0, 4), "stanza-create"]);
    await sql(
        "CREATE TABLE customer (name text); INSERT INTO customer SELECT repeat('Ada', n) FROM generate_series(1, 500) n",
    );
    await succeeds("pgbackrest", [...of, "--repo1-retention-full=2", "--type=full", "backup"]);
    // Three segments after it: one in the middle can go.
    for (const name of ["Grace", "Edsger", "Barbara"]) {
        await sql(`INSERT INTO customer VALUES ('${name}')`);
        await sql("SELECT pg_switch_wal()");
    }
    await dumped();
    await new Promise<void>((resolve) => {
        server.once("exit", () => resolve());
        server.kill("SIGINT");
    });
}, 120_000);

/** By the scripts that dump. */
async function dumped(): Promise<void> {
    const env = {
        ...ofDumps(),
        PGHOST: directory,
        PGUSER: "shop",
        PGDATABASE: "postgres",
        STORE: "database",
        DATABASE: "postgres",
        KEEP_DAYS: "30",
        KEEP_AT_LEAST: "3",
        WORK: join(directory, "work"),
        TERMINATION_LOG: join(directory, "message"),
    };
    await succeeds("bash", [join(dumpScripts, "dump.sh")], env);
    await succeeds("sh", [join(dumpScripts, "upload.sh")], env);
}

function ofDumps(): Record<string, string> {
    return {
        SECRETS: join(directory, "secrets"),
        ENDPOINT: "https://s3.example.org",
        BUCKET: bucket,
        PREFIX: "shop/dumps",
        RCLONE_CONFIG_BUCKET_TYPE: "local",
        RCLONE_RETRIES_SLEEP: "10ms",
        DUMP_SCRIPTS: dumpScripts,
    };
}

afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
});

beforeEach(async () => {
    drill = await mkdtemp(join(directory, "run-"));
    const folders = ["notes", "exchange", "statements", "work"].map((folder) => join(drill, folder));
    for (const folder of folders) {
        await mkdir(folder);
    }
    await own(drill, ...folders);
    port = await freePort();
});

afterEach(async () => {
    for (const sidecar of sidecars) {
        await new Promise<void>((resolve) => {
            sidecar.once("exit", () => resolve());
            sidecar.kill("SIGTERM");
        });
    }
    sidecars = [];
});

/** A copy of the repository, to break. */
async function copied(): Promise<string> {
    const copy = join(drill, "repository");
    await cp(whole, copy, { recursive: true, verbatimSymlinks: true });
    for (const entry of [copy, ...(await readdir(copy, { recursive: true })).map((name) => join(copy, name))]) {
        await own(entry);
    }
    return copy;
}

function ofDrill(more: Readonly<Record<string, string>>): Record<string, string> {
    return {
        SCRIPTS: scripts,
        STANZA: "main",
        STORE: "database",
        REPOSITORY: "backups/shop",
        OLDEST_HOURS: "36",
        PGDATA: join(drill, "restored"),
        PGHOST: "127.0.0.1",
        PGPORT: port,
        PGUSER: "shop",
        PGDATABASE: "postgres",
        DRILL_NOTES: join(drill, "notes"),
        DRILL_MESSAGE: join(drill, "message"),
        TERMINATION_LOG: join(drill, "message"),
        WORK: join(drill, "work"),
        EXCHANGE: join(drill, "exchange"),
        STATEMENTS: join(drill, "statements"),
        ...more,
    };
}

/** @returns what it said, if it said anything: that it failed, or that all is done */
async function step(script: string, env: Readonly<Record<string, string>>): Promise<DataOperation | undefined> {
    const shell = script === "load-dump.sh" ? "bash" : "sh";
    const { code, output } = await command(shell, [join(scripts, script)], env);
    const said = operationIn(output);
    if (said !== undefined) {
        expect(operationIn(await readFile(env["DRILL_MESSAGE"]!, "utf8"))).toEqual(said);
    }
    expect(said?.result ?? "succeeded", output).toBe(code === 0 ? "succeeded" : "failed");
    return said;
}

const files = { before: "restore-files.sh", beside: ["archive.sh", "server.sh"], after: ["checks.sh", "result.sh"] };
const dump = {
    before: "fetch-dump.sh",
    beside: ["server.sh"],
    after: ["load-dump.sh", "checks.sh", "result.sh"],
};

/** As the pod does: one step after the other until one fails, servers beside them. */
async function drilled(
    more: Readonly<Record<string, string>> = {},
    { before, beside: servers, after } = files,
): Promise<DataOperation> {
    const env = ofDrill(more);
    const beside = (script: string): void => {
        sidecars.push(
            spawn("sh", [join(scripts, script)], {
                ...unprivileged,
                cwd: drill,
                env: environment(env),
                stdio: "ignore",
            }),
        );
    };
    const failed = await step(before, env);
    if (failed !== undefined) {
        return failed;
    }
    servers.forEach(beside);
    for (let tries = 0; !existsSync(join(drill, "notes/server-ended"));) {
        if ((await command("pg_isready", ["--quiet"], env)).code === 0) {
            break;
        }
        expect((tries += 1)).toBeLessThan(200);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    let said: DataOperation | undefined;
    for (const script of after) {
        said = await step(script, env);
        if (said?.result === "failed") {
            break;
        }
    }
    return said!;
}

describe.skipIf(missing.length > 0)(`a drill${reason}`, () => {
    test(
        "restores the backup and what was archived after it, and says what it found",
        { timeout: 60_000 },
        async () => {
            await writeFile(
                join(drill, "statements/00.sql"),
                "SELECT count(*) = 3 FROM customer WHERE name IN ('Grace', 'Edsger', 'Barbara')",
            );
            const said = await drilled();
            expect(said).toMatchObject({ kind: "drill", store: "database", result: "succeeded" });
            expect(said.what).toMatch(/^Restored \d{8}-\d{6}F in \d+ s: 503 rows in 1 tables\.$/);
            expect(said.bytes).toBeGreaterThan(10_000_000);
            expect(Date.now() - Date.parse(said.dataAsOf!)).toBeLessThan(300_000);
            expect(said.checks!.map(({ name, ok }) => [name, ok])).toEqual([
                ["backup", true],
                ["files", true],
                ["wal", true],
                ["rows", true],
                ["sql SELECT count(*) = 3 FROM customer WHERE name IN ('Grace', 'Edsger', 'Barbara')", true],
            ]);
        },
    );

    test("of a truncated file says that the backup is damaged", async () => {
        const repository = await copied();
        const files = await readdir(join(repository, "backup/main"), { recursive: true });
        const stored = files.filter((file) => !file.startsWith("latest/") && /pg_data\/base\/.*\.gz$/.test(file));
        await truncate(join(repository, "backup/main", stored[0]!), 100);
        const said = await drilled({ PGBACKREST_REPO1_PATH: repository });
        expect(said.result).toBe("failed");
        expect(said.what).toMatch(
            /^The backup \d{8}-\d{6}F cannot be restored: a file of it is damaged or gone \(.+\)\. Fix: /,
        );
    });

    test.each([
        ["in the middle of the archive, where PostgreSQL alone would end its recovery and say nothing", 2],
        ["that the backup itself needs", 0],
    ])("of a missing segment of WAL %s names it", { timeout: 60_000 }, async (_, after) => {
        const repository = await copied();
        const label = (await readdir(join(repository, "backup/main"))).find((name) => name.endsWith("F"));
        expect(label).toBeDefined();
        const archive = join(repository, "archive/main");
        const segments = (await readdir(archive, { recursive: true }))
            .filter((file) => /\/[0-9A-F]{24}-/.test(file))
            .toSorted();
        // The backup's own is the third: the first two are of before it.
        const backups = segments.length - 4;
        const gone = segments[backups + after]!;
        await rm(join(archive, gone));
        const said = await drilled({ PGBACKREST_REPO1_PATH: repository });
        expect(said.result).toBe("failed");
        expect(said.what).toContain(`The segment ${/([0-9A-F]{24})-/.exec(gone)![1]!} of WAL is not in the archive`);
    });

    test("with a wrong key says that it is the passphrase, and nothing of what it could not read", async () => {
        const said = await drilled({ PGBACKREST_REPO1_CIPHER_PASS: "the wrong one" });
        expect(said.result).toBe("failed");
        expect(said.what).toMatch(/^The passphrase does not open backups\/shop: .*secrets\.databaseBackupsPassphrase/);
        expect(said.what).not.toContain("wrong one");
    });

    test("of a backup that is too old says how old, and what is promised", async () => {
        const said = await drilled({ OLDEST_HOURS: "-1" });
        expect(said.result).toBe("failed");
        expect(said.what).toMatch(
            /^The last backup ended at 20[0-9T:-]+Z, 0 h ago; one is made each day, and -1 h are promised\. Fix: /,
        );
    });

    test("of an empty repository says that there is none", async () => {
        const empty = join(drill, "empty");
        await mkdir(empty);
        await own(empty);
        const said = await drilled({ PGBACKREST_REPO1_PATH: empty });
        expect(said.result).toBe("failed");
        expect(said.what).toMatch(/^There is no backup in backups\/shop: nothing could be restored\. Fix: /);
    });

    test("of a statement that is not true, fails or writes says which", { timeout: 60_000 }, async () => {
        await drilled();
        for (const [statement, words] of [
            ["SELECT count(*) > 1000 FROM customer", /^Your statement is not true .*: it answers f\.$/],
            ["SELECT count(*) > 0 FROM orders", /^Your statement fails: .* relation "orders" does not exist/],
            ["DELETE FROM customer RETURNING true", /^Your statement fails: .* in a read-only transaction/],
        ] as const) {
            await writeFile(join(drill, "statements/00.sql"), statement);
            const said = await step("checks.sh", ofDrill({}));
            expect(said?.result).toBe("failed");
            expect(said?.what).toMatch(words);
            expect(said?.checks!.at(-1)).toMatchObject({ name: `sql ${statement}`, ok: false });
        }
    });
});

describe.skipIf(missing.length > 0)(`a drill of dumps${reason}`, () => {
    const drillOfDump = async (more: Readonly<Record<string, string>> = {}) =>
        await drilled({ ...ofDumps(), PGDATABASE: "shop", ...more }, dump);

    /** A copy of the bucket, to break: where its dump is. */
    async function copiedBucket(): Promise<{ readonly BUCKET: string; readonly folder: string }> {
        const copy = join(drill, "bucket");
        await cp(bucket, copy, { recursive: true });
        for (const entry of [copy, ...(await readdir(copy, { recursive: true })).map((name) => join(copy, name))]) {
            await own(entry);
        }
        const [name] = await readdir(join(copy, "shop/dumps"));
        return { BUCKET: copy, folder: join(copy, "shop/dumps", name!) };
    }

    test("puts the last one into a new server, with as many rows as it had", { timeout: 60_000 }, async () => {
        await writeFile(join(drill, "statements/00.sql"), "SELECT count(*) = 503 FROM customer");
        const said = await drillOfDump();
        expect(said).toMatchObject({ kind: "drill", store: "database", result: "succeeded" });
        expect(said.what).toMatch(/^Restored the dump \d{8}T\d{6}Z in \d+ s: 503 rows in 1 tables\.$/);
        expect(Date.now() - Date.parse(said.dataAsOf!)).toBeLessThan(300_000);
        expect(said.checks!.map(({ name, ok }) => [name, ok])).toEqual([
            ["backup", true],
            ["files", true],
            ["rows", true],
            ["sql SELECT count(*) = 503 FROM customer", true],
        ]);
    });

    test("that is truncated says so", async () => {
        const { BUCKET, folder } = await copiedBucket();
        await truncate(join(folder, "dump.bin"), 200);
        const said = await drillOfDump({ BUCKET });
        expect(said).toMatchObject({ kind: "drill", result: "failed" });
        expect(said.what).toMatch(/^The dump \S+ (is damaged|could not be read)/);
    });

    test("whose rows are gone from the bucket says that it could not be read", async () => {
        const { BUCKET, folder } = await copiedBucket();
        await rm(join(folder, "dump.bin"));
        const said = await drillOfDump({ BUCKET });
        expect(said).toMatchObject({ kind: "drill", result: "failed" });
        expect(said.what).toMatch(/^The dump \S+ could not be read\./);
    });

    test("that was encrypted with another passphrase says so", async () => {
        const secrets = join(drill, "secrets");
        await cp(join(directory, "secrets"), secrets, { recursive: true });
        await writeFile(join(secrets, "passphrase"), "wrong");
        const said = await drillOfDump({ SECRETS: secrets });
        expect(said).toMatchObject({ kind: "drill", result: "failed" });
        expect(said.what).toMatch(
            /its passphrase is another one, or it is damaged\. Fix: .*secrets\.databaseBackupsPassphrase/,
        );
    });

    test("that is too old says of when it is, and what is promised", async () => {
        const said = await drillOfDump({ OLDEST_HOURS: "-1" });
        expect(said).toMatchObject({ kind: "drill", result: "failed" });
        expect(said.what).toMatch(
            /^The last dump is of 20[0-9T:-]+Z; one is made each day, and none older than -1 h is promised\./,
        );
    });

    test("of which there is none says so", async () => {
        const said = await drillOfDump({ PREFIX: "blog/dumps" });
        expect(said).toMatchObject({ kind: "drill", result: "failed" });
        expect(said.what).toMatch(/^(There is no good dump|The dumps) .*blog\/dumps/);
    });
});
