// An error for whoever runs the program is told once and without a stack also where an Output brings it when the program has returned.
// Does not prove which errors are of that kind: their own tests do.
import { afterAll, beforeAll, expect, test } from "vitest";
import { EngineStack } from "./support/engine-stack.ts";
import { projectRoot } from "../../../commands/support/paths.ts";

/** @param rest makes `text`, which two resources need, and may go on after that */
const program = (imports: string, rest: string) => `
import { setTimeout as sleep } from "node:timers/promises";
import { output, runtime } from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { Provider } from "@pulumi/random/provider.js";
import { tellErrorsInWords } from "${projectRoot}/stacks/errors-in-words.ts";
${imports.replaceAll("project/", `${projectRoot}/`)}

export default async () => {
    tellErrorsInWords();
    const provider = new Provider("random");
    const needs = (name, text) => new RandomPassword(name, { length: 8, keepers: { text } }, { provider });
    ${rest}
};
`;

const aSecret = 'import { secretText } from "project/components/secrets/secret-text.ts";';
const readLate = `
    const read = output(sleep(1000).then(() => ({ other: "" })));
    const text = read.apply((values) => secretText(values, "token", "shop/stores"));
    needs("first", text);
    needs("second", text);
`;
const asked = `
    const { text } = answered(runtime.invokeOutput("random:index/none:none", { of: output(sleep(1000)) }, { provider }));
    needs("first", text);
    needs("second", text);
`;

let stack: EngineStack;

beforeAll(async () => {
    stack = await EngineStack.create({ name: "late", program: program(aSecret, readLate) });
}, 10 * 60_000);

afterAll(async () => {
    await stack?.remove();
});

const missingKey = "The Secret shop/stores has no key token; it has other.";

test.each([
    ["of a Secret that is read late", program(aSecret, readLate), missingKey],
    [
        "of a cloud that refuses to answer",
        program('import { answered } from "project/components/answered.ts";', asked),
        "invocation of random:index/none:none returned an error: ",
    ],
])("%s", async (_, text, sentence) => {
    await stack.setProgram(text);
    const { exitCode, output, changes } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(output.split(`error: ${sentence}`).length - 1, output).toBe(1);
    expect(output).not.toMatch(/^\s+at /m);
    expect(output).not.toContain("unhandled exception");
    expect(changes.map(({ name }) => name)).not.toContain("first");
});
