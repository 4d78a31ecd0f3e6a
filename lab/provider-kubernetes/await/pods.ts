// What is wrong with a pod, in the kubelet's and the scheduler's own words.
import { conditionOf, nameOf, type Condition, type KubeObject } from "../object.ts";

interface ContainerState {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: object;
    readonly terminated?: {
        readonly exitCode?: number;
        readonly signal?: number;
        readonly reason?: string;
        readonly message?: string;
    };
}

export interface ContainerStatus {
    readonly name: string;
    readonly ready?: boolean;
    readonly restartCount?: number;
    readonly state?: ContainerState;
    readonly lastState?: ContainerState;
}

export interface Pod extends KubeObject {
    readonly spec?: { readonly nodeName?: string; readonly containers?: readonly { readonly name: string }[] };
    readonly status?: {
        readonly phase?: string;
        readonly reason?: string;
        readonly message?: string;
        readonly conditions?: readonly Condition[];
        readonly containerStatuses?: readonly ContainerStatus[];
        readonly initContainerStatuses?: readonly ContainerStatus[];
    };
}

export interface PodProblem {
    readonly pod: string;
    /** One line: `container web: ImagePullBackOff: Back-off pulling image ...`. */
    readonly message: string;
    /** The container whose log may say more; undefined: it never ran. */
    readonly container?: string;
    /** The log is that of the run before. */
    readonly previous: boolean;
    /** It will not go away by waiting a little, such as the start of a container. */
    readonly serious: boolean;
}

/** Normal on the way up. */
const harmlessWaiting = new Set(["ContainerCreating", "PodInitializing"]);

export const isReady = (pod: KubeObject): boolean =>
    conditionOf((pod as Pod).status?.conditions, "Ready")?.status === "True";
export const isTerminating = (pod: KubeObject): boolean => pod.metadata?.deletionTimestamp !== undefined;
export const phaseOf = (pod: KubeObject): string => (pod as Pod).status?.phase ?? "Unknown";

/** The most telling problem of a pod; undefined if it is ready or done. */
export function problemOf(object: KubeObject): PodProblem | undefined {
    const pod = object as Pod;
    const name = nameOf(pod);
    const { status } = pod;
    if (isReady(pod) || status?.phase === "Succeeded") {
        return undefined;
    }
    const scheduled = conditionOf(status?.conditions, "PodScheduled");
    if (scheduled?.status === "False") {
        return {
            pod: name,
            message: `${scheduled.reason ?? "not scheduled"}: ${scheduled.message ?? ""}`,
            previous: false,
            serious: true,
        };
    }
    const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
    const problems = containers.flatMap((container) => containerProblem(name, container) ?? []);
    const worst = problems.find((problem) => problem.serious) ?? problems[0];
    if (worst !== undefined) {
        return worst;
    }
    if (status?.phase === "Failed") {
        return {
            pod: name,
            message: `${status.reason ?? "Failed"}: ${status.message ?? "the pod failed"}`,
            previous: false,
            serious: true,
        };
    }
    const gate = status?.conditions?.find((condition) => condition.type === "Ready" && condition.status === "False");
    return {
        pod: name,
        message: gate?.message ?? `phase ${status?.phase ?? "unknown"}`,
        previous: false,
        serious: false,
    };
}

function containerProblem(pod: string, container: ContainerStatus): PodProblem | undefined {
    const { state, lastState, name } = container;
    const last = lastState?.terminated;
    if (state?.waiting !== undefined) {
        const { reason = "waiting", message } = state.waiting;
        const before = last === undefined ? "" : ` (last exit ${exitText(last)})`;
        return {
            pod,
            message: `container ${name}: ${reason}${message === undefined ? "" : `: ${message}`}${before}`,
            ...(last === undefined ? {} : { container: name }),
            previous: true,
            serious: !harmlessWaiting.has(reason) || last !== undefined,
        };
    }
    if (state?.terminated !== undefined && state.terminated.exitCode !== 0) {
        return {
            pod,
            message: `container ${name}: ended with ${exitText(state.terminated)}`,
            container: name,
            previous: false,
            serious: true,
        };
    }
    if (state?.running !== undefined && container.ready !== true) {
        const before =
            last === undefined
                ? ""
                : `; it was restarted ${container.restartCount ?? 1} times, last exit ${exitText(last)}`;
        return {
            pod,
            message: `container ${name}: running, not ready${before}`,
            container: name,
            previous: false,
            serious: last !== undefined,
        };
    }
    return undefined;
}

function exitText(terminated: NonNullable<ContainerState["terminated"]>): string {
    const { exitCode, reason, message } = terminated;
    const why = reason === undefined || reason === "Error" ? "" : ` (${reason})`;
    return `code ${exitCode ?? "?"}${why}${message === undefined || message === "" ? "" : `: ${message.trim()}`}`;
}

/** ` web-abc: container web: ImagePullBackOff ...` for a status line: the first serious problem, and how many more. */
export function problemsText(pods: readonly KubeObject[]): string {
    const problems = pods.filter((pod) => !isTerminating(pod)).flatMap((pod) => problemOf(pod) ?? []);
    const serious = problems.filter((problem) => problem.serious);
    const shown = serious[0];
    if (shown === undefined) {
        return "";
    }
    const more = serious.length > 1 ? ` (and ${serious.length - 1} more)` : "";
    return `; ${shown.pod}: ${shown.message}${more}`;
}
