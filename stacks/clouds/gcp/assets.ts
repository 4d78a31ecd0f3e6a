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
import type { CloudStorageSettings } from "../../../settings/clouds/gcp/assets.ts";
import type { StoreContext } from "../../context.ts";
import type { Platform } from "../../platform/contract.ts";
import { isGke, storeOptions } from "./store-options.ts";

export async function createCloudStorageAssets(
    settings: CloudStorageSettings,
    context: StoreContext,
): Promise<CloudStorageAssets> {
    const { name, placement, platform, clouds, origins } = context;
    const { region } = clouds.settings("gcp");
    const args: CloudStorageAssetsArgs = {
        instance: placement.instance,
        data: placement.data,
        location: settings.location ?? region,
        origins,
        static: withZone(settings.static, platform),
        media: settings.media,
        versionDays: settings.versionDays,
        serviceAccount: (opts) => createAccount(settings, context, opts),
        ...(settings.encryptionKey !== undefined && { encryptionKey: settings.encryptionKey }),
        ...(settings.native && { native: settings.native }),
    };
    return new CloudStorageAssets(name, args, await storeOptions(context));
}

type StaticSettings = CloudStorageSettings["static"];

/** The platform's zone is used when it is Cloud DNS's and the host lies in it. */
function withZone(settings: StaticSettings, platform: Platform): CloudStorageAssetsArgs["static"] {
    if (settings.variant === "existing" || settings.zone !== undefined) {
        return settings;
    }
    const { zone } = platform;
    const within = zone !== undefined && (settings.host === zone.domain || settings.host.endsWith(`.${zone.domain}`));
    return isGke(platform) && within ? { ...settings, zone: zone.id } : settings;
}

function createAccount(
    { access }: CloudStorageSettings,
    { name, placement, platform, clouds, users }: StoreContext,
    opts: ComponentResourceOptions,
): AppAccount {
    if (access?.variant === "existing") {
        return {
            email: access.serviceAccount,
            adopted: true,
            annotations: { [gkeAnnotation]: access.serviceAccount },
            egress: gkeMetadataServers,
        };
    }
    const variant = access?.variant ?? (isGke(platform) ? "workload-identity" : "hmac-key");
    const pool =
        (access?.variant === "workload-identity" ? access.pool : undefined) ??
        `${clouds.settings("gcp").project}.svc.id.goog`;
    return new AppServiceAccount(
        `${name}-app`,
        {
            instance: placement.instance,
            access: variant === "hmac-key" ? { variant } : { variant, pool, users, after: platform.ready },
        },
        opts,
    );
}
