// When rights are given. A cloud says yes at once, and knows it everywhere minutes later: what is given just before it is used fails
// the first time; given while something else takes minutes, it costs nothing.
import { tokensWith, type Token } from "../lib/catalogue/index.ts";
import { isComponent, type PlanView } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";
import { rule, type Rule } from "./rule.ts";
import { TeardownGraph } from "./teardown.ts";

/** What takes minutes to make. */
const slow: readonly Token[] = [
    ...tokensWith(({ role }) => role === "cluster" || role === "database" || role === "cache" || role === "cdn"),
    ...tokensWith(({ teardown }) => teardown === "nodes" || teardown === "way out" || teardown === "cluster add-on"),
    "gcp:servicenetworking/connection:Connection",
];

/** Who somebody is to a cloud, and what such a one may do. */
const rights = tokensWith(({ right = false }) => right);

export const rightsRules: readonly Rule[] = [
    rule("R83", "a right is given before what takes minutes, not just before its use", function* (view) {
        // What is deleted sooner was made later, by itself or with the component that it belongs to.
        const graph = new TeardownGraph(view);
        const waitedFor = slow.flatMap((type) => view.ofType(type));
        const uses = usesIn(view);
        for (const right of rights.flatMap((type) => view.ofType(type))) {
            const before = waitedFor.filter((one) => graph.isDeletedBefore(right, one));
            const first = uses.find(
                (use) =>
                    graph.isDeletedBefore(use, right) &&
                    !waitedFor.some((one) => !before.includes(one) && graph.isDeletedBefore(use, one)),
            );
            if (before.length > 0 && first !== undefined) {
                yield {
                    resource: right,
                    path: "dependencies",
                    found: `${first.name} uses it as soon as it is given, after ${before.map(({ name }) => name).join(", ")}`,
                    allowed: "given before something that takes minutes and that its users wait for",
                    fix: `let it not wait for ${before.length === 1 ? before[0]!.name : "all of them"}: a right is known everywhere minutes after it was given`,
                };
            }
        }
    }),
];

/** Clusters, which come to their key and their nodes' account by it, and whatever runs as somebody. */
function usesIn(view: PlanView): readonly PolicyResource[] {
    return [
        ...tokensWith(({ role }) => role === "cluster" || role === "nodes").flatMap((type) => view.ofType(type)),
        ...view.ofType("kubernetes:helm.sh/v3:Release"),
        ...view.workloads.map(({ resource }) => resource),
    ].filter((resource) => !isComponent(resource));
}
