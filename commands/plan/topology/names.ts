// Names that users type, and who makes their records.
import type { PlanView } from "../../../policy/plan-view.ts";
import type { PolicyResource } from "../../../policy/resource.ts";
import type { Cloud } from "./clouds.ts";
import type { Entry } from "./entry.ts";
import { textAt, textsAt } from "./part.ts";

/**
 * @returns hosts that are in no zone of the plan, have no record in it, and are no business of its ExternalDNS
 */
export function namesByHand(view: PlanView, clouds: readonly Cloud[], entry: Entry | undefined): string[] {
    // A lender's Gateway has its names already.
    if (entry === undefined || entry.lentBy !== undefined) {
        return [];
    }
    const zones = clouds.flatMap(({ parts }) => parts.flatMap(({ role, at }) => (role === "zone" && at ? [at] : [])));
    const domains = [...zones, ...view.resources.flatMap(externalDnsDomains)];
    const records = new Set(view.resources.flatMap((resource) => recordName(resource) ?? []));
    return entry.hosts.filter(
        (host) => !isBelow(host, "localhost") && !records.has(host) && !domains.some((domain) => isBelow(host, domain)),
    );
}

function isBelow(host: string, domain: string): boolean {
    return host === domain || host.endsWith(`.${domain}`);
}

function externalDnsDomains(resource: PolicyResource): readonly string[] {
    const isChart = /^kubernetes:helm\.sh\/v[34]:(Release|Chart)$/.test(resource.type);
    return isChart && textAt(resource, "chart")?.includes("external-dns") === true
        ? textsAt(resource, "values.domainFilters")
        : [];
}

function recordName(record: PolicyResource): string | undefined {
    switch (record.type) {
        case "gcp:dns/recordSet:RecordSet":
        case "aws:route53/record:Record":
            return textAt(record, "name")?.replace(/\.$/, "");
        case "digitalocean:index/dnsRecord:DnsRecord": {
            const name = textAt(record, "name");
            return name === "@" ? textAt(record, "domain") : `${name ?? ""}.${textAt(record, "domain") ?? ""}`;
        }
        default:
            return undefined;
    }
}
