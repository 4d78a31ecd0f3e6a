import {
    DigitalOceanPostgresql,
    type CreatedPostgresql,
    type ExistingPostgresql,
} from "../../../components/database/digitalocean/postgresql.ts";
import type { DigitalOceanDatabaseSettings } from "../../../settings/clouds/digitalocean/database.ts";
import { removeCommand } from "../../../settings/problems.ts";
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

function serverOf({ server }: DigitalOceanDatabaseSettings, context: StoreContext): CreatedPostgresql | ExistingPostgresql {
    const { kind, platform, clouds, lends, password } = context;
    if (server.variant === "existing") {
        const range = storeRange("database", server.range, platform);
        return { ...server, range, password: knownPassword("database", password) };
    }
    if (lends && server.pool !== undefined) {
        throw mending({
            path: "database.server.pool",
            found: "a pool in front of a server that lends databases (lends.database)",
            allowed: "no pool: it leads to one database, and those that are lent are others",
            fix: removeCommand("database.server.pool"),
        });
    }
    return {
        ...server,
        nodes: server.nodes ?? (kind === "production" ? 2 : 1),
        region: clouds.settings("digitalocean").region,
        network: storeNetwork("database", server, platform),
        lends,
    };
}
