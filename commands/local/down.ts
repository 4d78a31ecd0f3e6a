// `make down`: stacks are destroyed, then the embedded cluster, then what this checkout remembers of both.
import { rm } from "node:fs/promises";
import { lastDumps } from "../dumps/take.ts";
import { readExport } from "../repair/deployment.ts";
import { clusterStatus, stopCluster } from "./lab.ts";
import { localDir } from "../support/paths.ts";
import { forgetStacks, openStack, outputsOf, stackNames, type LocalStack } from "./stack.ts";
import { forgetTarget, recordedTarget, type Target } from "./target.ts";

const report = (message: string): void => console.log(message);

/**
 * @param only a stack; the others and the cluster stay. @default all, and the cluster
 * @param dumps whether a last dump is taken where the settings ask for one
 * @returns the exit code: 0 when nothing is left
 */
export async function down(only?: string, dumps = true): Promise<number> {
    const target = await recordedTarget();
    if (only !== undefined) {
        return await downOne(only, target, dumps);
    }
    if (target === undefined) {
        // Also after a crash in the middle of the first `up`.
        await stopCluster(report);
        await forgetStacks();
        console.log("Nothing is left of the local stacks.");
        return 0;
    }
    const destroyed = (await isReachable(target)) ? await destroyAll(dumps) : false;
    if (!destroyed && target.kind === "context") {
        console.error("The cluster is yours, so nothing is forgotten: mend the cause above, then run make down again.");
        return 1;
    }
    if (target.kind === "embedded") {
        await stopCluster(report);
    }
    await forgetStacks();
    await forgetTarget();
    await rm(localDir, { recursive: true, force: true });
    console.log(
        "Nothing is left of the local stacks. Built binaries and images are kept for the next time: make clean removes them.",
    );
    return 0;
}

async function isReachable(target: Target): Promise<boolean> {
    return target.kind === "context" || (await clusterStatus()).some(({ state }) => state === "running");
}

async function downOne(name: string, target: Target | undefined, dumps: boolean): Promise<number> {
    const known = target === undefined ? [] : await stackNames(report);
    if (target === undefined || !known.includes(name)) {
        const others = known.length === 0 ? "None does." : `These do: ${known.join(", ")}.`;
        console.error(`The stack ${name} does not run here. ${others}`);
        return 1;
    }
    if (!(await isReachable(target))) {
        console.error(`The cluster is stopped. Start it first: make up STACK=${name}. To remove all of it: make down`);
        return 1;
    }
    if (!(await destroy(name, dumps))) {
        return 1;
    }
    console.log(
        `Nothing is left of the stack ${name}. The cluster still runs: make stop, or make down, which removes it.`,
    );
    return 0;
}

async function destroyAll(dumps: boolean): Promise<boolean> {
    let all = true;
    for (const name of await stackNames(report)) {
        all = (await destroy(name, dumps)) && all;
    }
    return all;
}

async function destroy(name: string, dumps: boolean): Promise<boolean> {
    const stack = await openStack(name, report);
    if ((await outputsOf(stack)) !== undefined) {
        const missing = dumps ? await lastDumpsOf(stack) : undefined;
        if (missing !== undefined) {
            console.error(missing);
            return false;
        }
        const { exitCode } = await stack.run(["destroy", "--yes", "--skip-preview"], "inherit");
        if (exitCode !== 0) {
            return false;
        }
    }
    // Its file is the user's.
    const { exitCode, output } = await stack.run(["stack", "rm", "--yes", "--preserve-config"], "pipe");
    if (exitCode !== 0) {
        console.error(output);
    }
    return exitCode === 0;
}

/** @returns why the stack must not be destroyed yet */
async function lastDumpsOf(stack: LocalStack): Promise<string | undefined> {
    const { exitCode, output } = await stack.run(["stack", "export", "--show-secrets"], "pipe");
    if (exitCode !== 0) {
        return `The state of ${stack.name} could not be read, which says whether a last dump is wanted. Destroy without: add NODUMP=1.`;
    }
    return await lastDumps(readExport(output).deployment.resources ?? [], report);
}
