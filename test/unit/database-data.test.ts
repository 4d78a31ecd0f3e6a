// The scripts of components/database/data on a real PostgreSQL, where one is installed and root may give it a mount and a network namespace
// of its own. Not proved: the half of an upgrade that needs a second version, and that they run in a pod: test/prove/growth.test.ts.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";

const scripts = join(projectRoot, "components/database/data");
const entrypoint = join(projectRoot, "lab/images/postgres/files/usr/local/bin/docker-entrypoint.sh");
const version = ["18", "17", "16", "15"].find((major) => existsSync(`/usr/lib/postgresql/${major}/bin/postgres`));
const reason =
    version === undefined
        ? "no PostgreSQL; Debian has it in the package postgresql"
        : process.getuid?.() !== 0 || !existsSync("/usr/bin/unshare")
          ? "only root makes namespaces"
          : undefined;

/** The user of the official image. */
const user = 999;

let directory: string;
let volume: string;

interface Result {
    readonly code: number;
    readonly output: string;
    /** What the pod's status would say. */
    readonly message: string;
}

/** Where nobody else's server is on the port, and the user has a name. */
const isolated = `
ip link set lo up
mount -t tmpfs -o mode=1777 none /var/run/postgresql
mount --bind "$1/passwd" /etc/passwd
shift
exec setpriv --reuid=${user} --regid=${user} --clear-groups "$@"`;

async function run(environment: Readonly<Record<string, string>>, ...command: string[]): Promise<Result> {
    const env = {
        PATH: `${directory}/bin:/usr/lib/postgresql/${version}/bin:/usr/bin:/bin`,
        LANG: "C.UTF-8",
        POSTGRES_USER: "shop",
        POSTGRES_DB: "shop",
        POSTGRES_PASSWORD: "not shown",
        VOLUME: volume,
        BASE: "pgdata",
        MESSAGE: join(directory, "message", "text"),
        ...environment,
    };
    await rm(env.MESSAGE, { force: true });
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const argv = ["-m", "-n", "sh", "-c", isolated, "sh", directory, "env", "-i", ...variables, ...command];
    return await new Promise((resolve) => {
        execFile("unshare", argv, { maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
            const code = error === null ? 0 : Number(error.code ?? 1);
            readFile(env.MESSAGE, "utf8")
                .catch(() => "")
                .then(
                    (message) => resolve({ code, output: `${stdout}${stderr}`, message: message.trim() }),
                    () => undefined,
                );
        });
    });
}

const script = (name: string, environment: Readonly<Record<string, string>>): Promise<Result> =>
    run(environment, "bash", join(scripts, name));

const check = (environment: Readonly<Record<string, string>> = {}): Promise<Result> =>
    script("check.sh", { DIRECTORY: "pgdata", VERSION: version!, COLLATIONS: "stop", ...environment });

/** Data with an empty database, where there is none: a copy, which is quicker than making it each time. */
async function cluster(where: string): Promise<void> {
    if (!existsSync(join(volume, where))) {
        await cp(join(directory, "made"), join(volume, where), { recursive: true, preserveTimestamps: true });
        await promisify(execFile)("chown", ["-R", `${user}:${user}`, join(volume, where)]);
    }
}

/** Runs SQL on the data of a directory, by a server that is started for it. */
async function sql(text: string, where = "pgdata"): Promise<string> {
    await cluster(where);
    const result = await run(
        { TEXT: text, WHERE: where },
        "bash",
        "-c",
        `source ${scripts}/server.sh; start_server "$VOLUME/$WHERE" 2> /dev/null; sql shop <<< "$TEXT"; stop_server`,
    );
    expect(result.code, result.output).toBe(0);
    return result.output
        .split("\n")
        .filter((line) => !/ (LOG|FATAL|DETAIL|WARNING): /.test(line))
        .join("\n")
        .trim();
}

const names = async (): Promise<string[]> => (await readdir(volume)).toSorted();

async function pretend(name: string, major: string): Promise<void> {
    await mkdir(join(volume, name, "global"), { recursive: true });
    await writeFile(join(volume, name, "PG_VERSION"), `${major}\n`);
    await writeFile(join(volume, name, "global/pg_control"), name);
    for (const path of [name, `${name}/global`, `${name}/PG_VERSION`, `${name}/global/pg_control`]) {
        await chown(join(volume, path), user, user);
    }
}

describe.skipIf(reason !== undefined)(
    `scripts of a server's data${reason === undefined ? "" : ` (skipped: ${reason})`}`,
    () => {
        beforeAll(async () => {
            directory = await mkdtemp(join(tmpdir(), "database-data-"));
            await chmod(directory, 0o755);
            await mkdir(join(directory, "bin"));
            await mkdir(join(directory, "message"));
            await chown(join(directory, "message"), user, user);
            await copyFile(entrypoint, join(directory, "bin/docker-entrypoint.sh"));
            await chmod(join(directory, "bin/docker-entrypoint.sh"), 0o755);
            const others = (await readFile("/etc/passwd", "utf8"))
                .split("\n")
                .filter((line) => !/^postgres:|^[^:]*:[^:]*:999:/.test(line));
            await writeFile(join(directory, "passwd"), ["postgres:x:999:999::/tmp:/bin/bash", ...others].join("\n"));
            volume = join(directory, "made-here");
            await mkdir(volume);
            await chown(volume, user, user);
            const made = await run(
                { POSTGRES_INITDB_ARGS: "--no-sync" },
                "bash",
                "-c",
                `source ${scripts}/server.sh; start_server "$VOLUME/pgdata" -c fsync=off; stop_server; echo "fsync = off" >> "$VOLUME/pgdata/postgresql.conf"`,
            );
            expect(made.code, made.output).toBe(0);
            await rename(join(volume, "pgdata"), join(directory, "made"));
        });
        afterAll(async () => {
            await rm(directory, { recursive: true, force: true });
        });
        beforeEach(async () => {
            volume = join(directory, "volume");
            await rm(volume, { recursive: true, force: true });
            await mkdir(volume);
            await chown(volume, user, user);
        });

        describe("what fits:", () => {
            test("an empty volume", async () => {
                expect(await check()).toMatchObject({ code: 0, output: "" });
                expect(await names()).toEqual([]);
            });

            test("data of the version; a second look starts no server", async () => {
                await sql("create table words (word text primary key)");
                expect(await check()).toMatchObject({ code: 0 });
                expect(await check()).toMatchObject({ code: 0, output: "" });
            });

            test("no data yet beside some, where it comes from a backup", async () => {
                await pretend("pgdata", version!);
                expect(await check({ DIRECTORY: "restored-latest", RESTORED: "true" })).toMatchObject({
                    code: 0,
                    output: "",
                });
            });

            test("data that a restore goes on with is left alone", async () => {
                await pretend("pgdata", version!);
                await writeFile(join(volume, "pgdata/recovery.signal"), "");
                expect(await check()).toMatchObject({ code: 0, output: "" });
                expect(await names()).toEqual(["pgdata"]);
            });
        });

        describe("what is refused, in a sentence:", () => {
            test("data of another version, with both ways out", async () => {
                await pretend("pgdata", "14");
                expect((await check()).message).toBe(
                    `The volume has data of PostgreSQL 14, and database.version says ${version}, which cannot read it. Fix: set database.version ` +
                        'back to "14", and when `pulumi up` waits for this pod, delete it. ' +
                        'Or upgrade: database.upgradeFrom: { version: "14" } (docs/components/database.md#a-new-major-version).',
                );
            });

            test("data of a later version, with the one way out that there is", async () => {
                await pretend("pgdata", "99");
                const { message } = await check();
                expect(message).toContain('back to "99"');
                expect(message).not.toContain("upgradeFrom");
            });

            test("an image of another version than the settings say", async () => {
                const { code, message } = await check({ VERSION: "14" });
                expect([code, message]).toEqual([
                    1,
                    expect.stringMatching(
                        /^The image has postgres \(PostgreSQL\) .*, and database\.version says 14\. Fix: set database\.image/,
                    ),
                ]);
            });

            test("the old data, when its upgrade is beside it", async () => {
                await pretend("pgdata", "14");
                await pretend(`pgdata-${version}`, version!);
                expect((await check()).message).toContain(
                    `The data was upgraded to PostgreSQL ${version} and is in pgdata-${version}; pgdata is the old one, of 14. Fix: put database.upgradeFrom: { version: "14" } back`,
                );
            });

            test("no data, beside some", async () => {
                await pretend(`pgdata-${version}`, version!);
                expect((await check()).message).toContain(
                    `There is no data in pgdata, and in pgdata-${version} there is`,
                );
            });
        });

        describe("the end of an upgrade:", () => {
            const removed = { FROM: "14", ORIGINAL: "removed" };
            const fingerprint = async (name: string): Promise<string> => {
                const { output } = await run(
                    { NAME: name },
                    "bash",
                    "-c",
                    `source ${scripts}/server.sh; fingerprint_of "$VOLUME/$NAME"`,
                );
                return output.trim();
            };

            async function upgraded(): Promise<void> {
                await pretend("pgdata", "14");
                await writeFile(join(volume, `pgdata-${version}.from`), await fingerprint("pgdata"));
                await sql("create table kept (at int)", `pgdata-${version}`);
                await writeFile(join(volume, `pgdata-${version}.collations`), "of the old name");
            }

            test("the new data takes the place of the old", async () => {
                await upgraded();
                expect(await check(removed)).toMatchObject({ code: 0 });
                expect(await names()).toEqual(["pgdata", "pgdata.collations"]);
                expect(await sql("select count(*) from kept")).toBe("0");
                expect(await check(removed)).toMatchObject({ code: 0, output: "" });
            });

            test("goes on where it was stopped between two names", async () => {
                await upgraded();
                const moved = await run({}, "sh", "-c", 'mv "$VOLUME/pgdata" "$VOLUME/pgdata.removed"');
                expect(moved.code).toBe(0);
                expect(await check(removed)).toMatchObject({ code: 0 });
                expect(await names()).toEqual(["pgdata", "pgdata.collations"]);
            });

            test("old data that was used since is not removed", async () => {
                await upgraded();
                await writeFile(join(volume, "pgdata/global/pg_control"), "written to");
                expect((await check(removed)).message).toContain(
                    "pgdata was used after it had been upgraded, so it is not removed",
                );
                expect(await names()).toEqual(expect.arrayContaining(["pgdata", `pgdata-${version}`]));
            });

            test("neither is data of a version that was not upgraded", async () => {
                await upgraded();
                expect((await check({ ...removed, FROM: "13" })).message).toContain(
                    "database.upgradeFrom.version says 13",
                );
                expect(await names()).toEqual(expect.arrayContaining(["pgdata", `pgdata-${version}`]));
            });
        });

        describe("the first half of an upgrade:", () => {
            const dump = (environment: Readonly<Record<string, string>> = {}): Promise<Result> =>
                script("dump.sh", { FROM: version!, TO: "99", ...environment });

            test("writes every database beside the data, and not a second time while that is as it was", async () => {
                await sql(`create table t (id serial primary key); insert into t select from generate_series(1, 50); create table "Odd Name" (x int);
                create database "another one"`);
                const first = await dump();
                expect(first, first.output).toMatchObject({ code: 0 });
                const work = join(volume, "pgdata-99.upgrade");
                expect((await readFile(join(work, "databases"), "utf8")).split("\n")).toEqual([
                    "another one",
                    "postgres",
                    "shop",
                    "",
                ]);
                expect(await readFile(join(work, "3.counts"), "utf8")).toBe(
                    'table public."Odd Name"\t0\ntable public.t\t50\nsequence public.t_id_seq\t50\tt\nlarge objects\t0\n',
                );
                expect(await readdir(join(work, "3"))).toContain("toc.dat");
                expect(await dump()).toMatchObject({ code: 0, output: "" });
                // Going back and on writing makes it out of date.
                await sql("insert into t default values");
                expect((await dump()).output).toContain("Dumping database shop.");
            });

            test("sets an upgrade aside when the old data was used since", async () => {
                await sql("create table t (id int)");
                await pretend("pgdata-99", "99");
                await writeFile(join(volume, "pgdata-99.from"), "of another moment");
                expect((await dump()).output).toContain(
                    "pgdata was used after it had been upgraded: it is upgraded anew",
                );
                expect(await names()).toEqual(["pgdata", "pgdata-99.earlier", "pgdata-99.upgrade"]);
            });

            test("does nothing in a new environment, and after the end", async () => {
                expect(await dump()).toMatchObject({ code: 0, output: "" });
                await pretend("pgdata", "99");
                expect(await dump()).toMatchObject({ code: 0, output: "" });
            });

            test("refuses data of a third version", async () => {
                await pretend("pgdata", "13");
                expect((await dump()).message).toContain(
                    "The volume has data of PostgreSQL 13, and database.upgradeFrom.version says",
                );
            });

            test("says how much room is missing before it begins", async () => {
                await sql("create table t (id int)");
                const command = `df() { printf 'head\\n/dev/x 1 1 2048 1 /\\n'; }; export -f df; bash ${scripts}/dump.sh`;
                const { code, message } = await run({ FROM: version!, TO: "99" }, "bash", "-c", command);
                expect([code, message]).toEqual([
                    1,
                    expect.stringMatching(
                        /^The upgrade needs \d+ MiB beside the data, and 2 MiB are free\. Fix: raise database\.storage/,
                    ),
                ]);
                expect(await names()).toEqual(["pgdata"]);
            });
        });

        describe("an image that sorts otherwise:", () => {
            /** As if another ICU had made what is there. */
            async function older(): Promise<void> {
                await sql(`create collation german (provider = icu, locale = 'de-DE');
                create table words (word text collate german primary key, plain text collate "C", other text collate german);
                create index plain_words on words (plain); create index "other words" on words (other);
                insert into words values ('ä', 'b', 'c');
                update pg_collation set collversion = '1' where collname = 'german'`);
            }

            test("is stopped before the server starts, with the indexes", async () => {
                await older();
                const { code, message } = await check();
                expect(code).toBe(1);
                expect(message).toContain('database shop: 2 indexes: public."other words" public.words_pkey');
                expect(message).toContain("set database.changedCollations to reindex");
                expect(await check(), "as often as it is tried").toMatchObject({ code: 1 });
            });

            test("makes those indexes anew where that is said, and is what is known from then on", async () => {
                await older();
                const filenode =
                    "select relfilenode from pg_class where relname in ('words_pkey', 'plain_words') order by relname";
                const before = (await sql(filenode)).split("\n");
                const { code, output } = await check({ COLLATIONS: "reindex" });
                expect(code, output).toBe(0);
                expect(output).toContain('Database shop: reindexing public."other words".');
                const after = (await sql(filenode)).split("\n");
                expect([after[0] === before[0], after[1] === before[1]]).toEqual([true, false]);
                expect(
                    await sql(
                        "select collversion = pg_collation_actual_version(oid) from pg_collation where collname = 'german'",
                    ),
                ).toBe("t");
                expect(await check()).toMatchObject({ code: 0, output: "" });
            });

            test("so is a database whose own collation is older", async () => {
                await sql(`create database icu template template0 locale_provider icu icu_locale 'de-DE'`);
                const older = `source ${scripts}/server.sh; start_server "$VOLUME/pgdata" 2> /dev/null
                sql icu --command "create table w (w text primary key)" --command "update pg_database set datcollversion = '1' where datname = 'icu'"; stop_server`;
                expect((await run({}, "bash", "-c", older)).code).toBe(0);
                expect((await check()).message).toContain("database icu: 1 indexes: public.w_pkey");
                expect(await check({ COLLATIONS: "reindex" })).toMatchObject({ code: 0 });
                expect(await check()).toMatchObject({ code: 0, output: "" });
            });
        });
    },
);
