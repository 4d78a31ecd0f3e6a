// The way in on AWS: a load balancer per environment, and its certificate.
import type { Output } from "@pulumi/pulumi";
import { AcmCertificate } from "../../../components/certificates/aws/certificate.ts";
import { AccessLogs } from "../../../components/edge/aws/access-logs.ts";
import { AwsFirewall } from "../../../components/edge/aws/firewall.ts";
import { AwsLoadBalancer } from "../../../components/edge/aws/load-balancer.ts";
import type { Edge, EdgeArgs, EdgeGuards } from "../../../components/edge/contract.ts";
import { isInZone } from "../../../lib/dns-names.ts";
import type { EnvironmentContext } from "../../context.ts";
import type { AwsGateway } from "../../platform/contract.ts";

export async function createAwsEdge(
    name: string,
    { firewall, accessLogs, ...args }: EdgeArgs & EdgeGuards,
    { className, attributes, certificateArns: given = [], native }: AwsGateway,
    context: EnvironmentContext,
): Promise<Edge> {
    const certificateArns = [...(await createCertificates(name, args, given, context)), ...given];
    const { webAclArn, logging } = await createGuards(name, args, { firewall, accessLogs }, context);
    return new AwsLoadBalancer(
        name,
        {
            ...args,
            className,
            certificateArns,
            attributes: { ...logging, ...attributes },
            ...(webAclArn && { webAclArn }),
            ...(native && { native }),
        },
        context.opts,
    );
}

interface MadeGuards {
    readonly webAclArn?: Output<string>;
    /** Attributes of the load balancer. */
    readonly logging?: Readonly<Record<string, Output<string>>>;
}

/** Its own AWS resources, with AWS's provider: the load balancer itself is the controller's to make. */
async function createGuards(
    name: string,
    { instance, data }: EdgeArgs,
    { firewall, accessLogs }: Pick<EdgeGuards, "firewall" | "accessLogs">,
    { clouds }: EnvironmentContext,
): Promise<MadeGuards> {
    if (firewall === undefined && accessLogs === undefined) {
        return {};
    }
    const providers = [await clouds.provider("aws")];
    const acl = firewall && new AwsFirewall(`${name}-firewall`, { ...firewall, instance }, { providers });
    const { account } = clouds.settings("aws");
    const logs =
        accessLogs && new AccessLogs(`${name}-access-logs`, { ...accessLogs, instance, data, account }, { providers });
    return { ...(acl && { webAclArn: acl.arn }), ...(logs && { logging: logs.attributes }) };
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
