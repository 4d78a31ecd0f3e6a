// What a changed program changes in an object. Compares the inputs in the state with the new ones: `refresh` has put
// what others changed in the cluster into the former (see prune.ts), so drift shows here too, and no request is needed.
import { formatPath } from "../../commands/plan/answers/values.ts";
import { needsReplacement, type ImmutableOptions } from "../../lib/unchangeable-fields.ts";
import {
    diffProperties,
    isUnknown,
    withoutSecrets,
    type DiffResult,
    type PropertyDiff,
    type PropertyMap,
} from "../provider-host/index.ts";
import { isAutonamed } from "./autoname.ts";
import { sameScalar } from "./equality.ts";
import { encodedSecret } from "./secret-data.ts";
import type { Kind } from "./token.ts";
import { member, valueAt } from "./values.ts";

/** What the API server fills in; a program that passes it on from another object does not want to set it. */
const readOnlyMetadata = new Set([
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
]);

export function diffInputs(
    kind: Kind,
    oldInputs: PropertyMap,
    newInputs: PropertyMap,
    options: ImmutableOptions,
    ignoreChanges: readonly string[] = [],
): DiffResult & { readonly replaces: readonly string[] } {
    const plain = (inputs: PropertyMap): PropertyMap => {
        const bare = withoutSecrets(inputs);
        return kind.group === "" && kind.kind === "Secret" ? encodedSecret(bare) : bare;
    };
    const [before, after] = [plain(oldInputs), plain(newInputs)];
    const plainOld = { immutable: before["immutable"], type: before["type"] };
    const changes: PropertyDiff[] = [];
    for (const change of diffProperties(before, after)) {
        const { path } = change;
        if (isReadOnly(path) || ignoreChanges.some((ignored) => isIgnored(path, ignored))) {
            continue;
        }
        const [from, to] = [valueAt(before, path), valueAt(after, path)];
        if (!isUnknown(to) && sameScalar(path, from, to)) {
            continue;
        }
        const field = { path, before: from, after: to, oldInputs: plainOld };
        changes.push(needsReplacement(kind.group, kind.kind, field, options) ? { ...change, replace: true } : change);
    }
    return {
        changes,
        // Not their top-level properties: this is how the official plugin says it.
        replaces: changes.filter(({ replace }) => replace === true).map(({ path }) => formatPath(path)),
        deleteBeforeReplace: changes.some((change) => change.replace === true) && mustDeleteFirst(before, after),
    };
}

/** Of some fields of somebody else's object: any of them changes in place, and another object is another patch. */
export function diffPatch(
    oldInputs: PropertyMap,
    newInputs: PropertyMap,
    ignoreChanges: readonly string[] = [],
): DiffResult & { readonly replaces: readonly string[] } {
    const inPlace = { group: "", version: "", kind: "" };
    const options = { configMapMutable: true, secretMutable: true };
    return { ...diffInputs(inPlace, oldInputs, newInputs, options, ignoreChanges), deleteBeforeReplace: false };
}

/** Two objects cannot share a name: if the user fixed it, the old one has to go first. */
export function mustDeleteFirst(before: PropertyMap, after: PropertyMap): boolean {
    const [oldMetadata, newMetadata] = [before["metadata"], after["metadata"]];
    const name = member(newMetadata, "name");
    const namespace = (metadata: typeof oldMetadata): unknown => member(metadata, "namespace") ?? "";
    return (
        typeof name === "string" &&
        !isAutonamed(after) &&
        name === member(oldMetadata, "name") &&
        namespace(oldMetadata) === namespace(newMetadata)
    );
}

const isReadOnly = (path: readonly (string | number)[]): boolean =>
    path[0] === "status" || (path[0] === "metadata" && readOnlyMetadata.has(String(path[1])));

/** `spec.template["a.b"].c[0]` -> its parts; `*` stands for any. */
export function parsePath(text: string): (string | number)[] {
    const parts: (string | number)[] = [];
    for (const match of text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)) {
        if (match[1] !== undefined) {
            parts.push(match[1].replaceAll('\\"', '"').replaceAll("\\\\", "\\"));
        } else if (match[2] !== undefined) {
            parts.push(match[2] === "*" ? "*" : Number(match[2]));
        } else {
            parts.push(match[3] ?? "");
        }
    }
    return parts;
}

function isIgnored(path: readonly (string | number)[], ignored: string): boolean {
    const parts = parsePath(ignored);
    return parts.length <= path.length && parts.every((part, index) => part === "*" || part === path[index]);
}
