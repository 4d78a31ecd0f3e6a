// PostgreSQL as a StatefulSet with a volume of its own.
import * as pulumi from "@pulumi/pulumi";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { backupMarksOf } from "../../lib/backup-marks.ts";
import { dataDirectory as dataDirectoryOf, stanzaOf } from "../../lib/data-directories.ts";
import { undisturbed } from "../../lib/eviction.ts";
import { borrower, borrows, objectLabels, reaches, workloadLabels, type Labels } from "../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../lib/pull-secrets.ts";
import { megabytesOf, type ByteQuantity } from "../../lib/quantities.ts";
import { resourcesOf, type Size } from "../../lib/resources.ts";
import type { ClusterBackups, ClusterRestore } from "../backups/contract.ts";
import { pgbackrestRepository } from "../backups/pgbackrest/repository.ts";
import { pgbackrestSidecars, type Sidecars } from "../backups/pgbackrest/sidecars.ts";
import { volumeRetention, type Placement } from "../contract.ts";
import { storeAccess } from "../network/store-access.ts";
import { storeService } from "../network/store-service.ts";
import { givenOrGenerated } from "../password/password.ts";
import { inPlaceOf } from "../variants.ts";
import { growClaims, keepsClaimTemplate } from "../volume/growth.ts";
import type { Database } from "./contract.ts";
import { dataContainers, dataScripts, directoryOf, longestUpgrade, type DataArgs, type DataPlace } from "./data.ts";
import { postgresImages, postgresUser, type PostgresVersion } from "./versions.ts";

export interface InClusterDatabaseArgs extends Placement, Pick<DataArgs, "upgradeFrom" | "changedCollations"> {
    readonly version: PostgresVersion;
    /** @default the official image of `version` */
    readonly image?: string;
    readonly size: Size;
    readonly storage: ByteQuantity;
    /** @default the cluster's default class */
    readonly storageClass?: string;
    readonly maxConnections: number;
    /** The name of the database and of its owner. */
    readonly owner: string;
    /** @default generated */
    readonly password?: pulumi.Output<string>;
    /** Whether pods of other environments on the cluster may reach it. @default false */
    readonly lent?: boolean;
    /** @default none */
    readonly backups?: ClusterBackups;
    /** With `backups` only. @default the data that is there */
    readonly restore?: ClusterRestore;
}

const port = 5432;

/** Where the official images have it. */
const socketDirectory = "/var/run/postgresql";

/** Which state of the data it is, and what looks after it. */
interface Data {
    readonly shared: core.v1.VolumeMount[];
    /** PGDATA. */
    readonly dataPath: string;
    /** @default nothing */
    readonly beside: Sidecars | undefined;
}

const type = "django-on-kubernetes:database:InCluster";

export class InClusterDatabase extends pulumi.ComponentResource implements Database {
    readonly host: string;
    readonly port: number = port;
    readonly name: string;
    readonly user: string;
    readonly password: pulumi.Output<string>;
    readonly clientLabels: Labels;
    readonly maxConnections: number;
    readonly restored?: string;
    /** Where the password is that the volume began with: a later one does not change it. */
    readonly firstPassword: { readonly secret: pulumi.Output<string>; readonly key: string };

    constructor(name: string, args: InClusterDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        this.clientLabels = reaches(name);
        const labels = workloadLabels({ name, instance: args.instance });

        this.host = name;
        this.name = args.owner;
        this.user = args.owner;
        this.maxConnections = args.maxConnections;
        if (args.restore !== undefined) {
            this.restored = dataDirectoryOf(args.restore);
        }
        this.password = givenOrGenerated(`${name}-password`, args.password, { parent: this });

        const secret = this.createSecret(name, args);
        this.firstPassword = { secret: secret.metadata.name, key: "POSTGRES_PASSWORD" };
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace: args.namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        storeAccess(name, { ...args, store: labels, clients: this.clientLabels, port }, { parent: this });
        if (args.lent === true) {
            this.admitBorrowers(name, args, labels);
        }
        storeService(
            name,
            { ...args, component: "database", store: labels, port, portName: "postgresql" },
            { parent: this },
        );
        const server = this.createServer(name, args, labels, secret, account);
        growClaims(name, { ...args, called: name, claim: "data", replicas: 1 }, server, this);

        this.registerOutputs({ host: this.host, port: this.port });
    }

    private admitBorrowers(name: string, { namespace, instance }: Placement, labels: Labels): void {
        new NetworkPolicy(
            `${name}-from-borrowers`,
            {
                metadata: { name: `${name}-from-borrowers`, namespace },
                spec: {
                    podSelector: { matchLabels: labels },
                    policyTypes: ["Ingress"],
                    ingress: [
                        {
                            from: [
                                {
                                    namespaceSelector: { matchLabels: borrows(instance) },
                                    podSelector: { matchLabels: borrower },
                                },
                            ],
                            ports: [{ protocol: "TCP", port }],
                        },
                    ],
                },
            },
            { parent: this },
        );
    }

    private createSecret(name: string, { namespace, instance }: Placement): Secret {
        return new Secret(
            `${name}-login`,
            {
                metadata: { namespace, labels: objectLabels(instance, "database") },
                immutable: true,
                stringData: { POSTGRES_PASSWORD: this.password },
            },
            // The image reads it on an empty volume alone: another one would do nothing but restart the server.
            { parent: this, ignoreChanges: ["stringData", "data"] },
        );
    }

    private createServer(
        name: string,
        args: InClusterDatabaseArgs,
        labels: Labels,
        secret: Secret,
        account: ServiceAccount,
    ): StatefulSet {
        const { volumePath } = postgresImages[args.version];
        const image = args.image ?? postgresImages[args.version].image;
        const place: DataPlace = { ...args, base: dataDirectoryOf(args.restore) };
        const dataDirectory = directoryOf(place);
        const dataPath = `${volumePath}/${dataDirectory}`;
        const shared = [
            { name: "data", mountPath: volumePath },
            { name: "run", mountPath: socketDirectory },
        ];
        const { backups, restore } = args;
        const files =
            backups &&
            pgbackrestRepository(
                name,
                {
                    ...args,
                    place: backups.place,
                    database: {
                        stanza: stanzaOf(dataDirectory),
                        dataDirectory: dataPath,
                        user: this.user,
                        socketDirectory,
                    },
                },
                { parent: this },
            );
        const beside =
            files &&
            pgbackrestSidecars({ name, backups, ...(restore && { restore }), files, shared, dataPath, dataDirectory });
        const scripts = dataScripts(name, args, place, this);
        return new StatefulSet(
            `${name}-server`,
            {
                metadata: {
                    name,
                    namespace: args.namespace,
                    labels: objectLabels(args.instance, "database"),
                    ...(backups && {
                        annotations: backupMarksOf({
                            ...backups.place,
                            keepDays: backups.keep.days,
                            recoveryPoint: backups.recoveryPoint,
                        }),
                    }),
                },
                spec: {
                    serviceName: name,
                    replicas: 1,
                    selector: { matchLabels: labels },
                    persistentVolumeClaimRetentionPolicy: volumeRetention(args.data),
                    template: {
                        metadata: {
                            labels: { ...labels, ...objectLabels(args.instance, "database"), ...files?.labels },
                            // The only one: while it moves, the disk behind it, nothing works.
                            annotations: undisturbed,
                        },
                        spec: {
                            serviceAccountName: account.metadata.name,
                            automountServiceAccountToken: false,
                            enableServiceLinks: false,
                            ...integratedPullSecrets(args.upgradeFrom?.image),
                            ...integratedPullSecrets(image),
                            securityContext: podSecurity(postgresUser),
                            // A smart shutdown waits for clients, a fast one writes a checkpoint: give that time.
                            terminationGracePeriodSeconds: 120,
                            initContainers: [
                                ...dataContainers({
                                    ...args,
                                    ...place,
                                    image,
                                    user: this.user,
                                    login: secret.metadata.name,
                                    resources: resourcesOf(args.size),
                                    volumeMounts: serverMounts,
                                }),
                                // What is there has its name by then, so that nothing is restored in the place of it.
                                ...(beside?.initContainers ?? []),
                            ],
                            containers: [this.container(args, image, secret, { shared, dataPath, beside })],
                            volumes: [
                                { name: "run", emptyDir: { sizeLimit: "16Mi" } },
                                { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
                                // Parallel queries exchange rows here; a container's default of 64 MiB is too small.
                                { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: args.size.memory } },
                                scripts,
                                ...(beside?.volumes ?? []),
                            ],
                        },
                    },
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
                customTimeouts: {
                    create: "10m",
                    update: args.upgradeFrom === undefined ? "10m" : longestUpgrade,
                    delete: "5m",
                },
            },
        );
    }

    private container(
        args: InClusterDatabaseArgs,
        image: string,
        secret: Secret,
        { shared, dataPath, beside }: Data,
    ): core.v1.Container {
        // Over TCP: while the image initialises a new volume, a server without TCP answers on the socket.
        const accepts = { exec: { command: ["pg_isready", "--quiet", "--host=127.0.0.1", `--username=${this.user}`] } };
        return {
            name: "postgresql",
            image,
            args: [
                "postgres",
                "-c",
                `max_connections=${args.maxConnections}`,
                "-c",
                `shared_buffers=${megabytesOf(args.size.memory, 0.25)}MB`,
                "-c",
                `effective_cache_size=${megabytesOf(args.size.memory, 0.6)}MB`,
                // On a node that has huge pages "try" takes them, and the pod has asked for none: PostgreSQL ends with a bus error.
                "-c",
                "huge_pages=off",
                ...Object.entries(beside?.settings ?? {}).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
            ],
            envFrom: [{ secretRef: { name: secret.metadata.name } }],
            env: [
                { name: "POSTGRES_USER", value: this.user },
                { name: "POSTGRES_DB", value: this.name },
                // A directory below the mount: a new disk has lost+found at its top, and initdb wants an empty one.
                { name: "PGDATA", value: dataPath },
                ...(beside?.environment ?? []),
            ],
            ports: [{ name: "postgresql", containerPort: port }],
            // Replaying a long log takes as long as it takes, and begins anew for who is stopped in it; a server that cannot start ends by itself.
            startupProbe: { ...accepts, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 6 * 3600 },
            readinessProbe: { ...accepts, periodSeconds: 5, timeoutSeconds: 5 },
            livenessProbe: { ...accepts, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
            resources: resourcesOf(args.size),
            securityContext: containerSecurity,
            volumeMounts: [
                ...shared,
                { name: "tmp", mountPath: "/tmp" },
                { name: "shared-memory", mountPath: "/dev/shm" },
                ...(beside?.mounts ?? []),
            ],
            ...(beside && { lifecycle: beside.lifecycle }),
        };
    }
}

/** Where a server writes beside its data. */
const serverMounts: readonly core.v1.VolumeMount[] = [
    { name: "run", mountPath: socketDirectory },
    { name: "tmp", mountPath: "/tmp" },
    { name: "shared-memory", mountPath: "/dev/shm" },
];
