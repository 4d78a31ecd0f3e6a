// What several of DigitalOcean's sections share.
import { isIPv4 } from "node:net";
import { z } from "zod";
import { isRange, overlaps } from "../../../lib/cidr.ts";
import { databasePlan } from "../../../lib/digitalocean-plans.ts";
import { ipv4RangeForm, text } from "../../fields.ts";

/** What the API calls an id. */
export const id = text(
    "an id, for example 4de7ac8b-495b-4884-9a69-1050c6793cd6",
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
).meta({ typeName: "id" });

/** A network's own range. */
export const range = text("an IPv4 range that begins with its first address, for example 10.110.0.0/20", isRange).meta({
    typeName: "range",
    pattern: ipv4RangeForm,
});

/** DigitalOcean's own. @see https://docs.digitalocean.com/products/networking/vpc/details/limits/ */
const reservedRanges = ["10.229.0.0/16", "10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/24"];

/** RFC 1918. @see https://docs.digitalocean.com/reference/terraform/reference/resources/vpc */
export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** A range that is free to choose. */
export const newRange = range.refine(
    (value) => !isRange(value) || reservedRanges.every((reserved) => !overlaps(value, reserved)),
    {
        error: `a range outside of DigitalOcean's own: ${reservedRanges.join(", ")}`,
    },
);

export const day = z.enum(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);

export const time = text('hours and minutes, UTC, in quotes, for example "03:00"', /^([01][0-9]|2[0-3]):[0-5][0-9]$/);

export const databaseMaintenance = z
    .strictObject({
        day: day.default("sunday").describe("Of the week."),
        hour: time.default("03:00").describe("UTC."),
    })
    .describe("When the server may be restarted for updates.");

/** Slugs of Droplets begin with these, too, and no database has one. */
const dropletSlug = /^(s|c|c2|g)-/;

export const databaseSize = text(
    "a slug of a managed database, for example db-s-2vcpu-4gb: doctl databases options slugs",
    (value) => databasePlan(value) !== undefined && !dropletSlug.test(value),
)
    .meta({ alsoCalled: ["tier", "plan", "slug", "instanceType", "instanceClass", "nodeType"] })
    .describe("The machine of each node.");

const source = text("an IPv4 address or range, for example 10.20.0.0/16", (value) => isIPv4(value) || isRange(value));

export const storeNetwork = z
    .strictObject({
        vpc: id.describe("The VPC's id."),
        range: range.describe("Its range: where the server's private address is."),
        clusters: z.array(id).default([]).describe("Ids of DOKS clusters whose pods may connect."),
    })
    .describe("Where a store is when the platform is not DigitalOcean's, and who is let in.");

export const trustedSources = z
    .array(source)
    .default([])
    .describe("Addresses and ranges that may connect besides clusters.");

/** A server without a rule is open to everyone. @returns what is wrong, at `network` */
export function openToAll({
    network,
    trustedSources: sources,
}: {
    readonly network?: StoreNetworkSettings | undefined;
    readonly trustedSources: readonly string[];
}): string | undefined {
    const closed = network === undefined || network.clusters.length + sources.length > 0;
    return closed
        ? undefined
        : "at least one of clusters, or of trustedSources beside network: a server that names nobody is open to all";
}

export type StoreNetworkSettings = z.output<typeof storeNetwork>;
