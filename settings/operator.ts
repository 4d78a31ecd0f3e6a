// What only the operator sets: what a size is, and how much an app's owner may ask for (U6).
import { z } from "zod";
import { byteQuantity, cpuQuantity } from "./fields.ts";

const size = z.strictObject({
    cpu: cpuQuantity
        .meta({ alsoCalled: ["cpus", "cores", "processors"] })
        .describe("Reserved; there is no CPU limit, because throttling makes a web pod slow while processors idle."),
    memory: byteQuantity
        .meta({ alsoCalled: ["mem", "ram"] })
        .describe("Reserved and the limit at once: a pod that gets more than it reserved is the first to be killed."),
});

export type Size = z.output<typeof size>;

const standardSizes: Record<string, Size> = {
    small: { cpu: "50m", memory: "256Mi" },
    medium: { cpu: "250m", memory: "512Mi" },
    large: { cpu: "1", memory: "2Gi" },
};

/** @returns undefined for a name that nobody defined: that has its own message (contradictions/operator.ts) */
export function definedSize(sizes: Readonly<Record<string, Size>>, name: string): Size | undefined {
    return Object.hasOwn(sizes, name) ? sizes[name] : undefined;
}

export const operatorSchema = z.strictObject({
    sizes: z
        .record(z.string(), size)
        .default({})
        .transform((own): Record<string, Size> => ({ ...standardSizes, ...own }))
        .describe("Sizes by name, beside small, medium and large; the same name redefines one of these."),
    limits: z
        .strictObject({
            replicas: z
                .int()
                .min(1)
                .default(20)
                .describe("The most pods of web, of a worker, and of the cache's replicas or servers."),
            concurrency: z.int().min(1).default(16).describe("The most Celery processes in one worker pod."),
            storage: byteQuantity.default("100Gi").describe("The largest volume in the cluster."),
        })
        .prefault({})
        .describe("What the owner of an app may ask for."),
    quota: z
        .strictObject({
            cpu: cpuQuantity.default("4").describe("Of all pods."),
            memory: byteQuantity.default("8Gi").describe("Of all pods."),
            storage: byteQuantity.default("20Gi").describe("Of all volumes."),
            pods: z.int().min(1).default(40).describe("At a time."),
        })
        .prefault({})
        .describe("All that an ephemeral environment may reserve (R70)."),
});

export type OperatorSettings = z.output<typeof operatorSchema>;
