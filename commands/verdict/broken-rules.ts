// Which rules the head breaks that the base kept, and which it mends.
import type { Violation } from "../../policy/rule.ts";

export interface RuleChange {
    readonly rule: string;
    readonly mandatory: boolean;
    readonly name: string;
    readonly path: string;
    readonly found: string;
    readonly allowed: string;
    readonly fix: string;
}

export interface RuleChanges {
    readonly broken: readonly RuleChange[];
    readonly mended: readonly RuleChange[];
    /** How many the head breaks that the base broke too. */
    readonly still: number;
}

export function ruleChanges(before: readonly Violation[], after: readonly Violation[]): RuleChanges {
    const key = ({ rule, urn, path }: Violation): string => JSON.stringify([rule, urn, path]);
    const [old, next] = [new Set(before.map(key)), new Set(after.map(key))];
    const broken = after.filter((one) => !old.has(key(one)));
    return {
        broken: broken.map(told).toSorted((a, b) => Number(b.mandatory) - Number(a.mandatory)),
        mended: before.filter((one) => !next.has(key(one))).map(told),
        still: after.length - broken.length,
    };
}

function told({ rule, level, name, path, found, allowed, fix }: Violation): RuleChange {
    return { rule, mandatory: level === "mandatory", name, path, found, allowed: allowed ?? "", fix };
}
