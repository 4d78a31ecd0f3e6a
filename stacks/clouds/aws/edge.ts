// The way in on AWS: a load balancer per environment, and its certificate.
import { log, type Output } from "@pulumi/pulumi";
import { AcmCertificate } from "../../../components/certificates/aws/certificate.ts";
import { AwsLoadBalancer } from "../../../components/edge/aws/load-balancer.ts";
import type { Edge, EdgeArgs } from "../../../components/edge/contract.ts";
import type { EnvironmentContext } from "../../context.ts";
import type { AwsGateway } from "../../platform/contract.ts";

export async function createAwsEdge(
    name: string,
    args: EdgeArgs,
    { className, attributes }: AwsGateway,
    context: EnvironmentContext,
): Promise<Edge> {
    const certificateArns = await createCertificates(name, args, context);
    return new AwsLoadBalancer(name, { ...args, className, certificateArns, attributes }, context.opts);
}

/** One for each name: another host changes none. None at all where names are not in a zone that is managed here. */
async function createCertificates(
    name: string,
    args: EdgeArgs,
    { platform: { zone }, clouds }: EnvironmentContext,
): Promise<ReadonlyArray<Output<string>>> {
    const lent = args.lentDomain === undefined ? [] : [`*.${args.lentDomain}`];
    const hosts = [...new Set([...args.routes.flatMap((route) => route.hosts), ...lent])];
    const outside = hosts.filter((host) => zone === undefined || !isIn(zone.domain, host));
    if (zone === undefined || outside.length > 0) {
        const where = zone === undefined ? "in no zone of platform.dns" : `not in the zone ${zone.domain}`;
        void log.warn(
            `${outside.join(", ")}: ${where}, so no certificate is made. Have one in ACM for every host, or HTTPS does not answer.`,
        );
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

function isIn(domain: string, host: string): boolean {
    return host === domain || host.endsWith(`.${domain}`);
}
