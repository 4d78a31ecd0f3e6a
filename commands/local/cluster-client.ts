// The cluster of the local stack, read directly: what runs, and a terminal into a pod.
import { isatty } from "node:tty";
import { AppsV1Api, CoreV1Api, Exec, KubeConfig, type V1Pod } from "@kubernetes/client-node";
import { kubeconfigPath } from "../support/paths.ts";

export function kubeConfig(): KubeConfig {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfigPath);
    return config;
}

export interface RunningPod {
    readonly name: string;
    /** What it does: the name of its container. */
    readonly role: string;
    readonly ready: boolean;
    readonly phase: string;
    readonly restarts: number;
    readonly image: string;
    readonly startedAt: Date | undefined;
}

/** The pods of an environment, finished jobs included, by name. */
export async function podsOf(namespace: string, config: KubeConfig = kubeConfig()): Promise<RunningPod[]> {
    const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace });
    return items.map(runningPod).sort((a, b) => a.name.localeCompare(b.name));
}

function runningPod(pod: V1Pod): RunningPod {
    const container = pod.spec?.containers[0];
    const status = pod.status?.containerStatuses?.[0];
    return {
        name: pod.metadata?.name ?? "",
        role: container?.name ?? "",
        ready: status?.ready ?? false,
        phase: status?.state?.waiting?.reason ?? pod.status?.phase ?? "Unknown",
        restarts: status?.restartCount ?? 0,
        image: container?.image ?? "",
        startedAt: pod.status?.startTime,
    };
}

/**
 * Runs a command in the first ready pod of a Deployment, connected to this terminal.
 *
 * @returns the command's exit code
 * @throws when the Deployment has no ready pod
 */
export async function execIn(namespace: string, deployment: string, command: string[]): Promise<number> {
    const config = kubeConfig();
    const { spec } = await config.makeApiClient(AppsV1Api).readNamespacedDeployment({ namespace, name: deployment });
    const labelSelector = Object.entries(spec?.selector.matchLabels ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
    const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace, labelSelector });
    const pod = items.find((each) => runningPod(each).ready && each.metadata?.deletionTimestamp === undefined);
    if (pod === undefined) {
        throw new Error(`No pod of ${deployment} is ready. See what it waits for: make status`);
    }
    return attach(config, namespace, pod, command);
}

async function attach(config: KubeConfig, namespace: string, pod: V1Pod, command: string[]): Promise<number> {
    const terminal = isatty(0) && isatty(1);
    const { stdin, stdout, stderr } = process;
    if (terminal) {
        stdin.setRawMode(true);
    }
    try {
        return await new Promise<number>((resolve, reject) => {
            new Exec(config)
                .exec(
                    namespace,
                    pod.metadata?.name ?? "",
                    pod.spec?.containers[0]?.name ?? "",
                    command,
                    stdout,
                    stderr,
                    stdin,
                    terminal,
                    (status) => {
                        const cause = status.details?.causes?.find(({ reason }) => reason === "ExitCode");
                        resolve(status.status === "Success" ? 0 : Number(cause?.message ?? 1));
                    },
                )
                .catch(reject);
        });
    } finally {
        if (terminal) {
            stdin.setRawMode(false);
        }
        stdin.unref();
    }
}
