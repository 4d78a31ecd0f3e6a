// How long a way in waits for an answer, and how long it keeps a connection to a pod that nobody uses: what the server in the
// pod has to fit.
import type { ExposureSettings } from "./exposure.ts";
import type { PlatformSettings } from "./platform.ts";

export interface EdgeTimeouts {
    /** Seconds after which the edge closes an idle connection to a pod; until then it may send a request on it. */
    readonly idle: number;
    /** Seconds that the edge waits for an answer, and the setting that says so. @default as long as it takes */
    readonly request?: { readonly seconds: number; readonly path: string };
}

/** @see https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries 600 s for all, "not configurable" */
const googleIdle = 600;

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html */
const albIdle = 60;
const albAttribute = "idle_timeout.timeout_seconds";

/** Traefik's `serversTransport.forwardingTimeouts.idleConnTimeout`; Cilium's Envoy and NGINX close after 60. */
const controllerIdle = 90;

/** @returns undefined where there is no way in, or only another stack knows which */
export function edgeTimeouts(
    platform: PlatformSettings,
    { variant }: Pick<ExposureSettings, "variant">,
): EdgeTimeouts | undefined {
    if (variant !== "gateway") {
        return undefined;
    }
    switch (platform.variant) {
        case "gcp":
            return {
                idle: googleIdle,
                request: { seconds: platform.gateway.requestTimeout, path: "platform.gateway.requestTimeout" },
            };
        case "aws": {
            const attributes = platform.gateway.variant === "none" ? {} : platform.gateway.attributes;
            const seconds = Number(attributes[albAttribute] ?? albIdle);
            return { idle: seconds, request: { seconds, path: `platform.gateway.attributes["${albAttribute}"]` } };
        }
        case "existing":
        case "digitalocean":
            return { idle: controllerIdle };
        case "stack":
            return undefined;
        default:
            return platform satisfies never;
    }
}

/** Of a lender that was brought up before it told its own. */
export function idleOfLender(lent: {
    readonly idleTimeout?: number | undefined;
    readonly controller?: "gke" | undefined;
}): number {
    return lent.idleTimeout ?? (lent.controller === "gke" ? googleIdle : controllerIdle);
}

/** The edge closes first: a request that it sends while the server closes is lost, and the user sees 502 (R77). */
export function keepAliveFor(idle: number): number {
    return idle + 15;
}

/** Where nothing is in front: as long as most proxies keep a connection. */
export const keepAliveWithoutEdge = 75;

/** gunicorn's own. */
const serverTimeout = 30;

export function timeoutFor(edge: EdgeTimeouts | undefined): number {
    return Math.min(serverTimeout, edge?.request?.seconds ?? serverTimeout);
}
