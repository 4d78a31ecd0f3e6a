// What pods ask for against the nodes that the platform may have. A cluster that is there already, or another stack's, tells
// nothing of its nodes, and nothing is said of them.
import { howMany, nodesFor, withoutPlace, type Nodes, type Pods } from "../../../lib/node-types/packing.ts";
import type { NodeRoom, Room } from "../../../lib/node-types/room.ts";
import { byteText, cpuText } from "../../../lib/quantities.ts";
import { nodesOf, type NodeGroup } from "../../capacity/nodes.ts";
import { capacitySections, podsOf, roomOf, type CapacitySettings, type EnvironmentPods } from "../../capacity/pods.ts";
import { terms, type Count } from "../../capacity/sums.ts";
import type { Size } from "../../operator.ts";
import type { PlatformSettings } from "../../platform.ts";
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import { advice, contradiction } from "../contradiction.ts";

const needed = [...capacitySections, "platform"] as const;

type WithPlatform = CapacitySettings & { readonly platform: PlatformSettings };

/** A pod that is larger than each node waits for ever. */
export const podsBeyondNodes = contradiction(needed, (settings): Problem[] => {
    const largest = largestNodes(settings.platform);
    if (largest === undefined) {
        return [];
    }
    const { sizes } = settings.operator;
    return podsOf(settings).serving.flatMap(({ size, room }): Problem[] => {
        if (largest.rooms.some((node) => fits(room, node))) {
            return [];
        }
        const path = settingPath(size.path);
        const best = largestFitting(sizes, largest.rooms);
        return [
            {
                path,
                found: `${JSON.stringify(size.name)}: ${roomText(room)}`,
                allowed: `at most ${roomText(largest.rooms[0]!)}: what a pod can have of ${largest.name}`,
                fix:
                    best === undefined
                        ? `have the operator define a smaller size (operator.sizes)${largest.otherwise}`
                        : `${setCommand(path, best)}${largest.otherwise}`,
            },
        ];
    });
});

/** What a node leaves for one pod; the largest first. */
interface Largest {
    readonly rooms: readonly Room[];
    readonly name: string;
    readonly otherwise: string;
}

function largestNodes(platform: PlatformSettings): Largest | undefined {
    const nodes = nodesOf(platform);
    if (nodes === undefined) {
        return undefined;
    }
    if (nodes.kind === "serverless") {
        return { rooms: [nodes.largest], name: `a node of ${nodes.name}`, otherwise: "" };
    }
    const known = withRoom(nodes.groups);
    if (known === undefined || known.length === 0) {
        return undefined;
    }
    const groups = known.toSorted((one, other) => other.room.memory - one.room.memory);
    const [{ type, typePath }] = groups as [KnownGroup];
    return {
        rooms: groups.map(({ room }) => room),
        name: `a node of the type ${type}, the largest here`,
        otherwise: `, or name a larger type in ${settingPath(typePath)}`,
    };
}

type KnownGroup = NodeGroup & { readonly room: NodeRoom };

/** Undefined when one is of a type that is not known: whatever does not fit the others may fit that. */
function withRoom(groups: readonly NodeGroup[]): readonly KnownGroup[] | undefined {
    return groups.every((group): group is KnownGroup => group.room !== undefined) ? groups : undefined;
}

function fits(pod: Room, node: Room): boolean {
    return pod.cpu <= node.cpu && pod.memory <= node.memory;
}

function largestFitting(sizes: Readonly<Record<string, Size>>, nodes: readonly Room[]): string | undefined {
    return Object.entries(sizes)
        .map(([name, size]) => ({ name, room: roomOf(size) }))
        .filter(({ room }) => nodes.some((node) => fits(room, node)))
        .toSorted((one, other) => other.room.memory - one.room.memory || other.room.cpu - one.room.cpu)[0]?.name;
}

function roomText({ cpu, memory }: Room): string {
    return `${cpuText(cpu)} processors and ${byteText(memory)}`;
}

/** The fewest pods, and the largest of those that a release adds, have to find a place on all nodes that there may be. */
export const nodesAtMinimum = contradiction(needed, (settings) => crowded(settings, "min"));

/** Beyond that, an autoscaler's pods wait for nodes that never come; what runs goes on. */
export const nodesAtMaximum = advice(needed, (settings) =>
    crowded(settings, "min").length > 0 ? [] : crowded(settings, "max"),
);

function crowded(settings: WithPlatform, count: Count): Problem[] {
    const nodes = nodesOf(settings.platform);
    const groups = nodes?.kind === "groups" ? withRoom(nodes.groups) : undefined;
    if (groups === undefined || groups.length === 0) {
        return [];
    }
    const environment = podsOf(settings);
    const pods = [...counted(environment, count), ...added(environment, count)];
    const all: Nodes[] = groups.map(({ room, most }) => ({ room, count: most }));
    const waiting = withoutPlace(pods, all);
    // What fits no node alone has its own message.
    if (waiting.length === 0 || pods.some(({ room }) => all.every((node) => howMany(room, node.room) === 0))) {
        return [];
    }
    return [problem(environment, { groups, waiting, pods, count })];
}

function counted({ serving }: EnvironmentPods, count: Count): Pods[] {
    return serving.map((group) => ({ room: group.room, count: group[count] }));
}

/** At least one pod, of the largest; at most all that roll out together, or the jobs of all apps. */
function added({ serving, jobs }: EnvironmentPods, count: Count): Pods[] {
    const surging = serving.filter(({ surge }) => surge > 0).map(({ room, surge }) => ({ room, count: surge }));
    const running = jobs.map(({ room }) => ({ room, count: 1 }));
    const memory = (pods: readonly Pods[]): number => pods.reduce((sum, pod) => sum + pod.room.memory * pod.count, 0);
    if (count === "max") {
        return memory(surging) >= memory(running) ? surging : running;
    }
    const now = serving.filter(({ min }) => min === 0).map(({ room }) => ({ room, count: 1 }));
    const [largest] = [...surging, ...running, ...now].toSorted((one, other) => other.room.memory - one.room.memory);
    return largest === undefined ? [] : [{ room: largest.room, count: 1 }];
}

interface Crowd {
    readonly groups: readonly KnownGroup[];
    readonly waiting: readonly Pods[];
    readonly pods: readonly Pods[];
    readonly count: Count;
}

function problem({ serving }: EnvironmentPods, { groups, waiting, pods, count }: Crowd): Problem {
    const growing = groups.filter(({ mostPath }) => mostPath !== undefined);
    const [group = groups[0]!] = growing.toSorted((one, other) => other.room.memory - one.room.memory);
    const { type, typePath, most, mostPath, room } = group;
    const others = groups.filter((each) => each !== group).map((each) => ({ room: each.room, count: each.most }));
    const left = withoutPlace(pods, others);
    const more = nodesFor(left, room);
    const path = settingPath(mostPath ?? typePath);
    const places = waiting.reduce((sum, { count: one }) => sum + one, 0);
    const machines = groups.map((each) => `${each.most} x ${each.type}`).join(", ");
    const larger = `name a larger type in ${settingPath(typePath)}`;
    return {
        path,
        found:
            `${mostPath === undefined ? JSON.stringify(type) : most}; ${places === 1 ? "1 pod finds" : `${places} pods find`} no place on ${machines}, ` +
            `with ${count === "min" ? "at least" : "at most"} ${terms(serving, count, "memory")}, and what a release adds`,
        allowed:
            `${more === undefined || mostPath === undefined ? "more or larger nodes" : `at least ${more}`}, or fewer or smaller pods: ` +
            `a node of the type ${type} has ${roomText(room)} for them`,
        fix: `${more === undefined ? "" : `${growth(group, more)}, or `}${larger}`,
    };
}

/** The first pool of DOKS is made with the cluster and does not grow: others come beside it. */
function growth({ type, most, mostPath }: NodeGroup, nodes: number): string {
    if (mostPath !== undefined) {
        return setCommand(settingPath(mostPath), String(nodes));
    }
    const setting = (name: string): string => settingPath(["platform", "cluster", "pools", "apps", name]);
    return `${setCommand(setting("size"), type)} && ${setCommand(setting("max"), String(Math.max(1, nodes - most)))}`;
}
