// What the component that makes seeds, the command that starts one and the rules have to agree on.

/** Of the pod's containers: where the rows come from, and what masks them. */
export const seedContainers = { take: "take", fetch: "fetch", sql: "mask-sql", command: "mask" } as const;

/** The CronJob's name. */
export const seedName = "database-seed";

/** Of one that is suspended, which has to have a schedule too. */
export const seedOnRequest = "0 3 * * *";
