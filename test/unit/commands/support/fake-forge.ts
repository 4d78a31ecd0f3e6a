// GitHub and GitLab as far as a comment needs them, in memory: pages by Link headers, whose comment it is, and refusals as they send them.
// The answers of GitHub have the types of its OpenAPI description; those of GitLab are as its documentation shows them.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { Endpoints } from "@octokit/types";

type Data<Route extends keyof Endpoints> = Endpoints[Route]["response"]["data"];
type Issue = Data<"GET /repos/{owner}/{repo}/issues/{issue_number}/comments">[number];
type Pull = Data<"GET /repos/{owner}/{repo}/pulls/{pull_number}">;

export interface FakePull {
    readonly number: number;
    readonly open: boolean;
    readonly branch: string;
    readonly head: string;
    readonly fork: boolean;
    readonly labels: readonly string[];
}

export interface FakeComment {
    readonly id: number;
    readonly author: string;
    body: string;
}

export interface Refusal {
    readonly status: number;
    readonly message?: string;
    readonly headers?: Readonly<Record<string, string>>;
}

export const self = "github-actions[bot]";
export const token = "a-token-that-nobody-may-see";
const updatedAt = "2026-12-01T10:20:30Z";

export class FakeForge {
    readonly pulls: FakePull[] = [];
    readonly comments: FakeComment[] = [];
    /** What was asked: `GET /repos/...`, without the query. */
    readonly asked: string[] = [];
    /** Answers in the place of the next requests that begin so. */
    readonly refusals: { readonly route: string; readonly refusal: Refusal }[] = [];
    /** Before each comment that is made: for what others do meanwhile. */
    beforeCreate: () => Promise<void> | void = () => undefined;
    #server: Server | undefined;
    #ids = 1000;

    async start(): Promise<void> {
        this.#server = createServer((request, response) => {
            void this.#answer(request, response);
        });
        await new Promise<void>((resolve) => this.#server!.listen(0, "127.0.0.1", resolve));
    }

    async stop(): Promise<void> {
        this.#server!.closeAllConnections();
        await new Promise((resolve) => this.#server!.close(resolve));
    }

    get address(): string {
        return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}`;
    }

    say(author: string, body: string): FakeComment {
        const comment = { id: (this.#ids += 1), author, body };
        this.comments.push(comment);
        return comment;
    }

    async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const url = new URL(request.url!, this.address);
        const route = `${request.method} ${url.pathname}`;
        this.asked.push(route);
        const at = this.refusals.findIndex((one) => route.startsWith(one.route));
        if (at !== -1) {
            const [{ refusal }] = this.refusals.splice(at, 1) as [(typeof this.refusals)[number]];
            return send(response, refusal.status, { message: refusal.message }, refusal.headers);
        }
        if (request.headers.authorization !== `Bearer ${token}`) {
            return send(response, 401, { message: "Bad credentials" });
        }
        const body = (["POST", "PATCH", "PUT"].includes(request.method!) ? await json(request) : {}) as {
            body: string;
        };
        const handle = routes.find(({ pattern }) => pattern.test(route));
        if (handle === undefined) {
            return send(response, 404, { message: "Not Found" });
        }
        const found = await handle.answer(this, handle.pattern.exec(route)!.slice(1), body, url);
        if (found === undefined) {
            return send(response, 404, { message: "Not Found" });
        }
        if (!Array.isArray(found)) {
            return send(response, request.method === "DELETE" ? 204 : 200, found);
        }
        const [size, page] = ["per_page", "page"].map((name) => Number(url.searchParams.get(name) ?? 0)) as [
            number,
            number,
        ];
        const first = (Math.max(page, 1) - 1) * (size || 30);
        url.searchParams.set("page", String(Math.max(page, 1) + 1));
        const more = first + (size || 30) < found.length;
        send(
            response,
            200,
            found.slice(first, first + (size || 30)),
            more ? { link: `<${url.href}>; rel="next"` } : {},
        );
    }
}

interface Route {
    readonly pattern: RegExp;
    /** undefined: 404. */
    answer(forge: FakeForge, matched: string[], body: { body: string }, url: URL): unknown;
}

const github = "/repos/owner/shop";
const gitlab = "/projects/7";

const routes: readonly Route[] = [
    { pattern: new RegExp(`^GET ${github}$`), answer: () => ({ id: 1 }) },
    {
        pattern: new RegExp(`^GET ${github}/pulls$`),
        answer: ({ pulls }) => pulls.filter(({ open }) => open).map(pullOf),
    },
    {
        pattern: new RegExp(`^GET ${github}/pulls/(\\d+)$`),
        answer: ({ pulls }, [number]) => {
            const found = pulls.find((one) => one.number === Number(number));
            return found && pullOf(found);
        },
    },
    {
        pattern: new RegExp(`^GET ${github}/issues/\\d+/comments$`),
        answer: (forge) => forge.comments.map(issueComment),
    },
    {
        pattern: new RegExp(`^POST ${github}/issues/\\d+/comments$`),
        answer: async (forge, _, { body }) => {
            await forge.beforeCreate();
            return issueComment(forge.say(self, body));
        },
    },
    {
        pattern: new RegExp(`^(?:PATCH|DELETE) ${github}/issues/comments/(\\d+)$`),
        answer: (forge, [id], { body }) => changed(forge, id!, body, issueComment),
    },
    // A job's token is an app's: it has no account.
    { pattern: /^POST \/graphql$/, answer: () => ({ data: { viewer: { login: self } } }) },
    { pattern: /^GET \/user$/, answer: () => ({ login: self, id: idOf(self) }) },
    { pattern: new RegExp(`^GET ${gitlab}$`), answer: () => ({ id: 7 }) },
    {
        pattern: new RegExp(`^GET ${gitlab}/merge_requests$`),
        answer: ({ pulls }) => pulls.filter(({ open }) => open).map(mergeRequestOf),
    },
    {
        pattern: new RegExp(`^GET ${gitlab}/merge_requests/(\\d+)$`),
        answer: ({ pulls }, [number]) => {
            const found = pulls.find((one) => one.number === Number(number));
            return found && mergeRequestOf(found);
        },
    },
    { pattern: new RegExp(`^GET ${gitlab}/merge_requests/\\d+/notes$`), answer: (forge) => forge.comments.map(noteOf) },
    {
        pattern: new RegExp(`^POST ${gitlab}/merge_requests/\\d+/notes$`),
        answer: (forge, _, { body }) => noteOf(forge.say(self, body)),
    },
    {
        pattern: new RegExp(`^(?:PUT|DELETE) ${gitlab}/merge_requests/\\d+/notes/(\\d+)$`),
        answer: (forge, [id], { body }) => changed(forge, id!, body, noteOf),
    },
];

function changed(
    forge: FakeForge,
    id: string,
    body: string | undefined,
    shown: (comment: FakeComment) => unknown,
): unknown {
    const at = forge.comments.findIndex((one) => one.id === Number(id));
    if (at === -1) {
        return undefined;
    }
    if (body === undefined) {
        forge.comments.splice(at, 1);
        return {};
    }
    forge.comments[at]!.body = body;
    return shown(forge.comments[at]!);
}

function idOf(author: string): number {
    return author === self ? 1 : 2;
}

function pullOf({ number, open, branch, head, fork, labels }: FakePull) {
    const repo = { id: fork ? 2 : 1 } as Pull["base"]["repo"];
    return {
        number,
        state: open ? "open" : "closed",
        html_url: `https://forge.example.com/owner/shop/pull/${number}`,
        updated_at: updatedAt,
        labels: labels.map((name) => ({ name }) as Pull["labels"][number]),
        head: { ref: branch, sha: head, repo } as Pull["head"],
        base: { repo: { id: 1 } } as Pull["base"],
    } satisfies Partial<Pull>;
}

function issueComment({ id, author, body }: FakeComment) {
    return {
        id,
        body,
        html_url: `https://forge.example.com/owner/shop/pull/12#issuecomment-${id}`,
        user: { login: author } as Issue["user"],
    } satisfies Partial<Issue>;
}

function mergeRequestOf({ number, open, branch, head, fork, labels }: FakePull) {
    return {
        iid: number,
        state: open ? "opened" : "merged",
        source_branch: branch,
        sha: head,
        source_project_id: fork ? 8 : 7,
        target_project_id: 7,
        labels,
        web_url: `https://gitlab.example.com/owner/shop/-/merge_requests/${number}`,
        updated_at: updatedAt,
    };
}

function noteOf({ id, author, body }: FakeComment) {
    return { id, body, author: { id: idOf(author) }, system: false };
}

function send(
    response: ServerResponse,
    status: number,
    data: unknown,
    headers: Readonly<Record<string, string>> = {},
): void {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(status === 204 ? undefined : JSON.stringify(data));
}
