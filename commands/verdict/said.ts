// The verdict in words: one line that says it, then a section for each question, each with what matters most first.
import type { Loss } from "../gate/judge.ts";
import { counted } from "../plan/words.ts";
import type { Outage } from "./outage.ts";
import { dollars } from "./money.ts";
import type { Verdict } from "./verdict.ts";
import { enumerated, plain, words, type Words } from "./words.ts";

export interface Section {
    readonly title: string;
    /** One line that answers the question. */
    readonly summary: Words;
    readonly table?: { readonly head: readonly string[]; readonly rows: ReadonlyArray<readonly Words[]> };
    readonly lines: readonly Words[];
    /** Names of all rows, for when there is no room for them. */
    readonly names?: readonly string[];
}

export const levelWords: Readonly<Record<Verdict["level"], string>> = { red: "Red", yellow: "Yellow", green: "Green" };

/** So many names are in the first line; the section has all. */
const namesInLine = 3;

/** What a reviewer reads if nothing else, without the level's word. */
export function headline(verdict: Verdict): Words {
    const { data, rules, connections = [], cost, isNew, counts } = verdict;
    const parts: Words[] = [
        ...(isNew ? [words`a new stack of ${[counted(counts.create, "resource")]}`] : []),
        ...dataWords(data.lost),
        ...(data.impossible.length > 0 ? [plain("a volume cannot become smaller")] : []),
        ...(data.lost.length + data.impossible.length > 0
            ? []
            : data.allowed.length > 0
              ? [words`lost as allowed: ${namesOf(data.allowed.map(({ name }) => name))}`]
              : [plain("nothing is lost")]),
        ...brokenWords(rules),
        ...connections
            .filter(({ free = 0 }) => free < 0)
            .map(({ server, free = 0 }) => words`${server} gets ${-free} connections too many`),
        ...stopWords(verdict.downtime),
        ...openWords(verdict),
        ...(cost === undefined || Math.abs(cost.delta) < 1
            ? []
            : [plain(`a month costs ${dollars(Math.abs(cost.delta))} ${cost.delta > 0 ? "more" : "less"}`)]),
        ...(verdict.judges.length > 0 ? [plain("what judges is changed too")] : []),
    ];
    const [first = [], ...rest] = parts;
    return [...capital(first), ...rest.flatMap((part): Words => ["; ", ...part]), "."];
}

function capital([first, ...rest]: Words): Words {
    return typeof first === "string"
        ? [`${first.charAt(0).toUpperCase()}${first.slice(1)}`, ...rest]
        : [first!, ...rest];
}

function namesOf(names: readonly string[]): Words {
    return names.length <= namesInLine
        ? enumerated(names)
        : [
              ...enumerated(names.slice(0, namesInLine)).map((word) => (word === " and " ? ", " : word)),
              ` and ${names.length - namesInLine} more`,
          ];
}

function sortOf({ inPlace, kind, happens }: Loss): "lost" | "left" | "safety" | "kept" {
    return inPlace
        ? "kept"
        : kind === "backups" || kind === "versions"
          ? "safety"
          : /\bstays\b/.test(happens)
            ? "left"
            : "lost";
}

function dataWords(lost: readonly Loss[]): Words[] {
    const of = (sort: ReturnType<typeof sortOf>): string[] =>
        lost.filter((loss) => sortOf(loss) === sort).map(({ name }) => name);
    const said = {
        lost: "data would be lost",
        left: "data would stay outside the stack, without its app",
        safety: "what data is got back from would be lost",
        kept: "data would be less safe",
    };
    return (["lost", "left", "safety", "kept"] as const).flatMap((sort) =>
        of(sort).length === 0 ? [] : [words`${[said[sort]]}: ${namesOf(of(sort))}`],
    );
}

function brokenWords(rules: Verdict["rules"]): Words[] {
    const ids = [...new Set((rules?.broken ?? []).filter(({ mandatory }) => mandatory).map(({ rule }) => rule))];
    return ids.length === 0
        ? []
        : [words`${[ids.length === 1 ? "a rule is" : `${ids.length} rules are`]} broken: ${namesOf(ids)}`];
}

function stopWords(outages: readonly Outage[]): Words[] {
    const stopping = outages.filter(({ stops }) => stops !== "nobody");
    const said: Words[] = (["requests", "tasks", "schedule"] as const).flatMap((stops) => {
        const found = stopping.filter((outage) => outage.stops === stops);
        if (found.length === 0) {
            return [];
        }
        const who = { requests: "requests wait or fail", tasks: "tasks wait", schedule: "the schedule waits" }[stops];
        return [plain(`${who} ${howLong(found)}`)];
    });
    return said.length === 0 ? [plain("nothing stops")] : said;
}

function howLong(outages: readonly Outage[]): string {
    const known = outages.filter(({ seconds }) => seconds !== undefined);
    const nobodySays = "for a time that nobody says";
    if (known.length === 0) {
        return nobodySays;
    }
    const longest = known.reduce((most, one) => (one.seconds! > most.seconds! ? one : most));
    return `${timeWords(longest)}${known.length < outages.length ? `, and ${nobodySays}` : ""}`;
}

function timeWords({ seconds, andStart = false }: Outage): string {
    return seconds === undefined ? "not known" : `up to ${seconds} s${andStart ? " and its start" : ""}`;
}

function openWords({ security: { opened }, isNew }: Verdict): Words[] {
    const everyone = opened.filter((one) => one.everyone).length;
    if (opened.length === 0 || (isNew && everyone === 0)) {
        return isNew ? [] : [plain("nothing is opened")];
    }
    return [
        plain(
            isNew
                ? `${counted(everyone, "thing")} open to everyone`
                : `${counted(opened.length, "thing")} opened${everyone > 0 ? `, ${everyone === opened.length ? "" : `${everyone} of them `}to everyone` : ""}`,
        ),
    ];
}

export function sectionsOf(verdict: Verdict): readonly Section[] {
    const { cost, connections, rules } = verdict;
    return [
        dataSection(verdict),
        downtimeSection(verdict),
        securitySection(verdict),
        ...(cost === undefined ? [] : [costSection(cost)]),
        ...(connections === undefined || connections.length === 0 ? [] : [connectionSection(connections)]),
        ...(rules === undefined ? [] : [ruleSection(rules)]),
        ...(verdict.judges.length === 0 ? [] : [judgeSection(verdict.judges)]),
    ];
}

function dataSection({ data: { lost, allowed, impossible, warnings } }: Verdict): Section {
    const rows = [
        ...lost.map((loss) => lossRow(loss, plain(loss.happens))),
        ...allowed.map((loss) => lossRow(loss, plain(`${loss.happens} (allowed)`))),
    ];
    const summary =
        lost.length + impossible.length > 0
            ? words`${[counted(lost.length + impossible.length, "resource")]} would lose data, or what keeps it safe.`
            : allowed.length > 0
              ? plain("Lost is only what was allowed.")
              : plain("Nothing is lost, and nothing is less safe.");
    return {
        title: "Data",
        summary,
        ...(rows.length > 0 && { table: { head: ["what", "holds", "what happens", "why"], rows } }),
        names: [...lost, ...allowed].map(({ name }) => name),
        lines: [
            ...impossible.map((text) => words`${text}`),
            ...(lost.length === 0
                ? []
                : [
                      words`If that is meant, and there is a backup, allow it by name: ${lost.map(({ allowedBy }) => `--allow ${allowedBy}`).join(" ")}`,
                  ]),
            ...warnings.map((text) => words`${text}`),
        ],
    };
}

function lossRow({ name, kind, why }: Loss, happens: Words): readonly Words[] {
    return [words`${name}`, plain(kind), happens, words`${why}`];
}

function downtimeSection({ downtime }: Verdict): Section {
    const stopping = downtime.filter(({ stops }) => stops !== "nobody");
    const rows = [...stopping, ...downtime.filter(({ stops }) => stops === "nobody")].map(
        ({ name, stops, happens, source, ...time }) => [
            words`${name}`,
            plain(stops === "schedule" ? "the schedule" : stops),
            plain(happens),
            plain(timeWords({ name, stops, happens, source, ...time }).replace("up to ", "")),
            plain(source),
        ],
    );
    return {
        title: "Downtime",
        summary:
            stopping.length === 0
                ? plain("Nothing stops.")
                : plain(`${counted(stopping.length, "thing")} stop${stopping.length === 1 ? "s" : ""} for a while.`),
        ...(rows.length > 0 && { table: { head: ["what", "who waits", "what happens", "at most", "by"], rows } }),
        names: stopping.map(({ name }) => name),
        lines: [],
    };
}

function securitySection({ security: { opened, closed }, isNew }: Verdict): Section {
    const told = isNew ? opened.filter(({ everyone }) => everyone) : opened;
    const word = (everyone: boolean): string => (everyone ? "**to everyone**" : "");
    return {
        title: "Security",
        summary: plain(
            opened.length + closed.length === 0
                ? "Nothing is opened or closed."
                : isNew
                  ? `All of it is new: ${counted(told.length, "thing")} of ${opened.length} open to everyone.`
                  : `${counted(opened.length, "thing")} opened, ${closed.length} closed.`,
        ),
        ...(told.length + (isNew ? 0 : closed.length) > 0 && {
            table: {
                head: ["", "what"],
                rows: [
                    ...told.map(({ says, everyone }) => [plain(`opened ${word(everyone)}`.trim()), says]),
                    ...(isNew ? [] : closed).map(({ says }) => [plain("closed"), says]),
                ],
            },
        }),
        lines: [],
    };
}

function costSection({ before, after, delta, items, unpriced, pricesOf }: NonNullable<Verdict["cost"]>): Section {
    const signed = `${delta > 0 ? "+" : ""}${dollars(delta)}`;
    return {
        title: "Cost",
        summary: plain(
            delta === 0 && items.length === 0
                ? `${dollars(after)} a month as before, at idle, by list prices.`
                : `${dollars(before)} → ${dollars(after)} a month (${signed}), at idle, by list prices.`,
        ),
        ...(items.length > 0 && {
            table: {
                head: ["item", "before", "after", ""],
                rows: items.map((item) => [
                    words`${item.name}`,
                    plain(item.before === 0 ? "-" : dollars(item.before)),
                    plain(item.after === 0 ? "-" : dollars(item.after)),
                    plain(`${item.after > item.before ? "+" : ""}${dollars(item.after - item.before)}`),
                ]),
            },
        }),
        lines: [
            ...(unpriced.length > 0 ? [words`Not in it, for there is no price: ${enumerated(unpriced)}.`] : []),
            ...(items.length > 0 ? [words`Prices of ${enumerated(pricesOf)}; without traffic, use and tax.`] : []),
        ],
    };
}

function connectionSection(connections: NonNullable<Verdict["connections"]>): Section {
    const changed = connections.filter(({ before, after, free = 0 }) => before !== after || free < 0);
    return {
        title: "Connections",
        summary: plain(
            changed.length === 0
                ? "As many as before, and they fit."
                : "The most that can be open at a database server:",
        ),
        ...(changed.length > 0 && {
            table: {
                head: ["server", "before", "after", "takes", "free"],
                rows: changed.map(({ server, before, after, limit, free }) => [
                    words`${server}`,
                    plain(String(before ?? "-")),
                    plain(String(after ?? "-")),
                    plain(String(limit ?? "not known")),
                    plain(free === undefined ? "not known" : free < 0 ? `**${-free} too many**` : String(free)),
                ]),
            },
        }),
        lines: [],
    };
}

function ruleSection({ broken, mended, still }: NonNullable<Verdict["rules"]>): Section {
    return {
        title: "Rules",
        summary: plain(
            broken.length + mended.length === 0
                ? still === 0
                    ? "All hold."
                    : `None is newly broken; ${counted(still, "finding")} as before.`
                : `${broken.length} newly broken, ${mended.length} mended${still > 0 ? `, ${still} as before` : ""}.`,
        ),
        ...(broken.length + mended.length > 0 && {
            table: {
                head: ["rule", "", "where", "found", "fix"],
                rows: [
                    ...broken.map(({ rule, mandatory, name, path, found, fix }) => [
                        words`${rule}`,
                        plain(mandatory ? "**broken**" : "advice"),
                        words`${path === "" ? name : `${name}: ${path}`}`,
                        words`${found}`,
                        words`${fix}`,
                    ]),
                    ...mended.map(({ rule, name, path }) => [
                        words`${rule}`,
                        plain("mended"),
                        words`${path === "" ? name : `${name}: ${path}`}`,
                        [],
                        [],
                    ]),
                ],
            },
        }),
        lines: [],
    };
}

function judgeSection(judges: readonly string[]): Section {
    return {
        title: "Judges",
        summary: plain(
            "The head changes what says which rules hold, what data is, or what things cost: read these before you believe its rules and figures.",
        ),
        lines: [
            enumerated(judges.slice(0, 20)),
            ...(judges.length > 20 ? [plain(`and ${judges.length - 20} more`)] : []),
        ],
    };
}
