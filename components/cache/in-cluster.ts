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
}

const type = "django-on-kubernetes:cache:InCluster";

export class InClusterCache extends pulumi.ComponentResource implements RedisCache {
    readonly protocol = "redis" as const;
    readonly backend: string = "django.core.cache.backends.redis.RedisCache";
    readonly primary: { readonly host: string; readonly port: number };
    readonly replicas: ReadonlyArray<{ readonly host: string; readonly port: number }>;
    readonly password: pulumi.Output<string>;
    readonly clientLabels: Labels;

    constructor(name: string, args: InClusterCacheArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        this.clientLabels = reaches(name);
        const { instance } = args;
        const primaryLabels = workloadLabels({ name, instance });
        const replicaName = `${name}-replica`;
        const replicaLabels = workloadLabels({ name: replicaName, instance });

        this.primary = { host: name, port: redisPort };
        this.replicas = args.replicas > 0 ? [{ host: replicaName, port: redisPort }] : [];
        this.password = givenOrGenerated(`${name}-password`, args.password, { parent: this });

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
        if (args.replicas > 0) {
            storeAccess(replicaName, { ...args, store: replicaLabels, clients, port: redisPort }, { parent: this });
            storeService(
                replicaName,
                { ...args, component: "cache", store: replicaLabels, port: redisPort, portName: "redis" },
                { parent: this },
            );
            this.createReplicas(replicaName, args, replicaLabels, secret, account, primary);
        }

        this.registerOutputs({ primary: this.primary, replicas: this.replicas });
    }

    private createConfiguration(name: string, args: InClusterCacheArgs): Secret {
        const configuration = (password: string, role: ReadonlyArray<readonly [string, ...string[]]>) =>
            redisConfiguration([
                ["bind", "*"],
                ["port", String(redisPort)],
                ["dir", "/data"],
                ["requirepass", password],
                ["masterauth", password],
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
                    password: this.password,
                    "primary.conf": this.password.apply((password) => configuration(password, [])),
                    "replica.conf": this.password.apply((password) =>
                        configuration(password, [["replicaof", name, String(redisPort)]]),
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
                    }),
                },
            },
            { parent: this },
        );
    }

    private createReplicas(
        name: string,
        args: InClusterCacheArgs,
        labels: Labels,
        secret: Secret,
        account: ServiceAccount,
        primary: StatefulSet,
    ): void {
        new Deployment(
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
    }
}
