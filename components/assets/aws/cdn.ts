// CloudFront before a private bucket, under a name of our own (R64-R66).
import type * as pulumi from "@pulumi/pulumi";
import { Certificate } from "@pulumi/aws/acm/certificate.js";
import { CertificateValidation } from "@pulumi/aws/acm/certificateValidation.js";
import { Distribution, type DistributionArgs } from "@pulumi/aws/cloudfront/distribution.js";
import { OriginAccessControl } from "@pulumi/aws/cloudfront/originAccessControl.js";
import { ResponseHeadersPolicy, type ResponseHeadersPolicyArgs } from "@pulumi/aws/cloudfront/responseHeadersPolicy.js";
import { Record as DnsRecord } from "@pulumi/aws/route53/record.js";
import type { Bucket } from "@pulumi/aws/s3/bucket.js";
import { withNative } from "../../../lib/native.ts";

/** A host name of our own; without a zone its records and its certificate's are somebody else's. */
export type CdnHost =
    | { readonly name: string; readonly certificate: "create"; readonly zoneId: pulumi.Input<string> }
    | { readonly name: string; readonly certificate: { readonly arn: string }; readonly zoneId?: pulumi.Input<string> };

export interface CdnArgs {
    readonly bucket: Bucket;
    readonly instance: string;
    readonly host: CdnHost;
    readonly priceClass: string;
    /** Pages that may use the files' fonts. Empty for any. */
    readonly origins: readonly string[];
    readonly tags: Readonly<Record<string, string>>;
    readonly native?: Readonly<Record<string, unknown>>;
}

/** CloudFront's certificates are in this region, wherever the rest is. */
const certificateRegion = "us-east-1";

/** Policies of AWS's own: they need no place among the twenty that an account may have. */
const managed = {
    /** Nothing but the path and the encoding tells two requests apart; a day for what says nothing itself, a year at most. */
    cachingOptimized: "658327ea-f89d-4fab-a63d-7e88639e58f6",
    /** S3 sees where a request comes from, else it cannot answer a browser that asks first. */
    corsS3Origin: "88a5eaf4-2fd5-4709-b370-b4c650ea3fcf",
};

export function cdn(name: string, args: CdnArgs, parent: pulumi.Resource): Distribution {
    const { host } = args;
    const opts = { parent };
    const access = new OriginAccessControl(
        `${name}-access`,
        {
            description: `Lets CloudFront read the static files of ${args.instance}`,
            originAccessControlOriginType: "s3",
            signingBehavior: "always",
            signingProtocol: "sigv4",
        },
        opts,
    );
    const distribution = new Distribution(
        `${name}-distribution`,
        withNative<DistributionArgs>(
            {
                enabled: true,
                comment: `Static files of ${args.instance}`,
                aliases: [host.name],
                origins: [
                    {
                        originId: "static",
                        domainName: args.bucket.bucketRegionalDomainName,
                        originAccessControlId: access.id,
                    },
                ],
                defaultCacheBehavior: {
                    targetOriginId: "static",
                    viewerProtocolPolicy: "redirect-to-https",
                    allowedMethods: ["GET", "HEAD", "OPTIONS"],
                    cachedMethods: ["GET", "HEAD"],
                    compress: true,
                    cachePolicyId: managed.cachingOptimized,
                    originRequestPolicyId: managed.corsS3Origin,
                    responseHeadersPolicyId: createHeaders(`${name}-headers`, args, opts).id,
                },
                // A file that a release brings in a moment must not be missing for the minutes that follow. S3 says 403 for
                // what is not there to whoever may not list.
                customErrorResponses: [403, 404].map((errorCode) => ({ errorCode, errorCachingMinTtl: 10 })),
                httpVersion: "http2and3",
                isIpv6Enabled: true,
                priceClass: args.priceClass,
                restrictions: { geoRestriction: { restrictionType: "none" } },
                viewerCertificate: {
                    acmCertificateArn: certificateOf(name, host, args.tags, opts),
                    sslSupportMethod: "sni-only",
                    minimumProtocolVersion: "TLSv1.2_2021",
                },
                tags: args.tags,
            },
            args.native,
        ),
        opts,
    );
    if (host.zoneId !== undefined) {
        for (const type of ["A", "AAAA"]) {
            new DnsRecord(
                `${name}-${type.toLowerCase()}`,
                {
                    zoneId: host.zoneId,
                    name: host.name,
                    type,
                    aliases: [
                        {
                            name: distribution.domainName,
                            zoneId: distribution.hostedZoneId,
                            evaluateTargetHealth: false,
                        },
                    ],
                },
                opts,
            );
        }
    }
    return distribution;
}

/** @returns the certificate's ARN, once it can be used */
function certificateOf(
    name: string,
    host: CdnHost,
    tags: Readonly<Record<string, string>>,
    opts: { readonly parent: pulumi.Resource },
): pulumi.Input<string> {
    if (host.certificate !== "create") {
        return host.certificate.arn;
    }
    const certificate = new Certificate(
        `${name}-certificate`,
        { domainName: host.name, validationMethod: "DNS", region: certificateRegion, tags },
        opts,
    );
    // One name, so one option; in a preview there is none yet.
    const proof = certificate.domainValidationOptions.apply((options) => (options as typeof options | undefined)?.[0]);
    const record = new DnsRecord(
        `${name}-certificate-proof`,
        {
            zoneId: host.zoneId,
            name: proof.apply((found) => found?.resourceRecordName ?? ""),
            type: proof.apply((found) => found?.resourceRecordType ?? "CNAME"),
            records: [proof.apply((found) => found?.resourceRecordValue ?? "")],
            ttl: 300,
        },
        opts,
    );
    return new CertificateValidation(
        `${name}-certificate-valid`,
        { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn], region: certificateRegion },
        opts,
    ).certificateArn;
}

/**
 * Nothing about caching: these headers go with every answer, a 403 or 503 of S3 included, and a browser would keep that one as long
 * as the file (R85). How long a file is kept, the app's storage writes at the object.
 */
function createHeaders(
    name: string,
    { instance, origins }: CdnArgs,
    opts: { readonly parent: pulumi.Resource },
): ResponseHeadersPolicy {
    const headers: ResponseHeadersPolicyArgs = {
        comment: `Static files of ${instance}`,
        // A page of another host may use a font only when this says so.
        corsConfig: {
            accessControlAllowCredentials: false,
            accessControlAllowHeaders: { items: ["*"] },
            accessControlAllowMethods: { items: ["GET", "HEAD"] },
            accessControlAllowOrigins: { items: origins.length === 0 ? ["*"] : [...origins] },
            accessControlMaxAgeSec: 86400,
            originOverride: true,
        },
        securityHeadersConfig: {
            contentTypeOptions: { override: true },
            strictTransportSecurity: { accessControlMaxAgeSec: 31536000, override: true },
        },
    };
    return new ResponseHeadersPolicy(name, headers, opts);
}
