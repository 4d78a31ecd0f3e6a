// What comes of a provider's answer. Does not prove that the engine words a refusal so: the engine layer does.
import { output, RunError, type Output } from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { answered } from "../../components/answered.ts";

/** What an Output consists of, which its typings leave out. */
interface Parts<Value> {
    promise(): Promise<Value>;
    allResources(): Promise<unknown>;
    readonly isKnown: Promise<boolean>;
    readonly isSecret: Promise<boolean>;
}

const partsOf = <Value>(of: Output<Value>): Parts<Value> => of as unknown as Parts<Value>;

/** The error, which all its parts end with, or that there is no end. */
function endOf(error: Error): Promise<unknown> {
    const end = partsOf(answered(output(Promise.reject(error))));
    const parts: readonly Promise<unknown>[] = [end.promise(), end.allResources(), end.isKnown, end.isSecret];
    const errors = parts.map((part) => part.catch((reason: unknown) => reason));
    return Promise.race([errors[0], new Promise((resolve) => setTimeout(resolve, 50, "nothing yet"))]);
}

test("an answer is what it is", async () => {
    expect(await partsOf(answered(output({ certificate: "c" })).certificate).promise()).toBe("c");
});

test("a refusal is told in the provider's words alone", async () => {
    const words = "invocation of digitalocean:index/getDatabaseCa:getDatabaseCa returned an error: 403 Forbidden";
    const end = await endOf(new Error(words));
    expect(RunError.isInstance(end)).toBe(true);
    expect(end).toHaveProperty("message", words);
});

test("any other error is a mistake in the program, and stays itself", async () => {
    const mistake = new TypeError("Cannot read properties of undefined: invocation of a returned an error: b");
    expect(await endOf(mistake)).toBe(mistake);
});

test("a question that the engine's end leaves open is no error beside the one that ended it", async () => {
    expect(await endOf(new Error("Resource monitor is terminating"))).toBe("nothing yet");
});
