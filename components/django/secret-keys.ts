// Django's SECRET_KEY, and others with which the app still takes what was signed.
import * as pulumi from "@pulumi/pulumi";
import { generation } from "../password/generations.ts";
import type { DjangoArgs } from "./contract.ts";

export interface SecretKeys {
    readonly key: pulumi.Output<string>;
    /** A JSON list: a key may have any character. @default there is one key */
    readonly fallbacks?: pulumi.Output<string>;
}

const length = 64;

/**
 * Of a number that is raised, pods of both releases answer the same visitors for a while: those of the old one have been told the next
 * key before it signs anything, those of the new one the key before.
 */
export function createSecretKeys(
    name: string,
    { secrets, rotations }: Pick<DjangoArgs, "secrets" | "rotations">,
    parent: pulumi.ComponentResource,
): SecretKeys {
    const { secretKey, secretKeyFallback } = secrets;
    if (secretKey !== undefined) {
        return secretKeyFallback === undefined
            ? { key: secretKey }
            : { key: secretKey, fallbacks: listed([secretKeyFallback]) };
    }
    const number = rotations?.secretKey;
    const key = (of: number): pulumi.Output<string> => generation(`${name}-secret-key`, of, { parent }, length);
    if (number === undefined) {
        return { key: key(0) };
    }
    return { key: key(number), fallbacks: listed([...(number === 0 ? [] : [key(number - 1)]), key(number + 1)]) };
}

function listed(keys: ReadonlyArray<pulumi.Output<string>>): pulumi.Output<string> {
    return pulumi.secret(pulumi.all([...keys]).apply((all) => JSON.stringify(all)));
}
