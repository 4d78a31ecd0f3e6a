// A moment, as people write it and as it comes out of YAML.

/** `2026-12-01 10:20:30.5 +0000 UTC`: what a moment without quotes is to YAML, as Pulumi hands it over. */
const unquotedForm = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d\d)(\d\d) \S+$/;

/**
 * The same moment at the same distance from UTC is the same text, in quotes or without: what is restored is named after it. Midnight UTC
 * without quotes stays as it is, for a day alone is that too.
 */
export function writtenMoment(text: string): string {
    const [, day, time, hours, minutes] = unquotedForm.exec(text) ?? [];
    const quoted =
        day === undefined || (time === "00:00:00" && hours === "+00" && minutes === "00")
            ? text
            : `${day}T${time!}${hours!}:${minutes!}`;
    return quoted
        .replace(/^(\d{4}-\d\d-\d\dT\S*?)[+-]00:00$/, "$1Z")
        .replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.0+|(\.\d*?[1-9])0+)(?=Z|[+-])/, "$1$2");
}

/** A day alone is its beginning, and a time without a zone one in UTC. */
export function momentsFrom(text: string): string[] {
    const [, day, time] =
        /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(?: \+0000 UTC| ?[Zz])?$/.exec(text) ?? [];
    if (day === undefined) {
        return [];
    }
    const seconds = time === undefined ? "00:00:00" : time.length === 5 ? `${time}:00` : time;
    return [`${day}T${seconds}Z`];
}

/** Sunday is 7 to cron, and no day to Kubernetes. */
export function scheduleFrom(text: string): string[] {
    const fields = text.trim().split(/\s+/);
    return fields.length === 5 && fields[4] === "7" ? [[...fields.slice(0, 4), "0"].join(" ")] : [];
}
