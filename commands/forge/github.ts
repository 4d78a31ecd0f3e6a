// GitHub, and Gitea and Forgejo, which answer to the same requests. (Those know no `per_page`, but their Link headers are followed.)
import { z } from "zod";
import { clientOf, type Client } from "./client.ts";
import type { Comment, Forge, PullRequest } from "./contract.ts";
import { Asking, type Asked } from "./failure.ts";
import { refuseTooLong } from "./length.ts";
import { oneComment } from "./one-comment.ts";

export interface GitHubOptions {
    /** GITHUB_API_URL: `https://api.github.com`, `https://gitea.example.com/api/v1`. */
    readonly address: string;
    /** GITHUB_REPOSITORY: `owner/name`. */
    readonly repository: string;
    readonly token: string;
    /** For messages. @default GITHUB_TOKEN */
    readonly variable?: string;
    readonly second?: number;
}

/** @see https://docs.github.com/en/rest/issues/comments */
const longest = 65_536;

const pull = z.object({
    number: z.number(),
    state: z.string(),
    html_url: z.string(),
    updated_at: z.coerce.date(),
    // Gitea has null for none.
    labels: z.array(z.object({ name: z.string() })).nullish(),
    // A fork that was deleted is null.
    head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ id: z.number() }).nullish() }),
    base: z.object({ repo: z.object({ id: z.number() }) }),
});

const comment = z.object({
    id: z.number(),
    body: z.string().nullish(),
    html_url: z.string(),
    user: z.object({ login: z.string() }).nullish(),
});

export class GitHub implements Forge {
    readonly #client: Client;
    readonly #asked: Asked;
    readonly #asking: Asking;
    /** What all routes begin with. */
    readonly #repository: { readonly owner: string; readonly repo: string };
    #self: Promise<string> | undefined;

    constructor({ address, repository, token, variable = "GITHUB_TOKEN", second }: GitHubOptions) {
        const [owner = "", repo = ""] = repository.split("/");
        this.#repository = { owner, repo };
        this.#client = clientOf({ address, token, ...(second !== undefined && { second }) });
        const gitea = address.endsWith("/api/v1");
        this.#asked = {
            forge: gitea ? "Gitea" : "GitHub",
            address,
            variable,
            token,
            rights: gitea
                ? "the scopes `write:issue`, `read:repository` and `read:user`"
                : "`pull-requests: write` below `permissions` of the job",
        };
        this.#asking = new Asking(this.#asked);
    }

    async openPullRequests(): Promise<readonly PullRequest[]> {
        const all = await this.#asking.ask("Reading the open pull requests", async () =>
            z.array(pull).parse(
                await this.#client.paginate("GET /repos/{owner}/{repo}/pulls", {
                    ...this.#repository,
                    state: "open",
                    per_page: 100,
                }),
            ),
        );
        // One that is opened meanwhile moves others to the next page.
        return [...new Map(all.map((one) => [one.number, requestOf(one)])).values()];
    }

    async pullRequest(number: number): Promise<(PullRequest & { readonly open: boolean }) | undefined> {
        const what = `Reading pull request ${number}`;
        const found = await this.#asking.orUndefined(what, async () => {
            const { data } = await this.#client.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
                ...this.#repository,
                pull_number: number,
            });
            return pull.parse(data);
        });
        if (found === undefined) {
            // A repository that the token does not see answers the same; whoever cleans up must not take that for closed.
            await this.#asking.ask(what, () => this.#client.request("GET /repos/{owner}/{repo}", this.#repository));
            return undefined;
        }
        return { ...requestOf(found), open: found.state === "open" };
    }

    async comment(number: number, marker: string, body: string): Promise<Comment> {
        refuseTooLong(body, marker, longest, this.#asked.forge);
        const issue = { ...this.#repository, issue_number: number };
        const what = `Writing the comment of pull request ${number}`;
        const at = (id: string) => ({ ...this.#repository, comment_id: Number(id) });
        return oneComment(
            {
                mine: async () => {
                    const self = await this.#login();
                    const all = await this.#asking.ask(`Reading the comments of pull request ${number}`, async () =>
                        z.array(comment).parse(
                            await this.#client.paginate("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
                                ...issue,
                                per_page: 100,
                            }),
                        ),
                    );
                    return all.filter(({ user }) => user?.login === self).map(commentOf);
                },
                create: (text) =>
                    this.#asking.ask(what, async () => {
                        const { data } = await this.#client.request(
                            "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
                            { ...issue, body: text },
                        );
                        return commentOf(comment.parse(data));
                    }),
                edit: (id, text) =>
                    this.#asking.orUndefined(what, async () => {
                        const { data } = await this.#client.request(
                            "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
                            { ...at(id), body: text },
                        );
                        return commentOf(comment.parse(data));
                    }),
                remove: async (id) => {
                    await this.#asking.orUndefined(
                        `Deleting a comment of pull request ${number} that was there twice`,
                        () => this.#client.request("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", at(id)),
                    );
                },
            },
            marker,
            body,
        );
    }

    /** Who the token is. */
    #login(): Promise<string> {
        this.#self ??= this.#asking.ask("Asking whose token it is", () => this.#askLogin());
        return this.#self;
    }

    async #askLogin(): Promise<string> {
        try {
            const { data } = await this.#client.request("GET /user");
            return z.object({ login: z.string() }).parse(data).login;
        } catch (error) {
            if (this.#asked.forge !== "GitHub" || (error as { status?: number }).status !== 403) {
                throw error;
            }
            // The token of a job is an app's, which is told its name here alone.
            const { viewer } = await this.#client.graphql<{ viewer: { login: string } }>("query { viewer { login } }");
            return viewer.login.endsWith("[bot]") ? viewer.login : `${viewer.login}[bot]`;
        }
    }
}

function requestOf({ number, html_url, updated_at, labels, head, base }: z.infer<typeof pull>): PullRequest {
    return {
        number,
        branch: head.ref,
        head: head.sha,
        fork: head.repo?.id !== base.repo.id,
        labels: (labels ?? []).map(({ name }) => name),
        url: html_url,
        updatedAt: updated_at,
    };
}

function commentOf({ id, body, html_url }: z.infer<typeof comment>): Comment {
    return { id: String(id), body: body ?? "", url: html_url };
}
