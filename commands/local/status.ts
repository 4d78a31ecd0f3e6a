// `make status`: the pods of an environment, how its backups are, and what was done with its data last. Of a stack that is elsewhere
// the same, through the cluster that its outputs name.
import type { KubeConfig } from "@kubernetes/client-node";
import { judgeBackups, type JudgedBackups } from "../status/backups.ts";
import { backupsTable } from "../status/backups-table.ts";
import { findBackups, findSeed } from "../status/cluster.ts";
import { configFor } from "../status/connection.ts";
import { judgeSeed } from "../status/seeds.ts";
import { kubeConfig, podsOf } from "./cluster-client.ts";
import { deployedOutputs, outputsElsewhere } from "./deployed.ts";
import { podsTable } from "./pods-table.ts";
import { isHere, type LocalOutputs } from "./stack.ts";

/** @returns the exit code: 1 when backups, or seeds, are not as promised */
export async function status(stack: string): Promise<number> {
    const { outputs, config } = await place(stack);
    const { namespace, apps, backups } = outputs;
    console.log(podsTable(await podsOf(namespace, config)));
    for (const app of Object.values(apps)) {
        console.log(app.url ?? `http://${app.service}.${namespace}:${app.port} (inside the cluster)`);
    }
    const now = new Date();
    const seed = await findSeed(config, namespace);
    const judgedSeed = seed && judgeSeed(seed, now);
    const ofBackups = judgeBackups(await findBackups(config, namespace, backups ?? {}), now);
    const judged = {
        ...ofBackups,
        broken: [...ofBackups.broken, ...(judgedSeed?.broken === undefined ? [] : [judgedSeed.broken])],
    };
    if (judgedSeed !== undefined) {
        console.log(`\n${judgedSeed.line}`);
    }
    report(judged);
    return judged.broken.length === 0 ? 0 : 1;
}

async function place(stack: string): Promise<{ readonly outputs: LocalOutputs; readonly config: KubeConfig }> {
    if (await isHere(stack)) {
        return { outputs: await deployedOutputs(stack), config: kubeConfig() };
    }
    const outputs = await outputsElsewhere(stack);
    return { outputs, config: configFor(outputs.platform?.connection ?? {}) };
}

function report(judged: JudgedBackups): void {
    const text = backupsTable(judged, Math.max(80, Math.min(process.stdout.columns ?? 120, 160)));
    if (text !== "") {
        console.log(`\n${text}`);
    }
}
