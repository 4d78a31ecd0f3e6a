import { Resource, type ComponentResourceOptions } from "@pulumi/pulumi";
import { SpacesAssets } from "../../../components/assets/digitalocean/spaces.ts";
import type { SpacesAssetsSettings } from "../../../settings/clouds/digitalocean/assets.ts";
import type { StoreContext } from "../../context.ts";
import { withProvider } from "./options.ts";

export async function createSpacesAssets(settings: SpacesAssetsSettings, context: StoreContext): Promise<SpacesAssets> {
    const { variant: _, region = context.clouds.settings("digitalocean").region, ...rest } = settings;
    const opts = { ...(await withProvider(context)), ...afterZone(settings, context) };
    return new SpacesAssets(context.name, { ...context.placement, ...rest, region }, opts);
}

/** DigitalOcean issues a certificate only for a name in a zone that it has already. */
function afterZone(
    { buckets }: SpacesAssetsSettings,
    { platform: { zone } }: StoreContext,
): Pick<ComponentResourceOptions, "dependsOn"> {
    const domain = buckets.variant === "create" ? buckets.cdn.domain : undefined;
    const inside = zone !== undefined && `.${domain ?? ""}`.endsWith(`.${zone.domain}`);
    return inside && Resource.isInstance(zone) ? { dependsOn: [zone] } : {};
}
