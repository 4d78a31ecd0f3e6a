// Buckets that are there, behind any server that speaks S3: where it is, how it is called, and how it is trusted.
import { z } from "zod";
import { cidr, text } from "./fields.ts";

export const bucketName = text(
    "a bucket's name: 3 to 63 lower-case letters, digits, hyphens and dots",
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
);

/** Of a server: what stands before the first slash of its addresses. */
const authority = "[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[1-9][0-9]{0,4})?";

const endpoint = text(
    "an address of scheme and host, with a port where there is one, without a slash at its end, for example https://s3.example.org",
    new RegExp(`^https?://${authority}$`),
).meta({ example: "https://s3.example.org" });

const publicAddress = text(
    "an address with a slash at its end, for example https://static.shop.example.org/",
    new RegExp(`^https?://${authority}/([!-~]*/)?$`),
).meta({ example: "https://static.shop.example.org/" });

const certificates = text(
    "certificates as PEM, beginning with -----BEGIN CERTIFICATE-----",
    /^\s*-----BEGIN CERTIFICATE-----[^]*-----END CERTIFICATE-----\s*$/,
);

/** The server, and how it is called. */
export const objectServer = {
    endpoint: endpoint
        .meta({ alsoCalled: ["endpointUrl", "host", "server", "address", "url"] })
        .describe(
            "Where the server answers, for the pods and for browsers: the addresses of uploaded files that the app signs begin with it.",
        ),
    region: text("letters, digits and hyphens", /^[A-Za-z0-9-]{1,64}$/)
        .default("us-east-1")
        .describe("What requests are signed for; most servers take this one, Cloudflare's R2 wants `auto`."),
    addressing: z
        .enum(["path", "virtual"])
        .default("path")
        .meta({ alsoCalled: ["addressingStyle", "pathStyle", "forcePathStyle"] })
        .describe("Whether a bucket's name is part of the path, or stands before the host's name."),
    cidrs: z.array(cidr).min(1).optional().meta({
        description: "Where the server is, for one that has no public address: pods may go there, to its port.",
        defaultsTo: "public IPv4 addresses, at the port of `endpoint`",
    }),
    ca: certificates.optional().meta({
        description: "What the certificate of `endpoint` is signed by, where that is a CA of your own.",
        defaultsTo: "the CAs that every system trusts",
    }),
};

export const s3CompatibleAssets = z
    .strictObject({
        variant: z.literal("s3-compatible").meta({
            alsoCalled: ["minio", "versitygw", "ceph", "garage", "r2", "wasabi", "b2", "scaleway", "hetzner"],
        }),
        ...objectServer,
        static: z
            .strictObject({
                bucket: bucketName.describe("Its name."),
                url: publicAddress
                    .meta({ alsoCalled: ["address", "cdn", "staticUrl"] })
                    .describe("Where browsers read it: the bucket's own public address, or a CDN's before it."),
            })
            .describe("The bucket of static files, which the release fills."),
        media: z
            .strictObject({ bucket: bucketName.describe("Its name.") })
            .describe("The bucket of uploaded files; nothing of it needs to be public."),
    })
    .describe(
        "Buckets that are there, of any server that speaks S3; keys: `secrets.assetsAccessKeyId` and the others.",
    );

/** Uploaded files alone, where static files are served by the pods. */
export const mediaInBucket = z
    .strictObject({
        from: z.literal("bucket").meta({ alsoCalled: ["s3", "s3-compatible", "minio"] }),
        ...objectServer,
        bucket: bucketName.describe("Its name; nothing of it needs to be public."),
    })
    .describe("In a bucket that is there, of any server that speaks S3.");

export type S3CompatibleSettings = z.output<typeof s3CompatibleAssets>;

/** What both have. */
export type ObjectStorageSettings = Pick<
    z.output<typeof mediaInBucket>,
    "endpoint" | "region" | "addressing" | "cidrs" | "ca"
>;
