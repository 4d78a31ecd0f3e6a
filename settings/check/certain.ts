// Contradictions in settings of which something was taken out: only those that do not come from that.
import { settingPath, type Problem } from "../problems.ts";
import type { Doubt } from "./salvage.ts";

/** @param doubts with the section first in each path */
export function certain(problems: readonly Problem[], doubts: readonly Doubt[]): Problem[] {
    const doubted = doubts.map(({ path, how }) => ({
        path: settingPath(path),
        group: settingPath(path.slice(0, -1)),
        how,
        depth: path.length,
    }));
    return problems.filter(({ path, found, allowed, fix }) =>
        doubted.every((doubt) =>
            doubt.how === "mended"
                ? path !== doubt.path
                : !isBelow(path, doubt.path) &&
                  !isBelow(doubt.path, path) &&
                  ![found, allowed, fix].some(
                      (text) => names(text, doubt.path) || (doubt.depth > 2 && names(text, doubt.group)),
                  ),
        ),
    );
}

function isBelow(path: string, other: string): boolean {
    return path === other || (path.startsWith(other) && /^[.[]/.test(path.slice(other.length)));
}

/** Whether a path stands in the text, whole. */
function names(text: string, path: string): boolean {
    for (let at = text.indexOf(path); at !== -1; at = text.indexOf(path, at + 1)) {
        const after = text.slice(at + path.length, at + path.length + 2);
        const before = text.slice(Math.max(0, at - 1), at);
        if (!/^([\w[-]|\.\w)/.test(after) && !/[\w.]/.test(before)) {
            return true;
        }
    }
    return false;
}
