// Certificates that Google issues and renews, each for one name, proved by a DNS record of that name.
import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Certificate } from "@pulumi/gcp/certificatemanager/certificate.js";
import { CertificateMap } from "@pulumi/gcp/certificatemanager/certificateMap.js";
import { CertificateMapEntry } from "@pulumi/gcp/certificatemanager/certificateMapEntry.js";
import { DnsAuthorization } from "@pulumi/gcp/certificatemanager/dnsAuthorization.js";
import { cloudName } from "../../../lib/cloud-name.ts";

export interface CertificatesArgs {
    readonly hosts: readonly string[];
    /** Also `*.` and this. */
    readonly lentDomain?: string;
}

/** A record that proves a name to Google; it has to stay, because certificates are renewed by it. */
export interface Proof {
    readonly domain: string;
    readonly record: { readonly name: string; readonly type: "CNAME"; readonly data: Output<string> };
}

export interface Certificates {
    readonly map: CertificateMap;
    readonly entries: readonly CertificateMapEntry[];
    readonly proofs: readonly Proof[];
}

/** Every name has resources of its own: another one comes or goes without them. */
export function createCertificates(
    name: string,
    { hosts, lentDomain }: CertificatesArgs,
    opts: CustomResourceOptions,
): Certificates {
    const map = new CertificateMap(`${name}-certificates`, {}, opts);

    const domains = [...new Set(lentDomain === undefined ? hosts : [...hosts, lentDomain])];
    const authorizations = new Map(
        domains.map((domain) => {
            // FIXED_RECORD: the record's name is known, and is the same for `domain` and the names directly below it.
            const args = { domain, type: "FIXED_RECORD" };
            return [domain, new DnsAuthorization(`${name}-authorization-${part(domain)}`, args, opts)] as const;
        }),
    );
    const certify = (suffix: string, hostname: string, domain: string): CertificateMapEntry => {
        const managed = { domains: [hostname], dnsAuthorizations: [authorizations.get(domain)!.id as Input<string>] };
        const certificate = new Certificate(`${name}-certificate-${suffix}`, { managed, scope: "DEFAULT" }, opts);
        return new CertificateMapEntry(
            `${name}-entry-${suffix}`,
            { map: map.name, hostname, certificates: [certificate.id] },
            opts,
        );
    };
    const entries = hosts.map((host) => certify(part(host), host, host));
    return {
        map,
        entries:
            lentDomain === undefined
                ? entries
                : [...entries, certify(`below-${part(lentDomain, 29)}`, `*.${lentDomain}`, lentDomain)],
        proofs: domains.map((domain) => ({
            domain,
            record: {
                name: `_acme-challenge.${domain}.`,
                type: "CNAME",
                data: authorizations.get(domain)!.dnsResourceRecords.apply((records) => records?.[0]?.data ?? ""),
            },
        })),
    };
}

/**
 * A host name as a part of names in Google Cloud, which have no dots and at most 63 characters: `edge-authorization-`, this, and
 * what Pulumi appends. No host name has an underscore, so that two stay two.
 */
function part(domain: string, limit = 35): string {
    return cloudName([domain.replaceAll(".", "_")], limit);
}
