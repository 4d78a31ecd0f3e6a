// Text that a pull request's own code wrote, made harmless: it may say anything, and in a comment of ours. It looks as it was meant, but
// calls nobody, leads nowhere, shows no picture, commands nothing, is no other comment's, and says at its top whose words it is.
import { seam, withoutCommands } from "../forge/commands-in-text.ts";

/** What GitHub takes. */
const longest = 65_536;

/** Tags that only arrange text, without attributes. */
const harmless = new Set(
    "b blockquote br code del details em h1 h2 h3 h4 h5 h6 hr i ins kbd li ol p pre s strong sub summary sup table tbody td th thead tr ul".split(
        " ",
    ),
);

/** @param text without its marker @param head the commit whose code wrote it */
export function harmlessText(text: string, marker: string, head: string): string {
    const warning = `> Written by a run of this pull request's own code, at ${head.slice(0, 12)}: read it as its author's words.`;
    const top = `${marker}\n${warning}\n\n`;
    return top + cut(withoutPower(text), longest - top.length);
}

function withoutPower(text: string): string {
    const visible = text.replaceAll("\r\n", "\n").replace(/[^\P{C}\n\t]/gu, "");
    const parted = visible
        // A tag, a comment, or an address in angle brackets.
        .replace(/<(\/?)([A-Za-z][A-Za-z0-9-]*)?/g, (all, close: string, name: string | undefined, at: number) =>
            name !== undefined && isHarmless(visible, at, close, name) ? all : `<${seam}${all.slice(1)}`,
        )
        // A character by its number would come back as what it stands for.
        .replace(/&(?=#|\w+;)/g, `&${seam}`)
        .replace(/@(?=[\w-])/g, `@${seam}`)
        // The number of an issue, a request, an epic, a snippet, a milestone, a label; and a commit in another repository.
        .replace(/([#!&$%~^*])(?=[\w"[])/g, (all, sign: string, at: number, whole: string) =>
            sign === "*" && !/^\*iteration/.test(whole.slice(at)) ? all : `${sign}${seam}`,
        )
        .replace(/\b(GH-)(?=\d)/gi, `$1${seam}`)
        // Links and pictures, with their address beside them, elsewhere, or alone.
        .replace(/\](?=[(:])/g, `]${seam}`)
        .replace(/:(?=\/\/)/g, `:${seam}`)
        .replace(/\b(www)(?=\.)/gi, `$1${seam}`)
        .replace(/\b(mailto|xmpp|javascript|data)(?=:)/gi, `$1${seam}`);
    return withoutCommands(parted);
}

/** One that ends at once: `<details>`, `</details>`, `<br/>`; a folded part may be open. */
function isHarmless(text: string, at: number, close: string, name: string): boolean {
    const rest = text.slice(at + 1 + close.length + name.length, at + 40);
    return harmless.has(name.toLowerCase()) && /^( ?\/?| open)>/.test(rest);
}

function cut(text: string, most: number): string {
    if (text.length <= most) {
        return text;
    }
    const note = "\n\n(The rest is left out: it is too long for a comment.)";
    const kept = text.slice(0, most - note.length);
    return `${kept.slice(0, Math.max(0, kept.lastIndexOf("\n")))}${note}`;
}
