// Run as a program: plans the stack whose sections stand as JSON in its first argument, and prints what was loaded.
// A second argument holds the outputs of the stack `staging`, which is then not planned here.
import { registerHooks } from "node:module";

const loaded: string[] = [];
registerHooks({
    load(url, context, next) {
        loaded.push(url);
        return next(url, context);
    },
});

const { planOf, planWithOutputs } = await import("./plans.ts");
const [sections, outputs] = process.argv.slice(2).map((text) => JSON.parse(text) as Record<string, unknown>);
await (outputs === undefined ? planOf(sections!) : planWithOutputs(sections!, outputs));
process.stdout.write(JSON.stringify(loaded));
