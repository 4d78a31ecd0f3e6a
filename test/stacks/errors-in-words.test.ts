// Who reports what was not caught is told an error's words alone. Does not prove what the SDK makes of them: the engine layer does.
import type { EventEmitter } from "node:events";
import { RunError } from "@pulumi/pulumi/errors.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tellErrorsInWords } from "../../stacks/errors-in-words.ts";

const events = ["unhandledRejection", "uncaughtException"] as const;

/** Where Node says what was not caught. */
const end: EventEmitter = process;

type Listener = (...args: unknown[]) => void;

/** Those of the test's own runner. */
let before: ReadonlyMap<string, readonly Listener[]>;

beforeEach(() => {
    before = new Map(events.map((event) => [event, end.listeners(event) as Listener[]]));
    events.forEach((event) => end.removeAllListeners(event));
});

afterEach(() => {
    for (const [event, listeners] of before) {
        end.removeAllListeners(event);
        listeners.forEach((listener) => end.on(event, listener));
    }
});

/** What a reporter sees of it that was there before the program. */
function seen(event: string, error: unknown): unknown {
    let stack: unknown;
    end.on(event, (reported: unknown) => (stack = (reported as Error).stack));
    tellErrorsInWords();
    end.emit(event, error);
    return stack;
}

describe.each(events)("%s", (event) => {
    it("of an error for whoever runs the program is its message", () => {
        expect(seen(event, new RunError("The Secret shop/stores has no key cache."))).toBe(
            "The Secret shop/stores has no key cache.",
        );
    });

    it("does not name every resource that needs the value", () => {
        const error = new RunError('error serializing property "a": error serializing property "b": The words.');
        expect([seen(event, error), error.message]).toEqual(["The words.", "The words."]);
    });

    it("of a mistake in the program shows where it is", () => {
        expect(seen(event, new TypeError("nothing has no length"))).toMatch(/^TypeError: nothing has no length\n +at /);
    });

    it("is listened to once, however often the program runs", () => {
        end.on(event, () => undefined);
        tellErrorsInWords();
        tellErrorsInWords();
        expect(end.listenerCount(event)).toBe(2);
    });

    it("is Node's where nobody listens, which ends the process", () => {
        tellErrorsInWords();
        expect(end.listenerCount(event)).toBe(0);
    });

    it("may be anything", () => {
        expect(seen(event, { stack: "as it was" })).toBe("as it was");
    });
});
