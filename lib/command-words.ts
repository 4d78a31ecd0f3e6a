// A process's command as words: what a shell in it runs, which program it is in the end, and what its options say.

export interface Word {
    readonly text: string;
    /** The place in the command's list; a shell's words all have that of its script. */
    readonly index: number;
    /** Whether it is one of several words in one entry of the list. */
    readonly inScript: boolean;
}

const shells = /(?:^|\/)(?:sh|bash|dash|ash|zsh)$/;
const runsScript = /^-[a-z]*c$/;

/** The words of a command; of a shell's script those between blanks, without quotes. */
export function wordsOf(command: readonly string[]): Word[] {
    const script = shells.test(command[0] ?? "") ? command.findIndex((word) => runsScript.test(word)) + 1 : 0;
    return command.flatMap((text, index): Word[] =>
        script > 0 && index === script
            ? text
                  .replaceAll(/(&&|\|\||[;|&])/g, " $1 ")
                  .split(/\s+/)
                  .filter((word) => word !== "")
                  .map((word) => ({ text: word.replaceAll(/["']/g, ""), index, inScript: true }))
            : [{ text, index, inScript: false }],
    );
}

const ends = new Set(["&&", "||", ";", "|", "&"]);

/**
 * The words of one of some programs, with that program's first: whatever starts it (`python -m`, `newrelic-admin run-program`,
 * `sh -c "exec ..."`) stands before, and what a script runs afterwards is left out.
 */
export function programIn(
    words: readonly Word[],
    programs: ReadonlySet<string>,
): { readonly program: string; readonly words: readonly Word[] } | undefined {
    const start = words.findIndex(({ text }) => programs.has(basename(text)));
    if (start === -1) {
        return undefined;
    }
    const rest = words.slice(start);
    const end = rest.findIndex(({ text, inScript }) => inScript && ends.has(text));
    return { program: basename(rest[0]!.text), words: end === -1 ? rest : rest.slice(0, end) };
}

function basename(word: string): string {
    return word.slice(word.lastIndexOf("/") + 1);
}

export interface OptionValue {
    readonly value: string;
    /** The word that has the value, and what stands before it there. */
    readonly word: Word;
    readonly before: string;
}

/**
 * Each value of an option, under any of its names: `--port 80`, `--port=80`, `-p 80`, `-p80`.
 *
 * @param names long ones with two hyphens, short ones with one
 */
export function optionValues(words: readonly Word[], names: readonly string[]): OptionValue[] {
    return words.flatMap((word, index): OptionValue[] => {
        for (const name of names) {
            const next = words[index + 1];
            if (word.text === name && next !== undefined) {
                return [{ value: next.text, word: next, before: "" }];
            }
            const before = name.startsWith("--") ? `${name}=` : name;
            if (word.text.startsWith(before) && word.text.length > before.length && !isLongerShort(word.text, name)) {
                return [{ value: word.text.slice(before.length).replace(/^=/, ""), word, before }];
            }
        }
        return [];
    });
}

/** `--bind` begins with the `-b` of no one. */
function isLongerShort(text: string, name: string): boolean {
    return !name.startsWith("--") && text.startsWith("--");
}

/** The last one, which programs take. */
export function optionValue(words: readonly Word[], names: readonly string[]): OptionValue | undefined {
    return optionValues(words, names).at(-1);
}
