// How a type of resource becomes calls of its service's API, as the provider makes them.
import type { Asked } from "../../../commands/plan/answers/recorded-cloud.ts";
import type { PlainMap } from "../../../commands/plan/answers/values.ts";
import type { Output } from "../../../lab/moto/moto.ts";

export type { Output };

/** One resource and the way to the services. */
export interface Making {
    readonly asked: Asked;
    readonly region: string;
    /** What the program gives, without what other calls take or the provider alone reads. */
    input(...without: readonly string[]): PlainMap;
    /** A text among what the program gives and what the provider generates. */
    text(name: string): string;
    /**
     * @param operation of the API, for example `ec2.CreateVpc`
     * @returns undefined: the service refused it, which is noted, or moto does not know it
     */
    call(operation: string, input: PlainMap): Promise<Output | undefined>;
    /** What the service does by itself, and moto does not: nobody's call. */
    byItself(operation: string, input: PlainMap): Promise<Output>;
}

export interface Translation {
    /** @returns the outputs that the service gave, in place of the recorded ones */
    readonly up: (making: Making) => Promise<PlainMap | undefined>;
    /** With the outputs of `up`. @default nothing is to be deleted */
    readonly down?: (making: Making) => Promise<unknown>;
}

export type Translations = Readonly<Record<string, Translation>>;

/** Tags as EC2 takes them with what it makes. */
export function tagged(kind: string, input: PlainMap): PlainMap {
    const { tags, ...rest } = input;
    return tags === undefined ? rest : { ...rest, tagSpecifications: [{ resourceType: kind, tags }] };
}

/** Names as the API has them, where they are not the provider's. */
export function renamed(input: PlainMap, names: Readonly<Record<string, string>>): PlainMap {
    return Object.fromEntries(Object.entries(input).map(([name, value]) => [names[name] ?? name, value]));
}
