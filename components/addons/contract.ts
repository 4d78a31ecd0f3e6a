// What is installed on a cluster so that environments can be put on it: controllers, each from its own chart.
import type { Resource } from "@pulumi/pulumi";
import type { DataPolicy } from "../contract.ts";

export interface AddonArgs {
    /** The platform's name among all of an account. */
    readonly instance: string;
    /** `protected` (production): two pods of each controller. Others: one. */
    readonly data: DataPolicy;
    /** The chart's own values, over ours: objects merged, lists replaced. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

export interface Addon {
    /** What needs the add-on depends on it, so that it is made later and deleted earlier (R72). */
    readonly ready: Resource;
}
