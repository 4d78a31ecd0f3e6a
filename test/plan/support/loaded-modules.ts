// Run as a program: plans the stack whose sections stand as JSON in its first argument, and prints what was loaded.
import { registerHooks } from "node:module";

const loaded: string[] = [];
registerHooks({
    load(url, context, next) {
        loaded.push(url);
        return next(url, context);
    },
});

const { planOf } = await import("./plans.ts");
await planOf(JSON.parse(process.argv[2]!) as Record<string, unknown>);
process.stdout.write(JSON.stringify(loaded));
