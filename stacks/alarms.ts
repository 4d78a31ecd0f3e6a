// Alarms of everything that the stack makes, in each cloud that it makes something in.
import type { CheckedHost } from "../components/alarms/contract.ts";
import type { WayIn } from "../components/edge/contract.ts";
import { isInternet } from "../lib/internet.ts";
import type { StackSettings } from "../settings/load.ts";
import type { MadeApp } from "./apps.ts";
import type { EnvironmentContext } from "./context.ts";
import type { MadeStores } from "./stores.ts";
import type { Watched } from "./watched.ts";

export async function createAlarms(
    { alarms, exposure }: Pick<StackSettings, "alarms" | "exposure">,
    { stores, apps, edge }: { readonly stores: MadeStores; readonly apps: readonly MadeApp[]; readonly edge?: WayIn },
    context: EnvironmentContext,
): Promise<void> {
    if (alarms === undefined) {
        return;
    }
    const { emails, uptime, aws, gcp, digitalocean } = alarms;
    const hosts = isOpen(exposure) ? apps.flatMap((made) => checkedHosts(made, context)) : [];
    const seenFrom = (cloud: typeof uptime): Watched => ({
        stores,
        edge,
        hosts: cloud === uptime ? hosts : [],
    });
    if (aws !== undefined) {
        const { createAwsAlarms } = await import("./clouds/aws/alarms.ts");
        await createAwsAlarms({ emails, ...aws }, seenFrom("aws"), context);
    }
    if (gcp !== undefined) {
        const { createGcpAlarms } = await import("./clouds/gcp/alarms.ts");
        await createGcpAlarms({ emails, ...gcp }, seenFrom("gcp"), context);
    }
    if (digitalocean !== undefined) {
        const { createDigitalOceanAlarms } = await import("./clouds/digitalocean/alarms.ts");
        await createDigitalOceanAlarms({ emails, ...digitalocean }, seenFrom("digitalocean"), context);
    }
}

/** Who asks from outside comes from anywhere: where named ranges alone are let in, it would say for ever that nobody answers. */
function isOpen(exposure: StackSettings["exposure"]): boolean {
    const ranges = "sourceRanges" in exposure ? exposure.sourceRanges : undefined;
    return ranges === undefined || isInternet(ranges);
}

/** None of a host without a way in from outside. */
function checkedHosts({ app }: MadeApp, { address }: EnvironmentContext): readonly CheckedHost[] {
    return app.hosts.flatMap((host) => {
        const found = address?.(host);
        return found === undefined
            ? []
            : [{ host, port: found.port, secure: found.secure, path: app.processes.web.probes.ready }];
    });
}
