// From what was made in Google Cloud to its alarms.
import { GcpAlarms } from "../../../components/alarms/gcp/alarms.ts";
import { MemorystoreCache } from "../../../components/cache/gcp/memorystore.ts";
import { CloudSqlDatabase } from "../../../components/database/gcp/cloud-sql.ts";
import { GkeGatewayEdge } from "../../../components/edge/gcp/gke-gateway.ts";
import type { AlarmsSettings } from "../../../settings/alarms.ts";
import type { EnvironmentContext } from "../../context.ts";
import { alarmsName, watchedOf, type Watched } from "../../watched.ts";

export async function createGcpAlarms(
    { emails, channels, monthlyBudget, billingAccount, native }: AlarmsSettings["gcp"] & Pick<AlarmsSettings, "emails">,
    { stores, edge, hosts }: Watched,
    { placement, platform, clouds }: EnvironmentContext,
): Promise<void> {
    const { watched } = platform;
    new GcpAlarms(
        alarmsName,
        {
            project: clouds.settings("gcp").project,
            instance: placement.instance,
            data: placement.data,
            emails,
            channels,
            databases: watchedOf(stores.database, (store) =>
                store instanceof CloudSqlDatabase ? store.watched : undefined,
            ),
            caches: watchedOf(stores.cache, (store) =>
                store instanceof MemorystoreCache ? store.instanceId : undefined,
            ),
            ...(watched?.cloud === "gcp" && { cluster: watched }),
            gateway: edge instanceof GkeGatewayEdge,
            hosts,
            // One without the other was refused.
            ...(monthlyBudget !== undefined &&
                billingAccount !== undefined && { budget: { amount: monthlyBudget, billingAccount } }),
            native,
        },
        { providers: [await clouds.provider("gcp")], dependsOn: [...platform.ready] },
    );
}
