// The state that the previous release left is taken over: nothing in it is replaced or deleted (R75). The state is one of
// Pulumi.production.yaml as it was with outputsVersion 1, made by that release under the recording providers.
// Does not prove that a person need not edit the stack's file: `app` has become the list `apps`, which the settings say.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot } from "../../../tools/support/paths.ts";
import { EngineStack } from "./support/engine-stack.ts";

let stack: EngineStack;

beforeAll(async () => {
    stack = await EngineStack.create({ name: "production", file: "Pulumi.production.yaml" });
    const state = await readFile(join(projectRoot, "test/engine/fixtures/state-of-outputs-version-1.json"), "utf8");
    const { exitCode, output } = await stack.run(["stack", "import", "--stack", "production"], state);
    expect(exitCode, output).toBe(0);
}, 10 * 60_000);

afterAll(async () => {
    await stack?.remove();
});

test("the state of the previous release has nothing to change but what the stack exports", async () => {
    const { exitCode, output, changes } = await stack.preview("--expect-no-changes");
    expect(exitCode, output).toBe(0);
    expect(changes).toEqual([]);
});

test("and its passwords are kept", async () => {
    const before = (await stack.run(["stack", "export", "--show-secrets", "--stack", "production"])).output;
    const { exitCode, output } = await stack.up();
    expect(exitCode, output).toBe(0);
    const after = (await stack.run(["stack", "export", "--show-secrets", "--stack", "production"])).output;
    const generated = (text: string) => (JSON.parse(text) as { deployment: { resources: { urn: string; type: string; outputs: { result: unknown } }[] } }).deployment.resources
        .filter(({ type }) => type.startsWith("random:"))
        .map(({ urn, outputs }) => [urn, outputs.result] as const)
        .toSorted();
    expect(generated(before).length).toBeGreaterThan(3);
    expect(generated(after)).toEqual(generated(before));
});
