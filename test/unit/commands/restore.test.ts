// What `make restore` asks, refuses and does, in order. Not proved: the pod that restores (test/prove/backups.test.ts).
import { describe, expect, test } from "vitest";
import { backedUpIn, oneOf } from "../../../commands/restore/found.ts";
import { momentWithin, type BackupState } from "../../../commands/restore/reach.ts";
import { restoreTo, type RestoreWanted } from "../../../commands/restore/restore.ts";

const first = Date.parse("2026-12-01T02:20:00Z");
const now = Date.parse("2026-12-01T10:00:00Z");
const state: BackupState = {
    count: 2,
    firstStop: first / 1000,
    lastStop: first / 1000 + 60,
    stanza: "main",
    error: "",
};

describe("a moment", () => {
    test("is now where none is given, and is said as the settings take it", () => {
        expect(momentWithin(undefined, state, now)).toEqual({ at: "2026-12-01T10:00:00Z", milliseconds: now });
        expect(momentWithin("2026-12-01T10:30:00+01:00", state, now).milliseconds).toBe(now - 1_800_000);
    });

    test.each([
        [
            "before the first backup",
            "2026-12-01T02:19:59Z",
            "Allowed: from 2026-12-01T02:20:00Z, the end of the first backup, to 2026-12-01T10:00:00Z.",
        ],
        ["in the future", "2026-12-01T10:00:01Z", "to 2026-12-01T10:00:00Z."],
        [
            "without a zone",
            "2026-12-01T09:00:00",
            "Allowed: a moment as 2026-12-01T02:20:00Z, with Z or a distance from it such as +01:00.",
        ],
        ["on no day", "2026-13-01T09:00:00Z", "AT is 2026-13-01T09:00:00Z."],
    ])("%s is refused", (_, at, message) => {
        expect(() => momentWithin(at, state, now)).toThrow(message);
    });

    test("is refused where there is no backup, with what is wrong", () => {
        const none = { ...state, count: 0, firstStop: null, error: "AccessDenied" };
        expect(() => momentWithin(undefined, none, now)).toThrow(
            "There is no good backup to restore from: AccessDenied.",
        );
    });
});

async function restored(wanted: RestoreWanted, { code = 0, of = state } = {}) {
    const done: string[] = [];
    const exit = await restoreTo(wanted, {
        server: {
            state: async () => of,
            archiveAll: async () => (done.push("archive"), now),
            follow: async () => (done.push("follow"), { done: Promise.resolve(7), stop: () => done.push("stop") }),
        },
        pulumi: async (args) => (done.push(args.join(" ")), args[0] === "up" ? code : 0),
        say: (line) => done.push(line),
    });
    return { exit, done };
}

describe("a restore", () => {
    test("archives, says the moment, sets it, follows the new pod, and tells the way back", async () => {
        const { exit, done } = await restored({ store: "database", at: "2026-12-01T09:00:00Z" });
        expect(exit).toBe(0);
        expect(done).toEqual([
            "archive",
            "database will be as it was at 2026-12-01T09:00:00Z. Its data of now stays on the volume, which needs room for both.",
            "config set --path database.restore.at 2026-12-01T09:00:00Z",
            "follow",
            "up --yes --skip-preview",
            "database serves the data of 2026-12-01T09:00:00Z: 7 tables.",
            "Back to the data before: pulumi config rm --path 'database.restore', then pulumi up. To remove it: make restore CONFIRM=database.",
        ]);
    });

    test("that is not brought up ends with the engine's code, and tells the way back", async () => {
        const { exit, done } = await restored({ store: "database" }, { code: 255 });
        expect(exit).toBe(255);
        expect(done.slice(-2)).toEqual([
            "stop",
            "Not brought up. Back to the data of now: pulumi config rm --path 'database.restore', then pulumi up.",
        ]);
    });

    test("removes the data before once its name is typed, and never the only data", async () => {
        const of = { ...state, stanza: "restored-2026" };
        const { done } = await restored({ store: "database", confirm: "database" }, { of });
        expect(done).toContain("config set --path database.restore.original removed");
        await expect(restored({ store: "database", confirm: "yes" }, { of })).rejects.toThrow(
            "CONFIRM is yes. Allowed: database",
        );
        await expect(restored({ store: "database", confirm: "database" })).rejects.toThrow("Nothing to remove.");
    });

    test("of an app's own database is set by hand", async () => {
        await expect(restored({ store: "blog-database" })).rejects.toThrow("set restore.at beside its backups");
    });
});

describe("the databases of a stack", () => {
    const provider = "urn:pulumi:s::p::pulumi:providers:kubernetes::k";
    const statefulSet = (name: string, beside: string[]) => ({
        urn: `urn:pulumi:s::p::kubernetes:apps/v1:StatefulSet::${name}`,
        type: "kubernetes:apps/v1:StatefulSet",
        provider: `${provider}::id`,
        inputs: {
            metadata: { name, namespace: "shop-s" },
            spec: { template: { spec: { initContainers: beside.map((one) => ({ name: one })) } } },
        },
    });
    const resources = [
        { urn: provider, id: "id", type: "pulumi:providers:kubernetes", inputs: { context: "mine" } },
        statefulSet("database", ["restore", "archiver", "backups"]),
        statefulSet("broker", []),
    ];

    test("are those that something archives", () => {
        expect(backedUpIn(resources)).toEqual([
            { name: "database", namespace: "shop-s", connection: { context: "mine" } },
        ]);
    });

    test("are named where one has to be chosen, and where there is none the fix is", () => {
        const [one] = backedUpIn(resources);
        expect(oneOf([one!], "s")).toBe(one);
        expect(() => oneOf([one!, { ...one!, name: "blog-database" }], "s")).toThrow(
            "STORE is not set. Allowed for the stack s: database, blog-database.",
        );
        expect(() => oneOf([], "s")).toThrow("Fix: set database.backups in Pulumi.s.yaml, and bring it up.");
    });
});
