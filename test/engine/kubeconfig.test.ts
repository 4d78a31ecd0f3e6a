// A changed kubeconfig replaces nothing (R73). Not proved: what the official plugin does where the stand-in is in use.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubeconfigPath } from "../../commands/support/paths.ts";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";

interface Step {
    readonly op: string;
    readonly urn: string;
}

let environment: TestEnvironment;

/** Enough of an environment to have something to lose, and quick to bring up. */
function small(config: StackConfig): void {
    config["platform"].clusterIdentifier = "the-cluster";
    config["apps"][0].shell = undefined;
    config["apps"][0].beat = undefined;
    config["apps"][0].workers = {};
    config["broker"] = { variant: "none" };
    config["cache"] = { variant: "none" };
}

async function previewed(): Promise<{ steps: Step[]; changeSummary: Record<string, number> }> {
    const { exitCode, output } = await environment.pulumi("preview", "--json");
    expect(exitCode, output).toBe(0);
    const json = output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1);
    return JSON.parse(json) as { steps: Step[]; changeSummary: Record<string, number> };
}

beforeAll(async () => {
    environment = await TestEnvironment.create("moved");
    await environment.configure(small);
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
}, 30 * 60_000);

afterAll(async () => {
    await environment?.remove();
}, 10 * 60_000);

describe("a kubeconfig", () => {
    test("may move, and name context, cluster and user otherwise, without replacing anything", async () => {
        const text = await readFile(kubeconfigPath, "utf8");
        const moved = join(environment.directory, "another-kubeconfig");
        await writeFile(moved, text.replace(/(name|cluster|user|context): "?local"?$/gm, "$1: renamed"), {
            mode: 0o600,
        });
        expect(await readFile(moved, "utf8")).toContain("renamed");
        await environment.configure((config) => {
            small(config);
            config["platform"].kubeconfig = moved;
            config["platform"].context = "renamed";
        });

        const { steps, changeSummary } = await previewed();
        expect(changeSummary["same"]).toBeGreaterThan(20);
        expect(steps.filter(({ op }) => op !== "same" && op !== "update")).toEqual([]);
        expect(steps.filter(({ op }) => op === "update").map(({ urn }) => urn.split("::").at(-1))).toEqual([
            "kubernetes",
        ]);
    });

    test("of another cluster would replace everything, and says so before it does", async () => {
        await environment.configure((config) => {
            small(config);
            config["platform"].clusterIdentifier = "another-cluster";
        });
        const { steps } = await previewed();
        expect(steps.some(({ op }) => op.includes("replace"))).toBe(true);
        await environment.configure(small);
    });
});
