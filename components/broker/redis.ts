// A Redis or Valkey of its own for Celery: it never evicts a message and keeps them over a restart (R31, R33).
import * as pulumi from "@pulumi/pulumi";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { objectLabels, reaches, workloadLabels, type Labels } from "../../lib/labels.ts";
import { megabytesOf, type ByteQuantity } from "../../lib/quantities.ts";
import { redisConfiguration } from "../../lib/redis-configuration.ts";
import type { Size } from "../../lib/resources.ts";
import { redisUrl } from "../../lib/urls.ts";
import { volumeRetention, type Placement } from "../contract.ts";
import { storeAccess } from "../network/store-access.ts";
import { storeService } from "../network/store-service.ts";
import { givenOrGenerated } from "../password/password.ts";
import { redisPort, type RedisEngine } from "../redis/engines.ts";
import { redisPod } from "../redis/pod.ts";
import { RotatedUsers } from "../redis/rotated-users.ts";
import { inPlaceOf } from "../variants.ts";
import { growClaims, keepsClaimTemplate } from "../volume/growth.ts";
import type { Broker } from "./contract.ts";

export interface RedisBrokerArgs extends Placement {
    readonly engine: RedisEngine;
    /** @default the official image of `engine` */
    readonly image?: string;
    readonly size: Size;
    /** Two to three times the memory: the log is rewritten beside the old one. */
    readonly storage: ByteQuantity;
    /** @default the cluster's default class */
    readonly storageClass?: string;
    /** @default generated */
    readonly password?: pulumi.Output<string>;
    /** The number of its login. @default one password for good */
    readonly rotation?: number;
}

const type = "django-on-kubernetes:broker:Redis";

export class RedisBroker extends pulumi.ComponentResource implements Broker {
    readonly protocol = "redis" as const;
    readonly url: pulumi.Output<string>;
    readonly clientLabels: Labels;
    /** @default its password has no number */
    readonly users?: RotatedUsers;

    constructor(name: string, args: RedisBrokerArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        this.clientLabels = reaches(name);
        const labels = workloadLabels({ name, instance: args.instance });

        if (args.rotation !== undefined) {
            const { rotation: number, password: given } = args;
            const clients = this.clientLabels;
            this.users = new RotatedUsers(
                name,
                { ...args, number, password: given, component: "broker", hosts: [name], clients },
                this,
            );
        }
        const password = this.users?.password ?? givenOrGenerated(`${name}-password`, args.password, { parent: this });
        const user = this.users && { user: this.users.user };
        this.url = password.apply((text) =>
            redisUrl({ host: name, port: redisPort, ...user, password: text, index: 0 }),
        );

        const secret = this.createConfiguration(name, args, password);
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace: args.namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        storeAccess(name, { ...args, store: labels, clients: this.clientLabels, port: redisPort }, { parent: this });
        storeService(
            name,
            { ...args, component: "broker", store: labels, port: redisPort, portName: "redis" },
            { parent: this },
        );
        const server = this.createServer(name, args, labels, secret, account);
        this.users?.admit([server]);
        growClaims(name, { ...args, called: name, claim: "data", replicas: 1 }, server, this);

        this.registerOutputs({ url: this.url });
    }

    private createConfiguration(name: string, args: RedisBrokerArgs, password: pulumi.Output<string>): Secret {
        const login =
            this.users?.server.directives ??
            password.apply((text): ReadonlyArray<readonly [string, ...string[]]> => [["requirepass", text]]);
        return new Secret(
            `${name}-configuration`,
            {
                metadata: { namespace: args.namespace, labels: objectLabels(args.instance, "broker") },
                immutable: true,
                stringData: {
                    ...(this.users === undefined && { password }),
                    "broker.conf": login.apply((directives) =>
                        redisConfiguration([
                            ["bind", "*"],
                            ["port", String(redisPort)],
                            ["dir", "/data"],
                            ...directives,
                            // Half, because rewriting the log copies what changes meanwhile.
                            ["maxmemory", `${megabytesOf(args.size.memory, 0.5)}mb`],
                            ["maxmemory-policy", "noeviction"],
                            ["appendonly", "yes"],
                            ["appendfsync", "everysec"],
                            ["save", ""],
                        ]),
                    ),
                },
            },
            { parent: this },
        );
    }

    private createServer(
        name: string,
        args: RedisBrokerArgs,
        labels: Labels,
        secret: Secret,
        account: ServiceAccount,
    ): StatefulSet {
        return new StatefulSet(
            `${name}-server`,
            {
                metadata: { name, namespace: args.namespace, labels: objectLabels(args.instance, "broker") },
                spec: {
                    serviceName: name,
                    replicas: 1,
                    selector: { matchLabels: labels },
                    persistentVolumeClaimRetentionPolicy: volumeRetention(args.data),
                    template: redisPod({
                        ...args,
                        labels: { ...labels, ...objectLabels(args.instance, "broker") },
                        serviceAccount: account.metadata.name,
                        secret: secret.metadata.name,
                        ...(this.users && { users: this.users.server }),
                        configurationKey: "broker.conf",
                        data: "claim",
                    }),
                    volumeClaimTemplates: [
                        {
                            metadata: { name: "data" },
                            spec: {
                                accessModes: ["ReadWriteOnce"],
                                storageClassName: args.storageClass,
                                resources: { requests: { storage: args.storage } },
                            },
                        },
                    ],
                },
            },
            {
                parent: this,
                protect: args.data === "protected",
                ...keepsClaimTemplate,
                ...(this.users && { dependsOn: [...this.users.server.needs] }),
            },
        );
    }
}
