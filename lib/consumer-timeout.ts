// How long RabbitMQ waits for a task to be acknowledged before it closes the worker's channel and hands the task out again.
import { timeInHand } from "./tasks-in-hand.ts";

/** Seconds: RabbitMQ's own. @see https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout */
export const defaultConsumerTimeout = 1800;

/**
 * Tasks with a countdown do not count: in quorum queues they wait in the broker, not with a worker.
 *
 * @param longestTask seconds
 */
export function consumerTimeoutFor(longestTask: number): number {
    return Math.max(defaultConsumerTimeout, timeInHand(longestTask));
}
