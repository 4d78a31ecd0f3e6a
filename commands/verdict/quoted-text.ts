// Names and values in Markdown. A pull request chooses them, so nothing in them may mean anything there: no mention, no link, no HTML, no
// end of the quotation. Forges look for none of these in a span or a block of code.
import { masked } from "../../lib/secret-text.ts";

/** Longer ones are cut: a name of a megabyte is no name. */
const longest = 160;

/** What steers a reader or a terminal is a question mark: control characters, line ends, changes of direction. */
function visible(text: string, most: number): string {
    const shown = masked(text.slice(0, 4 * most)).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
    const letters = Array.from(shown);
    return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : shown;
}

/** A span of code, in a cell of a table too. */
export function codeSpan(text: string): string {
    const inside = visible(text, longest).replaceAll("`", "'").replaceAll("|", "¦").trim();
    return `\`${inside === "" ? "?" : inside}\``;
}

/** One line in a block of code. */
export function codeLine(text: string): string {
    return visible(text, 2 * longest).replaceAll("`", "'");
}

/** For a terminal. */
export function terminalText(text: string): string {
    return visible(text, longest);
}
