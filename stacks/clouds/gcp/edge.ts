// The way in through GKE's own Gateway controller.
import type { ComponentResource, Resource } from "@pulumi/pulumi";
import type { Edge, EdgeArgs, EdgeGuards } from "../../../components/edge/contract.ts";
import { AccessLogs } from "../../../components/edge/gcp/access-logs.ts";
import { GkeGatewayEdge } from "../../../components/edge/gcp/gke-gateway.ts";
import { googleRequest } from "../../../settings/edge-timeouts.ts";
import type { EnvironmentContext } from "../../context.ts";
import type { GkeGateway } from "../../platform/contract.ts";
import { certifiedOptions, storeOptions } from "./store-options.ts";

export async function createGkeEdge(
    name: string,
    { sourceRanges, firewall, accessLogs, ...args }: EdgeArgs & EdgeGuards,
    { requestLogSampling, native }: GkeGateway,
    context: EnvironmentContext,
    after: readonly Resource[],
): Promise<Edge & ComponentResource> {
    const { zone } = context.platform;
    const { requestTimeout = googleRequest, instance, data, routes, lentDomain } = args;
    const opts = await storeOptions(context);
    if (accessLogs !== undefined) {
        const { project, region } = context.clouds.settings("gcp");
        const hosts = routes.flatMap((route) => route.hosts);
        new AccessLogs(
            `${name}-access-logs`,
            { instance, data, project, region, days: accessLogs.days, hosts, lentDomain },
            opts,
        );
    }
    return new GkeGatewayEdge(
        name,
        {
            ...args,
            after,
            zone: zone && { domain: zone.domain, managedZone: zone.id },
            behaviour: { requestTimeout, requestLogSampling, native: native?.backendPolicy },
            guards: { ...(sourceRanges && { sourceRanges }), ...(firewall && { firewall }) },
            native: native?.gateway,
        },
        await certifiedOptions(context),
    );
}
