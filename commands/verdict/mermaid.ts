// The picture with what changes marked, in the language that forges draw in a comment: GitHub, GitLab and Gitea show a block of Mermaid
// and no SVG of one's own (docs/decisions/0165).
import { viewOf } from "../../policy/plan-view.ts";
import type { Plan } from "../plan/plan.ts";
import { topologyOf, type Topology } from "../plan/topology.ts";
import type { Change } from "./changes.ts";

type Mark = "new" | "changed" | "replaced" | "gone";

interface Box {
    readonly key: string;
    readonly label: string;
    readonly shape: "process" | "store" | "way in";
    readonly reaches: readonly string[];
}

/**
 * Beside the word, for not everybody sees a difference of colours. By names, and no `:::` above: `#` and `]:` are what a comment of
 * strangers is cleaned of.
 */
const styles: Readonly<Record<Mark, string>> = {
    new: "fill:honeydew,stroke:green,color:black",
    changed: "fill:lemonchiffon,stroke:darkgoldenrod,color:black",
    replaced: "fill:mistyrose,stroke:firebrick,color:black,stroke-width:3px",
    gone: "fill:mistyrose,stroke:firebrick,color:black,stroke-dasharray:5 3",
};

/** More are no picture. */
const mostBoxes = 40;

/** @returns undefined where there is nothing to mark */
export function pictureOf(before: Plan, after: Plan, changes: readonly Change[]): string | undefined {
    // Who reaches whom takes long to find out of hundreds, and nobody could see it.
    if ([before, after].some((plan) => viewOf(plan).workloads.length > 2 * mostBoxes)) {
        return undefined;
    }
    const [old, next] = [boxesOf(topologyOf(before)), boxesOf(topologyOf(after))];
    const all = new Map([...old, ...next].map((box) => [box.key, box]));
    const has = (boxes: readonly Box[], key: string): boolean => boxes.some((box) => box.key === key);
    const marks = new Map(
        [...all.keys()].flatMap((key): Array<[string, Mark]> => {
            const mark = !has(old, key) ? "new" : !has(next, key) ? "gone" : changedIn(key, changes);
            return mark === undefined ? [] : [[key, mark]];
        }),
    );
    if (marks.size === 0 || all.size > mostBoxes) {
        return undefined;
    }
    const ids = new Map([...all.keys()].map((key, index) => [key, `n${index}`]));
    const boxes = [...all.values()];
    return [
        "flowchart LR",
        ...boxes.map(({ key, label, shape }) => {
            const mark = marks.get(key);
            const text = `"${mark === undefined ? label : `${label}<br/>${mark}`}"`;
            const drawn = shape === "store" ? `[(${text})]` : shape === "way in" ? `([${text}])` : `[${text}]`;
            return `  ${ids.get(key)}${drawn}`;
        }),
        ...boxes.flatMap(({ key, reaches }) =>
            reaches.flatMap((other) =>
                ids.has(other) && other !== key ? [`  ${ids.get(key)} --> ${ids.get(other)}`] : [],
            ),
        ),
        ...[...Map.groupBy(marks, ([, mark]) => mark)].flatMap(([mark, marked]) => [
            `  class ${marked.map(([key]) => ids.get(key)).join(",")} ${mark}`,
            `  classDef ${mark} ${styles[mark]}`,
        ]),
    ].join("\n");
}

function boxesOf({ entry, nodes, stores, tasks }: Topology): Box[] {
    const wayIn: Box[] =
        entry === undefined
            ? []
            : [
                  {
                      key: entry.name,
                      label: clean(`${entry.name}: ${entry.kind}`),
                      shape: "way in",
                      reaches: entry.targets,
                  },
              ];
    const storesOf = new Set(["pooler", "database", "cache", "broker", "other"]);
    return [
        ...wayIn,
        ...nodes.map(({ name, role, reaches }): Box => ({
            key: name,
            label: clean(`${role}: ${name}`),
            shape: storesOf.has(role) ? "store" : "process",
            reaches,
        })),
        ...tasks
            .filter(({ role }) => role === "scheduled")
            .map(({ name }): Box => ({ key: name, label: clean(`scheduled: ${name}`), shape: "process", reaches: [] })),
        ...stores.map(({ name, part, role }): Box => ({
            key: name,
            label: clean(part === undefined ? `${role}: ${name}` : `${role}: ${part.product}`),
            shape: "store",
            reaches: [],
        })),
    ];
}

/** Letters that mean nothing in a label of Mermaid's, nor in a comment. */
function clean(text: string): string {
    return text.replace(/[^A-Za-z0-9 .,:_-]/g, "?").slice(0, 60);
}

/** By what stands for it: an object of the name, or what belongs to the component of the name. */
function changedIn(key: string, changes: readonly Change[]): Mark | undefined {
    const found = changes.filter(({ before, after, urn, type }) => {
        const { metadata } = ((after ?? before)?.props ?? {}) as { readonly metadata?: { readonly name?: unknown } };
        const isObject = metadata?.name === key && /:(Deployment|StatefulSet|CronJob|Gateway)$/.test(type);
        const component = urn.split("::").at(-1) ?? "";
        return (
            isObject ||
            (/:(DatabaseInstance|Instance|DatabaseCluster|ReplicationGroup)$/.test(type) && component.startsWith(key))
        );
    });
    return found.some(({ op }) => op === "replace" || op === "delete" || op === "create")
        ? "replaced"
        : found.length > 0
          ? "changed"
          : undefined;
}
