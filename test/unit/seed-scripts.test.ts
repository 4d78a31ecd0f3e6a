// The steps of a seed as processes, on two PostgreSQL servers of this machine: the pod's own, and the one that is lent, whose administrator
// is no superuser, as in a cloud. Not proved: that they run in a pod (test/stacks/seeds.test.ts says what it is given,
// test/prove/seeds.test.ts runs it), and the bucket (test/unit/dump-scripts.test.ts has its scripts).
import { spawn } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { operationIn, type DataOperation } from "../../lib/data-operations.ts";
import { missingPrograms, startPostgresql, type TestServer } from "../support/postgresql.ts";

const missing = missingPrograms("psql", "initdb", "postgres", "pg_dump", "pg_restore");
const reason = missing.length === 0 ? "" : ` (skipped: ${missing.join(", ")} not found; Debian: postgresql)`;

const canary = "canary.person@production.example.net";
const content = `
    CREATE EXTENSION pg_trgm;
    CREATE TABLE auth_user (id serial PRIMARY KEY, email text UNIQUE, note text);
    INSERT INTO auth_user (email, note) SELECT CASE WHEN n <= 20 THEN 'canary.' || n ELSE 'x' || n END || '@production.example.net', '${canary}' FROM generate_series(1, 200) AS n;
    CREATE INDEX ON auth_user USING gin (email gin_trgm_ops);
    CREATE TABLE secrets AS SELECT '${canary}' AS token FROM generate_series(1, 100);
    CREATE TABLE pages (body text);
    INSERT INTO pages SELECT repeat(md5(n::text), 20) FROM generate_series(1, 200) AS n;
    SELECT lo_from_bytea(77, 'a large object');
    ANALYZE`;
const mask = [
    "UPDATE auth_user SET email = 'user' || id || '@example.org', note = NULL",
    // Of a table that is empty ANALYZE makes no new statistics: the old ones have values of its rows.
    "DELETE FROM secrets",
];

let lender: TestServer;
/** What a step of the pod has, but for the server of the source. */
let pod: TestServer;
let scripts: string;
let folder: string;

beforeAll(async () => {
    if (missing.length > 0) {
        return;
    }
    [lender, pod] = await Promise.all([startPostgresql(), startPostgresql()]);
    folder = join(pod.directory, "files");
    scripts = join(folder, "scripts");
    await mkdir(scripts, { recursive: true });
    // As in the ConfigMap: all in one folder.
    for (const part of ["dump", "seed"]) {
        await cp(join(projectRoot, "components/backups", part, "scripts"), scripts, { recursive: true });
    }
    for (const name of ["source", "server"]) {
        await mkdir(join(folder, name));
    }
    await writeFile(join(folder, "source/database-password"), "canary-of-source");
    await writeFile(join(folder, "server/administrator-password"), "canary-of-administrator");
    await lender.sql("postgres", "CREATE ROLE administrator LOGIN CREATEDB CREATEROLE; CREATE ROLE shop LOGIN");
    await lender.sql("postgres", "GRANT pg_signal_backend TO administrator");
    await lender.sql("postgres", "CREATE DATABASE admin OWNER administrator");
    await lender.sql("postgres", "CREATE DATABASE shop OWNER shop");
    await lender.sql("shop", content);
    await lender.sql("shop", "ALTER TABLE auth_user OWNER TO shop; ALTER TABLE secrets OWNER TO shop");
    await lender.sql("shop", "ALTER TABLE pages OWNER TO shop; ALTER LARGE OBJECT 77 OWNER TO shop");
});

afterAll(async () => {
    await Promise.all([lender, pod].map((server) => server?.stop()));
});

beforeEach(async () => {
    if (missing.length === 0) {
        await pod.sql("postgres", "DROP DATABASE IF EXISTS shop");
        await Promise.all(
            ["notes", "work", "statements", "tmp"].map((name) =>
                rm(join(folder, name), { recursive: true, force: true }),
            ),
        );
        await Promise.all(["notes", "statements", "tmp"].map((name) => mkdir(join(folder, name))));
    }
});

interface Done {
    readonly code: number;
    readonly told: DataOperation | undefined;
    readonly output: string;
}

const environment = (more: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
    STORE: "database",
    WORK: join(folder, "work"),
    TMPDIR: join(folder, "tmp"),
    DRILL_NOTES: join(folder, "notes"),
    STATEMENTS: join(folder, "statements"),
    SERVER_SECRETS: join(folder, "server"),
    TERMINATION_LOG: join(folder, "termination"),
    PGUSER: "postgres",
    PGDATABASE: "shop",
    SERVER_HOST: lender.directory,
    SERVER_PORT: "5432",
    SERVER_USER: "administrator",
    SERVER_DATABASE: "admin",
    SEED: "seeded",
    NAMESPACE: "shop-staging",
    KEEP: "2",
    MASKED: "true",
    ...more,
});

async function step(name: string, more: Readonly<Record<string, string>> = {}): Promise<Done> {
    await rm(join(folder, "termination"), { force: true });
    const { code, stdout, stderr } = await pod.run("bash", [join(scripts, name)], environment(more));
    const said = await readFile(join(folder, "termination"), "utf8").catch(() => "");
    expect(`${stdout}${stderr}${said}`).not.toMatch(/canary/);
    return { code, told: operationIn(said), output: `${stdout}${stderr}${said}` };
}

async function good(name: string, more?: Readonly<Record<string, string>>): Promise<DataOperation | undefined> {
    const { code, told, output } = await step(name, more);
    expect(code, output).toBe(0);
    return told;
}

async function refused(name: string, more?: Readonly<Record<string, string>>): Promise<string> {
    const { code, told, output } = await step(name, more);
    expect(code, output).toBe(1);
    expect(told, output).toMatchObject({ kind: "seed", store: "database", result: "failed" });
    return told!.what;
}

const ofLender = (): Readonly<Record<string, string>> => ({
    PGHOST: lender.directory,
    PGUSER: "shop",
    SECRETS: join(folder, "source"),
});

/** Until the copy is in the pod's server and masked. */
async function masked(sql: readonly string[] = mask): Promise<void> {
    await good("take.sh", ofLender());
    await good("load.sh");
    await Promise.all(sql.map((text, index) => writeFile(join(folder, `statements/0${index}.sql`), `${text};\n`)));
    await good("mask.sh");
}

const seeds = async (): Promise<readonly string[]> =>
    await lender.sql(
        "postgres",
        "SELECT datname || ' ' || substring(shobj_description(oid, 'pg_database') FROM '[a-z]+$') FROM pg_database WHERE datname ~ '^seeded_' ORDER BY datname",
    );

/** What a new environment gets. */
async function borrowed(name: string): Promise<void> {
    const { code, stderr } = await lender.run(
        "psql",
        ["--no-psqlrc", "--quiet", `--file=${join(projectRoot, "components/database/scripts/create.sql")}`],
        {
            PGUSER: "administrator",
            PGDATABASE: "admin",
            NEW_ROLE: name,
            NEW_DATABASE: name,
            NEW_PASSWORD: "x",
            NEW_TEMPLATE: "seeded",
            NEW_CONNECTION_LIMIT: "-1",
            NEW_COMMENT: `django-on-kubernetes namespace=${name.replaceAll("_", "-")} service=database`,
        },
    );
    expect(code, stderr).toBe(0);
}

const next = async (): Promise<unknown> => await new Promise((resolve) => setTimeout(resolve, 1100));

describe.skipIf(missing.length > 0)(`seeds${reason}`, () => {
    test("a masked copy is what a new environment begins with, and nothing of a masked row is in it", async () => {
        await masked();
        const told = await good("serve.sh");
        const [name, state] = (await seeds())[0]!.split(" ");
        expect(state).toBe("complete");
        expect(told).toMatchObject({ kind: "seed", store: "database", result: "succeeded" });
        expect(told!.what).toMatch(
            new RegExp(`^seeded is ${name!} from now on: 3 tables, of rows as they were at .*, masked. 1 are kept.$`),
        );
        expect(Date.now() - Date.parse(told!.dataAsOf!)).toBeLessThan(60_000);

        await borrowed("pr_1");
        const asRole = async (text: string) => {
            const { code, stdout, stderr } = await lender.run("psql", ["-XqAt", "-c", text], {
                PGUSER: "pr_1",
                PGDATABASE: "pr_1",
            });
            expect(code, stderr).toBe(0);
            return stdout.trim();
        };
        expect(await asRole("SELECT count(*), min(email), count(note) FROM auth_user")).toBe(
            "200|user100@example.org|0",
        );
        expect(await asRole("SELECT convert_from(lo_get(77), 'UTF8')")).toBe("a large object");
        expect(await asRole("INSERT INTO auth_user (email) VALUES ('new') RETURNING id")).toBe("201");
        // Statistics too have values of rows.
        expect(
            await asRole(
                "SELECT count(*) FROM pg_stats WHERE tablename <> 'pages' AND (most_common_vals::text || coalesce(histogram_bounds::text, '')) ~ 'canary'",
            ),
        ).toBe("0");
        const dump = await lender.run("pg_dump", ["--dbname=pr_1"]);
        expect(dump.code).toBe(0);
        expect(dump.stdout).toContain("user100@example.org");
        expect(dump.stdout).not.toContain("canary");
        // Nor is it in a file of that database, where rows stay after they were changed.
        await lender.sql("postgres", "CHECKPOINT");
        const [oid] = await lender.sql("postgres", "SELECT oid FROM pg_database WHERE datname = 'pr_1'");
        const found = await lender.run("grep", [
            "-rlaE",
            "canary|production.example.net",
            join(lender.directory, "data/base", oid!),
        ]);
        expect(found).toMatchObject({ code: 1, stdout: "" });
        const source = await lender.sql("postgres", "SELECT oid FROM pg_database WHERE datname = 'shop'");
        expect(
            (await lender.run("grep", ["-rla", "canary", join(lender.directory, "data/base", source[0]!)])).code,
        ).toBe(0);
    });

    test("nobody but the administrator gets at it, and who filled it logs in no more", async () => {
        const [newest] = (await seeds()).at(-1)!.split(" ");
        for (const role of ["shop", "pr_1", "seeded_seeder"]) {
            const { code, stderr } = await lender.run("psql", ["-Xqc", "SELECT"], {
                PGUSER: role,
                PGDATABASE: newest!,
            });
            expect(code, role).toBe(2);
            expect(stderr).toMatch(/permission denied|not permitted to log in/);
        }
        expect(
            await lender.sql(
                "postgres",
                "SELECT rolcanlogin, rolcreatedb, rolcreaterole, rolsuper FROM pg_roles WHERE rolname = 'seeded_seeder'",
            ),
        ).toEqual(["f|f|f|f"]);
    });

    test("the newest of several is taken, and so many stay as are kept", async () => {
        await masked(["UPDATE auth_user SET email = 'second' || id, note = NULL", "DELETE FROM secrets"]);
        for (let runs = 0; runs < 2; runs++) {
            await next();
            await good("serve.sh");
        }
        expect(await seeds()).toHaveLength(2);
        await borrowed("pr_2");
        expect(await lender.sql("pr_2", "SELECT email FROM auth_user WHERE id = 1")).toEqual(["second1"]);
        // That was there keeps its rows.
        await borrowed("pr_1");
        expect(await lender.sql("pr_1", "SELECT email FROM auth_user WHERE id = 1")).toEqual(["user1@example.org"]);
    });

    test("a mask that fails ends it, tells no row, and changes nothing that is served", async () => {
        const before = await seeds();
        await good("take.sh", ofLender());
        await good("load.sh");
        await writeFile(join(folder, "statements/00.sql"), "SELECT * FROM auth_user;\n");
        await writeFile(
            join(folder, "statements/01.sql"),
            "\nUPDATE auth_user SET email = (SELECT email FROM auth_user WHERE id = 1);\n",
        );
        const what = await refused("mask.sh");
        expect(what).toContain("01.sql:2: ERROR: 23505");
        // The server's own log is the pod's: no session's error is in it.
        expect(await pod.sql("shop", "SHOW log_min_messages")).toEqual(["fatal"]);
        expect(await pod.sql("shop", "SHOW log_min_error_statement")).toEqual(["panic"]);
        expect(await pod.sql("shop", "SELECT count(*) FROM auth_user WHERE note IS NULL")).toEqual(["0"]);
        expect(await seeds()).toEqual(before);
    });

    test("an environment's own comment does not make its database what others begin with", async () => {
        await lender.sql(
            "pr_1",
            "SET ROLE pr_1; COMMENT ON DATABASE pr_1 IS 'seed-of-django-on-kubernetes name=seeded namespace=shop-staging complete'",
        );
        await borrowed("pr_3");
        expect(await lender.sql("pr_3", "SELECT email FROM auth_user WHERE id = 1")).toEqual(["second1"]);
    });

    test.each([
        [
            "a database of that name",
            "CREATE DATABASE taken",
            "taken",
            "a database is there that is called as the seeds are",
        ],
        [
            "a role of somebody else",
            "CREATE ROLE theirs_seeder",
            "theirs",
            "the role of these seeds is there and is of another environment",
        ],
    ])("%s is left alone", async (_, made, name, message) => {
        await lender.sql("postgres", made);
        await masked();
        expect(await refused("serve.sh", { SEED: name })).toContain(message);
        expect(await lender.sql("postgres", `SELECT count(*) FROM pg_database WHERE datname ~ '^${name}_'`)).toEqual([
            "0",
        ]);
    });

    test("an old one that is in use stays until the next run", async () => {
        await masked();
        const [oldest] = (await seeds())[0]!.split(" ");
        const reader = spawn("psql", ["-Xqc", "SELECT pg_sleep(60)", "--dbname", oldest!], {
            env: { ...lender.environment },
            stdio: "ignore",
        });
        await next();
        const told = await good("serve.sh");
        expect(told!.what).toContain("3 are kept. Older ones are in use, and go with the next run.");
        reader.kill("SIGKILL");
        await lender.sql(
            "postgres",
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${oldest!}'`,
        );
    }, 60_000);

    test("killed at any moment it leaves what is served, and the next run leaves nothing else", async () => {
        await masked();
        const kills = Number(process.env["SEED_KILLS"] ?? 3);
        const served = (await seeds()).filter((line) => line.endsWith(" complete"));
        for (let run = 0; run < kills; run++) {
            const one = spawn("bash", [join(scripts, "serve.sh")], {
                env: { ...pod.environment, ...environment({}) },
                stdio: "ignore",
                detached: true,
            });
            await new Promise((resolve) => setTimeout(resolve, 100 + (1000 / kills) * run));
            try {
                process.kill(-one.pid!, "SIGKILL");
            } catch {
                // It had ended.
            }
            const complete = (await seeds()).filter((line) => line.endsWith(" complete"));
            // One that came to its end is served, and an older one went.
            expect(complete.length).toBeGreaterThanOrEqual(2);
            expect(complete.at(-1)! >= served.at(-1)!).toBe(true);
        }
        await borrowed("pr_4");
        expect(await lender.sql("pr_4", "SELECT count(*), count(note) FROM auth_user")).toEqual(["200|0"]);
        await next();
        await good("serve.sh");
        const left = await seeds();
        expect(left.map((line) => line.split(" ")[1])).toEqual(["complete", "complete"]);
    }, 120_000);
});
