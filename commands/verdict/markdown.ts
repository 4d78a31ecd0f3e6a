// The verdict as a comment on a pull request. What it says is never cut; the details below it are, to what a forge takes.
import { counted } from "../plan/words.ts";
import { groups, type Group } from "./groups.ts";
import { codeLine, codeSpan } from "./quoted-text.ts";
import { headline, levelWords, sectionsOf, type Section } from "./said.ts";
import type { ShownChange, Verdict } from "./verdict.ts";
import type { Words } from "./words.ts";

export interface MarkdownOptions {
    /** Characters that the forge takes. @default GitHub's, which GitLab's and Gitea's are above */
    readonly limit?: number;
    /** Where all of it is, for what has no room: an address. @default the log is named */
    readonly log?: string;
}

/** What GitHub takes as the body of a comment. */
export const gitHubLimit = 65_536;

/** For the marker that the comment is found by, and for whoever sends it. */
const kept = 512;

/** The share of a comment that the verdict may take before its tables become lists of names. */
const verdictShare = 0.6;

const lights: Readonly<Record<Verdict["level"], string>> = { red: "🔴", yellow: "🟡", green: "🟢" };

/** As many rows as a table may have, tried one after the other. */
const rowLimits = [Infinity, 200, 80, 30, 12, 5];

export function markdownOf(verdict: Verdict, { limit = gitHubLimit, log }: MarkdownOptions = {}): string {
    const room = limit - kept;
    const sections = sectionsOf(verdict);
    const first = firstLines(verdict);
    const heads = rowLimits.map((rows) =>
        [first, ...sections.map((section) => sectionText(section, rows))].join("\n\n"),
    );
    const head = heads.find((text) => text.length <= room * verdictShare) ?? heads.at(-1)!;
    const picture = pictureText(verdict);
    const withPicture = head.length + picture.length < room ? `${head}${picture}` : head;
    const more = `in ${log === undefined ? "the log" : `[the log](${log})`}`;
    const details = detailsOf(verdict.changes, room - withPicture.length, more);
    return `${withPicture}${details}\n`;
}

function firstLines(verdict: Verdict): string {
    const { level, stack, counts, from } = verdict;
    const { create, update, replace, delete: gone, unchanged } = counts;
    const by = from === "plans" ? "by the plans of base and head" : "by a preview";
    return [
        `${lights[level]} **${levelWords[level]}.** ${said(headline(verdict))}`,
        `Stack ${codeSpan(stack)}, ${by}: ${create} created, ${update} changed, ${replace} replaced, ${gone} deleted` +
            `${unchanged === undefined ? "" : `, ${unchanged} unchanged`}.`,
    ].join("\n\n");
}

/** Our own words as they are, those of others quoted. */
function said(text: Words): string {
    return text.map((word) => (typeof word === "string" ? word : codeSpan(word.quoted))).join("");
}

function sectionText({ title, summary, table, lines, names = [] }: Section, rows: number): string {
    const shown = table?.rows.slice(0, rows) ?? [];
    const hidden = (table?.rows.length ?? 0) - shown.length;
    const rest = names.slice(shown.length);
    return [
        `**${title}**: ${said(summary)}`,
        ...(table === undefined || shown.length === 0
            ? []
            : [
                  [
                      `| ${table.head.join(" | ")} |`,
                      `|${table.head.map(() => "---|").join("")}`,
                      ...shown.map((cells) => `| ${cells.map(said).join(" | ")} |`),
                  ].join("\n"),
              ]),
        ...(hidden > 0 ? [rest.length > 0 ? `And ${hidden} more: ${nameList(rest)}` : `And ${hidden} more.`] : []),
        ...lines.map(said),
    ].join("\n\n");
}

/** All that there is room for: a comment that nobody can post says nothing. */
function nameList(names: readonly string[]): string {
    let text = "";
    for (const [index, name] of names.entries()) {
        const next = `${index === 0 ? "" : ", "}${codeSpan(name.slice(0, 60))}`;
        if (text.length + next.length > 30_000) {
            return `${text} and ${names.length - index} more`;
        }
        text += next;
    }
    return text;
}

function pictureText({ picture }: Verdict): string {
    return picture === undefined
        ? ""
        : `\n\n<details><summary>Picture: new, changed, replaced and gone are marked</summary>\n\n\`\`\`mermaid\n${picture}\n\`\`\`\n\n</details>`;
}

const signs: Readonly<Record<ShownChange["op"], string>> = { create: "+", update: "!", replace: "-/+", delete: "-" };
const done: Readonly<Record<ShownChange["op"], string>> = {
    create: "created",
    update: "changed",
    replace: "replaced",
    delete: "deleted",
};

/** Worst first. */
const order: readonly ShownChange["op"][] = ["delete", "replace", "update", "create"];

function detailsOf(changes: readonly ShownChange[], room: number, more: string): string {
    const found = groups
        .map((group) => ({ group, ofGroup: changes.filter((change) => change.group === group) }))
        .filter(({ ofGroup }) => ofGroup.length > 0);
    let left = room;
    const blocks: string[] = [];
    for (const [index, { group, ofGroup }] of found.entries()) {
        const block = groupText(group, ofGroup, left / (found.length - index), more);
        blocks.push(block);
        left -= block.length;
    }
    return blocks.join("");
}

/** @param room what it may take: without its fields, and then without the last changes, where it would take more */
function groupText(group: Group, changes: readonly ShownChange[], room: number, more: string): string {
    const sorted = changes.toSorted((a, b) => order.indexOf(a.op) - order.indexOf(b.op));
    const counts = order
        .map((op) => ({ op, count: changes.filter((change) => change.op === op).length }))
        .filter(({ count }) => count > 0)
        .map(({ op, count }) => `${count} ${done[op]}`)
        .join(", ");
    const before = `\n\n<details><summary>${group}: ${counts}</summary>\n\n\`\`\`diff\n`;
    const after = "\n```\n\n</details>";
    const cutLine = (count: number): string => `\n\n${counted(count, "change")} more ${more}.`;
    const space = room - before.length - after.length - cutLine(changes.length).length;
    const full = sorted.map((change) => [titleOf(change), ...change.fields.map(fieldOf)].join("\n"));
    const texts = full.join("\n").length <= space ? full : sorted.map(titleOf);
    const fitting: string[] = [];
    let used = 0;
    for (const text of texts) {
        if (used + text.length + 1 > space) {
            break;
        }
        fitting.push(text);
        used += text.length + 1;
    }
    const missing = texts.length - fitting.length;
    if (fitting.length === 0) {
        return cutLine(missing).length <= room ? `\n\n${group}: ${counts}, ${more}.` : "";
    }
    const leftOut = texts === full ? "" : `\n\nWhat of each is ${more}.`;
    return `${before}${fitting.join("\n")}\n\`\`\`${missing > 0 ? cutLine(missing) : leftOut}\n\n</details>`;
}

/** GitHub colours a line by its first sign. */
function titleOf({ op, type, name, because }: ShownChange): string {
    const kind = type.split(":").at(-1)!;
    return codeLine(
        `${signs[op]} ${kind} ${name}${op === "replace" ? " is replaced" : ""}${because === undefined ? "" : `: ${because}`}`,
    );
}

function fieldOf({ path, kind, before, after, replaces }: ShownChange["fields"][number]): string {
    const change = before === undefined || after === undefined ? kind : `${before} → ${after}`;
    return codeLine(`      ${path}: ${change}${replaces ? " (replaces it)" : ""}`);
}
