// Node pools of one's own on EKS Auto Mode, beside or instead of those that it brings.
import { z } from "zod";
import { shortName, text } from "../../fields.ts";

/** Labels that are Kubernetes', Karpenter's and EKS's own: NodePools with them are refused. */
const ownedLabel = /^([a-z0-9.-]+\.)?(kubernetes\.io|k8s\.io|karpenter\.sh|eks\.amazonaws\.com)\//;

const labels = z
    .record(z.string(), z.string())
    .refine((all) => Object.keys(all).every((key) => !ownedLabel.test(key)), {
        error: "labels of your own, none below kubernetes.io, k8s.io, karpenter.sh or eks.amazonaws.com",
    })
    .default({})
    .describe("Of each node.");

const taint = z.strictObject({
    key: z.string().min(1).describe("Of the taint."),
    value: z.string().default("").describe("Of the taint."),
    effect: z
        .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
        .describe("What becomes of pods that do not tolerate it."),
});

/** @see https://github.com/kubernetes-sigs/karpenter/blob/main/pkg/apis/v1/nodepool.go Budget */
const quietTime = z.strictObject({
    schedule: text(
        "when it begins, as cron has it with five fields, in UTC, for example 0 6 * * mon-fri",
        /^\S+( \S+){4}$/,
    ).meta({ example: "0 6 * * mon-fri", description: "When it begins, as cron has it, in UTC." }),
    hours: z.int().min(1).max(168).meta({ unit: "hours", description: "So long it lasts." }),
});

export const autoModePool = z.strictObject({
    architecture: z
        .enum(["amd64", "arm64"])
        .default("amd64")
        .describe("Of the processors; images have to be made for it."),
    spot: z
        .boolean()
        .default(false)
        .describe("Spare capacity where there is any, taken back with two minutes' notice; else the usual one."),
    instanceTypes: z
        .array(text("an instance type, for example m7i.large", /^[a-z0-9-]+\.[a-z0-9-]+$/))
        .min(1, { error: "at least one instance type" })
        .optional()
        .meta({
            alsoCalled: ["instanceType", "machineType", "size"],
            description: "The only types.",
            defaultsTo: "whatever is cheapest for the pods that wait, of the families c, m and r from generation 5 on",
        }),
    maxProcessors: z
        .int()
        .min(2)
        .max(10_000)
        .default(64)
        .meta({
            alsoCalled: ["limits", "max", "cpu"],
            description: "The most processors of all its nodes together: what it may cost.",
        }),
    weight: z
        .int()
        .min(1)
        .max(100)
        .default(10)
        .describe(
            "Of several pools that take a pod, the one with the greatest makes the node; those that Auto Mode brings have none.",
        ),
    atATime: text("a number of nodes or a percentage, for example 1 or 10%", /^(100|[1-9]?[0-9])%$|^[0-9]{1,4}$/)
        .default("10%")
        .describe(
            "How many of its nodes may be emptied at a time because they are not needed, or are not as they should be.",
        ),
    quiet: z
        .array(quietTime)
        .max(20)
        .default([])
        .describe(
            "Times without that: then only empty nodes go, those that are two weeks old, and what AWS takes back.",
        ),
    labels,
    taints: z.array(taint).default([]).describe("Of each node. Pods of environments tolerate none."),
});

export type AutoModePoolSettings = z.output<typeof autoModePool>;

export const autoModePools = z
    .record(shortName, autoModePool)
    .refine((pools) => !("general-purpose" in pools || "system" in pools), {
        error: "other names than general-purpose and system, which are Auto Mode's own",
    });

/** Whether ordinary pods are put on its nodes. */
export function takesPods({ taints }: Pick<AutoModePoolSettings, "taints">): boolean {
    return taints.every(({ effect }) => effect === "PreferNoSchedule");
}
