// What stops for a while, for whom, and how long.

export interface Outage {
    readonly name: string;
    readonly urn: string;
    /** What waits or fails. `nobody`: it is told because somebody would ask. */
    readonly stops: "requests" | "tasks" | "schedule" | "nobody";
    readonly happens: string;
    /** At most, in seconds. @default nobody says */
    readonly seconds?: number;
    /** Its start comes on top, and nothing says how long that may take. @default false */
    readonly andStart?: boolean;
    /** Where the figure, or that there is none, is from. */
    readonly source: string;
}
