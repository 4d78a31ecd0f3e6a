// One environment: a namespace, its stores, the app, and the way in.
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import type { DataPolicy, Placement } from "../components/contract.ts";
import { DjangoApp } from "../components/django/django.ts";
import { publicUrl } from "../components/edge/url.ts";
import { RestrictedNamespace } from "../components/namespace/restricted.ts";
import type { EnvironmentKind } from "../settings/environment.ts";
import type { StackSettings } from "../settings/load.ts";
import { processesOf } from "./app.ts";
import type { EnvironmentOutputs } from "./outputs.ts";
import type { Platform } from "./platform/contract.ts";
import { createAssets, createBroker, createCache, createDatabase } from "./stores.ts";

const dataPolicies: Record<EnvironmentKind, DataPolicy> = {
    local: "disposable",
    staging: "kept",
    production: "protected",
};

export async function createEnvironment(settings: StackSettings, platform: Platform): Promise<EnvironmentOutputs> {
    const { environment, app, operator, secrets, exposure } = settings;
    const data = dataPolicies[environment.kind];
    const opts: ComponentResourceOptions = { providers: [platform.kubernetes, new RandomProvider("random")] };

    const namespace = new RestrictedNamespace(
        "namespace",
        { name: environment.namespace, environmentKind: environment.kind, data },
        opts,
    );
    const placement: Placement = { namespace: namespace.namespace, instance: environment.namespace, data };
    const [database, cache, broker, assets] = await Promise.all([
        createDatabase(settings, platform, placement, opts),
        createCache(settings, placement, opts),
        createBroker(settings, platform, placement, opts),
        createAssets(settings, platform, placement, opts),
    ]);

    const entry = entryOf(settings, platform);
    const django = new DjangoApp(
        app.name,
        {
            ...placement,
            image: app.image,
            processes: processesOf(app, operator, assets),
            stores: { database, assets, ...(cache && { cache }), ...(broker && { broker }) },
            after: [namespace, database, assets, ...(cache ? [cache] : []), ...(broker ? [broker] : [])],
            environmentPrefix: app.environmentPrefix,
            hosts: app.hosts,
            ...(entry && { url: publicUrl(entry) }),
            environment: app.environment,
            files: app.files,
            runAs: app.runAs,
            egress: app.egress,
            ...(platform.gateway?.from && { ingressFrom: platform.gateway.from }),
            ...(app.registry && secrets.registryPassword && { registry: { ...app.registry, password: secrets.registryPassword } }),
            ...superuserOf(settings),
            secrets,
        },
        opts,
    );

    if (entry !== undefined) {
        const { GatewayEdge } = await import("../components/edge/gateway.ts");
        const backend = { service: django.webService, port: django.webPort };
        new GatewayEdge("edge", { ...placement, ...entry, backend }, opts);
    }

    return {
        outputsVersion: 1,
        environment: { kind: environment.kind, name: environment.name },
        namespace: namespace.namespace,
        app: {
            name: app.name,
            image: app.image,
            ...(exposure.variant === "gateway" && entry && { url: publicUrl(entry) }),
            service: django.webService,
            port: django.webPort,
            ...(app.shell && { shell: `${app.name}-shell` }),
        },
    };
}

/** The way in from outside, or undefined when there is none. */
function entryOf({ app, exposure }: StackSettings, { gateway, issuer }: Platform) {
    if (exposure.variant === "none" || gateway === undefined) {
        return undefined;
    }
    return { hosts: app.hosts, gateway, ...(issuer && { issuer }) };
}

function superuserOf({ app, secrets }: StackSettings) {
    if (app.contract !== "django" || app.release.superuser === undefined) {
        return undefined;
    }
    const password = secrets.superuserPassword;
    return { superuser: { ...app.release.superuser, ...(password && { password }) } };
}
