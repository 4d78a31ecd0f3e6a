// The price list. To bring it up to date: read the sources of a cloud's file, write figures and dates down there, and run the tests,
// which name each page that repeats a sum.
import type { Cloud } from "../catalogue/index.ts";
import { aws } from "./aws.ts";
import { hoursOfMonth, type PriceList, type ServicePrices } from "./contract.ts";
import { digitalocean } from "./digitalocean.ts";
import { gcp } from "./gcp.ts";

export const priceLists: Readonly<Record<Cloud, PriceList>> = { gcp, aws, digitalocean };

export interface MonthlyPrice {
    /** US dollars of a month of 730 hours. */
    readonly dollars: number;
    readonly verified: boolean;
    readonly date: string;
}

/**
 * @param service as the catalogue calls it
 * @param asked what is asked for, for example a machine type
 * @returns undefined where the list has no such price
 */
export function monthlyPrice(cloud: Cloud, service: string, asked: string): MonthlyPrice | undefined {
    for (const { hourly, monthly, date, verified = true } of pricesOf(cloud, service)) {
        const perHour = own(hourly, asked);
        const dollars = perHour === undefined ? own(monthly, asked) : perHour * hoursOfMonth;
        if (dollars !== undefined) {
            return { dollars, verified, date };
        }
    }
    return undefined;
}

export function pricesOf(cloud: Cloud, service: string): readonly ServicePrices[] {
    const { services } = priceLists[cloud];
    const found = Object.hasOwn(services, service) ? services[service]! : [];
    return "source" in found ? [found] : found;
}

function own(prices: Readonly<Record<string, number>> | undefined, asked: string): number | undefined {
    return prices !== undefined && Object.hasOwn(prices, asked) ? prices[asked] : undefined;
}
