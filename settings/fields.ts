// The field types that several sections share. A message says what is allowed; settings/problems.ts adds the rest.
import { isIP } from "node:net";
import { z } from "zod";
import { isByteQuantity, isCpuQuantity, type ByteQuantity, type CpuQuantity } from "../lib/quantities.ts";

/** Text of a certain form. The same message meets other text, what is no text, and nothing. */
export function text(allowed: string, fits: (value: string) => boolean): z.ZodString {
    return z.string({ error: allowed }).refine(fits, { error: allowed });
}

function matches(pattern: RegExp): (value: string) => boolean {
    return (value) => pattern.test(value);
}

const dnsLabel = matches(/^[a-z]([a-z0-9-]*[a-z0-9])?$/);

/** A word that becomes part of object names. Twenty characters leave room for what is appended to it. */
export const shortName = text(
    "at most 20 lower-case letters, digits and hyphens, beginning with a letter",
    (value) => dnsLabel(value) && value.length <= 20,
);

/** A whole object name. */
export const objectName = text(
    "at most 63 lower-case letters, digits and hyphens, beginning with a letter",
    (value) => dnsLabel(value) && value.length <= 63,
);

const dnsName = matches(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);

/** A name and no address, because a certificate and a route are for names. */
export const hostName = text(
    "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
    (value) => dnsName(value) && isIP(value) === 0,
);

/** Where images are: what stands before the first slash of their references. */
export const registryServer = text(
    "a lower-case DNS name, with a port where there is one, for example registry.example.org:5000",
    (value) => dnsName(value.replace(/:[0-9]{1,5}$/, "")),
);

const repository = "[a-z0-9][a-z0-9._-]*(:[0-9]+(?=/))?(/[a-z0-9][a-z0-9._-]*)*";
const tag = ":[A-Za-z0-9_][A-Za-z0-9._-]{0,127}";
const digest = "@sha256:[0-9a-f]{64}";

/** An image reference with a tag or a digest: an image without either would be `latest`, which changes under us. */
export const imageReference = text(
    "an image with a tag or a digest, for example registry.example.org/shop:4f2a91c",
    matches(new RegExp(`^${repository}(${tag}(${digest})?|${digest})$`)),
);

export const byteQuantity = z.custom<ByteQuantity>((value) => typeof value === "string" && isByteQuantity(value), {
    error: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
});

/** YAML reads a whole number of processors as a number. */
export const cpuQuantity = z
    .custom<CpuQuantity | number>(
        (value) => (typeof value === "string" || typeof value === "number") && isCpuQuantity(String(value)),
        { error: 'processors or thousandths of one, for example "2" or "250m"' },
    )
    .transform((value) => String(value) as CpuQuantity);

export const environmentVariableName = text(
    "letters, digits and underscores, not beginning with a digit",
    matches(/^[A-Za-z_][A-Za-z0-9_]*$/),
);

export const absolutePath = text(
    "an absolute path of letters, digits, dots, hyphens and underscores, for example /etc/newrelic.ini",
    matches(/^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)+$/),
);

export const urlPath = text("a path that begins with a slash", matches(/^\/[!-~]*$/));

export const cidr = text("an address range, for example 10.20.0.0/16", isAddressRange);

function isAddressRange(value: string): boolean {
    const [address = "", bits = "", ...rest] = value.split("/");
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    return rest.length === 0 && /^(0|[1-9][0-9]{0,2})$/.test(bits) && Number(bits) <= most;
}

export const port = z.int().min(1).max(65535);

/** The name of a size in `operator.sizes`. */
export const sizeName = z.string().min(1);

export const command = z.array(z.string().min(1)).min(1);

/** How many pods: the autoscaler stays between the two. */
export const replicas = z
    .strictObject({ min: z.int().min(1), max: z.int().min(1) })
    .refine(({ min, max }) => min <= max, { path: ["min"], error: "at most max" });
