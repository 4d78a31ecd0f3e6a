// From the settings of Memorystore to the component.
import { MemorystoreCache } from "../../../components/cache/gcp/memorystore.ts";
import type { MemorystoreSettings } from "../../../settings/clouds/gcp/cache.ts";
import type { StoreContext } from "../../context.ts";
import { storeNetwork } from "./store-network.ts";
import { storeOptions } from "./store-options.ts";

export async function createMemorystoreCache(
    { server }: MemorystoreSettings,
    context: StoreContext,
): Promise<MemorystoreCache> {
    const { name, placement, clouds, password } = context;
    const args = {
        ...placement,
        server:
            server.variant === "existing"
                ? // The settings were checked for it (settings/contradictions/gcp-stores.ts).
                  { ...server, password: password! }
                : { ...server, ...storeNetwork(server.network, context), region: clouds.settings("gcp").region },
    };
    return new MemorystoreCache(name, args, await storeOptions(context));
}
