// The way in, in whichever way the platform has one.
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import type { Edge, EdgeRoute } from "../components/edge/contract.ts";
import type { Placement } from "../components/contract.ts";
import type { StackSettings } from "../settings/load.ts";
import { SettingsError, settingPath, type Problem } from "../settings/problems.ts";
import type { Clouds } from "./context.ts";
import type { Platform } from "./platform/contract.ts";

export interface EdgeContext {
    readonly stack: string;
    readonly settings: StackSettings;
    readonly platform: Platform;
    readonly clouds: Clouds;
    readonly placement: Placement;
    readonly routes: readonly EdgeRoute[];
    readonly opts: ComponentResourceOptions;
}

const name = "edge";

/** @returns undefined when this environment has no Gateway of its own */
export async function createEdge(context: EdgeContext): Promise<Edge | undefined> {
    switch (context.settings.exposure.variant) {
        case "none":
            return undefined;
        case "platform":
            await createLentEdge(context);
            return undefined;
        case "gateway":
            return await createOwnEdge(context);
        default:
            return context.settings.exposure satisfies never;
    }
}

async function createOwnEdge({
    stack,
    settings,
    platform,
    clouds,
    placement,
    routes,
    opts,
}: EdgeContext): Promise<Edge | undefined> {
    const { gateway } = platform;
    const { domain } = settings.lends;
    const args = { ...placement, routes, ...(domain !== undefined && { lentDomain: domain }) };
    switch (gateway?.kind) {
        case undefined:
            throw new SettingsError(`Pulumi.${stack}.yaml`, [noGateway]);
        case "controller": {
            const { GatewayEdge } = await import("../components/edge/gateway.ts");
            return new GatewayEdge(name, { ...args, gateway }, opts);
        }
        case "gke":
            return (await import("./clouds/gcp/edge.ts")).createGkeEdge(args, platform, clouds, opts);
        case "aws":
            return (await import("./clouds/aws/edge.ts")).createAwsEdge(args, platform, clouds, opts);
        default:
            return gateway satisfies never;
    }
}

const noGateway: Problem = {
    path: "exposure.variant",
    found: '"gateway"',
    allowed: "none: the platform has no Gateway controller (platform.gateway)",
    fix: "give the platform one, or pulumi config set --path 'exposure.variant' none",
};

async function createLentEdge({ stack, settings, platform, placement, routes, opts }: EdgeContext): Promise<void> {
    const listener = platform.lent?.gateway;
    const problems = listener === undefined ? [nothingLent(settings)] : hostsOutside(settings, listener.domain);
    if (listener === undefined || problems.length > 0) {
        throw new SettingsError(`Pulumi.${stack}.yaml`, problems);
    }
    const { LentEdge } = await import("../components/edge/lent.ts");
    const edge = new LentEdge(name, { ...placement, routes, listener }, opts);
    if (listener.controller === "gke") {
        (await import("./clouds/gcp/lent-edge.ts")).createGkeBackends(name, { ...placement, routes }, { parent: edge });
    }
}

function nothingLent({ platform }: StackSettings): Problem {
    return {
        path: "exposure.variant",
        found: '"platform"',
        allowed: `gateway or none: the stack ${platform.variant === "stack" ? platform.stack : ""} lends no domain`,
        fix: "set lends.domain in that stack's file and bring it up, or choose another variant",
    };
}

/** The wildcard of a listener and of a certificate stands for one label. */
function hostsOutside({ apps }: StackSettings, domain: string): Problem[] {
    return apps.flatMap(({ hosts }, app) =>
        hosts.flatMap((host, index) =>
            host.endsWith(`.${domain}`) && !host.slice(0, -domain.length - 1).includes(".")
                ? []
                : [
                      {
                          path: settingPath(["apps", app, "hosts", index]),
                          found: JSON.stringify(host),
                          allowed: `a name directly below ${domain}, the domain that the platform's stack lends`,
                          fix: `pulumi config set --path '${settingPath(["apps", app, "hosts", index])}' NAME.${domain}`,
                      },
                  ],
        ),
    );
}
