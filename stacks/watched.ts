// What each cloud's alarms are told of the stack.
import type { CheckedHost } from "../components/alarms/contract.ts";
import type { WayIn } from "../components/edge/contract.ts";
import type { MadeStores } from "./stores.ts";

/** What there is to watch. */
export interface Watched {
    readonly stores: MadeStores;
    readonly edge: WayIn | undefined;
    /** Of the one cloud that asks them; of others none. */
    readonly hosts: readonly CheckedHost[];
}

export const alarmsName = "alarms";
