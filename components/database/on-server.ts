// A database and a role of an app's own on a server that others use too: a job makes them, by the server's administrator.
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { networking } from "@pulumi/kubernetes/types/input.js";
import { objectLabels, reaches, type Labels } from "../../lib/labels.ts";
import { psqlSizes } from "../../lib/resources.ts";
import type { Placement } from "../contract.ts";
import type { ServerClaims } from "../network/external-server.ts";
import { givenOrGenerated } from "../password/password.ts";
import { inPlaceOf } from "../variants.ts";
import { connectionLimit } from "./connection-limit.ts";
import type { Database, ReadReplica, Server } from "./contract.ts";
import { psqlJob, scripts } from "./psql-job.ts";
import { postgresImages } from "./versions.ts";

export interface DatabaseOnServerArgs extends Placement {
    readonly server: Server;
    /** The name of the database and of its owner. */
    readonly owner: string;
    /** @default generated */
    readonly password?: pulumi.Output<string>;
    /** What has to be there before: the server itself. @default nothing */
    readonly after?: readonly pulumi.Resource[];
    /** A database on the server whose data the new one starts with; nobody may be connected to it. @default none, it is empty */
    readonly template?: string;
    /** An image with psql. @default the official image of PostgreSQL 17 */
    readonly image?: string;
    /** What the settings say of a server that nobody here made. @default the server is a stack's own */
    readonly claims?: ServerClaims;
    /**
     * Where the server is: `elsewhere` makes a Service of the component's name and opens the way to it.
     * @default in this namespace, where the server's own Service and openings serve
     */
    readonly elsewhere?: {
        /** The namespace of the server's Service. */
        readonly namespace: pulumi.Input<string>;
        /** How many connections the environment may have: a role's limit. @default no limit */
        readonly connections?: number;
    };
}

/** Its own file, because psql reads one, and a person too. */
const script = readFileSync(new URL("scripts/create.sql", import.meta.url), "utf8");

/** Seconds: copying a template of some gigabytes takes minutes. */
const deadline = 900;

const type = "django-on-kubernetes:database:OnServer";

export class DatabaseOnServer extends pulumi.ComponentResource implements Database {
    readonly host: pulumi.Input<string>;
    readonly port: pulumi.Input<number>;
    readonly name: string;
    readonly user: string;
    readonly password: pulumi.Output<string>;
    readonly sslMode?: NonNullable<Database["sslMode"]>;
    readonly ca?: pulumi.Output<string>;
    readonly clientLabels: Labels;
    readonly maxConnections: number;
    /** A copy of a server is one of all its databases. */
    readonly replica?: ReadReplica;
    readonly claims?: ServerClaims;

    constructor(name: string, args: DatabaseOnServerArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        const { server, elsewhere } = args;

        this.host = elsewhere === undefined ? server.host : name;
        this.port = server.port;
        this.name = args.owner;
        this.user = args.owner;
        // One's own beside the lender's, so that each of two borrowed databases opens the way for its own app.
        this.clientLabels =
            elsewhere === undefined ? server.clientLabels : { ...reaches(name), ...server.clientLabels };
        this.maxConnections = server.maxConnections;
        if (server.replica !== undefined) {
            this.replica = { ...server.replica, name: this.name };
        }
        if (args.claims !== undefined) {
            this.claims = args.claims;
        }
        if (server.sslMode !== undefined) {
            this.sslMode = server.sslMode;
        }
        if (server.ca !== undefined) {
            this.ca = server.ca;
        }
        this.password = givenOrGenerated(`${name}-password`, args.password, { parent: this });

        const openings =
            elsewhere === undefined ? [] : [this.createService(name, args), this.openTheWay(name, args, elsewhere)];
        this.createDatabase(name, args, openings);

        this.registerOutputs({ host: this.host, port: this.port });
    }

    private createService(name: string, { namespace, instance, server, elsewhere }: DatabaseOnServerArgs): Service {
        const { maxConnections } = server;
        return new Service(
            `${name}-service`,
            {
                metadata: {
                    name,
                    namespace,
                    labels: objectLabels(instance, "database"),
                    annotations: {
                        "pulumi.com/skipAwait": "true",
                        ...connectionLimit({ maxConnections, connectionShare: elsewhere?.connections }),
                    },
                },
                spec: { type: "ExternalName", externalName: server.host },
            },
            { parent: this },
        );
    }

    private openTheWay(
        name: string,
        { namespace, server }: DatabaseOnServerArgs,
        { namespace: of }: NonNullable<DatabaseOnServerArgs["elsewhere"]>,
    ): NetworkPolicy {
        const pods: networking.v1.NetworkPolicyPeer = {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": of } },
            podSelector: { matchLabels: { "app.kubernetes.io/component": "database" } },
        };
        const to =
            server.cidrs === undefined
                ? [pods]
                : pulumi.output(server.cidrs).apply((all) => all.map((cidr) => ({ ipBlock: { cidr } })));
        return new NetworkPolicy(
            `${name}-to-store`,
            {
                metadata: { name: `${name}-to-store`, namespace },
                spec: {
                    podSelector: { matchLabels: reaches(name) },
                    policyTypes: ["Egress"],
                    egress: [{ to, ports: [{ protocol: "TCP", port: server.port }] }],
                },
            },
            { parent: this },
        );
    }

    private createDatabase(name: string, args: DatabaseOnServerArgs, openings: pulumi.Resource[]): void {
        const { namespace, instance, server, image = postgresImages["17"].image } = args;
        const metadata = { namespace, labels: objectLabels(instance, "database") };
        const secret = new Secret(
            `${name}-administration`,
            { metadata, immutable: true, stringData: { PGPASSWORD: server.password, NEW_PASSWORD: this.password } },
            { parent: this },
        );
        const files = new ConfigMap(
            `${name}-scripts`,
            { metadata, immutable: true, data: { "create.sql": script, ...(server.ca && { "ca.pem": server.ca }) } },
            { parent: this },
        );
        psqlJob(
            `${name}-create`,
            {
                namespace,
                instance,
                account: name,
                image,
                command: ["psql", "--no-psqlrc", "--quiet", `--file=${scripts}/create.sql`],
                size: psqlSizes.create,
                server: { ...server, host: this.host },
                clientLabels: this.clientLabels,
                secrets: { from: secret, keys: ["PGPASSWORD", "NEW_PASSWORD"] },
                environment: {
                    NEW_ROLE: this.user,
                    NEW_DATABASE: this.name,
                    NEW_TEMPLATE: args.template ?? "",
                    // -1 is none.
                    NEW_CONNECTION_LIMIT: String(args.elsewhere?.connections ?? -1),
                    // By which components/database/sweeper.ts finds out whose it is, and the job that it is not another's.
                    NEW_COMMENT: pulumi.interpolate`django-on-kubernetes namespace=${namespace} service=${this.host}`,
                },
                files: { configMap: { name: files.metadata.name } },
                deadline,
                after: [...openings, ...(args.after ?? [])],
            },
            this,
        );
    }
}
