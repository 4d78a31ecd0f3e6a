// Names that a cloud limits and the program has to give itself (R71).
import { createHash } from "node:crypto";

/**
 * Joins words to a name of at most `limit` characters. One that is too long is cut and ends in a hash of the whole, so
 * that two long names stay two.
 *
 * @param words lower-case words, for example the environment's and the resource's
 * @param limit at least 12
 */
export function cloudName(words: readonly string[], limit: number): string {
    const whole = words.join("-");
    if (whole.length <= limit) {
        return whole;
    }
    const hash = createHash("sha256").update(whole).digest("hex").slice(0, 7);
    return `${whole.slice(0, limit - 8).replace(/-+$/, "")}-${hash}`;
}
