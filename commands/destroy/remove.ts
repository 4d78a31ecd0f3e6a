// Removes a stack that nobody looks after any more: whatever the last run left of it, to the end, with its file. What cannot be removed is
// told with the command that does it.
import { holderOf, isLocked, locksIn, locksOf, type Lock } from "../backend/locks.ts";
import { exported } from "../backend/read.ts";
import { complaint, type Answer, type Pulumi } from "../backend/pulumi.ts";
import { dumpsIn } from "../dumps/found.ts";
import type { Deployment } from "../repair/deployment.ts";
import { readExport } from "../repair/deployment.ts";
import { report as repairReport, type Repair } from "../repair/repair.ts";
import { destroy } from "./destroy.ts";
import { releaseCommand, type Holder, type Holding } from "./holders.ts";

export interface Removal {
    readonly removed: boolean;
    /** What was done on the way, beside the destroy itself. */
    readonly done: readonly string[];
    /** Of what is left. */
    readonly why?: string;
    /** What a person has to do. */
    readonly commands: readonly string[];
}

export interface RemoveOptions {
    /** Minutes for a destroy. */
    readonly patience: number;
    /** Milliseconds after which a lock is taken for that of a run that is dead. @default never: it is told */
    readonly unlockAfter?: number | undefined;
    /** Milliseconds after which finalizers are taken off what was to go. @default never: they are told */
    readonly releaseAfter?: number | undefined;
    /** Whether a last dump is taken of databases whose settings ask for one. */
    readonly dump: boolean;
    /** Whether its file stays. @default it goes with the stack */
    readonly keepFile?: boolean;
}

export interface Tools {
    readonly pulumi: Pulumi;
    /** Of the project, as states name it. */
    readonly project: string;
    /** The backend's address. @default the one that Pulumi is logged in to */
    readonly backend?: string | undefined;
    readonly repair: (stack: string) => Promise<Repair>;
    readonly gcloud: (args: readonly string[]) => Promise<number>;
    /** @returns why there is none */
    readonly lastDumps: (deployment: Deployment) => Promise<string | undefined>;
    /** What keeps its namespace, of the cluster that the state names. */
    readonly holding: (deployment: Deployment) => Promise<Holding>;
    readonly release: (deployment: Deployment, holder: Holder) => Promise<void>;
    readonly say: (line: string) => void;
    readonly now: () => Date;
}

/** Never throws: what is in the way of one stack is none of the others'. */
export async function removeStack(stack: string, tools: Tools, options: RemoveOptions): Promise<Removal> {
    const done: string[] = [];
    try {
        return await new Removing(stack, tools, options, done).run();
    } catch (error) {
        return left(done, error instanceof Error ? error.message : String(error), [`make destroy STACK=${stack}`]);
    }
}

function left(done: readonly string[], why: string, commands: readonly string[]): Removal {
    return { removed: false, done, why, commands };
}

class Removing {
    readonly #stack: string;
    readonly #tools: Tools;
    readonly #options: RemoveOptions;
    readonly #done: string[];

    constructor(stack: string, tools: Tools, options: RemoveOptions, done: string[]) {
        this.#stack = stack;
        this.#tools = tools;
        this.#options = options;
        this.#done = done;
    }

    async run(): Promise<Removal> {
        const { pulumi, project, backend } = this.#tools;
        let deployment: Deployment;
        try {
            ({ deployment } = await exported(pulumi, this.#stack));
        } catch (error) {
            return left(this.#done, `its state cannot be read: ${firstLine(error)}`, stateCommands(this.#stack));
        }
        const locks = await locksOf(backend, project, this.#stack);
        const held = locks.length > 0 ? await this.#unlock(locks) : undefined;
        if (held !== undefined) {
            return held;
        }
        await this.#repair(deployment);
        if ((deployment.resources ?? []).length > 0 || (deployment.pending_operations ?? []).length > 0) {
            const failed = await this.#destroy();
            if (failed !== undefined) {
                return failed;
            }
        }
        return await this.#forget();
    }

    /** What a killed run made and the state does not know would outlive the destroy. */
    async #repair(deployment: Deployment): Promise<void> {
        if (!(deployment.pending_operations ?? []).some(({ type }) => type === "creating")) {
            return;
        }
        try {
            const repaired = await this.#tools.repair(this.#stack);
            this.#done.push(...repairReport(repaired).split("\n"));
        } catch (error) {
            // Without its cluster nothing can be looked for, and a destroy says the same; what is pending is in the report.
            this.#done.push(`what an update that was killed had begun could not be looked for: ${firstLine(error)}`);
        }
    }

    /** @returns what it ended with, where it did not remove all */
    async #destroy(): Promise<Removal | undefined> {
        let answer = await this.#attempt([]);
        if (answer !== undefined && isLocked(saidBy(answer))) {
            const held = await this.#unlock(locksIn(saidBy(answer)));
            if (held !== undefined) {
                return held;
            }
            answer = await this.#attempt([]);
        }
        if (answer === undefined) {
            return undefined;
        }
        if (isUndecipherable(saidBy(answer))) {
            return left(this.#done, `its secrets cannot be read: ${firstLine(complaint(answer))}`, [
                `PULUMI_CONFIG_PASSPHRASE_FILE=FILE make destroy STACK=${this.#stack}`,
            ]);
        }
        const released = await this.#release();
        if (released.length === 0 || (await this.#attempt([])) !== undefined) {
            // What somebody deleted by hand leaves the state; what is left is asked to go once more.
            this.#tools.say(`${this.#stack}: once more, after a look at what is there`);
            answer = await this.#attempt(["--refresh"]);
            if (answer !== undefined) {
                return await this.#explain(answer);
            }
        }
        return undefined;
    }

    async #attempt(flags: readonly string[]): Promise<Answer | undefined> {
        const { pulumi, gcloud, say, lastDumps } = this.#tools;
        const { dump, patience } = this.#options;
        let last: Answer | undefined;
        let missing: string | undefined;
        const code = await destroy(["--stack", this.#stack, "--yes", "--skip-preview", ...flags], {
            pulumi: async (args) => {
                last = await pulumi(args, { patience });
                return last.code;
            },
            gcloud,
            state: () => exported(pulumi, this.#stack),
            say: (line) => say(`${this.#stack}: ${line}`),
            ...(dump && {
                lastDumps: async () => {
                    const { deployment } = await exported(pulumi, this.#stack);
                    if (dumpsIn(deployment.resources ?? []).some(({ atEnd }) => atEnd)) {
                        missing = await lastDumps(await this.#withSecrets());
                    }
                    return missing;
                },
            }),
        });
        if (missing !== undefined) {
            throw new Error(missing);
        }
        return code === 0 ? undefined : last;
    }

    async #withSecrets(): Promise<Deployment> {
        const { code, stdout, ...rest } = await this.#tools.pulumi([
            "stack",
            "export",
            "--show-secrets",
            "--stack",
            this.#stack,
        ]);
        if (code !== 0) {
            throw new Error(complaint({ code, ...rest, stdout: "" }));
        }
        return readExport(stdout).deployment;
    }

    /** @returns undefined where they are gone */
    async #unlock(locks: readonly Lock[]): Promise<Removal | undefined> {
        const { pulumi, now } = this.#tools;
        const { unlockAfter } = this.#options;
        const mayGo = (lock: Lock): boolean =>
            holderOf(lock) !== "runs" &&
            unlockAfter !== undefined &&
            now().getTime() - lock.since.getTime() >= unlockAfter;
        if (locks.length === 0 || !locks.every(mayGo)) {
            const why =
                locks.length === 0
                    ? "an update of it runs, as its backend says"
                    : `it is locked by ${locks.map((lock) => lockText(lock, now())).join(" and by ")}`;
            return left(this.#done, why, [`pulumi cancel --yes --stack ${this.#stack}`]);
        }
        const answer = await pulumi(["cancel", "--yes", "--stack", this.#stack]);
        if (answer.code !== 0) {
            return left(this.#done, `its lock cannot be removed: ${firstLine(complaint(answer))}`, [
                `pulumi cancel --yes --stack ${this.#stack}`,
            ]);
        }
        this.#done.push(...locks.map((lock) => `unlocked, for its holder is dead: ${lockText(lock, now())}`));
        return undefined;
    }

    async #holding(): Promise<{ readonly deployment: Deployment; readonly holding: Holding }> {
        const { pulumi, holding } = this.#tools;
        const { deployment } = await exported(pulumi, this.#stack);
        return {
            deployment,
            holding: await holding(deployment).catch((error: unknown) => ({
                there: true,
                holders: [],
                said: [`its cluster does not answer: ${firstLine(error)}`],
            })),
        };
    }

    /** Of what waits longer than asked for. */
    async #release(): Promise<readonly Holder[]> {
        const { releaseAfter } = this.#options;
        if (releaseAfter === undefined) {
            return [];
        }
        const { deployment, holding } = await this.#holding();
        const due = holding.holders.filter(
            ({ since }) => this.#tools.now().getTime() - since.getTime() >= releaseAfter,
        );
        for (const holder of due) {
            await this.#tools.release(deployment, holder);
            this.#done.push(
                `finalizers taken off ${holder.kind} ${holder.name}: ${holder.finalizers.join(", ")}; what they stood for may still be there`,
            );
        }
        return due;
    }

    async #explain(answer: Answer): Promise<Removal> {
        const { holding } = await this.#holding();
        if (holding.holders.length === 0) {
            const why = [...holding.said, firstLine(complaint(answer))].join("; ");
            return left(this.#done, why, [`make destroy STACK=${this.#stack}`]);
        }
        const why = [
            ...holding.said,
            ...holding.holders.map(
                ({ kind, name, finalizers }) =>
                    `${kind} ${name} waits for who takes off its finalizer ${finalizers.join(", ")}`,
            ),
        ].join("; ");
        return left(this.#done, why, [...holding.holders.map(releaseCommand), `make destroy STACK=${this.#stack}`]);
    }

    async #forget(): Promise<Removal> {
        const flags = this.#options.keepFile === true ? ["--preserve-config"] : [];
        const answer = await this.#tools.pulumi(["stack", "rm", "--yes", ...flags, "--stack", this.#stack]);
        if (answer.code === 0) {
            return { removed: true, done: this.#done, commands: [] };
        }
        return left(this.#done, firstLine(complaint(answer)), [`pulumi stack rm --yes --stack ${this.#stack}`]);
    }
}

/** The engine's words where a state's or a file's secrets were encrypted with another key. */
function isUndecipherable(said: string): boolean {
    return /incorrect passphrase|passphrase must be set|constructing secrets manager|failed to decrypt|get stack secrets manager/.test(
        said,
    );
}

function saidBy({ stdout, stderr }: Answer): string {
    return `${stdout}\n${stderr}`;
}

/** It says what is wrong with the state; docs/sweeper.md, what then. */
export function stateCommands(stack: string): readonly string[] {
    return [`pulumi stack export --stack ${stack}`];
}

export function lockText({ user, host, pid, since }: Lock, now: Date): string {
    const hours = (now.getTime() - since.getTime()) / 3_600_000;
    const age = hours < 1 ? `${Math.max(0, Math.round(hours * 60))} min` : `${Math.round(hours)} h`;
    return `${user}@${host}, process ${pid}, for ${age}`;
}

function firstLine(error: unknown): string {
    const text = error instanceof Error ? error.message : String(error);
    return text.split("\n").find((line) => line.trim() !== "") ?? "it gave no reason";
}
