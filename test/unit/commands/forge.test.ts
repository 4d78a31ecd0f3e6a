// What commands ask of forges, asked of one in memory that answers as GitHub and GitLab do. A real forge is asked in
// test/prove/pull-request.test.ts. Not proved: GitHub and GitLab themselves.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Forge } from "../../../commands/forge/contract.ts";
import { forgeFrom } from "../../../commands/forge/from.ts";
import { GitHub } from "../../../commands/forge/github.ts";
import { GitLab } from "../../../commands/forge/gitlab.ts";
import { FakeForge, self, token, type FakePull } from "./support/fake-forge.ts";

const marker = "<!-- django-on-kubernetes:verdict:staging -->";
const head = "a".repeat(40);
const pull: FakePull = { number: 12, open: true, branch: "shop", head, fork: false, labels: ["keep"] };
/** Milliseconds that a second of waiting takes here. */
const second = 1;

let fake: FakeForge;
beforeEach(async () => {
    fake = new FakeForge();
    fake.pulls.push(pull);
    await fake.start();
});
afterEach(() => fake.stop());

const forges: Readonly<Record<string, (given?: string) => Forge>> = {
    GitHub: (given = token) => new GitHub({ address: fake.address, repository: "owner/shop", token: given, second }),
    GitLab: (given = token) => new GitLab({ address: fake.address, project: "7", token: given, second }),
};
const spoken = ["GitHub", "GitLab"] as const;

/** Bodies of what is there with the marker. */
function marked(): string[] {
    return fake.comments.filter(({ body }) => body.startsWith(marker)).map(({ body }) => body);
}

describe.each(spoken)("%s", (name) => {
    test("all open pull requests, over as many pages as there are", async () => {
        fake.pulls.push(
            ...Array.from({ length: 250 }, (_, at) => ({
                ...pull,
                number: 100 + at,
                open: at % 50 !== 0,
                fork: at % 2 === 0,
            })),
        );
        const found = await forges[name]!().openPullRequests();
        expect(found).toHaveLength(246);
        expect(found[0]).toEqual({
            number: 12,
            branch: "shop",
            head,
            fork: false,
            labels: ["keep"],
            url: expect.stringContaining("12") as string,
            updatedAt: new Date("2026-12-01T10:20:30Z"),
        });
        expect(found.filter(({ fork }) => fork)).toHaveLength(120);
    });

    test("one pull request: open, closed, none", async () => {
        fake.pulls.push({ ...pull, number: 13, open: false });
        const forge = forges[name]!();
        expect(await forge.pullRequest(12)).toMatchObject({ number: 12, open: true });
        expect(await forge.pullRequest(13)).toMatchObject({ number: 13, open: false });
        expect(await forge.pullRequest(14)).toBeUndefined();
    });

    test("a repository that the token does not see is an error, and not a pull request that is gone", async () => {
        for (const route of ["GET /repos", "GET /repos", "GET /projects", "GET /projects"]) {
            fake.refusals.push({ route, refusal: { status: 404, message: "Not Found" } });
        }
        await expect(forges[name]!().pullRequest(12)).rejects.toThrow(/has nothing of that name for this token \(404/);
    });

    test("a comment is made, then edited, and left alone when it says so already", async () => {
        const forge = forges[name]!();
        const made = await forge.comment(12, marker, "first");
        expect(made.url).toContain(made.id);
        await forge.comment(12, marker, "second");
        const asked = fake.asked.length;
        expect((await forge.comment(12, marker, "second")).id).toBe(made.id);
        expect(marked()).toEqual([`${marker}\nsecond`]);
        expect(fake.asked.slice(asked).filter((one) => !one.startsWith("GET"))).toEqual([]);
    });

    test("after a hundred and fifty comments it is still found", async () => {
        const forge = forges[name]!();
        for (let at = 0; at < 120; at += 1) {
            fake.say("somebody", "A word.");
        }
        await forge.comment(12, marker, "first");
        for (let at = 0; at < 120; at += 1) {
            fake.say("somebody", "Another word.");
        }
        await forge.comment(12, marker, "second");
        expect(marked()).toEqual([`${marker}\nsecond`]);
        expect(fake.comments).toHaveLength(241);
    });

    test("what was there twice is deleted, but the oldest; other markers and other people's comments stay", async () => {
        fake.say("somebody", `${marker}\nforged`);
        const oldest = fake.say(self, `${marker}\none`);
        fake.say(self, "<!-- django-on-kubernetes:review -->\nanother");
        fake.say(self, `As quoted:\n${marker}`);
        fake.say(self, `${marker}\ntwo`);
        fake.say(self, `${marker}\nthree`);
        expect((await forges[name]!().comment(12, marker, "now")).id).toBe(String(oldest.id));
        expect(fake.comments.map(({ body }) => body.split("\n").at(-1))).toEqual(["forged", "now", "another", marker]);
    });

    test("one that is deleted before it is edited is made anew", async () => {
        const old = fake.say(self, `${marker}\nold`);
        const route = name === "GitLab" ? "PUT" : "PATCH";
        fake.refusals.push({ route, refusal: { status: 404, message: "Not Found" } });
        const forge = forges[name]!();
        expect((await forge.comment(12, marker, "new")).id).toBe(String(old.id));
        expect(marked()).toEqual([`${marker}\nnew`]);
    });

    test("a body that is too long is refused before anything is sent", async () => {
        const longest = name === "GitLab" ? 1_000_000 : 65_536;
        const forge = forges[name]!();
        await forge.comment(12, marker, `${marker}\n${"x".repeat(longest - marker.length - 1)}`);
        const asked = fake.asked.length;
        await expect(forge.comment(12, marker, "x".repeat(longest))).rejects.toThrow(
            new RegExp(`has ${longest + marker.length + 1} characters. Allowed at ${name}: ${longest}`),
        );
        expect(fake.asked).toHaveLength(asked);
    });

    test("a wait that the forge asks for is waited for, and a fault of chance tried again", async () => {
        const verb = name === "GitLab" ? "GET /projects" : "GET /repos";
        fake.refusals.push({ route: verb, refusal: { status: 502 } });
        fake.refusals.push({
            route: verb,
            refusal: {
                status: 429,
                message: "You have exceeded a secondary rate limit",
                headers: { "retry-after": "1" },
            },
        });
        expect(await forges[name]!().openPullRequests()).toHaveLength(1);
        expect(fake.refusals).toEqual([]);
    });

    test("a token that is not taken: the variable is named, the token never", async () => {
        const secret = "another-token-that-nobody-may-see";
        const error = await forges[name]!(secret)
            .comment(12, marker, "text")
            .catch((caught: unknown) => caught);
        expect(error).toMatchObject({ status: 401 });
        const { message } = error as Error;
        expect(message).toContain(`give a token that is valid in ${name === "GitLab" ? "GITLAB" : "GITHUB"}_TOKEN`);
        expect(message).not.toContain(secret);
    });

    test("a token in what the forge says is hidden", async () => {
        const said = { status: 400, message: `no ${token} here` };
        fake.refusals.push({ route: "GET", refusal: said });
        await expect(forges[name]!().openPullRequests()).rejects.toThrow("answered 400: no *** here");
    });
});

describe("what may go wrong:", () => {
    /** In an hour: nobody waits that long. */
    const reset = Math.floor(Date.now() / 1000) + 3600;
    const refused = async (
        refusal: (typeof fake.refusals)[number]["refusal"],
        name: keyof typeof forges = "GitHub",
    ) => {
        for (let at = 0; at < 8; at += 1) {
            fake.refusals.push({ route: "POST", refusal });
        }
        return (await forges[name]!()
            .comment(12, marker, "text")
            .catch((caught: unknown) => caught)) as Error;
    };

    test.each([
        [
            "a right that GitHub names",
            {
                status: 403,
                message: "Resource not accessible by integration",
                headers: { "x-accepted-github-permissions": "issues=write; pull_requests=write" },
            },
            "Missing: `issues: write` or `pull-requests: write`.",
        ],
        [
            "a right that it does not name",
            { status: 403, message: "Resource not accessible by integration" },
            "Missing: `pull-requests: write` below `permissions` of the job.",
        ],
        [
            "a locked conversation",
            { status: 403, message: "Unable to create comment because issue is locked." },
            "its conversation is locked",
        ],
        [
            "a limit that lasts",
            {
                status: 403,
                message: "API rate limit exceeded",
                headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
            },
            `has been asked too often (403: API rate limit exceeded). Fix: run it again after ${new Date(reset * 1000).toISOString()}.`,
        ],
        ["too much of it", { status: 422, message: "Body is too long" }, "GitHub answered 422: Body is too long."],
        [
            "what would steer a terminal",
            { status: 422, message: "a\u001b[31m\nred" },
            "GitHub answered 422: a [31m red.",
        ],
    ])("%s", async (_, refusal, words) => {
        const { name, message } = await refused(refusal);
        expect(name).toBe("ForgeError");
        expect(message).toContain(`Writing the comment of pull request 12: `);
        expect(message).toContain(words);
    });

    test("a right of GitLab's", async () => {
        expect((await refused({ status: 403, message: "403 Forbidden" }, "GitLab")).message).toContain(
            "Missing: the scope `api`, and the role Reporter in the project.",
        );
    });

    test("nobody answers", async () => {
        const { address } = fake;
        const forge = forges["GitHub"]!();
        await fake.stop();
        await expect(forge.openPullRequests()).rejects.toThrow(
            `Reading the open pull requests: GitHub is not reached at ${address} (ECONNREFUSED).`,
        );
        await fake.start();
    });

    test("it is no API", async () => {
        fake.refusals.push({ route: "GET", refusal: { status: 200, message: "a page" } });
        await expect(forges["GitHub"]!().pullRequest(12)).rejects.toThrow(
            "answers with something else than GitHub's API does",
        );
    });
});

test("two that make it at the same time leave one, with what the later says", async () => {
    const other = forges["GitHub"]!();
    fake.beforeCreate = async () => {
        fake.beforeCreate = () => undefined;
        await other.comment(12, marker, "the quicker");
    };
    await forges["GitHub"]!().comment(12, marker, "the slower");
    expect(marked()).toEqual([`${marker}\nthe slower`]);
});

test("three at once leave one", async () => {
    await Promise.all(Array.from({ length: 3 }, (_, at) => forges["GitHub"]!().comment(12, marker, `run ${at}`)));
    expect(marked()).toHaveLength(1);
});

test("the token of a job has no account, and is told its name all the same", async () => {
    fake.refusals.push({
        route: "GET /user",
        refusal: { status: 403, message: "Resource not accessible by integration" },
    });
    fake.say(self, `${marker}\nold`);
    await forges["GitHub"]!().comment(12, marker, "new");
    expect(marked()).toEqual([`${marker}\nnew`]);
});

test("nothing in a comment is a command to GitLab", async () => {
    await forges["GitLab"]!().comment(12, marker, "/merge\n  /approve\n> /close\n- /label ~x\na/b\n/ alone");
    const [body] = marked();
    expect(body!.replaceAll("\u200b", "|").split("\n").slice(1)).toEqual([
        "|/merge",
        "  |/approve",
        "> |/close",
        "- |/label ~x",
        "a/b",
        "/ alone",
    ]);
});

describe("which forge", () => {
    const github = { GITHUB_REPOSITORY: "owner/shop", GITHUB_TOKEN: token };

    test("by the variables of GitHub's, Gitea's and GitLab's jobs", () => {
        expect(forgeFrom({ ...github, GITHUB_API_URL: "https://api.github.com" })).toBeInstanceOf(GitHub);
        expect(forgeFrom({ ...github, GITHUB_API_URL: "https://gitea.example.com/api/v1/" })).toBeInstanceOf(GitHub);
        expect(
            forgeFrom({ CI_PROJECT_ID: "7", CI_API_V4_URL: "https://gitlab.com/api/v4", GITLAB_TOKEN: "x" }),
        ).toBeInstanceOf(GitLab);
    });

    test.each([
        [{}, "Which forge to ask is not known"],
        [{ GITHUB_REPOSITORY: "owner/shop", GITHUB_TOKEN: " " }, "GITHUB_TOKEN is not set"],
        [{ CI_PROJECT_ID: "7", CI_JOB_TOKEN: "x" }, "GITLAB_TOKEN is not set"],
        [{ ...github, GITHUB_REPOSITORY: "../x/y" }, "Allowed: owner/name"],
        [{ ...github, GITHUB_API_URL: "file:///etc" }, "GITHUB_API_URL is no address of an API"],
        [{ ...github, GITHUB_API_URL: "https://u:hidden@x.example.com" }, "without a login in it"],
    ])("%j", (env, message) => {
        expect(() => forgeFrom(env)).toThrow(message);
        try {
            forgeFrom(env);
        } catch (error) {
            expect((error as Error).message).not.toMatch(/hidden|a-token/);
        }
    });
});

describe("a list", () => {
    let folder: string;
    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "list-"));
    });
    afterEach(() => rm(folder, { recursive: true }));

    async function listOf(content: unknown): Promise<Forge> {
        const file = join(folder, "list.json");
        await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
        return forgeFrom({}, { pullRequests: file });
    }

    const own = { number: 12, branch: "shop", head, updatedAt: "2026-12-01T10:20:30Z" };

    test("as this project and as gh write it", async () => {
        const gh = {
            number: 13,
            headRefName: "other",
            headRefOid: "b".repeat(40),
            isCrossRepository: true,
            labels: [{ id: "x", name: "keep", description: "", color: "" }],
            url: "https://github.com/owner/shop/pull/13",
            updatedAt: "2026-12-01T10:20:30Z",
        };
        const forge = await listOf([own, gh]);
        expect(await forge.openPullRequests()).toEqual([
            { ...own, fork: false, labels: [], url: "", updatedAt: new Date(own.updatedAt) },
            {
                number: 13,
                branch: "other",
                head: "b".repeat(40),
                fork: true,
                labels: ["keep"],
                url: gh.url,
                updatedAt: new Date(own.updatedAt),
            },
        ]);
        expect(await forge.pullRequest(13)).toMatchObject({ open: true });
        expect(await forge.pullRequest(14)).toBeUndefined();
        await expect(forge.comment(12, marker, "x")).rejects.toThrow("cannot be written into");
    });

    test.each([
        ["{", "is no JSON"],
        [{}, "it is no list"],
        [[own, { ...own, head: "main" }], "1.head: a commit of 40 or 64 hexadecimal digits"],
        [[{ ...own, number: 0 }], "0.number"],
        [[{ ...own, brunch: "x" }], "0: Unrecognized key"],
    ])("%j", async (content, message) => {
        await expect(listOf(content)).rejects.toThrow(message);
    });

    test("that is not there", () => {
        expect(() => forgeFrom({}, { pullRequests: join(folder, "none.json") })).toThrow("cannot be read: ENOENT");
    });
});
