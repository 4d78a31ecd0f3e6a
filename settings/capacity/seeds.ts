// What the pod that makes seeds reserves (components/backups/seed): as the scheduler counts, the largest step with the server beside it.
import type { Room } from "../../lib/node-types/room.ts";
import { bytes, millicores } from "../../lib/quantities.ts";
import { dumpSizes, seedSizes, type Size as ResourceSize } from "../../lib/resources.ts";
import { seedName } from "../../lib/seeds.ts";
import { definedSize } from "../operator.ts";
import type { Settings } from "../sections.ts";

type Needed = Pick<Settings, "apps" | "environment" | "lends" | "operator">;

interface SeedJob {
    readonly names: readonly string[];
    readonly room: Room;
}

/** @param settings of which a size that is not defined is left out: that has its own message */
export function seedJobs({ apps, environment, lends, operator }: Needed): SeedJob[] {
    if (!lends.database || lends.seed === undefined) {
        return [];
    }
    const main = apps.find(({ name }) => name === environment.mainApp);
    const app =
        lends.seed.mask?.command === undefined || main === undefined
            ? undefined
            : definedSize(operator.sizes, main.web.size);
    const steps: ResourceSize[] = [dumpSizes.database, seedSizes.mask, ...(app === undefined ? [] : [app])];
    const rooms = steps.map(roomOf);
    const server = roomOf(seedSizes.server);
    return [
        {
            names: [seedName],
            room: {
                cpu: server.cpu + Math.max(...rooms.map(({ cpu }) => cpu)),
                memory: server.memory + Math.max(...rooms.map(({ memory }) => memory)),
            },
        },
    ];
}

function roomOf({ cpu, memory }: ResourceSize): Room {
    return { cpu: millicores(cpu), memory: bytes(memory) };
}
