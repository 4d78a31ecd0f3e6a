// Running the CLI: environment, input, exit codes, cancelling. `pulumi` is a script here.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runPulumi, type Engine } from "../engine/index.ts";

let directory = "";
beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "engine-run-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function engineOf(script: string): Engine {
    const pulumi = join(directory, "pulumi");
    writeFileSync(pulumi, `#!/bin/sh\n${script}\n`);
    chmodSync(pulumi, 0o755);
    return { pulumi, source: "installed", env: { FROM_ENGINE: "engine", BOTH: "engine" }, notices: [] };
}

describe("runPulumi", () => {
    test("passes arguments, directory and environments, the caller's last", async () => {
        const engine = engineOf('echo "$* $FROM_ENGINE $BOTH $PWD"');
        const result = await runPulumi(["up", "-y"], {
            engine,
            cwd: directory,
            env: { BOTH: "caller" },
            stdio: "pipe",
        });
        expect(result).toEqual({
            exitCode: 0,
            stdout: `up -y engine caller ${directory}`,
            stderr: "",
            cancelled: false,
        });
    });

    test("an exit code is a result, a CLI that is not there an error", async () => {
        const engine = engineOf("echo broken >&2; exit 7");
        expect(await runPulumi([], { engine, stdio: "pipe" })).toMatchObject({ exitCode: 7, stderr: "broken" });
        await expect(
            runPulumi([], { engine: { ...engine, pulumi: "/nowhere/pulumi" }, stdio: "pipe" }),
        ).rejects.toThrow("/nowhere/pulumi");
    });

    test("types the input, and nothing without it", async () => {
        const engine = engineOf("cat");
        expect((await runPulumi([], { engine, stdio: "pipe", input: "secret" })).stdout).toBe("secret");
        expect((await runPulumi([], { engine, stdio: "pipe" })).stdout).toBe("");
    });

    test("shows lines while it runs, and keeps them", async () => {
        const lines: string[] = [];
        const engine = engineOf("echo one; echo two; echo three >&2");
        const result = await runPulumi([], { engine, stdio: "pipe", onLine: (line) => lines.push(line) });
        expect(lines.toSorted()).toEqual(["one", "three", "two"]);
        expect(result).toMatchObject({ stdout: "one\ntwo", stderr: "three" });
    });

    test("passes an interrupt on once, and waits for the CLI to clean up", async () => {
        const engine = engineOf('trap "echo cleaned; exit 5" INT; echo ready; while true; do sleep 0.1; done');
        const result = await runPulumi([], {
            engine,
            stdio: "pipe",
            onLine: (line) => {
                // As if this process had got it.
                if (line === "ready") {
                    process.emit("SIGINT", "SIGINT");
                }
            },
        });
        expect(result).toMatchObject({ exitCode: 5, stdout: "ready\ncleaned", cancelled: true });
    });
});
