// What other stacks read of this one: how to reach its cluster, and what they may use of its environment.
import { interpolate, output } from "@pulumi/pulumi";
import type { Placement } from "../components/contract.ts";
import type { Database } from "../components/database/contract.ts";
import { serverOf } from "../components/database/server.ts";
import type { Edge } from "../components/edge/contract.ts";
import type { PublicAddress } from "../components/edge/url.ts";
import type { StackSettings } from "../settings/load.ts";
import type { StackOutputs } from "./outputs.ts";
import type { Platform } from "./platform/contract.ts";

export interface Lender {
    readonly settings: StackSettings;
    readonly platform: Platform;
    readonly placement: Placement;
    readonly edge?: Edge;
    readonly address?: PublicAddress;
    /** The shared one. */
    readonly database?: Database;
}

export function lendingOutputs(lender: Lender): Pick<StackOutputs, "platform" | "lends" | "lentDatabasePassword"> {
    const { settings, platform, database } = lender;
    const { connection, networkPolicy, storageClass, gateway, webFrom, webDrain, namespaceLabels } = platform;
    const from = gateway?.from ?? webFrom;
    const drain = gateway?.drain ?? webDrain;
    const lentDatabase = settings.lends.database ? database : undefined;
    return {
        platform: {
            connection: output(connection),
            networkPolicy,
            ...(storageClass !== undefined && { storageClass }),
            ...(from && { webFrom: output(mutable(from)) }),
            ...(drain !== undefined && { webDrain: drain }),
            ...(namespaceLabels && { namespaceLabels: { ...namespaceLabels } }),
        },
        lends: { ...gatewayOf(lender), ...(lentDatabase && { database: databaseOf(lender, lentDatabase) }) },
        ...(lentDatabase && { lentDatabasePassword: serverOf(lentDatabase).password }),
    };
}

function mutable({ namespaces, cidrs }: NonNullable<Platform["webFrom"]>): { namespaces: string[]; cidrs: string[] } {
    return { namespaces: [...namespaces], cidrs: [...cidrs] };
}

function gatewayOf({ settings, placement, edge, address }: Lender): Pick<StackOutputs["lends"], "gateway"> {
    const { domain } = settings.lends;
    if (domain === undefined || edge?.lentListener === undefined || address === undefined) {
        return {};
    }
    return { gateway: { instance: placement.instance, ...edge.lentListener, domain, ...address } };
}

function databaseOf({ placement }: Lender, database: Database): NonNullable<StackOutputs["lends"]["database"]> {
    const { host, port, name, user, sslMode, ca, cidrs, maxConnections } = serverOf(database);
    return {
        instance: placement.instance,
        namespace: placement.namespace,
        host: interpolate`${host}.${placement.namespace}.svc.cluster.local`,
        port,
        name,
        user,
        maxConnections,
        ...(sslMode !== undefined && { sslMode }),
        ...(ca && { ca }),
        ...(cidrs !== undefined && { cidrs: output(cidrs).apply((all) => [...all]) }),
    };
}
