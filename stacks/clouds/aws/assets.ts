// From the settings of S3 and CloudFront to the component.
import { S3Assets, type S3AssetsArgs } from "../../../components/assets/aws/s3.ts";
import type { S3AssetsSettings } from "../../../settings/clouds/aws/assets.ts";
import { setCommand } from "../../../settings/problems.ts";
import type { StoreContext } from "../../context.ts";
import { storeError } from "./store.ts";
import { withProvider } from "./with-provider.ts";

export async function createS3Assets(settings: S3AssetsSettings, context: StoreContext): Promise<S3Assets> {
    const { name, placement, clouds, origins, opts } = context;
    const args: S3AssetsArgs = {
        ...placement,
        region: clouds.settings("aws").region,
        host: hostOf(settings, context),
        priceClass: settings.priceClass,
        origins,
        media: settings.media,
        access: accessOf(settings, context),
        ...(settings.native && { native: settings.native }),
    };
    return new S3Assets(name, args, await withProvider(opts, clouds));
}

function hostOf({ host, certificate, zoneId }: S3AssetsSettings, context: StoreContext): S3AssetsArgs["host"] {
    const zone = zoneId ?? platformZone(host, context);
    if (certificate.variant === "existing") {
        return { name: host, certificate: { arn: certificate.arn }, ...(zone !== undefined && { zoneId: zone }) };
    }
    if (zone === undefined) {
        throw storeError("assets", context, {
            path: "zoneId",
            found: "nothing",
            allowed: `the Route 53 zone that ${host} is in, for its records and its certificate's; the platform has none for it`,
            fix: (path) =>
                `${setCommand(path, "ZONE")}, or give a certificate: certificate.variant existing with its arn`,
        });
    }
    return { name: host, certificate: "create", zoneId: zone };
}

/** The platform's zone is used when it is Route 53's and the host lies in it. */
function platformZone(host: string, { platform: { vpc, zone } }: StoreContext) {
    const within = zone !== undefined && (host === zone.domain || host.endsWith(`.${zone.domain}`));
    return vpc?.cloud === "aws" && within ? zone.id : undefined;
}

/** An EKS cluster is named by its ARN or its name; the last word is the name either way. */
function accessOf({ podIdentityCluster }: S3AssetsSettings, { platform, users }: StoreContext): S3AssetsArgs["access"] {
    const { vpc, connection } = platform;
    const cluster =
        podIdentityCluster ?? (vpc?.cloud === "aws" ? connection.clusterIdentifier.split("/").at(-1) : undefined);
    return cluster === undefined ? { by: "key" } : { by: "pods", cluster, users };
}
