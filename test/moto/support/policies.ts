// The policies among what calls send, and whether there are such actions: the services take any text.
import type { Moto } from "../../../lab/moto/moto.ts";
import type { Done } from "./stack.ts";

interface Document {
    readonly Statement: unknown;
}

export interface PolicyOf {
    /** Type and name of the resource. */
    readonly of: string;
    readonly document: Document;
}

/** Wherever in a call's arguments one is. */
export function policiesIn({ of, input }: Done): PolicyOf[] {
    const texts: string[] = [];
    const walk = (value: unknown): void => {
        if (typeof value === "string" && value.startsWith("{")) {
            texts.push(value);
        } else if (typeof value === "object" && value !== null) {
            Object.values(value).forEach(walk);
        }
    };
    walk(input);
    return texts
        .map((text) => JSON.parse(text) as Partial<Document>)
        .filter((document): document is Document => document.Statement !== undefined)
        .map((document) => ({ of, document }));
}

/** @returns one line for each action that no service has, or that matches none */
export async function actionsUnknown(moto: Moto, policies: readonly PolicyOf[]): Promise<string[]> {
    const named = policies.flatMap(({ of, document }) =>
        [document.Statement]
            .flat()
            .flatMap((statement) => (statement as { readonly Action?: string | string[] }).Action ?? [])
            .map((action) => ({ of, action })),
    );
    const unknown = new Set(await moto.unknownActions([...new Set(named.map(({ action }) => action))]));
    return named.filter(({ action }) => unknown.has(action)).map(({ of, action }) => `${of}: ${action}`);
}
