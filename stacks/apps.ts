// An app of an environment, with the stores that it uses.
import { DjangoApp } from "../components/django/django.ts";
import type { DjangoArgs } from "../components/django/contract.ts";
import { publicUrl } from "../components/edge/url.ts";
import type { RestrictedNamespace } from "../components/namespace/restricted.ts";
import { nothingElse } from "../lib/nothing-else.ts";
import type { StackApp } from "../settings/load.ts";
import type { EnvironmentContext } from "./context.ts";
import type { Platform, Sources } from "./platform/contract.ts";
import { processesOf } from "./processes.ts";
import { storesFor, type MadeStores } from "./stores.ts";

export interface MadeApp {
    readonly app: StackApp;
    readonly django: DjangoApp;
    readonly url?: string;
}

/**
 * @param callers who may call the web pods, where it is not the platform that says so
 * @param namespace its quota and limits are there before the app is
 */
export function createApp(
    app: StackApp,
    made: MadeStores,
    namespace: RestrictedNamespace,
    context: EnvironmentContext,
    callers?: Sources,
): MadeApp {
    const { placement, platform, sleepers, opts } = context;
    const address = context.address?.(app.hosts[0]!);
    const { stores, after } = storesFor(app, made);
    const url = address && publicUrl(app.hosts[0]!, address);
    const django = new DjangoApp(
        app.name,
        {
            ...placement,
            app: app.name,
            image: app.image,
            processes: processesOf(app, stores.assets, platform.lent?.gateway, sleepers !== undefined),
            stores,
            prefixes: app.prefixes,
            after: [namespace, ...after],
            environmentPrefix: app.environmentPrefix,
            hosts: app.hosts,
            url,
            maxBodySize: app.maxBodySize,
            environment: app.environment,
            files: app.files,
            volumes: volumesOf(app, platform.storageClass),
            runAs: app.runAs,
            egress: app.egress,
            ingressFrom: callers ?? platform.gateway?.from ?? platform.webFrom,
            askedByAddress: askedByAddress(platform),
            drain: platform.gateway?.drain ?? platform.webDrain,
            registry: app.registry,
            superuser: app.superuser,
            rotations: app.rotations,
            secrets: app.secrets,
        },
        opts,
    );
    return { app, django, ...(url !== undefined && { url }) };
}

/** Whether a load balancer asks web pods by their own address how they are. */
export function askedByAddress({ gateway, lent }: Platform): boolean {
    return gateway === undefined ? lent?.gateway?.healthHost === "pod-address" : gateway.kind === "aws";
}

/** @param storageClass the platform's, for those that name none */
function volumesOf({ volumes }: StackApp, storageClass: string | undefined): DjangoArgs["volumes"] {
    return Object.fromEntries(
        Object.entries(volumes).map(([name, { path, storage, accessMode, storageClass: own, ...rest }]) => {
            nothingElse(rest);
            return [name, { path, storage, accessMode, storageClass: own ?? storageClass }];
        }),
    );
}
