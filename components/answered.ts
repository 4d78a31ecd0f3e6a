// What a provider answers to a function that reads. Where it refuses, its words are told alone: what is missing is a right or a thing at
// the cloud, and where in the program it was asked for helps nobody.
import { recover, RunError, type Output } from "@pulumi/pulumi";

/** How the engine begins them. */
const refusal = /^invocation of \S+ returned an error: /;

/** What the SDK makes of every question that the engine's end leaves open; why it ends, the engine tells. */
const engineEnds = "Resource monitor is terminating";

/** The same answer, of which a refusal has no stack. */
export function answered<Answer>(answer: Output<Answer>): Output<Answer> {
    return recover(answer, (error: unknown) => {
        const given = error instanceof Error ? error : new Error(String(error));
        if (given.message === engineEnds) {
            return new Promise<never>(() => undefined);
        }
        throw refusal.test(given.message) ? new RunError(given.message) : given;
    });
}
