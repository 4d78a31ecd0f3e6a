import {
    DigitalOceanValkey,
    type CreatedValkey,
    type ExistingValkey,
} from "../../../components/cache/digitalocean/valkey.ts";
import { nothingElse } from "../../../lib/nothing-else.ts";
import type { ResolvedDigitalOceanCache } from "../../../settings/clouds/digitalocean/resolve.ts";
import type { StackStore } from "../../../settings/load.ts";
import type { EnvironmentContext } from "../../context.ts";
import type { Platform } from "../../platform/contract.ts";
import { withCloud } from "../../with-cloud.ts";
import { storeNetwork, storeRange } from "./network.ts";

export async function createDigitalOceanCache(
    { name, store, password }: StackStore<ResolvedDigitalOceanCache>,
    context: EnvironmentContext,
): Promise<DigitalOceanValkey> {
    const { variant: _, server, ...rest } = store;
    nothingElse(rest);
    const args = {
        ...context.placement,
        server:
            server.variant === "existing"
                ? // Without it the settings were refused.
                  { ...existing(server, context.platform), password: password! }
                : created(server, context),
    };
    return new DigitalOceanValkey(name, args, await withCloud("digitalocean", context));
}

type Server<Variant extends "create" | "existing"> = Extract<ResolvedDigitalOceanCache["server"], { variant: Variant }>;

function existing(settings: Server<"existing">, platform: Platform): Omit<ExistingValkey, "password"> {
    const { variant, host, port, range, ...rest } = settings;
    nothingElse(rest);
    return { variant, host, port, range: storeRange(range, platform) };
}

function created(settings: Server<"create">, { clouds, platform }: EnvironmentContext): CreatedValkey {
    const { variant, version, size, nodes, maintenance, network, trustedSources, native, ...rest } = settings;
    nothingElse(rest);
    return {
        variant,
        version,
        size,
        nodes,
        maintenance,
        region: clouds.settings("digitalocean").region,
        network: storeNetwork(network, trustedSources, platform),
        native,
    };
}
