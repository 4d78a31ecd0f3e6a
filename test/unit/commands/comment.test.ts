// The one comment of a pull request, from a file: whose it is, what of a fork's text is left, and what is refused. The forge is one in
// memory; a real one takes comments in test/prove/pull-request.test.ts.
import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import fc from "fast-check";
import { harmlessText } from "../../../commands/comment/untrusted.ts";
import { write, type Options } from "../../../commands/comment/write.ts";
import { seam } from "../../../commands/forge/commands-in-text.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import { FakeForge, token, type FakePull } from "./support/fake-forge.ts";

const name = "verdict:staging";
const marker = `<!-- django-on-kubernetes:${name} -->`;
const [head, later] = ["a".repeat(40), "b".repeat(40)];
const ofFork: FakePull = { number: 12, open: true, branch: "shop", head, fork: true, labels: [] };

let fake: FakeForge;
let folder: string;
beforeEach(async () => {
    fake = new FakeForge();
    await fake.start();
    folder = await mkdtemp(join(tmpdir(), "comment-"));
});
afterEach(async () => {
    await fake.stop();
    await rm(folder, { recursive: true });
});

async function fileOf(text: string | Uint8Array, called = "comment.md"): Promise<string> {
    const file = join(folder, called);
    await writeFile(file, text);
    return file;
}

function variables(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return { GITHUB_API_URL: fake.address, GITHUB_REPOSITORY: "owner/shop", GITHUB_TOKEN: token, ...more };
}

/** As a job of GitHub finds it. */
async function job(event: string, payload: unknown): Promise<Record<string, string>> {
    const path = await fileOf(JSON.stringify(payload), "event.json");
    return variables({ GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path });
}

const pullRequest = { pull_request: { number: 12, head: { sha: head, ref: "shop" } } };

function ran(more: Readonly<Record<string, unknown>> = {}) {
    return { workflow_run: { event: "pull_request", head_sha: head, head_branch: "shop", pull_requests: [], ...more } };
}

async function written(text: string, options: Partial<Options>, env: Record<string, string>): Promise<string> {
    return write({ marker: name, file: await fileOf(text), ...options }, env);
}

describe("a text of our own", () => {
    test("goes to the pull request that the job is for, and is edited at the next push", async () => {
        fake.pulls.push({ ...ofFork, fork: false });
        expect(await written("one", {}, await job("pull_request", pullRequest))).toMatch(
            /^The comment of pull request 12: http/,
        );
        await written(`${marker}\ntwo`, {}, await job("pull_request", pullRequest));
        expect(fake.comments.map(({ body }) => body)).toEqual([`${marker}\ntwo`]);
    });

    test("that is of an earlier push is left out", async () => {
        fake.pulls.push({ ...ofFork, head: later, fork: false });
        expect(await written("old", {}, await job("pull_request", pullRequest))).toBe(
            `Pull request 12 has gone on from ${head} to ${later}: nothing is written.`,
        );
        expect(fake.comments).toEqual([]);
    });

    test("goes to the one that is named, also when it is closed", async () => {
        fake.pulls.push({ ...ofFork, open: false });
        await written("The environment is gone.", { pullRequest: 12, marker: "review" }, variables());
        expect(fake.comments.map(({ body }) => body)).toEqual([
            "<!-- django-on-kubernetes:review -->\nThe environment is gone.",
        ]);
    });

    test("goes to GitLab's merge request, of the commit that its pipeline is of", async () => {
        fake.pulls.push({ ...ofFork, fork: false });
        const env = {
            CI_PROJECT_ID: "7",
            CI_API_V4_URL: fake.address,
            GITLAB_TOKEN: token,
            CI_MERGE_REQUEST_IID: "12",
        };
        await written("one", {}, { ...env, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "", CI_COMMIT_SHA: head });
        await written("two", {}, { ...env, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: head, CI_COMMIT_SHA: later });
        expect(fake.comments.map(({ body }) => body)).toEqual([`${marker}\ntwo`]);
    });

    test.each([
        ["nothing says which one", {}, "Allowed: --pull-request NUMBER, or --head COMMIT"],
        ["there is none", { pullRequest: 99 }, "There is no pull request 99. Nothing was written."],
        ["no such marker", { pullRequest: 12, marker: "x --> y" }, "Allowed: verdict:STACK, review"],
    ])("%s", async (_, options, message) => {
        await expect(written("text", options, variables())).rejects.toThrow(message);
    });

    test("with another marker, or with a credential, is refused before anything is asked", async () => {
        const options = { pullRequest: 12 };
        const other = "<!-- django-on-kubernetes:review -->\ntext";
        await expect(written(other, options, variables())).rejects.toThrow("begins with another marker");
        const secret = `ghp_${"x1".repeat(18)}`;
        const error = await written(`see ${secret}`, options, variables()).catch((caught: unknown) => caught);
        expect((error as Error).message).toMatch(/shows a GitHub token: nothing was written/);
        expect((error as Error).message).not.toContain(secret);
        expect(fake.asked).toEqual([]);
    });
});

describe("after a fork's run,", () => {
    test("its text goes to the fork's pull request that ends with the run's commit", async () => {
        fake.pulls.push(
            { ...ofFork, number: 3, head: later },
            { ...ofFork, number: 4, fork: false },
            { ...ofFork, number: 5, branch: "other" },
            ofFork,
        );
        await written(`${marker}\n# Fine\n12`, {}, await job("workflow_run", ran()));
        expect(fake.comments).toHaveLength(1);
        expect(fake.comments[0]!.body).toBe(
            `${marker}\n> Written by a run of this pull request's own code, at aaaaaaaaaaaa: read it as its author's words.\n\n# Fine\n12`,
        );
        expect(fake.asked.filter((one) => one.startsWith("POST"))).toEqual([
            "POST /repos/owner/shop/issues/12/comments",
        ]);
    });

    test("nothing is written where the pull request has gone on, is closed, or is of a branch of the repository", async () => {
        fake.pulls.push(
            { ...ofFork, number: 3, head: later },
            { ...ofFork, number: 4, open: false },
            { ...ofFork, number: 5, fork: false },
        );
        expect(await written(`${marker}\ntext`, {}, await job("workflow_run", ran()))).toContain(
            "is not the last commit of a fork's open pull request",
        );
        expect(fake.comments).toEqual([]);
    });

    test("a number is believed only when the forge says the same", async () => {
        fake.pulls.push({ ...ofFork, number: 3, head: later }, { ...ofFork, number: 4, fork: false });
        const env = await job("workflow_run", ran());
        await expect(written(`${marker}\nx`, { pullRequest: 3 }, env)).rejects.toThrow(`does not end with ${head}`);
        await expect(written(`${marker}\nx`, { pullRequest: 4 }, env)).rejects.toThrow(
            "of a branch of the repository itself",
        );
        expect(fake.comments).toEqual([]);
    });

    test("two that end with it and have the same branch are not told apart", async () => {
        fake.pulls.push(ofFork, { ...ofFork, number: 13 });
        await expect(written(`${marker}\nx`, {}, await job("workflow_run", ran()))).rejects.toThrow(
            "is the last commit of the pull requests 12, 13",
        );
    });

    test("a text with another marker is refused, and one without gets the marker that the job expects", async () => {
        fake.pulls.push(ofFork);
        const env = await job("workflow_run", ran());
        await expect(written("<!-- django-on-kubernetes:review -->\nx", {}, env)).rejects.toThrow("another marker");
        await written("text", {}, env);
        expect(fake.comments.map(({ body }) => body.split("\n")[0])).toEqual([marker]);
    });

    test("a run that was for something else is none", async () => {
        const env = await job("workflow_run", ran({ event: "push" }));
        await expect(written(`${marker}\nx`, {}, env)).rejects.toThrow("The run before this one was for push");
    });

    test("an event that is cut, or missing, is named", async () => {
        const env = await job("workflow_run", { workflow_run: { event: "pull_request" } });
        await expect(written("x", {}, env)).rejects.toThrow("workflow_run.head_sha is missing or wrong");
        await expect(written("x", {}, { ...env, GITHUB_EVENT_PATH: "" })).rejects.toThrow(
            "GITHUB_EVENT_PATH: is not set",
        );
        await expect(written("x", { untrusted: true }, variables())).rejects.toThrow(
            "the commit of the run is not known",
        );
    });

    test("files that are none, too large, or no text are refused", async () => {
        fake.pulls.push(ofFork);
        const env = await job("workflow_run", ran());
        const from = (file: string) => write({ marker: name, file }, env);
        const link = join(folder, "link.md");
        await symlink("/etc/passwd", link);
        await expect(from(link)).rejects.toThrow("it is a link, and only files are read");
        await expect(from(folder)).rejects.toThrow("is no file");
        await expect(from(join(folder, "none.md"))).rejects.toThrow("ENOENT");
        const large = await fileOf("x", "large.md");
        await truncate(large, 5 * 1024 ** 3);
        await expect(from(large)).rejects.toThrow("has 5368709120 bytes. Allowed: 1 to 262144");
        await expect(from(await fileOf("", "empty.md"))).rejects.toThrow("has 0 bytes");
        await expect(from(await fileOf(Uint8Array.of(0x3c, 0xff), "bytes.md"))).rejects.toThrow("no text in UTF-8");
    });
});

describe("the environment's comment", () => {
    const opened = {
        stack: "pr-12",
        pullRequest: { number: 12, lastPush: "2026-12-01T10:20:30Z" },
        namespace: "shop-pr-12",
        urls: { shop: "https://pr-12.preview.example.com" },
        images: { shop: "registry.example.com/shop:4f2a91c" },
        created: true,
        seconds: 29.4,
        idleDay: { dollars: 0.1234, unpriced: ["zone"], reserves: {} },
    };
    const said = async (printed: unknown, env: Record<string, string> = {}) => {
        fake.pulls.push({ ...ofFork, fork: false });
        const text = typeof printed === "string" ? printed : JSON.stringify(printed);
        await written(text, { pullRequest: 12, marker: "review", environment: true }, variables(env));
        return fake.comments.at(-1)!.body.split("\n");
    };

    test("says where it is, what runs, and what an idle day costs", async () => {
        expect(await said(opened)).toEqual([
            "<!-- django-on-kubernetes:review -->",
            "### The environment is there",
            "",
            "| | made in 29.4 s |",
            "|---|---|",
            "| address | https://pr-12.preview.example.com |",
            "| image | `registry.example.com/shop:4f2a91c` |",
            "| stack, namespace | `pr-12`, `shop-pr-12` |",
            "| last push | 2026-12-01T10:20:30Z |",
            "| idle, it costs | $0.12 a day, without a price: zone |",
            "",
            "It goes when this is closed, or its time to live has passed since the last push.",
        ]);
    });

    test("of several apps, of none that is reached, and without a price", async () => {
        const urls = { shop: "https://a.example.com", admin: "https://b.example.com" };
        const images = { shop: "a:1", admin: "b:1" };
        const idleDay = { reserves: {} };
        const lines = await said({ ...opened, created: false, urls, images, idleDay });
        expect(lines).toContain("### The environment is up to date");
        expect(lines).toContain("| admin | https://b.example.com |");
        expect(lines).toContain("| image of admin | `b:1` |");
        expect(lines).toContain("| idle, it costs | nothing that has a price here |");
        expect(await said({ ...opened, urls: {}, idleDay: { unknown: "x" } })).toContain(
            "| idle, it costs | not known |",
        );
        expect(await said({ ...opened, urls: {}, idleDay: { dollars: 0.002 } })).toContain(
            "| idle, it costs | $0.01 or less a day |",
        );
    });

    test("says that it is gone", async () => {
        const gone = { stack: "pr-12", removed: true, namespaces: ["shop-pr-12"], counts: { Namespace: 1, Secret: 3 } };
        expect((await said(gone)).slice(1)).toEqual([
            "### The environment is gone",
            "",
            "The stack `pr-12` is removed, with 4 things, the namespace `shop-pr-12` among them.",
        ]);
        expect((await said({ ...gone, removed: false })).at(-1)).toBe(
            "There was no stack `pr-12` any more: nothing was left to remove.",
        );
    });

    test("says that it did not come up, and where that is told", async () => {
        const run = { GITHUB_SERVER_URL: "https://github.com", GITHUB_RUN_ID: "77" };
        expect((await said("", run)).slice(1)).toEqual([
            "### The environment did not come up",
            "",
            "Why is in [the log of its job](https://github.com/owner/shop/actions/runs/77). What runs is what ran before, if anything.",
        ]);
        await expect(said("{")).rejects.toThrow("is no JSON");
        await expect(said({ stack: "pr-12" })).rejects.toThrow("is nothing that");
    });

    test("says that it is not gone, where the job was to remove it and failed", async () => {
        const closed = await job("pull_request", { action: "closed", ...pullRequest });
        for (const env of [closed, { CI_ENVIRONMENT_ACTION: "stop" }]) {
            expect((await said("", env)).slice(1)).toEqual([
                "### The environment is not gone",
                "",
                "Something of it stays; why is in the log of its job. The same job, run again, goes on from there, and so does the sweep.",
            ]);
        }
        const pushed = await job("pull_request", { action: "synchronize", ...pullRequest });
        expect(await said("", pushed)).toContain("### The environment did not come up");
    });

    test("is no fork's", async () => {
        const options = { marker: "review", environment: true, untrusted: true, head } as const;
        await expect(written("{}", options, variables())).rejects.toThrow("a fork has none");
    });
});

describe("a text that is made harmless", () => {
    /** Where it was parted. */
    const shown = (text: string) =>
        harmlessText(text, marker, head).split("\n\n").slice(1).join("\n\n").replaceAll(seam, "|");

    test.each([
        ["a mention", "@owner and @org/team, a@b.example", "@|owner and @|org/team, a@|b.example"],
        ["a mention by its number", "&#64;owner &commat;owner &amp;", "&|#|64;owner &|commat;owner &|amp;"],
        ["an issue, a request, others", "#1 a/b#2 GH-3 !4 &5 $6 %7", "#|1 a/b#|2 GH-|3 !|4 &|5 $|6 %|7"],
        ["a link", "[text](https://x.example)", "[text]|(https:|//x.example)"],
        ["a link elsewhere", "[a]\n\n[a]: //x.example", "[a]\n\n[a]|: //x.example"],
        ["an address", "www.x.example <https://x.example>", "www|.x.example <|https:|//x.example>"],
        ["a picture", "![p](//x.example/p.png)", "!|[p]|(//x.example/p.png)"],
        ["a picture as a tag", '<img src="//x.example">', '<|img src="//x.example">'],
        ["a link as a tag", "<a href=x>y</a>", "<|a href=x>y<|/a>"],
        ["a tag with more than its name", '<details ontoggle="x()">', '<|details ontoggle="x()">'],
        [
            "tags that arrange",
            "<details open><summary>a</summary>b<br/></details>",
            "<details open><summary>a</summary>b<br/></details>",
        ],
        ["another marker", "<!-- django-on-kubernetes:review -->", "<|!-- django-on-kubernetes:review -->"],
        ["a command", "/merge\n> /close", "|/merge\n> |/close"],
        ["what turns the direction", "a\u202eb\u0000c\u001b[31m", "abc[31m"],
        ["what it is for", "## 2 changes\n| a | **b** |\n`x` ~~y~~", "## 2 changes\n| a | **b** |\n`x` ~~|y~~"],
    ])("%s", (_, text, expected) => {
        expect(shown(text)).toBe(expected);
    });

    test("whatever it is: below the warning, within the limit, with one marker and no mention or address", () => {
        const part = fc.constantFrom(
            "@",
            "a",
            "<",
            "!--",
            "-->",
            "://",
            "](",
            "&#64;",
            "/",
            "\n",
            " ",
            seam,
            "www.",
            "`",
            marker,
            "#1",
        );
        fc.assert(
            fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
                const text = harmlessText(parts.join(""), marker, head);
                expect(text.startsWith(`${marker}\n> Written by`)).toBe(true);
                expect(text.match(/<!--/g)).toHaveLength(1);
                const below = text.slice(marker.length);
                expect(below).not.toMatch(/@\w|:\/\/|\]\(|&#|&\w+;|#\d|^\/[a-z]/m);
            }),
        );
    });

    test("too long, it is cut at a line, and says so", () => {
        const text = harmlessText("@somebody writes\n".repeat(10_000), marker, head);
        expect(text.length).toBeLessThanOrEqual(65_536);
        expect(text).toMatch(/writes\n\n\(The rest is left out: it is too long for a comment\.\)$/);
    });
});

describe("the command", () => {
    async function command(args: readonly string[], env: Record<string, string>) {
        return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
            execFile(
                process.execPath,
                ["commands/comment/main.ts", ...args],
                { cwd: projectRoot, env: { PATH: process.env["PATH"], ...env } },
                (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
            );
        });
    }

    test("writes, and says where", async () => {
        fake.pulls.push(ofFork);
        const file = await fileOf("text");
        const { code, stdout } = await command(["--pull-request", "12", "--marker", name, "--file", file], variables());
        expect({ code, stdout }).toEqual({
            code: 0,
            stdout: "The comment of pull request 12: https://forge.example.com/owner/shop/pull/12#issuecomment-1001\n",
        });
    });

    test.each([
        [1, ["--pull-request", "99"], "There is no pull request 99"],
        [2, ["--pull-request", "1e3"], "It is a number"],
        [2, ["--head", "main"], "It is a whole commit"],
        [2, ["--pull-request", "12", "--marker", "nothing:"], "Allowed: verdict:STACK, review"],
    ])("ends with %i for %j", async (expected, args, message) => {
        const file = await fileOf("text");
        const { code, stderr } = await command(["--marker", name, "--file", file, ...args], variables());
        expect(stderr).toContain(message);
        expect(stderr).not.toContain(token);
        expect(code).toBe(expected);
    });
});
