// What a typo was probably meant to be.

/** Longer than any word that is meant; the distance takes as long as both lengths multiplied. */
const longest = 64;

/** @returns the word that takes the fewest corrections to reach, undefined when all take more than one for three letters */
export function nearestWord(typed: string, words: readonly string[]): string | undefined {
    if (typed.length > longest) {
        return undefined;
    }
    const same = words.find((word) => letters(word) === letters(typed));
    return same ?? closestWord(typed, words) ?? onlyWordThatBegins(typed, words);
}

/** Without what is written differently in other places: capitals, hyphens, underscores. */
export function letters(word: string): string {
    return word.replaceAll(/[-_ .]/g, "").toLowerCase();
}

/** `prod` is production. */
function onlyWordThatBegins(typed: string, words: readonly string[]): string | undefined {
    const [only, ...others] = words.filter((word) => letters(word).startsWith(letters(typed)));
    return typed.length >= 3 && others.length === 0 ? only : undefined;
}

function closestWord(typed: string, words: readonly string[]): string | undefined {
    let best: string | undefined;
    let bestDistance = Math.max(1, Math.floor(typed.length / 3)) + 1;
    for (const word of words) {
        const distance = editDistance(typed.toLowerCase(), word.toLowerCase());
        if (distance < bestDistance) {
            best = word;
            bestDistance = distance;
        }
    }
    return best;
}

/** How many letters have to be put in, taken out, changed, or swapped with the next. */
export function editDistance(a: string, b: string): number {
    let beforeLast: number[] = [];
    let last = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let row = 1; row <= a.length; row++) {
        const current = [row];
        for (let column = 1; column <= b.length; column++) {
            const changed = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
            const swapped =
                row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
                    ? beforeLast[column - 2]! + 1
                    : changed;
            current.push(Math.min(changed, swapped, last[column]! + 1, current[column - 1]! + 1));
        }
        beforeLast = last;
        last = current;
    }
    return last[b.length]!;
}
