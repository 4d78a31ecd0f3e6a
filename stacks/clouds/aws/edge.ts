// The way in on AWS: a load balancer per environment, and its certificate.
import { log, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { AcmCertificate } from "../../../components/certificates/aws/certificate.ts";
import { AwsLoadBalancer } from "../../../components/edge/aws/load-balancer.ts";
import type { Edge, EdgeArgs } from "../../../components/edge/contract.ts";
import type { Clouds } from "../../context.ts";
import type { Platform } from "../../platform/contract.ts";

const name = "edge";

export async function createAwsEdge(
    args: EdgeArgs,
    platform: Platform,
    clouds: Clouds,
    opts: ComponentResourceOptions,
): Promise<Edge> {
    const { gateway } = platform;
    if (gateway?.kind !== "aws") {
        throw new Error("createAwsEdge: the platform's gateway is not that of AWS");
    }
    const certificateArns = await createCertificates(args, platform, clouds);
    const { className, attributes } = gateway;
    return new AwsLoadBalancer(name, { ...args, className, certificateArns, ...(attributes && { attributes }) }, opts);
}

/** One for each name: another host changes none. None at all where names are not in a zone that is managed here. */
async function createCertificates(
    args: EdgeArgs,
    { zone }: Platform,
    clouds: Clouds,
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
