// One thing that a plan opens, or that protects it, as a sentence.
import type { PolicyResource } from "../../../policy/resource.ts";
import { words, type Words } from "../words.ts";

export interface Fact {
    readonly resource: PolicyResource;
    readonly says: Words;
    /** It is no opening, but closes something: without it, that is open. */
    readonly protects: boolean;
    /** What it protects is the resource itself: once that has gone, nothing is open. */
    readonly itself: boolean;
    /** Of an opening: to the internet, or to whoever is somebody at the cloud. */
    readonly everyone: boolean;
}

export function opens(resource: PolicyResource, says: Words, everyone = false): Fact {
    return { resource, says, everyone, protects: false, itself: false };
}

/** @param everyone whether all would be open without it */
export function protects(resource: PolicyResource, says: Words, everyone = false): Fact {
    return { resource, says, everyone, protects: true, itself: false };
}

/** What of a resource is safe, as long as there is the resource. */
export function protectsItself(resource: PolicyResource, says: Words): Fact {
    return { resource, says, everyone: false, protects: true, itself: true };
}

export function keyOf({ resource: { type, name }, says, protects: closing }: Fact): string {
    return JSON.stringify([type, name, says, closing]);
}

/** `443`, `8000 to 8010`, `any port`. */
export function portWords(from: unknown, to: unknown = from): Words {
    const [first, last] = [from, to].map((port) =>
        typeof port === "number" || typeof port === "string" ? String(port) : undefined,
    );
    if (first === undefined || first === "-1" || (first === "0" && last === "65535")) {
        return ["any port"];
    }
    return last === undefined || last === first ? words`port ${first}` : words`ports ${first} to ${last}`;
}
