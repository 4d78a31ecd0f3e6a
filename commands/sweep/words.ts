// How a sweep says times, sizes and what something holds.
import type { Weight } from "../backend/weight.ts";
import { byteQuantityOf } from "../../lib/quantities.ts";

const hour = 3_600_000;

export function ageText(milliseconds: number): string {
    const hours = milliseconds / hour;
    if (hours < 1) {
        return `${Math.max(0, Math.round(hours * 60))} min`;
    }
    return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} d`;
}

/** To the minute, UTC. */
export function momentText(date: Date): string {
    return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

export function holdsText({ holds, reserved }: Weight): string {
    const { pods, millicores, memory, storage } = reserved;
    const kept = Object.entries(holds)
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([kind, count]) => (count === 1 ? kind : `${count} ${kind}s`));
    const taken = [
        ...(pods > 0 ? [`${pods} pods`] : []),
        ...(millicores > 0 ? [`${millicores}m`] : []),
        ...(memory > 0 ? [byteQuantityOf(memory)] : []),
        ...(storage > 0 ? [`volumes ${byteQuantityOf(storage)}`] : []),
    ];
    return [kept.join(", "), taken.join(", ")].filter((part) => part !== "").join("; ") || "nothing";
}

export function dollars(amount: number): string {
    return amount >= 100 ? amount.toFixed(0) : amount.toFixed(2);
}

/** At blanks; a word that is longer than a line has one of its own. */
export function wrapped(text: string, width: number): string {
    const lines: string[] = [];
    for (const word of text.split(/\s+/)) {
        const last = lines.at(-1);
        if (last === undefined || last.length + 1 + word.length > width) {
            lines.push(word);
        } else {
            lines[lines.length - 1] = `${last} ${word}`;
        }
    }
    return lines.join("\n");
}
