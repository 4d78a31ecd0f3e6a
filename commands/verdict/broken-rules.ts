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
    // By rule and resource, whatever came first in the run that planned them.
    const place = ({ rule, urn, path, found }: Violation): string => [rule, urn, path, found].join("\n");
    const inTurn = (all: readonly Violation[]): Violation[] =>
        all.toSorted((one, other) => place(one).localeCompare(place(other), "en", { numeric: true }));
    const broken = inTurn(after.filter((one) => !old.has(key(one))));
    return {
        broken: broken.map(told).toSorted((a, b) => Number(b.mandatory) - Number(a.mandatory)),
        mended: inTurn(before.filter((one) => !next.has(key(one)))).map(told),
        still: after.length - broken.length,
    };
}

function told({ rule, level, name, path, found, allowed, fix }: Violation): RuleChange {
    return { rule, mandatory: level === "mandatory", name, path, found, allowed: allowed ?? "", fix };
}
