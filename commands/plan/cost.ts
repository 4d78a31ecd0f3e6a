// What a stack costs in a month when nobody comes, by item, from the price list.
import { resourceType, type Cloud, type Token } from "../../lib/catalogue/index.ts";
import { monthlyPrice, priceLists } from "../../lib/prices/index.ts";
import type { PlanView } from "../../policy/plan-view.ts";
import { aws } from "./cost/aws.ts";
import { several, type CloudCosts, type Cost, type Surroundings } from "./cost/charge.ts";
import { digitalocean } from "./cost/digitalocean.ts";
import { gcp } from "./cost/gcp.ts";
import type { Sums } from "./sums.ts";
import type { Cloud as DrawnCloud } from "./topology/clouds.ts";
import type { Entry } from "./topology/entry.ts";

export interface CostItem {
    readonly cloud: Cloud;
    readonly name: string;
    /** US dollars, to the cent. */
    readonly monthly: number;
    /** Whether each figure of it was read in its source. */
    readonly verified: boolean;
}

export interface MonthlyCost {
    /** US dollars a month, of all items. */
    readonly monthly: number;
    /** The dearest first. */
    readonly items: readonly CostItem[];
    /** What is billed and has no price in the list. */
    readonly unpriced: readonly string[];
    /** What costs by traffic, by what is stored or asked. */
    readonly byUse: readonly string[];
    /** Whose list prices, and of which region. */
    readonly pricesOf: readonly string[];
    /** Months in which the oldest and the newest of the figures were read. */
    readonly dates: { readonly first: string; readonly last: string };
}

export const cloudCosts: Readonly<Record<Cloud, CloudCosts>> = { gcp, aws, digitalocean };

/** @returns undefined when the stack makes nothing in a cloud */
export function costOf(
    view: PlanView,
    { clouds, entry }: { readonly clouds: readonly DrawnCloud[]; readonly entry: Entry | undefined },
    sums: Sums,
): MonthlyCost | undefined {
    const names = clouds.map(({ name }) => name);
    if (names.length === 0) {
        return undefined;
    }
    const around: Surroundings = { view, sums };
    const home = clouds.find(({ parts }) => parts.some(({ role }) => role === "cluster"))?.name;
    const found = names.flatMap((cloud) => inCloud(cloud, around));
    const gibibytes = sums.min.storage / 2 ** 30;
    const made: Found[] =
        home === undefined
            ? []
            : [
                  ...(entry !== undefined && entry.lentBy === undefined ? cloudCosts[home].balancer(around) : []),
                  ...(gibibytes > 0 ? cloudCosts[home].volumes(gibibytes) : []),
              ].map((cost) => ({ cloud: home, service: undefined, cost }));
    return summed([...found, ...made], names);
}

interface Found {
    readonly cloud: Cloud;
    readonly service: string | undefined;
    readonly cost: Cost;
}

function inCloud(cloud: Cloud, around: Surroundings): Found[] {
    return around.view.resources
        .filter(({ type }) => type.startsWith(`${cloud}:`))
        .flatMap((resource) => {
            const service = resourceType(resource.type, resource.props)?.price;
            if (service === undefined) {
                return [];
            }
            const read = cloudCosts[cloud].readers[resource.type as Token];
            const costs = read?.(resource, around) ?? [{ unpriced: resource.name }];
            return costs.map((cost) => ({ cloud, service, cost }));
        });
}

function summed(found: readonly Found[], clouds: readonly Cloud[]): MonthlyCost {
    const items = new Map<string, CostItem & { readonly count: number }>();
    const dates: string[] = [];
    const unpriced = new Set<string>();
    const byUse = new Set<string>();
    for (const { cloud, service, cost } of found) {
        if ("unpriced" in cost) {
            unpriced.add(cost.unpriced);
        } else if ("byUse" in cost) {
            byUse.add(cost.byUse);
        } else {
            const price = monthlyPrice(cloud, cost.service ?? service ?? "", cost.asked);
            const key = `${cloud} ${cost.item}`;
            if (price === undefined) {
                unpriced.add(`${cost.item} (${cost.asked})`);
            } else {
                const { monthly = 0, verified = true, count = 0 } = items.get(key) ?? {};
                dates.push(price.date);
                items.set(key, {
                    cloud,
                    name: cost.item,
                    count: count + (cost.count ?? 0),
                    monthly: monthly + price.dollars * (cost.times ?? 1),
                    verified: verified && price.verified,
                });
            }
        }
    }
    const sorted = [...items.values()]
        .map(({ name, monthly, count, ...item }) => ({
            ...item,
            name: count === 0 ? name : several(count, name),
            monthly: Math.round(monthly * 100) / 100,
        }))
        .filter(({ monthly }) => monthly > 0)
        .toSorted((a, b) => b.monthly - a.monthly);
    return {
        monthly: Math.round(sorted.reduce((sum, { monthly }) => sum + monthly, 0) * 100) / 100,
        items: sorted,
        unpriced: [...unpriced],
        // Alarms are made while what they watch still is: whichever is registered first, they are told last.
        byUse: [...byUse].toSorted((a, b) => Number(a === "alarms") - Number(b === "alarms")),
        pricesOf: [...new Set(clouds.map((cloud) => priceLists[cloud].of))],
        dates: { first: dates.toSorted()[0] ?? "", last: dates.toSorted().at(-1) ?? "" },
    };
}
