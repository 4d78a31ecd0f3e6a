// The pull request that a comment goes to, and whether it still is what the comment is of.
import type { Forge, PullRequest } from "../forge/contract.ts";
import { BadInputError } from "./run.ts";

export interface Wanted {
    readonly number?: number | undefined;
    readonly head?: string | undefined;
    readonly branch?: string | undefined;
    /** The text is of a fork's run, so the forge has to know a fork's pull request that ends with that commit. */
    readonly untrusted: boolean;
}

export type Target =
    | { readonly pullRequest: PullRequest }
    /** Nothing is to be written, and that is no failure. */
    | { readonly nothing: string };

/** The forge's word about a comment is no. */
export class RefusedError extends Error {
    override readonly name = "RefusedError";
}

export async function targetOf(forge: Forge, wanted: Wanted): Promise<Target> {
    return wanted.number === undefined ? byHead(forge, wanted) : byNumber(forge, wanted.number, wanted);
}

async function byNumber(forge: Forge, number: number, { head, untrusted }: Wanted): Promise<Target> {
    const found = await forge.pullRequest(number);
    if (found === undefined) {
        throw new RefusedError(`There is no pull request ${number}. Nothing was written.`);
    }
    if (untrusted && !found.fork) {
        throw new RefusedError(
            `Pull request ${number} is of a branch of the repository itself, and an untrusted text goes to forks' alone. Nothing was written.`,
        );
    }
    if (head !== undefined && found.head !== head) {
        if (untrusted) {
            throw new RefusedError(`Pull request ${number} does not end with ${head}. Nothing was written.`);
        }
        return { nothing: `Pull request ${number} has gone on from ${head} to ${found.head}: nothing is written.` };
    }
    if (untrusted && !found.open) {
        return { nothing: `Pull request ${number} is closed: nothing is written.` };
    }
    return { pullRequest: found };
}

/** Of a fork's run nobody says the number: GitHub leaves it out. */
async function byHead(forge: Forge, { head, branch, untrusted }: Wanted): Promise<Target> {
    if (head === undefined) {
        throw new BadInputError(
            "Which pull request is not known: neither the event of this job nor an option says it. Allowed: --pull-request NUMBER, or --head COMMIT.",
        );
    }
    const found = (await forge.openPullRequests()).filter(
        (one) =>
            one.head === head &&
            (!untrusted || one.fork) &&
            (branch === undefined || branch === "" || one.branch === branch),
    );
    const [only, ...others] = found;
    if (only === undefined) {
        const which = untrusted ? "a fork's open pull request" : "an open pull request";
        return { nothing: `${head} is not the last commit of ${which}, or no longer: nothing is written.` };
    }
    if (others.length > 0) {
        throw new RefusedError(
            `${head} is the last commit of the pull requests ${found.map(({ number }) => number).join(", ")}, ` +
                "and whose run this was is not known. Nothing was written.",
        );
    }
    return { pullRequest: only };
}
