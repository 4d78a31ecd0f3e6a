// A stack cannot be on its own platform: it would wait for its own outputs.
import * as pulumi from "@pulumi/pulumi";
import { removeCommand, type Problem } from "./problems.ts";

/** @param platform the section as it is given */
export function ownPlatform(platform: unknown): Problem[] {
    const { variant, stack } = (platform ?? {}) as { readonly variant?: unknown; readonly stack?: unknown };
    const own = pulumi.getStack();
    if (variant !== "stack" || typeof stack !== "string" || stack.split("/").at(-1) !== own) {
        return [];
    }
    const isOwn = stack === own || stack === `${pulumi.getOrganization()}/${pulumi.getProject()}/${own}`;
    return isOwn ? [platformCycle([own, own])] : [];
}

/** @param stacks in their order, the last being one that came before */
export function platformCycle(stacks: readonly string[]): Problem {
    const [own = "", ...others] = stacks;
    const found =
        others.length === 1
            ? `${JSON.stringify(own)}, which is this stack itself`
            : `${JSON.stringify(others[0])}, in a circle: ${stacks.join(" is on ")}`;
    return {
        path: "platform.stack",
        found,
        allowed: "a stack with a platform of its own, or one of those behind it has one",
        fix: `name another stack, or give this one a platform: ${removeCommand("platform.stack")}, and choose platform.variant`,
    };
}
