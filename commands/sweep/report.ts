// What a sweep says at its end: a table for people, the same as data.
import Table from "cli-table3";
import { printable } from "../gate/report.ts";
import type { Report, Swept } from "./sweep.ts";
import { ageText, dollars, wrapped } from "./words.ts";

/** Of these nobody has to do anything. */
const fine: readonly Swept["outcome"][] = ["gone", "later", "kept", "spared"];

/** Whether something is left that a person has to see to. */
export function isLeft({ found, dry }: Report): boolean {
    return found.some(({ outcome }) => !fine.includes(outcome) && !(dry && outcome === "due"));
}

export function reportText(report: Report, columns: number): string {
    const { found, inUse, unseen, dry } = report;
    const sum = found.reduce((total, { costPerDay = 0 }) => total + costPerDay, 0);
    const counted = Object.entries(Object.groupBy(found, ({ outcome }) => outcome)).map(
        ([outcome, some]) => `${some.length} ${outcomeText(outcome as Swept["outcome"], dry)}`,
    );
    const commands = found
        .filter(({ commands: all, outcome }) => all.length > 0 && !fine.includes(outcome))
        .flatMap(({ kind, name, commands: all }) => [`${kind} ${name}:`, ...all.map((command) => `    ${command}`)]);
    const done = found.flatMap(({ name, done: lines }) => lines.map((line) => `${name}: ${line}`));
    return printable(
        [
            ...(found.length === 0 ? [] : [table(found, columns, dry)]),
            ...done,
            ...unseen,
            ...(commands.length === 0 ? [] : ["To be done by hand:", ...commands]),
            found.length === 0
                ? "Nothing is left over."
                : `${counted.join(", ")}${sum > 0 ? `; ${dollars(sum)} US dollars a day` : ""}.`,
            `In use: ${inUse.length === 0 ? "no environment" : inUse.join(", ")}.`,
            ...(dry && found.some(({ verdict }) => verdict === "due")
                ? ["Nothing was changed. To remove what is due: make sweep"]
                : []),
        ].join("\n"),
    );
}

function outcomeText(outcome: Swept["outcome"], dry: boolean): string {
    switch (outcome) {
        case "gone":
            return "removed";
        case "failed":
            return "not removed";
        case "due":
            return dry ? "would be removed" : "due";
        case "later":
            return "removed later";
        case "told":
            return "left to you";
        case "kept":
            return "kept";
        case "spared":
            return "in use again";
        default:
            return outcome satisfies never;
    }
}

function table(found: readonly Swept[], columns: number, dry: boolean): string {
    const head = ["what", "age", "$/day", "holds", "what happens", "why"];
    // What the short columns and the lines between leave is shared by the three of prose.
    const rest = Math.max(columns, 110) - 50;
    const rows = found.map(({ kind, name, place, age, costPerDay, holds, outcome, why }) => [
        wrapped(`${kind} ${name}${place === undefined ? "" : ` in ${place}`}`, Math.floor(rest * 0.25)),
        age === undefined ? "" : ageText(age),
        costPerDay === undefined ? "" : dollars(costPerDay),
        wrapped(holds, Math.floor(rest * 0.3)),
        outcomeText(outcome, dry),
        wrapped(why, Math.floor(rest * 0.45)),
    ]);
    const made = new Table({ head, style: { head: [], border: [] } });
    made.push(...rows);
    return made.toString();
}
