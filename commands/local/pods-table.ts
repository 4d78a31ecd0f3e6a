// What runs, as a table.
import Table from "cli-table3";
import type { RunningPod } from "./cluster-client.ts";

export function podsTable(pods: readonly RunningPod[], now: Date = new Date()): string {
    const table = new Table({
        head: ["runs", "pod", "state", "restarts", "for", "image"],
        style: { head: [], border: [], compact: true },
        chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    });
    for (const pod of pods) {
        table.push([
            pod.role,
            pod.name,
            pod.phase === "Running" ? (pod.ready ? "ready" : "not ready") : pod.phase.toLowerCase(),
            String(pod.restarts),
            pod.startedAt === undefined ? "" : since(pod.startedAt, now),
            pod.image,
        ]);
    }
    return table.toString();
}

function since(start: Date, now: Date): string {
    const seconds = Math.max(0, Math.round((now.getTime() - start.getTime()) / 1000));
    if (seconds < 120) {
        return `${seconds} s`;
    }
    return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}
