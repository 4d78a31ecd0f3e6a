// Field types that the AWS variants share.
import { z } from "zod";
import { retentionDays } from "../../../lib/aws-log-retention.ts";
import { range } from "../../../lib/cidr.ts";
import { ipv4RangeForm, text } from "../../fields.ts";

const id = (kind: string, example: string) =>
    text(`an id that begins with ${kind}-, for example ${example}`, new RegExp(`^${kind}-[0-9a-f]{8,17}$`));

/** Two of the same would be two resources of the same name. */
function different(values: readonly string[]): boolean {
    return new Set(values).size === values.length;
}

const ipv4Range = text(
    "an IPv4 address range that begins with its first address, for example 10.20.0.0/16",
    (value) => {
        try {
            return range(value).bits >= 0;
        } catch {
            return false;
        }
    },
).meta({ typeName: "range", pattern: ipv4RangeForm });

/** What pods may reach. */
export const storeCidrs = z.array(ipv4Range).min(1);

export const storeNetwork = z
    .strictObject({
        vpcId: id("vpc", "vpc-0a1b2c3d4e5f60718").describe("The VPC."),
        subnetIds: z
            .array(id("subnet", "subnet-0a1b2c3d4e5f60718"))
            .min(2)
            .refine(different, { error: "each subnet once" })
            .describe("In at least two zones; without a way out."),
        cidrs: storeCidrs.describe("The address ranges of `subnetIds`: what pods may reach."),
        clientSecurityGroupIds: z
            .array(id("sg", "sg-0a1b2c3d4e5f60718"))
            .refine(different, { error: "each security group once" })
            .default([])
            .describe("Security groups of the cluster's nodes."),
        clientCidrs: z
            .array(
                ipv4Range.refine((value) => !value.endsWith("/0"), {
                    error: "a range of your own, not every address there is",
                }),
            )
            .refine(different, { error: "each range once" })
            .default([])
            .describe(
                "Where pods come from, when they have no security group of the VPC: another network, by VPN or peering.",
            ),
    })
    .refine(({ clientSecurityGroupIds, clientCidrs }) => clientSecurityGroupIds.length + clientCidrs.length > 0, {
        path: ["clientSecurityGroupIds"],
        error: "at least one security group, or one range in clientCidrs: else nobody reaches the store",
    })
    .describe("Where a store is put beside a cluster that is not on AWS, or whose network this program does not know.");

export type StoreNetworkSettings = z.output<typeof storeNetwork>;

export const kmsKeyArn = text(
    "a KMS key's ARN, arn:aws:kms:REGION:ACCOUNT:key/ID",
    /^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/,
);

/** Generations before these run neither PostgreSQL 15 nor Valkey. */
const retired = /^(t1|t2|m[1-4]|r[34]|c[1-4]|x1e?|z1d|g[1-9].*)$/;
const sizes = /^(micro|small|medium|large|xlarge|[1-9][0-9]?xlarge)$/;

/** @param prefix `db` or `cache` */
export function instanceClass(prefix: string, example: string, excluded: readonly string[] = []): z.ZodString {
    return text(`a class of a generation that AWS still builds on, for example ${example}`, (value) => {
        const [service, family = "", size = "", ...rest] = value.split(".");
        const isFamily = /^[a-z][0-9][a-z0-9-]*$/.test(family) && !retired.test(family) && !excluded.includes(family);
        return service === prefix && isFamily && sizes.test(size) && rest.length === 0;
    });
}

const day = "(mon|tue|wed|thu|fri|sat|sun)";
const time = "([01][0-9]|2[0-3]):[0-5][0-9]";

export const weeklyWindow = text(
    "a time of the week in UTC, for example sun:03:00-sun:04:00",
    new RegExp(`^${day}:${time}-${day}:${time}$`),
);

export const dailyWindow = text("a time of the day in UTC, for example 01:00-02:00", new RegExp(`^${time}-${time}$`));

export const retention = z
    .literal(retentionDays, { error: `days that CloudWatch knows: ${retentionDays.join(", ")}` })
    .meta({ unit: "days", typeName: "days that CloudWatch knows" });

export const dnsEndpoint = (example: string) =>
    text(`an endpoint's name without port, for example ${example}`, /^([a-z0-9-]{1,63}\.)+[a-z]{2,}$/);

export const certificates = text(
    "certificates as PEM, beginning with -----BEGIN CERTIFICATE-----",
    /^\s*-----BEGIN CERTIFICATE-----[^]*-----END CERTIFICATE-----\s*$/,
);

export const bucketName = text(
    "a bucket's name: 3 to 63 lower-case letters, digits, hyphens and dots",
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
);
