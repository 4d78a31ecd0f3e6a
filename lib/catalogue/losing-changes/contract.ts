// What an update in place may lose of a resource that stays: data, or what data would be got back from.
import type { Inputs } from "../contract.ts";

export interface LosingChange {
    /** The way to the input, as the table shows it; `[]` for what is looked for in a list. */
    readonly path: string;
    /** @default what is at `path` */
    readonly read?: (inputs: Inputs) => unknown;
    /**
     * `less`: a smaller number or quantity. `off`: no longer true. `on`: true now. `given`: something, and not what it was.
     * `other`: not what it was, or nothing.
     */
    readonly when: "less" | "off" | "on" | "given" | "other";
    /** What is taken when it is left out. @default nothing: then there is nothing to compare */
    readonly byDefault?: unknown;
    readonly happens: string;
}

/** What nobody misses today, and everybody after the next mistake. */
export interface Safety {
    readonly kind: "backups" | "versions";
    /** With such inputs it is one. @default always */
    readonly when?: (inputs: Inputs) => boolean;
    /** The input that names what it is for: with that gone too, it is not missed. */
    readonly of: string;
    readonly happens: string;
}

export type LosingChanges = Readonly<Record<string, readonly LosingChange[]>>;
export type Safeties = Readonly<Record<string, Safety>>;
