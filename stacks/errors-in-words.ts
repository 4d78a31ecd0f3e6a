// What somebody else has to mend is told in its own words, without where in the program it was noticed. The SDK hides the stack of a
// RunError as long as the program runs; once that has returned, which is before the last Output is known, it prints every stack.
import type { EventEmitter } from "node:events";
import { RunError } from "@pulumi/pulumi/errors.js";

/** The SDK puts one before the words for each resource that needs the value. */
const needs = /^(error serializing property "[^"]*": )+/;

/** Any other error is a mistake in the program, and its stack is what one needs. */
function wordsAlone(error: unknown): void {
    if (RunError.isInstance(error)) {
        error.message = error.message.replace(needs, "");
        error.stack = error.message;
    }
}

/**
 * From now on, and when the program has returned too: errors come when Outputs do. Where nobody reports what was not caught, Node goes
 * on doing that itself.
 */
export function tellErrorsInWords(): void {
    const end: EventEmitter = process;
    for (const event of ["unhandledRejection", "uncaughtException"]) {
        const reporters: readonly unknown[] = end.listeners(event);
        if (reporters.length > 0 && !reporters.includes(wordsAlone)) {
            end.prependListener(event, wordsAlone);
        }
    }
}
