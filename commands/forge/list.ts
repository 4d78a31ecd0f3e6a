// Pull requests of a file: for forges that nobody has a token of, and to try things out. As this project writes them, or as
// `gh pr list --state open --limit 1000 --json number,headRefName,headRefOid,isCrossRepository,labels,url,updatedAt` does.
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Comment, Forge, PullRequest } from "./contract.ts";
import { ForgeError } from "./failure.ts";

const number = z.int().positive();
const head = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, "a commit of 40 or 64 hexadecimal digits");

const own = z.strictObject({
    number,
    branch: z.string(),
    head,
    fork: z.boolean().default(false),
    labels: z.array(z.string()).default([]),
    url: z.string().default(""),
    updatedAt: z.coerce.date(),
});

const ofGh = z
    .strictObject({
        number,
        headRefName: z.string(),
        headRefOid: head,
        isCrossRepository: z.boolean(),
        labels: z.array(z.object({ name: z.string() })),
        url: z.string(),
        updatedAt: z.coerce.date(),
    })
    .transform(({ number, headRefName, headRefOid, isCrossRepository, labels, url, updatedAt }) => ({
        number,
        branch: headRefName,
        head: headRefOid,
        fork: isCrossRepository,
        labels: labels.map(({ name }) => name),
        url,
        updatedAt,
    }));

/** Which are open is what the file says; no comment can be written into it. */
export class PullRequestList implements Forge {
    readonly #file: string;
    readonly #open: readonly PullRequest[];

    /** @throws ForgeError naming the entry that is none */
    constructor(file: string) {
        this.#file = file;
        this.#open = read(file);
    }

    openPullRequests(): Promise<readonly PullRequest[]> {
        return Promise.resolve(this.#open);
    }

    pullRequest(number: number): Promise<(PullRequest & { readonly open: boolean }) | undefined> {
        const found = this.#open.find((one) => one.number === number);
        return Promise.resolve(found && { ...found, open: true });
    }

    comment(number: number, marker: string): Promise<Comment> {
        return Promise.reject(
            new ForgeError(
                `The comment ${marker} of pull request ${number} cannot be written into ${this.#file}. ` +
                    "Fix: run it where a forge and its token are known.",
            ),
        );
    }
}

function read(file: string): readonly PullRequest[] {
    const list = parsed(file);
    if (!Array.isArray(list)) {
        throw new ForgeError(`${file}: it is no list. Allowed: what \`gh pr list --json ...\` prints, or [] for none.`);
    }
    return list.map((entry: unknown, index) => {
        const isOfGh = typeof entry === "object" && entry !== null && "headRefOid" in entry;
        const { data, error } = (isOfGh ? ofGh : own).safeParse(entry);
        if (data === undefined) {
            const wrong = error.issues.map(({ path, message }) => `${[index, ...path].join(".")}: ${message}`);
            throw new ForgeError(`${file} has an entry that is no pull request. ${wrong.join("; ")}`);
        }
        return data;
    });
}

function parsed(file: string): unknown {
    let text: string;
    try {
        text = readFileSync(file, "utf8");
    } catch (error) {
        throw new ForgeError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
    }
    try {
        return JSON.parse(text);
    } catch {
        throw new ForgeError(`${file} is no JSON. Allowed: a list of pull requests, [] for none.`);
    }
}
