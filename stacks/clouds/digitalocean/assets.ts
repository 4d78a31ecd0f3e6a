import { mergeOptions, Resource, type ComponentResourceOptions } from "@pulumi/pulumi";
import { SpacesAssets } from "../../../components/assets/digitalocean/spaces.ts";
import { nothingElse } from "../../../lib/nothing-else.ts";
import type { ResolvedSpaces } from "../../../settings/clouds/digitalocean/resolve.ts";
import type { StackStore } from "../../../settings/load.ts";
import type { EnvironmentContext } from "../../context.ts";
import { withCloud } from "../../with-cloud.ts";

export async function createSpacesAssets(
    { name, store, rotation }: StackStore<ResolvedSpaces>,
    context: EnvironmentContext,
): Promise<SpacesAssets> {
    const { variant: _, region, buckets, ...rest } = store;
    nothingElse(rest);
    const opts = mergeOptions(await withCloud("digitalocean", context), afterZone(buckets, context));
    return new SpacesAssets(name, { ...context.placement, region, buckets, rotation }, opts);
}

/** DigitalOcean issues a certificate only for a name in a zone that it has already. */
function afterZone(
    buckets: ResolvedSpaces["buckets"],
    { platform: { zone } }: EnvironmentContext,
): Pick<ComponentResourceOptions, "dependsOn"> {
    const domain = buckets.variant === "create" ? buckets.cdn.domain : undefined;
    const inside = zone !== undefined && `.${domain ?? ""}`.endsWith(`.${zone.domain}`);
    return inside && Resource.isInstance(zone) ? { dependsOn: [zone] } : {};
}
