// Runs a program under the SDK's own mocks, and prints what it took: no engine, plugin or cluster.
// node run.ts <program> [a file with a list of stacks, as JSON; they run one after the other]
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { recordPlan, type RecordOptions } from "../../../commands/plan/recorder.ts";

const [program, file] = process.argv.slice(2);
const empty: RecordOptions = { project: "empty", stack: "floor", config: {}, secretKeys: [] };
const stacks = file === undefined ? [empty] : (JSON.parse(await readFile(file, "utf8")) as RecordOptions[]);
let resources = 0;
const start = performance.now();
for (const stack of stacks) {
    const plan = await recordPlan(stack, async () => {
        const exported = (await import(pathToFileURL(program!).href)) as Record<string, unknown>;
        // The project's program is a function; a floor is done once it is loaded.
        const run = exported["default"] as (() => Promise<Record<string, unknown>>) | undefined;
        return run === undefined ? exported : await run();
    });
    resources += plan.resources.length;
}
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage();
const megabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ resources, seconds, processor: (user + system) / 1e6, megabytes })}\n`);
