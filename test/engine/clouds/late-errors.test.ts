// An error for whoever runs the program is told without a stack, whenever an Output brings it: while the program runs and after it has
// returned. Does not prove which errors are of that kind: their own tests do.
import { afterAll, beforeAll, expect, test } from "vitest";
import { EngineStack } from "./support/engine-stack.ts";
import { projectRoot } from "../../../commands/support/paths.ts";

/** @param milliseconds until the Secret has been read; the program has returned by then, or waits for as long */
const program = (milliseconds: number, waits: boolean) => `
import { setTimeout as sleep } from "node:timers/promises";
import { output } from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { Provider } from "@pulumi/random/provider.js";
import { secretText } from "${projectRoot}/components/secrets/secret-text.ts";
import { tellErrorsInWords } from "${projectRoot}/stacks/errors-in-words.ts";

export default async () => {
    tellErrorsInWords();
    const provider = new Provider("random");
    const read = output(sleep(${milliseconds}).then(() => ({ other: "" })));
    const text = read.apply((values) => secretText(values, "token", "shop/stores"));
    new RandomPassword("first", { length: 8, keepers: { text } }, { provider });
    new RandomPassword("second", { length: 8, keepers: { text } }, { provider });
    ${waits ? `await sleep(${milliseconds * 2});` : ""}
};
`;

let stack: EngineStack;

beforeAll(async () => {
    stack = await EngineStack.create({ name: "late", program: program(0, false) });
}, 10 * 60_000);

afterAll(async () => {
    await stack?.remove();
});

test.each([
    ["while the program runs", program(100, true)],
    ["when the program has returned", program(1000, false)],
])("%s", async (_, text) => {
    await stack.setProgram(text);
    const { exitCode, output, changes } = await stack.up();
    expect(exitCode).not.toBe(0);
    const [, diagnostics = ""] = output.split("Diagnostics:");
    const sentence = "error: The Secret shop/stores has no key token; it has other.";
    expect(diagnostics.split(sentence).length - 1, output).toBe(1);
    expect(output).not.toMatch(/^\s+at /m);
    expect(output).not.toContain("unhandled exception");
    expect(changes.map(({ name }) => name)).not.toContain("first");
});
