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

/** The stores of one cloud among all. @param of what is known of a store; undefined for one that is elsewhere, or that nobody made here */
export function watchedOf<Store, Facts>(
    stores: ReadonlyMap<string, Store>,
    of: (store: Store) => Facts | undefined,
): Readonly<Record<string, Facts>> {
    const found = [...stores].flatMap(([name, store]) => {
        const facts = of(store);
        return facts === undefined ? [] : [[name, facts] as const];
    });
    return Object.fromEntries(found);
}
