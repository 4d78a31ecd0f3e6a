// Which clouds watch the environment, and whom each tells.
import type { AlarmsSettings } from "../alarms.ts";
import type { CloudName } from "../clouds.ts";
import type { Settings } from "../sections.ts";
import { cloudOfPlatform, cloudOfStore } from "../stores/clouds.ts";
import { storeKinds, storesOf, type StoresSettings } from "../stores/entries.ts";

export interface ResolvedAlarms {
    readonly emails: AlarmsSettings["emails"];
    /** Of those, what is set for a cloud that the stack uses. */
    readonly aws?: AlarmsSettings["aws"];
    readonly gcp?: AlarmsSettings["gcp"];
    readonly digitalocean?: AlarmsSettings["digitalocean"];
    /** The cloud that asks the hosts from outside: the platform's, else the first that a store is in. */
    readonly uptime: CloudName;
}

type Used = Pick<Settings, "platform" | "apps"> & StoresSettings & { readonly environment?: Settings["environment"] };

/** The clouds that something of the stack is in, the platform's first. */
export function usedClouds(settings: Used): readonly CloudName[] {
    const stores = storeKinds.flatMap((kind) => storesOf(kind, settings)).map(({ store }) => cloudOfStore(store));
    const all = [cloudOfPlatform(settings.platform), ...stores];
    return [...new Set(all.filter((cloud) => cloud !== undefined))];
}

/** Whether anybody is to be told anything. */
export function namesRecipients({ emails, aws, gcp }: AlarmsSettings): boolean {
    return emails.length + aws.topics.length + gcp.channels.length > 0;
}

/** @returns undefined when nobody is to be told */
export function resolveAlarms(settings: Used & Pick<Settings, "alarms">): ResolvedAlarms | undefined {
    const { alarms } = settings;
    const [uptime, ...others] = usedClouds(settings);
    if (!namesRecipients(alarms) || uptime === undefined) {
        return undefined;
    }
    const used = Object.fromEntries([uptime, ...others].map((cloud) => [cloud, alarms[cloud]]));
    return { emails: alarms.emails, ...used, uptime };
}
