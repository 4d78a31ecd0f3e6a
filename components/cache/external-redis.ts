// A Redis or Valkey server that is there, as a cache, with its read replicas: nothing of them is made or changed.
import * as pulumi from "@pulumi/pulumi";
import { reaches, type Labels } from "../../lib/labels.ts";
import type { Placement } from "../contract.ts";
import {
    externalServers,
    hostFor,
    type ExternalServer,
    type ExternalTls,
    type ServerClaims,
} from "../network/external-server.ts";
import { inPlaceOf } from "../variants.ts";
import type { CacheServer, RedisCache } from "./contract.ts";

export interface ExternalRedisCacheArgs extends Placement {
    /** Where the settings of it and its password stand, for messages. */
    readonly setting: string;
    readonly passwordSetting: string;
    readonly primary: ExternalServer;
    readonly replicas: readonly ExternalServer[];
    /** @default the server's default user */
    readonly user?: string;
    /** @default the server asks for none */
    readonly password?: pulumi.Output<string>;
    readonly tls: ExternalTls;
    /** The address ranges that all of the servers are in. */
    readonly cidrs: readonly string[];
}

const type = "django-on-kubernetes:cache:ExternalRedis";

export class ExternalRedisCache extends pulumi.ComponentResource implements RedisCache {
    readonly protocol = "redis" as const;
    readonly backend: string = "django.core.cache.backends.redis.RedisCache";
    readonly primary: CacheServer;
    readonly replicas: readonly CacheServer[];
    readonly password?: pulumi.Output<string>;
    readonly user?: string;
    readonly tls?: NonNullable<RedisCache["tls"]>;
    readonly clientLabels: Labels;
    readonly claims: ServerClaims;

    constructor(name: string, args: ExternalRedisCacheArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        const { primary, replicas, user, password, tls, cidrs } = args;
        const services = {
            [name]: primary,
            ...Object.fromEntries(replicas.map((replica, index) => [`${name}-replica-${index + 1}`, replica])),
        };
        const [first, ...others] = Object.entries(services).map(([service, server]) => ({
            host: hostFor(service, server, tls),
            port: server.port,
        }));
        this.primary = first!;
        this.replicas = others;
        if (password !== undefined) {
            this.password = pulumi.secret(password);
        }
        if (user !== undefined) {
            this.user = user;
        }
        if (tls.mode !== "disable") {
            this.tls = { mode: tls.mode, ...(tls.ca !== undefined && { ca: pulumi.output(tls.ca) }) };
        }
        this.clientLabels = reaches(name);
        this.claims = {
            setting: args.setting,
            passwordSetting: args.passwordSetting,
            hosts: [primary, ...replicas].map(({ host }) => host),
            cidrs,
        };

        externalServers(
            name,
            { ...args, component: "cache", clients: this.clientLabels, servers: services },
            { parent: this },
        );

        this.registerOutputs({ primary: this.primary, replicas: this.replicas });
    }
}
