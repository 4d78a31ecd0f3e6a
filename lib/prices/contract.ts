// What a cloud asks for what it rents out: list prices in US dollars of one region, from one reading of each source.

/** A month of 730 hours, as the clouds' own calculators have it. */
export const hoursOfMonth = 730;

/** What a service of a cloud asks, by what it is asked for: a machine type, a class, `gibibyte`. */
export interface ServicePrices {
    readonly source: string;
    /** The month in which the source was written, or the figure was put down: `2026-06`. */
    readonly date: string;
    /** False where the figure was not read in its source, but is known from elsewhere. @default true */
    readonly verified?: false;
    /** For each hour. */
    readonly hourly?: Readonly<Record<string, number>>;
    /** For each month. */
    readonly monthly?: Readonly<Record<string, number>>;
}

export interface PriceList {
    /** Whose prices they are, and of which region. */
    readonly of: string;
    /** By the name that the catalogue gives the service (`price` in lib/catalogue), and for what no resource stands for. */
    readonly services: Readonly<Record<string, ServicePrices | readonly ServicePrices[]>>;
}
