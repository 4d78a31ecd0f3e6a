// Cloud CDN before a bucket that nobody else may read, under a host name of its own.
import * as pulumi from "@pulumi/pulumi";
import { Certificate } from "@pulumi/gcp/certificatemanager/certificate.js";
import { CertificateMap } from "@pulumi/gcp/certificatemanager/certificateMap.js";
import { CertificateMapEntry } from "@pulumi/gcp/certificatemanager/certificateMapEntry.js";
import { DnsAuthorization } from "@pulumi/gcp/certificatemanager/dnsAuthorization.js";
import { BackendBucket } from "@pulumi/gcp/compute/backendBucket.js";
import { GlobalAddress } from "@pulumi/gcp/compute/globalAddress.js";
import { GlobalForwardingRule } from "@pulumi/gcp/compute/globalForwardingRule.js";
import { SSLPolicy } from "@pulumi/gcp/compute/sslpolicy.js";
import { TargetHttpProxy } from "@pulumi/gcp/compute/targetHttpProxy.js";
import { TargetHttpsProxy } from "@pulumi/gcp/compute/targetHttpsProxy.js";
import { URLMap } from "@pulumi/gcp/compute/urlmap.js";
import { RecordSet } from "@pulumi/gcp/dns/recordSet.js";
import type { Bucket } from "@pulumi/gcp/storage/bucket.js";
import { BucketIAMMember } from "@pulumi/gcp/storage/bucketIAMMember.js";
import { withNative } from "../../../lib/native.ts";

export interface CdnArgs {
    /** The environment's name among all of the project: names are generated, so descriptions say whose a part is. */
    readonly instance: string;
    /** Without a scheme. */
    readonly host: string;
    /** The name of a managed zone that `host` is in. @default its records are made elsewhere */
    readonly zone?: pulumi.Input<string>;
    readonly bucket: Bucket;
    /** Whether Pulumi refuses to give the address away. */
    readonly protect: boolean;
    /** Arguments of the BackendBucket, over all others. */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** Seconds; long enough for resolvers to be of use, short enough to move the host. */
const recordTtl = 300;

/** @returns the address that `host` has to lead to */
export function createCdn(name: string, args: CdnArgs, parent: pulumi.ComponentResource): pulumi.Output<string> {
    const opts = { parent };
    const about = descriptionOf(args);
    const address = new GlobalAddress(
        `${name}-address`,
        { ...about, addressType: "EXTERNAL", ipVersion: "IPV4" },
        { parent, protect: args.protect },
    );
    const backend = new BackendBucket(`${name}-backend`, withNative(backendArgs(args), args.native), opts);
    const routes = new URLMap(`${name}-routes`, { ...about, defaultService: backend.id }, opts);
    const https = new TargetHttpsProxy(
        `${name}-https-proxy`,
        {
            ...about,
            urlMap: routes.id,
            certificateMap: pulumi.interpolate`//certificatemanager.googleapis.com/${createCertificate(name, args, parent).id}`,
            sslPolicy: new SSLPolicy(`${name}-tls`, { ...about, minTlsVersion: "TLS_1_2", profile: "RESTRICTED" }, opts)
                .id,
        },
        opts,
    );
    const rule = (suffix: string, target: pulumi.Output<string>, portRange: string): GlobalForwardingRule =>
        new GlobalForwardingRule(
            `${name}-${suffix}`,
            {
                ...about,
                target,
                portRange,
                ipAddress: address.address,
                ipProtocol: "TCP",
                loadBalancingScheme: "EXTERNAL_MANAGED",
            },
            opts,
        );
    const open = rule("https", https.id, "443");
    rule("http", createRedirect(name, args, parent).id, "80");
    letRead(name, args.bucket, open, parent);
    if (args.zone !== undefined) {
        new RecordSet(
            `${name}-record`,
            { managedZone: args.zone, name: `${args.host}.`, type: "A", ttl: recordTtl, rrdatas: [address.address] },
            opts,
        );
    }
    return address.address;
}

function descriptionOf({ instance }: CdnArgs): { readonly description: string } {
    return { description: `Static files of ${instance}` };
}

function backendArgs(args: CdnArgs) {
    return {
        ...descriptionOf(args),
        bucketName: args.bucket.name,
        enableCdn: true,
        compressionMode: "AUTOMATIC",
        cdnPolicy: {
            // What the app wrote at a file holds, in the CDN and in the browser: a year for a hashed name, nothing for the
            // manifest. The other modes shorten the one or keep the other.
            cacheMode: "USE_ORIGIN_HEADERS",
            // A file that is asked for before it is uploaded is not missing for long.
            negativeCaching: false,
            requestCoalescing: true,
            serveWhileStale: 86400,
        },
        customResponseHeaders: ["Strict-Transport-Security: max-age=31536000", "X-Content-Type-Options: nosniff"],
    };
}

/**
 * Private bucket access: the load balancer reads as its own service agent, so the bucket is closed to everyone else.
 *
 * @see https://docs.cloud.google.com/cdn/docs/configure-private-bucket-access
 */
function letRead(name: string, bucket: Bucket, after: pulumi.Resource, parent: pulumi.ComponentResource): void {
    new BucketIAMMember(
        `${name}-cdn-reads`,
        {
            bucket: bucket.name,
            role: "roles/storage.objectViewer",
            member: pulumi.interpolate`serviceAccount:service-${bucket.projectNumber}@https-lb.iam.gserviceaccount.com`,
        },
        // The agent comes into being with the project's first backend bucket, some seconds later: a rule takes longer.
        { parent, dependsOn: after },
    );
}

/** With a zone, Google sees in it that the host is ours, before anyone is sent there; without, at the host's address. */
function createCertificate(name: string, args: CdnArgs, parent: pulumi.ComponentResource): CertificateMap {
    const { host, zone } = args;
    const opts = { parent };
    const about = descriptionOf(args);
    const authorizations = zone === undefined ? [] : [createAuthorization(name, host, zone, parent)];
    const certificate = new Certificate(
        `${name}-certificate`,
        {
            ...about,
            scope: "DEFAULT",
            managed: {
                domains: [host],
                ...(authorizations.length > 0 && { dnsAuthorizations: authorizations.map(({ id }) => id) }),
            },
        },
        opts,
    );
    const map = new CertificateMap(`${name}-certificates`, about, opts);
    new CertificateMapEntry(
        `${name}-certificate-entry`,
        { map: map.name, hostname: host, certificates: [certificate.id] },
        opts,
    );
    return map;
}

function createAuthorization(
    name: string,
    host: string,
    zone: pulumi.Input<string>,
    parent: pulumi.ComponentResource,
): DnsAuthorization {
    const authorization = new DnsAuthorization(
        `${name}-authorization`,
        { domain: host, type: "FIXED_RECORD" },
        { parent },
    );
    const record = authorization.dnsResourceRecords.apply(([first]) => first!);
    new RecordSet(
        `${name}-authorization-record`,
        {
            managedZone: zone,
            name: record.name,
            type: record.type,
            ttl: recordTtl,
            rrdatas: [record.data],
        },
        { parent },
    );
    return authorization;
}

function createRedirect(name: string, args: CdnArgs, parent: pulumi.ComponentResource): TargetHttpProxy {
    const about = descriptionOf(args);
    const redirect = new URLMap(
        `${name}-redirect`,
        {
            ...about,
            defaultUrlRedirect: {
                httpsRedirect: true,
                stripQuery: false,
                redirectResponseCode: "MOVED_PERMANENTLY_DEFAULT",
            },
        },
        { parent },
    );
    return new TargetHttpProxy(`${name}-http-proxy`, { ...about, urlMap: redirect.id }, { parent });
}
