// A primary and read replicas that evict what was used longest ago and write nothing to disk (G2, R32).
import * as pulumi from "@pulumi/pulumi";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import { objectLabels, reaches, workloadLabels, type Labels } from "../../lib/labels.ts";
import { oneAway, spread } from "../../lib/pod-disruption.ts";
import { megabytesOf } from "../../lib/quantities.ts";
import { redisConfiguration } from "../../lib/redis-configuration.ts";
import type { Size } from "../../lib/resources.ts";
import type { Placement } from "../contract.ts";
import { storeAccess } from "../network/store-access.ts";
import { storeService } from "../network/store-service.ts";
import { givenOrGenerated } from "../password/password.ts";
import { redisPort, type RedisEngine } from "../redis/engines.ts";
import { redisPod } from "../redis/pod.ts";
import { RotatedUsers } from "../redis/rotated-users.ts";
import { inPlaceOf } from "../variants.ts";
import type { RedisCache } from "./contract.ts";

export interface InClusterCacheArgs extends Placement {
    readonly engine: RedisEngine;
    /** @default the official image of `engine` */
    readonly image?: string;
    readonly size: Size;
    /** Read replicas beside the primary. */
    readonly replicas: number;
    /** @default generated */
    readonly password?: pulumi.Output<string>;
    /** The number of its login. @default one password for good */
    readonly rotation?: number;
}

const type = "django-on-kubernetes:cache:InCluster";

export class InClusterCache extends pulumi.ComponentResource implements RedisCache {
    readonly protocol = "redis" as const;
    readonly backend: string = "django.core.cache.backends.redis.RedisCache";
    readonly primary: { readonly host: string; readonly port: number };
    readonly replicas: ReadonlyArray<{ readonly host: string; readonly port: number }>;
    readonly password: pulumi.Output<string>;
    /** @default the server's default user */
    readonly user?: string;
    readonly clientLabels: Labels;
    /** @default its password has no number */
    readonly users?: RotatedUsers;

    constructor(name: string, args: InClusterCacheArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        this.clientLabels = reaches(name);
        const { instance } = args;
        const primaryLabels = workloadLabels({ name, instance });
        const replicaName = `${name}-replica`;
        const replicaLabels = workloadLabels({ name: replicaName, instance });

        this.primary = { host: name, port: redisPort };
        this.replicas = args.replicas > 0 ? [{ host: replicaName, port: redisPort }] : [];
        if (args.rotation !== undefined) {
            this.users = this.createUsers(name, args.rotation, args);
            this.user = this.users.user;
        }
        this.password = this.users?.password ?? givenOrGenerated(`${name}-password`, args.password, { parent: this });

        const secret = this.createConfiguration(name, args);
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace: args.namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        const clients = this.clientLabels;
        storeAccess(name, { ...args, store: primaryLabels, clients, port: redisPort }, { parent: this });
        storeService(
            name,
            { ...args, component: "cache", store: primaryLabels, port: redisPort, portName: "redis" },
            { parent: this },
        );
        const primary = this.createPrimary(name, args, primaryLabels, secret, account);
        const servers: pulumi.Resource[] = [primary];
        if (args.replicas > 0) {
            storeAccess(replicaName, { ...args, store: replicaLabels, clients, port: redisPort }, { parent: this });
            storeService(
                replicaName,
                { ...args, component: "cache", store: replicaLabels, port: redisPort, portName: "redis" },
                { parent: this },
            );
            servers.push(this.createReplicas(replicaName, args, replicaLabels, secret, account, primary));
            if (this.users !== undefined) {
                // Each has users of its own, and only a name without an address of its own leads to each.
                storeService(
                    eachOf(replicaName),
                    {
                        ...args,
                        component: "cache",
                        store: replicaLabels,
                        port: redisPort,
                        portName: "redis",
                        headless: true,
                    },
                    { parent: this },
                );
            }
        }
        this.users?.admit(servers);

        this.registerOutputs({ primary: this.primary, replicas: this.replicas });
    }

    private createUsers(name: string, number: number, args: InClusterCacheArgs): RotatedUsers {
        const hosts = [name, ...(args.replicas > 0 ? [eachOf(`${name}-replica`)] : [])];
        const clients = this.clientLabels;
        return new RotatedUsers(name, { ...args, number, component: "cache", hosts, clients }, this);
    }

    private createConfiguration(name: string, args: InClusterCacheArgs): Secret {
        const login =
            this.users?.server.directives ??
            this.password.apply((password): Directives => [
                ["requirepass", password],
                ["masterauth", password],
            ]);
        const configuration = (directives: Directives, role: Directives) =>
            redisConfiguration([
                ["bind", "*"],
                ["port", String(redisPort)],
                ["dir", "/data"],
                ...directives,
                // The rest of the memory is for replication buffers, connections and fragmentation.
                ["maxmemory", `${megabytesOf(args.size.memory, 0.7)}mb`],
                ["maxmemory-policy", "allkeys-lru"],
                ["appendonly", "no"],
                ["save", ""],
                ["repl-diskless-sync-delay", "0"],
                ...role,
            ]);
        return new Secret(
            `${name}-configuration`,
            {
                metadata: { namespace: args.namespace, labels: objectLabels(args.instance, "cache") },
                immutable: true,
                stringData: {
                    ...(this.users === undefined && { password: this.password }),
                    "primary.conf": login.apply((directives) => configuration(directives, [])),
                    "replica.conf": login.apply((directives) =>
                        configuration(directives, [["replicaof", name, String(redisPort)]]),
                    ),
                },
            },
            { parent: this },
        );
    }

    private createPrimary(
        name: string,
        args: InClusterCacheArgs,
        labels: Labels,
        secret: Secret,
        account: ServiceAccount,
    ): StatefulSet {
        return new StatefulSet(
            `${name}-primary`,
            {
                metadata: { name, namespace: args.namespace, labels: objectLabels(args.instance, "cache") },
                spec: {
                    serviceName: name,
                    replicas: 1,
                    // So that a pod that never got ready is replaced by a better one (R78).
                    podManagementPolicy: "Parallel",
                    selector: { matchLabels: labels },
                    template: redisPod({
                        ...args,
                        labels: { ...labels, ...objectLabels(args.instance, "cache") },
                        serviceAccount: account.metadata.name,
                        secret: secret.metadata.name,
                        configurationKey: "primary.conf",
                        data: "empty",
                        ...(this.users && { users: this.users.server }),
                    }),
                },
            },
            { parent: this, ...(this.users && { dependsOn: [...this.users.server.needs] }) },
        );
    }

    private createReplicas(
        name: string,
        args: InClusterCacheArgs,
        labels: Labels,
        secret: Secret,
        account: ServiceAccount,
        primary: StatefulSet,
    ): Deployment {
        const deployment = new Deployment(
            `${name}-servers`,
            {
                metadata: { name, namespace: args.namespace, labels: objectLabels(args.instance, "cache") },
                spec: {
                    replicas: args.replicas,
                    selector: { matchLabels: labels },
                    template: redisPod({
                        ...args,
                        // A replica is itself a client, of the primary.
                        labels: { ...labels, ...objectLabels(args.instance, "cache"), ...this.clientLabels },
                        serviceAccount: account.metadata.name,
                        secret: secret.metadata.name,
                        configurationKey: "replica.conf",
                        ...(this.users && { users: this.users.server }),
                        // Serves once it has a first copy; later it rather answers with old values than not at all.
                        startupCommand: (client) => [
                            "sh",
                            "-c",
                            `${client} -e info replication | grep -q '^master_link_status:up'`,
                        ],
                        data: "empty",
                        topologySpreadConstraints: spread(labels),
                    }),
                },
            },
            { parent: this, dependsOn: primary },
        );
        if (args.replicas > 1) {
            new PodDisruptionBudget(
                `${name}-budget`,
                { metadata: { name, namespace: args.namespace }, spec: oneAway(labels) },
                { parent: this },
            );
        }
        return deployment;
    }
}

type Directives = ReadonlyArray<readonly [name: string, ...args: string[]]>;

function eachOf(replicas: string): string {
    return `${replicas}-each`;
}
