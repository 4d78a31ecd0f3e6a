// What is done with data and leaves a trace: backups, restores, drills, dumps, copies, moves, rotations, upgrades, seeds. A container says it
// last, as one line of JSON in its log and in its termination message; `make status` reads it there, with no right inside the cluster.

export const operationKinds = ["backup", "restore", "drill", "dump", "move", "rotation", "upgrade", "seed"] as const;

export type OperationKind = (typeof operationKinds)[number];

/** The label app.kubernetes.io/component of the pods and Jobs that do one; none of a store: its policies would let them in. */
export const operationComponents = {
    "database-backup": "backup",
    "database-restore": "restore",
    "database-drill": "drill",
    "database-dump": "dump",
    "database-move": "move",
    "database-rotation": "rotation",
    "cache-rotation": "rotation",
    "broker-rotation": "rotation",
    "database-upgrade": "upgrade",
    "database-seed": "seed",
} as const satisfies Readonly<Record<string, OperationKind>>;

export type OperationComponent = keyof typeof operationComponents;

/** On a pod or Job of one: the name of the store. */
export const operationStoreLabel = "django-on-kubernetes/store";

/** On a Job whose pods were removed: what they did, as JSON. */
export const operationAnnotation = "django-on-kubernetes/operation";

/** One thing that a drill or a move has looked at. */
export interface OperationCheck {
    readonly name: string;
    readonly ok: boolean;
    /** What was found. */
    readonly found: string;
}

export interface DataOperation {
    readonly kind: OperationKind;
    /** The store's name: `database`. */
    readonly store: string;
    /** As RFC 3339 has times, UTC. */
    readonly started: string;
    readonly ended: string;
    readonly result: "succeeded" | "failed";
    /** One sentence for a person: what came of it; of a failure its cause and the fix. */
    readonly what: string;
    /** When what it left, or what it looked at, was last changed: of a backup its end, of a drill the last transaction that it found. */
    readonly dataAsOf?: string;
    readonly bytes?: number;
    readonly checks?: readonly OperationCheck[];
}

/** Kubernetes keeps so much of a termination message. @see https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/ */
export const messageLimit = 4096;

/**
 * The last line that is one. A log may have other lines, and other JSON.
 *
 * @returns undefined where there is none
 */
export function operationIn(text: string): DataOperation | undefined {
    for (const line of text.split("\n").toReversed()) {
        const found = line.trimStart().startsWith("{") ? parsed(line) : undefined;
        if (found !== undefined) {
            return found;
        }
    }
    return undefined;
}

/** What is read of a pod: a part of Kubernetes' own object. */
export interface OperationPod {
    readonly metadata?: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
    readonly status?: {
        readonly phase?: string;
        readonly reason?: string;
        readonly message?: string;
        readonly startTime?: Date | string;
        readonly initContainerStatuses?: readonly ContainerStatus[];
        readonly containerStatuses?: readonly ContainerStatus[];
    };
}

interface ContainerStatus {
    readonly name: string;
    readonly state?: { readonly terminated?: Terminated };
}

interface Terminated {
    readonly exitCode: number;
    readonly message?: string;
    readonly reason?: string;
    readonly finishedAt?: Date | string;
}

/**
 * What a pod that has ended did; also of one that was stopped before it could say so.
 *
 * @returns undefined of pods that do something else, and of those that have not ended
 */
export function operationOf({ metadata, status }: OperationPod): DataOperation | undefined {
    const labels = metadata?.labels ?? {};
    const component = labels["app.kubernetes.io/component"] ?? "";
    const { phase, startTime } = status ?? {};
    if (!isOperation(component) || (phase !== "Succeeded" && phase !== "Failed")) {
        return undefined;
    }
    const ended = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].flatMap(
        ({ name, state }) => (state?.terminated === undefined ? [] : [{ name, ...state.terminated }]),
    );
    const said = ended.toReversed().flatMap(({ message = "" }) => operationIn(message) ?? []);
    const own = said.find(({ result }) => (result === "succeeded") === (phase === "Succeeded"));
    if (own !== undefined) {
        return own;
    }
    const broken = ended.find(({ exitCode }) => exitCode !== 0);
    const times = ended.flatMap(({ finishedAt }) => (finishedAt === undefined ? [] : [iso(finishedAt)])).toSorted();
    const begun = startTime === undefined ? (times[0] ?? "") : iso(startTime);
    return {
        kind: operationComponents[component],
        store: labels[operationStoreLabel] ?? "database",
        started: begun,
        ended: times.at(-1) ?? begun,
        result: phase === "Succeeded" ? "succeeded" : "failed",
        what: phase === "Succeeded" ? "It ended well and said nothing." : unsaid(status, broken),
    };
}

function unsaid(status: OperationPod["status"], broken: (Terminated & { readonly name: string }) | undefined): string {
    if (status?.reason === "DeadlineExceeded") {
        return "It took longer than its deadline, and was stopped. Fix: read the log of its containers for what took the time.";
    }
    if (broken === undefined) {
        return `It was stopped before its end${status?.reason === undefined ? "" : ` (${status.reason})`}.`;
    }
    const { name, exitCode, reason, message = "" } = broken;
    const because = reason === "OOMKilled" ? " for want of memory" : ` with code ${exitCode}`;
    const last = message.trim().split("\n").at(-1) ?? "";
    return `Its container ${name} ended${because}${last === "" ? "." : `: ${last}`}`;
}

/** The latest first. */
export function latestFirst(operations: readonly DataOperation[]): DataOperation[] {
    return operations.toSorted((a, b) => b.ended.localeCompare(a.ended));
}

function isOperation(component: string): component is OperationComponent {
    return Object.hasOwn(operationComponents, component);
}

function iso(time: Date | string): string {
    return new Date(time).toISOString();
}

function parsed(line: string): DataOperation | undefined {
    let value: unknown;
    try {
        value = JSON.parse(line);
    } catch {
        return undefined;
    }
    return isDataOperation(value) ? value : undefined;
}

function isDataOperation(value: unknown): value is DataOperation {
    if (typeof value !== "object" || value === null) {
        return false;
    }
    const { kind, store, started, ended, result, what } = value as Readonly<Record<string, unknown>>;
    return (
        operationKinds.some((known) => known === kind) &&
        [store, what].every((text) => typeof text === "string") &&
        [started, ended].every((time) => typeof time === "string" && !Number.isNaN(Date.parse(time))) &&
        (result === "succeeded" || result === "failed")
    );
}
