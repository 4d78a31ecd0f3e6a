// PostgreSQL of two major versions, each of Debian's own packages in a root of its own: plain processes of this machine, on 127.0.0.1.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { chmod, chown, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianLayer } from "../../../lab/images/debian.ts";
import { installTools } from "../../../lab/images/machine.ts";
import { projectRoot } from "../../../commands/support/paths.ts";

const run = promisify(execFile);

/** As the images' own user, for PostgreSQL does not run as root. */
const user = 999;

/** Of each version, the release of Debian that has it. */
const releases = { 15: "bookworm", 17: "trixie" } as const;

export type Major = keyof typeof releases;

/** A folder that programs of one version see as their `/`. */
export class PostgresRoot {
    readonly path: string;
    readonly major: Major;

    private constructor(path: string, major: Major) {
        this.path = path;
        this.major = major;
    }

    static async create(major: Major): Promise<PostgresRoot> {
        await installTools(console.log);
        const layer = await debianLayer(
            {
                name: major === 15 ? "postgres" : `postgres-${major}`,
                release: releases[major],
                packages: [`postgresql-${major}`],
                hooks: join(projectRoot, "lab/images/postgres"),
            },
            console.log,
        );
        const path = await mkdtemp(join(tmpdir(), `postgres-${major}-`));
        await chmod(path, 0o755);
        await run("tar", ["--extract", "--file", layer, "--directory", path]);
        await mkdir(join(path, "dev"), { recursive: true });
        for (const [name, minor] of Object.entries({ null: "3", zero: "5", random: "8", urandom: "9" })) {
            await run("mknod", ["--mode=666", join(path, "dev", name), "c", "1", minor]);
        }
        return new PostgresRoot(path, major);
    }

    /** A folder in it that the user of the programs may write to. */
    async folder(name: string): Promise<string> {
        await mkdir(join(this.path, name), { recursive: true });
        await chown(join(this.path, name), user, user);
        return `/${name}`;
    }

    async copy(from: string, to: string): Promise<void> {
        await cp(from, join(this.path, to), { recursive: true });
    }

    /** The leader of a group of its own, so that it can be killed with all that it has started. */
    spawn(command: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
        return spawn("/usr/sbin/chroot", [`--userspec=${user}:${user}`, this.path, ...command], {
            detached: true,
            stdio: ["ignore", "pipe", "pipe"],
            env: { PATH: `/usr/lib/postgresql/${this.major}/bin:/usr/bin:/bin`, LANG: "C.UTF-8", ...environment },
        });
    }

    async remove(): Promise<void> {
        await rm(this.path, { recursive: true, force: true });
    }
}

export const administrator = { user: "administrator", password: "of the server" } as const;

export interface Login {
    readonly user: string;
    readonly password: string;
}

export class PostgresServer {
    readonly port: number;
    private readonly root: PostgresRoot;
    private readonly process: ChildProcess;
    private log = "";

    private constructor(root: PostgresRoot, port: number, process: ChildProcess) {
        this.root = root;
        this.port = port;
        this.process = process;
        for (const stream of [process.stdout!, process.stderr!]) {
            stream.on("data", (chunk: Buffer) => (this.log = (this.log + chunk.toString()).slice(-20_000)));
        }
    }

    /** @param megabytes of shared buffers */
    static async start(root: PostgresRoot, megabytes: number): Promise<PostgresServer> {
        const port = await freePort();
        const data = await root.folder("data");
        await settled(
            root.spawn(
                [
                    "sh",
                    "-c",
                    // A password from a file, as the program wants it.
                    `umask 077; printf '%s' "$PASSWORD" > /tmp/password; initdb --pgdata=${data} --username=${administrator.user} --pwfile=/tmp/password ` +
                        "--auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync; code=$?; rm /tmp/password; exit $code",
                ],
                { PASSWORD: administrator.password },
            ),
        );
        const settings = {
            listen_addresses: "127.0.0.1",
            port,
            unix_socket_directories: "",
            dynamic_shared_memory_type: "mmap",
            jit: "off",
            wal_level: "logical",
            shared_buffers: `${megabytes}MB`,
            max_wal_size: "4GB",
            maintenance_work_mem: "256MB",
            // The machine's disk is another one than a server's.
            synchronous_commit: "off",
        };
        const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
        const server = new PostgresServer(root, port, root.spawn(["postgres", "-D", data, ...options]));
        for (let attempt = 0; ; attempt++) {
            try {
                await server.ask("postgres", "SELECT 1");
                return server;
            } catch (error) {
                if (attempt > 100) {
                    throw new Error(`PostgreSQL ${root.major} did not start:\n${server.log}`, { cause: error });
                }
                await new Promise((resolve) => setTimeout(resolve, 200));
            }
        }
    }

    url(database: string, { user }: Pick<Login, "user"> = administrator): string {
        return `postgresql://${encodeURIComponent(user)}@127.0.0.1:${this.port}/${database}?sslmode=disable`;
    }

    /** Its answer as rows of text. @throws with what the server says */
    async ask(database: string, sql: string, login: Login = administrator): Promise<string> {
        return (await this.psql(database, ["--command", sql], login)).trimEnd();
    }

    /** @param files of the root */
    async psql(database: string, args: readonly string[], login: Login = administrator): Promise<string> {
        const all = ["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1", ...args];
        return await settled(
            this.root.spawn(["psql", "--host=127.0.0.1", `--port=${this.port}`, ...all], {
                PGUSER: login.user,
                PGPASSWORD: login.password,
                PGDATABASE: database,
                PGAPPNAME: "app",
            }),
        );
    }

    async makeDatabase(name: string, { user, password }: Login): Promise<void> {
        const quoted = password.replaceAll("'", "''");
        await this.ask(
            "postgres",
            `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${user}') THEN CREATE ROLE ${user} LOGIN PASSWORD '${quoted}'; END IF; END $$`,
        );
        await this.ask("postgres", `CREATE DATABASE ${name} OWNER ${user}`);
    }

    async dropDatabase(name: string): Promise<void> {
        await this.ask("postgres", `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }

    async stop(): Promise<void> {
        const ended = new Promise((resolve) => this.process.once("close", resolve));
        // Fast: clients are disconnected.
        this.process.kill("SIGINT");
        await ended;
    }
}

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
}

/** @throws when it fails, with all that it said */
async function settled(child: ChildProcess): Promise<string> {
    let output = "";
    let errors = "";
    child.stdout!.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr!.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const code = await new Promise<number | null>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", resolve);
    });
    if (code !== 0) {
        throw new Error(errors || output || `exit code ${code}`);
    }
    return output;
}
