// Both programs find what they are there for. Does not prove that they find everything.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { missingForWorkflows, workflowFindings } from "../lint/workflows.ts";

const missing = await missingForWorkflows();
let folder: string;

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bad-workflows-"));
    await cp(join(projectRoot, "examples/ci/github"), folder, { recursive: true });
});
afterEach(async () => {
    await rm(folder, { recursive: true });
});

async function spoiled(file: string, from: string, to: string): Promise<string> {
    const text = await readFile(join(folder, file), "utf8");
    expect(text).toContain(from);
    await writeFile(join(folder, file), text.replace(from, to));
    return workflowFindings(folder, () => undefined);
}

describe.skipIf(missing !== undefined)("what is wrong in a workflow is found", () => {
    test("an expression that names nothing", async () => {
        expect(await spoiled("main.yml", "matrix.place }}", "matrix.plcae }}")).toContain("plcae");
    });

    test("what a person wrote, put into a command", async () => {
        const found = await spoiled("production.yml", '--allow "$ALLOW"', "--allow ${{ inputs.allow }}");
        expect(found).toContain("template-injection");
    });

    test("an action that is not pinned", async () => {
        const found = await spoiled(
            "rollback.yml",
            "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2",
            "actions/checkout@v6",
        );
        expect(found).toContain("unpinned-uses");
    });

    test("a login that is left in the checkout", async () => {
        expect(await spoiled("nightly.yml", "persist-credentials: false", "fetch-depth: 1")).toContain("artipacked");
    });
});
