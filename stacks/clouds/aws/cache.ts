// From the settings of ElastiCache to the component.
import { ElastiCacheCache, type ElastiCacheCacheArgs } from "../../../components/cache/aws/elasticache.ts";
import type { ElastiCacheSettings } from "../../../settings/clouds/aws/cache.ts";
import type { StoreContext } from "../../context.ts";
import { storeCidrs, storeNetwork } from "./store.ts";
import { withProvider } from "./with-provider.ts";

export async function createElastiCacheCache(
    { server }: ElastiCacheSettings,
    context: StoreContext,
): Promise<ElastiCacheCache> {
    const { name, placement, clouds, password, opts } = context;
    const args: ElastiCacheCacheArgs = {
        ...placement,
        ...(password && { password }),
        server:
            server.variant === "existing"
                ? { ...server, cidrs: storeCidrs("cache", server.cidrs, context) }
                : {
                      ...server,
                      applyImmediately: server.applyImmediately ?? placement.data !== "protected",
                      network: storeNetwork("cache", server.network, context),
                  },
    };
    return new ElastiCacheCache(name, args, await withProvider(opts, clouds));
}
