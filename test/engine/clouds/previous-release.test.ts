// The state that the previous release left is taken over: nothing in it is replaced or deleted (R75). The state is one of
// examples/stacks/existing/Pulumi.production.yaml as it was with outputsVersion 1, made by that release under the recording providers.
// Does not prove that a person need not edit the stack's file: `app` has become the list `apps`, which the settings say.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { heldBy } from "../../../lib/catalogue/index.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import { EngineStack } from "./support/engine-stack.ts";

let stack: EngineStack;

beforeAll(async () => {
    stack = await EngineStack.create({ name: "production", file: "examples/stacks/existing/Pulumi.production.yaml" });
    const state = await readFile(join(projectRoot, "test/engine/fixtures/state-of-outputs-version-1.json"), "utf8");
    const { exitCode, output } = await stack.run(["stack", "import", "--stack", "production"], state);
    expect(exitCode, output).toBe(0);
}, 10 * 60_000);

afterAll(async () => {
    await stack?.remove();
});

test("only pods, their variables and network policies change: the label that tells two apps apart, DNS under AWS's policy agent, StatefulSets' order", async () => {
    const { exitCode, output, changes } = await stack.preview();
    expect(exitCode, output).toBe(0);
    const of = (...ops: string[]) =>
        changes
            .filter(({ op }) => ops.includes(op))
            .map(({ name }) => name)
            .toSorted();
    // beat and the cache have become Parallel (docs/decisions/0053), which a StatefulSet cannot change; they keep nothing.
    // The app is told one variable more (docs/decisions/0069); a ConfigMap of other content is another ConfigMap.
    expect(of("replace")).toEqual(["cache-primary", "shop-beat", "shop-environment", "shop-migrate"]);
    expect(of("update")).toEqual([
        // Their pods say whether their node may go (R80).
        "broker-server",
        "cache-replica-servers",
        "database-server",
        "namespace-allow-dns",
        "shop-shell",
        "shop-to-outside",
        "shop-web",
        "shop-worker-default",
        "shop-worker-mail",
    ]);
    // How large claims are, and what looks at the data before the server starts.
    expect(of("create")).toEqual(["broker-disk-0", "database-data-scripts", "database-disk-0"]);
    expect(of("delete", "import", "discard")).toEqual([]);
    // Generated passwords are kept.
    expect(changes.filter(({ type }) => type.startsWith("random:"))).toEqual([]);
    // By the same table that the gate and the rules use.
    expect(changes.filter(({ type, op }) => op !== "update" && heldBy(type, {}) !== undefined)).toEqual([]);
});
