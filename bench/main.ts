// `make bench`: measures, and writes bench/results. Names on the command line choose benchmarks.
import { defaultStack, openStack } from "../commands/local/stack.ts";
import { localBackend } from "../lab/engine/index.ts";
import { clouds } from "./clouds.ts";
import { plan } from "./plan.ts";
import { seeds } from "./seeds.ts";
import { startup } from "./startup.ts";
import { up } from "./up.ts";
import { deployedOutputs } from "../commands/local/deployed.ts";

const chosen = process.argv.slice(2);
const wanted = (name: string): boolean => chosen.length === 0 || chosen.includes(name);

try {
    if (wanted("startup") || wanted("up")) {
        // Fails with what to do when the local stack is not up.
        await deployedOutputs(defaultStack);
        await openStack(defaultStack, console.log);
    }
    if (wanted("startup")) {
        await startup({ env: localBackend() });
    }
    if (wanted("up")) {
        await up();
    }
    if (wanted("plan")) {
        await plan();
    }
    if (wanted("seeds")) {
        await seeds();
    }
    if (wanted("clouds")) {
        await clouds();
    }
} catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
}
