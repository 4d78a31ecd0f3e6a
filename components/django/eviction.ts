// Which of an app's pods those who remove nodes are asked to leave alone until it has ended.
import type { WorkerProcess } from "./contract.ts";

/** Seconds that the cluster autoscaler waits for pods that stop (--max-graceful-termination-sec, which GKE does not change). */
const autoscalerWaits = 600;

/** What a worker's pod gets beyond its longest task. */
export const beyondTask = 30;

/** A worker never ends by itself, and a node with one that asks for this is never given back: only where a task would be lost. */
export function needsToStay({ taskTimeLimit }: Pick<WorkerProcess, "taskTimeLimit">): boolean {
    return taskTimeLimit + beyondTask > autoscalerWaits;
}
