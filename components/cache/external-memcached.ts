// Memcached servers that are there: nothing of them is made or changed.
import * as pulumi from "@pulumi/pulumi";
import { reaches, type Labels } from "../../lib/labels.ts";
import type { Placement } from "../contract.ts";
import { externalServers, type ExternalServer, type ServerClaims } from "../network/external-server.ts";
import { inPlaceOf } from "../variants.ts";
import type { CacheServer, MemcachedCache } from "./contract.ts";

export interface ExternalMemcachedCacheArgs extends Placement {
    /** Where the settings of it and its password stand, for messages. */
    readonly setting: string;
    readonly passwordSetting: string;
    /** At least one. Their order is part of where a client looks for a value. */
    readonly servers: readonly ExternalServer[];
    /** The address ranges that all of the servers are in. */
    readonly cidrs: readonly string[];
}

const type = "django-on-kubernetes:cache:ExternalMemcached";

export class ExternalMemcachedCache extends pulumi.ComponentResource implements MemcachedCache {
    readonly protocol = "memcached" as const;
    /** @see https://docs.djangoproject.com/en/5.2/topics/cache/#memcached */
    readonly backend: string = "django.core.cache.backends.memcached.PyMemcacheCache";
    readonly servers: readonly CacheServer[];
    readonly clientLabels: Labels;
    readonly claims: ServerClaims;

    constructor(name: string, args: ExternalMemcachedCacheArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        const { servers, cidrs } = args;
        const services = Object.fromEntries(
            servers.map((server, index) => [index === 0 ? name : `${name}-${index + 1}`, server]),
        );
        this.servers = Object.entries(services).map(([host, { port }]) => ({ host, port }));
        this.clientLabels = reaches(name);
        this.claims = {
            setting: args.setting,
            passwordSetting: args.passwordSetting,
            hosts: servers.map(({ host }) => host),
            cidrs,
        };

        externalServers(
            name,
            { ...args, component: "cache", clients: this.clientLabels, servers: services },
            { parent: this },
        );

        this.registerOutputs({ servers: this.servers });
    }
}
