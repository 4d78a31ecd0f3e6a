// What the gate prints.
import Table from "cli-table3";
import type { Loss, Verdict } from "./judge.ts";

/** As wide as a terminal is at least. */
const narrow = 80;
/** Blanks beside a cell's text. */
const padding = 2;
/** The lines between and beside four columns. */
const borders = 5;

/** @param columns the terminal's width */
export function report({ refused, allowed, warnings }: Verdict, columns: number = narrow): string {
    const parts = [
        ...(refused.length === 0 ? [] : [table(refused, columns)]),
        ...warnings.map(printable),
        ...(allowed.length === 0
            ? []
            : [`Allowed: ${allowed.map(({ name, happens }) => `${printable(name)} (${happens})`).join(", ")}.`]),
        refused.length === 0 ? passed(allowed) : verdict(refused),
    ];
    return parts.join("\n");
}

function passed(allowed: readonly Loss[]): string {
    return `The gate is open: ${allowed.length === 0 ? "nothing that holds data" : "nothing else that holds data"} is replaced or deleted.`;
}

function verdict(refused: readonly Loss[]): string {
    const flags = refused.map(({ allowedBy }) => `--allow ${quoted(allowedBy)}`).join(" ");
    const {
        lost = [],
        safety = [],
        kept = [],
    } = Object.groupBy(refused, ({ inPlace, kind }) =>
        inPlace ? "kept" : kind === "backups" || kind === "versions" ? "safety" : "lost",
    );
    return [
        ...counted(lost.length, "with data would be lost."),
        ...counted(safety.length, "by which data is safe would be lost."),
        ...counted(kept.length, "would stay, and its data be less safe."),
        `If that is meant, and there is a backup, add: ${flags}`,
    ].join("\n");
}

function counted(count: number, what: string): string[] {
    return count === 0 ? [] : [`Refused: ${count === 1 ? "1 resource" : `${count} resources`} ${what}`];
}

function table(losses: readonly Loss[], columns: number): string {
    const head = ["resource", "type", "what happens", "why"];
    const rows = losses.map(({ name, kind, type, happens, why }) =>
        [name, `${kind}: ${type}`, happens, why].map(printable),
    );
    // The two columns of prose share what the others leave, which take a quarter of the width each at most.
    const total = Math.max(columns, narrow);
    const identity = [0, 1].map((column) =>
        Math.min(Math.floor(total / 4), Math.max(...[head, ...rows].map((row) => row[column]!.length)) + padding),
    );
    const rest = Math.floor((total - borders - identity[0]! - identity[1]!) / 2);
    const colWidths = [...identity, rest, rest];
    const made = new Table({ head, colWidths, wordWrap: true, style: { head: [], border: [] } });
    made.push(...rows.map((row) => row.map((cell, column) => broken(cell, colWidths[column]! - padding))));
    return made.toString();
}

/** The table breaks lines at blanks, and would cut a type, a URN or a path that is longer than its column. */
function broken(cell: string, width: number): string {
    return cell
        .split(" ")
        .map((word) => piecesOf(word, width).join(" "))
        .join(" ");
}

/** Parts as long as they may be, that end where the word has a joint, if it has one. */
function piecesOf(word: string, width: number): string[] {
    const pieces: string[] = [];
    let rest = word;
    while (rest.length > width) {
        const joint = /^.*[:/.$-]/.exec(rest.slice(0, width))?.[0];
        const piece = joint ?? rest.slice(0, width);
        pieces.push(piece);
        rest = rest.slice(piece.length);
    }
    return [...pieces, rest];
}

/** Names come from a file: nothing in them may steer the terminal. */
export function printable(text: string): string {
    return text.replace(/[^\P{C}\n]/gu, "?");
}

/** For a POSIX shell. */
function quoted(text: string): string {
    return /^[A-Za-z0-9_./:-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", `'\\''`)}'`;
}
