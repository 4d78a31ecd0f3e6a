// RabbitMQ in a plan: its pods, and what stands in their rabbitmq.conf.
import { numberOf } from "./kubernetes.ts";
import { examine, type PlanView, type Service, type Workload } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";
import { inputOf } from "./setting.ts";

/** By which nodes find each other, and talk. @see https://www.rabbitmq.com/docs/networking#ports */
export const rabbitClusterPorts: readonly number[] = [4369, 25672];

/** RabbitMQ as pods of the plan, and as an object of its operator. */
export function rabbits(
    view: PlanView,
): ReadonlyArray<{ readonly resource: PolicyResource; readonly path: string; readonly nodes: number }> {
    return [
        ...rabbitPods(view).map(({ resource, spec }) => ({
            resource,
            path: "spec.replicas",
            nodes: spec.replicas ?? 1,
        })),
        ...view.resources
            .filter(({ type }) => type.endsWith(":RabbitmqCluster"))
            .map((resource) => ({
                resource,
                path: "spec.replicas",
                nodes: numberOf(inputOf(resource, "spec.replicas")) ?? 1,
            })),
    ];
}

/** By the image, or by the program where a mirror calls it otherwise. */
export function rabbitPods(view: PlanView): readonly Workload[] {
    return view.workloads.filter(
        ({ kind, containers }) =>
            kind !== "Job" &&
            containers.some(
                ({ image = "", command = [], init }) =>
                    !init &&
                    (/(^|\/)rabbitmq([:@-]|$)/.test(image) ||
                        command.some((word) => /(^|\/)rabbitmq-server$/.test(word))),
            ),
    );
}

/**
 * A setting of rabbitmq.conf.
 *
 * @returns undefined while it is not known, an empty text when nothing sets it
 */
export function configured(view: PlanView, workload: Workload, name: string): string | undefined {
    const line = new RegExp(`^[ \\t]*${name}[ \\t]*=[ \\t]*(\\S+)`, "m");
    const files = workload.containers.flatMap((container) => [...view.filesOf(workload, container).values()]);
    const texts = files.map((file) => examine(file, (text) => line.exec(text)?.[1] ?? ""));
    const given = texts.find((text) => text !== undefined && text !== "");
    return given ?? (texts.includes(undefined) ? undefined : "");
}

/** @returns seconds; undefined where the plan does not show the server, or nothing sets it */
export function consumerTimeoutOf(view: PlanView, service: Service | undefined): number | undefined {
    const rabbit = rabbitPods(view).find((workload) => service?.workloads.includes(workload));
    const milliseconds = rabbit && numberOf(configured(view, rabbit, "consumer_timeout"));
    return milliseconds === undefined ? undefined : milliseconds / 1000;
}
