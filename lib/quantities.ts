// Kubernetes quantities as literal types: a typo fails in the editor, not in the cluster.

/** Memory or storage, for example "512Mi" or "20Gi". */
export type ByteQuantity = `${number}${"Ki" | "Mi" | "Gi" | "Ti"}`;

/** Processor time, for example "250m" or "2". */
export type CpuQuantity = `${number}m` | `${number}`;

const byteUnits = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const;

export const byteForm = /^[1-9][0-9]*(Ki|Mi|Gi|Ti)$/;

export function isByteQuantity(text: string): text is ByteQuantity {
    return byteForm.test(text);
}

/** Not finer than a thousandth of a processor, as Kubernetes wants it. */
export const cpuForm = /^([1-9][0-9]*m?|0\.(?!0+$)[0-9]{1,3}|[1-9][0-9]*\.[0-9]{1,3})$/;

export function isCpuQuantity(text: string): text is CpuQuantity {
    return cpuForm.test(text);
}

/** @returns the number of bytes */
export function bytes(quantity: ByteQuantity): number {
    const unit = quantity.slice(-2) as keyof typeof byteUnits;
    return Number(quantity.slice(0, -2)) * byteUnits[unit];
}

/** @returns thousandths of a processor */
export function millicores(quantity: CpuQuantity): number {
    return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) : Math.round(Number(quantity) * 1000);
}

/** A part of a quantity in whole mebibytes, rounded down, at least one. */
export function megabytesOf(quantity: ByteQuantity, share: number): number {
    return Math.max(1, Math.floor((bytes(quantity) * share) / byteUnits.Mi));
}

/** For messages, with up to two decimals: "2.5Gi", "256Mi". */
export function byteText(amount: number): string {
    const unit = (Object.keys(byteUnits) as (keyof typeof byteUnits)[]).findLast((name) => amount >= byteUnits[name]);
    return unit === undefined ? `${amount} bytes` : `${rounded(amount / byteUnits[unit])}${unit}`;
}

/** The next quantity that holds so many bytes, without more digits than needed: whole GiB from four on, else whole MiB. */
export function byteQuantityOf(amount: number): ByteQuantity {
    const unit = amount > 4 * byteUnits.Gi || amount % byteUnits.Gi === 0 ? "Gi" : "Mi";
    return `${Math.max(1, Math.ceil(amount / byteUnits[unit]))}${unit}`;
}

/** For messages and settings: "250m", "1", "2.5". */
export function cpuText(thousandths: number): CpuQuantity {
    return thousandths < 1000 ? `${thousandths}m` : `${thousandths / 1000}`;
}

function rounded(value: number): number {
    return Math.round(value * 100) / 100;
}
