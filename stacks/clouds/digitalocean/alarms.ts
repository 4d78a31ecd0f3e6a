// From what was made at DigitalOcean to its alarms.
import { DigitalOceanAlarms } from "../../../components/alarms/digitalocean/alarms.ts";
import { DigitalOceanValkey } from "../../../components/cache/digitalocean/valkey.ts";
import { DigitalOceanPostgresql } from "../../../components/database/digitalocean/postgresql.ts";
import type { AlarmsSettings } from "../../../settings/alarms.ts";
import type { EnvironmentContext } from "../../context.ts";
import { alarmsName, watchedOf, type Watched } from "../../watched.ts";

export async function createDigitalOceanAlarms(
    { emails, native }: AlarmsSettings["digitalocean"] & Pick<AlarmsSettings, "emails">,
    { stores, hosts }: Watched,
    { placement, platform, clouds }: EnvironmentContext,
): Promise<void> {
    const { watched } = platform;
    new DigitalOceanAlarms(
        alarmsName,
        {
            instance: placement.instance,
            emails,
            databases: watchedOf(stores.database, (store) =>
                store instanceof DigitalOceanPostgresql ? store.clusterId : undefined,
            ),
            caches: watchedOf(stores.cache, (store) =>
                store instanceof DigitalOceanValkey ? store.clusterId : undefined,
            ),
            ...(watched?.cloud === "digitalocean" && { clusterId: watched.clusterId }),
            hosts,
            native,
        },
        { providers: [await clouds.provider("digitalocean")] },
    );
}
