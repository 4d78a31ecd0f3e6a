// The jobs of examples/ci for the events of a forge. What stands for what is not here: packages are this checkout's, the clouds' logins the
// variables of a backend, and an image is one of the lab's by the name that the workflow gives it.
import { copyFile, cp, mkdir, readFile, symlink } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { projectRoot } from "../../../commands/support/paths.ts";
import { forgetImages, nameImage } from "../../../lab/cluster/index.ts";
import type { Job } from "../../../lab/forge/runner.ts";
import { Workflows, type Event, type JobRun, type Place } from "../../../lab/forge/workflows.ts";
import { git } from "./checkout.ts";

export interface JobsOf {
    /** `owner/shop`. */
    readonly repository: string;
    /** The forge's, without `/api`. */
    readonly address: string;
    readonly api: string;
    readonly token: string;
    /** What a job needs that may come into the cluster. */
    readonly cloud: Readonly<Record<string, string>>;
    readonly home: string;
}

export class ShopJobs {
    readonly #of: JobsOf;
    readonly #images = new Set<string>();
    /** By the run's id. */
    readonly #artifacts = new Map<string, string>();
    readonly #begun: Promise<unknown>[] = [];
    #workflows!: Workflows;

    private constructor(of: JobsOf) {
        this.#of = of;
    }

    static async create(of: JobsOf): Promise<ShopJobs> {
        const jobs = new ShopJobs(of);
        jobs.#workflows = await Workflows.create(jobs.#world());
        return jobs;
    }

    get runs(): readonly JobRun[] {
        return this.#workflows.runs;
    }

    get running(): readonly string[] {
        return this.#workflows.running;
    }

    begin(job: Job): void {
        const work = this.#follow(job);
        // Whoever waits for it hears of it.
        work.catch(() => undefined);
        this.#begun.push(work);
    }

    /** All that was begun. @throws what one of them threw */
    async ended(): Promise<void> {
        while (this.#begun.length > 0) {
            await this.#begun.shift();
        }
    }

    async stop(): Promise<void> {
        await Promise.allSettled(this.#begun);
        await this.#workflows.stop();
        await forgetImages([...this.#images]);
    }

    /** What `on` of the workflows says. */
    async #follow({ event, variables, following }: Job): Promise<void> {
        const { head, merged, merge_commit_sha: merge } = event.pull_request;
        const asked: Event = { name: "pull_request", payload: event, commit: head.sha, variables };
        if (event.action === "closed") {
            const pushed: Event = { name: "push", payload: {}, commit: merge ?? "", variables: {} };
            await Promise.all([
                this.#workflows.run("pull-request-closed.yml", asked),
                ...(merged ? [this.#workflows.run("main.yml", pushed)] : []),
            ]);
            return;
        }
        const id = String(this.#artifacts.size + 1);
        this.#artifacts.set(id, "");
        this.#artifacts.set(id, await this.#workflows.run("pull-request.yml", asked));
        const run = { event: "pull_request", id, head_sha: head.sha, head_repository: head.repo };
        await this.#workflows.run("pull-request-comment.yml", {
            ...{ name: "workflow_run", payload: { workflow_run: run }, commit: head.sha },
            variables: await following(),
        });
    }

    #world(): Parameters<typeof Workflows.create>[0] {
        const { repository, address, api, token, cloud, home } = this.#of;
        const link = async ({ workspace }: Place): Promise<void> =>
            await symlink(join(projectRoot, "node_modules"), join(workspace, "node_modules"));
        const nothing = (): Promise<void> => Promise.resolve();
        return {
            folder: join(projectRoot, "examples/ci/github"),
            vars: {
                PULUMI_BACKEND_URL: cloud["PULUMI_BACKEND_URL"]!,
                STAGING_IMAGE: "localhost/shop-staging",
                PRODUCTION_IMAGE: "localhost/shop-production",
                APP_CONTEXT: "app",
            },
            everywhere: {
                PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
                HOME: home,
                GITHUB_API_URL: api,
                GITHUB_SERVER_URL: address,
                GITHUB_REPOSITORY: repository,
                GITHUB_RUN_ID: "1",
            },
            ...{ token, cloud },
            commands: { "npm ci --omit=dev": link },
            actions: {
                "actions/checkout": ({ ref = "" }, place) => this.#checkOut(ref, place),
                "actions/setup-node": nothing,
                "./.github/actions/setup": (_, place) => link(place),
                "docker/setup-buildx-action": nothing,
                "docker/build-push-action": async ({ context, tags }, { workspace }) => {
                    const colour = (await readFile(join(workspace, context!, "colour"), "utf8")).trim();
                    await nameImage(`localhost/django-sample:${colour}`, tags!);
                    this.#images.add(tags!);
                },
                "actions/upload-artifact": async ({ name, path }, { workspace, artifacts }) => {
                    await mkdir(join(artifacts, name!), { recursive: true });
                    await copyFile(join(workspace, path!), join(artifacts, name!, path!));
                },
                "actions/download-artifact": async ({ name, path, "run-id": run }) => {
                    await cp(join(this.#artifacts.get(run!)!, name!), path!, { recursive: true });
                },
            },
        };
    }

    /** As GitHub does it: without a `ref`, of a pull request its merge with the base. */
    async #checkOut(ref: string, { workspace, event }: Place): Promise<void> {
        const { address, repository } = this.#of;
        await git(workspace, "clone", "--quiet", "--no-checkout", `${address}/${repository}.git`, ".");
        const { number, pull_request: pull } = event.payload as Partial<Job["event"]>;
        if (number !== undefined) {
            await git(workspace, "fetch", "--quiet", "origin", `refs/pull/${number}/head`);
        }
        const checkOut = async (commit: string): Promise<string> =>
            await git(workspace, "checkout", "--quiet", "--detach", commit);
        if (ref !== "") {
            await checkOut(/^[0-9a-f]{40}$/.test(ref) ? ref : `origin/${ref}`);
        } else if (pull !== undefined) {
            await checkOut(pull.base.sha);
            await git(workspace, "merge", "--quiet", "--no-edit", pull.head.sha);
        } else {
            await checkOut(event.name === "push" ? event.commit : "origin/main");
        }
    }
}
