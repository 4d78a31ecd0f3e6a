// What the pods of drills reserve (components/backups/drill): as the scheduler counts, the largest step with the servers beside it.
import { bytes, millicores } from "../../lib/quantities.ts";
import type { Room } from "../../lib/node-types/room.ts";
import { drillSizes, dumpSizes } from "../../lib/resources.ts";
import { backupsOf } from "../backups.ts";
import { definedSize, type Size } from "../operator.ts";
import type { Settings } from "../sections.ts";
import { storesOf } from "../stores/entries.ts";

type Needed = Pick<Settings, "apps" | "environment" | "database" | "operator">;

/** One pod, at most. */
interface DrillJob {
    readonly names: readonly string[];
    readonly room: Room;
}

/** @param settings of which a size that is not defined is left out: that has its own message */
export function drillJobs(settings: Needed): DrillJob[] {
    const { sizes } = settings.operator;
    return storesOf("database", settings).flatMap(({ name, store, owner }): DrillJob[] => {
        if (backupsOf(store)?.drill === undefined) {
            return [];
        }
        const files = store.variant === "in-cluster";
        const server = files ? definedSize(sizes, store.size) : drillSizes.server;
        const app = owner?.contract === "django" ? definedSize(sizes, owner.web.size) : undefined;
        const alone: Size = files ? drillSizes.restore : dumpSizes.bucket;
        const beside = [server, ...(files ? [drillSizes.archive] : [])].filter((size) => size !== undefined);
        const steps = [drillSizes.checks, ...(files ? [] : [dumpSizes.database]), ...(app === undefined ? [] : [app])];
        const together = plus(...beside.map(roomOf), largest(steps.map(roomOf)));
        return [{ names: [`${name}-drill`], room: largest([roomOf(alone), together]) }];
    });
}

function roomOf({ cpu, memory }: Size): Room {
    return { cpu: millicores(cpu), memory: bytes(memory) };
}

function plus(...rooms: readonly Room[]): Room {
    return rooms.reduce((sum, { cpu, memory }) => ({ cpu: sum.cpu + cpu, memory: sum.memory + memory }));
}

function largest(rooms: readonly Room[]): Room {
    return { cpu: Math.max(...rooms.map(({ cpu }) => cpu)), memory: Math.max(...rooms.map(({ memory }) => memory)) };
}
