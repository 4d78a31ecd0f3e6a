// GitLab: merge requests are pull requests, notes are comments.
import { z } from "zod";
import { clientOf, type Client } from "./client.ts";
import type { Comment, Forge, PullRequest } from "./contract.ts";
import { Asking, type Asked } from "./failure.ts";
import { refuseTooLong } from "./length.ts";
import { oneComment } from "./one-comment.ts";
import { withoutCommands } from "./commands-in-text.ts";

export interface GitLabOptions {
    /** CI_API_V4_URL: `https://gitlab.com/api/v4`. */
    readonly address: string;
    /** CI_PROJECT_ID, or `group/name`. */
    readonly project: string;
    /** The job's own token may not write notes, so it is one of the project's, of the scope `api`. */
    readonly token: string;
    readonly second?: number;
}

/** @see https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions-of-issues-merge-requests-and-epics */
const longest = 1_000_000;

const mergeRequest = z.object({
    iid: z.number(),
    state: z.string(),
    source_branch: z.string(),
    // null while GitLab prepares it.
    sha: z.string().nullable(),
    source_project_id: z.number().nullable(),
    target_project_id: z.number(),
    labels: z.array(z.string()),
    web_url: z.string(),
    updated_at: z.coerce.date(),
});

const note = z.object({ id: z.number(), body: z.string(), author: z.object({ id: z.number() }) });

const project = "/projects/{project}";
const requests = `${project}/merge_requests`;
const notes = `${requests}/{iid}/notes`;

export class GitLab implements Forge {
    readonly #client: Client;
    readonly #asked: Asked;
    readonly #asking: Asking;
    readonly #parameters: { readonly project: string; readonly headers: { readonly accept: string } };
    #self: Promise<number> | undefined;

    constructor({ address, project, token, second }: GitLabOptions) {
        this.#parameters = { project, headers: { accept: "application/json" } };
        this.#client = clientOf({ address, token, ...(second !== undefined && { second }) });
        this.#asked = {
            forge: "GitLab",
            address,
            variable: "GITLAB_TOKEN",
            token,
            rights: "the scope `api`, and the role Reporter in the project",
        };
        this.#asking = new Asking(this.#asked);
    }

    async openPullRequests(): Promise<readonly PullRequest[]> {
        const all = await this.#asking.ask("Reading the open merge requests", async () =>
            z
                .array(mergeRequest)
                .parse(await this.#client.paginate(`GET ${requests}`, this.#with({ state: "opened", per_page: 100 }))),
        );
        return [...new Map(all.map((one) => [one.iid, requestOf(one)])).values()];
    }

    async pullRequest(number: number): Promise<(PullRequest & { readonly open: boolean }) | undefined> {
        const what = `Reading merge request ${number}`;
        const found = await this.#asking.orUndefined(what, () => this.#read(number));
        if (found === undefined) {
            // A project that the token does not see answers the same; whoever cleans up must not take that for closed.
            await this.#asking.ask(what, () => this.#client.request(`GET ${project}`, this.#with({})));
            return undefined;
        }
        return { ...requestOf(found), open: found.state === "opened" };
    }

    async comment(number: number, marker: string, body: string): Promise<Comment> {
        // A line that begins with a slash is a command to GitLab, done with the token's rights, whoever's text it came from.
        const text = withoutCommands(body);
        refuseTooLong(text, marker, longest, this.#asked.forge);
        const what = `Writing the comment of merge request ${number}`;
        const { web_url } = await this.#asking.ask(what, () => this.#read(number));
        const commentOf = (data: unknown): Comment => {
            const { id, body: written } = note.parse(data);
            return { id: String(id), body: written, url: `${web_url}#note_${id}` };
        };
        return oneComment(
            {
                mine: async () => {
                    const self = await this.#id();
                    const all = await this.#asking.ask(`Reading the comments of merge request ${number}`, async () =>
                        z
                            .array(note)
                            .parse(
                                await this.#client.paginate(
                                    `GET ${notes}`,
                                    this.#with({ iid: number, sort: "asc", order_by: "created_at", per_page: 100 }),
                                ),
                            ),
                    );
                    return all.filter(({ author }) => author.id === self).map(commentOf);
                },
                create: (written) =>
                    this.#asking.ask(what, async () => {
                        const parameters = this.#with({ iid: number, body: written });
                        return commentOf((await this.#client.request(`POST ${notes}`, parameters)).data);
                    }),
                edit: (id, written) =>
                    this.#asking.orUndefined(what, async () => {
                        const parameters = this.#with({ iid: number, id, body: written });
                        return commentOf((await this.#client.request(`PUT ${notes}/{id}`, parameters)).data);
                    }),
                remove: async (id) => {
                    await this.#asking.orUndefined(
                        `Deleting a comment of merge request ${number} that was there twice`,
                        () => this.#client.request(`DELETE ${notes}/{id}`, this.#with({ iid: number, id })),
                    );
                },
            },
            marker,
            text,
        );
    }

    async #read(number: number): Promise<z.infer<typeof mergeRequest>> {
        const answer = await this.#client.request(`GET ${requests}/{iid}`, this.#with({ iid: number }));
        return mergeRequest.parse(answer.data);
    }

    /** Who the token is. */
    #id(): Promise<number> {
        this.#self ??= this.#asking.ask("Asking whose token it is", async () => {
            const { data } = await this.#client.request("GET /user", this.#with({}));
            return z.object({ id: z.number() }).parse(data).id;
        });
        return this.#self;
    }

    #with<T extends object>(parameters: T) {
        return { ...this.#parameters, ...parameters };
    }
}

function requestOf(found: z.infer<typeof mergeRequest>): PullRequest {
    return {
        number: found.iid,
        branch: found.source_branch,
        head: found.sha ?? "",
        fork: found.source_project_id !== found.target_project_id,
        labels: found.labels,
        url: found.web_url,
        updatedAt: found.updated_at,
    };
}
