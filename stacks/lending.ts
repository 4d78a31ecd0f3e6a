// What other stacks read of this one: how to reach its cluster, and what they may use of its environment.
import { interpolate, output, type Output } from "@pulumi/pulumi";
import type { Database } from "../components/database/contract.ts";
import { serverOf } from "../components/database/server.ts";
import type { WayIn } from "../components/edge/contract.ts";
import type { EdgeTimeouts } from "../settings/edge-timeouts.ts";
import type { StackSettings } from "../settings/load.ts";
import type { EnvironmentContext } from "./context.ts";
import type { StackOutputs } from "./outputs.ts";
import type { Platform } from "./platform/contract.ts";

type Gateway = NonNullable<StackOutputs["lends"]["gateway"]>;

/** What of the environment can be lent. */
export interface Lendable {
    readonly edge?: WayIn;
    /** The shared one. */
    readonly database?: Database;
}

export function lendingOutputs(
    { lends, apps, environment, edge: timeouts }: StackSettings,
    { edge, database }: Lendable,
    context: EnvironmentContext,
): Pick<StackOutputs, "platform" | "lends" | "lentDatabasePassword"> {
    const { connection, networkPolicy, storageClass, gateway, webFrom, webDrain, namespaceLabels } = context.platform;
    const mainHost = apps.find(({ name }) => name === environment.mainApp)!.hosts[0]!;
    const from = gateway?.from ?? webFrom;
    const drain = gateway?.drain ?? webDrain;
    const lentDatabase = lends.database ? database : undefined;
    return {
        platform: {
            connection: output(connection),
            networkPolicy,
            ...(storageClass !== undefined && { storageClass }),
            ...(from && { webFrom: output(mutable(from)) }),
            ...(drain !== undefined && { webDrain: drain }),
            ...(namespaceLabels && { namespaceLabels: { ...namespaceLabels } }),
        },
        lends: {
            ...gatewayOf(lends.domain, edge, timeouts, context, mainHost),
            ...(lentDatabase && { database: databaseOf(lentDatabase, lends.borrowers?.connections, context) }),
        },
        ...(lentDatabase && { lentDatabasePassword: serverOf(lentDatabase).password }),
    };
}

function mutable({ namespaces, cidrs }: NonNullable<Platform["webFrom"]>): { namespaces: string[]; cidrs: string[] } {
    return { namespaces: [...namespaces], cidrs: [...cidrs] };
}

function gatewayOf(
    domain: string | undefined,
    edge: WayIn | undefined,
    timeouts: EdgeTimeouts | undefined,
    { placement, platform, address: addressOf }: EnvironmentContext,
    mainHost: string,
): Pick<StackOutputs["lends"], "gateway"> {
    const address = addressOf?.(mainHost);
    if (domain === undefined || edge?.lentListener === undefined || address === undefined) {
        return {};
    }
    return {
        gateway: {
            instance: placement.instance,
            ...edge.lentListener,
            domain,
            ...address,
            ...(timeouts && { idleTimeout: timeouts.idle }),
            ...(timeouts?.request && { requestTimeout: timeouts.request.seconds }),
            ...(platform.gateway?.kind === "controller" &&
                timeouts?.request?.chosen === true && { routeTimeout: timeouts.request.seconds }),
            ...behaviourOf(platform.gateway, edge.securityPolicy),
        },
    };
}

/** What Google's load balancer is told of each Service behind it, a borrower's too. */
function behaviourOf(
    gateway: Platform["gateway"],
    securityPolicy: Output<string> | undefined,
): Pick<Gateway, "requestLogSampling" | "backendPolicy"> {
    if (gateway?.kind !== "gke") {
        return {};
    }
    const { requestLogSampling, native } = gateway;
    const policy = { ...(securityPolicy && { securityPolicy }), ...native?.backendPolicy };
    return { requestLogSampling, ...(Object.keys(policy).length > 0 && { backendPolicy: output(policy) }) };
}

function databaseOf(
    database: Database,
    connections: number | undefined,
    { placement }: EnvironmentContext,
): NonNullable<StackOutputs["lends"]["database"]> {
    const { host, port, name, user, sslMode, ca, cidrs, maxConnections } = serverOf(database);
    return {
        instance: placement.instance,
        namespace: placement.namespace,
        host: interpolate`${host}.${placement.namespace}.svc.cluster.local`,
        port,
        name,
        user,
        maxConnections,
        ...(connections !== undefined && { connections }),
        // Of a server without TLS nothing is said, as of one in the cluster.
        ...(sslMode !== undefined && sslMode !== "disable" && { sslMode }),
        ...(ca && { ca }),
        ...(cidrs !== undefined && { cidrs: output(cidrs).apply((all) => [...all]) }),
    };
}
