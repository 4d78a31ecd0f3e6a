// PgBouncer before a database server: many clients of the apps share few connections to it.
import * as pulumi from "@pulumi/pulumi";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { objectLabels, reaches, workloadLabels, type Labels } from "../../lib/labels.ts";
import {
    pgbouncerConfiguration,
    pgbouncerPort,
    pgbouncerUsers,
    type PoolLogin,
    type PoolMode,
} from "../../lib/pgbouncer-configuration.ts";
import { oneAway, spread } from "../../lib/pod-disruption.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../lib/pull-secrets.ts";
import { poolerSize, resourcesOf } from "../../lib/resources.ts";
import type { Placement } from "../contract.ts";
import { storeAccess } from "../network/store-access.ts";
import { storeService } from "../network/store-service.ts";
import type { Database } from "./contract.ts";

export interface PgbouncerArgs extends Placement {
    /** The server, as those see it that go there directly; with a CA of its own, for the image trusts no other. */
    readonly server: Pick<Database, "host" | "port" | "sslMode" | "ca" | "clientLabels">;
    /** Databases on it, each with its owner. */
    readonly databases: ReadonlyArray<Pick<Database, "name" | "user" | "password" | "previous">>;
    readonly mode: PoolMode;
    /** Connections of one pod to the server, for each database. */
    readonly poolSize: number;
    readonly replicas: number;
    /** An image with `pgbouncer` 1.21 or later on its path. @default CloudNativePG's */
    readonly image?: string;
}

/** By this tag never another build. @see https://github.com/cloudnative-pg/pgbouncer-containers */
const defaultImage = "ghcr.io/cloudnative-pg/pgbouncer:1.25.2-202609151159-trixie";

/** Any will do that is not root's: it owns no file. */
const user = { user: 998, group: 998 };

const files = "/etc/django-on-kubernetes/pgbouncer";

export class Pgbouncer extends pulumi.ComponentResource {
    readonly host: string;
    readonly port: number = pgbouncerPort;
    readonly mode: PoolMode;
    readonly clientLabels: Labels;

    constructor(name: string, args: PgbouncerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:database:Pgbouncer", name, {}, opts);
        this.host = name;
        this.mode = args.mode;
        this.clientLabels = reaches(name);
        const labels = workloadLabels({ name, instance: args.instance });

        const secret = this.createConfiguration(name, args);
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace: args.namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        storeAccess(
            name,
            { ...args, store: labels, clients: this.clientLabels, port: pgbouncerPort },
            { parent: this },
        );
        storeService(
            name,
            { ...args, component: "pooler", store: labels, port: pgbouncerPort, portName: "pgbouncer" },
            { parent: this },
        );
        this.createPoolers(name, args, labels, secret, account);
        if (args.replicas > 1) {
            new PodDisruptionBudget(
                `${name}-budget`,
                { metadata: { name, namespace: args.namespace }, spec: oneAway(labels) },
                { parent: this },
            );
        }

        this.registerOutputs({ host: this.host, port: this.port });
    }

    /** A database of the server, as its app sees it through the pooler. */
    before(database: Database): Database {
        const { sslMode: _, ca, host, port, clientLabels, ...rest } = detached(database);
        return {
            ...rest,
            host: this.host,
            port: this.port,
            clientLabels: this.clientLabels,
            pooled: true,
            keepsSessions: this.mode === "session",
            direct: {
                host,
                port,
                clientLabels,
                ...(database.sslMode !== undefined && { sslMode: database.sslMode }),
                ...(ca !== undefined && { ca }),
            },
        };
    }

    private createConfiguration(name: string, args: PgbouncerArgs): Secret {
        const { server, databases, mode, poolSize } = args;
        const logins: pulumi.Output<PoolLogin[]> = pulumi.output(
            databases.flatMap(({ user: owner, password, previous }) => [
                { user: owner, password },
                // Pods of the release before come with it while others have the new one already.
                ...(previous === undefined ? [] : [{ user: previous.user, password: previous.password }]),
            ]),
        );
        const names = pulumi.all(databases.map((database) => database.name));
        const configuration = pulumi.all([names, server.host, server.port] as const).apply(([all, host, port]) =>
            pgbouncerConfiguration({
                server: { host, port },
                tls: {
                    mode: server.sslMode ?? "disable",
                    ...(server.ca !== undefined && { ca: `${files}/ca.pem` }),
                },
                databases: all,
                mode,
                poolSize,
                usersPath: `${files}/users.txt`,
            }),
        );
        return new Secret(
            `${name}-configuration`,
            {
                metadata: { namespace: args.namespace, labels: objectLabels(args.instance, "pooler") },
                immutable: true,
                stringData: {
                    "pgbouncer.ini": configuration,
                    "users.txt": logins.apply((all) => pgbouncerUsers(all)),
                    ...(server.ca !== undefined && { "ca.pem": server.ca }),
                },
            },
            { parent: this },
        );
    }

    private createPoolers(
        name: string,
        args: PgbouncerArgs,
        labels: Labels,
        secret: Secret,
        account: ServiceAccount,
    ): void {
        new Deployment(
            `${name}-servers`,
            {
                metadata: { name, namespace: args.namespace, labels: objectLabels(args.instance, "pooler") },
                spec: {
                    replicas: args.replicas,
                    selector: { matchLabels: labels },
                    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
                    template: {
                        metadata: {
                            // It is itself a client, of the server.
                            labels: {
                                ...labels,
                                ...objectLabels(args.instance, "pooler"),
                                ...args.server.clientLabels,
                            },
                        },
                        spec: {
                            serviceAccountName: account.metadata.name,
                            automountServiceAccountToken: false,
                            enableServiceLinks: false,
                            ...integratedPullSecrets(args.image),
                            securityContext: podSecurity(user),
                            // At SIGTERM it takes no more clients, and ends when those that it has are gone.
                            terminationGracePeriodSeconds: 120,
                            containers: [container(args)],
                            volumes: [{ name: "configuration", secret: { secretName: secret.metadata.name } }],
                            ...(args.replicas > 1 && { topologySpreadConstraints: spread(labels) }),
                        },
                    },
                },
            },
            { parent: this },
        );
    }
}

function container(args: PgbouncerArgs): core.v1.Container {
    const accepts = { tcpSocket: { port: "pgbouncer" } };
    return {
        name: "pgbouncer",
        image: args.image ?? defaultImage,
        command: ["pgbouncer", `${files}/pgbouncer.ini`],
        ports: [{ name: "pgbouncer", containerPort: pgbouncerPort }],
        startupProbe: { ...accepts, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...accepts, periodSeconds: 5 },
        livenessProbe: { ...accepts, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
        // New connections go elsewhere before this one is told to take none.
        lifecycle: { preStop: { sleep: { seconds: 5 } } },
        resources: resourcesOf(poolerSize),
        securityContext: containerSecurity,
        volumeMounts: [{ name: "configuration", mountPath: files, readOnly: true }],
    };
}

/** What the contract has of it, without the component that it may be. */
function detached(database: Database): Database {
    const { host, port, name, user, password, sslMode, ca, clientLabels, cidrs, maxConnections, claims } = database;
    const { replica } = database;
    return {
        host,
        port,
        name,
        user,
        password,
        clientLabels,
        maxConnections,
        ...(sslMode !== undefined && { sslMode }),
        ...(ca !== undefined && { ca }),
        ...(cidrs !== undefined && { cidrs }),
        // A copy has no pooler before it.
        ...(replica !== undefined && { replica }),
        // A release's first job goes to the server itself.
        ...(claims !== undefined && { claims }),
    };
}
