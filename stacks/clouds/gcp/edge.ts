// The way in through GKE's own Gateway controller.
import type { ComponentResource, Resource } from "@pulumi/pulumi";
import type { Edge, EdgeArgs } from "../../../components/edge/contract.ts";
import { GkeGatewayEdge } from "../../../components/edge/gcp/gke-gateway.ts";
import { googleRequest } from "../../../settings/edge-timeouts.ts";
import type { EnvironmentContext } from "../../context.ts";
import type { GkeGateway } from "../../platform/contract.ts";
import { certifiedOptions } from "./store-options.ts";

export async function createGkeEdge(
    name: string,
    args: EdgeArgs,
    { requestLogSampling, native }: GkeGateway,
    context: EnvironmentContext,
    after: readonly Resource[],
): Promise<Edge & ComponentResource> {
    const { zone } = context.platform;
    const { requestTimeout = googleRequest } = args;
    return new GkeGatewayEdge(
        name,
        {
            ...args,
            after,
            zone: zone && { domain: zone.domain, managedZone: zone.id },
            behaviour: { requestTimeout, requestLogSampling, native: native?.backendPolicy },
            native: native?.gateway,
        },
        await certifiedOptions(context),
    );
}
