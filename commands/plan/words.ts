// Numbers in a person's words.

/** "2", or "2 to 4". */
export function range({ min, max }: { readonly min: number; readonly max: number }): string {
    return min === max ? String(min) : `${min} to ${max}`;
}

/** "1 pod", "2 pods". */
export function counted(count: number, noun: string): string {
    return `${count} ${count === 1 ? noun : /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
    return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Breaks text at spaces into lines of at most `width` characters; a longer word gets a line of its own. */
export function wrap(text: string, width: number): string[] {
    const lines: string[] = [];
    let line = "";
    for (const word of text.split(" ")) {
        const longer = line === "" ? word : `${line} ${word}`;
        if (longer.length > width && line !== "") {
            lines.push(line);
            line = word;
        } else {
            line = longer;
        }
    }
    return [...lines, line];
}
