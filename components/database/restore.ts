// A server that a cloud makes of a backup, beside the one that is there, and the names of both.
import { cloudName } from "../../lib/cloud-name.ts";

export interface ServerRestore {
    /** A moment such as `2026-12-01T10:20:30Z`, `latest`, or the cloud's name of a backup. */
    readonly what: { readonly at: string } | { readonly backup: string };
    /** What the cloud calls the server whose data it is. @default the original */
    readonly from?: string;
    /** What becomes of the server before: `unlocked` has no protection any more, and can be removed next. */
    readonly original: "kept" | "unlocked" | "removed";
    /** What the original was restored from itself. @default it is the first server */
    readonly previous?: string;
}

/** A server as it is to be made. */
export interface ServerPlan {
    /** The resource's name. */
    readonly name: string;
    /** What the names of its parts begin with. */
    readonly prefix: string;
    /** @default it begins empty */
    readonly origin?: ServerRestore["what"];
    /** Whether the cloud and Pulumi protect it as its data's worth asks for. */
    readonly unlocked: boolean;
}

/**
 * @param first the resource's name of a server that was not restored
 * @returns the server that is used, and the one that is kept beside it
 */
export function serversOf(
    name: string,
    first: string,
    restore: ServerRestore | undefined,
): { readonly current: ServerPlan; readonly original?: ServerPlan } {
    if (restore === undefined) {
        return { current: { name: first, prefix: name, unlocked: false } };
    }
    const { what, original, previous } = restore;
    const restored = (origin: ServerRestore["what"]): Omit<ServerPlan, "unlocked"> => {
        const own = restoredName(name, written(origin));
        return { name: own, prefix: own, origin };
    };
    const unlocked = original === "unlocked";
    const before = previous === undefined ? { name: first, prefix: name } : restored(whatOf(previous));
    return {
        current: { ...restored(what), unlocked: false },
        ...(original !== "removed" && { original: { ...before, unlocked } }),
    };
}

/**
 * Where a restored server's data comes from. It is read once, when the server is made, and ignored from then on. With the original gone a name
 * that no server has: one that is made again by mistake fails, and does not begin empty.
 *
 * @param original what the cloud calls it
 */
export function sourceOf<Name>(
    name: string,
    restore: ServerRestore | undefined,
    original: Name | undefined,
): Name | string {
    return restore?.from ?? original ?? `${name}-is-gone`;
}

/** The same moment is the same server, however it is written. */
function restoredName(name: string, what: string): string {
    const moment = momentOf(what);
    return moment === undefined
        ? `${name}-of-${cloudName(
              [
                  what
                      .toLowerCase()
                      .replace(/[^a-z0-9]+/g, "-")
                      .replace(/^-|-$/g, ""),
              ],
              20,
          )}`
        : `${name}-at-${moment}`;
}

/** As digits, or `latest`; undefined for what is no moment. */
function momentOf(what: string): string | undefined {
    if (what === "latest") {
        return what;
    }
    return /^\d{4}-\d\d-\d\dT/.test(what) && !Number.isNaN(Date.parse(what))
        ? utc(what)
              .replace(/\.0+Z$/, "")
              .replace(/\D/g, "")
        : undefined;
}

/** As clouds want a moment. */
export function utc(moment: string): string {
    return new Date(moment).toISOString().replace(/\.000Z$/, "Z");
}

function written(what: ServerRestore["what"]): string {
    return "at" in what ? what.at : what.backup;
}

function whatOf(text: string): ServerRestore["what"] {
    return momentOf(text) === undefined ? { backup: text } : { at: text };
}
