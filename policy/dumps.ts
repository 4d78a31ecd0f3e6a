// Dumps: what is left of a database when its server and its cloud are gone.
import { textOf } from "./kubernetes.ts";
import { componentLabel, metadataOf, type PlanView } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";
import { rule, type Rule } from "./rule.ts";

export const dumpRules: readonly Rule[] = [
    rule("R132", "dumps are taken one at a time, and the last good ones stay", function* (view) {
        for (const { resource, keepAtLeast } of dumpsOf(view)) {
            const { concurrencyPolicy } = (resource.props["spec"] ?? {}) as { readonly concurrencyPolicy?: unknown };
            if (concurrencyPolicy !== "Forbid") {
                yield {
                    resource,
                    path: "spec.concurrencyPolicy",
                    found: concurrencyPolicy,
                    allowed: "Forbid",
                    fix: "set it: a dump that takes longer than a day would be joined by the next, and the server slowed twice",
                };
            }
            if (!(Number(keepAtLeast) >= 1)) {
                yield {
                    resource,
                    path: "spec.jobTemplate.spec.template.spec.containers",
                    found: `KEEP_AT_LEAST ${keepAtLeast ?? "not set"}`,
                    allowed: "1 or more",
                    fix: "set it: where dumps fail for as long as they are kept, the last good one would be removed",
                };
            }
        }
    }),
];

interface Dumps {
    readonly resource: PolicyResource;
    readonly keepAtLeast: string | undefined;
}

function dumpsOf(view: PlanView): Dumps[] {
    return view.workloads
        .filter(
            ({ kind, resource }) =>
                kind === "CronJob" && textOf(metadataOf(resource).labels?.[componentLabel]) === "database-dump",
        )
        .map(({ resource, containers }) => ({
            resource,
            keepAtLeast: containers
                .flatMap(({ env = [] }) => env)
                .filter(({ name }) => name === "KEEP_AT_LEAST")
                .map(({ value }) => textOf(value))[0],
        }));
}
