import { z } from "zod";
import { gcpPlatform } from "./clouds/gcp/platform.ts";
import { awsPlatform } from "./clouds/aws/platform.ts";
import { digitalOceanPlatform } from "./clouds/digitalocean/platform.ts";
import { cidr, objectName, port, text } from "./fields.ts";

/** What the cluster offers to the environments on it. */
const gateway = z.strictObject({
    /** The GatewayClass of the controller that serves this cluster. */
    className: objectName,
    /** @default 80 */
    httpPort: port.default(80),
    /** @default 443 */
    httpsPort: port.default(443),
    /** The port at which a client reaches `httpPort`, where they differ. @default httpPort */
    publicHttpPort: port.optional(),
    /** @default httpsPort */
    publicHttpsPort: port.optional(),
    /**
     * Where the controller's requests come from: the only sources that the web pods' NetworkPolicy admits.
     * @default any source, because a controller may run on the nodes or outside the cluster
     */
    from: z
        .strictObject({ namespaces: z.array(objectName).default([]), cidrs: z.array(cidr).default([]) })
        // Kubernetes reads an empty list of sources as any source.
        .refine(({ namespaces, cidrs }) => namespaces.length + cidrs.length > 0, {
            error: "at least one namespace or address range",
        })
        .optional(),
});

/** A cert-manager issuer. */
const issuer = z.strictObject({
    kind: z.enum(["ClusterIssuer", "Issuer"]).default("ClusterIssuer"),
    name: objectName,
});

/** A cluster that is there already, reached by a context of a kubeconfig. */
const existing = z.strictObject({
    variant: z.literal("existing"),
    /** A file, absolute or relative to Pulumi.yaml. Only its path gets into the state. @default what kubectl would read */
    kubeconfig: z.string().min(1).optional(),
    /** Never the current one: a `kubectl config use-context` elsewhere must not move an environment. */
    context: z.string().min(1),
    /**
     * Names the cluster for good: while it stays, a changed kubeconfig, context or address replaces nothing (R73).
     * @default the context's name
     */
    clusterIdentifier: z.string().min(1).optional(),
    /** @default the cluster's default class */
    storageClass: objectName.optional(),
    gateway: gateway.optional(),
    issuer: issuer.optional(),
    /**
     * Whether its network makes NetworkPolicies hold: nobody can tell from outside, so whoever runs it says so (R49).
     * Production refuses a cluster where they do not. @default false
     */
    enforcesNetworkPolicy: z.boolean().default(false),
});

/** The cluster of another stack's environment, read from that stack's outputs. */
const stack = z.strictObject({
    variant: z.literal("stack"),
    /** The stack's name, or `organization/project/stack`. */
    stack: text("a stack's name, or organization/project/stack", (value) =>
        /^[\w.-]+(\/[\w.-]+\/[\w.-]+)?$/.test(value),
    ),
});

export const platformSchema = z.discriminatedUnion("variant", [
    existing,
    stack,
    gcpPlatform,
    awsPlatform,
    digitalOceanPlatform,
]);

export type PlatformSettings = z.output<typeof platformSchema>;
export type ExistingPlatformSettings = z.output<typeof existing>;
export type StackPlatformSettings = z.output<typeof stack>;
