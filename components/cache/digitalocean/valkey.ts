// DigitalOcean's managed Valkey as a cache: it evicts what was used longest ago (R32), and speaks TLS only.
import * as pulumi from "@pulumi/pulumi";
import { DatabaseCluster } from "@pulumi/digitalocean/databaseCluster.js";
import { DatabaseFirewall } from "@pulumi/digitalocean/databaseFirewall.js";
import { reaches, type Labels } from "../../../lib/labels.ts";
import { withNative } from "../../../lib/native.ts";
import type { Placement } from "../../contract.ts";
import { externalStore } from "../../network/external-store.ts";
import type { RedisCache } from "../contract.ts";
import { inPlaceOf } from "../../variants.ts";

/** A server of its own. */
export interface CreatedValkey {
    readonly variant: "create";
    readonly region: string;
    readonly network: {
        /** The VPC's id. */
        readonly vpcId: pulumi.Input<string>;
        /** Its range: where the server's private address is. */
        readonly range: pulumi.Input<string>;
        /** DOKS clusters whose pods may connect. */
        readonly clusters: ReadonlyArray<pulumi.Input<string>>;
        /** Addresses and ranges that may connect besides. */
        readonly addresses: readonly string[];
    };
    /** Another one upgrades the server in place, and there is no way back. */
    readonly version: "8";
    /** A slug, for example `db-s-1vcpu-2gb`. */
    readonly size: string;
    /** One primary, or one and a standby that takes over; the standby serves nobody. */
    readonly nodes: 1 | 2;
    /** UTC. */
    readonly maintenance: { readonly day: string; readonly hour: string };
    /** Arguments of digitalocean.DatabaseCluster over ours. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** A server that is there; nothing about it is changed. */
export interface ExistingValkey {
    readonly variant: "existing";
    /** Its private host name, the one in its certificate. */
    readonly host: string;
    readonly port: number;
    /** The addresses that `host` is one of. */
    readonly range: pulumi.Input<string>;
    readonly password: pulumi.Output<string>;
}

export interface DigitalOceanValkeyArgs extends Placement {
    readonly server: CreatedValkey | ExistingValkey;
}

/** DigitalOcean's own, on every plan. */
const serverPort = 25061;

/** What the app is told of a server, made or found. */
interface Entrance {
    /** Of one that is made here. */
    readonly clusterId?: pulumi.Output<string>;
    readonly host: pulumi.Input<string>;
    readonly port: number;
    readonly range: pulumi.Input<string>;
    readonly password: pulumi.Output<string>;
}

const type = "django-on-kubernetes:cache:DigitalOceanValkey";

export class DigitalOceanValkey extends pulumi.ComponentResource implements RedisCache {
    readonly protocol = "redis" as const;
    readonly backend: string = "django.core.cache.backends.redis.RedisCache";
    readonly primary: { readonly host: pulumi.Output<string>; readonly port: number };
    /** The standby cannot be read from. */
    readonly replicas: readonly [] = [];
    readonly password: pulumi.Output<string>;
    readonly user: string = "default";
    /** Its certificate is Let's Encrypt's, which every system trusts. */
    readonly tls: { readonly ca?: pulumi.Output<string> } = {};
    readonly clientLabels: Labels;
    /** For alarms: the database cluster's. @default it is not made here */
    readonly clusterId?: pulumi.Output<string>;

    constructor(name: string, args: DigitalOceanValkeyArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        this.clientLabels = reaches(name);
        const entrance: Entrance =
            args.server.variant === "existing" ? args.server : this.create(name, args, args.server);
        const { host, port, range, password } = entrance;
        if (entrance.clusterId !== undefined) {
            this.clusterId = entrance.clusterId;
        }

        // The server's own name, for that is in its certificate; the Service of the namespace leads there as well.
        this.primary = { host: pulumi.output(host), port };
        this.password = pulumi.secret(password);
        externalStore(
            name,
            {
                ...args,
                component: "cache",
                address: { name: host },
                port,
                cidrs: pulumi.output(range).apply((only) => [only]),
                clients: this.clientLabels,
            },
            { parent: this },
        );

        this.registerOutputs({ primary: this.primary });
    }

    private create(name: string, placement: Placement, server: CreatedValkey): Entrance {
        const cluster = this.createCluster(name, placement, server);
        const { clusters, addresses, range } = server.network;
        const rules = [
            ...clusters.map((value) => ({ type: "k8s", value })),
            ...addresses.map((value) => ({ type: "ip_addr", value })),
        ];
        // Without it the server would be open to the internet; it goes with the server, never before it.
        new DatabaseFirewall(
            `${name}-firewall`,
            { clusterId: cluster.id, rules },
            { parent: this, deletedWith: cluster },
        );
        return {
            clusterId: cluster.id,
            host: cluster.privateHost,
            port: serverPort,
            range,
            password: cluster.password,
        };
    }

    private createCluster(name: string, { instance, data }: Placement, server: CreatedValkey): DatabaseCluster {
        const { region, network, version, size, nodes, maintenance } = server;
        const ours = {
            engine: "valkey",
            version,
            size,
            region,
            nodeCount: nodes,
            privateNetworkUuid: network.vpcId,
            // As the API spells it; the typings' `allkeysLru` is the documentation's, not the provider's.
            evictionPolicy: "allkeys_lru",
            maintenanceWindows: [{ day: maintenance.day, hour: maintenance.hour }],
            tags: [instance],
        };
        return new DatabaseCluster(`${name}-cluster`, withNative(ours, server.native), {
            parent: this,
            // What is in it can be computed anew, but not by all pods at once; and sessions may be in it.
            protect: data === "protected",
            // Of a resize too: the provider has no other.
            customTimeouts: { create: "60m" },
        });
    }
}
