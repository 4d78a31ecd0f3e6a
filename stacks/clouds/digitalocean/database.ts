import {
    DigitalOceanPostgresql,
    type CreatedPostgresql,
    type ExistingPostgresql,
} from "../../../components/database/digitalocean/postgresql.ts";
import { allowsStandby, databasePlan } from "../../../lib/digitalocean-plans.ts";
import type { DigitalOceanDatabaseSettings } from "../../../settings/clouds/digitalocean/database.ts";
import { removeCommand, setCommand } from "../../../settings/problems.ts";
import type { StoreContext } from "../../context.ts";
import { knownPassword, mending, storeNetwork, storeRange } from "./network.ts";
import { withProvider } from "./options.ts";

export async function createDigitalOceanDatabase(
    settings: DigitalOceanDatabaseSettings,
    context: StoreContext,
): Promise<DigitalOceanPostgresql> {
    const { name, placement, owner } = context;
    const server = serverOf(settings, context);
    return new DigitalOceanPostgresql(name, { ...placement, server, owner }, await withProvider(context));
}

function serverOf(
    { server }: DigitalOceanDatabaseSettings,
    context: StoreContext,
): CreatedPostgresql | ExistingPostgresql {
    const { kind, platform, clouds, password } = context;
    refusePoolOfMany(server, context);
    if (server.variant === "existing") {
        const range = storeRange("database", server.range, platform);
        return { ...server, range, password: knownPassword("database", password) };
    }
    return {
        ...server,
        nodes: server.nodes ?? (kind === "production" ? doubled(server.size) : 1),
        region: clouds.settings("digitalocean").region,
        network: storeNetwork("database", server, platform),
    };
}

/** @throws SettingsError for the size that has no standby: DigitalOcean would refuse it after minutes */
function doubled(size: string): 2 {
    const plan = databasePlan(size);
    if (plan !== undefined && !allowsStandby(plan)) {
        throw mending({
            path: "database.server.size",
            found: `${JSON.stringify(size)}, which has no standby`,
            allowed:
                "in production a size that has one (R58), or database.server.nodes: 1 if an outage may last as long as a restore",
            fix: setCommand("database.server.size", "db-s-1vcpu-2gb"),
        });
    }
    return 2;
}

/** @throws SettingsError when databases of others would have to be reached through a pool, which leads to one */
function refusePoolOfMany(server: DigitalOceanDatabaseSettings["server"], { lends, owner, users }: StoreContext): void {
    const [pooled, path] =
        server.variant === "create"
            ? ([server.pool !== undefined, "database.server.pool"] as const)
            : ([server.pooled, "database.server.pooled"] as const);
    const others = users.some(({ serviceAccount }) => serviceAccount.replaceAll("-", "_") !== owner);
    if (pooled && (lends || others)) {
        throw mending({
            path,
            found: lends
                ? "a pool in front of a server that lends databases (lends.database)"
                : "a pool in front of a server that several apps share",
            allowed: "no pool: it leads to one database, and each of the others has its own",
            fix: lends
                ? removeCommand(path)
                : `${removeCommand(path)}, or give the other apps databases of their own (apps[].stores.database)`,
        });
    }
}
