// Every rule that a plan can show, in the order of their numbers, and the judge.
import { accessRules } from "./access.ts";
import { availabilityRules } from "./availability.ts";
import { backupRules } from "./backups.ts";
import { bucketRules } from "./buckets.ts";
import { celeryRules } from "./celery.ts";
import { ciRules } from "./ci.ts";
import { clusterRules } from "./cluster.ts";
import { drillRules } from "./drills.ts";
import { seedRules } from "./seeds.ts";
import { dumpRules } from "./dumps.ts";
import { doorkeeperRules } from "./doorkeeper.ts";
import { edgeRules } from "./edges.ts";
import { externalRules } from "./external.ts";
import { growthRules } from "./growth.ts";
import { httpsRules } from "./https.ts";
import { keptBlockRules } from "./kept-blocks.ts";
import { kindRules } from "./kinds.ts";
import { managedStoreRules } from "./managed-stores.ts";
import { nameRules } from "./names.ts";
import { networkRules } from "./network.ts";
import { nodePoolRules } from "./node-pools.ts";
import { operationRules } from "./operations.ts";
import { orderRules } from "./order.ts";
import { podSecurityRules } from "./pod-security.ts";
import { podRules } from "./pods.ts";
import { processRules } from "./processes.ts";
import { registryRules } from "./registries.ts";
import { releaseRules } from "./release.ts";
import type { PolicyPlan } from "./resource.ts";
import type { Level, Rule, Violation } from "./rule.ts";
import { rightsRules } from "./rights.ts";
import { reviewRules } from "./reviews.ts";
import { roleRules } from "./roles.ts";
import { secretRules } from "./secrets.ts";
import { stateRules } from "./state.ts";
import { staticFileRules } from "./static-files.ts";
import { storeRules } from "./stores.ts";
import { timeOutRules } from "./time-outs.ts";
import { unknownTypeRules } from "./unknown-types.ts";
import { volumeRules } from "./volumes.ts";
import { upkeepRules } from "./upkeep.ts";
import { uploadRules } from "./uploads.ts";
import { wayInRules } from "./ways-in.ts";
import { webRules } from "./web.ts";

export type { PolicyPlan, PolicyResource } from "./resource.ts";
export type { Level, Rule, Violation } from "./rule.ts";

const number = ({ id }: Rule): number => Number(id.slice(1));

export const rules: readonly Rule[] = [
    ...webRules,
    ...availabilityRules,
    ...celeryRules,
    ...processRules,
    ...releaseRules,
    ...storeRules,
    ...podSecurityRules,
    ...podRules,
    ...accessRules,
    ...networkRules,
    ...secretRules,
    ...clusterRules,
    ...nodePoolRules,
    ...managedStoreRules,
    ...upkeepRules,
    ...bucketRules,
    ...backupRules,
    ...staticFileRules,
    ...ciRules,
    ...reviewRules,
    ...doorkeeperRules,
    ...stateRules,
    ...nameRules,
    ...orderRules,
    ...rightsRules,
    ...roleRules,
    ...kindRules,
    ...keptBlockRules,
    ...operationRules,
    ...httpsRules,
    ...externalRules,
    ...uploadRules,
    ...wayInRules,
    ...registryRules,
    ...timeOutRules,
    ...edgeRules,
    ...unknownTypeRules,
    ...volumeRules,
    ...drillRules,
    ...growthRules,
    ...dumpRules,
    ...seedRules,
].toSorted((a, b) => number(a) - number(b));

/** How seriously single rules are taken, by their ids. */
export type Levels = Readonly<Record<string, Level | "off">>;

/**
 * @param levels other levels than the rules' own; advice stays advice. @default none
 * @returns what breaks a rule, mandatory ones first
 */
export function checkPlan(plan: PolicyPlan, levels: Levels = {}): Violation[] {
    const violations = rules.flatMap((rule) => checkRule(rule, plan, levels[rule.id]));
    return violations.toSorted((a, b) => Number(a.level === "advisory") - Number(b.level === "advisory"));
}

function checkRule(rule: Rule, plan: PolicyPlan, level: Level | "off" = rule.level): Violation[] {
    if (level === "off") {
        return [];
    }
    return rule.check(plan).map((violation) => ({
        ...violation,
        level: violation.level === "advisory" && rule.level === "mandatory" ? "advisory" : level,
    }));
}
