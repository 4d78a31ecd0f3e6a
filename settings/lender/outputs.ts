// What another stack of this program tells of itself: read by the environments that are put on its platform.
import { z } from "zod";

/** A change of meaning is a new version; what is added is optional. */
export const outputsVersion = 2;

const platformOutputs = z.object({
    /** No credential is in it. */
    connection: z.object({
        clusterIdentifier: z.string().min(1),
        kubeconfig: z.string().min(1).optional(),
        context: z.string().min(1).optional(),
    }),
    storageClass: z.string().min(1).optional(),
    networkPolicy: z.union([
        z.object({ enforced: z.literal(true) }),
        z.object({ enforced: z.literal(false), reason: z.string() }),
    ]),
    /** Where requests to web pods come from. @default any source */
    webFrom: z.object({ namespaces: z.array(z.string()), cidrs: z.array(z.string()) }).optional(),
    /** Seconds until no request comes to a web pod that is going away. @default 5 */
    webDrain: z.int().optional(),
    /** Labels of a namespace that the Gateway's controller looks for. @default none */
    namespaceLabels: z.record(z.string(), z.string()).optional(),
});

const lentGateway = z.object({
    /** Whose Gateway it is: the value of the label that lets routes attach. */
    instance: z.string().min(1),
    namespace: z.string().min(1),
    gateway: z.string().min(1),
    section: z.string().min(1),
    /** Whose own objects a Service behind it needs beside the route. @default nobody's */
    controller: z.enum(["gke"]).optional(),
    /** What a load balancer names as Host where it asks pods how they are. */
    healthHost: z.enum(["pod-address"]).optional(),
    /** Host names directly below this one. */
    domain: z.string().min(1),
    secure: z.boolean(),
    port: z.int(),
    /** Seconds that the edge waits for an answer. @default on GKE 60, elsewhere as long as it takes */
    requestTimeout: z.number().optional(),
    /** Seconds that each route says, where the controller reads it there. */
    routeTimeout: z.number().optional(),
    /** Seconds for which the edge keeps a connection that nobody uses. */
    idleTimeout: z.number().optional(),
    /** From 0 to 1. @default that of platform.gateway */
    requestLogSampling: z.number().optional(),
    /** Over `spec.default` of a GCPBackendPolicy. */
    backendPolicy: z.record(z.string(), z.unknown()).optional(),
});

const lentDatabase = z.object({
    /** Whose server it is: the value of the label that lets pods reach it. */
    instance: z.string().min(1),
    namespace: z.string().min(1),
    /** Inside the cluster. */
    host: z.string().min(1),
    port: z.int(),
    /** The database that `user` logs in to. */
    name: z.string().min(1),
    /** May make databases and roles. */
    user: z.string().min(1),
    sslMode: z.enum(["require", "verify-ca", "verify-full"]).optional(),
    ca: z.string().optional(),
    /** The address ranges of a server outside the cluster. */
    cidrs: z.array(z.string()).optional(),
    maxConnections: z.int(),
    /** Of them, how many each environment may have. @default not said, and so not limited */
    connections: z.int().optional(),
});

/** What is read of another stack. */
export const readOutputs = z.object({
    outputsVersion: z.literal(outputsVersion),
    platform: platformOutputs,
    lends: z.object({ gateway: lentGateway.optional(), database: lentDatabase.optional() }),
});

/** Checked, and so sure to be there. */
export type LenderOutputs = z.output<typeof readOutputs>;
export type PlatformOutputs = z.output<typeof platformOutputs>;
export type LentGateway = z.output<typeof lentGateway>;
export type LentDatabase = z.output<typeof lentDatabase>;
