// How long `make plan` takes, against a program that only loads the SDKs that the stack uses.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../commands/support/paths.ts";
import { measure } from "./measure.ts";
import { report, type Comparison } from "./report.ts";

const runs = 9;
const floors = join(projectRoot, "bench/programs/clouds");

/** Folders of examples/stacks; the project's own production is that of Google Cloud. */
const clouds = ["gcp", "aws", "digitalocean"] as const;

export async function plan(): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), "bench-plan-"));
    const comparisons: Comparison[] = [];
    const fastest: Record<string, object> = {};
    try {
        for (const cloud of clouds) {
            const svg = join(directory, `${cloud}.svg`);
            const examples = join(projectRoot, "examples/stacks", cloud);
            const command = join(projectRoot, "commands/plan/main.ts");
            const [floor, ours] = await measure(
                [
                    { name: `${cloud} SDKs`, command: ["node", join(floors, "run.ts"), join(floors, `${cloud}.ts`)] },
                    {
                        name: `plan of ${cloud} production`,
                        command: ["node", command, "--stack", "production", "--directory", examples, "--svg", svg],
                    },
                ],
                runs,
            );
            const least = (candidate: typeof floor): number =>
                Math.min(...candidate!.runs.map(({ seconds }) => seconds));
            comparisons.push({ name: "make plan", floor: floor!, ours: ours!, goal: 2 });
            fastest[cloud] = { floor: least(floor), ours: least(ours), ratio: least(ours) / least(floor) };
        }
        await report("plan", comparisons, { runs, goalSeconds: 1.5, fastest });
    } finally {
        await rm(directory, { recursive: true, force: true });
    }
}
