// A pull request from open to close at a real forge, Gitea: pushes, comments of other people, two runs at once, a fork whose text is
// hostile, merged and closed. What is written is plain here: verdicts and environments have proofs of their own. Not proved: GitHub and
// GitLab themselves, and a runner that is theirs; test/unit/commands/forge.test.ts has their ways of answering.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { forgeFrom } from "../../commands/forge/from.ts";
import { projectRoot } from "../../commands/support/paths.ts";
import { Gitea, type User } from "../../lab/forge/gitea.ts";
import { Runner, type CommentEvent, type Job } from "../../lab/forge/runner.ts";

const marker = "<!-- django-on-kubernetes:verdict:staging -->";
const repository = "owner/shop";

let gitea: Gitea;
let runner: Runner;
let folder: string;
let owner: User;
let contributor: User;
let outsider: User;
let ci: Record<string, string>;
let checkout: string;

beforeAll(async () => {
    gitea = await Gitea.start((message) => console.log(message));
    folder = await mkdtemp(join(tmpdir(), "pull-request-"));
    [owner, contributor, outsider] = (await Promise.all(
        ["owner", "contributor", "outsider"].map((name) => gitea.createUser(name)),
    )) as [User, User, User];
    const bot = await gitea.createUser("ci");
    await gitea.ask(owner, "POST", "/user/repos", { name: "shop", default_branch: "main" });
    await gitea.ask(owner, "PUT", `/repos/${repository}/collaborators/ci`, { permission: "write" });
    ci = {
        GITHUB_API_URL: gitea.api,
        GITHUB_REPOSITORY: repository,
        GITHUB_TOKEN: await gitea.createToken(bot, ["write:issue", "read:repository", "read:user"]),
    };
    checkout = await clone(owner, repository);
    await push(checkout, "main", "begun");
    runner = await Runner.start(job);
    await gitea.ask(owner, "POST", `/repos/${repository}/hooks`, {
        type: "gitea",
        active: true,
        events: ["pull_request", "pull_request_sync", "issue_comment", "pull_request_comment"],
        config: { url: runner.address, content_type: "json" },
    });
});

afterAll(async () => {
    await runner?.stop();
    await gitea?.stop();
    await rm(folder, { recursive: true, force: true });
});

/** What the workflows of examples/ci do for an event, by the same commands. */
async function job({ event, variables, following }: Job): Promise<void> {
    const { head, base, merged } = event.pull_request;
    const file = join(folder, `${event.number}-${head.sha}.md`);
    if (event.action === "closed") {
        await writeFile(file, `The pull request is ${merged ? "merged" : "closed"}, and its environment gone.`);
        await comment(["--pull-request", String(event.number), "--marker", "review", "--file", file], variables);
        return;
    }
    if (head.repo.full_name !== base.repo.full_name) {
        // The first run has the fork's code and no token; the second has the token and its file.
        await writeFile(file, await hostile());
        await comment(["--untrusted", "--marker", "verdict:staging", "--file", file], await following());
        return;
    }
    await writeFile(file, `${marker}\nThe verdict of ${head.sha}.`);
    await comment(["--marker", "verdict:staging", "--file", file], variables);
}

async function comment(args: readonly string[], variables: Readonly<Record<string, string>>): Promise<string> {
    const { stdout } = await execa(process.execPath, ["commands/comment/main.ts", ...args], {
        cwd: projectRoot,
        env: { PATH: process.env["PATH"] ?? "", ...ci, ...variables },
        extendEnv: false,
    });
    return stdout;
}

function hostile(): Promise<string> {
    return Promise.resolve(
        [
            marker,
            "# Fine",
            "",
            "@owner, merge #1 now: [log in](https://evil.example/login) ![x](https://evil.example/x.png)",
            '<a href="https://evil.example">here</a> <img src="https://evil.example/y.png"> &#64;owner',
            "<!-- django-on-kubernetes:review -->",
            "[a]: https://evil.example",
            "See [a], www.evil.example and https://evil.example.",
        ].join("\n"),
    );
}

async function git(directory: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await execa("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
        cwd: directory,
        env: { GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
    });
    return stdout.trim();
}

async function clone(user: User, from: string): Promise<string> {
    const directory = join(folder, from.replace("/", "-"));
    await mkdir(directory);
    await git(directory, "clone", "--quiet", gitea.remote(user, from), ".");
    return directory;
}

/** @returns the commit */
async function push(directory: string, branch: string, text: string): Promise<string> {
    await writeFile(join(directory, "file.txt"), `${text}\n`);
    await git(directory, "add", "--all");
    await git(directory, "commit", "--quiet", "--message", text);
    await git(directory, "push", "--quiet", "origin", `HEAD:${branch}`);
    return git(directory, "rev-parse", "HEAD");
}

async function openPull(user: User, head: string, in_ = repository): Promise<number> {
    const opened = await gitea.ask(user, "POST", `/repos/${in_}/pulls`, { head, base: "main", title: head });
    return (opened as { number: number }).number;
}

interface Shown {
    readonly id: number;
    readonly body: string;
    readonly user: { readonly login: string };
}

async function commentsOf(number: number): Promise<Shown[]> {
    return (await gitea.ask(owner, "GET", `/repos/${repository}/issues/${number}/comments`)) as Shown[];
}

/** Those of CI with the marker. */
async function markedOf(number: number, with_ = marker): Promise<Shown[]> {
    return (await commentsOf(number)).filter(({ body, user }) => user.login === "ci" && body.startsWith(with_));
}

/** Events of comments come a little later than what they are of. */
async function said(from: number, last: string): Promise<CommentEvent[]> {
    const deadline = Date.now() + 30_000;
    for (;;) {
        const now = runner.comments.slice(from);
        if (now.some(({ comment: { body } }) => body.includes(last))) {
            return now;
        }
        if (Date.now() > deadline) {
            throw new Error(`no comment says ${last}: ${JSON.stringify(now)}`);
        }
        await sleep(50);
    }
}

let number: number;

test("opened, it has one comment, and each push edits it once", async () => {
    await git(checkout, "checkout", "--quiet", "-b", "change");
    const first = await push(checkout, "change", "one");
    number = await openPull(owner, "change");
    await runner.ran("opened", first);
    expect((await markedOf(number)).map(({ body }) => body)).toEqual([`${marker}\nThe verdict of ${first}.`]);

    const second = await push(checkout, "change", "two");
    await runner.ran("synchronized", second);
    expect((await markedOf(number)).map(({ body }) => body)).toEqual([`${marker}\nThe verdict of ${second}.`]);
    expect((await said(0, second)).map(({ action }) => action)).toEqual(["created", "edited"]);
});

test("pushed to three times quickly, it shows the last, and never an earlier one after a later", async () => {
    const before = runner.comments.length;
    const pushed: string[] = [];
    for (const text of ["three", "four", "five"]) {
        pushed.push(await push(checkout, "change", text));
    }
    await runner.ran("synchronized", pushed[2]!);
    const edits = await said(before, pushed[2]!);
    const order = edits.map(({ comment: { body } }) => pushed.findIndex((sha) => body.includes(sha)));
    expect(edits.map(({ action }) => action)).toEqual(edits.map(() => "edited"));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order.at(-1)).toBe(2);
    expect(new Set(order).size).toBe(order.length);
    expect(await markedOf(number)).toHaveLength(1);
});

test("below a hundred comments of other people, one with a copied marker among them, it is still found", async () => {
    await gitea.ask(outsider, "POST", `/repos/${repository}/issues/${number}/comments`, {
        body: `${marker}\nAll is well, merge it.`,
    });
    for (let at = 0; at < 110; at += 1) {
        await gitea.ask(owner, "POST", `/repos/${repository}/issues/${number}/comments`, { body: `Word ${at}.` });
    }
    const sha = await push(checkout, "change", "six");
    await runner.ran("synchronized", sha);
    expect((await markedOf(number)).map(({ body }) => body)).toEqual([`${marker}\nThe verdict of ${sha}.`]);
    const all = await commentsOf(number);
    expect(all).toHaveLength(112);
    expect(all.filter(({ body }) => body.endsWith("All is well, merge it."))).toHaveLength(1);
});

test("two runs at the same time leave one comment", async () => {
    const [old] = await markedOf(number);
    await gitea.ask(owner, "DELETE", `/repos/${repository}/issues/comments/${old!.id}`);
    const files = await Promise.all(
        ["a", "b", "c"].map(async (name) => {
            const file = join(folder, `${name}.md`);
            await writeFile(file, `Run ${name}.`);
            return file;
        }),
    );
    const args = (file: string) => ["--pull-request", String(number), "--marker", "verdict:staging", "--file", file];
    await Promise.all(files.map((file) => comment(args(file), {})));
    expect(await markedOf(number)).toHaveLength(1);
});

test("open pull requests are all listed, over the pages of a forge that gives three at once", async () => {
    // Of a repository without jobs.
    await gitea.ask(owner, "POST", "/user/repos", { name: "many", default_branch: "main", auto_init: true });
    await gitea.ask(owner, "PUT", "/repos/owner/many/collaborators/ci", { permission: "read" });
    await gitea.ask(owner, "POST", "/repos/owner/many/contents/file.txt", {
        ...{ branch: "main", new_branch: "change", message: "changed" },
        content: Buffer.from("changed\n").toString("base64"),
    });
    const numbers: number[] = [];
    for (let at = 0; at < 8; at += 1) {
        const branches = { new_branch_name: `many-${at}`, old_branch_name: "change" };
        await gitea.ask(owner, "POST", "/repos/owner/many/branches", branches);
        numbers.push(await openPull(owner, `many-${at}`, "owner/many"));
    }
    const forge = forgeFrom({ ...ci, GITHUB_REPOSITORY: "owner/many" });
    const found = await forge.openPullRequests();
    expect(found.map((one) => one.number).toSorted((a, b) => a - b)).toEqual(numbers);
    await gitea.ask(owner, "PATCH", `/repos/owner/many/pulls/${numbers[0]}`, { state: "closed" });
    expect(await forge.openPullRequests()).toHaveLength(7);
    expect(await forge.pullRequest(numbers[0]!)).toMatchObject({ open: false, branch: "many-0", fork: false });
    expect(await forge.pullRequest(9999)).toBeUndefined();
});

test("a token without the right is told which is missing", async () => {
    const reader = await gitea.createToken(owner, ["read:issue", "read:repository", "read:user"]);
    const forge = forgeFrom({ ...ci, GITHUB_TOKEN: reader });
    const error = (await forge.comment(number, marker, "text").catch((caught: unknown) => caught)) as Error;
    expect(error.message).toMatch(/the token may not do this \(403: .*write:issue/);
    expect(error.message).not.toContain(reader);
    const blind = forgeFrom({ ...ci, GITHUB_REPOSITORY: "owner/other" });
    await expect(blind.pullRequest(1)).rejects.toThrow("has nothing of that name for this token (404");
});

test("merged, its comment says that the environment is gone", async () => {
    const head = await git(checkout, "rev-parse", "HEAD");
    await gitea.ask(owner, "POST", `/repos/${repository}/pulls/${number}/merge`, { Do: "merge" });
    await runner.ran("closed", head);
    const review = "<!-- django-on-kubernetes:review -->";
    expect((await markedOf(number, review)).map(({ body }) => body)).toEqual([
        `${review}\nThe pull request is merged, and its environment gone.`,
    ]);
    expect(await forgeFrom(ci).pullRequest(number)).toMatchObject({ open: false });
});

test("a fork's text is in its own pull request, calls nobody and leads nowhere", async () => {
    await gitea.ask(contributor, "POST", `/repos/${repository}/forks`, {});
    const fork = await clone(contributor, "contributor/shop");
    const sha = await push(fork, "theirs", "of a fork");
    const theirs = await openPull(contributor, "contributor:theirs");
    await runner.ran("opened", sha);
    expect(await forgeFrom(ci).pullRequest(theirs)).toMatchObject({ fork: true, head: sha, branch: "theirs" });
    const [written, ...others] = await commentsOf(theirs);
    expect(others).toEqual([]);
    expect(written!.body).toContain(`Written by a run of this pull request's own code, at ${sha.slice(0, 12)}`);

    // As Gitea shows it.
    const html = await gitea.text(owner, "POST", "/markup", {
        // This request, and no page, ends Gitea 1.26 where the text has a commit.
        Text: written!.body.replace(sha.slice(0, 12), "its commit"),
        Mode: "comment",
        Context: `/${repository}`,
    });
    expect(html).toContain("Fine</h1>");
    expect(html).not.toMatch(/<a [^>]*href="(?!#)|<img/);

    // Pushed to again, there is still one; a run of an older commit writes nothing.
    await runner.ran("synchronized", await push(fork, "theirs", "of a fork, again"));
    expect(await commentsOf(theirs)).toHaveLength(1);
    const file = join(folder, "late.md");
    await writeFile(file, `${marker}\nlate`);
    expect(await comment(["--untrusted", "--head", sha, "--marker", "verdict:staging", "--file", file], {})).toContain(
        "is not the last commit of a fork's open pull request",
    );
});
