// One comment that carries a marker, whatever was there before and whoever else writes at the same time.
import type { Comment } from "./contract.ts";
import { ForgeError } from "./failure.ts";

/** The comments of one pull request. */
export interface Comments {
    /** All that the token's owner wrote: whose comment it is may change it any time, so one with a copied marker is not ours. */
    mine(): Promise<readonly Comment[]>;
    create(body: string): Promise<Comment>;
    /** @returns undefined when it is gone */
    edit(id: string, body: string): Promise<Comment | undefined>;
    /** It may be gone already. */
    remove(id: string): Promise<void>;
}

/** How often somebody may delete it between the look and the edit. */
const tries = 3;

export async function oneComment(comments: Comments, marker: string, body: string): Promise<Comment> {
    const text = carries(body, marker) ? body : `${marker}\n${body}`;
    for (let attempt = 0; attempt < tries; attempt += 1) {
        const [kept, ...others] = await foundOrMade(comments, marker, text);
        for (const { id } of others) {
            await comments.remove(id);
        }
        if (same(kept.body, text)) {
            return kept;
        }
        const edited = await comments.edit(kept.id, text);
        if (edited !== undefined) {
            return edited;
        }
    }
    throw new ForgeError(`The comment ${marker} was deleted ${tries} times while it was written. Fix: run it again.`);
}

/** Oldest first: of two runs that make one at the same time, both keep the same. */
async function foundOrMade(comments: Comments, marker: string, text: string): Promise<[Comment, ...Comment[]]> {
    const found = await carrying(comments, marker);
    if (isFilled(found)) {
        return found;
    }
    const made = await comments.create(text);
    const now = await carrying(comments, marker);
    // A list may be older than what was just made.
    const all = now.some(({ id }) => id === made.id) ? now : byAge([...now, made]);
    return isFilled(all) ? all : [made];
}

async function carrying(comments: Comments, marker: string): Promise<readonly Comment[]> {
    return byAge((await comments.mine()).filter(({ body }) => carries(body, marker)));
}

function byAge(comments: readonly Comment[]): readonly Comment[] {
    return comments.toSorted((a, b) => Number(a.id) - Number(b.id));
}

function isFilled(comments: readonly Comment[]): comments is [Comment, ...Comment[]] {
    return comments.length > 0;
}

/** It begins with it: a marker somewhere in a comment is quoted. */
function carries(body: string, marker: string): boolean {
    return body.trimStart().startsWith(marker);
}

/** Forges change the ends of lines, and of the text. */
function same(one: string, other: string): boolean {
    return plain(one) === plain(other);
}

function plain(text: string): string {
    return text.replaceAll("\r\n", "\n").trim();
}
