import type { CustomResourceOptions } from "@pulumi/pulumi";

/**
 * An object whose status says that its Secret is there says so also of the one before: a change of it could be read too early. So
 * it is deleted, its Secret with it, and made again. No pod misses that Secret: what pods use is a copy (configuration.ts).
 */
export const madeAnew: Pick<CustomResourceOptions, "replaceOnChanges" | "deleteBeforeReplace" | "customTimeouts"> = {
    replaceOnChanges: ["spec"],
    deleteBeforeReplace: true,
    // What it waits for takes seconds; a controller that is not there or cannot read it never answers.
    customTimeouts: { create: "2m" },
};
