// What a rule is, and what it says when it is broken.
import { masked } from "../lib/secret-text.ts";
import { viewOf, type PlanView } from "./plan-view.ts";
import type { PolicyPlan, PolicyResource } from "./resource.ts";

/** `mandatory` stops a deployment; `advisory` is shown and lets it pass. */
export type Level = "mandatory" | "advisory";

export interface Violation {
    /** The rule's id, for example "R12". */
    readonly rule: string;
    readonly level: Level;
    readonly urn: string;
    readonly name: string;
    /** The way to the property, for example `spec.template.spec.containers[0].livenessProbe`. */
    readonly path: string;
    readonly found: string;
    readonly allowed: string;
    readonly fix: string;
}

export interface Rule {
    readonly id: string;
    readonly title: string;
    readonly level: Level;
    check(plan: PolicyPlan): Violation[];
}

/** A violation before it knows its rule. */
export interface Finding {
    readonly resource: PolicyResource;
    readonly path: string;
    readonly found: unknown;
    readonly allowed: string;
    readonly fix: string;
    /** Only advice, whatever the rule's level is. @default false */
    readonly advice?: boolean;
}

/** @param find yields what breaks the rule; nothing when it holds or does not apply */
export function rule(
    id: string,
    title: string,
    find: (plan: PlanView) => Iterable<Finding>,
    level: Level = "mandatory",
): Rule {
    return {
        id,
        title,
        level,
        check: (plan) =>
            [...find(viewOf(plan))].map(({ resource, path, found, allowed, fix, advice = false }) => ({
                rule: id,
                level: advice ? "advisory" : level,
                urn: resource.urn,
                name: resource.name,
                path,
                found: shown(found),
                allowed,
                fix,
            })),
    };
}

/** In words: a text is taken as it is, anything else as JSON; nothing that looks like a credential is shown. */
function shown(found: unknown): string {
    const text = masked(found === undefined ? "nothing" : typeof found === "string" ? found : JSON.stringify(found));
    return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
