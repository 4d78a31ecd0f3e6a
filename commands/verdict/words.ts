// What a verdict says: our own words, with names and values of others in between, which every form of it quotes in its own way.

/** A name or a value that somebody else chose. */
export interface Quoted {
    readonly quoted: string;
}

export type Words = ReadonlyArray<string | Quoted>;

/** What stands in it is quoted, but for numbers and what is made of words itself. */
export function words(texts: TemplateStringsArray, ...values: ReadonlyArray<string | number | Words>): Words {
    return texts.flatMap((text, index) => {
        const value = values[index];
        const said: Words =
            value === undefined
                ? []
                : typeof value === "string"
                  ? [{ quoted: value }]
                  : typeof value === "number"
                    ? [String(value)]
                    : value;
        return text === "" ? said : [text, ...said];
    });
}

/** Our own words. */
export function plain(text: string): Words {
    return text === "" ? [] : [text];
}

/** `a, b and c`. */
export function enumerated(names: readonly string[]): Words {
    return names.flatMap((name, index) => [
        ...(index === 0 ? [] : [index === names.length - 1 ? " and " : ", "]),
        { quoted: name },
    ]);
}
