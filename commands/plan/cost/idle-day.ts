// What an environment on another stack's platform costs a day when nobody comes: what it makes in a cloud itself, and what the
// platform costs more for its pods and volumes. Nodes that are there anyway cost no more for it; pods on Autopilot do.
import { viewOf } from "../../../policy/plan-view.ts";
import { costOf, type MonthlyCost } from "../cost.ts";
import type { Plan } from "../plan.ts";
import { sumsOf, type Reserved, type Sums } from "../sums.ts";
import { topologyOf } from "../topology.ts";
import { cloudsOf } from "../topology/clouds.ts";
import { entryOf } from "../topology/entry.ts";

export interface IdleDay {
    /** US dollars, to a hundredth of a cent. */
    readonly dollars: number;
    /** What is billed and has no price in the list. */
    readonly unpriced: readonly string[];
    readonly reserves: Reserved;
}

const daysOfMonth = 730 / 24;

/**
 * @param lender the plan of the stack whose platform it is on
 * @returns no dollars where neither is in a cloud
 */
export function idleDay(plan: Plan, lender: Plan | undefined): Partial<IdleDay> & Pick<IdleDay, "reserves"> {
    const own = topologyOf(plan);
    const reserves = own.sums.asleep ?? own.sums.min;
    const platform = lender && platformCost(lender, reserves);
    if (own.cost === undefined && platform === undefined) {
        return { reserves };
    }
    const monthly = (own.cost?.monthly ?? 0) + (platform === undefined ? 0 : platform.with - platform.without);
    return {
        dollars: Math.round((monthly / daysOfMonth) * 10_000) / 10_000,
        unpriced: [...new Set([...(own.cost?.unpriced ?? []), ...(platform?.unpriced ?? [])])],
        reserves,
    };
}

function platformCost(
    lender: Plan,
    more: Reserved,
): { readonly with: number; readonly without: number; readonly unpriced: readonly string[] } | undefined {
    const view = viewOf(lender);
    const { namespace } = topologyOf(lender);
    const around = { clouds: cloudsOf(view), entry: entryOf(view, lender) };
    const sums = sumsOf(view, namespace.name);
    const cost = (of: Sums): MonthlyCost | undefined => costOf(view, around, of);
    const [without, withMore] = [cost(sums), cost({ ...sums, min: plus(sums.min, more) })];
    return (
        without && withMore && { with: withMore.monthly, without: without.monthly, unpriced: podsUnpriced(withMore) }
    );
}

/** Of what the platform has no price for, what pods have a share in. */
function podsUnpriced({ unpriced }: MonthlyCost): readonly string[] {
    return unpriced.filter((item) => /pods/.test(item));
}

function plus(one: Reserved, other: Reserved): Reserved {
    return {
        pods: one.pods + other.pods,
        millicores: one.millicores + other.millicores,
        memory: one.memory + other.memory,
        storage: one.storage + other.storage,
    };
}
