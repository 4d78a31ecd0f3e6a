// A forge for tests: Gitea, built from its module, with users, repositories, forks and pull requests of its own, in a directory that
// goes with it. It answers to the requests that GitHub answers to, sends the same events, and takes pushes by HTTP.
import { randomBytes } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Report } from "../../commands/support/report.ts";
import { goProgram, moduleDirectory, type GoProgram } from "../cluster/go-build.ts";
import { answers } from "../cluster/health.ts";

const source = join(import.meta.dirname, "server");

const gitea: GoProgram = { name: "gitea", source, package: ".", packages: 1110 };

export interface User {
    readonly name: string;
    readonly password: string;
}

export class Gitea {
    /** `http://127.0.0.1:PORT`. */
    readonly address: string;
    readonly #directory: string;
    readonly #program: string;
    readonly #process: ChildProcess;

    private constructor(address: string, directory: string, program: string, process: ChildProcess) {
        this.address = address;
        this.#directory = directory;
        this.#program = program;
        this.#process = process;
    }

    /** Builds it where that has not been done: minutes the first time. */
    static async start(report: Report): Promise<Gitea> {
        const program = await goProgram(gitea, (message) => report(`Building Gitea from source: ${message}`));
        const directory = await mkdtemp(join(tmpdir(), "forge-"));
        const port = await freePort();
        const address = `http://127.0.0.1:${port}`;
        await writeFile(join(directory, "app.ini"), await settings(directory, address, port), { mode: 0o600 });
        await command(program, directory, ["migrate"]);
        const child = spawn(program, [...configured(directory), "web"], {
            cwd: directory,
            env: environment(directory),
            stdio: "ignore",
        });
        const started = new Gitea(address, directory, program, child);
        await started.#untilReady();
        return started;
    }

    /** Of the API, as GITHUB_API_URL. */
    get api(): string {
        return `${this.address}/api/v1`;
    }

    async createUser(name: string): Promise<User> {
        const password = randomBytes(12).toString("base64url");
        await command(this.#program, this.#directory, [
            ...["admin", "user", "create", "--username", name, "--password", password],
            ...["--email", `${name}@example.com`, "--must-change-password=false"],
        ]);
        return { name, password };
    }

    /** @param scopes as in `write:issue` */
    async createToken(user: User, scopes: readonly string[]): Promise<string> {
        const name = randomBytes(6).toString("hex");
        const made = await this.ask(user, "POST", `/users/${user.name}/tokens`, { name, scopes });
        return (made as { sha1: string }).sha1;
    }

    /** One request to its API. @throws with its answer */
    async ask(user: User, method: string, path: string, body?: unknown): Promise<unknown> {
        const text = await this.text(user, method, path, body);
        return text === "" ? undefined : JSON.parse(text);
    }

    async text(user: User, method: string, path: string, body?: unknown): Promise<string> {
        const response = await fetch(`${this.api}${path}`, {
            method,
            headers: {
                authorization: `Basic ${Buffer.from(`${user.name}:${user.password}`).toString("base64")}`,
                "content-type": "application/json",
                // It ends connections that rest, and a request may be on its way then.
                connection: "close",
            },
            ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        if (!response.ok) {
            throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
        }
        return text;
    }

    /** Where git clones from and pushes to, with the user's login in it. */
    remote(user: User, repository: string): string {
        const url = new URL(`${this.address}/${repository}.git`);
        url.username = user.name;
        url.password = user.password;
        return url.href;
    }

    async stop(): Promise<void> {
        const ended = new Promise((resolve) => this.#process.once("exit", resolve));
        if (this.#process.exitCode === null && this.#process.signalCode === null) {
            this.#process.kill("SIGTERM");
            const insist = setTimeout(() => this.#process.kill("SIGKILL"), 10_000);
            await ended;
            clearTimeout(insist);
        }
        await rm(this.#directory, { recursive: true, force: true });
    }

    async #untilReady(): Promise<void> {
        const deadline = Date.now() + 60_000;
        while (!(await answers(`${this.address}/api/healthz`))) {
            if (this.#process.exitCode !== null || Date.now() > deadline) {
                const log = await readFile(join(this.#directory, "gitea.log"), "utf8").catch(() => "");
                await this.stop();
                throw new Error(`Gitea does not serve. Its last words:\n${log.split("\n").slice(-12).join("\n")}`);
            }
            await sleep(100);
        }
    }
}

async function settings(directory: string, address: string, port: number): Promise<string> {
    const secret = () => randomBytes(32).toString("hex");
    return `
RUN_MODE = prod
WORK_PATH = ${directory}
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = ${address}/
DISABLE_SSH = true
OFFLINE_MODE = true
; Templates and texts, which are in the module and not in the program.
STATIC_ROOT_PATH = ${await moduleDirectory(source, "code.gitea.io/gitea")}
[database]
DB_TYPE = sqlite3
PATH = ${join(directory, "gitea.db")}
[security]
INSTALL_LOCK = true
SECRET_KEY = ${secret()}
INTERNAL_TOKEN = ${secret()}
[service]
DISABLE_REGISTRATION = true
[webhook]
ALLOWED_HOST_LIST = loopback
[log]
MODE = file
LEVEL = Warn
ROOT_PATH = ${directory}
[api]
; Small pages, so that a few things have several.
DEFAULT_PAGING_NUM = 3
[session]
PROVIDER = memory
[indexer]
ISSUE_INDEXER_TYPE = db
[actions]
ENABLED = false
[packages]
ENABLED = false
[oauth2]
ENABLED = false
[cron]
ENABLED = false
`;
}

function configured(directory: string): string[] {
    return ["--config", join(directory, "app.ini")];
}

function environment(directory: string): Record<string, string> {
    return { PATH: process.env["PATH"] ?? "", HOME: directory, GITEA_WORK_DIR: directory };
}

async function command(program: string, directory: string, args: readonly string[]): Promise<void> {
    await execa(program, [...configured(directory), ...args], {
        cwd: directory,
        env: environment(directory),
        extendEnv: false,
        stdin: "ignore",
    });
}

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
}
