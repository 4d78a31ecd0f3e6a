// A program that hangs half-way must not look like one that wants the rest deleted. First without the guard, to show that it
// is needed; then with it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { EngineStack } from "./support/engine-stack.ts";
import { projectRoot } from "../../../commands/support/paths.ts";

const program = ({ hangs, guarded }: { readonly hangs: boolean; readonly guarded: boolean }) => `
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { Provider } from "@pulumi/random/provider.js";
import { wholeOrNothing } from "${projectRoot}/stacks/unfinished.ts";

const provider = new Provider("random");
async function program() {
    new RandomPassword("first", { length: 8 }, { provider });
    ${hangs ? "await new Promise(() => undefined);" : ""}
    new RandomPassword("second", { length: 8 }, { provider });
}
await ${guarded ? "wholeOrNothing(program)" : "program()"};
`;

let stack: EngineStack;

beforeAll(async () => {
    stack = await EngineStack.create({ name: "unfinished", program: program({ hangs: false, guarded: true }) });
    const { exitCode, output } = await stack.up();
    expect(exitCode, output).toBe(0);
}, 10 * 60_000);

afterAll(async () => {
    await stack?.remove();
});

test("without a guard, what comes after the hang would be deleted", async () => {
    await stack.setProgram(program({ hangs: true, guarded: false }));
    const { changes } = await stack.preview();
    expect(changes.map(({ op, name }) => `${op} ${name}`)).toContain("delete second");
});

test("with it, nothing is changed, and the reason is told", async () => {
    await stack.setProgram(program({ hangs: true, guarded: true }));
    const { exitCode, output, changes } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(output).toContain("The program waited for something that never came");
    expect(changes, output).toEqual([]);
});
