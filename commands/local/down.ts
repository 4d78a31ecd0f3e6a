// `make down`: the stack is destroyed, then the embedded cluster, then what this checkout remembers of both.
import { rm } from "node:fs/promises";
import { clusterStatus, stopCluster } from "./lab.ts";
import { localDir } from "../support/paths.ts";
import { forgetStack, openStack, outputsOf } from "./stack.ts";
import { forgetTarget, recordedTarget } from "./target.ts";

/** @returns the exit code: 0 when nothing is left */
export async function down(): Promise<number> {
    const target = await recordedTarget();
    const report = (message: string): void => console.log(message);
    if (target === undefined) {
        // Also after a crash in the middle of the first `up`.
        await stopCluster(report);
        await forgetStack();
        console.log("Nothing is left of the local stack.");
        return 0;
    }
    const reachable = target.kind === "context" || (await clusterStatus()).some(({ state }) => state === "running");
    const destroyed = reachable ? await destroy() : false;
    if (!destroyed && target.kind === "context") {
        console.error("The cluster is yours, so nothing is forgotten: mend the cause above, then run make down again.");
        return 1;
    }
    if (target.kind === "embedded") {
        await stopCluster(report);
    }
    await forgetStack();
    await forgetTarget();
    await rm(localDir, { recursive: true, force: true });
    console.log(
        "Nothing is left of the local stack. Built binaries and images are kept for the next time: make clean removes them.",
    );
    return 0;
}

async function destroy(): Promise<boolean> {
    const stack = await openStack((message) => console.log(message));
    if ((await outputsOf(stack)) === undefined) {
        return true;
    }
    const { exitCode } = await stack.run(["destroy", "--yes", "--skip-preview"], "inherit");
    return exitCode === 0;
}
