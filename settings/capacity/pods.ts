// Every pod that the settings ask for: how many of each there are, at least and at most, what each reserves, and what a release
// adds. test/plan/inputs/capacity.test.ts compares it with what is planned.
import { bytes, millicores } from "../../lib/quantities.ts";
import { backupSizes, poolerSize, psqlSizes } from "../../lib/resources.ts";
import { doorkeeperOf, doorkeeperSize } from "../../lib/sleeping.ts";
import type { Room } from "../../lib/node-types/room.ts";
import type { AppSettings } from "../app.ts";
import { definedSize, type Size } from "../operator.ts";
import { poolerOf } from "../pooler.ts";
import type { Settings } from "../sections.ts";
import { ownStoreOf, storeOf, storesOf } from "../stores/entries.ts";
import { placedApps } from "../contradictions/apps/apps.ts";
import { drillJobs } from "./drills.ts";
import { seedJobs } from "./seeds.ts";
import { dumpJobs } from "./dumps.ts";
import { workersOf } from "../contradictions/processes/workers.ts";

export const capacitySections = [
    "apps",
    "environment",
    "database",
    "cache",
    "broker",
    "assets",
    "lends",
    "operator",
] as const;

export type CapacitySettings = Pick<Settings, (typeof capacitySections)[number]>;

/** Pods of one workload. */
export interface PodGroup {
    /** The workload's: `shop-web`, `database`. */
    readonly name: string;
    readonly room: Room;
    /** 0 of what comes and goes: a command at certain times. */
    readonly min: number;
    readonly max: number;
    /** How many more there are while a new version of it comes, before old ones go. */
    readonly surge: number;
    /** The name of its size in operator.sizes, and the setting that names it. */
    readonly size: { readonly name: string; readonly path: readonly PropertyKey[] };
    /** The settings that say how many. */
    readonly replicas?: Readonly<Record<"min" | "max", readonly PropertyKey[]>>;
}

/** Pods that run to their end, one after the other. */
export interface JobGroup {
    /** The jobs', in order. */
    readonly names: readonly string[];
    readonly room: Room;
}

export interface EnvironmentPods {
    readonly serving: readonly PodGroup[];
    /** Of each app's release, and of each store's preparation. */
    readonly jobs: readonly JobGroup[];
}

/** @param settings of which a size that is not defined is left out: that has its own message */
export function podsOf(settings: CapacitySettings): EnvironmentPods {
    const { sizes } = settings.operator;
    const known = <Group extends { readonly size: Sized }>(groups: readonly Group[]) =>
        groups.flatMap(({ size, ...rest }) => {
            const defined = definedSize(sizes, size.name);
            return defined === undefined ? [] : [{ ...rest, size, room: roomOf(defined) }];
        });
    const backedUp = new Set(
        storesOf("database", settings)
            .filter(({ store }) => store.variant === "in-cluster" && store.backups !== undefined)
            .map(({ name }) => name),
    );
    return {
        serving: known([
            ...placedApps(settings.apps).flatMap(({ app, at }) => appPods(app, at)),
            ...storePods(settings),
        ])
            .map((group) => (backedUp.has(group.name) ? { ...group, room: withBackups(group.room) } : group))
            .concat(poolerPods(settings), doorkeepers(settings)),
        jobs: [
            ...known(placedApps(settings.apps).map(({ app, at }) => releaseJobs(app, at, settings))),
            ...storeJobs(settings),
            ...dumpJobs(settings),
            ...drillJobs(settings),
            ...seedJobs(settings),
        ],
    };
}

type Sized = PodGroup["size"];
type UnsizedPods = Omit<PodGroup, "room">;

export function roomOf({ cpu, memory }: Size): Room {
    return { cpu: millicores(cpu), memory: bytes(memory) };
}

/** Of a server whose pod has those beside it that back it up (components/backups/pgbackrest). */
function withBackups(server: Room): Room {
    const { restore, ...beside } = backupSizes;
    const together = [server, ...Object.values(beside).map(roomOf)].reduce((sum, { cpu, memory }) => ({
        cpu: sum.cpu + cpu,
        memory: sum.memory + memory,
    }));
    const before = roomOf(restore);
    return { cpu: Math.max(together.cpu, before.cpu), memory: Math.max(together.memory, before.memory) };
}

const one = { min: 1, max: 1, surge: 0 };

/** One pod at a time, at any time: also while a release rolls out. */
const nowAndThen = { min: 0, max: 1, surge: 0 };

function bounds(path: readonly PropertyKey[]): NonNullable<PodGroup["replicas"]> {
    return { min: [...path, "replicas", "min"], max: [...path, "replicas", "max"] };
}

function appPods(app: AppSettings, at: readonly PropertyKey[]): UnsizedPods[] {
    const sized = (key: "web" | "beat" | "shell", size: string) => ({
        name: `${app.name}-${key}`,
        size: { name: size, path: [...at, key, "size"] },
    });
    const workers = workersOf(app, at).map((worker): UnsizedPods => ({
        name: `${app.name}-worker-${String(worker.path.at(-1))}`,
        size: { name: worker.size, path: [...worker.path, "size"] },
        ...worker.replicas,
        surge: 1,
        replicas: bounds(worker.path),
    }));
    return [
        {
            ...sized("web", app.web.size),
            ...app.web.replicas,
            surge: 1,
            replicas: bounds([...at, "web"]),
        },
        ...workers,
        ...(app.contract === "django" && app.beat !== undefined ? [{ ...sized("beat", app.beat.size), ...one }] : []),
        ...(app.shell !== undefined ? [{ ...sized("shell", app.shell.size), ...one }] : []),
        ...Object.entries(app.scheduled).map(([name, { size }]) => ({
            name: `${app.name}-scheduled-${name}`,
            size: { name: size, path: [...at, "scheduled", name, "size"] },
            ...nowAndThen,
        })),
    ];
}

function storePods(settings: CapacitySettings): UnsizedPods[] {
    const sized = (path: readonly PropertyKey[], size: string) => ({ size: { name: size, path: [...path, "size"] } });
    const databases = storesOf("database", settings).flatMap(({ name, path, store }): UnsizedPods[] =>
        store.variant === "in-cluster" ? [{ name, ...sized(path, store.size), ...one }] : [],
    );
    const several = (path: readonly PropertyKey[], key: string, many: number) => ({
        min: many,
        max: many,
        // A StatefulSet takes a pod away before it makes the next.
        surge: 0,
        replicas: { min: [...path, key], max: [...path, key] },
    });
    const caches = storesOf("cache", settings).flatMap(({ name, path, store }): UnsizedPods[] => {
        if (store.variant === "memcached") {
            return [{ name, ...sized(path, store.size), ...several(path, "servers", store.servers) }];
        }
        if (store.variant !== "in-cluster") {
            return [];
        }
        const { replicas } = store;
        const beside = {
            name: `${name}-replica`,
            ...sized(path, store.size),
            min: replicas,
            max: replicas,
            // A Deployment's default: a quarter, rounded up.
            surge: Math.ceil(replicas / 4),
            replicas: { min: [...path, "replicas"], max: [...path, "replicas"] },
        };
        return [{ name, ...sized(path, store.size), ...one }, ...(replicas > 0 ? [beside] : [])];
    });
    const brokers = storesOf("broker", settings).flatMap(({ name, path, store }): UnsizedPods[] => {
        switch (store.variant) {
            case "redis":
                return [{ name, ...sized(path, store.size), ...one }];
            case "rabbitmq":
                return [{ name, ...sized(path, store.size), ...several(path, "nodes", store.nodes) }];
            case "external":
            case "none":
                return [];
            default:
                return store satisfies never;
        }
    });
    return [...databases, ...caches, ...brokers];
}

/** Of a size that nobody sets: what they need follows from what they are. */
function poolerPods(settings: CapacitySettings): PodGroup[] {
    return storesOf("database", settings).flatMap(({ name, path, store }): PodGroup[] => {
        const pooler = poolerOf(store);
        if (pooler === undefined) {
            return [];
        }
        const replicas = [...path, "pooler", "replicas"];
        return [
            {
                name: `${name}-pooler`,
                room: roomOf(poolerSize),
                size: { name: "pooler", path: replicas },
                min: pooler.replicas,
                max: pooler.replicas,
                surge: 1,
                replicas: { min: replicas, max: replicas },
            },
        ];
    });
}

function doorkeepers({ apps, environment: { sleep } }: CapacitySettings): PodGroup[] {
    return sleep === undefined
        ? []
        : apps.map(({ name }) => ({
              name: doorkeeperOf(name),
              room: roomOf(doorkeeperSize),
              size: { name: "doorkeeper", path: ["environment", "sleep"] },
              ...one,
          }));
}

/** They get the size of web. */
function releaseJobs(app: AppSettings, at: readonly PropertyKey[], settings: CapacitySettings) {
    const assets = storeOf(app, settings, "assets");
    const collects = assets.variant !== "whitenoise" || assets.files.from === "volume";
    const names =
        app.contract === "init-run-async"
            ? ["init"]
            : [
                  "migrate",
                  ...(collects ? ["collectstatic"] : []),
                  ...(app.release.mediaSamples === undefined ? [] : ["media-samples"]),
                  ...(app.release.superuser === undefined ? [] : ["createsuperuser"]),
              ];
    const checks = (["database", "cache", "broker"] as const).some(
        (kind) => storeOf(app, settings, kind).variant === "external",
    );
    return {
        names: [...(checks ? ["check"] : []), ...names].map((name) => `${app.name}-${name}`),
        size: { name: app.web.size, path: [...at, "web", "size"] },
    };
}

/** Those of psql, on servers that several use. */
function storeJobs({ apps, environment, lends, ...stores }: CapacitySettings): JobGroup[] {
    const job = (name: string, size: Size): JobGroup => ({ names: [name], room: roomOf(size) });
    const own = storesOf("database", { apps, environment, ...stores }).flatMap(({ name, store, owner }): JobGroup[] => {
        if (store.variant === "platform") {
            return owner === undefined ? [] : [job(`${name}-create`, psqlSizes.create)];
        }
        return store.variant === "digitalocean" && store.server.variant === "create"
            ? [job(`${name}-grants`, psqlSizes.grants)]
            : [];
    });
    const beside = apps
        .filter((app) => app.name !== environment.mainApp && ownStoreOf(app, "database") === undefined)
        .map((app) => job(`${app.name}-database-create`, psqlSizes.create));
    const sweeper = lends.database ? [job("database-sweeper", psqlSizes.sweep)] : [];
    return [...own, ...(stores.database.variant === "none" ? [] : beside), ...sweeper];
}
