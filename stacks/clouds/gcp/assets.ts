// From the settings of Cloud Storage to the buckets and the service account that the app is.
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import {
    CloudStorageAssets,
    type AppAccount,
    type CloudStorageAssetsArgs,
} from "../../../components/assets/gcp/cloud-storage.ts";
import type { PodIdentity } from "../../../components/identity/contract.ts";
import {
    AppServiceAccount,
    gkeAnnotation,
    gkeMetadataServers,
} from "../../../components/identity/gcp/service-account.ts";
import { nothingElse } from "../../../lib/nothing-else.ts";
import type { ResolvedCloudStorage } from "../../../settings/clouds/gcp/resolve.ts";
import type { StackStore } from "../../../settings/load.ts";
import { ofPlatform } from "../../../settings/stores/places.ts";
import type { EnvironmentContext } from "../../context.ts";
import type { Platform } from "../../platform/contract.ts";
import { originsOf, podsOf, staticWritersOf } from "../../users.ts";
import { certifiedOptions } from "./store-options.ts";

export async function createCloudStorageAssets(
    entry: StackStore<ResolvedCloudStorage>,
    context: EnvironmentContext,
): Promise<CloudStorageAssets> {
    const { instance, data } = context.placement;
    const {
        variant: _,
        location,
        static: files,
        media,
        versionDays,
        access,
        encryptionKey,
        native,
        ...rest
    } = entry.store;
    nothingElse(rest);
    const args: CloudStorageAssetsArgs = {
        instance,
        data,
        location,
        origins: originsOf(entry, context),
        static: withZone(files, context.platform),
        media,
        versionDays,
        serviceAccount: (opts) => createAccount(entry, access, context, opts),
        staticWriter: (opts) => createStaticWriter(entry, access, context, opts),
        encryptionKey,
        native,
    };
    return new CloudStorageAssets(entry.name, args, await certifiedOptions(context));
}

function withZone(files: ResolvedCloudStorage["static"], { zone }: Platform): CloudStorageAssetsArgs["static"] {
    return files.variant === "existing" ? files : { ...files, zone: files.zone === ofPlatform ? zone!.id : files.zone };
}

function createAccount(
    entry: StackStore<ResolvedCloudStorage>,
    access: ResolvedCloudStorage["access"],
    context: EnvironmentContext,
    opts: ComponentResourceOptions,
): AppAccount {
    if (access.variant === "existing") {
        return adopted(access.serviceAccount);
    }
    return newAccount(`${entry.name}-app`, withRotation(entry, access), podsOf(entry, context), context, opts);
}

/** Beside an account that is there one is made, unless that is there too: the app's own writes no static files (R84). */
function createStaticWriter(
    entry: StackStore<ResolvedCloudStorage>,
    access: ResolvedCloudStorage["access"],
    context: EnvironmentContext,
    opts: ComponentResourceOptions,
): AppAccount {
    if (access.variant === "existing" && access.staticServiceAccount !== undefined) {
        return adopted(access.staticServiceAccount);
    }
    const own = access.variant === "existing" ? { variant: "workload-identity" as const, pool: access.pool } : access;
    return newAccount(
        `${entry.name}-collectstatic`,
        withRotation(entry, own),
        staticWritersOf(entry, context),
        context,
        opts,
    );
}

type NewAccess = Exclude<ResolvedCloudStorage["access"], { variant: "existing" }>;

function withRotation({ rotation }: StackStore<ResolvedCloudStorage>, access: NewAccess) {
    return access.variant === "hmac-key" ? { ...access, rotation } : access;
}

function adopted(email: string): AppAccount {
    return { email, adopted: true, annotations: { [gkeAnnotation]: email }, egress: gkeMetadataServers };
}

function newAccount(
    name: string,
    access: ReturnType<typeof withRotation>,
    users: readonly PodIdentity[],
    { placement: { instance }, platform }: EnvironmentContext,
    opts: ComponentResourceOptions,
): AppServiceAccount {
    const how =
        access.variant === "hmac-key" ? access : { ...access, users, after: platform.workloadPool ?? platform.ready };
    return new AppServiceAccount(name, { instance, access: how }, opts);
}
