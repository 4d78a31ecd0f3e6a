// Functions that the program calls, and what the recorded clouds answer. A closed list: anything else is refused by name.
import type { PlainMap } from "./values.ts";
import { recordedAuthority } from "./outputs/certificate.ts";

const answers: Readonly<Record<string, (args: PlainMap) => PlainMap>> = {
    "digitalocean:index/getDatabaseCa:getDatabaseCa": ({ clusterId }) => ({
        id: clusterId,
        clusterId,
        certificate: recordedAuthority,
    }),
};

/** The functions that have an answer. */
export const answeredFunctions: readonly string[] = Object.keys(answers);

/** @returns undefined for a function that is not in the list */
export function answer(token: string, args: PlainMap): PlainMap | undefined {
    return answers[token]?.(args);
}
