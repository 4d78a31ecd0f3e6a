import {
    DigitalOceanPostgresql,
    type CreatedPostgresql,
    type ExistingPostgresql,
} from "../../../components/database/digitalocean/postgresql.ts";
import { nothingElse } from "../../../lib/nothing-else.ts";
import type { ResolvedDigitalOceanDatabase } from "../../../settings/clouds/digitalocean/resolve.ts";
import type { StackStore } from "../../../settings/load.ts";
import type { EnvironmentContext } from "../../context.ts";
import type { Platform } from "../../platform/contract.ts";
import { withCloud } from "../../with-cloud.ts";
import { restoreOf } from "../restore.ts";
import { storeNetwork, storeRange } from "./network.ts";

export async function createDigitalOceanDatabase(
    { name, store, password }: StackStore<ResolvedDigitalOceanDatabase>,
    context: EnvironmentContext,
): Promise<DigitalOceanPostgresql> {
    const { variant: _, owner, server, restore, ...rest } = store;
    nothingElse(rest);
    const args = {
        ...context.placement,
        owner,
        server:
            server.variant === "existing"
                ? // Without it the settings were refused.
                  { ...existing(server, context.platform), password: password! }
                : created(server, context, restore),
    };
    return new DigitalOceanPostgresql(name, args, await withCloud("digitalocean", context));
}

type Server<Variant extends "create" | "existing"> = Extract<
    ResolvedDigitalOceanDatabase["server"],
    { variant: Variant }
>;

function existing(settings: Server<"existing">, platform: Platform): Omit<ExistingPostgresql, "password"> {
    const { variant, host, port, range, database, user, ca, maxConnections, pooled, ...rest } = settings;
    nothingElse(rest);
    return { variant, host, port, range: storeRange(range, platform), database, user, ca, maxConnections, pooled };
}

function created(
    settings: Server<"create">,
    { clouds, platform }: EnvironmentContext,
    restore: ResolvedDigitalOceanDatabase["restore"],
): CreatedPostgresql {
    const { variant, version, size, nodes, storage, maintenance, pool, network, trustedSources, ...others } = settings;
    const { storageAutoscale, storageIncrement, readReplica, native, ...rest } = others;
    nothingElse(rest);
    return {
        variant,
        version,
        size,
        nodes,
        storage,
        storageIncrement: storageAutoscale ? storageIncrement : undefined,
        readReplica,
        maintenance,
        pool,
        region: clouds.settings("digitalocean").region,
        network: storeNetwork(network, trustedSources, platform),
        ...restoreOf(restore),
        native,
    };
}
