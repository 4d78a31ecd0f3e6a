// Who puts an environment to sleep and wakes it.
import type { Resource } from "@pulumi/pulumi";
import type { Guarded } from "../components/doorkeeper/contract.ts";
import { secondsAsleepAfter } from "../lib/sleeping.ts";
import type { StackSettings } from "../settings/load.ts";
import type { MadeApp } from "./apps.ts";
import type { EnvironmentContext } from "./context.ts";

/** After all that it watches: a release that fails leaves the doorkeeper that is there. */
export async function watchDoor(
    { environment }: StackSettings,
    apps: readonly MadeApp[],
    { sleepers, placement, opts }: EnvironmentContext,
): Promise<void> {
    if (sleepers === undefined || environment.sleep === undefined) {
        return;
    }
    const { Doorkeeper } = await import("../components/doorkeeper/doorkeeper.ts");
    const watched: readonly Resource[] = apps.map(({ django }) => django);
    const first = apps.find(({ app }) => app.name === environment.mainApp)!;
    new Doorkeeper(
        "doorkeeper",
        {
            ...placement,
            after: secondsAsleepAfter(environment.sleep.after),
            apps: [first, ...apps.filter((one) => one !== first)].map(guarded),
            sleepers: sleepers.all,
            watched,
        },
        opts,
    );
}

function guarded({ app, django }: MadeApp): Guarded {
    const { port, probes } = app.processes.web;
    return {
        name: app.name,
        hosts: app.hosts,
        probes: [probes.ready, probes.live],
        port,
        webPods: django.webPods,
        webName: `${app.name}-web`,
        webContainer: "web",
        image: app.image,
        runAs: app.runAs,
        imagePullSecrets: django.imagePullSecrets,
    };
}
