// What comes of a provider's answer. Does not prove that the engine words a refusal so: the engine layer does.
import { output, RunError, type Output } from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { answered } from "../../components/answered.ts";

const promiseOf = <T>(of: Output<T>): Promise<T> => (of as unknown as { promise(): Promise<T> }).promise();

const failed = (error: Error): Output<never> => output(Promise.reject<never>(error));

/** That it ends in nothing is told by whoever waits for it. */
const endOf = (error: Error): Promise<unknown> =>
    Promise.race([
        promiseOf(answered(failed(error))).catch((reason: unknown) => reason),
        new Promise((resolve) => setTimeout(resolve, 50, "nothing yet")),
    ]);

test("an answer is what it is", async () => {
    expect(await promiseOf(answered(output({ certificate: "c" })).certificate)).toBe("c");
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
