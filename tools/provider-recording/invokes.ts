// Functions that the program calls, and what the recorded clouds answer. A closed list: anything else is refused by name.
import { UnknownType, type PlainMap } from "../provider-host/index.ts";
import { recordedAuthorityBase64 } from "./outputs/certificate.ts";
import type { Account } from "./outputs.ts";

export interface InvokeAnswer {
    readonly values: PlainMap;
    /** Names of secret values. */
    readonly secrets: readonly string[];
}

type Answer = (args: PlainMap, account: Account) => PlainMap;

const answers: Readonly<Record<string, Answer>> = {
    "digitalocean:index/getDatabaseCa:getDatabaseCa": ({ clusterId }) => ({
        id: clusterId,
        clusterId,
        // The provider decodes what the API gives in base64.
        certificate: Buffer.from(recordedAuthorityBase64, "base64").toString("utf8"),
    }),
    "aws:index/getCallerIdentity:getCallerIdentity": (_, { id }) => ({
        id,
        accountId: id,
        arn: `arn:aws:iam::${id}:user/recorded`,
        userId: "AIDARECORDEDRECORDED2",
    }),
};

/** @throws UnknownType for a function that is not in the list */
export function answer(token: string, args: PlainMap, account: Account): InvokeAnswer {
    const found = answers[token];
    if (found === undefined) throw new UnknownType(`recorded ${account.cloud}`, token, Object.keys(answers));
    return { values: found(args, account), secrets: [] };
}

export function isAnswered(token: string): boolean {
    return token in answers;
}
