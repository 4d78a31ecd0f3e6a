// Environments of pull requests by the hundred: opened, pushed to and closed by the command, which is killed at random in a third of the
// cycles, and several at once. Afterwards nothing of any is left but what the platform's own sweeper drops hours later. The figures go to
// bench/results/reviews.json. REVIEW_CYCLES=100 REVIEWS_AT_ONCE=20 asks for more than the few cycles that fit beside other proofs,
// REVIEW_LANES=5 for so many side by side, and REVIEW_SEED for the same kills again. Not proved: a backend and runners elsewhere.
import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { TestEnvironment, type Running } from "../cluster/support/environment.ts";
import { Cluster } from "../cluster/support/kubernetes.ts";
import { domain, Reviews, smallReview } from "../cluster/support/review.ts";

const cycles = Number(process.env["REVIEW_CYCLES"] ?? 6);
const atOnce = Number(process.env["REVIEWS_AT_ONCE"] ?? 3);
const lanes = Number(process.env["REVIEW_LANES"] ?? 1);
const seed = Number(process.env["REVIEW_SEED"] ?? 13);

let platform: TestEnvironment;
let reviews: Reviews;
let cluster: Cluster;
const figures: Record<string, unknown> = {};
const open = new Set<number>();

/** The same numbers for the same seed (mulberry32). */
function randomFrom(start: number): () => number {
    let state = start;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

async function seconds(action: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await action();
    return Math.round((performance.now() - start) / 100) / 10;
}

/** Seconds from the command's beginning until the page answers 200, and until the command has ended. */
async function opened(number: number): Promise<{ served: number; ended: number }> {
    const command = ends(reviews.startOpen(number));
    // Side by side with others, beside other work: what is asked of one alone is asked in the first test.
    const patience = lanes > 1 ? 600 : 120;
    const [served, ended] = await Promise.all([
        seconds(() => reviews.serves(number, patience)),
        seconds(() => command),
    ]);
    return { served, ended };
}

/** What else the machine did: processes that waited for a processor, of the last minutes. Beside other work all takes longer. */
function load(): number {
    return Math.round(loadavg()[1]! * 10) / 10;
}

function summary(values: readonly number[]): object {
    const sorted = values.toSorted((one, other) => one - other);
    return { count: sorted.length, median: sorted[Math.floor(sorted.length / 2)], worst: sorted.at(-1) };
}

/** Whatever carries a pull request's name in cluster or backend. */
async function leftovers(): Promise<string[]> {
    const { items: namespaces } = await cluster.core.listNamespace();
    const { items: volumes } = await cluster.core.listPersistentVolume();
    const isTheirs = (name: string | undefined): boolean => /^sample-pr-\d+$/.test(name ?? "");
    return [
        ...(await reviews.stacks()).map((name) => `stack ${name}`),
        ...namespaces.flatMap(({ metadata }) => (isTheirs(metadata?.name) ? [`namespace ${metadata!.name!}`] : [])),
        ...volumes.flatMap(({ metadata, spec }) =>
            isTheirs(spec?.claimRef?.namespace) ? [`volume ${metadata!.name!}`] : [],
        ),
    ];
}

/** Volumes of a namespace that is gone go a moment later. */
async function nothingLeft(): Promise<void> {
    let left: string[] = [];
    for (let wait = 0; wait < 30; wait++) {
        left = await leftovers();
        if (left.length === 0) {
            return;
        }
        await sleep(1000);
    }
    expect(left).toEqual([]);
}

async function ends(running: Running): Promise<string> {
    const { exitCode, output } = await running.done;
    expect(exitCode, output).toBe(0);
    return output;
}

/** @returns whether it was still at it */
async function killedAfter(running: Running, delay: number): Promise<boolean> {
    let ended = false;
    void running.done.then(() => (ended = true));
    await sleep(delay);
    const was = !ended;
    if (was) {
        running.kill();
    }
    await running.done;
    return was;
}

beforeAll(async () => {
    platform = await TestEnvironment.create("stage");
    cluster = new Cluster();
    reviews = new Reviews(platform);
    await platform.configure((config) => {
        smallReview(config);
        config["environment"] = { kind: "staging" };
        config["lends"] = { domain, database: true };
    });
    const { exitCode, output } = await platform.pulumi("up");
    expect(exitCode, output).toBe(0);
    await reviews.template((config) => {
        smallReview(config);
        // Twenty of them have to find room on two processors.
        config["operator"] = { sizes: { small: { cpu: "10m", memory: "192Mi" } } };
        delete config["apps"][0].shell;
        config["database"] = { variant: "platform", image: "localhost/postgres:15" };
        delete config["apps"][0].release.superuser;
    });
}, 30 * 60_000);

afterAll(async () => {
    for (const number of open) {
        await reviews.close(number, "--alone");
    }
    await platform?.remove();
    const path = join(projectRoot, "bench/results/reviews.json");
    const before = JSON.parse(await readFile(path, "utf8").catch(() => "{}")) as object;
    if (process.env["REVIEW_RECORD"] !== undefined) {
        await writeFile(
            path,
            `${JSON.stringify({ ...before, ...figures, processors: cpus().length, date: new Date().toISOString().slice(0, 10) }, undefined, 4)}\n`,
        );
    } else {
        console.log(JSON.stringify(figures));
    }
}, 30 * 60_000);

describe("environments of pull requests", () => {
    test("answer soon after the command, and are gone soon after the other", async () => {
        open.add(1);
        const { served, ended } = await opened(1);
        await reviews.forgetFile(1);
        const pushed = await seconds(async () => {
            await ends(reviews.startOpen(1));
        });
        const gone = await seconds(async () => {
            await ends(reviews.startClose(1));
        });
        open.delete(1);
        await nothingLeft();
        Object.assign(figures, { one: { served, ended, pushed, gone, load: load() } });
        console.log(
            `served after ${served} s, the command's end after ${ended} s, pushed to in ${pushed} s, gone after ${gone} s`,
        );
    });

    test(
        `are opened, pushed to and closed ${cycles} times, a third of them killed somewhere, and leave nothing`,
        async () => {
            const times = {
                served: [] as number[],
                ended: [] as number[],
                pushed: [] as number[],
                gone: [] as number[],
            };
            const kills = { open: 0, push: 0, close: 0 };
            let next = 0;
            const cycle = async (number: number): Promise<void> => {
                const random = randomFrom(seed * 1000 + number);
                open.add(number);
                const victim =
                    random() < 1 / 3 ? (["open", "push", "close"] as const)[Math.floor(random() * 3)] : undefined;
                const delay = 300 + random() * 14_000 * (lanes > 1 ? 2 : 1);
                if (victim === "open") {
                    kills.open += Number(await killedAfter(reviews.startOpen(number), delay));
                    await reviews.forgetFile(number);
                }
                // One in two killed openings is never tried again: its pull request is closed.
                if (victim !== "open" || random() < 0.5) {
                    const { served, ended } = await opened(number);
                    if (victim === undefined) {
                        times.served.push(served);
                        times.ended.push(ended);
                    }
                    await reviews.forgetFile(number);
                    if (victim === "push") {
                        kills.push += Number(await killedAfter(reviews.startOpen(number), delay / 2));
                    }
                    times.pushed.push(await seconds(async () => ends(reviews.startOpen(number))));
                }
                await reviews.forgetFile(number);
                if (victim === "close") {
                    kills.close += Number(await killedAfter(reviews.startClose(number), delay));
                    await reviews.forgetFile(number);
                }
                const gone = await seconds(async () => ends(reviews.startClose(number)));
                times.gone.push(...(victim === undefined ? [gone] : []));
                open.delete(number);
                console.log(`pull request ${number}, killed: ${victim ?? "nothing"}`);
            };
            const lane = async (): Promise<void> => {
                while (next < cycles) {
                    await cycle(100 + next++);
                }
            };
            await Promise.all(Array.from({ length: lanes }, lane));
            await nothingLeft();
            Object.assign(figures, {
                // Several side by side say what is left, not how long one takes.
                [lanes === 1 ? "cycles" : "cyclesInLanes"]: {
                    count: cycles,
                    ...(lanes > 1 && { lanes }),
                    seed,
                    killed: kills,
                    served: summary(times.served),
                    ended: summary(times.ended),
                    pushed: summary(times.pushed),
                    gone: summary(times.gone),
                    left: 0,
                    load: load(),
                },
            });
        },
        6 * 60 * 60_000,
    );

    test(
        `come up and go ${atOnce} at once`,
        async () => {
            const numbers = Array.from({ length: atOnce }, (_, index) => 500 + index);
            numbers.forEach((number) => open.add(number));
            const served = await seconds(async () => {
                await Promise.all(
                    numbers.map(async (number) => {
                        await ends(reviews.startOpen(number));
                        await reviews.serves(number);
                    }),
                );
            });
            const gone = await seconds(async () => {
                await Promise.all(numbers.map(async (number) => ends(reviews.startClose(number))));
            });
            numbers.forEach((number) => open.delete(number));
            await nothingLeft();
            Object.assign(figures, { atOnce: { count: atOnce, served, gone, left: 0, load: load() } });
        },
        60 * 60_000,
    );
});
