// From the settings of Memorystore to the component.
import { MemorystoreCache, type CreatedMemorystore } from "../../../components/cache/gcp/memorystore.ts";
import { nothingElse } from "../../../lib/nothing-else.ts";
import type { ResolvedMemorystore } from "../../../settings/clouds/gcp/resolve.ts";
import type { StackStore } from "../../../settings/load.ts";
import type { EnvironmentContext } from "../../context.ts";
import { storeNetwork, storeOptions } from "./store-options.ts";

export async function createMemorystoreCache(
    { name, store, password }: StackStore<ResolvedMemorystore>,
    context: EnvironmentContext,
): Promise<MemorystoreCache> {
    const { variant: _, server, ...rest } = store;
    nothingElse(rest);
    const args = {
        ...context.placement,
        // Without the AUTH string of a server that is there the settings were refused.
        server: server.variant === "existing" ? { ...existing(server), password: password! } : created(server, context),
    };
    return new MemorystoreCache(name, args, await storeOptions(context));
}

type Server<Variant extends "create" | "existing"> = Extract<ResolvedMemorystore["server"], { variant: Variant }>;

function existing({ variant, address, readAddress, ca, ...rest }: Server<"existing">) {
    nothingElse(rest);
    return { variant, address, readAddress, ca };
}

function created(settings: Server<"create">, { clouds, platform }: EnvironmentContext): CreatedMemorystore {
    const {
        variant,
        version,
        memory,
        highAvailability,
        replicas,
        maintenance,
        network,
        encryptionKey,
        native,
        ...rest
    } = settings;
    nothingElse(rest);
    return {
        variant,
        region: clouds.settings("gcp").region,
        ...storeNetwork(network, platform),
        version,
        memory,
        highAvailability,
        replicas,
        maintenance,
        encryptionKey,
        native,
    };
}
