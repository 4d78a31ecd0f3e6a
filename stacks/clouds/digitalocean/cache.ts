import {
    DigitalOceanValkey,
    type CreatedValkey,
    type ExistingValkey,
} from "../../../components/cache/digitalocean/valkey.ts";
import { allowsStandby, databasePlan } from "../../../lib/digitalocean-plans.ts";
import type { DigitalOceanCacheSettings } from "../../../settings/clouds/digitalocean/cache.ts";
import type { StoreContext } from "../../context.ts";
import { knownPassword, storeNetwork, storeRange } from "./network.ts";
import { withProvider } from "./options.ts";

export async function createDigitalOceanCache(
    settings: DigitalOceanCacheSettings,
    context: StoreContext,
): Promise<DigitalOceanValkey> {
    const { name, placement } = context;
    return new DigitalOceanValkey(
        name,
        { ...placement, server: serverOf(settings, context) },
        await withProvider(context),
    );
}

function serverOf({ server }: DigitalOceanCacheSettings, context: StoreContext): CreatedValkey | ExistingValkey {
    const { kind, platform, clouds, password } = context;
    if (server.variant === "existing") {
        const range = storeRange("cache", server.range, platform);
        return { ...server, range, password: knownPassword("cache", password) };
    }
    const plan = databasePlan(server.size);
    const standby = kind === "production" && plan !== undefined && allowsStandby(plan);
    return {
        ...server,
        nodes: server.nodes ?? (standby ? 2 : 1),
        region: clouds.settings("digitalocean").region,
        network: storeNetwork("cache", server, platform),
    };
}
