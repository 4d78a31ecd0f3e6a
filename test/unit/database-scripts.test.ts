// The scripts of components/database/scripts on a real PostgreSQL, where one is installed. Not proved: that they run in a pod,
// where test/component/on-server.test.ts says what they are given, nor on a cloud's server, whose administrator has limits of
// its own beside being no superuser.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";

const run = promisify(execFile);
const scripts = join(projectRoot, "components", "database", "scripts");

const path = (process.env["PATH"] ?? "").split(delimiter);
/** Where Debian keeps them. Its psql on PATH is a script that looks for this one, slowly. */
const debian = ["18", "17", "16", "15"].map((version) => `/usr/lib/postgresql/${version}/bin`);
const psql = find("psql", [...debian, ...path]);
const initdb = find("initdb", [...path, ...debian]);
const server = find("postgres", [...path, ...debian]);
const missing = [psql ?? "psql", initdb ?? "initdb", server ?? "postgres"].filter((name) => !name.includes("/"));
const reason =
    missing.length === 0
        ? ""
        : ` (skipped: ${missing.join(", ")} not found; Debian has them in the package postgresql)`;

function find(name: string, directories: readonly string[]): string | undefined {
    return directories.map((directory) => join(directory, name)).find((path) => existsSync(path));
}

/** PostgreSQL refuses to run as root. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

let directory: string;
let postgres: ChildProcess;

const superuser = { PGUSER: "postgres", PGPASSWORD: "root's", PGDATABASE: "postgres" };
/** What a cloud's administrator is: may make roles and databases, and is no superuser. */
const administrator = { PGUSER: "admin", PGPASSWORD: "admin's", PGDATABASE: "shop" };

interface Result {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

async function command(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Result> {
    try {
        const { stdout, stderr } = await run(file, [...args], {
            env: { PATH: process.env["PATH"]!, PGHOST: directory, PGPORT: "5432", LC_ALL: "C", ...env },
        });
        return { code: 0, stdout, stderr };
    } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { code, stdout, stderr };
    }
}

/** The rows, a line each. */
async function sql(text: string, env: Readonly<Record<string, string>> = superuser): Promise<string[]> {
    const { code, stdout, stderr } = await command(psql!, ["-XqAt", "-v", "ON_ERROR_STOP=1", "-c", text], env);
    expect(code, stderr).toBe(0);
    return stdout.split("\n").filter((line) => line !== "");
}

async function create(
    changes: Readonly<Record<string, string>> = {},
    as: Readonly<Record<string, string>> = administrator,
) {
    return await command(psql!, ["--no-psqlrc", "--quiet", `--file=${scripts}/create.sql`], {
        ...as,
        NEW_ROLE: "pr_1",
        NEW_DATABASE: "pr_1",
        NEW_PASSWORD: "p'@:/\\ü",
        NEW_TEMPLATE: "",
        NEW_CONNECTION_LIMIT: "-1",
        NEW_COMMENT: "django-on-kubernetes namespace=pr-1 service=database",
        ...changes,
    });
}

async function createOk(
    changes: Readonly<Record<string, string>> = {},
    as: Readonly<Record<string, string>> = administrator,
): Promise<void> {
    const result = await create(changes, as);
    expect(result.code, result.stderr).toBe(0);
    // A job's log is for what matters, and nothing in it is a password.
    expect(`${result.stdout}${result.stderr}`).toBe("");
}

const named = (name: string) => ({
    NEW_ROLE: name,
    NEW_DATABASE: name,
    NEW_COMMENT: `django-on-kubernetes namespace=${name.replaceAll("_", "-")} service=database`,
});

const login = (name: string, password = "p'@:/\\ü") => ({ PGUSER: name, PGDATABASE: name, PGPASSWORD: password });

beforeAll(async () => {
    if (missing.length > 0) {
        return;
    }
    directory = await mkdtemp(join(tmpdir(), "database-scripts-"));
    await chmod(directory, 0o755);
    const data = join(directory, "data");
    const passwords = join(directory, "passwords");
    await mkdir(data);
    await writeFile(passwords, superuser.PGPASSWORD);
    for (const path of [directory, data, passwords]) {
        await chown(path, unprivileged.uid ?? process.getuid!(), unprivileged.gid ?? process.getgid!());
    }
    const options = [
        "--username=postgres",
        `--pwfile=${passwords}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    ];
    await run(initdb!, [`--pgdata=${data}`, ...options], { ...unprivileged, cwd: directory });
    // On a socket alone, so that nobody else reaches it, and no port has to be free.
    const settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", directory, "-p", "5432"];
    postgres = spawn(server!, ["-D", data, ...settings], { ...unprivileged, cwd: directory, stdio: "ignore" });
    for (let attempt = 0; (await command(psql!, ["-Xqc", "SELECT"], superuser)).code !== 0; attempt++) {
        expect(attempt).toBeLessThan(100);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await sql("CREATE ROLE admin LOGIN CREATEROLE CREATEDB PASSWORD 'admin''s'");
    await sql("CREATE DATABASE shop OWNER admin");
    await sql("CREATE TABLE customer (name text); INSERT INTO customer VALUES ('Ada')", administrator);
});

afterAll(async () => {
    postgres?.kill("SIGINT");
    await new Promise((resolve) =>
        postgres === undefined || postgres.exitCode !== null ? resolve(undefined) : postgres.once("exit", resolve),
    );
    await rm(directory, { recursive: true, force: true });
});

describe.skipIf(missing.length > 0)(`create.sql${reason}`, () => {
    test.each([
        ["no superuser", administrator, "pr_1"],
        ["a superuser", superuser, "pr_2"],
    ])("makes a role and its database, by %s, and may run again", async (_, as, name) => {
        await createOk(named(name), as);
        await createOk(named(name), as);
        await sql("CREATE TABLE x (id serial PRIMARY KEY); INSERT INTO x DEFAULT VALUES", login(name));
        await sql("CREATE SCHEMA own", login(name));
        await createOk(named(name), as);
        expect(await sql("SELECT id FROM x", login(name))).toEqual(["1"]);
        expect(
            await sql(
                `SELECT datdba::regrole || ' ' || shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '${name}'`,
            ),
        ).toEqual([`${name} django-on-kubernetes namespace=${name.replaceAll("_", "-")} service=database`]);
    });

    test("changes the password of a role that is there", async () => {
        await createOk({ ...named("pr_3"), NEW_PASSWORD: "first" });
        await createOk({ ...named("pr_3"), NEW_PASSWORD: "second" });
        await sql("SELECT 1", login("pr_3", "second"));
        expect((await command(psql!, ["-Xqc", "SELECT"], login("pr_3", "first"))).code).not.toBe(0);
    });

    test("limits the role's connections, and lifts the limit", async () => {
        const limit = () => sql("SELECT rolconnlimit FROM pg_roles WHERE rolname = 'pr_limited'");
        await createOk({ ...named("pr_limited"), NEW_CONNECTION_LIMIT: "1" });
        expect(await limit()).toEqual(["1"]);
        const holder = command(psql!, ["-Xqc", "SELECT pg_sleep(3)"], login("pr_limited"));
        for (let attempt = 0; attempt < 100; attempt++) {
            const [open] = await sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'pr_limited'");
            if (open === "1") {
                break;
            }
        }
        const { code, stderr } = await command(psql!, ["-Xqc", "SELECT"], login("pr_limited"));
        expect(code).not.toBe(0);
        expect(stderr).toContain('too many connections for role "pr_limited"');
        await holder;
        await createOk(named("pr_limited"));
        expect(await limit()).toEqual(["-1"]);
    });

    test("closes it to the others, and the administrator's own database to it", async () => {
        await createOk(named("pr_4"));
        await createOk(named("pr_5"));
        for (const database of ["pr_4", "shop"]) {
            const { code, stderr } = await command(psql!, ["-Xqc", "SELECT"], {
                ...login("pr_5"),
                PGDATABASE: database,
            });
            expect(code).not.toBe(0);
            expect(stderr).toContain("permission denied for database");
        }
        const rights = await sql(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = 'pr_5'",
        );
        expect(rights).toEqual(["f|f|f|f"]);
    });

    test("closes nothing to those who are there already, and nothing that is none of its business", async () => {
        await sql("CREATE ROLE report LOGIN PASSWORD 'report'; GRANT CONNECT ON DATABASE shop TO PUBLIC");
        await sql("CREATE DATABASE books OWNER admin");
        await createOk(named("pr_15"));
        for (const database of ["books", "shop"]) {
            await sql("SELECT 1", { ...login("report", "report"), PGDATABASE: database });
        }
        const { code } = await command(psql!, ["-Xqc", "SELECT"], { ...login("pr_15"), PGDATABASE: "shop" });
        expect(code).not.toBe(0);
        // Whom it made is not among them, also not in a later run.
        await createOk(named("pr_16"));
        await createOk(named("pr_15"));
        for (const name of ["pr_15", "pr_16"]) {
            expect((await command(psql!, ["-Xqc", "SELECT"], { ...login(name), PGDATABASE: "shop" })).code).not.toBe(0);
        }
        await sql("DROP DATABASE books");
        await sql("REVOKE ALL ON DATABASE shop FROM report");
        await sql("DROP ROLE report");
    });

    test("names with every character are names, and nothing else", async () => {
        const odd = `o"dd'; DROP ROLE admin; --`;
        await createOk({ ...named("x"), NEW_ROLE: odd, NEW_DATABASE: odd, NEW_PASSWORD: odd });
        await sql("SELECT 1", login(odd, odd));
        expect(await sql("SELECT 1 FROM pg_roles WHERE rolname = 'admin'")).toEqual(["1"]);
    });

    test.each([
        ["no superuser", administrator],
        ["a superuser", superuser],
    ])("copies a template whose owner is another, by %s, with all that is in it", async (who, as) => {
        const name = who === "a superuser" ? "pr_7" : "pr_6";
        const template = `seed_${name}`;
        await createOk(named(template));
        await sql(
            `CREATE SCHEMA stock;
             CREATE TYPE mood AS ENUM ('good'); CREATE TYPE pair AS (a int, b int); CREATE DOMAIN positive AS int CHECK (VALUE > 0);
             CREATE TABLE stock.item (id int GENERATED ALWAYS AS IDENTITY, name text, mood mood, old serial);
             CREATE SEQUENCE stock.free;
             CREATE VIEW names AS SELECT name FROM stock.item;
             CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM stock.item;
             CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
             CREATE PROCEDURE nothing() LANGUAGE sql AS '';
             INSERT INTO stock.item (name) VALUES ('pen');`,
            login(template),
        );
        await createOk({ ...named(name), NEW_TEMPLATE: template }, as);
        const left = await sql(
            `SELECT relname FROM pg_class WHERE relowner = '${template}'::regrole
              UNION ALL SELECT proname FROM pg_proc WHERE proowner = '${template}'::regrole
              UNION ALL SELECT typname FROM pg_type WHERE typowner = '${template}'::regrole
              UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = '${template}'::regrole`,
            { ...superuser, PGDATABASE: name },
        );
        expect(left).toEqual([]);
        // What a Django migration does.
        await sql(
            `ALTER TABLE stock.item ADD COLUMN price int; INSERT INTO stock.item (name) VALUES ('ink');
             DROP VIEW names; CREATE TABLE public.new (id int); REFRESH MATERIALIZED VIEW counted; ALTER TYPE pair ADD ATTRIBUTE c int`,
            login(name),
        );
        expect(await sql("SELECT count(*) FROM stock.item", login(name))).toEqual(["2"]);
        expect(await sql("SELECT count(*) FROM stock.item", login(template))).toEqual(["1"]);
        await createOk({ ...named(name), NEW_TEMPLATE: template }, as);
        expect(await sql("SELECT count(*) FROM stock.item", login(name))).toEqual(["2"]);
    });

    test("copies what belongs to no table, and leaves to the server what extensions and superusers own", async () => {
        await createOk(named("seed_more"));
        const seed = login("seed_more");
        await sql("CREATE EXTENSION tablefunc; CREATE EXTENSION hstore;", seed);
        await sql(
            `CREATE TABLE file (id int PRIMARY KEY, a int, b int, name text, content oid);
             INSERT INTO file VALUES (1, 1, 1, 'x', lo_from_bytea(4711, 'picture'));
             CREATE STATISTICS pairs ON a, b FROM file;
             CREATE COLLATION mine (provider = libc, locale = 'C');
             CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple);
             CREATE TEXT SEARCH CONFIGURATION search (COPY = simple);
             CREATE FUNCTION same(int, int) RETURNS boolean LANGUAGE sql AS 'SELECT $1 = $2';
             CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = same);
             CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int);
             CREATE PUBLICATION news FOR TABLE file;
             ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
             CREATE SCHEMA of_another;`,
            seed,
        );
        const owner = { ...superuser, PGDATABASE: "seed_more" };
        await sql(
            `CREATE FUNCTION noticed() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
             CREATE EVENT TRIGGER notice ON ddl_command_end EXECUTE FUNCTION noticed();
             CREATE EXTENSION pg_stat_statements SCHEMA of_another;`,
            owner,
        );
        for (const name of ["pr_12", "pr_13"]) {
            await createOk({ ...named(name), NEW_TEMPLATE: "seed_more" }, name === "pr_12" ? administrator : superuser);
            const mine = login(name);
            expect(await sql("SELECT convert_from(lo_get(content), 'utf8') FROM file", mine)).toEqual(["picture"]);
            await sql(
                `SELECT lo_unlink(4711); DROP PUBLICATION news; DROP AGGREGATE total (int); DROP OPERATOR === (int, int); DROP FUNCTION same;
                 DROP TEXT SEARCH CONFIGURATION search; DROP TEXT SEARCH DICTIONARY words; DROP COLLATION mine; DROP STATISTICS pairs;
                 CREATE TABLE of_another.more (id int); ALTER TABLE file ADD COLUMN more int`,
                mine,
            );
        }
    });

    test("runs again without running anything of the new role's as the administrator", async () => {
        await createOk(named("seed_trap"));
        await createOk({ ...named("pr_14"), NEW_TEMPLATE: "seed_trap" });
        // A better match than pg_catalog's own, and found on the way unless the way is closed (CVE-2018-1058).
        const trap = (args: string) =>
            `CREATE FUNCTION public.format(${args}) RETURNS text LANGUAGE sql AS $$ SELECT 'ALTER ROLE pr_14 CREATEDB CREATEROLE' $$;`;
        const traps =
            trap("text, name, text") + trap("text, text, text") + trap("text, text, text, text") + trap("text, text");
        await sql(traps, login("pr_14"));
        // In the administrator's own database too, where an app may be the owner of the schema.
        await sql(`GRANT CREATE ON SCHEMA public TO PUBLIC; ${traps}`, superuser);
        await sql(traps, { ...superuser, PGDATABASE: "shop" });
        for (const as of [administrator, superuser]) {
            await createOk({ ...named("pr_14"), NEW_TEMPLATE: "seed_trap" }, as);
        }
        expect(await sql("SELECT rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'pr_14'")).toEqual(["f|f"]);
        for (const database of ["postgres", "shop"]) {
            const undo = ["text, name, text", "text, text, text", "text, text, text, text", "text, text"];
            await sql(undo.map((args) => `DROP FUNCTION public.format(${args});`).join(""), {
                ...superuser,
                PGDATABASE: database,
            });
        }
    });

    test("goes on where a run was cut off", async () => {
        await createOk(named("seed"));
        await sql("CREATE TABLE x (id int)", login("seed"));
        await sql("CREATE ROLE pr_8 LOGIN", administrator);
        await sql("GRANT pr_8 TO admin", administrator);
        await sql("CREATE DATABASE pr_8 OWNER pr_8 TEMPLATE seed", administrator);
        await createOk({ ...named("pr_8"), NEW_TEMPLATE: "seed" });
        await sql("ALTER TABLE x ADD COLUMN y int", login("pr_8"));
    });

    test("says when the template is in use, or is none", async () => {
        const { code, stderr } = await create({ ...named("pr_9"), NEW_TEMPLATE: "nowhere" });
        expect(code).not.toBe(0);
        expect(stderr).toContain('template database "nowhere" does not exist');
    });

    test("takes over no database of another environment", async () => {
        await createOk({ ...named("shared"), NEW_PASSWORD: "theirs" });
        const { code, stderr } = await create({
            ...named("shared"),
            NEW_PASSWORD: "ours",
            NEW_COMMENT: "django-on-kubernetes namespace=pr-other service=database",
        });
        expect(code).not.toBe(0);
        expect(stderr).toContain("The database 'shared' is there and is not of this environment.");
        expect(stderr).not.toContain("ours");
        await sql("SELECT 1", login("shared", "theirs"));
        // Nor the administrator's own, which has no comment.
        expect((await create({ NEW_DATABASE: "shop" })).code).not.toBe(0);
    });

    test.each(["admin", "postgres"])("never changes the login of %s", async (role) => {
        const { code, stderr } = await create({ NEW_ROLE: role, NEW_DATABASE: "pr_10" });
        expect(code).not.toBe(0);
        expect(stderr).toContain(`The role '${role}' administers the server.`);
        await sql("SELECT 1", administrator);
        await sql("SELECT 1", superuser);
    });

    test("keeps a database that was marked as gone: its environment is made anew", async () => {
        await createOk(named("pr_11"));
        await sql(`COMMENT ON DATABASE pr_11 IS 'django-on-kubernetes namespace=pr-11 service=database gone-since=1'`);
        await createOk(named("pr_11"));
        expect(await commentOf("pr_11")).toBe("django-on-kubernetes namespace=pr-11 service=database");
    });
});

describe.skipIf(missing.length > 0)(`grants.sql${reason}`, () => {
    test("lets a user that is not the owner make tables, and may run again", async () => {
        const user = `o"dd'; user`;
        await sql(`CREATE ROLE "o""dd'; user" LOGIN PASSWORD 'p'`);
        await sql(`CREATE DATABASE "o""dd base" OWNER admin`);
        const as = { ...administrator, PGDATABASE: 'o"dd base' };
        const table = ["-Xqc", "CREATE TABLE x (id int)"];
        const mine = { ...login(user, "p"), PGDATABASE: as.PGDATABASE };
        expect((await command(psql!, table, mine)).stderr).toContain("permission denied for schema public");
        const grants = ["--no-psqlrc", "--quiet", `--file=${scripts}/grants.sql`];
        for (let run = 0; run < 2; run++) {
            expect(await command(psql!, grants, { ...as, GRANT_USER: user })).toEqual({
                code: 0,
                stdout: "",
                stderr: "",
            });
        }
        expect((await command(psql!, table, mine)).code).toBe(0);
        const { code, stderr } = await command(psql!, grants, { ...as, GRANT_USER: "nobody" });
        expect(code).not.toBe(0);
        expect(stderr).toContain('role "nobody" does not exist');
    });
});

async function commentOf(database: string): Promise<string | undefined> {
    return (
        await sql(`SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '${database}'`)
    )[0];
}

describe.skipIf(missing.length > 0)(`sweep.sh${reason}`, () => {
    /** A `getent` that knows these names and no others. */
    async function sweep(names: readonly string[], changes: Readonly<Record<string, string>> = {}): Promise<Result> {
        const bin = await mkdtemp(join(directory, "bin-"));
        await writeFile(
            join(bin, "getent"),
            `#!/bin/sh\ncase "$2" in\n${[...names, "none"].map((name) => `${name}) exit 0;;`).join("\n")}\nesac\nexit 2\n`,
            { mode: 0o755 },
        );
        return await command("bash", [join(scripts, "sweep.sh")], {
            ...administrator,
            PATH: [bin, dirname(psql!), ...path].join(delimiter),
            OWN_NAMESPACE: "shop-staging",
            KEEP_HOURS: "48",
            ...changes,
        });
    }

    const control = "kubernetes.default.svc";
    const hoursAgo = (hours: number): number => Math.floor(Date.now() / 1000) - hours * 3600;

    async function environment(name: string, goneSince?: number): Promise<string> {
        await createOk(named(name));
        const mark = `django-on-kubernetes namespace=${name.replaceAll("_", "-")} service=database`;
        if (goneSince !== undefined) {
            await sql(`COMMENT ON DATABASE ${name} IS '${mark} gone-since=${goneSince}'`);
        }
        return mark;
    }

    /** Of the environments whose names begin so. */
    async function left(prefix: string): Promise<string[]> {
        return await sql(
            `SELECT datname FROM pg_database WHERE datname LIKE '${prefix}%' UNION ALL SELECT 'role ' || rolname FROM pg_roles WHERE rolname LIKE '${prefix}%' ORDER BY 1`,
        );
    }

    beforeAll(async () => {
        // Those of the tests above.
        for (const database of await sql("SELECT datname FROM pg_database WHERE datname ~ '^(pr|seed|shared|o\"dd)'")) {
            await sql(`DROP DATABASE "${database.replaceAll('"', '""')}"`);
        }
    });

    test("notes since when an environment is gone, drops it after the time, and its role", async () => {
        await environment("gone_1");
        const first = await sweep([control]);
        expect(first, first.stderr).toMatchObject({ code: 0, stderr: "" });
        expect(first.stdout).toBe("gone_1: gone-1 is gone; to be dropped in 48 hours\n");
        const since = Number(/gone-since=(\d+)$/.exec((await commentOf("gone_1"))!)![1]);
        expect(Math.abs(since - Date.now() / 1000)).toBeLessThan(60);

        expect((await sweep([control])).stdout).toBe("");
        expect(await left("gone_1")).toEqual(["gone_1", "role gone_1"]);

        await environment("gone_1", hoursAgo(49));
        const last = await sweep([control]);
        expect(last, last.stderr).toMatchObject({ code: 0, stderr: "" });
        expect(last.stdout).toBe("gone_1: gone-1 has been gone for 49 hours: dropped\n");
        expect(await left("gone_1")).toEqual([]);
    });

    test("keeps what is there, and forgets that it was gone", async () => {
        const mark = await environment("there_1", hoursAgo(1000));
        const { code, stdout } = await sweep([control, "database.there-1.svc"]);
        expect({ code, stdout }).toEqual({ code: 0, stdout: "there_1: there-1 is there again\n" });
        expect(await commentOf("there_1")).toBe(mark);
        expect((await sweep([control, "database.there-1.svc"])).stdout).toBe("");
        await sql("DROP DATABASE there_1");
    });

    test("does nothing without an answer of the cluster's DNS", async () => {
        await environment("deaf_1", hoursAgo(1000));
        const before = await commentOf("deaf_1");
        const { code, stdout } = await sweep([]);
        expect({ code, stdout }).toEqual({
            code: 0,
            stdout: "The cluster's DNS does not answer for kubernetes.default.svc: nothing was done.\n",
        });
        expect(await commentOf("deaf_1")).toBe(before);
        await sql("DROP DATABASE deaf_1");
    });

    test("leaves alone its own environment's, those of others, and what only looks alike", async () => {
        await createOk({
            ...named("own_1"),
            NEW_COMMENT: "django-on-kubernetes namespace=shop-staging service=database",
        });
        const marks = {
            alike_1: "django-on-kubernetes namespace=x",
            alike_2: "django-on-kubernetes namespace=x service=y gone-since=1; DROP",
            alike_3: "django-on-kubernetes namespace=x service=y gone-since=99999999999999999999",
            alike_4: "a database",
        };
        for (const [name, comment] of Object.entries(marks)) {
            await sql(`CREATE DATABASE ${name} OWNER admin`);
            await sql(`COMMENT ON DATABASE ${name} IS '${comment}'`);
        }
        expect(await sweep([control])).toMatchObject({ code: 0, stdout: "", stderr: "" });
        for (const [name, comment] of Object.entries(marks)) {
            expect(await commentOf(name)).toBe(comment);
            await sql(`DROP DATABASE ${name}`);
        }
        expect(await left("own_1")).toEqual(["own_1", "role own_1"]);
        await sql("DROP DATABASE own_1");
    });

    test("drops it although somebody is connected, and keeps a role that owns more", async () => {
        await environment("busy_1", hoursAgo(49));
        await sql("CREATE DATABASE more_1 OWNER busy_1");
        const client = spawn(psql!, ["-Xqc", "SELECT pg_sleep(60)"], {
            env: { PATH: process.env["PATH"]!, PGHOST: directory, ...login("busy_1") },
            stdio: "ignore",
        });
        await expect
            .poll(async () => await sql("SELECT 1 FROM pg_stat_activity WHERE datname = 'busy_1'"))
            .toEqual(["1"]);
        const { code, stderr } = await sweep([control]);
        client.kill();
        expect(code, stderr).toBe(0);
        expect(await left("busy_1")).toEqual(["role busy_1"]);
        await sql("DROP DATABASE more_1");
    });

    test("does not drop what was made anew after it had looked", async () => {
        await environment("anew_1", hoursAgo(49));
        const env = { ...administrator, DATABASE: "anew_1", OLD_COMMENT: (await commentOf("anew_1"))! };
        await createOk(named("anew_1"));
        const { code, stderr } = await command(psql!, ["-Xq", `--file=${scripts}/drop.sql`], env);
        expect(code, stderr).toBe(0);
        expect(await left("anew_1")).toEqual(["anew_1", "role anew_1"]);
        const marked = await command(psql!, ["-Xq", `--file=${scripts}/mark.sql`], { ...env, NEW_COMMENT: "x" });
        expect(marked.code).toBe(0);
        expect(await commentOf("anew_1")).not.toBe("x");
        await sql("DROP DATABASE anew_1");
    });

    test("fails when the server cannot be reached, so that the Job says so", async () => {
        expect((await sweep([control], { PGPASSWORD: "wrong" })).code).not.toBe(0);
    });

    test("goes on with the others when one cannot be dropped", async () => {
        await environment("held_1", hoursAgo(49));
        await environment("held_2", hoursAgo(49));
        await sql("ALTER DATABASE held_1 OWNER TO postgres");
        const { code, stderr } = await sweep([control]);
        expect(code).not.toBe(0);
        expect(stderr).toContain("held_1");
        expect(await left("held_")).toEqual(["held_1", "role held_1"]);
        await sql("DROP DATABASE held_1");
    });
});

test("the scripts are all there are", async () => {
    // Those that a rotation runs are tried in rotation-scripts.test.ts.
    const ofRotations = ["as-first.sh", "login.sql", "retire-logins.sql"];
    const tried = ["create.sql", "drop.sql", "grants.sql", "mark.sql", "sweep.sh", ...ofRotations];
    expect((await readdir(scripts)).sort()).toEqual(tried.sort());
});
