// How long a way in waits for an answer, and how long it keeps a connection to a pod that nobody uses: what the server in the
// pod has to fit.
import type { ExposureSettings } from "./exposure.ts";
import type { PlatformSettings } from "./platform.ts";

export interface EdgeTimeouts {
    /** Seconds after which the edge closes an idle connection to a pod; until then it may send a request on it. */
    readonly idle: number;
    /** What the edge waits for an answer. @default as long as it takes */
    readonly request?: RequestTimeout;
}

export interface RequestTimeout {
    readonly seconds: number;
    /** The setting that says so. */
    readonly path: string;
    /** Whether somebody chose it; else the server need not wait as long. */
    readonly chosen: boolean;
}

/** @see https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries 600 s for all, "not configurable" */
const googleIdle = 600;

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html */
const albIdle = 60;
export const albAttribute = "idle_timeout.timeout_seconds";

/** Traefik's `serversTransport.forwardingTimeouts.idleConnTimeout`; Cilium's Envoy and NGINX close after 60. */
const controllerIdle = 90;

/** Of Google's load balancer, where nothing else is said. */
export const googleRequest = 60;

const path = "exposure.requestTimeout";

/** @returns undefined where nothing is in front that has time-outs, or only another stack knows them */
export function edgeTimeouts(platform: PlatformSettings, exposure: ExposureSettings): EdgeTimeouts | undefined {
    if (exposure.variant !== "gateway") {
        return undefined;
    }
    const { requestTimeout } = exposure;
    const chosen = requestTimeout === undefined ? undefined : { seconds: requestTimeout, path, chosen: true };
    switch (platform.variant) {
        case "gcp":
            return { idle: googleIdle, request: chosen ?? { seconds: googleRequest, path, chosen: false } };
        case "aws": {
            // It knows one time-out: of a connection on which nothing comes, be it between requests or before an answer.
            const request = chosen ?? ofAttributes(platform);
            return { idle: request.seconds, request };
        }
        case "existing":
        case "digitalocean":
            return { idle: controllerIdle, ...(chosen && { request: chosen }) };
        case "stack":
            return undefined;
        default:
            return platform satisfies never;
    }
}

function ofAttributes({ gateway }: Extract<PlatformSettings, { variant: "aws" }>): RequestTimeout {
    const given = gateway.variant === "none" ? undefined : gateway.attributes[albAttribute];
    return given === undefined
        ? { seconds: albIdle, path, chosen: false }
        : { seconds: Number(given), path: `platform.gateway.attributes["${albAttribute}"]`, chosen: false };
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

/** gunicorn's own, and how long a pod that leaves takes for open requests. */
const serverTimeout = 30;
const serverGrace = 20;

/** As long as the way in waits where somebody chose that; never longer, or a process works on for nobody. */
export function timeoutFor(edge: EdgeTimeouts | undefined): number {
    const { seconds = serverTimeout, chosen = false } = edge?.request ?? {};
    return chosen ? seconds : Math.min(serverTimeout, seconds);
}

/** The most that `apps[].web.gracefulTimeout` may be: a node that is taken away waits no longer for its pods. */
export const longestGrace = 600;

/** A release cuts no request that the way in would still wait for; it ends as soon as the last one is answered. */
export function graceFor(edge: EdgeTimeouts | undefined): number {
    const { seconds = 0, chosen = false } = edge?.request ?? {};
    return chosen ? Math.min(longestGrace, Math.max(serverGrace, seconds)) : serverGrace;
}
