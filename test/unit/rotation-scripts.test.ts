// What rotates logins of a database, on a real PostgreSQL, where one is installed. Not proved: that the scripts run in a pod
// (test/stacks/rotations.test.ts says what they are given), nor on a cloud's server.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { operationIn } from "../../lib/data-operations.ts";

const run = promisify(execFile);
const scripts = join(projectRoot, "components", "database", "scripts");

/** Where Debian keeps them; its psql on PATH is a script that looks for this one, slowly. */
const debian = ["18", "17", "16", "15"].map((version) => `/usr/lib/postgresql/${version}/bin`);
const path = [...debian, ...(process.env["PATH"] ?? "").split(delimiter)];
const find = (name: string) => path.map((directory) => join(directory, name)).find((file) => existsSync(file));
const [psql, initdb, server] = [find("psql"), find("initdb"), find("postgres")];
const isMissing = psql === undefined || initdb === undefined || server === undefined;
const reason = isMissing ? " (skipped: PostgreSQL not found; Debian has it in the package postgresql)" : "";

/** PostgreSQL refuses to run as root. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

let directory: string;
let postgres: ChildProcess | undefined;

interface Result {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

async function command(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Result> {
    try {
        const { stdout, stderr } = await run(file, [...args], {
            env: {
                PATH: [dirname(psql!), process.env["PATH"]].join(delimiter),
                PGHOST: directory,
                PGPORT: "5432",
                LC_ALL: "C",
                ...env,
            },
        });
        return { code: 0, stdout, stderr };
    } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { code, stdout, stderr };
    }
}

const as = (user: string, password: string, database: string) => ({
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
});

const root = as("postgres", "root's", "postgres");

async function sql(text: string, env: Readonly<Record<string, string>> = root): Promise<string[]> {
    const { code, stdout, stderr } = await command(psql!, ["-XqAt", "-v", "ON_ERROR_STOP=1", "-c", text], env);
    expect(code, stderr).toBe(0);
    return stdout.split("\n").filter((line) => line !== "");
}

const letsIn = async (env: Readonly<Record<string, string>>) =>
    (await command(psql!, ["-Xqc", "SELECT"], env)).code === 0;

/** What the pod of a rotation runs. */
async function step(file: string, env: Readonly<Record<string, string>>): Promise<Result> {
    return await command("sh", [join(scripts, "as-first.sh"), `--file=${join(scripts, file)}`], env);
}

const awkward = "p'@:/\\ü\"$(x)";

/** A database with an owner that was its app's until now. */
interface App {
    readonly name: string;
    readonly administrator?: string;
}

const base = ({ name, administrator = name }: App) => ({
    PGUSER: administrator,
    PGDATABASE: name,
    FIRST_ROLE: name,
    FIRST_PASSWORD: "first",
    ...(administrator === name && { ADMINISTRATOR_PASSWORD: awkward }),
});

const makeLogin = (app: App, number: number, password: string = `secret-${number}`) =>
    step("login.sql", {
        ...base(app),
        LOGIN_ROLE: `${app.name}_${number}`,
        LOGIN_NUMBER: String(number),
        LOGIN_PASSWORD: password,
    });

const started = "2026-12-01T10:00:00Z";

const retire = (app: App, number: number) =>
    step("retire-logins.sql", {
        ...base(app),
        LOGIN_NUMBER: String(number),
        STORE: "database",
        STARTED: started,
        ...(app.administrator === undefined && { NEW_ADMINISTRATOR_PASSWORD: awkward }),
    });

function done(result: Result): void {
    expect(result.stderr).toBe("");
    expect(result.code).toBe(0);
}

beforeAll(async () => {
    if (isMissing) {
        return;
    }
    directory = await mkdtemp(join(tmpdir(), "rotation-scripts-"));
    await chmod(directory, 0o755);
    const data = join(directory, "data");
    const passwords = join(directory, "passwords");
    await mkdir(data);
    await writeFile(passwords, root.PGPASSWORD);
    for (const file of [directory, data, passwords]) {
        await chown(file, unprivileged.uid ?? process.getuid!(), unprivileged.gid ?? process.getgid!());
    }
    const options = ["--username=postgres", `--pwfile=${passwords}`, "--auth=scram-sha-256", "--locale=C", "--no-sync"];
    await run(initdb, [`--pgdata=${data}`, "--encoding=UTF8", ...options], { ...unprivileged, cwd: directory });
    // On a socket alone: nobody else reaches it, and no port has to be free.
    const settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", directory, "-p", "5432"];
    postgres = spawn(server, ["-D", data, ...settings], { ...unprivileged, cwd: directory, stdio: "ignore" });
    for (let attempt = 0; !(await letsIn(root)); attempt++) {
        expect(attempt).toBeLessThan(100);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    // As the image of PostgreSQL makes it, as a cloud does, and as create.sql does it on a server of another's.
    await sql("CREATE ROLE shop SUPERUSER LOGIN PASSWORD 'first'");
    await sql("CREATE ROLE cloud CREATEROLE CREATEDB LOGIN PASSWORD 'first'");
    await sql("CREATE ROLE admin CREATEROLE CREATEDB LOGIN PASSWORD 'first'");
    await sql("SET ROLE admin; CREATE ROLE beside LOGIN PASSWORD 'first'; RESET ROLE; GRANT beside TO admin");
    for (const name of ["shop", "cloud", "beside"]) {
        await sql(`CREATE DATABASE ${name} OWNER ${name}`);
        await sql("CREATE TABLE item (id serial PRIMARY KEY)", as(name, "first", name));
    }
});

afterAll(async () => {
    postgres?.kill("SIGINT");
    await new Promise((resolve) =>
        postgres === undefined || postgres.exitCode !== null ? resolve(undefined) : postgres.once("exit", resolve),
    );
    if (directory !== undefined) {
        await rm(directory, { recursive: true, force: true });
    }
});

describe.skipIf(isMissing)(`logins by number${reason}`, () => {
    test.each<App>([{ name: "shop" }, { name: "cloud" }, { name: "beside", administrator: "admin" }])(
        "of $name: two hold at a time, each works with what the other made, and then one is left",
        async (app) => {
            const { name } = app;
            const first = as(name, "first", name);
            done(await makeLogin(app, 1));
            done(await makeLogin(app, 1));
            const one = as(`${name}_1`, "secret-1", name);
            expect(await sql("SELECT session_user", one)).toEqual([`${name}_1`]);
            // A migration of the new release, and the old release beside it.
            await sql("ALTER TABLE item ADD COLUMN name text; CREATE TABLE made_by_one (id int)", one);
            await sql("INSERT INTO item (name) VALUES ('first'); SELECT * FROM made_by_one", first);
            await sql("INSERT INTO item (name) VALUES ('one')", one);

            done(await retire(app, 1));
            expect(await letsIn(first)).toBe(false);
            expect(await letsIn(one)).toBe(true);

            done(await makeLogin(app, 2, awkward));
            const two = as(`${name}_2`, awkward, name);
            await sql("ALTER TABLE made_by_one ADD COLUMN more int; CREATE TABLE made_by_two (id int)", two);
            await sql("INSERT INTO made_by_two VALUES (1)", one);
            const { code, stdout, stderr } = await retire(app, 2);
            expect(stderr).toBe("");
            expect(code).toBe(0);
            expect(operationIn(stdout)).toMatchObject({
                kind: "rotation",
                store: "database",
                started,
                result: "succeeded",
                what: "The login of the number 2 is the only one: 1 before it ended, with 0 sessions.",
            });
            expect(await letsIn(one)).toBe(false);
            expect(await sql("SELECT count(*) FROM item", two)).toEqual(["2"]);
            expect(await sql(`SELECT count(*) FROM pg_roles WHERE rolname = '${name}_1'`)).toEqual(["0"]);
            const owners = await sql(
                "SELECT DISTINCT relowner::regrole FROM pg_class WHERE relname IN ('item', 'made_by_one', 'made_by_two')",
                { ...root, PGDATABASE: name },
            );
            expect(owners).toHaveLength(1);
            // May run again, as everything that a cluster starts may.
            done(await makeLogin(app, 2, awkward));
            done(await retire(app, 2));
            expect(await letsIn(two)).toBe(true);
        },
    );

    test("a late end of number 2 leaves number 4 alone", async () => {
        const app = { name: "shop" };
        done(await makeLogin(app, 4));
        done(await retire(app, 2));
        expect(await letsIn(as("shop_4", "secret-4", "shop"))).toBe(true);
        done(await retire(app, 4));
        expect(await sql("SELECT rolname FROM pg_roles WHERE rolname LIKE 'shop\\_%'")).toEqual(["shop_4"]);
    });

    test("a shell that somebody left open is ended and counted", async () => {
        const app = { name: "shop" };
        const open = command(psql!, ["-Xqc", "SELECT pg_sleep(60)"], as("shop_4", "secret-4", "shop"));
        const isOpen = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'shop_4' AND query LIKE '%pg_sleep%'";
        for (let attempt = 0; (await sql(isOpen))[0] !== "1"; attempt++) {
            expect(attempt).toBeLessThan(100);
        }
        done(await makeLogin(app, 5));
        expect(operationIn((await retire(app, 5)).stdout)?.what).toMatch(/: 1 before it ended, with 1 sessions\.$/);
        expect((await open).code).not.toBe(0);
    });

    test("a number that falls stops, and says what to do", async () => {
        const { code, stderr } = await makeLogin({ name: "shop" }, 3);
        expect(code).not.toBe(0);
        expect(stderr).toContain("has a login of the number 5 and the settings ask for 3");
        expect(stderr).toContain("raise rotations...database above 5");
    });

    test("a role that nobody here made is not taken over", async () => {
        await sql("CREATE ROLE shop_9 LOGIN PASSWORD 'theirs'");
        const { code, stderr } = await makeLogin({ name: "shop" }, 9);
        expect(code).not.toBe(0);
        expect(stderr).toContain("was not made by a rotation");
        expect(await letsIn(as("shop_9", "theirs", "shop"))).toBe(true);
    });

    test("without a password that holds it says so, and says no password", async () => {
        const { code, stderr, stdout } = await step("login.sql", {
            ...base({ name: "shop" }),
            ADMINISTRATOR_PASSWORD: "lost-1",
            FIRST_PASSWORD: "lost-2",
        });
        expect(code).toBe(1);
        expect(stderr).toContain("lets the role shop in with no password that the state has");
        expect(`${stdout}${stderr}`).not.toMatch(/lost-/);
    });

    test("what was set for the owner's sessions is set for the app's", async () => {
        await sql(
            "ALTER ROLE shop SET statement_timeout = '7s'; ALTER ROLE shop IN DATABASE shop SET lock_timeout = '3s'",
        );
        done(await makeLogin({ name: "shop" }, 6));
        const login = as("shop_6", "secret-6", "shop");
        expect(await sql("SHOW statement_timeout", login)).toEqual(["7s"]);
        expect(await sql("SHOW lock_timeout", login)).toEqual(["3s"]);
    });
});
