// From the settings of ElastiCache to the component.
import { ElastiCacheCache, type CreatedElastiCacheServers } from "../../../components/cache/aws/elasticache.ts";
import { nothingElse } from "../../../lib/nothing-else.ts";
import type { ResolvedElastiCache } from "../../../settings/clouds/aws/resolve.ts";
import type { StackStore } from "../../../settings/load.ts";
import type { EnvironmentContext } from "../../context.ts";
import type { Platform } from "../../platform/contract.ts";
import { withCloud } from "../../with-cloud.ts";
import { storeCidrs, storeNetwork } from "./store-network.ts";

export async function createElastiCacheCache(
    { name, store, password, rotation }: StackStore<ResolvedElastiCache>,
    context: EnvironmentContext,
): Promise<ElastiCacheCache> {
    const { placement, platform } = context;
    const { variant: _, server, ...rest } = store;
    nothingElse(rest);
    const args = {
        ...placement,
        password,
        rotation,
        server: server.variant === "existing" ? existing(server, platform) : created(server, platform),
    };
    return new ElastiCacheCache(name, args, await withCloud("aws", context));
}

type Server<Variant extends "create" | "existing"> = Extract<ResolvedElastiCache["server"], { variant: Variant }>;

function existing({ variant, primary, reader, cidrs, ...rest }: Server<"existing">, platform: Platform) {
    nothingElse(rest);
    return { variant, primary, reader, cidrs: storeCidrs(cidrs, platform) };
}

function created(settings: Server<"create">, platform: Platform): CreatedElastiCacheServers {
    const {
        variant,
        version,
        nodeType,
        replicas,
        keyArn,
        applyImmediately,
        maintenanceWindow,
        network,
        native,
        ...rest
    } = settings;
    nothingElse(rest);
    return {
        variant,
        version,
        nodeType,
        replicas,
        network: storeNetwork(network, platform),
        keyArn,
        applyImmediately,
        maintenanceWindow,
        native,
    };
}
