// Which stacks a rollout takes, in which order, when it stops; and what its tables say. That the engine updates them,
// test/engine/sweep.test.ts shows.
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import type { Answer, Pulumi } from "../../../commands/backend/pulumi.ts";
import { chosen } from "../../../commands/fleet/chosen.ts";
import { counted } from "../../../commands/fleet/health.ts";
import type { Member } from "../../../commands/fleet/members.ts";
import { changesText, readChanges } from "../../../commands/fleet/previewed.ts";
import { fleetTable, rolloutTable } from "../../../commands/fleet/report.ts";
import { rollOut } from "../../../commands/fleet/rollout.ts";
import { stepIn, updateStack } from "../../../commands/fleet/update.ts";
import { inTurns } from "../../../commands/support/in-turns.ts";

describe("STACKS chooses", () => {
    const members = ["pr-1", "pr-12", "production", "shop-a", "shop-b"].map((stack) => ({
        stack,
        kind: stack === "production" ? "production" : "staging",
    }));

    test.each<[string[], string[]]>([
        [["pr-1"], ["pr-1"]],
        [["pr-*"], ["pr-1", "pr-12"]],
        [["*"], ["pr-1", "pr-12", "shop-a", "shop-b"]],
        [["pr*"], ["pr-1", "pr-12"]],
        [
            ["*-a", "shop-*"],
            ["shop-a", "shop-b"],
        ],
        [["*-1*"], ["pr-1", "pr-12"]],
        [["s*p-b"], ["shop-b"]],
        [["production"], ["production"]],
    ])("with %j: %j", (patterns, names) => {
        expect(chosen(members, patterns).map(({ stack }) => stack)).toEqual(names);
    });

    it("nothing silently: a name that is none is told, with those that are", () => {
        expect(() => chosen(members, ["shop-c"])).toThrow(
            /"shop-c", which is no stack.*Allowed: pr-1, pr-12, production, shop-a, shop-b; .*Fix: shop-/,
        );
        expect(() => chosen(members, ["prod*"])).toThrow(/production has to be named without/);
        expect(() => chosen([], ["a"])).toThrow(/there is none yet/);
    });
});

describe("a rollout", () => {
    async function run(stacks: readonly string[], failing: readonly string[], options = {}) {
        let running = 0;
        let most = 0;
        const begun: string[] = [];
        const steps = await rollOut(
            stacks,
            async (stack) => {
                begun.push(stack);
                most = Math.max(most, (running += 1));
                await new Promise((resolve) => setTimeout(resolve, 1));
                running -= 1;
                return { ok: !failing.includes(stack), result: stack };
            },
            { parallel: 2, keepGoing: false, clock: () => 0, ...options },
        );
        return { most, begun, outcomes: Object.fromEntries(steps.map(({ stack, outcome }) => [stack, outcome])) };
    }
    const five = ["a", "b", "c", "d", "e"];

    it("begins with the canary, alone, and then has as many at a time as asked", async () => {
        const { most, begun, outcomes } = await run(five, [], { canary: "c" });
        expect([most, begun]).toEqual([2, ["c", "a", "b", "d", "e"]]);
        expect(Object.values(outcomes)).toEqual(five.map(() => "done"));
    });

    it("ends with a canary that fails, even if the others are to go on", async () => {
        const { begun, outcomes } = await run(five, ["a"], { keepGoing: true });
        expect(begun).toEqual(["a"]);
        expect(outcomes).toEqual({ a: "failed", b: "not begun", c: "not begun", d: "not begun", e: "not begun" });
    });

    it("begins no other after one that fails, and lets those end that run", async () => {
        const { outcomes } = await run(five, ["b"]);
        expect(outcomes).toEqual({ a: "done", b: "failed", c: "done", d: "not begun", e: "not begun" });
    });

    it("goes on if asked", async () => {
        expect((await run(five, ["b"], { keepGoing: true })).outcomes).toMatchObject({ b: "failed", e: "done" });
    });

    it("of one or none is that", async () => {
        expect((await run(["a"], [])).outcomes).toEqual({ a: "done" });
        expect((await run([], [])).outcomes).toEqual({});
    });
});

const preview = (...steps: readonly object[]): string => JSON.stringify({ steps, diagnostics: [] });
const step = (op: string, type: string, name: string): object => ({
    op,
    urn: `urn:pulumi:a::shop::${type}::${name}`,
    oldState: op === "create" ? undefined : { type, custom: true, inputs: {} },
    newState: { type, custom: true, inputs: {} },
});

describe("a preview is", () => {
    it("counted without what stays, and judged by the gate", () => {
        const deployment = "kubernetes:apps/v1:Deployment";
        const text = preview(
            step("create", deployment, "web"),
            step("update", deployment, "worker"),
            step("same", deployment, "shell"),
        );
        expect(readChanges(text)).toEqual({ changes: { create: 1, update: 1 }, refused: [] });
        const losing = readChanges(preview(step("replace", "aws:rds/instance:Instance", "orders")));
        expect(losing).toEqual({ changes: { replace: 1 }, refused: ["orders"] });
        expect(changesText(losing)).toBe("1 replace; data of orders would be lost");
        expect(changesText(readChanges(preview()))).toBe("nothing");
    });

    it("failed when it says an error", () => {
        const text = JSON.stringify({
            steps: [],
            diagnostics: [{ severity: "error", message: "settings need mending\nmore" }],
        });
        expect(changesText(readChanges(text))).toMatch(/^preview failed: .*settings need mending/);
        expect(() => readChanges("")).toThrow("Nothing to read");
    });
});

describe("an update of one", () => {
    let directory: string;
    beforeEach(async () => {
        directory = await mkdtemp(join(tmpdir(), "fleet-"));
    });
    afterEach(async () => {
        await rm(directory, { recursive: true });
    });

    async function update(answers: Readonly<Record<string, Partial<Answer>>>, previewOnly = false) {
        const asked: string[] = [];
        const pulumi: Pulumi = async (args) => {
            const [command = ""] = args;
            asked.push(args.filter((arg) => !arg.startsWith("-") && arg !== "a").join(" "));
            if (command === "config") {
                await writeFile(join(directory, "Pulumi.a.yaml"), "config: {}\n");
            }
            return { code: 0, stdout: "", stderr: "", late: false, ...answers[command] };
        };
        const updated = await updateStack("a", { pulumi, directory, previewOnly, patience: 1, say: () => undefined });
        return { ...updated, asked, files: await readdir(directory) };
    }
    const changing = { stdout: preview(step("update", "kubernetes:apps/v1:Deployment", "web")) };

    it("previews first, and does nothing where nothing changes", async () => {
        expect(await update({ preview: { stdout: preview() } })).toMatchObject({
            ok: true,
            result: "nothing",
            asked: ["config refresh", "preview"],
        });
        expect(await update({ preview: changing })).toMatchObject({
            ok: true,
            result: "1 update",
            asked: ["config refresh", "preview", "up"],
        });
        expect((await update({ preview: changing }, true)).asked).toEqual(["config refresh", "preview"]);
    });

    it("writes a file that is not here for as long as it takes, and leaves one that is", async () => {
        expect((await update({ preview: changing })).files).toEqual([]);
        await writeFile(join(directory, "Pulumi.a.yaml"), "config: {}\n");
        expect(await update({ preview: changing })).toMatchObject({
            asked: ["preview", "up"],
            files: ["Pulumi.a.yaml"],
        });
        await rm(join(directory, "Pulumi.a.yaml"));
        const failed = await update({ config: { code: 255, stderr: "error: no previous deployment" } });
        expect(failed.result).toBe("Pulumi.a.yaml is not here, and not in the backend: error: no previous deployment");
    });

    it("updates nothing that the gate refuses", async () => {
        const losing = { stdout: preview(step("delete", "aws:s3/bucket:Bucket", "media")) };
        const { ok, result, asked } = await update({ preview: losing });
        expect([ok, asked]).toEqual([false, ["config refresh", "preview"]]);
        expect(result).toBe("1 delete; data of media would be lost. By itself, if that is meant: pulumi up -s a");
    });

    it("tells what failed, in one line", async () => {
        const up = { code: 255, stderr: "error: update failed\nerror: web: timed out" };
        expect((await update({ preview: changing, up })).result).toBe("update failed: error: update failed");
        const crashed = { code: 255, stderr: "error: passphrase must be set\n" };
        expect((await update({ preview: crashed })).result).toBe("preview failed: error: passphrase must be set");
    });

    it("shows workloads as they come", () => {
        expect(stepIn(" ~  kubernetes:apps/v1:Deployment shop-web updated (12s)")).toBe("shop-web updated");
        expect(stepIn(" +  kubernetes:core/v1:Secret key created (1s)")).toBeUndefined();
    });
});

describe("the table", () => {
    const now = new Date("2026-12-02T12:00:00Z");
    const member: Member = {
        stack: "pr-1",
        kind: "ephemeral",
        pullRequest: 1,
        since: new Date("2026-12-01T12:00:00Z"),
        update: { kind: "update", result: "failed", ended: new Date("2026-12-02T11:00:00Z") },
        monthly: 12.5,
        images: [`registry.example.org/shop/shop@sha256:${"ab".repeat(32)}`],
        urls: [],
        health: counted([
            { name: "web", wanted: 2, ready: 1 },
            { name: "shell", wanted: 1, ready: 1 },
            { name: "asleep", wanted: 0, ready: 0 },
        ]),
        drift: { changes: { update: 2 }, refused: [] },
    };

    it("says of one that sleeps that it does, while all of it does", () => {
        const of = (...wanted: readonly number[]): string =>
            fleetTable(
                [
                    {
                        ...member,
                        health: counted([
                            { name: "doorkeeper", wanted: 1, ready: 1 },
                            ...wanted.map((count) => ({ name: "web", wanted: count, ready: count, sleeps: true })),
                        ]),
                    },
                ],
                now,
                false,
            );
        expect(of(0, 0)).toContain("│ 1 of 1, asleep │");
        expect(of(0, 1)).toContain("│ 2 of 2 │");
        expect(of()).not.toContain("asleep");
    });

    it("has a line for each, and the sum", () => {
        const text = fleetTable(
            [member, { ...member, stack: "stage", kind: "staging", unreadable: "bad state" }],
            now,
            true,
        );
        expect(text).toMatch(
            /pr-1 +│ ephemeral, #1 +│ 24 h │ update failed, 1 h ago │ 12\.50 +│ 2 of 3 +│ shop@abababababab │ 2 update/,
        );
        expect(text).toContain("not ready: web");
        expect(text).toContain("bad state");
        expect(text).toContain("1 ephemeral, 1 staging; 25.00 US dollars a month at idle.");
        expect(fleetTable([], now, false)).toBe("This backend has no stack of this project.");
    });

    it("of a rollout says what was not begun", () => {
        const text = rolloutTable([
            { stack: "a", outcome: "failed", result: "update failed: x", seconds: 61.2 },
            { stack: "b", outcome: "not begun" },
        ]);
        expect(text).toMatch(/a +│ failed +│ 61 s │ update failed: x/);
        expect(text).toMatch(/b +│ not begun │ +│/);
    });
});

test("in turns, the order stays and the first that throws ends it", async () => {
    expect(
        await inTurns(2, [3, 1, 2], (item) => new Promise((resolve) => setTimeout(() => resolve(item * 2), item))),
    ).toEqual([6, 2, 4]);
    await expect(inTurns(1, [1], () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await inTurns(4, [], () => Promise.resolve(1))).toEqual([]);
});
