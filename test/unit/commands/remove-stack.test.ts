// How far a removal goes past what a dead run left, and what it tells when it ends before. The engine and the cluster are played; that
// the engine says these words, test/engine/sweep.test.ts shows, and test/prove/sweep.test.ts that a cluster does so.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { complaint, type Answer } from "../../../commands/backend/pulumi.ts";
import { holderOf, isLocked, locksIn, locksOf } from "../../../commands/backend/locks.ts";
import { readHistory } from "../../../commands/backend/history.ts";
import { readStacks } from "../../../commands/backend/stacks.ts";
import { holderIn, releaseCommand, type Holder } from "../../../commands/destroy/holders.ts";
import { removeStack, type RemoveOptions } from "../../../commands/destroy/remove.ts";
import type { Deployment } from "../../../commands/repair/deployment.ts";

const now = new Date("2026-12-01T12:20:30Z");
const locked =
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n" +
    "  s3://states/.pulumi/locks/organization/shop/pr-1/0a1b2c3d.json: created by ci@runner-7 (pid 123) at 2026-12-01T10:20:30Z";
const undecipherable =
    "error: getting stack configuration: get stack secrets manager: failed to decrypt: incorrect passphrase, please set PULUMI_CONFIG_PASSPHRASE";
const holder: Holder = {
    apiVersion: "v1",
    kind: "ConfigMap",
    namespace: "shop-pr-1",
    name: "held",
    finalizers: ["example.com/gone"],
    since: new Date("2026-12-01T12:00:30Z"),
};
const namespace = {
    urn: "urn:pulumi:pr-1::shop::kubernetes:core/v1:Namespace::namespace",
    type: "kubernetes:core/v1:Namespace",
    custom: true,
    id: "shop-pr-1",
};

interface Machine {
    readonly deployment?: Deployment;
    /** What destroys end with, one after the other; then with nothing wrong. */
    readonly destroys?: readonly string[];
    readonly unreadable?: string;
    readonly cancel?: string;
    readonly rm?: string;
    readonly holders?: readonly Holder[];
    readonly said?: readonly string[];
    readonly unreachable?: boolean;
    readonly repair?: string;
    readonly lastDump?: string;
    readonly options?: Partial<RemoveOptions>;
    readonly backend?: string;
}

async function remove(machine: Machine) {
    const { deployment = { resources: [namespace] }, destroys = [], holders = [], said = [] } = machine;
    const asked: string[] = [];
    const failures = [...destroys];
    let left = [...holders];
    const answer = (stderr: string | undefined, stdout = ""): Answer => ({
        code: stderr === undefined ? 0 : 255,
        stdout,
        stderr: stderr ?? "",
        late: false,
    });
    const removal = await removeStack(
        "pr-1",
        {
            project: "shop",
            backend: machine.backend,
            now: () => now,
            say: () => undefined,
            gcloud: () => Promise.resolve(1),
            pulumi: (args) => {
                const command = args
                    .filter((arg) => !["--stack", "pr-1", "--yes", "--skip-preview"].includes(arg))
                    .join(" ");
                if (command.startsWith("stack export")) {
                    return Promise.resolve(answer(machine.unreadable, JSON.stringify({ version: 3, deployment })));
                }
                asked.push(command);
                if (command.startsWith("destroy")) {
                    return Promise.resolve(answer(failures.shift()));
                }
                return Promise.resolve(answer(command === "cancel" ? machine.cancel : machine.rm));
            },
            repair: () => {
                asked.push("repair");
                return machine.repair === undefined
                    ? Promise.resolve({ taken: [], absent: [], foreign: [], unknown: [] })
                    : Promise.reject(new Error(machine.repair));
            },
            lastDumps: () => Promise.resolve(machine.lastDump),
            holding: () =>
                machine.unreachable === true
                    ? Promise.reject(new Error("connect ECONNREFUSED"))
                    : Promise.resolve({ there: true, holders: left, said }),
            release: (_, released) => {
                left = left.filter((each) => each !== released);
                return Promise.resolve();
            },
        },
        { patience: 15, dump: true, ...machine.options },
    );
    return { ...removal, asked };
}

describe("a removal", () => {
    it("destroys, and forgets the stack with its file", async () => {
        expect(await remove({})).toEqual({ removed: true, done: [], commands: [], asked: ["destroy", "stack rm"] });
    });

    it("only forgets one with nothing in it, and keeps a file that somebody committed", async () => {
        const { asked } = await remove({ deployment: {}, options: { keepFile: true } });
        expect(asked).toEqual(["stack rm --preserve-config"]);
    });

    it("looks for what an update that was killed had begun before", async () => {
        const deployment = { resources: [namespace], pending_operations: [{ type: "creating", resource: namespace }] };
        const { removed, asked, done } = await remove({ deployment });
        expect(removed).toBe(true);
        expect(asked).toEqual(["repair", "destroy", "stack rm"]);
        expect(done).toEqual(["Nothing to repair: no creation was cut off."]);
        const failed = await remove({ deployment, repair: "pulumi refresh failed:\nno cluster" });
        expect(failed.done[0]).toContain("could not be looked for: pulumi refresh failed:");
        expect(failed.removed).toBe(true);
    });

    it("asks once more after a refresh, when somebody deleted part of it by hand", async () => {
        const { removed, asked } = await remove({ destroys: ["error: not found"] });
        expect(removed).toBe(true);
        expect(asked).toEqual(["destroy", "destroy --refresh", "stack rm"]);
    });

    it("tells the lock of another run, with its holder and age, and leaves it", async () => {
        const { removed, why, commands, asked } = await remove({ destroys: [locked] });
        expect(removed).toBe(false);
        expect(why).toBe("it is locked by ci@runner-7, process 123, for 2 h");
        expect(commands).toEqual(["pulumi cancel --yes --stack pr-1"]);
        expect(asked).toEqual(["destroy"]);
    });

    it("removes a lock that is as old as was said, and no younger one", async () => {
        const hour = 3_600_000;
        const old = await remove({ destroys: [locked], options: { unlockAfter: 2 * hour } });
        expect(old.asked).toEqual(["destroy", "cancel", "destroy", "stack rm"]);
        expect(old.done).toEqual(["unlocked, for its holder is dead: ci@runner-7, process 123, for 2 h"]);
        const young = await remove({ destroys: [locked], options: { unlockAfter: 3 * hour } });
        expect(young.removed).toBe(false);
        expect(young.asked).toEqual(["destroy"]);
        const refused = await remove({ destroys: [locked], cancel: "error: denied", options: { unlockAfter: 0 } });
        expect(refused.why).toBe("its lock cannot be removed: error: denied");
    });

    it("leaves one whose backend names no holder", async () => {
        const conflict = "error: [409] Conflict: Another update is currently in progress.";
        const { why, commands } = await remove({ destroys: [conflict], options: { unlockAfter: 0 } });
        expect(why).toBe("an update of it runs, as its backend says");
        expect(commands).toEqual(["pulumi cancel --yes --stack pr-1"]);
    });

    it("tells that its secrets were encrypted with another passphrase, after one attempt", async () => {
        const { why, commands, asked } = await remove({ destroys: [undecipherable] });
        expect(why).toContain("its secrets cannot be read: error: getting stack configuration");
        expect(commands[0]).toMatch(/^PULUMI_CONFIG_PASSPHRASE_FILE=FILE /);
        expect(asked).toEqual(["destroy"]);
    });

    it("tells a state that cannot be read", async () => {
        const { why, commands } = await remove({ unreadable: "error: could not deserialize deployment" });
        expect(why).toBe("its state cannot be read: error: could not deserialize deployment");
        expect(commands).toEqual(["pulumi stack export --stack pr-1"]);
    });

    it("names what its namespace waits for, with the command", async () => {
        const { why, commands } = await remove({
            destroys: ["error: timed out", "error: timed out"],
            holders: [holder],
            said: ["Discovery failed for some groups"],
        });
        expect(why).toBe(
            "Discovery failed for some groups; ConfigMap held waits for who takes off its finalizer example.com/gone",
        );
        expect(commands).toEqual([releaseCommand(holder), "make destroy STACK=pr-1"]);
    });

    it("takes off finalizers that wait as long as was said, and no others", async () => {
        const minute = 60_000;
        const machine = { destroys: ["error: timed out"], holders: [holder] };
        const released = await remove({ ...machine, options: { releaseAfter: 20 * minute } });
        expect(released.removed).toBe(true);
        expect(released.asked).toEqual(["destroy", "destroy", "stack rm"]);
        expect(released.done[0]).toContain("finalizers taken off ConfigMap held: example.com/gone");
        const early = await remove({
            destroys: ["error: timed out", "error: timed out"],
            holders: [holder],
            options: { releaseAfter: 21 * minute },
        });
        expect(early.removed).toBe(false);
        expect(early.done).toEqual([]);
    });

    it("says what the engine said when its cluster does not answer", async () => {
        const { why } = await remove({ destroys: ["error: a", "error: unreachable cluster"], unreachable: true });
        expect(why).toBe("its cluster does not answer: connect ECONNREFUSED; error: unreachable cluster");
    });

    it("destroys nothing without the last dump that its settings ask for", async () => {
        const dump = {
            urn: "urn:pulumi:pr-1::shop::kubernetes:batch/v1:CronJob::database-dump",
            type: "kubernetes:batch/v1:CronJob",
            custom: true,
            inputs: {
                metadata: {
                    name: "database-dump",
                    namespace: "shop-pr-1",
                    labels: { "app.kubernetes.io/component": "database-dump" },
                    annotations: { "django-on-kubernetes/at-end": "dump" },
                },
            },
        };
        const deployment = { resources: [namespace, dump] };
        const { removed, why, asked } = await remove({ deployment, lastDump: "There is no last dump of database." });
        expect([removed, why, asked]).toEqual([false, "There is no last dump of database.", []]);
        expect((await remove({ deployment, options: { dump: false } })).removed).toBe(true);
    });

    it("tells that the backend does not forget it", async () => {
        const { why, commands } = await remove({ rm: "error: access denied" });
        expect([why, commands]).toEqual(["error: access denied", ["pulumi stack rm --yes --stack pr-1"]]);
    });
});

describe("locks", () => {
    let folder: string;
    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "locks-"));
    });
    afterEach(async () => {
        await rm(folder, { recursive: true });
    });

    const lock = { user: "ci", host: "runner-7", pid: 123, since: new Date("2026-12-01T10:20:30Z") };

    it("are read in what the engine complains", () => {
        expect(locksIn(locked)).toEqual([lock]);
        expect(locksIn("error: not found")).toEqual([]);
        expect([isLocked(locked), isLocked("error: [409] Conflict"), isLocked("error: not found")]).toEqual([
            true,
            true,
            false,
        ]);
    });

    it("are read in a backend that is a folder, before anything is asked to go", async () => {
        const place = join(folder, ".pulumi/locks/organization/shop/pr-1");
        await mkdir(place, { recursive: true });
        await writeFile(
            join(place, "0a1b.json"),
            JSON.stringify({ pid: 123, username: "ci", hostname: "runner-7", timestamp: "2026-12-01T10:20:30Z" }),
        );
        expect(await locksOf(`file://${folder}`, "shop", "pr-1")).toEqual([lock]);
        expect(await locksOf(`file://${folder}`, "shop", "pr-2")).toEqual([]);
        expect(await locksOf("s3://states", "shop", "pr-1")).toEqual([]);
        const { why, asked } = await remove({ backend: `file://${folder}` });
        expect([why, asked]).toEqual(["it is locked by ci@runner-7, process 123, for 2 h", []]);
    });

    it.each([
        ["runner-7", true, "runs"],
        ["runner-7", false, "dead"],
        ["elsewhere", false, "elsewhere"],
    ] as const)("at %s whose process runs: %s: its holder is %s", (host, runs, holder) => {
        expect(holderOf(lock, { host, runs: () => runs })).toBe(holder);
    });

    it("of an update that runs here are never dead; of a number that another program got, they are", async () => {
        const mine = (pid: number) => holderOf({ ...lock, host: hostname(), pid });
        // The kernel calls a script by its file's name.
        const program = join(folder, "pulumi");
        await writeFile(program, "#!/bin/sh\nread -r line\n", { mode: 0o755 });
        const child = spawn(program, { stdio: ["pipe", "ignore", "ignore"] });
        try {
            await vi.waitFor(() => expect(readFileSync(`/proc/${child.pid}/comm`, "utf8")).toBe("pulumi\n"));
            expect([mine(child.pid!), mine(process.pid), mine(2 ** 22 + 1)]).toEqual(["runs", "dead", "dead"]);
            const text = locked.replace("ci@runner-7 (pid 123)", `ci@${hostname()} (pid ${child.pid})`);
            const { removed, asked } = await remove({ destroys: [text], options: { unlockAfter: 0 } });
            expect([removed, asked]).toEqual([false, ["destroy"]]);
        } finally {
            child.kill();
        }
    });
});

describe("an object holds its namespace", () => {
    const metadata = { name: "held", namespace: "shop-pr-1", finalizers: ["example.com/gone"] };

    it("when it is to go and has a finalizer", () => {
        const going = { ...metadata, deletionTimestamp: new Date("2026-12-01T12:00:30Z") };
        expect(holderIn({ metadata: going }, "v1", "ConfigMap")).toEqual([holder]);
        expect(holderIn({ metadata }, "v1", "ConfigMap")).toEqual([]);
        expect(holderIn({ metadata: { ...going, finalizers: [] } }, "v1", "ConfigMap")).toEqual([]);
    });

    test.each([
        ["v1", "ConfigMap", "configmap held"],
        ["elbv2.k8s.aws/v1beta1", "TargetGroupBinding", "targetgroupbinding.v1beta1.elbv2.k8s.aws held"],
    ])("and the command names it, of %s", (apiVersion, kind, named) => {
        expect(releaseCommand({ ...holder, apiVersion, kind })).toBe(
            `kubectl -n shop-pr-1 patch ${named} --type=merge -p '{"metadata":{"finalizers":null}}'`,
        );
    });
});

describe("of the engine's answers", () => {
    it("the errors are its complaint, each once, or else the last lines", () => {
        const answer = { code: 1, stdout: "a\nb\nc\nd\n", stderr: "", late: false };
        expect(complaint(answer)).toBe("b\nc\nd");
        expect(complaint({ ...answer, stderr: "error: x\nnoise\nerror: x\n" })).toBe("error: x");
        expect(complaint({ ...answer, stdout: "", late: true })).toBe("its time was over");
    });

    it("stacks are read of every backend", () => {
        expect(
            readStacks(
                '[{"name":"pr-1","lastUpdate":"2026-12-02T00:16:46.554Z","resourceCount":54},{"name":"org/pr-2","updateInProgress":true,"lastUpdate":""}]',
            ),
        ).toEqual([
            { name: "pr-1", lastUpdate: new Date("2026-12-02T00:16:46.554Z"), resources: 54, updating: false },
            { name: "org/pr-2", updating: true },
        ]);
    });

    it("the last update is read without its settings", () => {
        expect(readHistory("[]")).toBeUndefined();
        expect(readHistory("")).toBeUndefined();
        const entry = {
            kind: "update",
            result: "failed",
            endTime: "2026-12-02T00:16:46.000Z",
            config: { a: { value: "b" } },
        };
        expect(readHistory(JSON.stringify([entry]))).toEqual({
            kind: "update",
            result: "failed",
            ended: new Date("2026-12-02T00:16:46Z"),
        });
    });
});
