// What rotates users of Redis and Valkey, on a real server, where one is installed. Not proved: that the scripts run in a pod
// (test/stacks/rotations.test.ts says what they are given), and several servers below one name.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { operationIn } from "../../lib/data-operations.ts";
import { redisConfiguration } from "../../lib/redis-configuration.ts";
import { closedUser, keeper, numberedUser, passwordHash, unnamedUser, userLine } from "../../lib/redis-users.ts";

const run = promisify(execFile);
const scripts = join(projectRoot, "components", "redis", "scripts");

const path = (process.env["PATH"] ?? "").split(delimiter);
const find = (...names: readonly string[]) =>
    names.flatMap((name) => path.map((directory) => join(directory, name))).find((file) => existsSync(file));
const [server, cli] = [find("valkey-server", "redis-server"), find("valkey-cli", "redis-cli")];
const isMissing = server === undefined || cli === undefined;
const reason = isMissing ? " (skipped: no server found; Debian has one in the package redis-server)" : "";

const awkward = 'p@ss w"o\\rd é';

let directory: string;
let port: number;
let client: string;
let running: ChildProcess | undefined;

interface Result {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

async function command(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Result> {
    try {
        const { stdout, stderr } = await run(file, [...args], { env: { PATH: process.env["PATH"]!, ...env } });
        return { code: 0, stdout, stderr };
    } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { code, stdout, stderr };
    }
}

/** Whether a login is let in: without a name as who gives a password alone. */
async function letsIn(user: string | undefined, password: string): Promise<boolean> {
    const name = user === undefined ? [] : ["--user", user];
    const { stdout } = await command(client, [...name, "PING"], { REDISCLI_AUTH: password });
    return stdout.trim() === "PONG";
}

const users = (args: readonly string[], hash: Readonly<Record<string, string>> = {}) =>
    command("sh", [join(scripts, "users.sh"), client, ...args], {
        ...hash,
        REDISCLI_AUTH: "keeper's",
        STORE: "cache",
        TERMINATION_LOG: "/dev/null",
        LC_ALL: "C",
    });

/** The files that a pod has mounted, at a place of the test's. */
async function mount(number: number, retired?: number): Promise<void> {
    await mkdir(join(directory, "users"), { recursive: true });
    await mkdir(join(directory, "retired"), { recursive: true });
    const files = {
        "users/number": String(number),
        "users/now.acl": userLine(keeper, "keeper's") + userLine(numberedUser(number), `secret-${number}`),
        "users/before.acl":
            (number === 0 ? "" : userLine(numberedUser(number - 1), `secret-${number - 1}`)) +
            (number <= 1 ? userLine(unnamedUser, awkward) : closedUser(unnamedUser)),
        "users/after.acl": closedUser(unnamedUser),
    };
    for (const [name, text] of Object.entries(files)) {
        await writeFile(join(directory, name), text);
    }
    await rm(join(directory, "retired/number"), { force: true });
    if (retired !== undefined) {
        await writeFile(join(directory, "retired/number"), String(retired));
    }
}

async function start(): Promise<void> {
    const text = await readFile(join(scripts, "start.sh"), "utf8");
    const script = text
        .replaceAll("/etc/redis-users", join(directory, "users"))
        .replaceAll("/etc/redis-retired", join(directory, "retired"))
        .replaceAll("/data/users.acl", join(directory, "users.acl"));
    await writeFile(join(directory, "start.sh"), script);
    running = spawn("sh", [join(directory, "start.sh"), server!, join(directory, "redis.conf")], { stdio: "ignore" });
    for (let attempt = 0; !(await letsIn(keeper, "keeper's")); attempt++) {
        expect(attempt).toBeLessThan(100);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

async function stop(): Promise<void> {
    const process = running;
    running = undefined;
    if (process !== undefined && process.exitCode === null) {
        process.kill("SIGTERM");
        await new Promise((resolve) => process.once("exit", resolve));
    }
}

beforeAll(async () => {
    if (isMissing) {
        return;
    }
    directory = await mkdtemp(join(tmpdir(), "redis-rotation-"));
    const probe = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => probe.once("listening", resolve));
    port = (probe.address() as AddressInfo).port;
    await new Promise((resolve) => probe.close(resolve));
    client = join(directory, "client");
    await writeFile(client, `#!/bin/sh\nexec ${cli} -p ${port} "$@"\n`);
    await chmod(client, 0o755);
    await writeFile(
        join(directory, "redis.conf"),
        redisConfiguration([
            ["bind", "127.0.0.1"],
            ["port", String(port)],
            ["dir", directory],
            ["save", ""],
            ["aclfile", join(directory, "users.acl")],
            ["masteruser", keeper],
            ["masterauth", "keeper's"],
        ]),
    );
    await mount(0);
    await start();
});

afterAll(async () => {
    await stop();
    if (directory !== undefined) {
        await rm(directory, { recursive: true, force: true });
    }
});

describe.skipIf(isMissing)(`users by number${reason}`, () => {
    test("a server that gets numbers lets in whom it let in before, whatever the password", async () => {
        expect(await letsIn(numberedUser(0), "secret-0")).toBe(true);
        expect(await letsIn(undefined, awkward)).toBe(true);
        expect(await letsIn(undefined, "")).toBe(false);
    });

    test("a login is let in beside the one before, with no restart, and those before go when they are told to", async () => {
        const held = spawn(client, ["--user", numberedUser(0)], {
            env: { PATH: process.env["PATH"]!, REDISCLI_AUTH: "secret-0" },
            stdio: ["pipe", "pipe", "ignore"],
        });
        const admitted = await users(["admit", numberedUser(1), "127.0.0.1"], { LOGIN_HASH: passwordHash("secret-1") });
        expect(admitted).toEqual({ code: 0, stdout: "", stderr: "" });
        expect(await letsIn(numberedUser(0), "secret-0")).toBe(true);
        expect(await letsIn(numberedUser(1), "secret-1")).toBe(true);

        const retired = await users(["retire", "1", "0", "127.0.0.1"]);
        expect(retired.stderr).toBe("");
        expect(operationIn(retired.stdout)).toMatchObject({
            kind: "rotation",
            store: "cache",
            result: "succeeded",
            what: "The login of the number 1 is the only one: 1 before it ended.",
        });
        expect(await letsIn(numberedUser(0), "secret-0")).toBe(false);
        expect(await letsIn(undefined, awkward)).toBe(false);
        expect(await letsIn(numberedUser(1), "secret-1")).toBe(true);
        expect(await letsIn(keeper, "keeper's")).toBe(true);
        held.kill();
    });

    test("a late end of number 1 leaves number 3 alone", async () => {
        await users(["admit", numberedUser(3), "127.0.0.1"], { LOGIN_HASH: passwordHash("secret-3") });
        expect((await users(["retire", "1", "0", "127.0.0.1"])).code).toBe(0);
        expect(await letsIn(numberedUser(3), "secret-3")).toBe(true);
        expect(await letsIn(numberedUser(1), "secret-1")).toBe(true);
    });

    test("who starts anew in the middle of a rollout lets both in, and afterwards the newest alone", async () => {
        await stop();
        await mount(4, 3);
        await start();
        expect(await letsIn(numberedUser(3), "secret-3")).toBe(true);
        expect(await letsIn(numberedUser(4), "secret-4")).toBe(true);
        await stop();
        await mount(4, 4);
        await start();
        expect(await letsIn(numberedUser(3), "secret-3")).toBe(false);
        expect(await letsIn(numberedUser(4), "secret-4")).toBe(true);
        expect(await letsIn(undefined, "")).toBe(false);
    });

    test("no password is in the file of users", async () => {
        const file = await readFile(join(directory, "users.acl"), "utf8");
        expect(file).not.toMatch(/secret-|keeper's/);
    });
});
