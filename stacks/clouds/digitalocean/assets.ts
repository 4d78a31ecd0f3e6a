import { SpacesAssets } from "../../../components/assets/digitalocean/spaces.ts";
import type { SpacesAssetsSettings } from "../../../settings/clouds/digitalocean/assets.ts";
import type { StoreContext } from "../../context.ts";
import { withProvider } from "./options.ts";

export async function createSpacesAssets(settings: SpacesAssetsSettings, context: StoreContext): Promise<SpacesAssets> {
    const { variant: _, region = context.clouds.settings("digitalocean").region, ...rest } = settings;
    return new SpacesAssets(context.name, { ...context.placement, ...rest, region }, await withProvider(context));
}
