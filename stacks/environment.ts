// One environment: a namespace, its stores, its apps, and the way in.
import { output, type ComponentResourceOptions } from "@pulumi/pulumi";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import type { Database } from "../components/database/contract.ts";
import { serverOf } from "../components/database/server.ts";
import { lendingLabel, type WayIn } from "../components/edge/contract.ts";
import { RestrictedNamespace, type Quota } from "../components/namespace/restricted.ts";
import { borrows } from "../lib/labels.ts";
import { pullRequestMarks } from "../lib/pull-request.ts";
import { outputsVersion } from "../settings/lender/outputs.ts";
import type { StackSettings } from "../settings/load.ts";
import { createAlarms } from "./alarms.ts";
import { createApp, type MadeApp } from "./apps.ts";
import { backupPromises } from "./backup-promises.ts";
import type { Clouds, EnvironmentContext } from "./context.ts";
import { createEdge } from "./edge.ts";
import { lendingOutputs } from "./lending.ts";
import { warnOfNetworkPolicies } from "./network-policy.ts";
import type { AppOutputs, StackOutputs } from "./outputs.ts";
import { publicAddress } from "./platform/address.ts";
import type { Platform, Sources } from "./platform/contract.ts";
import type { ClusterSecrets } from "./secrets.ts";
import { createStores } from "./stores.ts";
import { watchDoor } from "./door.ts";
import { Sleepers } from "./sleepers.ts";
import { retireLogins } from "./retired-logins.ts";

export async function createEnvironment(
    settings: StackSettings,
    platform: Platform,
    clouds: Clouds,
    secrets: ClusterSecrets,
): Promise<StackOutputs> {
    const { environment, exposure } = settings;
    const sleepers = environment.sleep && new Sleepers();
    const opts: ComponentResourceOptions = {
        providers: [platform.kubernetes, new RandomProvider("random")],
        ...(sleepers && { transformations: [sleepers.counted] }),
    };

    await warnOfNetworkPolicies(settings, platform);
    const namespace = createNamespace(settings, platform, opts);
    const context: EnvironmentContext = {
        placement: { namespace: namespace.namespace, instance: environment.namespace, data: environment.data },
        platform,
        clouds,
        address: (host) => publicAddress(exposure, platform, appAt(host, settings)),
        ...(sleepers && { sleepers }),
        opts,
    };

    await secrets.connect(settings, context);
    const stores = await createStores(settings, context);
    const shared = stores.logins.get("database") ?? stores.database.get("database");
    await sweepLentDatabases(settings, shared, context);
    const apps = settings.apps.map((app) => createApp(app, stores, namespace, context, callersOf(exposure)));
    const edge = await createEdge(settings, apps, context);
    await watchDoor(settings, apps, context);
    if (settings.stores.database.some(({ backups }) => backups?.drill !== undefined)) {
        (await import("./drills.ts")).createDrills(settings.stores.database, stores.database, apps, context);
    }
    if (settings.lends.database && settings.lends.seed !== undefined && shared !== undefined) {
        (await import("./seeds.ts")).createSeed(settings.lends.seed, settings, shared, apps, context);
    }
    const backups = backupPromises(settings.stores.database);
    retireLogins(settings, { stores, apps }, context);
    await createAlarms(settings, { stores, apps, ...(edge && { edge }) }, context);

    return {
        outputsVersion,
        environment: { kind: environment.kind, name: environment.name, instance: environment.namespace },
        namespace: namespace.namespace,
        mainApp: environment.mainApp,
        ...(environment.pullRequest && { pullRequest: environment.pullRequest }),
        apps: Object.fromEntries(apps.map((made) => [made.app.name, outputsOf(made, edge)])),
        ...lendingOutputs(settings, { edge, database: shared }, context),
        ...(backups && { backups }),
        ...(edge?.records?.length && { dnsRecords: output([...edge.records]) }),
        ...(platform.zone && { nameServers: platform.zone.nameServers }),
        ...(platform.registry && { registry: platform.registry.prefix }),
        ...(platform.secretsProvider && { secretsProvider: platform.secretsProvider }),
        ...(platform.ci && { ci: workflowOf(platform.ci) }),
    };
}

function workflowOf({ provider, identities }: NonNullable<Platform["ci"]>): NonNullable<StackOutputs["ci"]> {
    return { ...(provider && { provider }), ...identities };
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
    { environment, exposure, apps }: StackSettings,
    { lent, ready, namespaceLabels, gateway }: Platform,
    opts: ComponentResourceOptions,
): RestrictedNamespace {
    const { kind, namespace, data, timeToLive, quota, borrowsDatabase } = environment;
    const pullRequest = pullRequestMarks(environment);
    const services = outsideServices(exposure, gateway, apps.length);
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
                ...pullRequest.labels,
            },
            ...(pullRequest.annotations && { annotations: pullRequest.annotations }),
            quota: quota && { ...quota, ...services },
            timeToLive,
        },
        opts,
    );
}

/** Two apps at one host name were refused. */
function appAt(host: string, { apps, environment }: StackSettings): string {
    return apps.find(({ hosts }) => hosts.includes(host))?.name ?? environment.mainApp;
}

/** Of a way in that passes on connections, everybody who may connect; of others, what the platform says of its controller. */
function callersOf(exposure: StackSettings["exposure"]): Sources | undefined {
    switch (exposure.variant) {
        case "load-balancer":
        case "node-port":
            return { namespaces: [], cidrs: exposure.from?.cidrs ?? exposure.sourceRanges };
        case "gateway":
        case "platform":
        case "none":
            return undefined;
        default:
            return exposure satisfies never;
    }
}

/** What the namespace's quota has to leave room for. */
function outsideServices(
    { variant }: StackSettings["exposure"],
    gateway: Platform["gateway"],
    apps: number,
): Pick<Quota, "loadBalancers" | "nodePorts"> {
    switch (variant) {
        case "gateway":
            // A controller such as Cilium puts the Gateway's Service of type LoadBalancer beside the Gateway. It takes a node port for
            // each of its ports; cert-manager's solvers may take one each.
            return gateway?.kind === "controller" ? { loadBalancers: 1, nodePorts: 10 } : {};
        case "load-balancer":
            // One for its port, and one that says which nodes have a pod.
            return { loadBalancers: apps, nodePorts: 2 * apps };
        case "node-port":
            return { nodePorts: apps };
        case "platform":
        case "none":
            return {};
        default:
            return variant satisfies never;
    }
}

function outputsOf({ app, django, url }: MadeApp, edge: WayIn | undefined): AppOutputs {
    const address = edge?.addresses?.[app.name];
    return {
        image: app.image,
        ...(url !== undefined && { url }),
        ...(address !== undefined && { address }),
        service: django.webService,
        port: django.webPort,
        ...(app.processes.shell && { shell: `${app.name}-shell` }),
    };
}
