// A rule may find what is wrong in several ways, and let pass several things that are right. Each is a plan with one thing changed.
import { expect, it } from "vitest";
import type { Plan } from "../../../commands/plan/plan.ts";
import { checkPlan } from "../../../policy/index.ts";

export interface Branch {
    readonly what: string;
    readonly plan: () => Plan;
    /** Rules and paths that it breaks, for example `R7 spec.strategy`; a path may end early. */
    readonly breaks: readonly string[];
}

/** Tests that each plan breaks exactly these rules, at these paths. */
export function testBranches(branches: readonly Branch[]): void {
    it.each(branches)("$what: $breaks", ({ plan, breaks }) => {
        const found = [...new Set(checkPlan(plan()).map(({ rule, path }) => `${rule} ${path}`))];
        const expected = breaks.map(
            (one) => found.find((line) => line.startsWith(one)) ?? `${one}, which is not found`,
        );
        expect(found.toSorted()).toEqual([...new Set(expected)].toSorted());
    });
}
