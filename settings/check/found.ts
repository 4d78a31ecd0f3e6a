// "found: ..." for a value: a scalar as it is, of a group only what is in it, for what stands deeper may be secret.

/** As much of a value as is shown. */
const shownCharacters = 120;
const shownNames = 8;

export function found(input: unknown): string {
    if (input === undefined) {
        return "nothing";
    }
    if (Array.isArray(input)) {
        return input.length === 0 ? "[]" : `a list with ${input.length} ${input.length === 1 ? "entry" : "entries"}`;
    }
    if (input !== null && typeof input === "object") {
        const names = Object.keys(input);
        return names.length === 0 ? "{}" : `a group with ${listed(names)}`;
    }
    return shortened(JSON.stringify(input) ?? typeof input);
}

function listed(names: readonly string[]): string {
    const shown = names
        .slice(0, shownNames)
        .map((name) => shortened(/^[\w.-]+$/.test(name) ? name : JSON.stringify(name)));
    const more = names.length - shown.length;
    return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

export function foundSecret(input: unknown): string {
    return input === undefined ? "nothing" : "a value that is not shown because it is secret";
}

function shortened(text: string): string {
    return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}... (${text.length} characters)` : text;
}
