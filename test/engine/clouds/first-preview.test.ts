// The gate reads the first preview of a whole platform, where a Secret's value is unknown under a provider that is unknown.
// Does not prove: what it says of changes; test/engine/gate.test.ts does, and that of official plugins test/unit/commands/gate.test.ts.
import { execa } from "execa";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../../commands/support/paths.ts";
import { EngineStack } from "./support/engine-stack.ts";

const streaming = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
const stacks: EngineStack[] = [];

afterAll(() => Promise.all(stacks.map((stack) => stack.remove())));

async function gate(input: string) {
    const main = join(projectRoot, "commands/gate/main.ts");
    const { exitCode, stdout, stderr } = await execa(process.execPath, [main], { input, reject: false });
    return { exitCode, stdout, stderr };
}

describe.each(["gcp", "aws", "digitalocean"])("the first preview of %s", (cloud) => {
    test("cannot be printed as one document, and can be judged as a stream", async () => {
        const stack = await EngineStack.create({
            name: "staging",
            file: `examples/stacks/${cloud}/Pulumi.staging.yaml`,
        });
        stacks.push(stack);
        const args = ["preview", "--json", "--stack", "staging"];

        // Pulumi's own mistake, for which the stream is asked for: it prints no value that is both secret and unknown. Once this
        // fails, the one document is enough.
        const document = await stack.runApart(args);
        expect(document.exitCode).not.toBe(0);
        expect(document.stderr).toContain("panic");
        const refused = await gate(document.stdout);
        expect(refused.exitCode).toBe(2);
        expect(refused.stderr).toContain("PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true");

        const stream = await stack.runApart(args, streaming);
        expect(stream.exitCode, stream.stderr).toBe(0);
        expect(await gate(stream.stdout)).toMatchObject({ exitCode: 0, stderr: "" });
        const cut = await gate(stream.stdout.slice(0, Math.floor(stream.stdout.length / 2)));
        expect(cut.exitCode, cut.stdout).toBe(2);
        expect(cut.stderr).toContain("cut off");
    });
});
