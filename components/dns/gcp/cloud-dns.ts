// A public zone of Cloud DNS, signed, that says who may issue certificates for its names.
import * as pulumi from "@pulumi/pulumi";
import { ManagedZone, type ManagedZoneArgs } from "@pulumi/gcp/dns/managedZone.js";
import { RecordSet } from "@pulumi/gcp/dns/recordSet.js";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";
import type { DnsZone } from "../contract.ts";

export interface CloudDnsZoneArgs {
    /** Without a dot at its end. */
    readonly domain: string;
    readonly data: DataPolicy;
    /** Who may issue certificates for names of the zone, as in a CAA record; empty: anyone. */
    readonly certificateAuthorities: readonly string[];
    /** The zone above: there the name servers are entered. @default someone enters them by hand */
    readonly parentZone?: ParentZone;
    /** @default nothing is changed */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** A managed zone of Cloud DNS. */
export interface ParentZone {
    /** @default the provider's */
    readonly project?: string;
    readonly managedZone: string;
}

/** Seconds. Name servers hardly ever change; two days is what top-level domains use, an hour mends a mistake within one. */
const delegationTtl = 3600;

export class CloudDnsZone extends pulumi.ComponentResource implements DnsZone {
    readonly domain: string;
    readonly id: pulumi.Output<string>;
    readonly nameServers: pulumi.Output<readonly string[]>;
    readonly delegation?: pulumi.Resource;

    constructor(name: string, args: CloudDnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:dns:CloudDnsZone", name, {}, opts);
        this.domain = args.domain;

        const zone = this.createZone(name, args);
        this.id = zone.name;
        this.nameServers = zone.nameServers;
        this.createAuthorities(name, args);
        if (args.parentZone !== undefined) {
            this.delegation = this.delegate(name, args, args.parentZone);
        }

        this.registerOutputs({ domain: this.domain, id: this.id, nameServers: this.nameServers });
    }

    private createZone(name: string, { domain, data, native }: CloudDnsZoneArgs): ManagedZone {
        const zone: ManagedZoneArgs = {
            dnsName: `${domain}.`,
            description: "Django on Kubernetes",
            visibility: "public",
            // Takes effect when the parent zone has the DS record (docs/clouds/gcp.md).
            dnssecConfig: { state: "on", nonExistence: "nsec3" },
            // A zone with records that others made is not deleted with them, unless all of it is disposable.
            forceDestroy: data === "disposable",
        };
        return new ManagedZone(`${name}-zone`, withNative(zone, native), {
            parent: this,
            protect: data === "protected",
        });
    }

    private delegate(name: string, { domain }: CloudDnsZoneArgs, { project, managedZone }: ParentZone): RecordSet {
        return new RecordSet(
            `${name}-delegation`,
            {
                ...(project !== undefined && { project }),
                managedZone,
                name: `${domain}.`,
                type: "NS",
                ttl: delegationTtl,
                rrdatas: this.nameServers.apply((servers) => [...servers]),
            },
            { parent: this },
        );
    }

    private createAuthorities(name: string, { domain, certificateAuthorities }: CloudDnsZoneArgs): void {
        if (certificateAuthorities.length === 0) {
            return;
        }
        new RecordSet(
            `${name}-authorities`,
            {
                managedZone: this.id,
                name: `${domain}.`,
                type: "CAA",
                ttl: 3600,
                rrdatas: certificateAuthorities.map((authority) => `0 issue "${authority}"`),
            },
            { parent: this },
        );
    }
}
