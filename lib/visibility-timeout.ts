// How long Redis, as Celery's broker, waits for a task to be acknowledged before it hands the task out again.
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
