// A password that is given or made, once, and kept in the state encrypted.
import type { CustomResourceOptions, Output } from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";

/**
 * @param name the resource's name when one is made
 * @param given used as it is, whatever its characters
 * @param special the characters besides letters and digits that one that is made may have. @default `!@#$%&*()-_=+[]{}<>:?`
 * @returns a secret
 */
export function givenOrGenerated(
    name: string,
    given: Output<string> | undefined,
    opts: CustomResourceOptions,
    length: number = 32,
    special?: string,
): Output<string> {
    return (
        given ??
        new RandomPassword(name, { length, ...(special !== undefined && { overrideSpecial: special }) }, opts).result
    );
}
