// The way in, in whichever way the platform has one.
import type { Resource } from "@pulumi/pulumi";
import type { EdgeArgs, EdgeGuards, WayIn } from "../components/edge/contract.ts";
import type { GivenCertificate } from "../components/edge/gateway.ts";
import { directPort, type DirectExposure, type ExposureSettings } from "../settings/exposure.ts";
import type { StackSettings } from "../settings/load.ts";
import { isInZone } from "../lib/dns-names.ts";
import { askedByAddress, type MadeApp } from "./apps.ts";
import type { EnvironmentContext } from "./context.ts";

const name = "edge";

/** @returns undefined when this environment has no way in of its own */
export async function createEdge(
    { exposure, lends, edge, certificate }: StackSettings,
    apps: readonly MadeApp[],
    context: EnvironmentContext,
): Promise<WayIn | undefined> {
    const { placement } = context;
    const routes = apps.map((made) => routeOf(made, context));
    switch (exposure.variant) {
        case "none":
            return undefined;
        case "platform":
            await createLentEdge({ ...placement, routes }, context);
            return undefined;
        case "gateway": {
            const { sourceRanges, firewall, accessLogs } = exposure;
            const args: EdgeArgs & EdgeGuards = {
                ...placement,
                ...(sourceRanges && { sourceRanges }),
                ...(firewall && { firewall }),
                ...(accessLogs && { accessLogs }),
                routes,
                lentDomain: lends.domain,
                tlsInFront: exposure.allowPlainHttp,
                ...(edge?.request?.chosen && { requestTimeout: edge.request.seconds }),
            };
            const released = apps.flatMap(({ django }) => django.released);
            return await createOwnEdge(args, certificateOf(exposure.certificate, certificate), context, released);
        }
        case "load-balancer":
        case "node-port":
            return await createServices(exposure, apps, context);
        default:
            return exposure satisfies never;
    }
}

function certificateOf(
    settings: Extract<ExposureSettings, { variant: "gateway" }>["certificate"],
    given: StackSettings["certificate"],
): GivenCertificate | undefined {
    switch (settings?.variant) {
        case undefined:
            return undefined;
        case "secret":
            return { secret: settings.name };
        case "given":
            // Refused without: settings/contradictions/ways-in/own-certificate.ts.
            return given!;
        default:
            return settings satisfies never;
    }
}

async function createServices(
    exposure: DirectExposure,
    apps: readonly MadeApp[],
    context: EnvironmentContext,
): Promise<WayIn> {
    const { placement, opts } = context;
    const { ServicesEdge } = await import("../components/edge/services.ts");
    const { sourceRanges, allowPlainHttp } = exposure;
    const through =
        exposure.variant === "node-port"
            ? ({ kind: "node-port" } as const)
            : ({
                  kind: "load-balancer",
                  annotations: exposure.annotations,
                  ...(exposure.class !== undefined && { class: exposure.class }),
              } as const);
    return new ServicesEdge(
        name,
        {
            ...placement,
            // An app without a port was refused: settings/contradictions/ways-in/direct.ts.
            routes: apps.map((made) => ({
                ...routeOf(made, context),
                pods: made.django.webPods,
                publicPort: directPort(exposure, made.app.name)!,
            })),
            through,
            sourceRanges,
            tlsInFront: allowPlainHttp,
        },
        opts,
    );
}

function routeOf({ app, django }: MadeApp, { platform }: EnvironmentContext): EdgeArgs["routes"][number] {
    const drain = platform.gateway?.drain ?? platform.webDrain;
    const { probes, gracefulTimeout } = app.processes.web;
    return {
        app: app.name,
        main: app.main,
        hosts: app.hosts,
        service: django.webService,
        port: django.webPort,
        readyPath: probes.ready,
        // An image that runs itself is told too; nobody knows whether it listens.
        answersPodAddress: askedByAddress(platform) && app.processes.contract === "django",
        ...(drain !== undefined && { leavesWithin: drain + gracefulTimeout }),
    };
}

async function createOwnEdge(
    args: EdgeArgs & EdgeGuards,
    certificate: GivenCertificate | undefined,
    context: EnvironmentContext,
    after: readonly Resource[],
): Promise<WayIn> {
    const { gateway } = context.platform;
    switch (gateway?.kind) {
        case undefined:
            // Refused before: settings/contradictions/environment/missing.ts.
            throw new Error(
                "The platform has no Gateway, and exposure.variant is gateway: the settings' check has a gap.",
            );
        case "controller": {
            const { GatewayEdge } = await import("../components/edge/gateway.ts");
            const { recordsOf } = gateway;
            const hosts = args.routes.flatMap((route) => route.hosts);
            const hasRecords = recordsOf !== undefined && hosts.every((host) => isInZone(host, recordsOf));
            return new GatewayEdge(
                name,
                { ...args, after, gateway, hasRecords, ...(certificate && { certificate }) },
                context.opts,
            );
        }
        case "gke":
            return (await import("./clouds/gcp/edge.ts")).createGkeEdge(name, args, gateway, context, after);
        case "aws":
            return (await import("./clouds/aws/edge.ts")).createAwsEdge(name, args, gateway, context);
        default:
            return gateway satisfies never;
    }
}

async function createLentEdge(
    args: Omit<EdgeArgs, "lentDomain">,
    { platform, opts }: EnvironmentContext,
): Promise<void> {
    // That one is lent was checked when the other stack's outputs were read (settings/lender/check.ts).
    const listener = platform.lent!.gateway!;
    const { LentEdge } = await import("../components/edge/lent.ts");
    const { routeTimeout } = listener;
    const edge = new LentEdge(
        name,
        { ...args, listener, ...(routeTimeout !== undefined && { requestTimeout: routeTimeout }) },
        opts,
    );
    if (listener.controller === "gke") {
        (await import("./clouds/gcp/lent-edge.ts")).createGkeBackends(name, args, listener, { parent: edge });
    }
    if (listener.healthHost === "pod-address") {
        (await import("./clouds/aws/lent-edge.ts")).createAwsTargets(name, args, { parent: edge });
    }
}
