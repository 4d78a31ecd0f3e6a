// Functions that the program calls, and what the recorded clouds answer. A closed list: anything else is refused by name.
import { UnknownType } from "../provider-host/failures.ts";
import type { PlainMap } from "../provider-host/values.ts";
import { recordedAuthority } from "./outputs/certificate.ts";

const answers: Readonly<Record<string, (args: PlainMap) => PlainMap>> = {
    "digitalocean:index/getDatabaseCa:getDatabaseCa": ({ clusterId }) => ({
        id: clusterId,
        clusterId,
        certificate: recordedAuthority,
    }),
};

/** @throws UnknownType for a function that is not in the list */
export function answer(token: string, args: PlainMap): PlainMap {
    const found = answers[token];
    if (found === undefined) throw new UnknownType(`recorded ${token.split(":")[0]!}`, token, Object.keys(answers));
    return found(args);
}

export function isAnswered(token: string): boolean {
    return token in answers;
}
