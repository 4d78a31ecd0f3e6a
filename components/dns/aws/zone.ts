// A public zone of an instance's own: its records can be changed and lost without touching another's.
import * as pulumi from "@pulumi/pulumi";
import { Key } from "@pulumi/aws/kms/key.js";
import { HostedZoneDnsSec } from "@pulumi/aws/route53/hostedZoneDnsSec.js";
import { KeySigningKey } from "@pulumi/aws/route53/keySigningKey.js";
import { Record as DnsRecord } from "@pulumi/aws/route53/record.js";
import { Zone } from "@pulumi/aws/route53/zone.js";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";
import type { DnsZone } from "../contract.ts";

export interface Route53ZoneArgs {
    readonly account: string;
    readonly data: DataPolicy;
    readonly domain: string;
    /** Who may issue certificates for names of the zone. */
    readonly certificateAuthorities: readonly string[];
    /** The zone above, where it is in the same account: there the name servers are entered. @default someone enters them by hand */
    readonly parentZoneId?: string;
    /** Signs the answers. The zone above has to be told `dsRecord` before anyone checks. */
    readonly dnssec: boolean;
    /** Arguments of aws.route53.Zone over ours. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** Seconds. Name servers hardly ever change; two days is what top-level domains use, an hour mends a mistake within one. */
const delegationTtl = 3600;

/** Route 53 signs by keys of this region only. */
const dnssecRegion = "us-east-1";

export class Route53Zone extends pulumi.ComponentResource implements DnsZone {
    readonly domain: string;
    readonly id: pulumi.Output<string>;
    readonly nameServers: pulumi.Output<readonly string[]>;
    /** What the zone above has to have, with DNSSEC. */
    readonly dsRecord?: pulumi.Output<string>;

    constructor(name: string, args: Route53ZoneArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:dns:Route53", name, {}, opts);
        const { domain, data, native } = args;
        const zone = new Zone(
            `${name}-zone`,
            // External DNS and ACM leave records behind, which would keep the zone from being deleted.
            withNative({ name: domain, forceDestroy: data !== "protected" }, native),
            { parent: this, protect: data === "protected" },
        );
        this.domain = domain;
        this.id = zone.zoneId;
        this.nameServers = zone.nameServers;
        this.limitAuthorities(name, args, zone);
        if (args.parentZoneId !== undefined) {
            this.delegate(name, args, zone, args.parentZoneId);
        }
        if (args.dnssec) {
            this.dsRecord = this.sign(name, args, zone);
        }
        this.registerOutputs({ id: this.id, nameServers: this.nameServers });
    }

    private limitAuthorities(name: string, { domain, certificateAuthorities }: Route53ZoneArgs, zone: Zone): void {
        const records = certificateAuthorities.map((authority) => `0 issue "${authority}"`);
        new DnsRecord(
            `${name}-caa`,
            { zoneId: zone.zoneId, name: domain, type: "CAA", ttl: 300, records },
            { parent: this },
        );
    }

    private delegate(name: string, { domain }: Route53ZoneArgs, zone: Zone, parentZoneId: string): void {
        new DnsRecord(
            `${name}-delegation`,
            { zoneId: parentZoneId, name: domain, type: "NS", ttl: delegationTtl, records: zone.nameServers },
            { parent: this },
        );
    }

    /** @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec.html */
    private sign(name: string, { account, data, domain }: Route53ZoneArgs, zone: Zone): pulumi.Output<string> {
        const key = new Key(
            `${name}-dnssec-key`,
            {
                region: dnssecRegion,
                description: `DNSSEC of ${domain}`,
                keyUsage: "SIGN_VERIFY",
                customerMasterKeySpec: "ECC_NIST_P256",
                deletionWindowInDays: data === "protected" ? 30 : 7,
                policy: JSON.stringify(dnssecKeyPolicy(account)),
            },
            { parent: this, protect: data === "protected" },
        );
        const signingKey = new KeySigningKey(
            `${name}-dnssec-signing`,
            { hostedZoneId: zone.zoneId, keyManagementServiceArn: key.arn, name: "ksk" },
            { parent: this },
        );
        new HostedZoneDnsSec(`${name}-dnssec`, { hostedZoneId: signingKey.hostedZoneId }, { parent: this });
        return signingKey.dsRecord;
    }
}

/** @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/access-control-managing-permissions.html#KMS-key-policy-for-DNSSEC */
function dnssecKeyPolicy(account: string): object {
    const service = { Service: "dnssec-route53.amazonaws.com" };
    return {
        Version: "2012-10-17",
        Statement: [
            { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" },
            {
                Effect: "Allow",
                Principal: service,
                Action: ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
                Resource: "*",
                Condition: {
                    StringEquals: { "aws:SourceAccount": account },
                    ArnLike: { "aws:SourceArn": "arn:aws:route53:::hostedzone/*" },
                },
            },
            {
                Effect: "Allow",
                Principal: service,
                Action: "kms:CreateGrant",
                Resource: "*",
                Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
            },
        ],
    };
}
