// From the settings of S3 and CloudFront to the component.
import { S3Assets, type S3AssetsArgs } from "../../../components/assets/aws/s3.ts";
import { nothingElse } from "../../../lib/nothing-else.ts";
import type { ResolvedS3 } from "../../../settings/clouds/aws/resolve.ts";
import type { StackStore } from "../../../settings/load.ts";
import { ofPlatform } from "../../../settings/stores/places.ts";
import type { EnvironmentContext } from "../../context.ts";
import { originsOf, podsOf, staticWritersOf } from "../../users.ts";
import { withCloud } from "../../with-cloud.ts";

export async function createS3Assets(entry: StackStore<ResolvedS3>, context: EnvironmentContext): Promise<S3Assets> {
    const { variant: _, host, certificate, zoneId, priceClass, media, access, native, ...others } = entry.store;
    // What it decides is in `access`.
    const { podIdentityCluster: __, ...rest } = others;
    nothingElse(rest);
    const args: S3AssetsArgs = {
        ...context.placement,
        region: context.clouds.settings("aws").region,
        host: hostOf({ host, certificate, zoneId }, context),
        priceClass,
        origins: originsOf(entry, context),
        media,
        access: accessOf(entry, access, context),
        native,
        rotation: entry.rotation,
    };
    return new S3Assets(entry.name, args, await withCloud("aws", context));
}

function hostOf(
    { host: name, certificate, zoneId: named }: Pick<ResolvedS3, "host" | "certificate" | "zoneId">,
    { platform }: EnvironmentContext,
): S3AssetsArgs["host"] {
    const zoneId = named === ofPlatform ? platform.zone!.id : named;
    return certificate.variant === "existing"
        ? { name, certificate: { arn: certificate.arn }, ...(zoneId !== undefined && { zoneId }) }
        : // Without a zone for its record the settings were refused.
          { name, certificate: "create", zoneId: zoneId! };
}

/** An EKS cluster is named by its ARN or its name; the last word is the name either way. */
function accessOf(
    entry: StackStore<ResolvedS3>,
    access: ResolvedS3["access"],
    context: EnvironmentContext,
): S3AssetsArgs["access"] {
    if (access.by === "key") {
        return access;
    }
    const { clusterIdentifier } = context.platform.connection;
    const cluster = access.cluster === ofPlatform ? clusterIdentifier.split("/").at(-1)! : access.cluster;
    return { by: "pods", cluster, users: podsOf(entry, context), staticWriters: staticWritersOf(entry, context) };
}
