// Cloud Armor before the apps: who may come, what looks like an attack, and a limit for each address.
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { SecurityPolicy, type SecurityPolicyArgs } from "@pulumi/gcp/compute/securityPolicy.js";
import type { types } from "@pulumi/gcp";
import type { EdgeFirewall, EdgeGuards } from "../contract.ts";

type Rule = types.input.compute.SecurityPolicyRule;

/**
 * Those of the OWASP Core Rule Set that mean a Django project. Not method enforcement, whose first signature refuses PUT, PATCH and DELETE.
 *
 * @see https://docs.cloud.google.com/armor/docs/waf-rules
 */
const attacks = ["sqli", "xss", "lfi", "rfi", "rce", "scannerdetection", "protocolattack", "sessionfixation"] as const;

/** The highest confidence alone: more of them also match what people write. */
const sensitivity = 1;

/** Of one rule. */
const rangesOfRule = 10;

const lastPriority = 2_147_483_647;

/** Seconds over which requests are counted. */
const window = 60;

/** @returns undefined where there is nothing to say */
export function createSecurityPolicy(
    name: string,
    { sourceRanges, firewall }: Pick<EdgeGuards, "sourceRanges" | "firewall">,
    instance: string,
    opts: CustomResourceOptions,
): SecurityPolicy | undefined {
    if (sourceRanges === undefined && firewall === undefined) {
        return undefined;
    }
    const args: SecurityPolicyArgs = {
        type: "CLOUD_ARMOR",
        description: `Before the apps of ${instance}`,
        rules: rulesOf(sourceRanges, firewall),
    };
    return new SecurityPolicy(`${name}-armor`, args, opts);
}

/** The first that matches decides, and one that lets in decides too: attacks come first, then who may come, then all others. */
function rulesOf(sourceRanges: readonly string[] | undefined, firewall: EdgeFirewall | undefined): Rule[] {
    const refused = firewall === undefined ? [] : attacks.map((name, index) => attack(name, index, firewall));
    const everybody = ["*"];
    const admitted = parts(sourceRanges ?? (firewall === undefined ? [] : everybody)).map((ranges, index) =>
        admitting(ranges, 2000 + index, firewall),
    );
    return [
        ...refused,
        ...admitted,
        {
            priority: lastPriority,
            description: "All others",
            action: sourceRanges === undefined ? "allow" : "deny(403)",
            match: from(everybody),
        },
    ];
}

function attack(name: string, index: number, { rules }: EdgeFirewall): Rule {
    const expression = `evaluatePreconfiguredWaf('${name}-v33-stable', {'sensitivity': ${sensitivity}})`;
    return {
        priority: 1000 + index,
        description: `OWASP Core Rule Set, ${name}`,
        action: "deny(403)",
        match: { expr: { expression } },
        ...(rules === "count" && { preview: true }),
    };
}

function admitting(ranges: readonly string[], priority: number, firewall: EdgeFirewall | undefined): Rule {
    const common = { priority, description: "Who may come", match: from(ranges) };
    return firewall === undefined
        ? { ...common, action: "allow" }
        : {
              ...common,
              action: "throttle",
              rateLimitOptions: {
                  conformAction: "allow",
                  exceedAction: "deny(429)",
                  enforceOnKey: "IP",
                  rateLimitThreshold: { count: firewall.requestsPerMinute, intervalSec: window },
              },
          };
}

function from(ranges: readonly string[]): Rule["match"] {
    return { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: [...ranges] } };
}

function parts(ranges: readonly string[]): ReadonlyArray<readonly string[]> {
    return Array.from({ length: Math.ceil(ranges.length / rangesOfRule) }, (_, index) =>
        ranges.slice(index * rangesOfRule, (index + 1) * rangesOfRule),
    );
}
