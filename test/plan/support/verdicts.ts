// Verdicts of two plans, on the way that the command takes: each plan is printed as JSON and read back.
import { connectionBudgets } from "../../../commands/plan/table/connections.ts";
import { marking } from "../../../commands/plan/fingerprints.ts";
import { topologyOf } from "../../../commands/plan/topology.ts";
import { isPlan, readPlan, type PlanDocument } from "../../../commands/verdict/plan-document.ts";
import { comparePlans } from "../../../commands/verdict/planned-changes.ts";
import { verdictOf, type Verdict, type VerdictInput } from "../../../commands/verdict/verdict.ts";
import { checkPlan } from "../../../policy/index.ts";
import type { Plan } from "../../../commands/plan/plan.ts";

export function documentOf(plan: Plan): PlanDocument {
    return read(printed(plan));
}

/** As `make plan JSON=1` prints it for a verdict. */
export function printed(plan: Plan): string {
    const { cost } = topologyOf(plan);
    const mark = marking("of this comparison") as Parameters<typeof JSON.stringify>[1];
    return JSON.stringify({ ...plan, violations: checkPlan(plan), connections: connectionBudgets(plan), cost }, mark);
}

export function read(text: string): PlanDocument {
    const document = readPlan(text, "the plan");
    if (!isPlan(document)) {
        throw new Error("no plan");
    }
    return document;
}

export async function verdictBetween(
    base: PlanDocument,
    head: PlanDocument,
    more: Partial<VerdictInput> = {},
): Promise<Verdict> {
    const compared = await comparePlans(base.plan, head.plan);
    return verdictOf({ stack: head.plan.stack, base, head, compared, from: "plans", ...more });
}
