import type { Rule } from "./rule.ts";

/** The name under which a rule's level is set in a policy pack: its id and what it says, for example `r53-eks-writes-audit-logs`. */
export function policyName({ id, title }: Pick<Rule, "id" | "title">): string {
    const words =
        title
            .toLowerCase()
            .replaceAll("'", "")
            .match(/[a-z0-9]+/g) ?? [];
    return [id.toLowerCase(), ...words].join("-");
}
