// The verdict for a terminal, or the log of a job: all of it, nothing cut.
import Table from "cli-table3";
import { wrap } from "../plan/words.ts";
import { groups } from "./groups.ts";
import { terminalText } from "./quoted-text.ts";
import { headline, levelWords, sectionsOf, type Section } from "./said.ts";
import type { ShownChange, Verdict } from "./verdict.ts";
import type { Words } from "./words.ts";

export function terminalOf(verdict: Verdict, columns: number): string {
    const { level, stack, counts, from } = verdict;
    const width = Math.max(80, columns);
    const { create, update, replace, delete: gone, unchanged } = counts;
    return [
        ...wrap(`${levelWords[level]}. ${said(headline(verdict))}`, width),
        "",
        `Stack ${terminalText(stack)}, by ${from === "plans" ? "the plans of base and head" : "a preview"}: ${create} created, ${update} changed, ` +
            `${replace} replaced, ${gone} deleted${unchanged === undefined ? "" : `, ${unchanged} unchanged`}.`,
        ...sectionsOf(verdict).flatMap((section) => ["", ...sectionLines(section, width)]),
        ...groups.flatMap((group) => {
            const ofGroup = verdict.changes.filter((change) => change.group === group);
            return ofGroup.length === 0 ? [] : ["", group, ...ofGroup.flatMap(changeLines)];
        }),
    ].join("\n");
}

/** Without the stars of Markdown. */
function said(text: Words): string {
    return text
        .map((word) => (typeof word === "string" ? word.replaceAll("**", "") : terminalText(word.quoted)))
        .join("");
}

function sectionLines({ title, summary, table, lines }: Section, width: number): string[] {
    return [
        ...wrap(`${title}: ${said(summary)}`, width),
        ...(table === undefined
            ? []
            : [
                  tableText(
                      table.head,
                      table.rows.map((cells) => cells.map(said)),
                      width,
                  ),
              ]),
        ...lines.flatMap((line) => wrap(said(line), width)),
    ];
}

function tableText(head: readonly string[], rows: ReadonlyArray<readonly string[]>, width: number): string {
    const padding = 2;
    const natural = head.map(
        (title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)) + padding,
    );
    const total = width - head.length - 1;
    const sum = natural.reduce((all, one) => all + one, 0);
    // Narrow columns keep their width; the wide ones share what is left.
    const fair = Math.floor(total / head.length);
    const narrow = natural.filter((one) => one <= fair);
    const share = Math.floor(
        (total - narrow.reduce((all, one) => all + one, 0)) / Math.max(1, natural.length - narrow.length),
    );
    const colWidths = sum <= total ? natural : natural.map((one) => (one <= fair ? one : share));
    const made = new Table({
        head: [...head],
        colWidths,
        wordWrap: true,
        wrapOnWordBoundary: false,
        style: { head: [], border: [] },
    });
    made.push(...rows.map((row) => [...row]));
    return made.toString();
}

const signs: Readonly<Record<ShownChange["op"], string>> = { create: "+", update: "~", replace: "-/+", delete: "-" };

function changeLines({ op, type, name, because, fields }: ShownChange): string[] {
    return [
        terminalText(`  ${signs[op]} ${type.split(":").at(-1)!} ${name}${because === undefined ? "" : `: ${because}`}`),
        ...fields.map(({ path, kind, before, after, replaces }) =>
            terminalText(
                `      ${path}: ${before === undefined || after === undefined ? kind : `${before} → ${after}`}${replaces ? " (replaces it)" : ""}`,
            ),
        ),
    ];
}
