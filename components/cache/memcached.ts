// Memcached: servers that know nothing of each other, and of which the app's client chooses one by each key.
import * as pulumi from "@pulumi/pulumi";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { objectLabels, reaches, workloadLabels, type Labels } from "../../lib/labels.ts";
import { oneAway, spread } from "../../lib/pod-disruption.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../lib/pull-secrets.ts";
import { megabytesOf } from "../../lib/quantities.ts";
import { resourcesOf, type Size } from "../../lib/resources.ts";
import type { Placement } from "../contract.ts";
import { storeAccess } from "../network/store-access.ts";
import { storeService } from "../network/store-service.ts";
import { inPlaceOf } from "../variants.ts";
import type { CacheServer, MemcachedCache } from "./contract.ts";

export interface InClusterMemcachedArgs extends Placement {
    /** @default the official image of Memcached 1.6 */
    readonly image?: string;
    /** Of every server. */
    readonly size: Size;
    readonly servers: number;
}

/** @see https://hub.docker.com/_/memcached */
const officialImage = "docker.io/library/memcached:1.6.39";

/** The user and group of the official image. */
const user = { user: 11211, group: 11211 };

const port = 11211;

/** Connections at once, of all pods of all apps. Memcached's own 1024 is soon reached by threads that keep theirs. */
const connectionLimit = 4096;

const type = "django-on-kubernetes:cache:Memcached";

export class InClusterMemcached extends pulumi.ComponentResource implements MemcachedCache {
    readonly protocol = "memcached" as const;
    readonly backend: string = "django.core.cache.backends.memcached.PyMemcacheCache";
    readonly servers: readonly CacheServer[];
    readonly clientLabels: Labels;

    constructor(name: string, args: InClusterMemcachedArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        this.clientLabels = reaches(name);
        const labels = workloadLabels({ name, instance: args.instance });
        // By the pods' own names, which stay: keys are spread over the list, and an address for all would lose them.
        this.servers = Array.from({ length: args.servers }, (_, index) => ({ host: `${name}-${index}.${name}`, port }));

        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace: args.namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        storeAccess(name, { ...args, store: labels, clients: this.clientLabels, port }, { parent: this });
        storeService(
            name,
            { ...args, component: "cache", store: labels, port, portName: "memcached", headless: true },
            { parent: this },
        );
        this.createServers(name, args, labels, account);
        if (args.servers > 1) {
            new PodDisruptionBudget(
                `${name}-budget`,
                { metadata: { name, namespace: args.namespace }, spec: oneAway(labels) },
                { parent: this },
            );
        }

        this.registerOutputs({ servers: this.servers });
    }

    private createServers(name: string, args: InClusterMemcachedArgs, labels: Labels, account: ServiceAccount): void {
        new StatefulSet(
            // As Redis's (cache/in-cluster.ts): a stack that changes its variant has one StatefulSet of this name.
            `${name}-primary`,
            {
                metadata: { name, namespace: args.namespace, labels: objectLabels(args.instance, "cache") },
                spec: {
                    serviceName: name,
                    replicas: args.servers,
                    podManagementPolicy: "Parallel",
                    selector: { matchLabels: labels },
                    template: {
                        metadata: { labels: { ...labels, ...objectLabels(args.instance, "cache") } },
                        spec: {
                            serviceAccountName: account.metadata.name,
                            automountServiceAccountToken: false,
                            enableServiceLinks: false,
                            ...integratedPullSecrets(args.image),
                            securityContext: podSecurity(user),
                            // It has nothing to write down.
                            terminationGracePeriodSeconds: 10,
                            containers: [container(args)],
                            ...(args.servers > 1 && { topologySpreadConstraints: spread(labels, "StatefulSet") }),
                        },
                    },
                },
            },
            { parent: this, aliases: [{ name: `${name}-servers` }] },
        );
    }
}

function container(args: InClusterMemcachedArgs): core.v1.Container {
    // It takes a connection and closes it: the image has no client, and needs none.
    const accepts = { tcpSocket: { port: "memcached" } };
    return {
        name: "memcached",
        image: args.image ?? officialImage,
        command: [
            "memcached",
            // The rest is for the table of keys, connections and their buffers.
            `--memory-limit=${megabytesOf(args.size.memory, 0.8)}`,
            `--conn-limit=${connectionLimit}`,
            `--port=${port}`,
            // Over UDP anyone could have answers sent to others.
            "--udp-port=0",
        ],
        ports: [{ name: "memcached", containerPort: port }],
        startupProbe: { ...accepts, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...accepts, periodSeconds: 10 },
        livenessProbe: { ...accepts, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 4 },
        resources: resourcesOf(args.size),
        securityContext: containerSecurity,
    };
}
