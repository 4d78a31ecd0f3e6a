import type { Input, Output } from "@pulumi/pulumi";
import type { Labels } from "../../lib/labels.ts";

/** A cache that all pods share, wherever it runs. */
export type Cache = RedisCache | MemcachedCache;

export interface CacheServer {
    readonly host: Input<string>;
    readonly port: Input<number>;
}

interface AnyCache {
    /** Django's backend class. */
    readonly backend: string;
    /** TLS, for a cache outside the cluster. @default none, the connection does not leave the namespace */
    readonly tls?: {
        /** The CA's certificate as PEM. @default a CA that every system trusts */
        readonly ca?: Output<string>;
    };
    /** What a pod carries to be let through. */
    readonly clientLabels: Labels;
}

/** It speaks Redis's protocol. */
export interface RedisCache extends AnyCache {
    readonly protocol: "redis";
    /** Where Django writes. */
    readonly primary: CacheServer;
    /** Where Django reads; empty when it reads from the primary. */
    readonly replicas: readonly CacheServer[];
    /** A secret. @default the server asks for none */
    readonly password?: Output<string>;
    /** The user that the password is of. @default the server's default user */
    readonly user?: string;
}

/** Memcached: each value is on one of the servers, and the client chooses which. */
export interface MemcachedCache extends AnyCache {
    readonly protocol: "memcached";
    /** At least one. */
    readonly servers: readonly CacheServer[];
}
