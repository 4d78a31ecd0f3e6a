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
for (const [index, stack] of stacks.entries()) {
    // A module runs once; under another query it is another one, and what it imports stays loaded.
    const url = `${pathToFileURL(program!).href}?run=${index}`;
    const plan = await recordPlan(stack, () => import(url) as Promise<Record<string, unknown>>);
    resources += plan.resources.length;
}
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage();
const megabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ resources, seconds, processor: (user + system) / 1e6, megabytes })}\n`);
