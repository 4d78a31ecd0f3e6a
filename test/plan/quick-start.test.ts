// What `make plan` puts off loading is there when it is called.
// Does not prove: how much quicker a plan is; bench/ measures that.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

describe("quick start", () => {
    it("loads the Automation API, the compiler and npm's tree when they are called, and not before", async () => {
        const program = join(import.meta.dirname, "support/quick-start.ts");
        const { stdout } = await promisify(execFile)(process.execPath, [program]);
        expect(JSON.parse(stdout)).toEqual({
            before: [],
            after: [
                "@npmcli/arborist/lib/arborist",
                "typescript/lib",
                "automation/localWorkspace",
                "normalize-package-data/lib/fixer",
            ],
            serialized: true,
            packages: true,
            workspace: "function",
        });
    }, 60_000);
});
