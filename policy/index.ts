// Every rule that a plan can show, in the order of their numbers, and the judge.
import { accessRules } from "./access.ts";
import { availabilityRules } from "./availability.ts";
import { celeryRules } from "./celery.ts";
import { networkRules } from "./network.ts";
import { podSecurityRules } from "./pod-security.ts";
import { podRules } from "./pods.ts";
import { releaseRules } from "./release.ts";
import type { PolicyPlan } from "./resource.ts";
import type { Rule, Violation } from "./rule.ts";
import { secretRules } from "./secrets.ts";
import { stateRules } from "./state.ts";
import { storeRules } from "./stores.ts";
import { webRules } from "./web.ts";

export type { PolicyPlan, PolicyResource } from "./resource.ts";
export type { Level, Rule, Violation } from "./rule.ts";

const number = ({ id }: Rule): number => Number(id.slice(1));

export const rules: readonly Rule[] = [
    ...webRules,
    ...availabilityRules,
    ...celeryRules,
    ...releaseRules,
    ...storeRules,
    ...podSecurityRules,
    ...podRules,
    ...accessRules,
    ...networkRules,
    ...secretRules,
    ...stateRules,
].toSorted((a, b) => number(a) - number(b));

/** @returns what breaks a rule, mandatory ones first */
export function checkPlan(plan: PolicyPlan): Violation[] {
    const violations = rules.flatMap((rule) => rule.check(plan));
    return violations.toSorted((a, b) => Number(a.level === "advisory") - Number(b.level === "advisory"));
}
