// What a changed program changes in a cloud resource: the inputs compared, with the properties that need a new one.
import {
    diffProperties,
    withoutSecrets,
    type DiffCall,
    type DiffResult,
    type PropertyMap,
} from "../provider-host/index.ts";
import { isAutonamed } from "./autoname.ts";
import { replacesAt, replacesByValue, staysAsItIs } from "../../commands/plan/answers/schema/replacing.ts";
import type { CloudSchema, ResourceSchema } from "../../commands/plan/answers/schema/schema.ts";

/**
 * As the bridge does it: what `CustomizeDiff` makes a replacement has no property that says so, and stands there as `__meta`.
 *
 * @see https://github.com/pulumi/pulumi-terraform-bridge/blob/master/pkg/tfbridge/provider.go
 */
const unnamedReplacement = "__meta";

export function diffInputs(
    schema: CloudSchema,
    resource: ResourceSchema,
    { oldInputs, newInputs }: Pick<DiffCall, "oldInputs" | "newInputs">,
): DiffResult {
    const [before, after] = [withoutSecrets(oldInputs), withoutSecrets(newInputs)];
    const changes = diffProperties(oldInputs, newInputs, {
        replaces: (path) => replacesAt(resource, path, before, after),
        ignores: (path) => String(path[0]).startsWith("__") || staysAsItIs(schema, resource, path, before, after),
    });
    const named = changes.some(({ replace }) => replace === true);
    const unnamed = changes.some(({ path }) => replacesByValue(resource, path, before, after));
    return {
        changes,
        ...(unnamed && !named && { replaces: [unnamedReplacement] }),
        deleteBeforeReplace: (named || unnamed) && mustDeleteFirst(resource, newInputs),
    };
}

/**
 * Where the program fixed the name, the old one goes first, whatever the new one's is.
 *
 * @see https://github.com/pulumi/pulumi-terraform-bridge/blob/master/pkg/tfbridge/schema.go nameRequiresDeleteBeforeReplace
 */
function mustDeleteFirst({ autoname }: ResourceSchema, newInputs: PropertyMap): boolean {
    return autoname !== undefined && !isAutonamed(newInputs, autoname);
}
