// Memorystore for Redis: a password, TLS and a private address; or an instance that is there.
// Not Memorystore for Valkey: it knows IAM tokens that expire within the hour, and no password outside its beta.
import * as pulumi from "@pulumi/pulumi";
import { Instance } from "@pulumi/gcp/redis/instance.js";
import { reaches, type Labels } from "../../../lib/labels.ts";
import { withNative } from "../../../lib/native.ts";
import type { Placement } from "../../contract.ts";
import { externalStore } from "../../network/external-store.ts";
import type { RedisCache } from "../contract.ts";
import { inPlaceOf } from "../../variants.ts";

export interface MemorystoreCacheArgs extends Placement {
    readonly server: CreatedMemorystore | ExistingMemorystore;
}

export interface CreatedMemorystore {
    readonly variant: "create";
    readonly region: string;
    /** `projects/P/global/networks/N`, with a connection for private services. */
    readonly network: pulumi.Input<string>;
    /** That connection, when it is made by the same stack. */
    readonly privateServices?: pulumi.Resource;
    readonly version: "6.x" | "7.0" | "7.2";
    /** GiB of each node. */
    readonly memory: number;
    /** A second node in another zone that takes over. Cannot be changed later. @default with protected data, or with replicas */
    readonly highAvailability?: boolean;
    /** Nodes that Django reads from, 0 to 5; at least one needs 5 GiB of memory. */
    readonly replicas: number;
    /** UTC. */
    readonly maintenance: { readonly day: string; readonly hour: number };
    /** `projects/P/locations/R/keyRings/K/cryptoKeys/N`, which Memorystore's service agent may use. @default a key of Google's */
    readonly encryptionKey?: string;
    /** Arguments of the Instance, over all others. */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** With AUTH and in-transit encryption on. */
export interface ExistingMemorystore {
    readonly variant: "existing";
    readonly address: string;
    /** @default Django reads from `address` too */
    readonly readAddress?: string;
    /** Its server CAs, PEM. */
    readonly ca: string;
    /** The AUTH string. */
    readonly password: pulumi.Output<string>;
}

interface Server {
    /** Of one that is made here. */
    readonly id?: pulumi.Output<string>;
    readonly address: pulumi.Output<string>;
    readonly readAddress?: pulumi.Output<string>;
    readonly ca: pulumi.Output<string>;
    readonly password: pulumi.Output<string>;
}

/** With TLS, at both endpoints; without it the port would be 6379. */
const port = 6378;

const type = "django-on-kubernetes:cache:Memorystore";

export class MemorystoreCache extends pulumi.ComponentResource implements RedisCache {
    readonly protocol = "redis" as const;
    readonly backend: string = "django.core.cache.backends.redis.RedisCache";
    readonly primary: { readonly host: string; readonly port: number };
    readonly replicas: ReadonlyArray<{ readonly host: string; readonly port: number }>;
    readonly password: pulumi.Output<string>;
    readonly tls: { readonly ca: pulumi.Output<string> };
    readonly clientLabels: Labels;
    /** For alarms: `projects/P/locations/R/instances/I`. @default it is not made here */
    readonly instanceId?: pulumi.Output<string>;

    constructor(name: string, args: MemorystoreCacheArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        this.clientLabels = reaches(name);
        const server =
            args.server.variant === "create" ? this.createServer(name, args, args.server) : existingServer(args.server);
        if (server.id !== undefined) {
            this.instanceId = server.id;
        }
        const replicaName = `${name}-replica`;
        this.primary = { host: name, port };
        this.replicas = server.readAddress === undefined ? [] : [{ host: replicaName, port }];
        this.password = server.password;
        this.tls = { ca: server.ca };

        this.open(name, args, server.address);
        if (server.readAddress !== undefined) {
            this.open(replicaName, args, server.readAddress);
        }

        this.registerOutputs({ primary: this.primary, replicas: this.replicas });
    }

    private createServer(name: string, { data, instance }: MemorystoreCacheArgs, server: CreatedMemorystore): Server {
        const { replicas, maintenance } = server;
        const available = server.highAvailability ?? (data === "protected" || replicas > 0);
        const made = new Instance(
            // Short: with the suffix of a generated name it has to stay below 41 characters.
            `${name}-redis`,
            withNative(
                {
                    displayName: instance,
                    region: server.region,
                    tier: available ? "STANDARD_HA" : "BASIC",
                    memorySizeGb: server.memory,
                    redisVersion: `REDIS_${server.version.replace(".", "_").toUpperCase()}`,
                    ...(available && { replicaCount: Math.max(1, replicas) }),
                    readReplicasMode: replicas > 0 ? "READ_REPLICAS_ENABLED" : "READ_REPLICAS_DISABLED",
                    connectMode: "PRIVATE_SERVICE_ACCESS",
                    authorizedNetwork: server.network,
                    authEnabled: true,
                    transitEncryptionMode: "SERVER_AUTHENTICATION",
                    // maxmemory is the instance's memory unless it is set (R32).
                    redisConfigs: { "maxmemory-policy": "allkeys-lru" },
                    maintenancePolicy: {
                        weeklyMaintenanceWindows: [{ day: maintenance.day, startTime: { hours: maintenance.hour } }],
                    },
                    // Always said: left out, the provider refuses to delete it (R68).
                    deletionProtection: data === "protected",
                    ...(server.encryptionKey !== undefined && { customerManagedKey: server.encryptionKey }),
                },
                server.native,
            ),
            {
                parent: this,
                ...(server.privateServices && { dependsOn: server.privateServices }),
            },
        );
        return {
            id: made.id,
            address: made.host,
            ...(replicas > 0 && { readAddress: made.readEndpoint }),
            // Two while the CA is rotated: clients have to know the next one before the server uses it.
            ca: made.serverCaCerts.apply((certificates) => certificates.map(({ cert }) => `${cert.trim()}\n`).join("")),
            password: pulumi.secret(made.authString),
        };
    }

    private open(name: string, args: MemorystoreCacheArgs, address: pulumi.Output<string>): void {
        externalStore(
            name,
            {
                ...args,
                component: "cache",
                address: { ip: address },
                port,
                cidrs: address.apply((ip) => [`${ip}/32`]),
                clients: this.clientLabels,
            },
            { parent: this },
        );
    }
}

function existingServer({ address, readAddress, ca, password }: ExistingMemorystore): Server {
    return {
        address: pulumi.output(address),
        ...(readAddress !== undefined && { readAddress: pulumi.output(readAddress) }),
        ca: pulumi.output(ca),
        password,
    };
}
