// Runs GitHub's workflows, as far as examples/ci uses them: jobs with their conditions, groups, needs and matrix, steps with their commands,
// each job in a folder of its own. What an action does is the test's to say, by its name. A job gets a token and a cloud only where its
// permissions say so; what goes wrong in one fails that job, and no other.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filled, filledAll, holds, type Context } from "./expressions.ts";
import { Groups } from "./groups.ts";
import { shell, type Ended } from "./shell.ts";
import { matrixOf, readWorkflow, type Job, type Step, type Values, type Workflow } from "./workflow-file.ts";

export interface Event {
    readonly name: "pull_request" | "workflow_run" | "push";
    readonly payload: object;
    /** The pull request's last one, or what was pushed: what the run is about. */
    readonly commit: string;
    /** GITHUB_EVENT_NAME, GITHUB_EVENT_PATH. */
    readonly variables: Values;
}

/** Where one job runs. */
export interface Place {
    readonly workspace: string;
    readonly temp: string;
    readonly event: Event;
    /** Of the run: what its jobs upload. */
    readonly artifacts: string;
}

export interface World {
    /** The folder of the workflows. */
    readonly folder: string;
    readonly vars: Values;
    /** What every job has. */
    readonly everywhere: Values;
    /** What a job has that may write to pull requests. */
    readonly token: string;
    /** What a job has that may show who it is to a cloud (`id-token: write`). */
    readonly cloud: Values;
    /** By the name before the `@`. */
    readonly actions: Readonly<Record<string, (inputs: Values, place: Place) => Promise<void>>>;
    /** In the place of a command, for those that are another's: `npm ci`. */
    readonly commands: Readonly<Record<string, (place: Place) => Promise<void>>>;
}

export interface Command extends Ended {
    /** Of an action its name. */
    readonly words: string;
}

export interface JobRun {
    readonly workflow: string;
    readonly job: string;
    readonly commit: string;
    readonly conclusion: "success" | "failure" | "cancelled" | "skipped";
    readonly commands: readonly Command[];
}

export class Workflows {
    readonly runs: JobRun[] = [];
    /** The commands that run now. */
    readonly running: string[] = [];
    readonly #world: World;
    readonly #groups = new Groups();
    readonly #directory: string;
    #count = 0;

    private constructor(world: World, directory: string) {
        this.#world = world;
        this.#directory = directory;
    }

    static async create(world: World): Promise<Workflows> {
        return new Workflows(world, await mkdtemp(join(tmpdir(), "workflows-")));
    }

    /** All jobs of one workflow, to their end. @returns the folder of what they uploaded */
    async run(file: string, event: Event): Promise<string> {
        const workflow = await readWorkflow(join(this.#world.folder, file));
        const directory = join(this.#directory, String((this.#count += 1)));
        const artifacts = join(directory, "artifacts");
        await mkdir(artifacts, { recursive: true });
        const begun = new Map<string, Promise<readonly JobRun[]>>();
        for (const [name, job] of Object.entries(workflow.jobs)) {
            const needed = job.needs === undefined ? Promise.resolve([]) : begun.get(job.needs)!;
            const all = needed.then(async (before) => {
                if (before.some(({ conclusion }) => conclusion !== "success")) {
                    return [this.#ended(workflow, name, event, "skipped", [])];
                }
                const jobs = matrixOf(job).map(async (matrix, index) => {
                    const [workspace, temp] = ["work", "temp"].map((one) => join(directory, `${name}-${index}`, one));
                    const place = { workspace: workspace!, temp: temp!, event, artifacts };
                    return await this.#job(workflow, name, job, matrix, place);
                });
                return await Promise.all(jobs);
            });
            begun.set(name, all);
        }
        await Promise.all(begun.values());
        return artifacts;
    }

    async stop(): Promise<void> {
        await rm(this.#directory, { recursive: true, force: true });
    }

    async #job(workflow: Workflow, name: string, job: Job, matrix: Values, place: Place): Promise<JobRun> {
        const { event } = place;
        const { vars, token } = this.#world;
        const context: Context = {
            github: {
                event: event.payload,
                // Of a pull request it is that of a merge which is nowhere here.
                ...(event.name === "push" && { sha: event.commit }),
                token: job.permissions["pull-requests"] === undefined ? "" : token,
            },
            ...{ vars, matrix, runner: { temp: place.temp }, env: {} },
            format: (text: string, ...values: string[]) => values.reduce((t, v, i) => t.replace(`{${i}}`, v), text),
        };
        const commands: Command[] = [];
        const conclude = async (): Promise<JobRun["conclusion"]> => {
            if (job.if !== undefined && !holds(job.if, context)) {
                return "skipped";
            }
            const { group, "cancel-in-progress": cancelInProgress } = job.concurrency;
            const ended = await this.#groups.run({ group: filled(group, context), cancelInProgress }, (cancelled) =>
                this.#steps(workflow, job, context, place, cancelled, commands),
            );
            return ended ?? "cancelled";
        };
        const conclusion = await conclude().catch((error: unknown) => {
            commands.push({ words: "the job itself", ...failureOf(error) });
            return "failure" as const;
        });
        return this.#ended(workflow, name, event, conclusion, commands);
    }

    #ended(
        { name: workflow }: Workflow,
        job: string,
        { commit }: Event,
        conclusion: JobRun["conclusion"],
        commands: readonly Command[],
    ): JobRun {
        const run = { workflow, job, commit, conclusion, commands };
        this.runs.push(run);
        return run;
    }

    async #steps(
        workflow: Workflow,
        job: Job,
        context: Context,
        place: Place,
        cancelled: AbortSignal,
        commands: Command[],
    ): Promise<"success" | "failure" | "cancelled"> {
        await Promise.all([place.workspace, place.temp].map((folder) => mkdir(folder, { recursive: true })));
        const env = filledAll({ ...workflow.env, ...job.env }, context);
        const asked = {
            ...{ ...context, env },
            cancelled: () => cancelled.aborted,
            hashFiles: (file: string) => (existsSync(join(place.workspace, file)) ? file : ""),
        };
        const variables = {
            ...this.#world.everywhere,
            ...(job.permissions["id-token"] === "write" ? this.#world.cloud : {}),
            ...{ ...place.event.variables, RUNNER_TEMP: place.temp, ...env },
        };
        let failed = false;
        for (const step of job.steps) {
            const fine = !failed && !cancelled.aborted;
            if (step.if === undefined ? fine : (fine || asksStatus(step.if)) && holds(step.if, asked)) {
                const words = step.uses?.split("@")[0] ?? step.run!;
                const ended = await this.#step(step, asked, place, variables, cancelled).catch(failureOf);
                commands.push({ words, ...ended });
                failed ||= ended.code !== 0;
            }
        }
        return cancelled.aborted ? "cancelled" : failed ? "failure" : "success";
    }

    async #step(
        { uses, run = "", with: inputs = {}, env = {} }: Step,
        context: Context,
        place: Place,
        variables: Values,
        cancelled: AbortSignal,
    ): Promise<Ended> {
        const { actions, commands } = this.#world;
        const done = { code: 0, output: "" };
        if (uses !== undefined) {
            const action = actions[uses.split("@")[0]!];
            if (action === undefined) {
                throw new Error(`What ${uses} does nobody said.`);
            }
            await action(filledAll(inputs, context), place);
            return done;
        }
        if (commands[run] !== undefined) {
            await commands[run](place);
            return done;
        }
        this.running.push(run);
        try {
            return await shell(
                run,
                {
                    script: join(place.temp, "step.sh"),
                    cwd: place.workspace,
                    env: { ...variables, ...filledAll(env, context) },
                },
                cancelled,
            );
        } finally {
            this.running.splice(this.running.indexOf(run), 1);
        }
    }
}

/** A condition that asks for none means: and all went well so far. */
function asksStatus(condition: string): boolean {
    return /\b(?:always|cancelled|failure|success)\(/.test(condition);
}

function failureOf(error: unknown): Ended {
    return { code: 1, output: error instanceof Error ? error.message : String(error) };
}
