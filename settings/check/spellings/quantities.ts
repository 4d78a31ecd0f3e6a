// Amounts as others write them: bytes, processors, times.

const byteUnits: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const byteSuffixes = [
    ["Ti", 2 ** 40],
    ["Gi", 2 ** 30],
    ["Mi", 2 ** 20],
    ["Ki", 2 ** 10],
] as const;

/** Below this, a number without a unit is gibibytes, and up to a million of them mebibytes: nobody reserves so few bytes. */
const gibibytesBelow = 128;

/** `1GB`, `512 m`, `1.5Gi`, `1024`; what is zero becomes the smallest of its unit. @returns for example `1Gi` */
export function bytesFrom(text: string): string | undefined {
    const [, number, unit = ""] =
        /^\s*([0-9]{1,15}(?:[.,][0-9]{1,6})?)\s*([bkmgt])?(?:i?b|i|bytes)?\s*$/i.exec(text) ?? [];
    if (number === undefined) {
        return undefined;
    }
    const amount = Number(number.replace(",", "."));
    const unitBytes =
        byteUnits[unit.toLowerCase()] ?? (amount < gibibytesBelow ? 2 ** 30 : amount < 2 ** 20 ? 2 ** 20 : 1);
    const bytes = amount === 0 ? Math.max(unitBytes, 2 ** 10) : Math.round(amount * unitBytes);
    const fitting = byteSuffixes.find(([, size]) => bytes % size === 0);
    return fitting ? `${bytes / fitting[1]}${fitting[0]}` : `${Math.max(1, Math.round(bytes / 2 ** 20))}Mi`;
}

/** `1.5 cores`, `500 m`, `,5`. @returns for example `500m` */
export function processorsFrom(text: string): string | undefined {
    const [, number, unit = ""] =
        /^\s*([0-9]{0,9}(?:[.,][0-9]{1,9})?)\s*(m|millicores?|v?cpus?|cores?)?\s*$/i.exec(text) ?? [];
    if (number === undefined || number === "") {
        return undefined;
    }
    const amount = Number(number.replace(",", "."));
    const thousandths = Math.max(1, Math.round(/^m/i.test(unit) ? amount : amount * 1000));
    return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
}

/** Seconds of each. */
const timeUnits: Readonly<Record<string, number>> = {
    ms: 0.001,
    s: 1,
    sec: 1,
    second: 1,
    m: 60,
    min: 60,
    minute: 60,
    h: 3600,
    hr: 3600,
    hour: 3600,
    d: 86400,
    day: 86400,
    w: 604800,
    week: 604800,
};

/** `5m`, `72 hours`, `7d`. @returns seconds; without a unit undefined */
export function secondsFrom(text: string): number | undefined {
    const [, number, unit = ""] = /^\s*([0-9]{1,9}(?:[.,][0-9]{1,6})?)\s*([a-z]{1,7})\s*$/i.exec(text) ?? [];
    const lower = unit.toLowerCase();
    const seconds = [lower, lower.replace(/s$/, "")]
        .map((name) => timeUnits[name])
        .find((found) => found !== undefined);
    return number === undefined || seconds === undefined ? undefined : Number(number.replace(",", ".")) * seconds;
}

/** A time to live as whole hours or days. */
export function hoursOrDaysFrom(text: string): string | undefined {
    const hours = /^\s*[0-9]{1,4}\s*$/.test(text) ? Number(text) : Math.ceil((secondsFrom(text) ?? 0) / 3600);
    return hours > 0 ? (hours % 24 === 0 && hours > 72 ? `${hours / 24}d` : `${hours}h`) : undefined;
}

/** Minutes of the day, as YAML 1.1 reads 03:00; `3`, `3:00`, `3 am`. @returns for example `03:00` */
export function clockFrom(text: string): string | undefined {
    const two = (number: number): string => String(number).padStart(2, "0");
    const [, hour, minute = "0", half = ""] =
        /^\s*([0-9]{1,2})(?::([0-9]{2}))?(?::[0-9]{2})?\s*([ap]m)?\s*$/i.exec(text) ?? [];
    if (hour !== undefined) {
        const added = half.toLowerCase() === "pm" && Number(hour) < 12 ? 12 : 0;
        return `${two(Number(hour) + added)}:${two(Number(minute))}`;
    }
    return /^[0-9]{2,4}$/.test(text) ? `${two(Math.floor(Number(text) / 60))}:${two(Number(text) % 60)}` : undefined;
}
