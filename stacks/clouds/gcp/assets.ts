// From the settings of Cloud Storage to the buckets and the service account that the app is.
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import {
    CloudStorageAssets,
    type AppAccount,
    type CloudStorageAssetsArgs,
} from "../../../components/assets/gcp/cloud-storage.ts";
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
import { originsOf, podsOf } from "../../users.ts";
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
        return {
            email: access.serviceAccount,
            adopted: true,
            annotations: { [gkeAnnotation]: access.serviceAccount },
            egress: gkeMetadataServers,
        };
    }
    const { placement, platform } = context;
    return new AppServiceAccount(
        `${entry.name}-app`,
        {
            instance: placement.instance,
            access:
                access.variant === "hmac-key"
                    ? access
                    : { ...access, users: podsOf(entry, context), after: platform.ready },
        },
        opts,
    );
}
