// What the mover says, read of its log, and what of it is shown.
import Table from "cli-table3";

export interface Said {
    readonly time: string;
    readonly phase: string;
    readonly state: string;
    readonly text: string;
    readonly done?: number;
    readonly of?: number;
    readonly bytes?: number;
    readonly ofBytes?: number;
    readonly lagBytes?: number;
    readonly readOnlySeconds?: number;
}

/** Other lines are the container's own. */
export function saidIn(log: string): Said[] {
    return log.split("\n").flatMap((line) => {
        try {
            const value = JSON.parse(line) as Partial<Said>;
            return typeof value.phase === "string" && typeof value.text === "string" ? [value as Said] : [];
        } catch {
            return [];
        }
    });
}

const checkMarks: Readonly<Record<string, string>> = { right: "ok", told: "note", wrong: "WRONG" };

/** The order of a move, whichever way. */
const phases: Readonly<Record<string, string>> = {
    "read-only": "source read-only",
    dump: "dump",
    schema: "tables, types, functions",
    data: "rows",
    follow: "following the source",
    indexes: "keys and indexes",
    sequences: "sequences",
    analyze: "statistics",
    cutover: "cut-over",
    compare: "comparison",
};

export function checksTable(said: readonly Said[]): string | undefined {
    const checks = said.filter(({ phase }) => phase === "check");
    if (checks.length === 0) {
        return undefined;
    }
    const table = plainTable(["check", ""]);
    for (const { state, text } of checks) {
        table.push([checkMarks[state] ?? state, text]);
    }
    return table.toString();
}

/** A row for each phase that has begun. */
export function progressTable(said: readonly Said[]): string {
    const table = plainTable(["phase", "state", "", "for"]);
    for (const [phase, name] of Object.entries(phases)) {
        const own = said.filter((each) => each.phase === phase);
        const [first, last] = [own[0], own.at(-1)];
        if (first !== undefined && last !== undefined) {
            table.push([name, last.state, amount(last) || last.text, since(first.time, last.time)]);
        }
    }
    return table.toString();
}

/** One line, for a log. */
export function line({ time, phase, state, text, ...numbers }: Said): string {
    const much = amount({ time, phase, state, text, ...numbers });
    return `${time.slice(11, 19)} ${phases[phase] ?? phase}: ${text}${much === "" ? "" : ` (${much})`}`;
}

function amount({ done, of, bytes, ofBytes, lagBytes }: Said): string {
    if (done !== undefined && of !== undefined) {
        return `${done} of ${of}`;
    }
    if (lagBytes !== undefined) {
        return `${mebibytes(lagBytes)} behind`;
    }
    if (bytes === undefined) {
        return "";
    }
    // The dump is packed, so that it has less in the end.
    return ofBytes === undefined ? mebibytes(bytes) : `${mebibytes(bytes)}, of tables of ${mebibytes(ofBytes)}`;
}

function mebibytes(bytes: number): string {
    return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 1 : 0)} MiB`;
}

function since(first: string, last: string): string {
    const seconds = Math.round((Date.parse(last) - Date.parse(first)) / 1000);
    return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}

function plainTable(head: string[]): Table.Table {
    return new Table({
        head,
        wordWrap: true,
        colWidths: head.length === 2 ? [8, 110] : [26, 10, 50, 8],
        style: { head: [], border: [], compact: true },
        chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    });
}
