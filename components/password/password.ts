// A password that is given or made, once, and kept in the state encrypted.
import type { CustomResourceOptions, Output } from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";

/**
 * @param name the resource's name when one is made
 * @param given used as it is, whatever its characters
 * @returns a secret
 */
export function givenOrGenerated(
    name: string,
    given: Output<string> | undefined,
    opts: CustomResourceOptions,
    length: number = 32,
): Output<string> {
    return given ?? new RandomPassword(name, { length }, opts).result;
}
