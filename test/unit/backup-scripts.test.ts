// The scripts of backups as processes: PostgreSQL and pgBackRest of this machine, a repository in a folder. Archived, backed up, lost,
// restored: the newest, a moment, back again, another stack's. Not proved: the pod, and the bucket (test/prove/backups.test.ts).
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { stanzaOf } from "../../lib/data-directories.ts";

const run = promisify(execFile);
const scripts = join(projectRoot, "components/backups/pgbackrest/scripts");
const folders = ["18", "17", "16", "15"].map((version) => `/usr/lib/postgresql/${version}/bin`);
const path = [...folders.filter((folder) => existsSync(folder)), ...(process.env["PATH"] ?? "").split(delimiter)];
const missing = ["postgres", "initdb", "psql", "pgbackrest"].filter(
    (program) => !path.some((folder) => existsSync(join(folder, program))),
);
const reason = missing.length === 0 ? "" : ` (skipped: ${missing.join(", ")} not found; Debian: postgresql pgbackrest)`;

/** PostgreSQL refuses to run as root. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

let directory: string;
let running: ChildProcess[] = [];
let folder = "own";
/** Of the data that is served. */
let generation = "pgdata";

const own = (...names: readonly string[]): string => join(directory, ...names);
const dataPath = (): string => own("data", generation);

function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
        PATH: path.join(delimiter),
        TMPDIR: directory,
        TZ: "UTC",
        LC_ALL: "C",
        PGDATA: dataPath(),
        STANZA: stanzaOf(generation),
        STORE: "database",
        HANDOVER: own("archive"),
        HAND_OVER: join(scripts, "hand-over.sh"),
        SOCKET_DIRECTORY: own("run"),
        TERMINATION_LOG: "/dev/null",
        FOLDER: own(folder).slice(1),
        PGBACKREST_CONFIG: own("pgbackrest.conf"),
        RECOVERY_POINT_SECONDS: "60",
        AT: "02:17",
        FULL_EVERY_DAYS: "7",
        KEEP_DAYS: "30",
        KEEP_AT_LEAST: "3",
        CHECK_SECONDS: "1",
        POSTGRES_USER: "shop",
        POSTGRES_PASSWORD: "of today",
        ...more,
    };
}

interface Result {
    readonly code: number;
    readonly output: string;
}

async function command(
    file: string,
    args: readonly string[],
    more?: Readonly<Record<string, string>>,
): Promise<Result> {
    try {
        const { stdout, stderr } = await run(file, [...args], {
            ...unprivileged,
            cwd: directory,
            env: environment(more),
            timeout: 90_000,
        });
        return { code: 0, output: stdout + stderr };
    } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { code, output: `${stdout}${stderr}` };
    }
}

async function succeeds(
    file: string,
    args: readonly string[],
    more?: Readonly<Record<string, string>>,
): Promise<string> {
    const { code, output } = await command(file, args, more);
    expect(code, output).toBe(0);
    return output;
}

async function sql(statement: string): Promise<string> {
    return (await succeeds("psql", ["-h", own("run"), "-U", "shop", "-d", "postgres", "-XAtqc", statement])).trim();
}

/** pgBackRest's own settings, as a ConfigMap and a Secret give them. */
async function configure(passphrase = "correct horse battery staple"): Promise<void> {
    await writeFile(
        own("pgbackrest.conf"),
        [
            "[global]",
            `repo1-path=${own(folder)}`,
            "repo1-cipher-type=aes-256-cbc",
            `repo1-cipher-pass=${passphrase}`,
            "repo1-bundle=y",
            "compress-type=zst",
            "start-fast=y",
            "expire-auto=n",
            "log-level-console=warn",
            "log-level-file=off",
            `lock-path=${own("lock")}`,
            `spool-path=${own("lock")}`,
            `[${stanzaOf(generation)}]`,
            `pg1-path=${dataPath()}`,
            `pg1-socket-path=${own("run")}`,
            "pg1-user=shop",
            "pg1-database=postgres",
            "",
        ].join("\n"),
        { mode: 0o644 },
    );
}

function start(file: string, args: readonly string[]): void {
    running.push(spawn(file, [...args], { ...unprivileged, cwd: directory, env: environment(), stdio: "ignore" }));
}

/** As the pod comes up: who restores, who archives, the server, the owner's password, who backs up. */
async function up(more: Readonly<Record<string, string>> = {}): Promise<string> {
    await configure();
    const output = await succeeds("bash", [join(scripts, "restore.sh")], more);
    if (!existsSync(join(dataPath(), "PG_VERSION"))) {
        await succeeds("initdb", ["-U", "shop", "--auth=trust", "-D", dataPath()]);
    }
    start("bash", [join(scripts, "archiver.sh")]);
    const settings = {
        listen_addresses: "",
        unix_socket_directories: own("run"),
        archive_mode: "on",
        archive_command: `/bin/sh ${join(scripts, "hand-over.sh")} push %f`,
        archive_timeout: "2",
        hot_standby: "off",
        fsync: "off",
    };
    start("postgres", [
        "-D",
        dataPath(),
        ...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
    ]);
    await eventually(
        async () =>
            (await command("psql", ["-h", own("run"), "-U", "shop", "-d", "postgres", "-c", "select 1"])).code === 0,
    );
    await succeeds("sh", [join(scripts, "login.sh")]);
    start("bash", [join(scripts, "backups.sh")]);
    return output;
}

/** As it goes down: the server first, then those beside it. */
async function down(signal: NodeJS.Signals = "SIGINT"): Promise<void> {
    const [archiver, server, backups] = running;
    running = [];
    const ends: ReadonlyArray<readonly [ChildProcess | undefined, NodeJS.Signals]> = [
        [server, signal],
        [archiver, "SIGTERM"],
        [backups, "SIGTERM"],
    ];
    for (const [one, how] of ends) {
        if (one !== undefined && one.exitCode === null && one.signalCode === null) {
            const ended = new Promise((resolve) => one.once("exit", resolve));
            one.kill(how);
            await ended;
        }
    }
    await rm(own("run"), { recursive: true });
    await mkdir(own("run"));
    await owned("run");
}

async function owned(...names: readonly string[]): Promise<void> {
    if (unprivileged.uid !== undefined) {
        await Promise.all(names.map((name) => chown(own(name), unprivileged.uid, unprivileged.gid)));
    }
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + 60_000;
    while (!(await holds())) {
        if (Date.now() > end) {
            throw new Error("It does not come to hold within a minute");
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

async function state<Key extends string>(file: string): Promise<Readonly<Record<Key, string | number | null>>> {
    return JSON.parse(await readFile(own("archive", file), "utf8")) as Record<Key, string | number | null>;
}

async function backedUp(): Promise<void> {
    await eventually(async () => {
        if (!existsSync(own("archive/backups.json"))) {
            return false;
        }
        const { count, stanza } = await state<"count" | "stanza">("backups.json");
        return stanza === stanzaOf(generation) && Number(count) > 0;
    });
}

/** What was written is in the archive. */
async function archived(): Promise<void> {
    const name = await sql("select pg_walfile_name(pg_switch_wal())");
    await eventually(async () => (await sql(`select last_archived_wal >= '${name}' from pg_stat_archiver`)) === "t");
}

async function loseVolume(): Promise<void> {
    await down("SIGKILL");
    await rm(own("data"), { recursive: true });
    await mkdir(own("data"));
    await owned("data");
}

beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "backups-"));
    await Promise.all(["data", "archive", "run", "lock", "own", "other"].map((name) => mkdir(own(name))));
    if (unprivileged.uid !== undefined) {
        await chown(directory, unprivileged.uid, unprivileged.gid);
    }
    await owned("data", "archive", "run", "lock", "own", "other");
});

afterAll(async () => {
    await down("SIGKILL");
    await rm(directory, { recursive: true, force: true });
});

// One story: each test begins with what the one before left.
describe.skipIf(missing.length > 0)(`backups and restores${reason}`, { timeout: 180_000 }, () => {
    let moment: string;
    let expected: string;

    afterEach(({ task }) => {
        if (task.result?.state === "fail") {
            for (const one of running) {
                one.kill("SIGKILL");
            }
        }
    });

    test("without data and without backups a server begins empty, and has its first backup at once", async () => {
        expect(await up()).toContain("There is neither data nor a backup: the server begins empty");
        await sql("create table visit (id serial, made timestamptz default clock_timestamp())");
        await backedUp();
        for (let row = 0; row < 20; row++) {
            await sql("insert into visit default values");
        }
        moment = await sql(
            "select to_char(max(made) at time zone 'UTC' + interval '300 ms', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') from visit",
        );
        expected = await sql("select count(*) from visit");
        await new Promise((resolve) => setTimeout(resolve, 600));
        await sql("insert into visit select from generate_series(1, 5)");
        await archived();
        expect(await state("archive.json")).toMatchObject({ error: "" });
    });

    test("a lost volume comes back with all that was archived, and with the password of today", async () => {
        await loseVolume();
        const output = await up();
        expect(output).toContain("There is no data, and there are backups of it: the newest is restored");
        expect(output).toContain('{"kind":"restore","store":"database"');
        expect(await sql("select count(*) from visit")).toBe("25");
        expect(await sql("select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'shop'")).toBe("t");
        expect(existsSync(`${dataPath()}.login`)).toBe(false);
        await sql("insert into visit default values");
        await archived();
    });

    test("a moment is restored beside the data, to the row", async () => {
        await down();
        generation = "restored-a-moment";
        const target = moment.replace("T", " ").replace("Z", "+00");
        const restore = {
            RESTORE_AT: moment,
            RESTORE_SECONDS: `${Math.floor(Date.parse(moment) / 1000)}`,
            RESTORE_TARGET: target,
        };
        const output = await up(restore);
        expect(output).toContain(`Restoring ${moment} of main`);
        expect(await sql("select count(*) from visit")).toBe(expected);
        await backedUp();
        expect((await readdir(own("data"))).toSorted()).toEqual(["pgdata", "restored-a-moment"]);
    });

    test("back on the data before, its archive goes on where it ended", async () => {
        await down();
        generation = "pgdata";
        expect(await up()).toContain("The data is there: pgdata");
        expect(await sql("select count(*) from visit")).toBe("26");
        await sql("insert into visit default values");
        await archived();
        expect(await state("archive.json")).toMatchObject({ error: "" });
    });

    test("a moment after that is of the data in use, though the state that was left has the later backup", async () => {
        const rows = await sql("select count(*) from visit");
        const at = await sql("select to_char(now() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')");
        await new Promise((resolve) => setTimeout(resolve, 1100));
        await sql("insert into visit default values");
        await archived();
        await down();
        generation = "restored-later";
        const output = await up({
            RESTORE_AT: at,
            RESTORE_SECONDS: `${Math.floor(Date.parse(at) / 1000)}`,
            RESTORE_TARGET: at.replace("T", " ").replace("Z", "+00"),
        });
        expect(output).toContain(`Restoring ${at} of main`);
        expect(await sql("select count(*) from visit")).toBe(rows);
        await down();
        generation = "pgdata";
        await up();
    });

    test("where nothing can be archived the server keeps it, and says what is wrong; then it goes on by itself", async () => {
        const before = await sql("select archived_count from pg_stat_archiver");
        await configure("another passphrase than before");
        await sql("insert into visit default values");
        await sql("select pg_switch_wal()");
        await eventually(
            async () =>
                Number((await state<"waiting">("archive.json")).waiting) > 0 &&
                String((await state<"error">("archive.json")).error) !== "",
        );
        expect(await sql("select archived_count from pg_stat_archiver")).toBe(before);
        expect((await state<"error">("archive.json")).error).toMatch(/CryptoError|unable to load info file|\[095\]/);
        await configure();
        await eventually(async () => (await state<"waiting">("archive.json")).waiting === 0);
    });

    test("an empty volume waits where the backups cannot be read, and beside backups of other data", async () => {
        await loseVolume();
        await configure("another passphrase than before");
        const closed = await command("bash", [join(scripts, "restore.sh")]);
        expect(closed.code).toBe(1);
        expect(closed.output).toContain(
            "cannot be read, so nobody knows whether there are any: the server waits for them.",
        );
        generation = "pgdata-19";
        await configure();
        const others = await command("bash", [join(scripts, "restore.sh")]);
        expect(others.code).toBe(1);
        expect(others.output).toContain("are backups of other data: main.");
        expect(await readdir(own("data"))).toEqual([]);
    });

    test("another stack begins with the data of this one; a moment before the first backup is refused", async () => {
        generation = "restored-latest-of-own";
        const from = own("own").slice(1);
        folder = "other";
        await configure();
        const early = {
            RESTORE_AT: "2020-01-01T00:00:00Z",
            RESTORE_SECONDS: "1577836800",
            RESTORE_TARGET: "2020-01-01 00:00:00+00",
            RESTORE_FROM: from,
        };
        const { code, output } = await command("bash", [join(scripts, "restore.sh")], early);
        expect(code).toBe(1);
        expect(output).toMatch(/No backup at \S+ is as old as 2020-01-01T00:00:00Z: the first ended at 20/);
        await up({ RESTORE_AT: "latest", RESTORE_FROM: from });
        expect(Number(await sql("select count(*) from visit"))).toBeGreaterThanOrEqual(20);
        await backedUp();
        expect(await readdir(own("other/backup"))).toEqual(["restored-latest-of-own"]);
        await down();
    });
});
