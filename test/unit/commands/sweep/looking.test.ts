// What a sweep reads of a folder, a server and a forge, and what it prints at its end.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import type { Forge } from "../../../../commands/forge/contract.ts";
import { found } from "../../../../commands/sweep/cluster.ts";
import { jobWith, readAnswer } from "../../../../commands/sweep/databases.ts";
import { environmentOf, stackFiles } from "../../../../commands/sweep/files.ts";
import { askedOf } from "../../../../commands/sweep/observe.ts";
import { isLeft, reportText } from "../../../../commands/sweep/report.ts";
import type { Outcome, Report } from "../../../../commands/sweep/sweep.ts";
import { foundVolume } from "../../../../commands/sweep/volumes.ts";
import { ageText, wrapped } from "../../../../commands/sweep/words.ts";

describe("files of stacks", () => {
    let folder: string;
    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "files-"));
    });
    afterEach(async () => {
        await rm(folder, { recursive: true });
    });

    const of = (kind: string, more = ""): string => `config:\n  shop:environment:\n    kind: ${kind}\n${more}`;

    it("say their kind and pull request, and whether somebody committed them", async () => {
        await promisify(execFile)("git", ["init", "--quiet"], { cwd: folder });
        await writeFile(join(folder, "Pulumi.pr-7.yaml"), of("ephemeral"));
        await writeFile(join(folder, "Pulumi.fix-login.yaml"), of("ephemeral", "    pullRequest: { number: 8 }\n"));
        await writeFile(join(folder, "Pulumi.staging.yaml"), of("staging"));
        await promisify(execFile)("git", ["add", "Pulumi.staging.yaml"], { cwd: folder });
        const path = (stack: string): string => join(folder, `Pulumi.${stack}.yaml`);
        expect(await stackFiles(folder, "shop")).toEqual([
            { stack: "fix-login", path: path("fix-login"), kind: "ephemeral", pullRequest: 8, tracked: false },
            { stack: "pr-7", path: path("pr-7"), kind: "ephemeral", pullRequest: 7, tracked: false },
            { stack: "staging", path: path("staging"), kind: "staging", tracked: true },
        ]);
    });

    test.each([["{"], [""], ["config: 1"], ["config:\n  shop:environment: text\n"]])(
        "are nobody's when they say %j",
        (text) => {
            expect(environmentOf(text, "shop")).toEqual({});
        },
    );
});

describe("a server's answer", () => {
    const comment = "django-on-kubernetes namespace=shop-pr-1 service=database";
    const answer = (databases: readonly object[]): string =>
        `waiting\n${JSON.stringify({ databases, roles: ["shop_shop_pr_9"] })}\n`;

    it("is the databases that have an environment's comment", () => {
        const { databases, roles } = readAnswer(
            answer([
                { database: "a", role: "b", comment, bytes: 5 },
                { database: "c", role: "d", comment: `${comment} gone-since=1764633600`, bytes: null },
                { database: "e", role: "f", comment: "django-on-kubernetes by hand", bytes: 5 },
            ]),
        );
        expect(databases).toEqual([
            { database: "a", role: "b", comment, namespace: "shop-pr-1", bytes: 5 },
            {
                database: "c",
                role: "d",
                comment: `${comment} gone-since=1764633600`,
                namespace: "shop-pr-1",
                goneSince: new Date("2025-12-02T00:00:00Z"),
            },
        ]);
        expect(roles).toEqual(["shop_shop_pr_9"]);
        expect(() => readAnswer("psql: error")).toThrow("said nothing that can be read");
    });

    it("is asked for in the CronJob's own pod, with another command behind what waits for the server", () => {
        const container = {
            name: "psql",
            command: ["sh", "-c", 'until pg_isready; do sleep 1; done; exec "$@"', "psql", "bash", "/scripts/sweep.sh"],
            env: [{ name: "PGHOST", value: "database" }],
        };
        const job = { spec: { template: { spec: { containers: [container] } } } };
        const made = jobWith(job, ["psql", "--command=SELECT"], { DATABASE: "a" }).spec!;
        const [psql] = made.template.spec!.containers;
        expect(psql!.command!.slice(3)).toEqual(["psql", "psql", "--command=SELECT"]);
        expect(psql!.env).toEqual([
            { name: "PGHOST", value: "database" },
            { name: "DATABASE", value: "a" },
        ]);
        expect(made.ttlSecondsAfterFinished).toBe(600);
    });
});

test("a namespace says what its labels and annotations do", () => {
    const metadata = {
        name: "shop-pr-1",
        creationTimestamp: new Date("2026-12-01T00:00:00Z"),
        labels: {
            "django-on-kubernetes/pull-request": "1",
            "django-on-kubernetes/ttl": "72h",
            "django-on-kubernetes/keep": "true",
        },
        annotations: {
            "django-on-kubernetes/last-push": "2026-12-01T10:00:00Z",
            "django-on-kubernetes/pull-request-url": "https://forge.example/1",
        },
    };
    expect(found({ metadata })).toEqual({
        name: "shop-pr-1",
        created: new Date("2026-12-01T00:00:00Z"),
        kept: true,
        pullRequest: { number: 1, url: "https://forge.example/1" },
        timeToLive: "72h",
        lastPush: new Date("2026-12-01T10:00:00Z"),
    });
    expect(found({ metadata: { name: "x", labels: { "django-on-kubernetes/pull-request": "-1" } } })).toEqual({
        name: "x",
        created: new Date(0),
        kept: false,
    });
});

describe("a persistent volume", () => {
    const claimRef = { namespace: "shop-pr-1", name: "data" };
    const volume = { metadata: { name: "pvc-1", creationTimestamp: new Date("2026-12-01T00:00:00Z") } };

    it("is found when it has lost its claim, with its disk and its driver's last words", () => {
        const spec = {
            claimRef,
            capacity: { storage: "1Gi" },
            persistentVolumeReclaimPolicy: "Delete",
            csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-1" },
        };
        const status = {
            phase: "Failed",
            message: "in use",
            lastPhaseTransitionTime: new Date("2026-12-02T00:00:00Z"),
        };
        expect(foundVolume({ ...volume, spec, status })).toEqual({
            name: "pvc-1",
            namespace: "shop-pr-1",
            created: new Date("2026-12-01T00:00:00Z"),
            released: new Date("2026-12-02T00:00:00Z"),
            storage: "1Gi",
            disk: "vol-1",
            retained: false,
            message: "in use",
        });
    });

    it("is nobody's business while it is bound, or before it ever was", () => {
        expect(foundVolume({ ...volume, spec: { claimRef }, status: { phase: "Bound" } })).toBeUndefined();
        expect(foundVolume({ ...volume, spec: {}, status: { phase: "Available" } })).toBeUndefined();
    });
});

describe("pull requests", () => {
    const pull = (number: number) => ({
        number,
        branch: "b",
        head: "0".repeat(40),
        fork: false,
        labels: ["keep-environment"],
        url: `https://forge.example/${number}`,
        updatedAt: new Date(0),
    });
    const forge: Forge = {
        openPullRequests: () => Promise.resolve([pull(1)]),
        pullRequest: (number) => Promise.resolve(number === 2 ? { ...pull(2), open: false } : undefined),
        comment: () => Promise.reject(new Error("nobody comments")),
    };

    it("that are not open are asked for one by one: what the forge does not know is not closed", async () => {
        const states = await askedOf({ forge }, [1, 2, 3]);
        expect([...states.values()].map(({ state }) => state)).toEqual(["open", "closed", "unknown"]);
        expect(states.get(1)).toMatchObject({ labels: ["keep-environment"] });
    });

    it("that a list does not have are closed", async () => {
        expect([...(await askedOf({ list: forge }, [1, 3])).values()].map(({ state }) => state)).toEqual([
            "open",
            "closed",
        ]);
    });

    it("are not known without a forge, and a forge that does not answer ends the sweep", async () => {
        expect((await askedOf({ nobody: true }, [1])).size).toBe(0);
        const silent = { ...forge, openPullRequests: () => Promise.reject(new Error("401")) };
        await expect(askedOf({ forge: silent }, [1])).rejects.toThrow("401");
    });
});

describe("the report", () => {
    const report = (outcome: Outcome, dry = false): Report => ({
        found: [
            {
                kind: "stack",
                name: "pr-1",
                age: 3 * 86_400_000,
                costPerDay: 1.25,
                holds: "bucket",
                verdict: "due",
                why: "pull request 1 is closed",
                commands: ["make destroy STACK=pr-1"],
                outcome,
                done: ["unlocked\u001b[31m"],
            },
        ],
        inUse: ["pr-2"],
        unseen: ["The cluster a does not answer."],
        dry,
    });

    it("tells each leftover, the sum, what was not seen and the commands", () => {
        const text = reportText(report("failed"), 120);
        expect(text).toMatch(/stack pr-1 +│ 3 d +│ 1\.25 +│ bucket +│ not removed +│ pull request 1 is closed/);
        expect(text).toContain("stack pr-1:\n    make destroy STACK=pr-1");
        expect(text).toContain("The cluster a does not answer.");
        expect(text).toContain("1 not removed; 1.25 US dollars a day.\nIn use: pr-2.");
        expect(text).not.toContain("\u001b");
    });

    it("names no command for what is done, and how to begin after a dry one", () => {
        expect(reportText(report("gone"), 120)).not.toContain("To be done by hand");
        expect(reportText(report("due", true), 120)).toContain(
            "Nothing was changed. To remove what is due: make sweep",
        );
        expect(reportText({ ...report("gone"), found: [], inUse: [] }, 80)).toContain(
            "Nothing is left over.\nIn use: no environment.",
        );
    });

    test.each<[Outcome, boolean, boolean]>([
        ["gone", false, false],
        ["spared", false, false],
        ["kept", false, false],
        ["later", false, false],
        ["failed", false, true],
        ["told", false, true],
        ["told", true, true],
        ["due", true, false],
    ])("of what is %s (dry: %s) leaves something to a person: %s", (outcome, dry, left) => {
        expect(isLeft(report(outcome, dry))).toBe(left);
    });

    test("in words", () => {
        expect([0, 90 * 60_000, 30 * 3_600_000, 72 * 3_600_000].map(ageText)).toEqual(["0 min", "2 h", "30 h", "3 d"]);
        expect(wrapped("a bb ccc dddddddd e", 4)).toBe("a bb\nccc\ndddddddd\ne");
    });
});
