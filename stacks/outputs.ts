// What a stack says of itself. Other stacks and the tools read it, so a change of meaning is a new version.
import type { Input, Output } from "@pulumi/pulumi";
import { z } from "zod";
import type { EnvironmentKind } from "../settings/environment.ts";

export const outputsVersion = 2;

export interface StackOutputs {
    /** The version of this contract. */
    readonly outputsVersion: typeof outputsVersion;
    /** `instance` is the environment's name among all on its cluster. */
    readonly environment: { readonly kind: EnvironmentKind; readonly name: string; readonly instance: string };
    /** Where everything of the environment is. */
    readonly namespace: Output<string>;
    /** The app that the shared stores' names belong to. */
    readonly mainApp: string;
    readonly apps: Readonly<Record<string, AppOutputs>>;
    /** What other stacks on the same cluster read. */
    readonly platform: Inputs<PlatformOutputs>;
    /** What this environment lends them. */
    readonly lends: { readonly gateway?: Inputs<LentGateway>; readonly database?: Inputs<LentDatabase> };
    /** The login of `lends.database`'s user: a secret. */
    readonly lentDatabasePassword?: Output<string>;
    /** Records that DNS outside the platform's zone has to have before the apps' addresses work. */
    readonly dnsRecords?: Output<
        ReadonlyArray<{ readonly name: string; readonly type: string; readonly data: string }>
    >;
    /** What the parent zone has to name in its NS records. */
    readonly nameServers?: Output<readonly string[]>;
    /** What stands before the names of images. */
    readonly registry?: Output<string>;
    /** For `pulumi stack change-secrets-provider` (G8). */
    readonly secretsProvider?: Output<string>;
}

export interface AppOutputs {
    readonly image: string;
    /** The address for users; absent when the app is reached from inside the cluster only. */
    readonly url?: string;
    /** The web pods' Service in `namespace`, and its port. */
    readonly service: Output<string>;
    readonly port: number;
    /** `kubectl exec` into this Deployment to run manage.py; absent without a shell. */
    readonly shell?: string;
}

/** As the program writes them, before they are known. */
type Inputs<Value> = { readonly [Key in keyof Value]: Input<Value[Key]> };

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
    /** Host names directly below this one. */
    domain: z.string().min(1),
    secure: z.boolean(),
    port: z.int(),
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
});

/** What is read of another stack. */
export const readOutputs = z.object({
    outputsVersion: z.literal(outputsVersion),
    platform: platformOutputs,
    lends: z.object({ gateway: lentGateway.optional(), database: lentDatabase.optional() }),
});

export type PlatformOutputs = z.output<typeof platformOutputs>;
export type LentGateway = z.output<typeof lentGateway>;
export type LentDatabase = z.output<typeof lentDatabase>;
