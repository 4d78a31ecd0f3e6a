// Runs jobs for a forge's events, as CI does: one after the other for each pull request, each with the event in a file and the variables
// that GitHub and Gitea give to jobs. What a job does is the test's.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** As far as jobs look at it. */
export interface PullRequestEvent {
    /** `synchronized`: pushed to. */
    readonly action: "opened" | "synchronized" | "closed" | "reopened";
    readonly number: number;
    readonly pull_request: {
        readonly merged: boolean;
        readonly merge_commit_sha: string | null;
        readonly head: {
            readonly ref: string;
            readonly sha: string;
            readonly repo: { readonly full_name: string; readonly fork: boolean };
        };
        readonly base: { readonly sha: string; readonly repo: { readonly full_name: string } };
    };
}

export interface CommentEvent {
    readonly action: "created" | "edited" | "deleted";
    readonly issue: { readonly number: number };
    readonly comment: { readonly id: number; readonly body: string };
}

export interface Job {
    readonly event: PullRequestEvent;
    /** GITHUB_EVENT_NAME and GITHUB_EVENT_PATH. */
    readonly variables: Readonly<Record<string, string>>;
    /** The variables of a job that follows this one's run, as `workflow_run` does. */
    following(): Promise<Readonly<Record<string, string>>>;
}

export class Runner {
    /** What was written, edited and deleted, in the forge's order. */
    readonly comments: CommentEvent[] = [];
    readonly failures: unknown[] = [];
    readonly #ended: PullRequestEvent[] = [];
    readonly #directory: string;
    readonly #server: Server;
    readonly #run: (job: Job) => Promise<void>;
    readonly #queues = new Map<number, Promise<void>>();
    #events = 0;

    private constructor(directory: string, run: (job: Job) => Promise<void>) {
        this.#directory = directory;
        this.#run = run;
        this.#server = createServer((request, response) => {
            void this.#take(request).finally(() => response.end());
        });
    }

    static async start(run: (job: Job) => Promise<void>): Promise<Runner> {
        const runner = new Runner(await mkdtemp(join(tmpdir(), "runner-")), run);
        await new Promise<void>((resolve) => runner.#server.listen(0, "127.0.0.1", resolve));
        return runner;
    }

    /** Where the forge sends its events. */
    get address(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
    }

    /** Once a job for that commit has ended, and all that were waiting. @throws what one of them threw */
    async ran(action: PullRequestEvent["action"], head: string): Promise<void> {
        const deadline = Date.now() + 600_000;
        while (!this.#ended.some((one) => one.action === action && one.pull_request.head.sha === head)) {
            if (this.failures.length > 0) {
                throw this.failures.shift();
            }
            if (Date.now() > deadline) {
                throw new Error(`no job has run for ${action} of ${head}`);
            }
            await sleep(50);
        }
        await Promise.all(this.#queues.values());
    }

    async stop(): Promise<void> {
        this.#server.closeAllConnections();
        await new Promise((resolve) => this.#server.close(resolve));
        await rm(this.#directory, { recursive: true, force: true });
    }

    async #take(request: IncomingMessage): Promise<void> {
        const payload = await json(request);
        const name = request.headers["x-gitea-event"];
        if (name === "pull_request" || name === "pull_request_sync") {
            const event = payload as PullRequestEvent;
            this.#events += 1;
            const job = await this.#jobOf(event, this.#events);
            const before = this.#queues.get(event.number) ?? Promise.resolve();
            const run = before
                .then(() => this.#run(job))
                .then(() => void this.#ended.push(event))
                .catch((error: unknown) => void this.failures.push(error));
            this.#queues.set(event.number, run);
        } else if (name === "issue_comment" || name === "pull_request_comment") {
            this.comments.push(payload as CommentEvent);
        }
    }

    async #jobOf(event: PullRequestEvent, number: number): Promise<Job> {
        const write = async (name: string, content: unknown) => {
            const path = join(this.#directory, `${number}-${name}.json`);
            await writeFile(path, JSON.stringify(content));
            return { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path };
        };
        const { head } = event.pull_request;
        return {
            event,
            variables: await write("pull_request", event),
            following: () =>
                write("workflow_run", {
                    workflow_run: {
                        event: "pull_request",
                        head_sha: head.sha,
                        head_branch: head.ref,
                        pull_requests: [],
                    },
                }),
        };
    }
}
