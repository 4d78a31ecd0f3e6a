// A database moved between two major versions, by dump and by replication, with the mover killed at random moments. On plain processes of
// this machine. MOVE_MEGABYTES says how large it is: small by default; MOVE_RECORD=1 writes bench/results/move.json.
// Not proved here: TLS, and what clouds' own servers refuse. That the Job runs on a cluster: test/prove/move-in.test.ts.
import { readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { Mover, type MoverEnvironment, type MoverRun } from "./support/mover.ts";
import { administrator, PostgresRoot, PostgresServer, type Login } from "./support/postgres-server.ts";

const megabytes = Number(process.env["MOVE_MEGABYTES"] ?? 30);
const buffers = megabytes > 1000 ? 1024 : 128;

const before: Login = { user: "shop_before", password: String.raw`p%w:/@ "x'\ #1` };
const after: Login = { user: "shop", password: "the new one" };

let roots: PostgresRoot[] = [];
let source: PostgresServer;
let target: PostgresServer;
let mover: Mover;
const record: Record<string, unknown> = {};
const recordPath = join(projectRoot, "bench/results/move.json");

/** What each side has, asked in another way than the mover's own. */
async function contents(server: PostgresServer, database: string): Promise<string> {
    const tables = await server.ask(
        database,
        `SELECT format('SELECT %L || '' '' || count(*) || '' '' || coalesce(sum(hashtextextended(r::text, 7)::numeric), 0) FROM ONLY %I.%I r', relname, nspname, relname)
         FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', 'm') AND nspname IN ('public', 'Back office') ORDER BY relname`,
    );
    const lines: string[] = [];
    for (const query of tables.split("\n")) {
        lines.push(await server.ask(database, query));
    }
    for (const query of [
        "SELECT schemaname, sequencename, last_value, start_value, increment_by FROM pg_sequences ORDER BY 1, 2",
        "SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'Back office') ORDER BY 1",
        "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint WHERE connamespace <> 'pg_catalog'::regnamespace AND contype <> 'n' ORDER BY 2, 3",
        "SELECT tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 2",
        "SELECT extname FROM pg_extension ORDER BY 1",
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1",
        "SELECT loid, md5(string_agg(data, '' ORDER BY pageno)) FROM pg_largeobject GROUP BY 1 ORDER BY 1",
    ]) {
        lines.push(await server.ask(database, query));
    }
    return lines.join("\n");
}

function environment(
    database: string,
    more: Partial<MoverEnvironment> = {},
    as: "owner" | "administrator" = "owner",
): MoverEnvironment {
    const [one, other] = as === "owner" ? [before, after] : [administrator, administrator];
    return {
        SOURCE_URL: source.url(`${database}_before`, one),
        SOURCE_PASSWORD: one.password,
        TARGET_URL: target.url(database, other),
        TARGET_PASSWORD: other.password,
        ...more,
    };
}

async function bytesOf(database: string): Promise<number> {
    return Number(await source.ask(database, "SELECT pg_database_size(current_database())"));
}

/** The same data under another name: copied by the server itself. */
async function copyOfSource(database: string, template: string): Promise<void> {
    await source.dropDatabase(`${database}_before`);
    await source.ask(
        "postgres",
        `CREATE DATABASE ${database}_before TEMPLATE ${template} STRATEGY file_copy OWNER ${before.user}`,
    );
    await target.dropDatabase(database);
    await target.makeDatabase(database, after);
}

/**
 * Kills at random moments until it was killed five times, then lets it end.
 *
 * @param seconds that it takes when nobody kills it
 * @param anew makes everything as it was, for when it ends before it was killed five times
 */
async function killedFiveTimes(
    mode: string,
    given: MoverEnvironment,
    seconds: number,
    anew: () => Promise<void>,
): Promise<{ readonly kills: readonly string[]; readonly last: MoverRun }> {
    const kills: string[] = [];
    while (kills.length < 5) {
        const delay = seconds * (0.03 + Math.random() * 0.3);
        const run = await mover.run(mode, given, { after: delay * 1000 });
        if (run.code === null) {
            const { phase, text } = run.said.at(-1) ?? { phase: "start", text: "" };
            kills.push(`after ${delay.toFixed(1)} s in ${phase}: ${text}`);
            continue;
        }
        expect(run.code, run.output).toBe(0);
        await mover.forget();
        await anew();
    }
    return { kills, last: await mover.run(mode, given) };
}

function failureOf(run: MoverRun): string {
    return run.said
        .filter(({ state }) => state === "failed" || state === "wrong")
        .map(({ text }) => text)
        .join("\n");
}

async function mayWrite(database: string): Promise<boolean> {
    try {
        await source.ask(
            `${database}_before`,
            "INSERT INTO nothing (id) VALUES (-1); DELETE FROM nothing WHERE id = -1",
            before,
        );
        return true;
    } catch (error) {
        expect(String(error)).toContain("read-only transaction");
        return false;
    }
}

beforeAll(async () => {
    roots = await Promise.all([PostgresRoot.create(15), PostgresRoot.create(17)]);
    source = await PostgresServer.start(roots[0]!, buffers);
    target = await PostgresServer.start(roots[1]!, buffers);
    mover = await Mover.create(roots[1]!);
    for (const name of ["shop.sql", "objects.sql"]) {
        await roots[0]!.copy(join(projectRoot, "test/prove/fixtures", name), name);
    }
    await source.makeDatabase("plain", before);
    await source.psql("plain", [`--set=megabytes=${megabytes}`, "--file=/shop.sql"], before);
    if (megabytes < 1000) {
        await source.ask("postgres", `CREATE DATABASE whole TEMPLATE plain STRATEGY file_copy OWNER ${before.user}`);
        await source.psql("whole", ["--file=/objects.sql"], before);
    } else {
        // One copy of much is enough.
        await source.psql("plain", ["--file=/objects.sql"], before);
    }
}, 30 * 60_000);

afterAll(async () => {
    await source?.stop();
    await target?.stop();
    await Promise.all(roots.map((root) => root.remove()));
    if (process.env["MOVE_RECORD"] === "1") {
        const machine = {
            processors: cpus().length,
            memoryGiB: Math.round(totalmem() / 2 ** 30),
            node: process.version,
        };
        // What this run has not measured stays.
        const known = JSON.parse(await readFile(recordPath, "utf8").catch(() => "{}")) as object;
        const date = new Date().toISOString().slice(0, 10);
        const results = { ...known, benchmark: "move", date, machine, from: 15, to: 17, ...record };
        await writeFile(recordPath, `${JSON.stringify(results, null, 2)}\n`);
    }
});

beforeEach(() => mover.forget());

const whole = megabytes < 1000 ? "whole" : "plain";

describe("by dump", () => {
    let once: MoverRun;

    test("everything arrives, the source takes no writes any more, and the target has no trace of the move", async () => {
        await copyOfSource("one", whole);
        const known = await contents(source, "one_before");
        once = await mover.run("dump", environment("one"));
        expect(once.code, once.output).toBe(0);
        expect(await contents(target, "one")).toBe(known);
        expect(await mayWrite("one")).toBe(false);
        const result = await mover.result();
        expect(result).toMatchObject({ kind: "move", store: "database", result: "succeeded", tables: 8, sequences: 3 });
        record["dump"] = {
            bytes: await bytesOf("one_before"),
            seconds: Math.round(once.seconds),
            readOnlySeconds: result["readOnlySeconds"],
        };
        // Run again, it says the same and does nothing.
        const again = await mover.run("dump", environment("one"));
        expect(again.code, again.output).toBe(0);
        expect(again.said.map(({ phase }) => phase)).toEqual(["end"]);
        // Whoever wants to go back can, also when the volume with all that the mover knew has gone.
        await mover.forget();
        const back = await mover.run("back", environment("one"));
        expect(back.code, back.output).toBe(0);
        expect(await mayWrite("one")).toBe(true);
    });

    test("killed five times, it goes on where it was, and nothing comes twice", async () => {
        await copyOfSource("one", whole);
        const known = await contents(source, "one_before");
        const { kills, last } = await killedFiveTimes("dump", environment("one"), once.seconds, () =>
            copyOfSource("one", whole),
        );
        expect(last.code, last.output).toBe(0);
        expect(await contents(target, "one")).toBe(known);
        record["dumpKilled"] = {
            bytes: await bytesOf("one_before"),
            kills,
            readOnlySeconds: (await mover.result())["readOnlySeconds"],
        };
    });

    test.runIf(megabytes < 1000)("killed once in every phase, too", async () => {
        await copyOfSource("one", whole);
        const known = await contents(source, "one_before");
        for (const phase of ["read-only", "dump", "schema", "data", "indexes", "sequences", "analyze", "compare"]) {
            const run = await mover.run("dump", environment("one"), { when: (said) => said.phase === phase });
            expect(run.code, `${phase}: ${run.output}`).toBeNull();
            expect(await mayWrite("one")).toBe(false);
        }
        const last = await mover.run("dump", environment("one"));
        expect(last.code, last.output).toBe(0);
        expect(await contents(target, "one")).toBe(known);
    });
});

describe.runIf(megabytes < 1000)("what goes wrong", () => {
    test("stopped from outside, it says that the source is read-only still, and BACK undoes it", async () => {
        await copyOfSource("one", whole);
        const run = await mover.run("dump", environment("one"), {
            when: ({ phase }) => phase === "data",
            signal: "SIGTERM",
        });
        expect(run.code).toBe(143);
        expect(failureOf(run)).toContain("THE SOURCE STAYS READ-ONLY");
        expect(await mayWrite("one")).toBe(false);
        const back = await mover.run("back", environment("one"));
        expect(back.code, back.output).toBe(0);
        expect(await mayWrite("one")).toBe(true);
    });

    test("a move that fails leaves the source as it was, and the next one begins with a dump of its own", async () => {
        await copyOfSource("one", whole);
        await target.ask(
            "one",
            "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no index today'; END$$; CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION refuse()",
        );
        const run = await mover.run("dump", environment("one"));
        expect(run.code).toBe(1);
        expect(failureOf(run)).toContain("no index today");
        expect(failureOf(run)).toContain("The source takes writes again, as before.");
        expect(await mayWrite("one")).toBe(true);
        await target.ask("one", "DROP EVENT TRIGGER refuse; DROP FUNCTION refuse()");
        await source.ask(
            "one_before",
            "INSERT INTO customer (email, name) VALUES ('later@example.org', 'later')",
            before,
        );
        const known = await contents(source, "one_before");
        const next = await mover.run("dump", environment("one"));
        expect(next.code, next.output).toBe(0);
        expect(await contents(target, "one")).toBe(known);
    });

    test("a target that is not empty is left alone until its name is typed", async () => {
        await copyOfSource("one", whole);
        await target.ask(
            "one",
            "CREATE TABLE precious (id int); CREATE TABLE customer (id int); CREATE TYPE state AS ENUM ('old')",
            after,
        );
        const refused = await mover.run("dump", environment("one"));
        expect(refused.code).toBe(1);
        expect(failureOf(refused)).toContain(
            "The target one is not empty: 2 tables and views: public.customer, public.precious",
        );
        expect(failureOf(refused)).toContain("CONFIRM=one");
        expect(await mayWrite("one")).toBe(true);
        const known = await contents(source, "one_before");
        const run = await mover.run("dump", environment("one", { MOVE_CONFIRM: "one" }));
        expect(run.code, run.output).toBe(0);
        expect(await contents(target, "one")).toBe(known);
    });

    test("rows that were written meanwhile are noticed", async () => {
        await copyOfSource("one", whole);
        let write = true;
        const writing = (async () => {
            for (let id = 1; write; id++) {
                await source.ask(
                    "one_before",
                    `INSERT INTO "Back office"."Notes of ""quotes"" and 'others'" VALUES (${1000 + id}, 'x')`,
                    before,
                );
            }
        })();
        const run = await mover.run("dump", environment("one", { MOVE_READ_ONLY: "nothing" }));
        write = false;
        await writing;
        expect(run.code).toBe(1);
        expect(failureOf(run)).toMatch(/"Notes of ""quotes"" and 'others'" has \d+ instead of \d+/);
    });

    test("a changed row, a missing table and a sequence that stands elsewhere are named", async () => {
        await copyOfSource("one", whole);
        const tampering = { when: ({ phase }: { phase: string }) => phase === "analyze" };
        expect((await mover.run("dump", environment("one"), tampering)).code).toBeNull();
        await target.ask(
            "one",
            "UPDATE document SET content = '\\x00' WHERE id = md5('5')::uuid; DROP TABLE nothing; ALTER SEQUENCE never_used RESTART 5",
        );
        const run = await mover.run("dump", environment("one"));
        expect(run.code).toBe(1);
        expect(failureOf(run)).toMatch(/public\.document has other values than the source/);
        expect(failureOf(run)).toContain("public.nothing is missing in the target");
    });

    test("what the checks find is named before anything is changed", async () => {
        await copyOfSource("one", whole);
        await source.ask("one_before", "CREATE TABLE secret (id int); REVOKE ALL ON secret FROM public");
        await source.ask("one_before", "ALTER DATABASE one_before SET default_transaction_read_only = off");
        await target.ask(
            "one",
            "REVOKE CREATE ON DATABASE one FROM public, shop; ALTER DATABASE one OWNER TO administrator",
        );
        const run = await mover.run("dump", environment("one"));
        expect(run.code).toBe(1);
        const wrong = failureOf(run);
        expect(wrong).toContain("The role shop_before may not read in the source: public.secret");
        expect(wrong).toContain("The role shop may make no schemas in the target");
        expect(wrong).toContain(
            "The role shop may not make the extension citext. As the target's administrator: CREATE EXTENSION citext",
        );
        expect(wrong).toContain("default_transaction_read_only set already");
        expect(wrong).toContain("nothing has been changed");
        expect(await mayWrite("one")).toBe(true);
        expect(await target.ask("one", "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'django%'")).toBe("0");
    });

    test("neither a password nor a row is in what is said, in arguments, or in what is left", async () => {
        await copyOfSource("one", whole);
        const secrets = [before.password, after.password, "Customer 7 of"];
        let looks = 0;
        let looking = true;
        const watch = (async () => {
            while (looking) {
                const { readdir } = await import("node:fs/promises");
                for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
                    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
                    looks += line.includes("service=target") ? 1 : 0;
                    expect(secrets.filter((secret) => line.includes(secret))).toEqual([]);
                }
                await sleep(20);
            }
        })();
        const run = await mover.run("dump", environment("one"));
        looking = false;
        await watch;
        expect(run.code, run.output).toBe(0);
        expect(looks).toBeGreaterThan(0);
        expect(secrets.filter((secret) => run.output.includes(secret))).toEqual([]);
        expect(JSON.stringify(await mover.result())).not.toContain(before.password);
    });
});

describe("by replication", () => {
    /** Orders one after the other for as long as the source takes them; then the app would go on at the target. */
    class Shop {
        private on = true;
        written = 0;
        /** Milliseconds since the last order that was taken. */
        last = performance.now();
        private readonly done: Promise<void>;

        constructor(database: string) {
            this.done = (async () => {
                while (this.on) {
                    try {
                        await source.ask(
                            `${database}_before`,
                            `INSERT INTO purchase (customer_id, state, total, placed, details) VALUES (1, 'new', 4711, now(), '{"n": ${this.written}}');
                             UPDATE customer SET weight = coalesce(weight, 0) + 1 WHERE id = 2; DELETE FROM event WHERE id = ${this.written + 1}`,
                            before,
                        );
                        this.written++;
                        this.last = performance.now();
                    } catch (error) {
                        // Ended sessions, then no writes.
                        if (String(error).includes("read-only")) {
                            return;
                        }
                    }
                }
            })();
        }

        async stop(): Promise<void> {
            this.on = false;
            await this.done;
        }
    }

    test("killed five times, it follows a source that goes on; the cut-over loses nothing", async () => {
        await copyOfSource("two", "plain");
        if (megabytes >= 1000) {
            await source.ask("two_before", "SELECT lo_unlink(oid) FROM pg_largeobject_metadata; DROP TABLE session");
        }
        const given = environment("two", {}, "administrator");
        const shop = new Shop("two");
        const begun = performance.now();
        const { kills, last } = await killedFiveTimes("replicate", given, megabytes < 1000 ? 14 : 60, async () => {
            const back = await mover.run("back", given);
            expect(back.code, back.output).toBe(0);
            await mover.forget();
            await target.dropDatabase("two");
            await target.makeDatabase("two", after);
        });
        expect(last.code, last.output).toBe(0);
        const following = (performance.now() - begun) / 1000;
        expect(shop.written).toBeGreaterThan(0);
        let ready = 0;
        const cutover = await mover.run("cutover", given, {
            when: ({ phase, state }) => {
                ready = phase === "cutover" && state === "done" ? performance.now() : ready;
                return false;
            },
        });
        await shop.stop();
        expect(cutover.code, cutover.output).toBe(0);
        expect(Number(await target.ask("two", "SELECT count(*) FROM purchase WHERE total = 4711"))).toBe(shop.written);
        // The target's is of the moment of the move; the source's of when somebody refreshed it.
        await source.psql("two_before", [
            "--command=SET default_transaction_read_only = off",
            '--command=REFRESH MATERIALIZED VIEW "Back office".totals',
        ]);
        expect(await contents(target, "two")).toBe(await contents(source, "two_before"));
        const readOnlySeconds = (ready - shop.last) / 1000;
        expect(readOnlySeconds).toBeLessThan(60);
        for (const [server, database] of [
            [source, "two_before"],
            [target, "two"],
        ] as const) {
            expect(
                await server.ask(
                    database,
                    "SELECT (SELECT count(*) FROM pg_replication_slots) + (SELECT count(*) FROM pg_publication) + (SELECT count(*) FROM pg_subscription)",
                ),
            ).toBe("0");
        }
        record["replication"] = {
            bytes: await bytesOf("two_before"),
            kills,
            secondsUntilItFollows: Math.round(following),
            ordersMeanwhile: shop.written,
            readOnlySeconds: Number(readOnlySeconds.toFixed(1)),
            secondsOfCutOverWithComparison: Math.round(cutover.seconds),
        };
    });

    test.runIf(megabytes < 1000)("what cannot be followed is named first", async () => {
        await copyOfSource("two", "whole");
        await source.ask("two_before", "CREATE TABLE keyless (id int)");
        const run = await mover.run("replicate", environment("two", {}, "administrator"));
        expect(run.code).toBe(1);
        const wrong = failureOf(run);
        expect(wrong).toContain(
            "Tables without a primary key cannot be followed when rows of theirs change: public.keyless",
        );
        expect(wrong).toContain("Unlogged tables are not replicated: public.session");
        expect(wrong).toContain("Large objects are not replicated, and the source has 2");
    });

    test.runIf(megabytes < 1000)("a migration in between is noticed before the source is read-only", async () => {
        await copyOfSource("two", "plain");
        const given = environment("two", {}, "administrator");
        expect((await mover.run("replicate", given)).code).toBe(0);
        await source.ask("two_before", "ALTER TABLE customer ADD COLUMN phone text");
        const run = await mover.run("cutover", given);
        expect(run.code).toBe(1);
        expect(failureOf(run)).toContain("The source's tables were changed since the target follows it");
        expect(await mayWrite("two")).toBe(true);
        const back = await mover.run("back", given);
        expect(back.code, back.output).toBe(0);
        expect(await source.ask("two_before", "SELECT count(*) FROM pg_replication_slots")).toBe("0");
        expect(await target.ask("two", "SELECT count(*) FROM pg_subscription")).toBe("0");
    });
});
