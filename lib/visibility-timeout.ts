// How long a queue waits for a task to be acknowledged before it hands the task out again: Redis as Celery's broker, and Django Q2.
import { timeInHand } from "./tasks-in-hand.ts";

/** Seconds: Celery's own. @see https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html */
export const defaultVisibilityTimeout = 3600;

/**
 * Never less than Celery's, because tasks with a countdown wait in hand too.
 *
 * @param longestTask seconds
 */
export function visibilityTimeoutFor(longestTask: number): number {
    return Math.max(defaultVisibilityTimeout, timeInHand(longestTask));
}

/** What reading a task and writing its result takes besides. */
const margin = 60;

/**
 * Django Q2's `retry`, from the moment at which a cluster takes a task in hand. It takes as many more as it has processes squared
 * (`queue_limit`), so that each process has that many before it, and holds one besides.
 *
 * @param longestTask seconds
 * @see https://django-q2.readthedocs.io/en/master/configure.html retry, queue_limit
 */
export function retryFor(longestTask: number, processes: number): number {
    return (processes + 2) * longestTask + margin;
}
