// The rules as a policy pack: `pulumi preview --policy-pack policy`. See docs/policy.md.
import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { rules, type Rule, type Violation } from "./index.ts";
import { policyName } from "./policy-name.ts";
import { Preview } from "./preview.ts";

const preview = new Preview();

/**
 * Judges nothing: it remembers inputs for the rules below. It calls itself a remediation, because only to those the SDK says
 * which inputs are secret; it returns nothing, so nothing is changed.
 */
const inputs: ResourceValidationPolicy = {
    name: "inputs",
    description: "Reads what the program asks for; changes and refuses nothing.",
    enforcementLevel: "remediate",
    remediateResource: ({ urn, type, props }) => preview.remember(urn, type, props, true),
    // Where its level is set to another one, the inputs come this way.
    validateResource: ({ urn, type, props }) => preview.remember(urn, type, props, false),
};

function policyOf(rule: Rule): StackValidationPolicy {
    return {
        name: policyName(rule),
        description: `${rule.id}: ${rule.title}`,
        enforcementLevel: rule.level,
        validateStack: ({ resources }, report) => {
            // What a mandatory rule only advises, is reported below: a policy has one level.
            for (const violation of rule.check(preview.planOf(resources)).filter(({ level }) => level === rule.level)) {
                report(shown(violation), violation.urn);
            }
        },
    };
}

const advice: StackValidationPolicy = {
    name: "advice",
    description: "What rules that are mandatory in production advise elsewhere",
    enforcementLevel: "advisory",
    validateStack: ({ resources }, report) => {
        for (const rule of rules.filter(({ level }) => level === "mandatory")) {
            for (const violation of rule.check(preview.planOf(resources)).filter(({ level }) => level === "advisory")) {
                report(`${rule.id}: ${rule.title}\n${shown(violation)}`, violation.urn);
            }
        }
    },
};

function shown({ name, path, found, allowed, fix }: Violation): string {
    const lines = { where: path === "" ? name : `${name}: ${path}`, found, allowed, fix };
    return Object.entries(lines)
        .map(([label, text]) => `  ${label.padEnd(8)} ${text}`)
        .join("\n");
}

new PolicyPack("django-on-kubernetes", { policies: [inputs, ...rules.map(policyOf), advice] });
