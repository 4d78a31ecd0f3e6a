// What a resource costs when nobody comes: what of it is asked for at which price of the list, what is billed by use alone, and
// what has a price that cannot be told beforehand.
import type { Token } from "../../../lib/catalogue/index.ts";
import type { PlanView } from "../../../policy/plan-view.ts";
import type { PolicyResource } from "../../../policy/resource.ts";
import type { Sums } from "../sums.ts";

export interface Charge {
    /** What a person calls it; charges of one name are one item. */
    readonly item: string;
    /** A price of the service's, for example a machine type. */
    readonly asked: string;
    /** @default 1 */
    readonly times?: number;
    /** How many there are, where the item is a number of machines: `nodes t3.large`. */
    readonly count?: number;
    /** @default what the catalogue says that bills the resource */
    readonly service?: string;
}

/** Whose price is not in the list, or changes by the hour. */
export interface Unpriced {
    readonly unpriced: string;
}

/** What costs nothing while it is not used. */
export interface ByUse {
    readonly byUse: string;
}

export type Cost = Charge | Unpriced | ByUse;

/** Where it is made: in one namespace, on the cluster of this stack. */
export interface Surroundings {
    readonly view: PlanView;
    readonly sums: Sums;
}

export type CostReaders = Readonly<
    Partial<Record<Token, (resource: PolicyResource, around: Surroundings) => readonly Cost[]>>
>;

export interface CloudCosts {
    /** For each type whose row in the catalogue names what bills it. */
    readonly readers: CostReaders;
    /** The load balancer that the Gateway makes. */
    readonly balancer: (around: Surroundings) => readonly Cost[];
    /** @param gibibytes of volumes that the cluster makes */
    readonly volumes: (gibibytes: number) => readonly Cost[];
}

/** "node t3.large", "3 nodes t3.large". */
export function several(count: number, nouns: string): string {
    return count === 1 ? nouns.replace(/^nodes/, "node") : `${count} ${nouns}`;
}
