// A DNS zone at DigitalOcean, and who may issue certificates for its names.
import * as pulumi from "@pulumi/pulumi";
import { DnsRecord } from "@pulumi/digitalocean/dnsRecord.js";
import { Domain } from "@pulumi/digitalocean/domain.js";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";
import type { DnsZone } from "../contract.ts";

export type DigitalOceanDomainSource =
    | {
          readonly variant: "create";
          readonly domain: string;
          readonly certificateAuthorities: readonly string[];
          /** The zone above, in the same account: there the name servers are entered. @default someone enters them by hand */
          readonly parentZone?: string;
      }
    | { readonly variant: "existing"; readonly domain: string };

export interface DigitalOceanDomainArgs {
    readonly data: DataPolicy;
    readonly source: DigitalOceanDomainSource;
    /** Arguments of digitalocean.Domain over ours. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** The same for every zone. @see https://docs.digitalocean.com/products/networking/dns/getting-started/dns-registrars/ */
const nameServers = ["ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com"];

/** Seconds. Name servers hardly ever change; an hour mends a mistake within one. */
const delegationTtl = 3600;

export class DigitalOceanDomain extends pulumi.ComponentResource implements DnsZone {
    readonly domain: string;
    readonly id: pulumi.Output<string>;
    readonly nameServers: pulumi.Output<readonly string[]>;

    constructor(name: string, args: DigitalOceanDomainArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:dns:DigitalOcean", name, {}, opts);
        const { source } = args;
        this.domain = source.domain;
        this.id = source.variant === "create" ? this.create(name, args, source).name : pulumi.output(source.domain);
        this.nameServers = pulumi.output(source.variant === "create" ? nameServers : []);
        this.registerOutputs({ id: this.id, nameServers: this.nameServers });
    }

    private create(
        name: string,
        { data, native }: DigitalOceanDomainArgs,
        { domain, certificateAuthorities, parentZone }: DigitalOceanDomainSource & { readonly variant: "create" },
    ): Domain {
        const protect = data === "protected";
        const zone = new Domain(`${name}-domain`, withNative({ name: domain }, native), { parent: this, protect });
        for (const authority of certificateAuthorities) {
            new DnsRecord(
                `${name}-caa-${authority}`,
                // Wildcards too, for there is no `issuewild`. The API wants the name absolute.
                {
                    domain: zone.name,
                    type: "CAA",
                    name: "@",
                    flags: 0,
                    tag: "issue",
                    value: `${authority}.`,
                    ttl: 3600,
                },
                { parent: this },
            );
        }
        if (parentZone !== undefined) {
            this.delegate(name, zone, domain, parentZone);
        }
        return zone;
    }

    /** A record has one value. The zone is there first: a server that is named and knows nothing is remembered as wrong. */
    private delegate(name: string, zone: Domain, domain: string, parentZone: string): void {
        for (const server of nameServers) {
            new DnsRecord(
                `${name}-delegation-${server.split(".")[0]!}`,
                {
                    domain: parentZone,
                    type: "NS",
                    name: domain.slice(0, -`.${parentZone}`.length),
                    value: `${server}.`,
                    ttl: delegationTtl,
                },
                { parent: this, dependsOn: [zone] },
            );
        }
    }
}
