// The way in on AWS: a load balancer per environment, and its certificate.
import type { Output } from "@pulumi/pulumi";
import { AcmCertificate } from "../../../components/certificates/aws/certificate.ts";
import { AwsLoadBalancer } from "../../../components/edge/aws/load-balancer.ts";
import type { Edge, EdgeArgs } from "../../../components/edge/contract.ts";
import { isInZone } from "../../../lib/dns-names.ts";
import type { EnvironmentContext } from "../../context.ts";
import type { AwsGateway } from "../../platform/contract.ts";

export async function createAwsEdge(
    name: string,
    args: EdgeArgs,
    { className, attributes, certificateArns: given = [] }: AwsGateway,
    context: EnvironmentContext,
): Promise<Edge> {
    const certificateArns = [...(await createCertificates(name, args, given, context)), ...given];
    return new AwsLoadBalancer(name, { ...args, className, certificateArns, attributes }, context.opts);
}

/**
 * One for each name in the zone that is managed here: another host changes none. Where a name is in no such zone and none is given, none
 * at all: then the load balancer's controller looks for one of each name in the account. The settings' check tells of it
 * (settings/contradictions/ways-in/certificates.ts).
 */
async function createCertificates(
    name: string,
    args: EdgeArgs,
    given: readonly string[],
    { platform: { zone }, clouds }: EnvironmentContext,
): Promise<ReadonlyArray<Output<string>>> {
    const lent = args.lentDomain === undefined ? [] : [`*.${args.lentDomain}`];
    const named = [...new Set([...args.routes.flatMap((route) => route.hosts), ...lent])];
    const hosts = named.filter((host) => zone !== undefined && isInZone(host, zone.domain));
    if (zone === undefined || hosts.length === 0 || (hosts.length < named.length && given.length === 0)) {
        return [];
    }
    const providers = [await clouds.provider("aws")];
    // A wildcard is proved by the record of the name below it, so the two share a certificate.
    const names = Map.groupBy(hosts, withoutWildcard);
    return [...names].map(
        ([host, together]) =>
            new AcmCertificate(`${name}-certificate-${host}`, { hosts: together, zoneId: zone.id }, { providers }).arn,
    );
}

function withoutWildcard(host: string): string {
    return host.replace(/^\*\./, "");
}
