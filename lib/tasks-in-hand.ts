// How long a task may wait with a worker that has taken it, and run.

/** A process takes this many tasks at a time, and the last waits for the others (Celery's worker_prefetch_multiplier, 4). */
const tasksInHand = 5;

/**
 * @param longestTask seconds
 * @returns seconds from when a worker takes a task until it is done
 */
export function timeInHand(longestTask: number): number {
    return tasksInHand * longestTask;
}
