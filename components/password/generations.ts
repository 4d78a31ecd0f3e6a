// Passwords by number: each is made when its number comes, and goes when nobody needs it any more.
import type { CustomResourceOptions, Output } from "@pulumi/pulumi";
import { givenOrGenerated } from "./password.ts";

/** The name of its resource; the first is the one that was there before there were numbers. */
export function generationName(name: string, number: number): string {
    return number === 0 ? name : `${name}-${number}`;
}

/** @returns a secret, the same for the same number as long as the state has it */
export function generation(
    name: string,
    number: number,
    opts: CustomResourceOptions,
    length?: number,
    special?: string,
): Output<string> {
    return givenOrGenerated(generationName(name, number), undefined, opts, length, special);
}
