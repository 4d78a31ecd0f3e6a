// One environment: a namespace, its stores, its apps, and the way in.
import { output, type ComponentResourceOptions } from "@pulumi/pulumi";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import type { Placement } from "../components/contract.ts";
import type { Database } from "../components/database/contract.ts";
import { serverOf } from "../components/database/server.ts";
import { lendingLabel } from "../components/edge/contract.ts";
import { RestrictedNamespace } from "../components/namespace/restricted.ts";
import { borrows } from "../lib/labels.ts";
import type { StackSettings } from "../settings/load.ts";
import { storesOf } from "../settings/stores.ts";
import { createApp, createSharedStores, type EnvironmentParts, type MadeApp } from "./apps.ts";
import type { Clouds } from "./context.ts";
import { dataPolicies } from "./data-policies.ts";
import { createEdge } from "./edge.ts";
import { lendingOutputs } from "./lending.ts";
import { insistOnNetworkPolicies } from "./network-policy.ts";
import { outputsVersion, type AppOutputs, type StackOutputs } from "./outputs.ts";
import { publicAddress } from "./platform/address.ts";
import type { Platform } from "./platform/contract.ts";

export async function createEnvironment(
    stack: string,
    settings: StackSettings,
    platform: Platform,
    clouds: Clouds,
): Promise<StackOutputs> {
    const { environment, exposure } = settings;
    const data = dataPolicies[environment.kind];
    const providers: ComponentResourceOptions = { providers: [platform.kubernetes, new RandomProvider("random")] };

    await insistOnNetworkPolicies(stack, settings, platform);
    const namespace = createNamespace(settings, platform, providers);
    const placement: Placement = { namespace: namespace.namespace, instance: environment.namespace, data };
    const address = publicAddress(exposure, platform);
    const parts: EnvironmentParts = {
        stack,
        settings,
        platform,
        clouds,
        namespace,
        placement,
        ...(address && { address }),
        opts: providers,
    };

    const shared = await createSharedStores(parts);
    await sweepLentDatabases(settings, placement, shared.database, providers);
    const apps = await Promise.all(settings.apps.map((app) => createApp(parts, app, shared)));
    const edge = await createEdge({
        stack,
        settings,
        platform,
        clouds,
        placement,
        opts: providers,
        routes: apps.map(({ app, main, django }) => ({
            app: app.name,
            main,
            hosts: app.hosts,
            service: django.webService,
            port: django.webPort,
            readyPath: app.web.probes.ready,
        })),
    });

    return {
        outputsVersion,
        environment: { kind: environment.kind, name: environment.name, instance: environment.namespace },
        namespace: namespace.namespace,
        mainApp: environment.mainApp,
        apps: Object.fromEntries(apps.map((made) => [made.app.name, outputsOf(made)])),
        ...lendingOutputs({
            settings,
            platform,
            placement,
            ...(edge && { edge }),
            ...(address && { address }),
            ...(shared.database && { database: shared.database }),
        }),
        ...(edge?.records?.length && { dnsRecords: output([...edge.records]) }),
        ...(platform.zone && { nameServers: platform.zone.nameServers }),
        ...(platform.registry && { registry: platform.registry.prefix }),
        ...(platform.secretsProvider && { secretsProvider: platform.secretsProvider }),
    };
}

/** `pulumi destroy` of a borrower deletes its namespace, and has no way to the server that its database is on. */
async function sweepLentDatabases(
    { lends, database: settings }: StackSettings,
    placement: Placement,
    server: Database | undefined,
    opts: ComponentResourceOptions,
): Promise<void> {
    if (!lends.database || server === undefined) {
        return;
    }
    const { DatabaseSweeper } = await import("../components/database/sweeper.ts");
    const image = settings.variant === "in-cluster" ? settings.image : undefined;
    new DatabaseSweeper(
        "database-sweeper",
        { ...placement, server: serverOf(server), ...(image !== undefined && { image }) },
        opts,
    );
}

function createNamespace(
    { environment, operator, exposure, ...settings }: StackSettings,
    { lent, ready, namespaceLabels, gateway }: Platform,
    opts: ComponentResourceOptions,
): RestrictedNamespace {
    const { kind, namespace, timeToLive } = environment;
    const borrowsDatabase = storesOf("database", settings).some(({ store }) => store.variant === "platform");
    // A controller such as Cilium puts the Gateway's Service of type LoadBalancer beside the Gateway.
    const loadBalancer = exposure.variant === "gateway" && gateway?.kind === "controller";
    return new RestrictedNamespace(
        "namespace",
        {
            name: namespace,
            after: ready,
            environmentKind: kind,
            data: dataPolicies[kind],
            labels: {
                ...namespaceLabels,
                ...(exposure.variant === "platform" && lent?.gateway && { [lendingLabel]: lent.gateway.instance }),
                ...(borrowsDatabase && lent?.database && borrows(lent.database.instance)),
            },
            ...(kind === "ephemeral" && { quota: { ...operator.quota, loadBalancer } }),
            ...(timeToLive !== undefined && { timeToLive }),
        },
        opts,
    );
}

function outputsOf({ app, django, url }: MadeApp): AppOutputs {
    return {
        image: app.image,
        ...(url !== undefined && { url }),
        service: django.webService,
        port: django.webPort,
        ...(app.shell && { shell: `${app.name}-shell` }),
    };
}
