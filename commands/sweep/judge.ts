// Which of what was looked at has no use any more. Nothing is due that is not shown to be ephemeral by its own state, file or
// namespace, nor what something of it says is anything else.
import { numberInName, numberInNamespace, timeToLiveOf, type EnvironmentState } from "../backend/environment.ts";
import { shortName } from "../backend/stacks.ts";
import { daily } from "../backend/weight.ts";

import { lockText, stateCommands } from "../destroy/remove.ts";
import { volumesIn, type FoundCluster, type FoundNamespace } from "./cluster.ts";
import type { FoundDatabase, FoundServer } from "./databases.ts";
import type { FoundFile } from "./files.ts";
import type { Leftover } from "./leftover.ts";
import type { Observed, ObservedStack, PullRequestState } from "./observed.ts";
import { ageText, holdsText, momentText } from "./words.ts";

export interface JudgeOptions {
    /**
     * Whoever sweeps says that no other backend has environments on these clusters: a namespace without a stack is then nobody's.
     * @default false
     */
    readonly orphans?: boolean;
    /** Databases of environments that are gone go now, instead of when their server's own sweeper drops them. @default false */
    readonly databases?: boolean;
}

/** On a pull request: its environment stays beyond its time to live. */
export const keepLabel = "keep-environment";

export interface Judgement {
    readonly leftovers: readonly Leftover[];
    /** Environments that somebody uses. */
    readonly inUse: readonly string[];
}

export function judge(observed: Observed, options: JudgeOptions = {}): Judgement {
    const stacks = observed.stacks.map((stack) => [stack, judgeStack(stack, observed)] as const);
    const going = stacks.flatMap(([{ state }, found]) =>
        found?.verdict === "due" && "namespace" in state ? (state.namespace ?? []) : [],
    );
    return {
        leftovers: [
            ...stacks.flatMap(([, found]) => found ?? []),
            ...namespacesWithoutStack(observed, options),
            ...observed.clusters.flatMap((cluster) => volumesWithoutNamespace(cluster, observed)),
            ...observed.servers.flatMap((server) => onServer(server, observed, going, options)),
            ...observed.files.flatMap((file) => leftFile(file, observed) ?? []),
        ],
        inUse: stacks.flatMap(([{ stack, state }, found]) =>
            found === undefined && "kinds" in state && state.kinds.includes("ephemeral") ? [stack.name] : [],
        ),
    };
}

/** @returns undefined for what is in use, or none of the sweep's business */
export function judgeStack(observedStack: ObservedStack, observed: Observed): Leftover | undefined {
    const { stack, state, weight } = observedStack;
    const file = observed.files.find((each) => each.stack === shortName(stack.name));
    if ("unreadable" in state) {
        return file?.kind === "ephemeral" || (file?.kind === undefined && numberInName(shortName(stack.name)))
            ? {
                  kind: "stack",
                  name: stack.name,
                  holds: "nobody knows",
                  verdict: "told",
                  why: `its state cannot be read: ${state.unreadable.split("\n", 1)[0]}`,
                  commands: stateCommands(stack.name),
                  ...aged(stack.lastUpdate, observed.now),
              }
            : undefined;
    }
    const kinds = new Set([...state.kinds, ...(file?.kind === undefined ? [] : [file.kind])]);
    const number = state.pullRequest?.number ?? file?.pullRequest ?? numberInName(shortName(stack.name));
    const pull = number === undefined ? undefined : observed.pullRequests.get(number);
    const leftover = (verdict: Leftover["verdict"], why: string, commands: readonly string[] = []): Leftover => ({
        kind: "stack",
        name: stack.name,
        ...(number !== undefined && { pullRequest: number }),
        ...aged(state.since ?? stack.lastUpdate, observed.now),
        ...(weight !== undefined && weight.monthly > 0 && { costPerDay: daily(weight.monthly) }),
        holds: weight === undefined ? "nothing" : holdsText(weight),
        verdict,
        why: [why, ...troubles(observedStack, file, observed.now)].join("; "),
        commands,
    });
    const isEmpty = state.resources.length === 0 && state.pending.length === 0;

    if (kinds.size === 0) {
        const isOver = pull?.state === "closed";
        // Of what is empty nothing can be lost; of the rest nobody knows what it is.
        return number === undefined || !isOver
            ? undefined
            : isEmpty
              ? leftover("due", `${closed(number)}, and there is nothing in it`)
              : leftover("told", `${closed(number)}, and nothing of it says that it is ephemeral`, [
                    `make destroy STACK=${stack.name}`,
                ]);
    }
    if (!kinds.has("ephemeral")) {
        return undefined;
    }
    if (kinds.size > 1) {
        return leftover("told", `its state and its file say it is ${[...kinds].join(" and ")}, so it is not touched`, [
            `make destroy STACK=${stack.name}`,
        ]);
    }
    const over = whyOver(state, stack.lastUpdate, number, pull, observed);
    if (over === undefined) {
        return undefined;
    }
    if (over.kept !== undefined) {
        return leftover("kept", `${over.why}, and ${over.kept}`);
    }
    if (state.protected.length > 0) {
        return leftover(
            "told",
            `${over.why}, and ${state.protected.join(", ")} ${state.protected.length === 1 ? "is" : "are"} protected`,
            [`pulumi state unprotect --all --stack ${stack.name}`, `make destroy STACK=${stack.name}`],
        );
    }
    return leftover("due", over.why);
}

interface Over {
    readonly why: string;
    /** Why it stays nevertheless. */
    readonly kept?: string;
}

function whyOver(
    state: EnvironmentState,
    lastUpdate: Date | undefined,
    number: number | undefined,
    pull: PullRequestState | undefined,
    observed: Observed,
): Over | undefined {
    if (number !== undefined && pull?.state === "closed") {
        return { why: closed(number) };
    }
    const namespace = namespaceOf(state, observed);
    const begin = state.lastPush ?? namespace?.lastPush ?? namespace?.created ?? state.since ?? lastUpdate;
    const life = timeToLiveOf(state.timeToLive ?? namespace?.timeToLive);
    if (begin === undefined || life === undefined || observed.now.getTime() < begin.getTime() + life) {
        return undefined;
    }
    const why = `its time to live was over ${ageText(observed.now.getTime() - begin.getTime() - life)} ago`;
    if (state.kept || namespace?.kept === true) {
        return { why, kept: "its namespace says that it is kept" };
    }
    return pull?.state === "open" && pull.labels.includes(keepLabel)
        ? { why, kept: `the pull request has the label ${keepLabel}` }
        : { why };
}

function closed(number: number): string {
    return `pull request ${number} is closed`;
}

/** What else is to be known of it: what a run that died has left. */
function troubles({ locks, stack, state }: ObservedStack, file: FoundFile | undefined, now: Date): string[] {
    const pending = "pending" in state ? state.pending : [];
    return [
        ...locks.map((lock) => `locked by ${lockText(lock, now)}`),
        ...(stack.updating && locks.length === 0 ? ["an update of it runs"] : []),
        ...(pending.length > 0
            ? [
                  `an update was cut off: ${pending.map(({ type, resource }) => `${type} ${resource.urn.split("::").at(-1)}`).join(", ")}`,
              ]
            : []),
        ...(file === undefined ? ["its file is gone"] : []),
    ];
}

function namespaceOf({ namespace, connection }: EnvironmentState, { clusters }: Observed): FoundNamespace | undefined {
    const cluster = clusters.find((each) => each.connection.clusterIdentifier === connection?.clusterIdentifier);
    return cluster !== undefined && "namespaces" in cluster
        ? cluster.namespaces.find(({ name }) => name === namespace)
        : undefined;
}

function namespacesWithoutStack(observed: Observed, { orphans = false }: JudgeOptions): Leftover[] {
    const { stacks, clusters, pullRequests, now } = observed;
    const unreadable = stacks.flatMap(({ stack, state }) => ("unreadable" in state ? [stack.name] : []));
    const owned = new Set(
        stacks.flatMap(({ state }) =>
            "namespace" in state ? [`${state.connection?.clusterIdentifier ?? ""} ${state.namespace ?? ""}`] : [],
        ),
    );
    return clusters.flatMap((cluster) =>
        ("namespaces" in cluster ? cluster.namespaces : []).flatMap((namespace): Leftover[] => {
            const { name, created, deleting, pullRequest, lastPush, timeToLive, kept } = namespace;
            if (owned.has(`${cluster.connection.clusterIdentifier} ${name}`)) {
                return [];
            }
            const pull = pullRequest === undefined ? undefined : pullRequests.get(pullRequest.number);
            // A number alone may be another repository's.
            const isOurs = pull !== undefined && "url" in pull && pull.url === pullRequest?.url;
            const life = timeToLiveOf(timeToLive);
            const begin = (lastPush ?? created).getTime();
            const isOver = life !== undefined && now.getTime() >= begin + life && !kept;
            const hasClosed = isOurs && pull.state === "closed";
            if (!hasClosed && !isOver && deleting === undefined) {
                return [];
            }
            const why = [
                "no stack of this backend has it",
                ...(deleting !== undefined
                    ? [`it is being deleted for ${ageText(now.getTime() - deleting.getTime())}`]
                    : []),
                ...(hasClosed ? [closed(pullRequest.number)] : isOver ? ["its time to live is over"] : []),
            ];
            const isNobodys = unreadable.length === 0 && (hasClosed || (orphans && isOver));
            const told = [
                ...(unreadable.length > 0 ? [`it may be of ${unreadable.join(", ")}, whose state cannot be read`] : []),
                ...(unreadable.length === 0 && !isNobodys ? ["another backend's stack may"] : []),
            ];
            return [
                {
                    kind: "namespace",
                    name,
                    place: cluster.name,
                    ...(pullRequest && { pullRequest: pullRequest.number }),
                    ...aged(created, now),
                    holds: "what is in it",
                    // What is being deleted is only waited for.
                    verdict: isNobodys || deleting !== undefined ? "due" : "told",
                    why: [...why, ...(deleting === undefined ? told : [])].join("; "),
                    commands:
                        isNobodys || deleting !== undefined
                            ? []
                            : [`kubectl delete namespace ${name}`, "make sweep ORPHANS=1"],
                },
            ];
        }),
    );
}

/** What a driver may take for a disk that nobody retains. */
const deletionTime = 600_000;

/** Told and never deleted: a class that retains was chosen by somebody, and a name alone may be another repository's. */
function volumesWithoutNamespace(cluster: FoundCluster, observed: Observed): Leftover[] {
    const names = "names" in cluster ? cluster.names : [];
    return volumesIn(cluster).flatMap((volume): Leftover[] => {
        const { name, namespace, created, released, storage, disk, retained, message } = volume;
        const number = numberInNamespace(namespace);
        const isGoing = !retained && observed.now.getTime() < released.getTime() + deletionTime;
        if (number === undefined || names.includes(namespace) || isGoing || !isClosed(number, observed)) {
            return [];
        }
        const policy = '{"spec":{"persistentVolumeReclaimPolicy":"Delete"}}';
        return [
            {
                kind: "volume",
                name,
                place: cluster.name,
                pullRequest: number,
                ...aged(created, observed.now),
                holds: `${storage}${disk === undefined ? "" : `, disk ${disk}`}`,
                verdict: "told",
                why: [
                    closed(number),
                    `its namespace ${namespace} is gone`,
                    retained ? "its class retains volumes" : (message ?? "its driver has not deleted it"),
                ].join("; "),
                commands: retained
                    ? [`kubectl patch persistentvolume ${name} --patch '${policy}'`]
                    : [`kubectl describe persistentvolume ${name}`],
            },
        ];
    });
}

function isClosed(number: number | undefined, { pullRequests }: Observed): boolean {
    return number !== undefined && pullRequests.get(number)?.state === "closed";
}

function onServer(
    server: FoundServer,
    observed: Observed,
    going: readonly string[],
    { databases = false }: JudgeOptions,
): Leftover[] {
    const { clusters, stacks, now } = observed;
    const there = new Set([
        ...clusters.flatMap((cluster) => ("names" in cluster ? cluster.names : [])),
        ...stacks.flatMap(({ state }) => ("namespace" in state ? (state.namespace ?? []) : [])),
    ]);
    const ofDatabase = (found: FoundDatabase): Leftover[] => {
        const { database, role, namespace, goneSince, bytes } = found;
        if (namespace === server.namespace || (there.has(namespace) && !going.includes(namespace))) {
            return [];
        }
        const number = numberInNamespace(namespace);
        const isOver = going.includes(namespace) || isClosed(number, observed);
        const dropped = goneSince && new Date(goneSince.getTime() + server.keepHours * 3_600_000);
        return [
            {
                kind: "database",
                name: database,
                place: server.namespace,
                ...(number !== undefined && { pullRequest: number }),
                ...aged(goneSince, now),
                holds: `role ${role}${bytes === undefined ? "" : `, ${Math.ceil(bytes / 2 ** 20)} MiB`}`,
                verdict: databases && isOver ? "due" : "later",
                why:
                    `its environment ${namespace} ${going.includes(namespace) ? "goes" : "is gone"}; ` +
                    (dropped === undefined
                        ? `dropped ${server.keepHours} h after ${server.cronJob} has noted it, within the hour`
                        : `dropped by ${server.cronJob} after ${momentText(dropped)}`),
                commands: [],
            },
        ];
    };
    return [
        ...server.databases.flatMap(ofDatabase),
        ...server.roles.map((role): Leftover => ({
            kind: "role",
            name: role,
            place: server.namespace,
            holds: "no database",
            verdict: "told",
            why: "it owns no database; whose it was nothing says",
            commands: [`DROP ROLE ${role};`],
        })),
    ];
}

function leftFile(file: FoundFile, { stacks, pullRequests }: Observed): Leftover | undefined {
    const { stack, kind, pullRequest, tracked, path } = file;
    const isOver = pullRequest !== undefined && pullRequests.get(pullRequest)?.state === "closed";
    if (kind !== "ephemeral" || !isOver || stacks.some((each) => shortName(each.stack.name) === stack)) {
        return undefined;
    }
    return {
        kind: "file",
        name: path.split("/").at(-1)!,
        pullRequest,
        holds: "settings",
        verdict: tracked ? "told" : "due",
        why: `${closed(pullRequest)}, and it has no stack${tracked ? "; somebody committed it" : ""}`,
        commands: tracked ? [`git rm Pulumi.${stack}.yaml`] : [],
    };
}

function aged(since: Date | undefined, now: Date): { readonly age?: number } {
    return since === undefined ? {} : { age: Math.max(0, now.getTime() - since.getTime()) };
}
