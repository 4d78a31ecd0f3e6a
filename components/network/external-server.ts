// Servers that nobody here made: how they are named to an app, and what the release's first job holds against what it finds.
import { isIPv4 } from "node:net";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { externalAnnotation, type Labels } from "../../lib/labels.ts";
import type { Placement } from "../contract.ts";
import { externalService, wayToExternal } from "./external-store.ts";

export interface ExternalServer {
    /** A DNS name, or an IPv4 address. */
    readonly host: string;
    readonly port: number;
}

/** As libpq's `sslmode`. */
export interface ExternalTls {
    readonly mode: "disable" | "require" | "verify-ca" | "verify-full";
    /** PEM. @default those that the app's image trusts */
    readonly ca?: string;
}

/** What the settings say of a server, for the job that asks it (components/django/check.ts). */
export interface ServerClaims {
    /** Where they stand, for messages: `database`, `apps[1].stores.cache`. */
    readonly setting: string;
    /** Where its password stands, given or not. */
    readonly passwordSetting: string;
    /** The servers as they stand there, in the order in which the app is told of them. */
    readonly hosts: readonly string[];
    /** The address ranges that pods may go to. */
    readonly cidrs: readonly string[];
    /** Of a database: how many connections there are said to be. */
    readonly maxConnections?: number;
    /** Of a database: whether a pooler answers. @default false */
    readonly pooled?: boolean;
}

export interface ExternalServersArgs extends Placement {
    readonly component: "database" | "cache" | "broker";
    readonly cidrs: readonly string[];
    readonly clients: Labels;
    /** By the names of their Services. */
    readonly servers: Readonly<Record<string, ExternalServer>>;
    /** On the Services. @default nothing */
    readonly annotations?: Labels;
}

/** A Service for each, and one way to all. */
export function externalServers(name: string, args: ExternalServersArgs, opts: CustomResourceOptions): void {
    const { servers, ...common } = args;
    for (const [service, { host, port }] of Object.entries(servers)) {
        externalService(
            service,
            {
                ...common,
                address: isIPv4(host) ? { ip: host } : { name: host },
                port,
                annotations: { [externalAnnotation]: "true", ...args.annotations },
            },
            opts,
        );
    }
    wayToExternal(name, { ...common, ports: Object.values(servers).map(({ port }) => port) }, opts);
}

/** The name in a certificate is the server's own, which the Service's is not. */
export function hostFor(service: string, { host }: ExternalServer, { mode }: ExternalTls): string {
    return mode === "verify-full" ? host : service;
}
