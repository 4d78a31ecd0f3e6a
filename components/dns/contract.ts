import type { Input, Output, Resource } from "@pulumi/pulumi";

/** A DNS zone that the environments' host names are in. */
export interface DnsZone {
    /** Without a dot at its end, for example `shop.example.org`. */
    readonly domain: string;
    /** The cloud's own id of the zone: GCP's managed zone name, Route 53's zone id, DigitalOcean's domain name. */
    readonly id: Input<string>;
    /** What the parent zone has to name in its NS records; empty for an adopted zone. */
    readonly nameServers: Output<readonly string[]>;
    /** Where the zone above names this one; what is certified by its records waits for it. @default others make it */
    readonly delegation?: Resource;
}
