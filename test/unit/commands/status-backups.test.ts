// What `make status` says of backups, for states of the world that are made up. Not proved: that the cluster is read right
// (test/prove/drill.test.ts).
import { describe, expect, test } from "vitest";
import { judgeBackups, type FilesState, type FoundBackups } from "../../../commands/status/backups.ts";
import { backupsTable } from "../../../commands/status/backups-table.ts";
import { stateIn } from "../../../commands/status/cluster.ts";
import { configFor } from "../../../commands/status/connection.ts";
import type { BackupPromise } from "../../../lib/backup-promise.ts";
import type { DataOperation } from "../../../lib/data-operations.ts";

const now = new Date("2026-12-01T12:00:00Z");
const seconds = (hoursAgo: number): number => now.getTime() / 1000 - hoursAgo * 3600;
const time = (hoursAgo: number): string => new Date(seconds(hoursAgo) * 1000).toISOString();

const promise: BackupPromise = {
    by: ["files"],
    to: "s3.example.org/acme-backups/shop/production/database",
    at: "02:17",
    recoveryPoint: 5,
    days: 30,
    drill: { every: 7, maxAge: 8 },
};

const good: FilesState = {
    backups: { count: 4, lastLabel: "20261201-021700F", lastStop: seconds(9), error: "" },
    archive: { waiting: 0, oldestSeconds: null, error: "", volumeBytes: 10e9, freeBytes: 5e9 },
};

function operation(kind: DataOperation["kind"], hoursAgo: number, more: Partial<DataOperation> = {}): DataOperation {
    const what = "12 tables.";
    return {
        kind,
        store: "database",
        started: time(hoursAgo),
        ended: time(hoursAgo),
        result: "succeeded",
        what,
        ...more,
    };
}

function found(more: Partial<FoundBackups> = {}): FoundBackups {
    return {
        promises: { database: promise },
        files: { database: good },
        operations: [operation("drill", 30)],
        since: new Date(seconds(24 * 90) * 1000),
        ...more,
    };
}

describe("backups of a server's files", () => {
    test("that are as promised are told with their ages", () => {
        const { stores, broken } = judgeBackups(found(), now);
        expect(broken).toEqual([]);
        expect(stores).toEqual([
            {
                store: "database",
                backup: "9 h ago, 20261201-021700F",
                archive: "nothing waits",
                drill: "30 h ago, succeeded",
                promised: "36 h, 5 min, drill 8 d",
            },
        ]);
    });

    test.each<[string, Partial<FoundBackups>, string]>([
        [
            "too old",
            {
                files: {
                    database: { ...good, backups: { ...good.backups!, lastStop: seconds(37), error: "no bucket" } },
                },
            },
            "database: the last good one, 20261201-021700F, is 37 h ago; one is made each day, and 36 h are promised. What it last said: no bucket",
        ],
        [
            "missing",
            { files: { database: { ...good, backups: { ...good.backups!, lastStop: null } } } },
            "database: there is no good backup.",
        ],
        [
            "not known",
            { files: { database: { unknown: "its pod is not there" } } },
            "database: its last backup is not known: its pod is not there",
        ],
        [
            "behind in the archive",
            {
                files: {
                    database: { ...good, archive: { ...good.archive!, waiting: 3, oldestSeconds: 700, error: "403" } },
                },
            },
            "database: changes of 12 min are not in the bucket, and 5 min are promised: 403",
        ],
        [
            "on a volume that fills",
            { files: { database: { ...good, archive: { ...good.archive!, freeBytes: 5e8 } } } },
            "database: its volume has 5 % of its room left",
        ],
        ["never drilled", { operations: [] }, "database: there was no drill, and none older than 8 days is promised."],
        [
            "drilled too long ago",
            { operations: [operation("drill", 24 * 9)] },
            "database: the last drill was 9 d ago, and none older than 8 days is promised.",
        ],
        [
            "drilled in vain",
            {
                operations: [
                    operation("drill", 30),
                    operation("drill", 1, { result: "failed", what: "The passphrase does not open it." }),
                ],
            },
            "database: the last drill failed. The passphrase does not open it.",
        ],
    ])("that are %s are told", (_, more, sentence) => {
        expect(judgeBackups(found(more), now).broken).toEqual([sentence]);
    });

    test("a segment that waits no longer than promised is none too many", () => {
        const archive = { ...good.archive!, waiting: 1, oldestSeconds: 350 };
        const { broken, stores } = judgeBackups(found({ files: { database: { ...good, archive } } }), now);
        expect([broken, stores[0]!.archive]).toEqual([[], "1 wait, 6 min"]);
    });

    test("of an environment that has just been made are not missing yet", () => {
        const files = { database: { ...good, backups: { ...good.backups!, lastStop: null } } };
        const { broken, stores } = judgeBackups(found({ since: now, files, operations: [] }), now);
        expect([broken, stores[0]!.backup, stores[0]!.drill]).toEqual([[], "no backup yet", "none yet"]);
    });
});

describe("dumps", () => {
    const dumps = { promises: { database: { ...promise, by: ["dump"] as const } }, files: {} };

    test("are as old as the moment whose data they have", () => {
        const operations = [operation("drill", 30), operation("dump", 8, { dataAsOf: time(10) })];
        const { broken, stores } = judgeBackups(found({ ...dumps, operations }), now);
        expect([broken, stores[0]!.backup, stores[0]!.archive]).toEqual([[], "10 h ago, dump", ""]);
    });

    test("that fail are told with what they said", () => {
        const failed = operation("dump", 1, { result: "failed", what: "The bucket is full." });
        const operations = [operation("drill", 30), operation("dump", 40), failed];
        expect(judgeBackups(found({ ...dumps, operations }), now).broken).toEqual([
            "database: the last good one, dump, is 40 h ago; one is made each day, and 36 h are promised. What it last said: The bucket is full.",
        ]);
    });

    test("of another store are no dumps of this one", () => {
        const operations = [operation("drill", 30), operation("dump", 1, { store: "blog-database" })];
        expect(judgeBackups(found({ ...dumps, operations }), now).broken).toEqual(["database: there is no good dump."]);
    });
});

test("without a promise nothing is wrong, and what was done is told", () => {
    const judged = judgeBackups(found({ promises: {}, files: {} }), now);
    expect(judged.broken).toEqual([]);
    expect(backupsTable(judged, 100)).toBe(
        "\nWhat was done with data last:\n  2026-11-30 06:00  drill    succeeded           database: 12 tables.",
    );
});

test("the table has what is wrong and what was done, within the terminal's width", () => {
    const what =
        "The restored database shop has no row in 12 tables. Fix: see whether it is the one that the apps use.";
    const operations = [operation("drill", 1, { result: "failed", started: time(2), what })];
    const text = backupsTable(judgeBackups(found({ operations }), now), 100);
    expect(text).toContain("Not as promised:\n  - database: the last drill failed. The restored database");
    expect(text).toMatch(/ {2}2026-12-01 11:00 {2}drill {4}failed {6}60 min {2}database: The restored/);
    expect(text).toMatch(
        / {2}2026-12-01 03:00 {2}backup {3}succeeded {11}database: Backup 20261201-021700F; 4 are kept\./,
    );
    expect(
        Math.max(
            ...text
                .split("\n")
                .slice(4)
                .map((line) => line.length),
        ),
    ).toBeLessThanOrEqual(100);
});

test("what a pod has noted is read line by line, and what it has not is left out", () => {
    expect(stateIn('backups {"count":1}\narchive \n')).toEqual({ backups: { count: 1 } });
});

describe("the cluster of a stack's outputs", () => {
    const kubeconfig = JSON.stringify({
        clusters: [{ name: "c", cluster: { server: "https://203.0.113.1" } }],
        users: [{ name: "u", user: {} }],
        contexts: [{ name: "shop", context: { cluster: "c", user: "u" } }],
    });

    test("is the one of its context", () => {
        expect(configFor({ kubeconfig, context: "shop" }).getCurrentCluster()?.server).toBe("https://203.0.113.1");
    });

    test("with another context names those that there are", () => {
        expect(() => configFor({ kubeconfig, context: "blog" })).toThrow(
            'The kubeconfig has no context "blog". Allowed: shop.',
        );
    });
});
