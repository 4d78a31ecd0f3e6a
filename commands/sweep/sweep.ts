// One sweep: looks, judges, removes what is due, and goes on after each failure.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiException } from "@kubernetes/client-node";
import { isInterrupted } from "../backend/pulumi.ts";
import { readState } from "../backend/read.ts";
import { shortName } from "../backend/stacks.ts";
import { holdersOf, isNotFound, release, releaseCommand } from "../destroy/holders.ts";
import { removeStack, type Removal, type RemoveOptions, type Tools } from "../destroy/remove.ts";
import { clusterOf } from "../dumps/job.ts";
import { inTurns } from "../support/in-turns.ts";
import { deleteNamespace, reasonOf } from "./cluster.ts";
import { dropDatabase } from "./databases.ts";
import { judge, judgeStack, type JudgeOptions } from "./judge.ts";
import type { Leftover } from "./leftover.ts";
import { askedOf, observe, type Looking } from "./observe.ts";
import type { Observed } from "./observed.ts";

export interface SweepOptions extends JudgeOptions, RemoveOptions {
    /** Tells, and changes nothing. */
    readonly dry: boolean;
    /** So many stacks are destroyed at a time. */
    readonly parallel: number;
}

/** `gone`: removed. `failed`: it was due and is still there. `spared`: it was due, and is not any more. */
export type Outcome = Leftover["verdict"] | "gone" | "failed" | "spared";

export interface Swept extends Leftover {
    readonly outcome: Outcome;
    /** What was done on the way. */
    readonly done: readonly string[];
}

export interface Report {
    readonly found: readonly Swept[];
    readonly inUse: readonly string[];
    readonly unseen: readonly string[];
    readonly dry: boolean;
}

export async function sweepOnce(looking: Looking, tools: Tools, options: SweepOptions): Promise<Report> {
    const observed = await observe(looking);
    const { leftovers, inUse } = judge(observed, options);
    const told = { inUse, unseen: observed.unseen, dry: options.dry };
    if (options.dry) {
        return { ...told, found: leftovers.map((each) => ({ ...each, outcome: each.verdict, done: [] })) };
    }
    const work = new Work(looking, tools, options, observed);
    // Stacks first: with them go namespaces and files, and what a server has of them is nobody's then.
    const order: ReadonlyArray<readonly Leftover["kind"][]> = [
        ["stack"],
        ["namespace"],
        ["database", "role"],
        ["file"],
    ];
    const found: Swept[] = [];
    for (const kinds of order) {
        const some = leftovers.filter(({ kind }) => kinds.includes(kind));
        found.push(
            ...(await inTurns(kinds.includes("stack") ? options.parallel : 1, some, (each) => work.sweep(each))),
        );
    }
    return { ...told, found };
}

class Work {
    readonly #looking: Looking;
    readonly #tools: Tools;
    readonly #options: SweepOptions;
    readonly #observed: Observed;

    constructor(looking: Looking, tools: Tools, options: SweepOptions, observed: Observed) {
        this.#looking = looking;
        this.#tools = tools;
        this.#options = options;
        this.#observed = observed;
    }

    async sweep(leftover: Leftover): Promise<Swept> {
        if (leftover.verdict !== "due") {
            return { ...leftover, outcome: leftover.verdict, done: [] };
        }
        if (isInterrupted()) {
            return {
                ...leftover,
                outcome: "failed",
                done: [],
                why: `${leftover.why}; interrupted before it was begun`,
            };
        }
        this.#tools.say(`${leftover.kind} ${leftover.name}: ${leftover.why}`);
        try {
            const { removed, done, why, commands } = await this.#remove(leftover);
            const outcome = removed === "spared" ? "spared" : removed ? "gone" : "failed";
            const swept = {
                ...leftover,
                outcome,
                done,
                commands,
                ...(why !== undefined && { why: outcome === "spared" ? why : `${leftover.why}; ${why}` }),
            } as const;
            this.#tools.say(`${leftover.kind} ${leftover.name}: ${outcome}${why === undefined ? "" : `, ${why}`}`);
            return swept;
        } catch (error) {
            const why = reasonOf(error);
            this.#tools.say(`${leftover.kind} ${leftover.name}: failed, ${why}`);
            return { ...leftover, outcome: "failed", done: [], why: `${leftover.why}; ${why}` };
        }
    }

    #remove(leftover: Leftover): Promise<Omit<Removal, "removed"> & { readonly removed: boolean | "spared" }> {
        switch (leftover.kind) {
            case "stack":
                return this.#stack(leftover);
            case "namespace":
                return this.#namespace(leftover);
            case "database":
                return this.#database(leftover);
            case "file":
                return this.#file(leftover);
            case "role":
            case "volume":
                throw new Error(`a ${leftover.kind} is never due`);
            default:
                return leftover.kind satisfies never;
        }
    }

    /** Looked at once more: while others were destroyed somebody may have pushed to it. */
    async #stack({ name, pullRequest }: Leftover) {
        const { pulumi, knowing, now } = this.#looking;
        const before = this.#observed.stacks.find(({ stack }) => stack.name === name)!;
        const pullRequests =
            pullRequest === undefined ? this.#observed.pullRequests : await askedOf(knowing, [pullRequest]);
        const again = judgeStack(
            { ...before, state: await readState(pulumi, name) },
            { ...this.#observed, pullRequests, now: now() },
        );
        if (again?.verdict !== "due") {
            const why = again?.why ?? "it is in use again";
            return { removed: "spared", done: [], commands: [], why } as const;
        }
        const file = this.#observed.files.find(({ stack }) => stack === shortName(name));
        return await removeStack(name, this.#tools, { ...this.#options, keepFile: file?.tracked === true });
    }

    async #namespace({ name, place }: Leftover): Promise<Removal> {
        const cluster = this.#observed.clusters.find((each) => each.name === place)!;
        const config = clusterOf(cluster.connection);
        const { now } = this.#tools;
        const { patience, releaseAfter } = this.#options;
        const done: string[] = [];
        await deleteNamespace(config, name).catch((error: unknown) => {
            // It is going, or gone.
            if (!isNotFound(error) && !isConflict(error)) {
                throw error;
            }
        });
        const until = now().getTime() + patience * 60_000;
        for (;;) {
            const holding = await holdersOf(config, name);
            if (!holding.there) {
                return { removed: true, done, commands: [] };
            }
            const due = holding.holders.filter(
                ({ since }) => releaseAfter !== undefined && now().getTime() - since.getTime() >= releaseAfter,
            );
            for (const holder of due) {
                await release(config, holder);
                done.push(`finalizers taken off ${holder.kind} ${holder.name}: ${holder.finalizers.join(", ")}`);
            }
            if (now().getTime() >= until) {
                const waits = holding.holders.map(
                    ({ kind, name: object, finalizers }) =>
                        `${kind} ${object} waits for who takes off its finalizer ${finalizers.join(", ")}`,
                );
                return {
                    removed: false,
                    done,
                    why: [...holding.said, ...waits].join("; ") || "it is still being deleted",
                    commands: holding.holders.map(releaseCommand),
                };
            }
            await sleep(2000);
        }
    }

    async #database({ name, place }: Leftover): Promise<Removal> {
        const { clusters, servers, stacks } = this.#observed;
        const server = servers.find(
            ({ namespace, databases }) => namespace === place && databases.some(({ database }) => database === name),
        )!;
        const lender = stacks.flatMap(({ state }) =>
            "databaseSweepers" in state && state.databaseSweepers.includes(`${server.namespace}/${server.cronJob}`)
                ? (state.connection ?? [])
                : [],
        )[0]!;
        const database = server.databases.find((each) => each.database === name)!;
        const cluster = clusters.find(({ connection }) => connection.clusterIdentifier === lender.clusterIdentifier)!;
        // Its environment was to go with this sweep, and may not have.
        const { there } = await holdersOf(clusterOf(cluster.connection), database.namespace);
        if (there) {
            return {
                removed: false,
                done: [],
                why: `its environment ${database.namespace} is still there`,
                commands: [],
            };
        }
        await dropDatabase(clusterOf(cluster.connection), server, database);
        return { removed: true, done: [`role ${database.role} too, unless it owns something else`], commands: [] };
    }

    async #file({ name }: Leftover): Promise<Removal> {
        await rm(join(this.#looking.directory, name), { force: true });
        return { removed: true, done: [], commands: [] };
    }
}

function isConflict(error: unknown): boolean {
    return error instanceof ApiException && error.code === 409;
}
