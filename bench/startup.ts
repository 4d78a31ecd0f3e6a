// How long a stack takes to start, against a program that only loads @pulumi/pulumi: alone, and in `pulumi preview`.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureEngine, runPulumi } from "../lab/engine/index.ts";
import { projectRoot } from "../commands/support/paths.ts";
import { measure, type Candidate } from "./measure.ts";
import { report } from "./report.ts";

const runs = 7;
const programs = join(projectRoot, "bench/programs");

/** Needs the local stack up: its preview is the one without changes that an engineer sees most. */
export async function startup(local: { readonly env: Record<string, string> }): Promise<void> {
    const engine = await ensureEngine(console.log);
    const directory = await mkdtemp(join(tmpdir(), "bench-startup-"));
    const empty = {
        PULUMI_BACKEND_URL: `file://${directory}`,
        PULUMI_CONFIG_PASSPHRASE: "bench",
        PULUMI_CONFIG_PASSPHRASE_FILE: "",
    };
    const preview = (name: string, stack: string, cwd: string, env: Record<string, string>): Candidate => ({
        name,
        command: [engine.pulumi, "preview", "--stack", stack, "--non-interactive"],
        cwd,
        env: { ...engine.env, ...env },
    });
    try {
        const cwd = join(programs, "empty");
        await runPulumi(["stack", "init", "floor", "--non-interactive"], { engine, cwd, env: empty, stdio: "pipe" });
        const [emptyProgram, localProgram, emptyPreview, localPreview] = await measure(
            [
                { name: "empty program", command: ["node", join(programs, "mocked/empty.ts")] },
                { name: "local program", command: ["node", join(programs, "mocked/local.ts")] },
                preview("empty preview", "floor", cwd, empty),
                preview("local preview", "local", projectRoot, local.env),
            ],
            runs,
        );
        await report(
            "startup",
            [
                { name: "program alone", floor: emptyProgram!, ours: localProgram! },
                { name: "pulumi preview", floor: emptyPreview!, ours: localPreview!, goal: 1.5 },
            ],
            { runs, engine: engine.source },
        );
    } finally {
        await rm(join(programs, "empty/Pulumi.floor.yaml"), { force: true });
        await rm(directory, { recursive: true, force: true });
    }
}
