// The field types that several sections share. A message says what is allowed; settings/problems.ts adds the rest.
import { isIP } from "node:net";
import { z } from "zod";
import {
    byteForm,
    cpuForm,
    isByteQuantity,
    isCpuQuantity,
    type ByteQuantity,
    type CpuQuantity,
} from "../lib/quantities.ts";
import { imageFault } from "./check/spellings/addresses.ts";

// What a setting says of itself beside its form. The tables of docs/settings.md and settings.schema.json are made of it: `make docs`
// after a change. `description` is zod's own.
declare module "zod" {
    interface GlobalMeta {
        /** What the tables call the type; explained above them. */
        typeName?: string;
        /** What is allowed, in the words of the error message. */
        allowed?: string;
        /** For editors, of what only a function can check: all that is right matches it. */
        pattern?: string;
        /** Of a number. */
        unit?: string;
        /** What holds when nothing is set, where the value comes later in the program, or its words say more than itself. */
        defaultsTo?: string;
        /** The section whose settings stand here too. */
        sameAs?: string;
        /** The resource type whose arguments stand here, as its SDK names it. */
        nativeOf?: string;
        /** What others call this setting, or this variant: whoever writes one of these is told which was meant. */
        alsoCalled?: readonly string[];
        /** What others call the words that a setting may be. */
        alsoSaid?: Readonly<Record<string, string>>;
        /** A value to show in a command. In capitals where only the user knows it: IMAGE. */
        example?: string;
    }
}

/**
 * Text of a certain form. The same message meets other text, what is no text, and nothing.
 *
 * @param form an expression, which editors are told too, or a function
 */
export function text(allowed: string, form: RegExp | ((value: string) => boolean)): z.ZodString {
    const anyText = z.string({ error: allowed });
    const fitting =
        form instanceof RegExp ? anyText.regex(form, { error: allowed }) : anyText.refine(form, { error: allowed });
    return fitting.meta({ allowed });
}

/** A word that becomes part of object names. Twenty characters leave room for what is appended to it. */
export const shortName = text(
    "at most 20 lower-case letters, digits and hyphens, beginning with a letter",
    /^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/,
).meta({ typeName: "name" });

/** A whole object name. */
export const objectName = text(
    "at most 63 lower-case letters, digits and hyphens, beginning with a letter",
    /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
).meta({ typeName: "object name" });

const dnsName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The cause first, where it is clear. */
function withCause(cause: string | undefined, allowed: string): string {
    return cause === undefined ? allowed : `${cause}: ${allowed}`;
}

/** The form of a DNS name, which an IPv4 address has too. */
export const serverName = dnsName;

/** A name and no address, because a certificate and a route are for names. */
export const hostName = text(
    "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
    (value) => dnsName.test(value) && isIP(value) === 0,
).meta({ typeName: "DNS name", pattern: dnsName.source, example: "HOST" });

/** Where images are: what stands before the first slash of their references. */
export const registryServer = text(
    "a lower-case DNS name, with a port where there is one, for example registry.example.org:5000",
    (value) => dnsName.test(value.replace(/:[0-9]{1,5}$/, "")),
).meta({ typeName: "DNS name, with or without port", pattern: "^[a-z0-9.-]+(:[0-9]{1,5})?$" });

const repository = "[a-z0-9][a-z0-9._-]*(:[0-9]+(?=/))?(/[a-z0-9][a-z0-9._-]*)*";
const tag = ":[A-Za-z0-9_][A-Za-z0-9._-]{0,127}";
const digest = "@sha256:[0-9a-f]{64}";

/** An image reference with a tag or a digest: an image without either would be `latest`, which changes under us. */
const imageForm = new RegExp(`^${repository}(${tag}(${digest})?|${digest})$`);
const allowedImage = "an image with a tag or a digest, for example registry.example.org/shop:4f2a91c";

export const imageReference = z
    .string({ error: allowedImage })
    .regex(imageForm, { error: ({ input }) => withCause(imageFault(String(input)), allowedImage) })
    .meta({
        typeName: "image",
        example: "IMAGE",
        allowed: allowedImage,
        alsoCalled: ["docker", "dockerImage", "container", "containerImage"],
    });

const allowedBytes = 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"';

export const byteQuantity = z
    .custom<ByteQuantity>((value) => typeof value === "string" && isByteQuantity(value), { error: allowedBytes })
    .meta({ typeName: "quantity", type: "string", pattern: byteForm.source, allowed: allowedBytes });

const allowedProcessors = 'processors or thousandths of one, for example "2" or "250m"';

/** YAML reads a whole number of processors as a number. */
export const cpuQuantity = z
    .custom<CpuQuantity | number>(
        (value) => (typeof value === "string" || typeof value === "number") && isCpuQuantity(String(value)),
        { error: allowedProcessors },
    )
    .transform((value) => String(value) as CpuQuantity)
    .meta({ typeName: "processors", type: ["string", "number"], pattern: cpuForm.source, allowed: allowedProcessors });

export const environmentVariableName = text(
    "letters, digits and underscores, not beginning with a digit",
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    // As the keys of a ConfigMap.
).max(253, { error: "a name of at most 253 characters" });

/** Linux takes no longer path (PATH_MAX), nor a longer name in it (NAME_MAX). */
export const absolutePath = text(
    "an absolute path of letters, digits, dots, hyphens and underscores, for example /etc/newrelic.ini",
    /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)+$/,
).refine((path) => path.length <= 4095 && path.split("/").every((name) => name.length <= 255), {
    error: "a path of at most 4095 characters, with names of at most 255",
});

/** Comments between certificates, as in the bundles of clouds, are let through. */
const onePem = /-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=]{1,76}\n)+-----END CERTIFICATE-----/;

/** The certificates of one CA or several, one behind the other. */
export const certificateBundle = text(
    "certificates as PEM, the first beginning with -----BEGIN CERTIFICATE-----, in YAML behind a |",
    (value) => {
        const parts = value.replaceAll("\r\n", "\n").split(/(?<=-----END CERTIFICATE-----)/);
        const certificates = parts.filter((part) => part.trim() !== "");
        return (
            certificates.length > 0 &&
            !value.includes("PRIVATE KEY") &&
            certificates.every((part) => onePem.test(part) && part.split("-----BEGIN ").length === 2)
        );
    },
).meta({ typeName: "PEM", pattern: "-----BEGIN CERTIFICATE-----" });

export const urlPath = text("a path that begins with a slash", /^\/[!-~]*$/);

export const cidr = text("an address range, for example 10.20.0.0/16", isAddressRange).meta({
    example: "RANGE",
    pattern: "^[0-9A-Fa-f.:]+/[0-9]{1,3}$",
});

function isAddressRange(value: string): boolean {
    const [address = "", bits = "", ...rest] = value.split("/");
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    return rest.length === 0 && /^(0|[1-9][0-9]{0,2})$/.test(bits) && Number(bits) <= most;
}

/** Of an IPv4 range, for `pattern`. */
export const ipv4RangeForm = "^([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}$";

export const seconds = z.int().min(1).meta({ unit: "seconds" });

/** What chooses the variant of a union that is meant where nothing chooses. */
export function byDefault<const Word extends string>(word: Word) {
    return z.literal(word).optional().default(word);
}

export const port = z.int().min(1).max(65535).meta({ typeName: "port" });

/** The name of a size in `operator.sizes`. */
export const sizeName = z
    .string()
    .min(1)
    .meta({
        typeName: "size",
        allowed: "the name of a size in operator.sizes, for example medium",
        alsoCalled: ["resources", "cpu", "memory", "mem", "ram", "requests", "limits"],
    });

export const command = z
    .array(z.string().min(1))
    .min(1)
    .meta({ typeName: "list of words", alsoCalled: ["args", "cmd", "entrypoint"] });

/** How many pods: the autoscaler stays between the two. */
export const replicas = z
    .strictObject({
        min: z
            .int()
            .min(1)
            .meta({ alsoCalled: ["minimum", "minReplicas", "minPods", "minCount"] })
            .describe("The fewest. Name both or none."),
        max: z
            .int()
            .min(1)
            .meta({ alsoCalled: ["maximum", "maxReplicas", "maxPods", "maxCount"] })
            .describe("The most."),
    })
    .meta({ alsoCalled: ["autoscaling", "hpa", "scaling", "scale", "count", "instances", "pods"] })
    .superRefine(minAtMostMax);

/** Of what has a fewest and a most. */
export function minAtMostMax(
    { min, max }: { readonly min: number; readonly max: number },
    context: z.RefinementCtx,
): void {
    if (min > max) {
        context.addIssue({ code: "custom", path: ["min"], message: `at most ${max}, which is max` });
    }
}
