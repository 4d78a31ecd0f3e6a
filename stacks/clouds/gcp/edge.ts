// The way in through GKE's own Gateway controller.
import type { ComponentResource, ComponentResourceOptions } from "@pulumi/pulumi";
import type { Edge, EdgeArgs } from "../../../components/edge/contract.ts";
import { GkeGatewayEdge } from "../../../components/edge/gcp/gke-gateway.ts";
import type { Clouds } from "../../context.ts";
import type { GkeGateway, Platform } from "../../platform/contract.ts";
import { defaultBehaviour } from "./default-behaviour.ts";
import { storeOptions } from "./store-options.ts";

export async function createGkeEdge(
    args: EdgeArgs,
    platform: Platform,
    clouds: Clouds,
    opts: ComponentResourceOptions,
): Promise<Edge & ComponentResource> {
    const { zone, gateway } = platform;
    const { native, requestTimeout, requestLogSampling }: Partial<GkeGateway> = gateway?.kind === "gke" ? gateway : {};
    return new GkeGatewayEdge(
        "edge",
        {
            ...args,
            ...(zone && { zone: { domain: zone.domain, managedZone: zone.id } }),
            behaviour: {
                requestTimeout: requestTimeout ?? defaultBehaviour.requestTimeout,
                requestLogSampling: requestLogSampling ?? defaultBehaviour.requestLogSampling,
                ...(native?.backendPolicy && { native: native.backendPolicy }),
            },
            ...(native?.gateway && { native: native.gateway }),
        },
        await storeOptions({ opts, clouds, platform }),
    );
}
