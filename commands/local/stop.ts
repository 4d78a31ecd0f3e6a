// `make stop`: the embedded cluster ends and keeps its data; `make up` goes on from there.
import { Listr } from "listr2";
import { haltCluster } from "./lab.ts";
import { recordedTarget } from "./target.ts";

/** @returns the exit code */
export async function stop(): Promise<number> {
    const target = await recordedTarget();
    if (target?.kind === "context") {
        console.error(
            `The stacks are on the context ${target.name}, a cluster of yours: there is nothing of ours to stop.`,
        );
        return 1;
    }
    const task = {
        title: "Stopping the embedded cluster",
        task: (_: unknown, task: { output: string }) =>
            haltCluster((message) => {
                task.output = message;
            }),
    };
    await new Listr([task]).run();
    console.log("Stopped. Objects, volumes and images are kept: make up goes on from there, make down removes them.");
    return 0;
}
