// One environment: a namespace, its stores, its apps, and the way in.
import { output, type ComponentResourceOptions } from "@pulumi/pulumi";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import type { Database } from "../components/database/contract.ts";
import { serverOf } from "../components/database/server.ts";
import { lendingLabel } from "../components/edge/contract.ts";
import { RestrictedNamespace } from "../components/namespace/restricted.ts";
import { borrows } from "../lib/labels.ts";
import { outputsVersion } from "../settings/lender/outputs.ts";
import type { StackSettings } from "../settings/load.ts";
import { createApp, type MadeApp } from "./apps.ts";
import type { Clouds, EnvironmentContext } from "./context.ts";
import { createEdge } from "./edge.ts";
import { lendingOutputs } from "./lending.ts";
import { warnOfNetworkPolicies } from "./network-policy.ts";
import type { AppOutputs, StackOutputs } from "./outputs.ts";
import { publicAddress } from "./platform/address.ts";
import type { Platform } from "./platform/contract.ts";
import type { ClusterSecrets } from "./secrets.ts";
import { createStores } from "./stores.ts";

export async function createEnvironment(
    settings: StackSettings,
    platform: Platform,
    clouds: Clouds,
    secrets: ClusterSecrets,
): Promise<StackOutputs> {
    const { environment, exposure } = settings;
    const opts: ComponentResourceOptions = { providers: [platform.kubernetes, new RandomProvider("random")] };

    await warnOfNetworkPolicies(settings, platform);
    const namespace = createNamespace(settings, platform, opts);
    const context: EnvironmentContext = {
        placement: { namespace: namespace.namespace, instance: environment.namespace, data: environment.data },
        platform,
        clouds,
        address: publicAddress(exposure, platform),
        opts,
    };

    await secrets.connect(settings, context);
    const stores = await createStores(settings, context);
    const shared = stores.database.get("database");
    await sweepLentDatabases(settings, shared, context);
    const apps = settings.apps.map((app) => createApp(app, stores, namespace, context));
    const edge = await createEdge(settings, apps, context);

    return {
        outputsVersion,
        environment: { kind: environment.kind, name: environment.name, instance: environment.namespace },
        namespace: namespace.namespace,
        mainApp: environment.mainApp,
        apps: Object.fromEntries(apps.map((made) => [made.app.name, outputsOf(made)])),
        ...lendingOutputs(settings, { edge, database: shared }, context),
        ...(edge?.records?.length && { dnsRecords: output([...edge.records]) }),
        ...(platform.zone && { nameServers: platform.zone.nameServers }),
        ...(platform.registry && { registry: platform.registry.prefix }),
        ...(platform.secretsProvider && { secretsProvider: platform.secretsProvider }),
    };
}

/** `pulumi destroy` of a borrower deletes its namespace, and has no way to the server that its database is on. */
async function sweepLentDatabases(
    { lends, stores }: StackSettings,
    server: Database | undefined,
    { placement, opts }: EnvironmentContext,
): Promise<void> {
    if (!lends.database || server === undefined) {
        return;
    }
    const { DatabaseSweeper } = await import("../components/database/sweeper.ts");
    const settings = stores.database.find(({ name }) => name === "database")!.store;
    const image =
        settings.variant === "in-cluster"
            ? settings.image
            : settings.variant === "external"
              ? settings.administrator?.image
              : undefined;
    const { borrowers } = lends;
    new DatabaseSweeper("database-sweeper", { ...placement, server: serverOf(server), borrowers, image }, opts);
}

function createNamespace(
    { environment, exposure }: StackSettings,
    { lent, ready, namespaceLabels, gateway }: Platform,
    opts: ComponentResourceOptions,
): RestrictedNamespace {
    const { kind, namespace, data, timeToLive, quota, borrowsDatabase } = environment;
    // A controller such as Cilium puts the Gateway's Service of type LoadBalancer beside the Gateway.
    const loadBalancer = exposure.variant === "gateway" && gateway?.kind === "controller";
    return new RestrictedNamespace(
        "namespace",
        {
            name: namespace,
            after: ready,
            environmentKind: kind,
            data,
            labels: {
                ...namespaceLabels,
                ...(exposure.variant === "platform" && lent?.gateway && { [lendingLabel]: lent.gateway.instance }),
                ...(borrowsDatabase && lent?.database && borrows(lent.database.instance)),
            },
            quota: quota && { ...quota, loadBalancer },
            timeToLive,
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
        ...(app.processes.shell && { shell: `${app.name}-shell` }),
    };
}
