// When backups.sh removes old backups, and which it tells pgBackRest to keep. pgBackRest and the server are stand-ins here: that the
// scripts work with the real ones is in backup-scripts.test.ts, that pgBackRest keeps what it is told is its own.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";

const script = join(projectRoot, "components/backups/pgbackrest/scripts/backups.sh");
const day = 86_400;

let directory: string;
let socket: Server;

const own = (...names: readonly string[]): string => join(directory, ...names);

/** A backup that ended so many days ago. */
interface Backup {
    readonly daysAgo: number;
    readonly type?: "full" | "incr";
    readonly error?: boolean;
}

/** As `pgbackrest info --output=json` prints it. */
function info(backups: readonly Backup[]): string {
    const now = Math.floor(Date.now() / 1000);
    const backup = backups.map(({ daysAgo, type = "full", error = false }, index) => ({
        archive: { start: "000000010000000000000002", stop: "000000010000000000000003" },
        backrest: { format: 5, version: "2.58.0" },
        database: { id: 1, "repo-key": 1 },
        error,
        info: { delta: 1, repository: { delta: 1 }, size: 1 },
        label: `20260101-${String(index).padStart(6, "0")}F`,
        prior: null,
        reference: null,
        timestamp: { start: now - daysAgo * day, stop: now - daysAgo * day },
        type,
    }));
    return JSON.stringify([{ archive: [], backup, name: "main", status: { code: 0, message: "ok" } }]);
}

/** @returns what pgBackRest was asked for, and what is said of the backups then */
async function run(
    before: readonly Backup[],
    { after = before, code = 0 }: { readonly after?: readonly Backup[]; readonly code?: number } = {},
): Promise<{ readonly asked: string[]; readonly state: Readonly<Record<string, unknown>> }> {
    await writeFile(own("info.json"), info(before));
    await writeFile(own("after.json"), info(after));
    await writeFile(
        own("bin/pgbackrest"),
        `#!/bin/sh
case "$*" in
*info) cat "${own("info.json")}" ;;
*) echo "$*" >>"${own("asked")}" ;;
esac
case "$*" in
*backup) [ ${code} -ne 0 ] || cp "${own("after.json")}" "${own("info.json")}"; exit ${code} ;;
esac
`,
        { mode: 0o755 },
    );
    await writeFile(own("asked"), "");
    const child = spawn("bash", [script], {
        env: {
            PATH: `${own("bin")}:${process.env["PATH"] ?? ""}`,
            TMPDIR: directory,
            TZ: "UTC",
            PGDATA: own("pgdata"),
            STANZA: "main",
            STORE: "database",
            HANDOVER: own("archive"),
            SOCKET_DIRECTORY: own("run"),
            FOLDER: "shop",
            AT: "00:00",
            FULL_EVERY_DAYS: "7",
            KEEP_DAYS: "30",
            KEEP_AT_LEAST: "3",
            CHECK_SECONDS: "1",
        },
        stdio: "ignore",
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    // From the first look at two more.
    for (let tries = 0; tries < 100 && !existsSync(own("archive/backups.json")); tries++) {
        await sleep(100);
    }
    await sleep(2200);
    child.kill("SIGTERM");
    await ended;
    return {
        asked: (await readFile(own("asked"), "utf8")).split("\n").filter((line) => line !== ""),
        state: JSON.parse(await readFile(own("archive/backups.json"), "utf8")) as Readonly<Record<string, unknown>>,
    };
}

const ago = (...days: readonly number[]): Backup[] => days.map((daysAgo) => ({ daysAgo }));
const full = "--stanza=main --type=full backup";

beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "retention-"));
    await Promise.all(["bin", "run", "archive"].map((name) => mkdir(own(name))));
    socket = createServer().listen(own("run/.s.PGSQL.5432"));
});

afterEach(async () => {
    socket.close();
    await rm(directory, { recursive: true, force: true });
});

test("after a backup those go by age that are older than the days", async () => {
    const before = ago(50, 40, 20, 10);
    const { asked } = await run(before, { after: [...before, ...ago(0)] });
    expect(asked).toEqual([full, "--stanza=main --repo1-retention-full-type=time --repo1-retention-full=30 expire"]);
});

test("where few are young, for backups failed for long, the last ones stay by their number", async () => {
    const before = ago(90, 80, 70);
    const { asked } = await run(before, { after: [...before, ...ago(0)] });
    expect(asked).toEqual([full, "--stanza=main --repo1-retention-full-type=count --repo1-retention-full=3 expire"]);
});

test("a broken backup and an incremental one are not among the good full ones", async () => {
    const before: Backup[] = [...ago(90, 80), { daysAgo: 9, error: true }, { daysAgo: 8, type: "incr" }];
    const { asked, state } = await run(before, { after: [...before, ...ago(0)] });
    expect(asked.at(-1)).toContain("--repo1-retention-full-type=count --repo1-retention-full=3 expire");
    expect(state["count"]).toBe(4);
});

test("a backup that fails removes nothing, however old the others are, and what is wrong is said", async () => {
    const { asked, state } = await run(ago(90, 80, 70, 60, 50), { code: 1 });
    expect(asked).toEqual([full]);
    expect(state).toMatchObject({ count: 5, error: expect.stringMatching(/^the backup that began at \S+ failed/) });
});

test("where none is due nothing is made and nothing removed", async () => {
    const { asked } = await run([...ago(90, 80), { daysAgo: 0, type: "full" }]);
    expect(asked).toEqual([]);
});

test("between two full ones only what changed is copied", async () => {
    const before = ago(16, 9, 2);
    const { asked } = await run(before, { after: [...before, { daysAgo: 0, type: "incr" }] });
    expect(asked[0]).toBe("--stanza=main --type=incr backup");
});
