// How long a database takes that begins as a copy of another: through the log, as files, and with blocks that are shared (version 18). On
// servers that are started here, on this machine's disk, with fsync on; SEED_SERVERS=DIRECTORY:... says where their programs are.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../commands/support/paths.ts";

const run = promisify(execFile);
const sizes = (process.env["SEED_MEBIBYTES"] ?? "32,128,256,1024").split(",").map(Number);
const repeats = 3;
const usual = ["18", "17", "16", "15"].map((version) => `/usr/lib/postgresql/${version}/bin`);
const port = "55439";
/** PostgreSQL refuses to run as root. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const client = usual.find((directory) => existsSync(join(directory, "psql")));

interface Copy {
    readonly version: string;
    readonly way: string;
    readonly mebibytes: number;
    readonly seconds: readonly number[];
    readonly median: number;
    /** Of the log, for one copy. */
    readonly logMebibytes: number;
}

export async function seeds(): Promise<void> {
    const directories = process.env["SEED_SERVERS"]?.split(":") ?? usual;
    const found = directories.filter((directory) => existsSync(join(directory, "postgres")));
    if (found.length === 0 || client === undefined) {
        throw new Error("bench seeds: no PostgreSQL. Fix: install Debian's package postgresql, or set SEED_SERVERS.");
    }
    const copies: Copy[] = [];
    for (const directory of found) {
        copies.push(...(await ofServer(directory)));
    }
    const machine = { processors: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), load: loadavg()[0] };
    await writeFile(
        join(projectRoot, "bench/results/seeds.json"),
        `${JSON.stringify({ benchmark: "seeds", date: new Date().toISOString().slice(0, 10), machine, copies }, undefined, 2)}\n`,
    );
}

async function ofServer(programs: string): Promise<Copy[]> {
    const directory = await mkdtemp(join(tmpdir(), "bench-seeds-"));
    await chmod(directory, 0o755);
    if (unprivileged.uid !== undefined) {
        await chown(directory, unprivileged.uid, unprivileged.gid);
    }
    const data = join(directory, "data");
    const options = { ...unprivileged, cwd: directory };
    await run(
        join(programs, "initdb"),
        ["-D", data, "-U", "postgres", "--auth=trust", "--locale=C", "-E", "UTF8"],
        options,
    );
    const settings = ["-c", "listen_addresses=", "-k", directory, "-p", port, "-c", "max_wal_size=2GB"];
    const server = spawn(join(programs, "postgres"), ["-D", data, ...settings], { ...options, stdio: "ignore" });
    const ended = new Promise((resolve) => server.once("exit", resolve));
    const sql = async (database: string, ...statements: readonly string[]): Promise<string> => {
        const commands = statements.flatMap((statement) => ["-c", statement]);
        const { stdout } = await run(join(client!, "psql"), [
            "-XqAt",
            "-h",
            directory,
            "-p",
            port,
            "-U",
            "postgres",
            "-v",
            "ON_ERROR_STOP=1",
            ...commands,
            database,
        ]);
        return stdout.trim();
    };
    try {
        for (let tries = 0; ; tries++) {
            const answers = await sql("postgres", "SELECT").then(
                () => true,
                () => false,
            );
            if (answers) {
                break;
            }
            if (tries > 100) {
                throw new Error(`bench seeds: the server of ${programs} does not start.`);
            }
            await new Promise((resolve) => setTimeout(resolve, 200));
        }
        return await measured(sql);
    } finally {
        server.kill("SIGINT");
        await ended;
        await rm(directory, { recursive: true, force: true });
    }
}

async function measured(sql: (database: string, ...statements: readonly string[]) => Promise<string>): Promise<Copy[]> {
    const version = (await sql("postgres", "SHOW server_version")).split(" ")[0]!;
    const ways: ReadonlyArray<readonly [way: string, strategy: string, before: readonly string[]]> = [
        ["log", "WAL_LOG", []],
        ["files", "FILE_COPY", []],
        ...(Number(version.split(".")[0]) >= 18
            ? [["clone", "FILE_COPY", ["SET file_copy_method = clone"]] as const]
            : []),
    ];
    const copies: Copy[] = [];
    for (const mebibytes of sizes) {
        await sql("postgres", "CREATE DATABASE source");
        // Eight rows to a block of 8 KiB.
        await sql(
            "source",
            `CREATE TABLE filled AS SELECT n, repeat(md5(n::text), 30) AS text FROM generate_series(1, ${mebibytes * 128 * 8}) AS n`,
        );
        await sql("source", "VACUUM (FREEZE, ANALYZE)");
        for (const [way, strategy, before] of ways) {
            const seconds: number[] = [];
            let log = 0;
            for (let repeat = 0; repeat < repeats; repeat++) {
                // What was written before is not this copy's.
                await sql("postgres", "CHECKPOINT");
                const from = await sql("postgres", "SELECT pg_current_wal_insert_lsn()");
                const start = performance.now();
                await sql("postgres", ...before, `CREATE DATABASE copy TEMPLATE source STRATEGY ${strategy}`);
                seconds.push(Math.round(performance.now() - start) / 1000);
                log = Number(await sql("postgres", `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '${from}')`));
                await sql("postgres", "DROP DATABASE copy");
            }
            const median = seconds.toSorted((one, other) => one - other)[Math.floor(repeats / 2)]!;
            copies.push({ version, way, mebibytes, seconds, median, logMebibytes: Math.round(log / 2 ** 20) });
            console.log(
                `PostgreSQL ${version}, ${mebibytes} MiB, ${way}: ${median} s, ${Math.round(log / 2 ** 20)} MiB of log`,
            );
        }
        await sql("postgres", "DROP DATABASE source");
    }
    return copies;
}
