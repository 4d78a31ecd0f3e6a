// The stack's name of a branch: it becomes a part of names in the cluster, so it has at most 20 lower-case letters, digits, hyphens.
import { createHash } from "node:crypto";

const longest = 20;
const hashLength = 5;

/**
 * The branch's own name where that will do, else what can be kept of it and a short hash of all of it. Two branches have one slug as
 * rarely as their hashes meet; the command refuses the second then.
 */
export function slugOf(branch: string): string {
    const words = branch
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-+|-+$/g, "");
    const named = /^[a-z]/.test(words) ? words : `b-${words}`;
    if (named === branch && named.length <= longest && !isTaken(named)) {
        return named;
    }
    return `${named.slice(0, longest - hashLength - 1).replace(/-+$/, "")}-${hashOf(branch)}`;
}

/** A branch must not be called like the stack of a pull request, or like what another branch is cut to. */
function isTaken(name: string): boolean {
    return /^pr-[0-9]+$/.test(name) || /-[0-9][0-9a-z]{4}$/.test(name);
}

/** Begins with a digit, as few endings of names do. */
function hashOf(branch: string): string {
    const number = createHash("sha256").update(branch).digest().readBigUInt64BE();
    const rest = (number / 10n) % 36n ** BigInt(hashLength - 1);
    return `${number % 10n}${rest.toString(36).padStart(hashLength - 1, "0")}`;
}
