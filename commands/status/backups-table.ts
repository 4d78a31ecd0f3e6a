// How backups are, for a terminal.
import Table from "cli-table3";
import type { DataOperation } from "../../lib/data-operations.ts";
import { wrap } from "../plan/words.ts";
import type { JudgedBackups } from "./backups.ts";

/** So many of what was done last are told. */
const told = 12;

/** @param columns the terminal's width */
export function backupsTable({ stores, broken, operations }: JudgedBackups, columns: number): string {
    const table = new Table({
        head: ["store", "last good backup", "archive", "last drill", "promised at most"],
        style: { head: [], border: [], compact: true },
        chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    });
    for (const { store, backup, archive, drill, promised } of stores) {
        table.push([store, backup, archive, drill, promised]);
    }
    const wrong = broken.flatMap((text) => hanging("  - ", text, columns));
    return [
        ...(stores.length === 0 ? [] : [table.toString()]),
        ...(wrong.length === 0 ? [] : ["Not as promised:", ...wrong]),
        ...(operations.length === 0 ? [] : ["", "What was done with data last:"]),
        ...operations.slice(0, told).flatMap((operation) => lines(operation, columns)),
    ].join("\n");
}

function lines({ kind, store, started, ended, result, what }: DataOperation, columns: number): string[] {
    const seconds = Math.round((Date.parse(ended) - Date.parse(started)) / 1000);
    const took = seconds <= 0 ? "" : seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
    const when = new Date(ended).toISOString().slice(0, 16).replace("T", " ");
    return hanging(
        `  ${when}  ${kind.padEnd(8)} ${result.padEnd(9)}  ${took.padStart(7)}  `,
        `${store}: ${what}`,
        columns,
    );
}

/** The first line after `before`, the others below its text. */
function hanging(before: string, text: string, columns: number): string[] {
    const room = Math.max(40, columns - before.length);
    return wrap(text, room).map((line, index) => `${index === 0 ? before : " ".repeat(before.length)}${line}`);
}
