// When a CronJob runs, read as Kubernetes reads it. Its parser is robfig/cron v3's standard one: libraries for JavaScript take more
// (seconds, 7 for Sunday, L and #), which the API server refuses.
// Source: github.com/robfig/cron v3.0.1, parser.go and spec.go; Kubernetes, "CronJob", schedule syntax.

interface Field {
    readonly name: string;
    readonly least: number;
    readonly most: number;
    /** Words for the numbers from `least` on. */
    readonly words?: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fields: readonly Field[] = [
    { name: "minute", least: 0, most: 59 },
    { name: "hour", least: 0, most: 23 },
    { name: "day of the month", least: 1, most: 31 },
    { name: "month", least: 1, most: 12, words: months },
    { name: "day of the week", least: 0, most: 6, words: weekdays },
];

const macros: Readonly<Record<string, string>> = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
};

/** Days that a month has at most. */
const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** @returns what is wrong with a schedule; undefined for one that Kubernetes takes and that comes */
export function scheduleFault(schedule: string): string | undefined {
    if (/(?:^|\s)(?:CRON_)?TZ=/.test(schedule)) {
        return "the time zone has a setting of its own, timeZone";
    }
    const text = schedule.trim();
    if (text.startsWith("@")) {
        return Object.hasOwn(macros, text) ? undefined : `${JSON.stringify(text)} is none of these words`;
    }
    const parts = text.split(/\s+/);
    if (parts.length !== fields.length || text === "") {
        return `${text === "" ? 0 : parts.length} fields instead of five${parts.length === 6 ? ": there are no seconds" : ""}`;
    }
    const faults = parts.flatMap((part, index) => faultOf(part, fields[index]!) ?? []);
    return faults[0] ?? neverComes(parts);
}

/** The numbers that a field takes in, or what is wrong with it. */
function faultOf(part: string, field: Field): string | undefined {
    const read = numbersOf(part, field);
    return typeof read === "string" ? read : undefined;
}

function numbersOf(part: string, field: Field): readonly number[] | string {
    const { name } = field;
    const found: number[] = [];
    for (const entry of part.split(",")) {
        const [, from, to, step] = /^([^-/]+)(?:-([^-/]+))?(?:\/([0-9]+))?$/.exec(entry) ?? [];
        if (from === undefined) {
            return `${name} ${JSON.stringify(entry)}`;
        }
        const any = from === "*" || from === "?";
        const first = any ? field.least : numberOf(from, field);
        // `5/15` is every fifteenth from 5 on.
        const last = any || (to === undefined && step !== undefined) ? field.most : numberOf(to ?? from, field);
        if (first === undefined || last === undefined || (any && to !== undefined)) {
            return `${name} ${JSON.stringify(entry)}: ${field.least} to ${field.most}${field.words ? ` or ${field.words[0]!} to ${field.words.at(-1)!}` : ""}`;
        }
        if (first > last) {
            return `${name} ${JSON.stringify(entry)}: it ends before it begins`;
        }
        const each = Number(step ?? 1);
        if (each === 0) {
            return `${name} ${JSON.stringify(entry)}: a step of 0`;
        }
        for (let number = first; number <= last; number += each) {
            found.push(number);
        }
    }
    return found;
}

function numberOf(text: string, { least, most, words }: Field): number | undefined {
    const word = words?.indexOf(text.toLowerCase()) ?? -1;
    const number = word >= 0 ? word + least : /^[0-9]{1,4}$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
}

/** Days of the month that none of the months has; with a weekday beside them, either is enough. */
function neverComes(parts: readonly string[]): string | undefined {
    const [, , day = "", month = "", weekday = ""] = parts;
    // With a step it is a restriction like any other.
    const anyOf = (part: string): boolean => part.split(",").some((entry) => /^[*?](?:\/1)?$/.test(entry));
    if (anyOf(day) || !anyOf(weekday)) {
        return undefined;
    }
    const ofMonth = numbersOf(month, fields[3]!) as readonly number[];
    const longest = Math.max(...ofMonth.map((number) => days[number - 1]!));
    const first = Math.min(...(numbersOf(day, fields[2]!) as readonly number[]));
    return first > longest ? `a day ${first} that month ${month} does not have: it never comes` : undefined;
}
