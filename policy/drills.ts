// Backups that are tried: one that nobody has restored is a hope.
import { operationStoreLabel } from "../lib/data-operations.ts";
import { textOf } from "./kubernetes.ts";
import { componentLabel, metadataOf, type PlanView, type Workload } from "./plan-view.ts";
import { rule, type Rule } from "./rule.ts";

export const drillRules: readonly Rule[] = [
    rule(
        "R133",
        "in production, backups are restored now and then",
        function* (view) {
            if (view.environmentKind !== "production") {
                return;
            }
            const tried = new Set(view.workloads.filter((each) => does(each, "database-drill")).flatMap(storeOf));
            for (const workload of backedUp(view)) {
                const [store] = storeOf(workload);
                if (store !== undefined && !tried.has(store)) {
                    yield {
                        resource: workload.resource,
                        path: "",
                        found: `backups of ${store}, and no drill of them`,
                        allowed: "a drill: the last backup is restored into a pod that is thrown away, and looked at",
                        fix: "set backups.drill of that database: { every: 7, sql: [...] } (docs/drills.md)",
                    };
                }
            }
        },
        "advisory",
    ),
];

/** Of each store one: whose files are copied, or who dumps it each day. */
function backedUp(view: PlanView): readonly Workload[] {
    const files = view.workloads.filter(
        ({ kind, containers }) =>
            kind === "StatefulSet" && containers.some(({ name, init }) => init && name === "backups"),
    );
    const copied = new Set(files.flatMap(storeOf));
    const dumped = view.workloads.filter(
        (each) =>
            does(each, "database-dump") &&
            (each.spec as { readonly suspend?: unknown }).suspend !== true &&
            storeOf(each).some((store) => !copied.has(store)),
    );
    return [...files, ...dumped];
}

function does({ resource, kind }: Workload, component: string): boolean {
    return kind === "CronJob" && textOf(metadataOf(resource).labels?.[componentLabel]) === component;
}

/** By its label, or, of the server itself, by its name. */
function storeOf({ resource, kind, name }: Workload): string[] {
    const label = textOf(metadataOf(resource).labels?.[operationStoreLabel]);
    return label === undefined ? (kind === "StatefulSet" ? [name] : []) : [label];
}
