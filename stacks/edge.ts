// The way in, in whichever way the platform has one.
import type { Edge, EdgeArgs } from "../components/edge/contract.ts";
import type { StackSettings } from "../settings/load.ts";
import type { MadeApp } from "./apps.ts";
import type { EnvironmentContext } from "./context.ts";

const name = "edge";

/** @returns undefined when this environment has no Gateway of its own */
export async function createEdge(
    { exposure, lends }: StackSettings,
    apps: readonly MadeApp[],
    context: EnvironmentContext,
): Promise<Edge | undefined> {
    const args: EdgeArgs = {
        ...context.placement,
        routes: apps.map(routeOf),
        lentDomain: lends.domain,
        tlsInFront: exposure.variant === "gateway" && exposure.allowPlainHttp,
    };
    switch (exposure.variant) {
        case "none":
            return undefined;
        case "platform":
            await createLentEdge(args, context);
            return undefined;
        case "gateway":
            return await createOwnEdge(args, context);
        default:
            return exposure satisfies never;
    }
}

function routeOf({ app, django }: MadeApp): EdgeArgs["routes"][number] {
    return {
        app: app.name,
        main: app.main,
        hosts: app.hosts,
        service: django.webService,
        port: django.webPort,
        readyPath: app.processes.web.probes.ready,
    };
}

async function createOwnEdge(args: EdgeArgs, context: EnvironmentContext): Promise<Edge> {
    const { gateway } = context.platform;
    switch (gateway?.kind) {
        case undefined:
            // Refused before: settings/contradictions/missing.ts.
            throw new Error(
                "The platform has no Gateway, and exposure.variant is gateway: the settings' check has a gap.",
            );
        case "controller": {
            const { GatewayEdge } = await import("../components/edge/gateway.ts");
            return new GatewayEdge(name, { ...args, gateway }, context.opts);
        }
        case "gke":
            return (await import("./clouds/gcp/edge.ts")).createGkeEdge(name, args, gateway, context);
        case "aws":
            return (await import("./clouds/aws/edge.ts")).createAwsEdge(name, args, gateway, context);
        default:
            return gateway satisfies never;
    }
}

async function createLentEdge(
    { lentDomain: _, ...args }: EdgeArgs,
    { platform, opts }: EnvironmentContext,
): Promise<void> {
    // That one is lent was checked when the other stack's outputs were read (settings/lender/check.ts).
    const listener = platform.lent!.gateway!;
    const { LentEdge } = await import("../components/edge/lent.ts");
    const edge = new LentEdge(name, { ...args, listener }, opts);
    if (listener.controller === "gke") {
        (await import("./clouds/gcp/lent-edge.ts")).createGkeBackends(name, args, listener, { parent: edge });
    }
}
