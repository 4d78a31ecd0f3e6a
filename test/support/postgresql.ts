// A PostgreSQL of the machine's own, on a socket in a folder that is thrown away: for scripts that ask one.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const path = (process.env["PATH"] ?? "").split(delimiter);
/** Where Debian keeps them. Its programs on PATH are scripts that look for these, slowly. */
const debian = ["18", "17", "16", "15"].map((version) => `/usr/lib/postgresql/${version}/bin`);

export function programNamed(name: string): string | undefined {
    return [...debian, ...path].map((directory) => join(directory, name)).find((file) => existsSync(file));
}

/** Of PostgreSQL's, and of others. */
export function missingPrograms(...names: readonly string[]): string[] {
    return names.filter((name) => programNamed(name) === undefined);
}

export interface Result {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

export interface TestServer {
    /** Where its socket is, and room for a test's own files. */
    readonly directory: string;
    /** What a client of it is told; with PATH. */
    readonly environment: Readonly<Record<string, string>>;
    run(file: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Result>;
    /** The rows, a line each. */
    sql(database: string, text: string): Promise<string[]>;
    stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

export async function startPostgresql(): Promise<TestServer> {
    const directory = await mkdtemp(join(tmpdir(), "postgresql-"));
    await chmod(directory, 0o755);
    const data = join(directory, "data");
    await mkdir(data);
    for (const each of [directory, data]) {
        await chown(each, unprivileged.uid ?? process.getuid!(), unprivileged.gid ?? process.getgid!());
    }
    const options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
    await run(programNamed("initdb")!, [`--pgdata=${data}`, ...options], { ...unprivileged, cwd: directory });
    const settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", directory, "-p", "5432"];
    const server = spawn(programNamed("postgres")!, ["-D", data, ...settings], {
        ...unprivileged,
        cwd: directory,
        stdio: "ignore",
    });
    const environment = {
        PATH: [dirname(programNamed("psql")!), process.env["PATH"]!].join(delimiter),
        PGHOST: directory,
        PGPORT: "5432",
        PGUSER: "postgres",
        LC_ALL: "C",
    };
    const started: TestServer = {
        directory,
        environment,
        run: async (file, args, env = {}) => {
            try {
                const { stdout, stderr } = await run(file, [...args], { env: { ...environment, ...env } });
                return { code: 0, stdout, stderr };
            } catch (error) {
                const { code, stdout, stderr } = error as Result;
                return { code, stdout, stderr };
            }
        },
        sql: async (database, text) => {
            const { code, stdout, stderr } = await started.run("psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "-c", text], {
                PGDATABASE: database,
            });
            if (code !== 0) {
                throw new Error(stderr);
            }
            return stdout.split("\n").filter((line) => line !== "");
        },
        stop: () => stop(server, directory),
    };
    for (let attempt = 0; (await started.run("psql", ["-Xqc", "SELECT", "postgres"])).code !== 0; attempt++) {
        if (attempt > 200) {
            throw new Error("PostgreSQL does not start.");
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return started;
}

async function stop(server: ChildProcess, directory: string): Promise<void> {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    // Disconnects whoever is left.
    server.kill("SIGINT");
    await ended;
    await rm(directory, { recursive: true, force: true });
}
