// What only the operator sets: what a size is, and how much an app's owner may ask for (U6).
import { z } from "zod";
import { byteQuantity, cpuQuantity } from "./fields.ts";

const size = z.strictObject({
    /** Reserved; there is no CPU limit, because throttling makes a web pod slow while processors idle. */
    cpu: cpuQuantity,
    /** Reserved and the limit at once: a pod that gets more than it reserved is the first to be killed. */
    memory: byteQuantity,
});

export type Size = z.output<typeof size>;

const standardSizes: Record<string, Size> = {
    small: { cpu: "50m", memory: "256Mi" },
    medium: { cpu: "250m", memory: "512Mi" },
    large: { cpu: "1", memory: "2Gi" },
};

export const operatorSchema = z.strictObject({
    /** Sizes by name, beside small, medium and large; the same name redefines one of these. */
    sizes: z
        .record(z.string(), size)
        .default({})
        .transform((own): Record<string, Size> => ({ ...standardSizes, ...own })),
    limits: z
        .strictObject({
            /** The most pods of one process. @default 20 */
            replicas: z.int().min(1).default(20),
            /** The most Celery processes in one worker pod. @default 16 */
            concurrency: z.int().min(1).default(16),
            /** The largest volume. @default "100Gi" */
            storage: byteQuantity.default("100Gi"),
        })
        .prefault({}),
    /** All that an ephemeral environment's pods may reserve together (R70). */
    quota: z
        .strictObject({
            /** @default "4" */
            cpu: cpuQuantity.default("4"),
            /** @default "8Gi" */
            memory: byteQuantity.default("8Gi"),
            /** Of all volumes. @default "20Gi" */
            storage: byteQuantity.default("20Gi"),
            /** @default 40 */
            pods: z.int().min(1).default(40),
        })
        .prefault({}),
});

export type OperatorSettings = z.output<typeof operatorSchema>;
