// What is read of a cluster to know how backups are: pods that did something with data, Jobs
// that note what pods of theirs did, and what stands beside the servers. Nothing is
// changed; to read and to exec is all the right that it needs.
import { PassThrough } from "node:stream";
import { BatchV1Api, CoreV1Api, Exec, type KubeConfig, type V1Pod } from "@kubernetes/client-node";
import type { BackupPromise } from "../../lib/backup-promise.ts";
import { operationAnnotation, operationIn, operationOf } from "../../lib/data-operations.ts";
import { seedName } from "../../lib/seeds.ts";
import type { FilesState, FoundBackups } from "./backups.ts";
import type { SeedState } from "./seeds.ts";

export async function findBackups(
    config: KubeConfig,
    namespace: string,
    promises: Readonly<Record<string, BackupPromise>>,
): Promise<FoundBackups> {
    const core = config.makeApiClient(CoreV1Api);
    const [{ items }, { metadata }, jobs] = await Promise.all([
        core.listNamespacedPod({ namespace }),
        core.readNamespace({ name: namespace }),
        config.makeApiClient(BatchV1Api).listNamespacedJob({ namespace }),
    ]);
    const withFiles = Object.entries(promises).filter(([, { by }]) => by.includes("files"));
    const files = await Promise.all(
        withFiles.map(async ([store]) => [store, await filesOf(config, serverPod(items, store))] as const),
    );
    return {
        promises,
        files: Object.fromEntries(files),
        operations: [
            ...items.flatMap((pod) => operationOf(pod) ?? []),
            ...jobs.items.flatMap((job) => operationIn(job.metadata?.annotations?.[operationAnnotation] ?? "") ?? []),
        ],
        since: metadata?.creationTimestamp ?? new Date(0),
    };
}

/** @returns undefined where none are made */
export async function findSeed(config: KubeConfig, namespace: string): Promise<SeedState | undefined> {
    const { items } = await config.makeApiClient(BatchV1Api).listNamespacedCronJob({ namespace });
    const found = items.find(({ metadata }) => metadata?.name === seedName);
    if (found === undefined) {
        return undefined;
    }
    const { spec, status } = found;
    return {
        ...(spec.suspend !== true && { schedule: spec.schedule }),
        running: (status?.active ?? []).length > 0,
        ...(status?.lastScheduleTime && { lastBegun: status.lastScheduleTime }),
        ...(status?.lastSuccessfulTime && { lastGood: status.lastSuccessfulTime }),
    };
}

function serverPod(pods: readonly V1Pod[], store: string): V1Pod | undefined {
    return pods.find(
        ({ metadata, spec }) =>
            metadata?.labels?.["app.kubernetes.io/name"] === store &&
            spec?.initContainers?.some(({ name }) => name === beside) === true,
    );
}

/** The container that makes backups. */
const beside = "backups";

async function filesOf(config: KubeConfig, pod: V1Pod | undefined): Promise<FilesState | { readonly unknown: string }> {
    if (pod === undefined) {
        return { unknown: "its pod is not there" };
    }
    try {
        const text = await outputOf(config, pod, beside, [
            "sh",
            "-c",
            'for part in backups archive; do printf "%s %s\\n" "$part" "$(cat "$HANDOVER/$part.json" 2>/dev/null)"; done',
        ]);
        return stateIn(text);
    } catch (error) {
        return { unknown: error instanceof Error ? error.message : String(error) };
    }
}

/** @param text a line for each part: its name, and the JSON that was noted last */
export function stateIn(text: string): FilesState {
    return Object.fromEntries(
        text.split("\n").flatMap((line) => {
            const [, part, json] = /^(backups|archive) (\{.*\})$/.exec(line) ?? [];
            return part === undefined || json === undefined ? [] : [[part, JSON.parse(json) as unknown] as const];
        }),
    );
}

/** @throws when the command failed */
async function outputOf(config: KubeConfig, pod: V1Pod, container: string, command: string[]): Promise<string> {
    const output = new PassThrough();
    const chunks: Buffer[] = [];
    output.on("data", (chunk: Buffer) => chunks.push(chunk));
    const { name = "", namespace = "" } = pod.metadata ?? {};
    const status = await new Promise<string | undefined>((resolve, reject) => {
        new Exec(config)
            .exec(namespace, name, container, command, output, output, null, false, (result) => resolve(result.status))
            .catch((error: unknown) => reject(error instanceof Error ? error : new Error(`no exec into ${name}`)));
    });
    const text = Buffer.concat(chunks).toString("utf8");
    if (status !== "Success") {
        throw new Error(`a command in ${name} failed: ${text.trim()}`);
    }
    return text;
}
