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
