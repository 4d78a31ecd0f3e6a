// What changes from one plan to another: by URN and by what a resource was called before, and what follows from a replacement.
import type { Plan, PlannedResource } from "../plan/plan.ts";
import { heldBy, resourceType } from "../../lib/catalogue/index.ts";
import { changeOf, inOrder, stepOf, type Change, type Compared, type Field } from "./changes.ts";
import { differencesOf, type Difference } from "./differences.ts";
import { judgedDifferences, schemasOf, type Schemas } from "./replacements.ts";

/** One resource of both plans, with what is known of it so far. */
interface Pair {
    readonly before: PlannedResource;
    readonly after: PlannedResource;
    fields: Field[];
    /** Why it is replaced though none of its own inputs asks for it. */
    because?: string;
}

export async function comparePlans(base: Plan, head: Plan): Promise<Compared> {
    const schemas = await schemasOf(head.resources.map(({ type }) => type));
    const [old, next] = [inOrder(base.resources.filter(isMade)), inOrder(head.resources.filter(isMade))];
    const byUrn = new Map(old.map((resource) => [resource.urn, resource]));
    const pairs: Pair[] = [];
    const created: PlannedResource[] = [];
    const known = new Set<PlannedResource>();
    for (const after of next) {
        const before = [after.urn, ...after.formerUrns].map((urn) => byUrn.get(urn)).find((one) => one !== undefined);
        if (before === undefined || known.has(before)) {
            created.push(after);
        } else {
            known.add(before);
            const fields = judgedDifferences(schemas, before, after, differencesOf(before.props, after.props));
            pairs.push({ before, after, fields: [...fields] });
        }
    }
    const deleted = old.filter((resource) => !known.has(resource));
    followReplacements(schemas, pairs, deleted);
    const changed = pairs.filter(({ fields, because }) => fields.length > 0 || because !== undefined);
    const changes: Change[] = [
        ...deleted.map((before) => changeOf("delete", { before, fields: [] })),
        ...changed.map((pair) => {
            const { before, after, fields, because } = pair;
            return changeOf(isReplaced(pair) ? "replace" : "update", {
                before,
                after,
                fields,
                ...(because !== undefined && { because }),
            });
        }),
        ...created.map((after) => changeOf("create", { after, fields: [] })),
    ];
    return {
        before: { ...base, resources: inOrder(base.resources) },
        after: { ...head, resources: inOrder(head.resources) },
        changes,
        unchanged: pairs.length - changed.length,
        preview: { steps: changes.map(stepOf), errors: [] },
    };
}

/** A component is made of others, and a provider is nothing in the world. */
function isMade({ custom, type }: PlannedResource): boolean {
    return custom && !type.startsWith("pulumi:");
}

function isReplaced({ fields, because }: Pair): boolean {
    return because !== undefined || fields.some(({ replaces }) => replaces);
}

/** Until nothing more follows. */
function followReplacements(schemas: Schemas, pairs: readonly Pair[], deleted: readonly PlannedResource[]): void {
    const done = new Set<Pair>();
    for (const gone of deleted) {
        takeAlong(gone, "deleted", pairs);
    }
    for (
        let found = pairs.filter(isReplaced);
        found.length > 0;
        found = pairs.filter((one) => isReplaced(one) && !done.has(one))
    ) {
        for (const pair of found) {
            done.add(pair);
            takeAlong(pair.before, "replaced", pairs);
            renameInOthers(schemas, pair, pairs);
        }
    }
}

/** What goes with it: what is in a namespace or on a cluster, what is in a server, what says so itself. */
function takeAlong(gone: PlannedResource, how: string, pairs: readonly Pair[]): void {
    const { type, urn, name, props } = gone;
    const isCluster = resourceType(type, props)?.role === "cluster";
    const namespace =
        type === "kubernetes:core/v1:Namespace"
            ? (props["metadata"] as { readonly name?: unknown } | undefined)?.name
            : undefined;
    const held = heldBy(type, props);
    for (const pair of pairs) {
        const { before, after } = pair;
        if (isReplaced(pair) || before.urn === urn) {
            continue;
        }
        const inObject = (before.props["metadata"] as { readonly namespace?: unknown } | undefined)?.namespace;
        const because =
            isCluster && before.type.startsWith("kubernetes:")
                ? `its cluster ${name} is ${how}`
                : namespace !== undefined && inObject === namespace && before.type.startsWith("kubernetes:")
                  ? `its namespace ${name} is ${how}`
                  : after.replaceWith.includes(urn) || before.deletedWith === urn
                    ? `it goes with ${name}, which is ${how}`
                    : held === "database" &&
                        heldBy(before.type, before.props) === held &&
                        before.dependencies.includes(urn)
                      ? `its server ${name} is ${how}`
                      : undefined;
        if (because !== undefined) {
            pair.because = because;
        }
    }
}

/** An object that the provider names gets a new name when it is made anew, and who has the old one is changed. */
function renameInOthers(schemas: Schemas, { after: renamed }: Pair, pairs: readonly Pair[]): void {
    const { generatedName } = renamed;
    if (generatedName === undefined) {
        return;
    }
    for (const pair of pairs) {
        const { before, after } = pair;
        if (after === renamed || !after.type.startsWith("kubernetes:")) {
            continue;
        }
        const known = new Set(pair.fields.map(({ difference }) => difference.shown));
        const references = placesOf(after.props, generatedName)
            .filter(({ shown }) => !known.has(shown))
            .map(({ path, shown }): Difference => ({
                path,
                shown: `${shown} (of ${renamed.name}, made anew)`,
                before: generatedName,
                after: "another name",
            }))
            .filter(({ shown }) => !known.has(shown));
        pair.fields.push(...judgedDifferences(schemas, before, after, references));
    }
}

type Place = Pick<Difference, "path" | "shown">;

function placesOf(value: unknown, text: string, at: Place = { path: [], shown: "" }): readonly Place[] {
    if (value === text) {
        return [at];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => {
            const name = (item as { readonly name?: unknown } | null)?.name;
            return placesOf(item, text, {
                path: [...at.path, index],
                shown: `${at.shown}[${typeof name === "string" ? name : index}]`,
            });
        });
    }
    return value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype
        ? Object.entries(value).flatMap(([key, item]) =>
              placesOf(item, text, { path: [...at.path, key], shown: at.shown === "" ? key : `${at.shown}.${key}` }),
          )
        : [];
}
