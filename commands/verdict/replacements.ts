// Which changed inputs make another resource of one, where no provider is asked: by what is known of each type (schema/<cloud>.json), by
// the fields that an API server refuses to change, and by what the program itself says.
import { needsReplacement } from "../../lib/unchangeable-fields.ts";
import { SecretValue, UnknownValue } from "../../policy/resource.ts";
import { clouds, type Cloud } from "../../lib/catalogue/index.ts";
import { cloudOf, loadSchema } from "../plan/answers/schema/load.ts";
import { replacesAt, replacesByValue, staysAsItIs } from "../plan/answers/schema/replacing.ts";
import type { CloudSchema } from "../plan/answers/schema/schema.ts";
import { unknownValue, type PropertyMap, type PropertyValue } from "../plan/answers/values.ts";
import type { PlannedResource } from "../plan/plan.ts";
import type { Difference } from "./differences.ts";

export type Schemas = Readonly<Partial<Record<Cloud, CloudSchema>>>;

/** Of the clouds that these types are of. */
export async function schemasOf(types: Iterable<string>): Promise<Schemas> {
    const named = new Set([...types].map((type) => type.split(":")[0]));
    const found = clouds.filter((cloud) => named.has(cloud));
    return Object.fromEntries(await Promise.all(found.map(async (cloud) => [cloud, await loadSchema(cloud)] as const)));
}

/** @returns what of the differences is a change to its provider, each with whether it makes another resource */
export function judgedDifferences(
    schemas: Schemas,
    before: PlannedResource,
    after: PlannedResource,
    differences: readonly Difference[],
): ReadonlyArray<{ readonly difference: Difference; readonly replaces: boolean }> {
    const [old, next] = [plain(before.props) as PropertyMap, plain(after.props) as PropertyMap];
    const cloud = cloudOf(after.type);
    const schema = cloud && schemas[cloud];
    const resource = schema?.resources[after.type];
    return differences
        .filter(({ path }) => !after.ignoreChanges.some((ignored) => isAtOrBelow(path, partsOf(ignored))))
        .filter(({ path }) => !(schema && resource && staysAsItIs(schema, resource, path, old, next)))
        .map((difference) => {
            const { path } = difference;
            const replaces =
                after.replaceOnChanges.some((named) => named === "*" || touches(path, partsOf(named))) ||
                (resource !== undefined &&
                    (replacesAt(resource, path, old, next) || replacesByValue(resource, path, old, next))) ||
                replacesInCluster(before, after.type, difference) ||
                // Every input of a random value is one that makes it anew.
                after.type.startsWith("random:");
            return { difference, replaces };
        });
}

function replacesInCluster(
    before: PlannedResource,
    type: string,
    { path, before: from, after: to }: Difference,
): boolean {
    const [, module = "", kind = ""] = type.split(":");
    if (!type.startsWith("kubernetes:")) {
        return false;
    }
    if (module.startsWith("helm.sh/")) {
        return path.length === 1 && (path[0] === "name" || path[0] === "namespace");
    }
    if (kind.endsWith("Patch")) {
        return false;
    }
    const group = module.startsWith("core/") ? "" : module.split("/")[0]!;
    const { immutable, type: ofSecret } = before.props as { readonly immutable?: unknown; readonly type?: unknown };
    const field = { path, before: from, after: to, oldInputs: { immutable, type: ofSecret } };
    return needsReplacement(group, kind, field, { configMapMutable: false, secretMutable: false });
}

/** As a provider sees it: without the classes of a plan. */
function plain(value: unknown): PropertyValue {
    if (value instanceof SecretValue || value instanceof UnknownValue) {
        return unknownValue;
    }
    if (Array.isArray(value)) {
        return value.map(plain);
    }
    return value !== null && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
        : (value as PropertyValue);
}

/** `spec.template["a.b"].c[0]`, and `*` for any. */
function partsOf(text: string): string[] {
    return [...text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)].map(
        ([, quoted, index, word]) => quoted ?? index ?? word ?? "",
    );
}

function isAtOrBelow(path: Difference["path"], root: readonly string[]): boolean {
    return root.length <= path.length && root.every((part, index) => part === "*" || part === String(path[index]));
}

/** At it, below it, or above it. */
function touches(path: Difference["path"], root: readonly string[]): boolean {
    return (
        isAtOrBelow(path, root) ||
        (path.length < root.length && path.every((part, index) => root[index] === "*" || root[index] === String(part)))
    );
}
