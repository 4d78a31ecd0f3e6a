// A shop's repository at a real forge, this program in it, and a staging on the cluster that lends: what somebody has who takes examples/ci.
import { copyFile, cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { kubeconfigPath, projectRoot } from "../../../commands/support/paths.ts";
import type { Report } from "../../../commands/sweep/sweep.ts";
import { loadImages } from "../../../lab/cluster/index.ts";
import { Gitea, type User } from "../../../lab/forge/gitea.ts";
import { Runner, type CommentEvent, type PullRequestEvent } from "../../../lab/forge/runner.ts";
import type { JobRun } from "../../../lab/forge/workflows.ts";
import { buildImages } from "../../../lab/images/index.ts";
import { TestEnvironment } from "../../cluster/support/environment.ts";
import { eventually } from "../../cluster/support/kubernetes.ts";
import { Reviews, smallReview } from "../../cluster/support/review.ts";
import { Checkout, git } from "./checkout.ts";
import { ShopCluster } from "./shop-cluster.ts";
import { ShopJobs } from "./shop-jobs.ts";

export const repository = "owner/shop";
export const domain = "reviews.localhost";
export const verdictMarker = "<!-- django-on-kubernetes:verdict:staging -->";
export const reviewMarker = "<!-- django-on-kubernetes:review -->";

const report = (message: string): void => console.log(message);

interface Shown {
    readonly body: string;
    readonly user: { readonly login: string };
}

export class Shop {
    cluster!: ShopCluster;
    gitea!: Gitea;
    owner!: User;
    contributor!: User;
    #directory!: string;
    #token!: string;
    #platform!: TestEnvironment;
    #reviews!: Reviews;
    #jobs!: ShopJobs;
    #runner!: Runner;
    /** What was made, the latest first. */
    readonly #undo: Array<() => Promise<unknown>> = [];

    private constructor() {
        // Opened below, step by step.
    }

    static async open(): Promise<Shop> {
        const shop = new Shop();
        try {
            await shop.#forge();
            await shop.#staging();
            await shop.#listen();
            await shop.#begin();
            return shop;
        } catch (error) {
            await shop.close().catch((other: unknown) => console.error(other));
            throw error;
        }
    }

    /** All of it, also where some does not go. */
    async close(): Promise<void> {
        const failures: unknown[] = [];
        for (const undo of this.#undo.splice(0)) {
            await undo().catch((error: unknown) => failures.push(error));
        }
        if (failures.length > 0) {
            throw new AggregateError(failures, failures.map(String).join("\n"));
        }
    }

    /** What was done to the comment with that marker, once the forge has told of the text that is meant: it does so seconds later. */
    async heard(number: number, marker: string, text: RegExp): Promise<ReadonlyArray<CommentEvent["action"]>> {
        const heard = (): readonly CommentEvent[] =>
            this.#runner.comments.filter(
                ({ issue, comment }) => issue.number === number && comment.body.startsWith(marker),
            );
        await eventually(
            async () =>
                await Promise.resolve(
                    heard().some(({ comment: { body } }) => text.test(body)) ? undefined : `no ${text}`,
                ),
            60,
        );
        return heard().map(({ action }) => action);
    }

    get runs(): readonly JobRun[] {
        return this.#jobs.runs;
    }

    /** Stacks of pull requests. */
    async stacks(): Promise<readonly string[]> {
        return await this.#reviews.stacks();
    }

    /** Once the forge has told that event. It tells the branch's commit of that moment, so a second push waits for the first one's. */
    async told(action: PullRequestEvent["action"], commit: string): Promise<void> {
        await this.#runner.ran(action, commit);
    }

    /** Once all jobs have ended that this event and those before it began. */
    async ran(action: PullRequestEvent["action"], commit: string): Promise<void> {
        await this.told(action, commit);
        await this.#jobs.ended();
    }

    /** Once a command with these words runs. */
    async begins(words: string): Promise<void> {
        const deadline = Date.now() + 300_000;
        while (!this.#jobs.running.some((one) => one.includes(words))) {
            if (Date.now() > deadline) {
                throw new Error(`no job runs ${words}`);
            }
            await sleep(50);
        }
    }

    /** How the jobs for a commit ended, by their names. */
    conclusions(commit: string): Record<string, string> {
        const own = this.runs.filter((run) => run.commit === commit);
        return Object.fromEntries(own.map(({ job, conclusion }) => [job, conclusion]));
    }

    /** What the commands for a commit printed, for the message of a test that fails. */
    said(commit: string): string {
        return this.runs
            .filter((run) => run.commit === commit)
            .map(({ workflow, job, conclusion, commands }) =>
                [
                    `${workflow}, ${job}: ${conclusion}`,
                    ...commands.map(({ words, code, output }) => `$ ${words}\n${output.slice(-3000)}\n= ${code}`),
                ].join("\n"),
            )
            .join("\n\n");
    }

    /** What no fork may see. */
    get secrets(): Readonly<Record<string, string>> {
        return {
            "the forge's token": this.#token,
            "the owner's password": this.owner.password,
            "the kubeconfig": kubeconfigPath,
        };
    }

    /** `nightly.yml`, in staging's folder. @returns what became of each thing found */
    async sweep(...options: readonly string[]): Promise<Record<string, string>> {
        const path = join(this.#directory, "sweep.json");
        const command = join(projectRoot, "commands/sweep/main.ts");
        const { all } = await execa(process.execPath, [command, "--json", path, ...options], {
            cwd: this.#platform.directory,
            env: {
                ...this.#platform.variables,
                ...{ GITHUB_API_URL: this.gitea.api, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: this.#token },
            },
            ...{ reject: false, all: true },
        });
        const text = await readFile(path, "utf8").catch(() => {
            throw new Error(all);
        });
        await rm(path);
        const { found } = JSON.parse(text) as Report;
        return Object.fromEntries(found.map(({ kind, name, outcome }) => [`${kind} ${name}`, outcome]));
    }

    /** CI's comment with that marker. @throws where it has two */
    async comment(number: number, marker: string): Promise<string | undefined> {
        const path = `/repos/${repository}/issues/${number}/comments?limit=50`;
        const all = (await this.gitea.ask(this.owner, "GET", path)) as readonly Shown[];
        const [written, ...others] = all.filter(({ body, user }) => user.login === "ci" && body.startsWith(marker));
        if (others.length > 0) {
            throw new Error(`pull request ${number} has ${others.length + 1} comments with ${marker}`);
        }
        return written?.body;
    }

    async openPull(user: User, head: string): Promise<number> {
        const asked = { head, base: "main", title: head };
        let opened: { readonly number: number } | undefined;
        // The forge knows of a branch a moment after its push has ended.
        await eventually(async () => {
            opened = (await this.gitea.ask(user, "POST", `/repos/${repository}/pulls`, asked)) as typeof opened;
            return undefined;
        }, 30);
        return opened!.number;
    }

    async closePull(user: User, number: number): Promise<void> {
        await this.gitea.ask(user, "PATCH", `/repos/${repository}/pulls/${number}`, { state: "closed" });
    }

    /** @param name of its folder */
    async clone(user: User, from: string, name: string): Promise<Checkout> {
        const directory = join(this.#directory, name);
        await mkdir(directory);
        await git(directory, "clone", "--quiet", this.gitea.remote(user, from), ".");
        return new Checkout(directory);
    }

    async #forge(): Promise<void> {
        const directory = await mkdtemp(join(tmpdir(), "shop-"));
        this.#directory = directory;
        this.#undo.unshift(() => rm(directory, { recursive: true, force: true }));
        const gitea = await Gitea.start(report);
        this.gitea = gitea;
        this.#undo.unshift(() => gitea.stop());
        const names = ["owner", "contributor", "ci"];
        const [owner, contributor, bot] = await Promise.all(names.map((name) => gitea.createUser(name)));
        Object.assign(this, { owner, contributor });
        await gitea.ask(owner!, "POST", "/user/repos", { name: "shop", default_branch: "main" });
        await gitea.ask(owner!, "PUT", `/repos/${repository}/collaborators/ci`, { permission: "write" });
        this.#token = await gitea.createToken(bot!, ["write:issue", "read:repository", "read:user"]);
    }

    async #staging(): Promise<void> {
        const platform = await TestEnvironment.create("staging");
        this.#platform = platform;
        this.#reviews = new Reviews(platform);
        this.cluster = new ShopCluster(domain);
        const jobs = await ShopJobs.create({
            ...{ repository, address: this.gitea.address, api: this.gitea.api, token: this.#token },
            ...{ cloud: platform.variables, home: this.#directory },
        });
        this.#jobs = jobs;
        this.#undo.unshift(() => jobs.stop());
        this.#undo.unshift(() => platform.remove());
        await platform.configure((config) => {
            smallReview(config);
            config["environment"] = { kind: "staging" };
            config["lends"] = { domain, database: true };
            config["apps"][0].name = "shop";
            config["assets"].media = { from: "volume", storage: "64Mi", accessMode: "ReadWriteOnce" };
        });
        const { exitCode, output } = await platform.pulumi("up");
        if (exitCode !== 0) {
            throw new Error(output);
        }
        await this.#reviews.template((config) => {
            smallReview(config);
            const [app] = config["apps"];
            app.name = "shop";
            app.hosts = [`preview.${domain}`];
            delete app.release.superuser;
            config["database"] = { variant: "platform", image: "localhost/postgres:15" };
        });
        const images = await buildImages(report, ["localhost/django-sample:green"]);
        await loadImages(
            images.map(({ archive }) => archive),
            report,
        );
    }

    async #listen(): Promise<void> {
        const jobs = this.#jobs;
        this.#undo.unshift(() => this.#closeAll());
        const runner = await Runner.start((job) => Promise.resolve(jobs.begin(job)));
        this.#runner = runner;
        this.#undo.unshift(() => runner.stop());
        await this.gitea.ask(this.owner, "POST", `/repos/${repository}/hooks`, {
            type: "gitea",
            active: true,
            events: ["pull_request", "pull_request_sync", "issue_comment", "pull_request_comment"],
            config: { url: runner.address, content_type: "json" },
        });
    }

    /** What a test has left. */
    async #closeAll(): Promise<void> {
        await this.#jobs.ended().catch(() => undefined);
        for (const stack of await this.stacks()) {
            const { exitCode, output } = await this.#reviews.close(Number(stack.replace("pr-", "")), "--alone");
            if (exitCode !== 0) {
                throw new Error(output);
            }
        }
    }

    /** What somebody does once who takes this program and examples/ci. */
    async #begin(): Promise<void> {
        const checkout = await this.clone(this.owner, repository, "begun");
        const { stdout } = await execa("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
            cwd: projectRoot,
        });
        for (const file of stdout.split("\0").filter(Boolean)) {
            await cp(join(projectRoot, file), join(checkout.directory, file), { verbatimSymlinks: true });
        }
        for (const stack of ["staging", "preview"]) {
            const file = `Pulumi.${stack}.yaml`;
            await copyFile(join(this.#platform.directory, file), join(checkout.directory, file));
        }
        await checkout.edit("app/colour", () => "blue\n");
        await checkout.push("main", "begun");
    }
}
