// What DigitalOcean's managed databases offer in each size. The slug says how large a node is: db-s-2vcpu-4gb has 4 GiB.

export interface DatabasePlan {
    readonly vcpus: number;
    /** GiB. */
    readonly memory: number;
}

/**
 * @param slug for example `db-s-2vcpu-4gb`, `gd-4vcpu-16gb` or `so1_5-2vcpu-16gb`
 * @returns undefined for what is no slug of a database
 * @see https://docs.digitalocean.com/reference/api/digitalocean/#tag/Databases/operation/databases_list_options
 */
export function databasePlan(slug: string): DatabasePlan | undefined {
    const [, vcpus, memory] =
        /^[a-z][a-z0-9_]*(?:-[a-z]+)*-([1-9][0-9]*)vcpu-([1-9][0-9]*)gb(?:-[0-9]+gb)?$/.exec(slug) ?? [];
    return vcpus === undefined ? undefined : { vcpus: Number(vcpus), memory: Number(memory) };
}

/** The smallest plan has one node and can have no other. */
export function allowsStandby({ memory }: DatabasePlan): boolean {
    return memory > 1;
}

/** For maintenance, of every plan. */
const reservedConnections = 3;
const connectionsPerGibibyte = 25;
/** DigitalOcean gives large plans no more; a budget that is too small is safe. */
const mostConnections = 1000;

/**
 * How many connections PostgreSQL has for its users: 25 for each GiB of memory, less 3.
 *
 * @see https://docs.digitalocean.com/products/databases/postgresql/details/limits/
 */
export function postgresConnections({ memory }: DatabasePlan): number {
    return Math.min(memory * connectionsPerGibibyte, mostConnections) - reservedConnections;
}
