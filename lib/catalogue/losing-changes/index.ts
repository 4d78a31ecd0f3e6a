// Which changes in place lose something, by the type's token: what the clouds' files say, and every switch against deletion.
import { bytes, isByteQuantity } from "../../quantities.ts";
import type { Inputs } from "../contract.ts";
import { resourceType } from "../index.ts";
import { atPath } from "./at-path.ts";
import { aws, awsSafeties } from "./aws.ts";
import type { LosingChange, LosingChanges, Safeties, Safety } from "./contract.ts";
import { digitalocean } from "./digitalocean.ts";
import { gcp } from "./gcp.ts";
import { kubernetes, kubernetesSafeties } from "./kubernetes.ts";

export type { LosingChange, Safety } from "./contract.ts";
export { atPath } from "./at-path.ts";

const changes: LosingChanges = { ...gcp, ...aws, ...digitalocean, ...kubernetes };
const safeties: Safeties = { ...awsSafeties, ...kubernetesSafeties };

export const tokensThatMayLose: readonly string[] = [...new Set([...Object.keys(changes), ...Object.keys(safeties)])];

/** @returns what is lost with one that is deleted, though it holds no data itself */
export function safetyOf(token: string, inputs: Inputs = {}): Safety | undefined {
    const safety = Object.hasOwn(safeties, token) ? safeties[token] : undefined;
    return safety?.when === undefined || safety.when(inputs) ? safety : undefined;
}

/** All that is known of a type, whatever its inputs. */
export function losingChanges(token: string): readonly LosingChange[] {
    return [...(Object.hasOwn(changes, token) ? changes[token]! : []), ...switches(token)];
}

/** @returns nothing for what holds no data: a copy may be deleted at will */
function switches(token: string, inputs?: Inputs): readonly LosingChange[] {
    const { holds, deletion = [] } = resourceType(token, inputs) ?? {};
    return holds === undefined
        ? []
        : deletion.map(({ path, byDefault, by }) => ({
              path,
              byDefault,
              when: "off",
              happens: `${by === "cloud" ? "the cloud" : "Pulumi"} no longer refuses to delete it`,
          }));
}

export interface Lost {
    readonly path: string;
    readonly happens: string;
    /** From what to what: numbers, sizes and switches. Of texts no value is shown, which may be secret. */
    readonly change: string;
}

/** What an update from one to the other loses. */
export function lostByUpdate(token: string, before: Inputs, after: Inputs): readonly Lost[] {
    const known = Object.hasOwn(changes, token) ? changes[token]! : [];
    return [...known, ...switches(token, before)].flatMap((change) => {
        const [old, next] = [before, after].map((inputs) => valueOf(change, inputs));
        const text = changed(change.when, old, next);
        return text === undefined ? [] : [{ path: change.path, happens: change.happens, change: text }];
    });
}

function valueOf({ path, read, byDefault }: LosingChange, inputs: Inputs): unknown {
    return (read === undefined ? atPath(inputs, path) : read(inputs)) ?? byDefault;
}

/** @returns undefined where nothing is lost */
function changed(when: LosingChange["when"], old: unknown, next: unknown): string | undefined {
    switch (when) {
        case "less":
            return less(old, next);
        case "off":
            return old === true && next !== true ? `on → ${switched(next)}` : undefined;
        case "on":
            return old !== true && next !== false && next !== undefined
                ? `${switched(old)} → ${switched(next)}`
                : undefined;
        case "given":
            return next !== undefined && !isSame(old, next) ? (old === undefined ? "set" : "changed") : undefined;
        case "other":
            return old === undefined || isSame(old, next) ? undefined : next === undefined ? "removed" : "changed";
        default:
            return when satisfies never;
    }
}

/** What was no number lost nothing that could be told. One that is a number no longer may be any. */
function less(old: unknown, next: unknown): string | undefined {
    const [from, to] = [amount(old), amount(next)];
    if (from === undefined || next === undefined) {
        return undefined;
    }
    if (to === undefined) {
        return `${shown(old)} → not known yet`;
    }
    return to < from ? `${shown(old)} → ${shown(next)}` : undefined;
}

function amount(value: unknown): number | undefined {
    if (typeof value === "number") {
        return value;
    }
    if (typeof value !== "string") {
        return undefined;
    }
    return isByteQuantity(value) ? bytes(value) : /^[0-9]{1,15}$/.test(value) ? Number(value) : undefined;
}

/** An interval that is counted downwards shows as it is written. */
function shown(value: unknown): string {
    return value === Infinity ? "for ever" : String(value).replace(/^-/, "");
}

function switched(value: unknown): string {
    return value === true ? "on" : value === false || value === undefined ? "off" : "not known yet";
}

function isSame(one: unknown, other: unknown): boolean {
    return JSON.stringify(one) === JSON.stringify(other);
}
