// From the settings of Cloud SQL to the component.
import { CloudSqlDatabase } from "../../../components/database/gcp/cloud-sql.ts";
import type { CloudSqlSettings } from "../../../settings/clouds/gcp/database.ts";
import type { StoreContext } from "../../context.ts";
import { storeNetwork } from "./store-network.ts";
import { storeOptions } from "./store-options.ts";

export async function createCloudSqlDatabase(
    { server }: CloudSqlSettings,
    context: StoreContext,
): Promise<CloudSqlDatabase> {
    const { name, placement, clouds, owner, password } = context;
    const args = {
        ...placement,
        owner,
        ...(password && { password }),
        server:
            server.variant === "existing"
                ? server
                : { ...server, ...storeNetwork(server.network, context), region: clouds.settings("gcp").region },
    };
    return new CloudSqlDatabase(name, args, await storeOptions(context));
}
