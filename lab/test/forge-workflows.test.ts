// The jobs of workflows: groups, conditions, what fails, who gets what. Not proved: that GitHub does the same, which its pages say.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Groups } from "../forge/groups.ts";
import { Workflows, type Event, type JobRun } from "../forge/workflows.ts";

describe("a group", () => {
    async function outcomes(cancelInProgress: boolean): Promise<unknown[]> {
        const groups = new Groups();
        const turns = ["first", "second", "third"].map((name) =>
            groups.run({ group: "one", cancelInProgress }, async (cancelled) => {
                await sleep(20);
                return cancelled.aborted ? `${name}, cancelled` : name;
            }),
        );
        return await Promise.all(turns);
    }

    test("runs one, and of those that wait the last", async () => {
        expect(await outcomes(false)).toEqual(["first", undefined, "third"]);
    });

    test("that cancels what runs ends it, and runs the last", async () => {
        expect(await outcomes(true)).toEqual(["first, cancelled", undefined, "third"]);
    });

    test("goes on after one that threw, and does not wait for another group", async () => {
        const groups = new Groups();
        const turn = { group: "one", cancelInProgress: false };
        const thrown = groups.run(turn, () => Promise.reject(new Error("no")));
        const after = groups.run(turn, () => Promise.resolve("after"));
        await expect(thrown).rejects.toThrow("no");
        expect(await after).toBe("after");
        let free = (): void => undefined;
        const held = groups.run(turn, () => new Promise<void>((resolve) => (free = resolve)));
        expect(await groups.run({ ...turn, group: "other" }, () => Promise.resolve("other"))).toBe("other");
        free();
        await held;
    });
});

describe("jobs", () => {
    let folder: string;
    let workflows: Workflows;
    const event: Event = {
        name: "push",
        payload: { number: 7 },
        commit: "abc",
        variables: { GITHUB_EVENT_NAME: "push" },
    };

    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "jobs-"));
        workflows = await Workflows.create({
            ...{ folder, vars: { NAME: "shop" }, token: "t0ken", commands: {} },
            everywhere: { PATH: process.env["PATH"]! },
            cloud: { CLOUD: "yes" },
            actions: { "example/fails": () => Promise.reject(new Error("it has no disk")) },
        });
    });
    afterEach(async () => {
        await workflows.stop();
        await rm(folder, { recursive: true });
    });

    async function run(jobs: object): Promise<Record<string, JobRun>> {
        await writeFile(join(folder, "one.yml"), JSON.stringify({ name: "one", jobs }));
        await workflows.run("one.yml", event);
        return Object.fromEntries(workflows.runs.map((one) => [one.job, one]));
    }

    function job(steps: readonly object[], more: object = {}): object {
        const concurrency = { group: JSON.stringify(steps), "cancel-in-progress": true };
        return { permissions: {}, concurrency, steps, ...more };
    }

    test("fail alone: by a command, an action, an unknown action or an expression", async () => {
        const ended = await run({
            command: job([{ run: "exit 3" }, { run: "echo never" }, { if: "!cancelled()", run: "echo still" }]),
            action: job([{ uses: "example/fails@v1" }]),
            unknown: job([{ uses: "example/unknown@v1" }]),
            expression: job([{ run: "true" }], { if: "nobody.knows" }),
            after: job([{ run: "true" }], { needs: "action" }),
            fine: job([
                { run: "echo $NAME $NUMBER", env: { NAME: "${{ vars.NAME }}", NUMBER: "${{ github.event.number }}" } },
            ]),
        });
        const conclusions = Object.entries(ended).map(([name, { conclusion }]) => [name, conclusion]);
        expect(Object.fromEntries(conclusions)).toEqual({
            ...{ command: "failure", action: "failure", unknown: "failure", expression: "failure" },
            ...{ after: "skipped", fine: "success" },
        });
        expect(ended["command"]!.commands).toMatchObject([{ code: 3 }, { code: 0, output: "still" }]);
        expect(ended["action"]!.commands).toEqual([{ words: "example/fails", code: 1, output: "it has no disk" }]);
        expect(ended["fine"]!.commands[0]!.output).toBe("shop 7");
    });

    test("have a token and a cloud where their permissions say so, and nothing of this process", async () => {
        const step = { run: "env", env: { TOKEN: "${{ github.token }}" } };
        const ended = await run({
            without: job([step]),
            with: job([{ ...step, if: "true" }], { permissions: { "pull-requests": "write", "id-token": "write" } }),
        });
        const [without, all] = ["without", "with"].map((name) => ended[name]!.commands[0]!.output.split("\n"));
        expect(all).toEqual(expect.arrayContaining(["TOKEN=t0ken", "CLOUD=yes"]));
        expect(without).toContain("TOKEN=");
        expect(without!.filter((line) => /CLOUD|t0ken|VITEST|^HOME/.test(line))).toEqual([]);
    });

    test("that are overtaken end, what they run is told, and steps for then do not run", async () => {
        const steps = [
            { run: 'trap "kill %1; exit 130" INT; sleep 60 > /dev/null 2>&1 & echo begun; wait' },
            { run: "echo never" },
            { if: "!cancelled()", run: "echo neither" },
        ];
        await writeFile(join(folder, "one.yml"), JSON.stringify({ name: "one", jobs: { long: job(steps) } }));
        const first = workflows.run("one.yml", event);
        while (workflows.running.length === 0) {
            await sleep(10);
        }
        await sleep(200);
        await writeFile(
            join(folder, "one.yml"),
            JSON.stringify({
                name: "one",
                jobs: {
                    long: job([steps[1]!], {
                        concurrency: { group: JSON.stringify(steps), "cancel-in-progress": true },
                    }),
                },
            }),
        );
        await Promise.all([first, workflows.run("one.yml", event)]);
        expect(workflows.runs).toMatchObject([
            { conclusion: "cancelled", commands: [{ code: 130, output: "begun" }] },
            { conclusion: "success", commands: [{ code: 0, output: "never" }] },
        ]);
    });
});
