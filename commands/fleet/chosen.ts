// Which stacks a fleet's command is about.
import { nearestOf } from "../../settings/stack-file/keys.ts";

export interface Choosable {
    readonly stack: string;
    readonly kind: string;
}

export class ChoiceError extends Error {}

/**
 * A pattern never matches production: that is named in full.
 *
 * @param patterns names, with `*` for any letters
 * @throws ChoiceError for one that chooses nothing
 */
export function chosen<Member extends Choosable>(members: readonly Member[], patterns: readonly string[]): Member[] {
    const all = patterns.flatMap((pattern) => {
        const found = members.filter(({ stack, kind }) =>
            pattern.includes("*") ? kind !== "production" && matches(stack, pattern) : stack === pattern,
        );
        if (found.length === 0) {
            const names = members.map(({ stack }) => stack);
            const near = nearestOf(pattern, names);
            throw new ChoiceError(
                `STACKS has ${JSON.stringify(pattern)}, which is no stack of this backend. Allowed: ${names.join(", ") || "there is none yet"}; ` +
                    `with * for any letters, which production has to be named without.${near === undefined ? "" : ` Fix: ${near}`}`,
            );
        }
        return found;
    });
    return [...new Set(all)];
}

function matches(name: string, pattern: string): boolean {
    const parts = pattern.split("*");
    let at = 0;
    for (const [index, part] of parts.entries()) {
        const found = index === 0 ? (name.startsWith(part) ? 0 : -1) : name.indexOf(part, at);
        if (found === -1) {
            return false;
        }
        at = found + part.length;
    }
    return pattern.endsWith("*") || name.endsWith(parts.at(-1)!);
}
