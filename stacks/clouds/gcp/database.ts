// From the settings of Cloud SQL to the component.
import { CloudSqlDatabase, type CreatedCloudSqlServer } from "../../../components/database/gcp/cloud-sql.ts";
import { nothingElse } from "../../../lib/nothing-else.ts";
import type { ResolvedCloudSql } from "../../../settings/clouds/gcp/resolve.ts";
import type { StackStore } from "../../../settings/load.ts";
import type { EnvironmentContext } from "../../context.ts";
import { restoreOf } from "../restore.ts";
import { storeNetwork, storeOptions } from "./store-options.ts";

export async function createCloudSqlDatabase(
    { name, store, password }: StackStore<ResolvedCloudSql>,
    context: EnvironmentContext,
): Promise<CloudSqlDatabase> {
    const { variant: _, owner, server, restore, ...rest } = store;
    nothingElse(rest);
    const args = {
        ...context.placement,
        owner,
        password,
        server: server.variant === "existing" ? existing(server) : created(server, context, restore),
    };
    return new CloudSqlDatabase(name, args, await storeOptions(context));
}

type Server<Variant extends "create" | "existing"> = Extract<ResolvedCloudSql["server"], { variant: Variant }>;

function existing({ variant, name, address, ca, maxConnections, ...rest }: Server<"existing">) {
    nothingElse(rest);
    return { variant, name, address, ca, maxConnections };
}

function created(
    settings: Server<"create">,
    { clouds, platform }: EnvironmentContext,
    restore: ResolvedCloudSql["restore"],
): CreatedCloudSqlServer {
    const { variant, version, edition, tier, availability, storage, storageType, storageLimit, ...others } = settings;
    const { maxConnections, flags, iamAuthentication, readReplica, backups, maintenance, network, ...last } = others;
    const { encryptionKey, native, ...rest } = last;
    nothingElse(rest);
    return {
        variant,
        region: clouds.settings("gcp").region,
        ...storeNetwork(network, platform),
        version,
        edition,
        tier,
        availability,
        storage,
        storageType,
        storageLimit,
        maxConnections,
        flags,
        iamAuthentication,
        readReplica,
        backups,
        maintenance,
        encryptionKey,
        ...restoreOf(restore),
        native,
    };
}
