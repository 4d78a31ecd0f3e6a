// The field types that several sections share. A message says what is allowed; settings/problems.ts adds the rest.
import { z } from "zod";
import { isByteQuantity, isCpuQuantity, type ByteQuantity, type CpuQuantity } from "../lib/quantities.ts";

const dnsLabelPattern = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

/** A word that becomes part of object names. Twenty characters leave room for what is appended to it. */
export const shortName = z
    .string()
    .max(20)
    .regex(dnsLabelPattern, { error: "lower-case letters, digits and hyphens, beginning with a letter" });

/** A whole object name. */
export const objectName = z
    .string()
    .max(63)
    .regex(dnsLabelPattern, { error: "lower-case letters, digits and hyphens, beginning with a letter" });

export const hostName = z
    .string()
    .max(253)
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
        error: "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
    });

/** An image reference with a tag or a digest: an image without either would be `latest`, which changes under us. */
export const imageReference = z
    .string()
    .regex(/^[a-z0-9][a-z0-9._:/-]*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$/, {
        error: "an image with a tag or a digest, for example registry.example.org/shop:4f2a91c",
    });

export const byteQuantity = z.custom<ByteQuantity>((value) => typeof value === "string" && isByteQuantity(value), {
    error: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
});

export const cpuQuantity = z
    .union([z.string(), z.number()])
    .transform(String)
    .refine((value) => isCpuQuantity(value), { error: 'processors or thousandths of one, for example "2" or "250m"' })
    .transform((value) => value as CpuQuantity);

export const environmentVariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
    error: "letters, digits and underscores, not beginning with a digit",
});

export const absolutePath = z.string().regex(/^(\/[A-Za-z0-9._-]+)+$/, {
    error: "an absolute path of letters, digits, dots, hyphens and underscores, for example /etc/newrelic.ini",
});

export const urlPath = z.string().regex(/^\/[!-~]*$/, { error: "a path that begins with a slash" });

export const cidr = z
    .string()
    .regex(/^([0-9]{1,3}\.){3}[0-9]{1,3}\/([0-9]|[12][0-9]|3[0-2])$|^[0-9a-fA-F:]+\/[0-9]{1,3}$/, {
        error: "an address range, for example 10.20.0.0/16",
    });

export const port = z.int().min(1).max(65535);

/** The name of a size in `operator.sizes`. */
export const sizeName = z.string().min(1);

export const command = z.array(z.string().min(1)).min(1);

/** How many pods: the autoscaler stays between the two. */
export const replicas = z
    .strictObject({ min: z.int().min(1), max: z.int().min(1) })
    .refine(({ min, max }) => min <= max, { error: "min not above max" });
