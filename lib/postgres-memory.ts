// How many connections the memory of a PostgreSQL server has room for: one that runs in the cluster, and one on RDS.

/** Of its memory, a server in the cluster gives this part to `shared_buffers` (components/database/in-cluster.ts). */
export const sharedBuffers = 0.25;

/**
 * MiB that a connection costs before it sorts or joins anything: a little less than two.
 *
 * @see https://blog.anarazel.de/2020/10/07/measuring-the-memory-overhead-of-a-postgres-connection/
 */
export const idleConnection = 1.9;

/** MiB without which a server in the cluster does not start, or not with anything in it. */
export const leastInCluster = 64;

/** AWS's own measure, in bytes: max_connections is LEAST(DBInstanceClassMemory / 9531392, 5000) unless it is set. */
const rdsBackend = 9_531_392;
const rdsLargest = 5000;

/** @param memory bytes that the container may use; beyond this many connections idle ones alone fill it */
export function mostInCluster(memory: number): number {
    return Math.floor((memory * (1 - sharedBuffers)) / (idleConnection * 2 ** 20));
}

/** @returns bytes that a container needs at least for so many connections */
export function memoryInCluster(connections: number): number {
    return Math.ceil((connections * idleConnection * 2 ** 20) / (1 - sharedBuffers));
}

/** @param memory bytes of the instance class: what AWS gives a server of it, and the most that is of use */
export function mostOnRds(memory: number): number {
    return Math.min(Math.floor(memory / rdsBackend), rdsLargest);
}
