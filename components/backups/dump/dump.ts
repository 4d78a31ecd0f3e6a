// Dumps of a database in a bucket, which outlive its server and its cloud: a CronJob that takes one each day, or when somebody asks for
// one, and another that never starts by itself, from which a Job is made to bring one back.
import { readFileSync, readdirSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { operationStoreLabel, type OperationComponent } from "../../../lib/data-operations.ts";
import { atEndAnnotation, dumpContainers, restoreName } from "../../../lib/dumps.ts";
import { undisturbed } from "../../../lib/eviction.ts";
import { objectLabels, reaches, workloadLabels, type Labels } from "../../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../../lib/pull-secrets.ts";
import type { ByteQuantity } from "../../../lib/quantities.ts";
import { dumpSizes, resourcesOf, type Size } from "../../../lib/resources.ts";
import type { Placement } from "../../contract.ts";
import type { Database } from "../../database/contract.ts";
import { environmentOf, filesOf, keysOf, rcloneImage, scriptsPath, secretsPath } from "../bucket.ts";
import { wayToBucket } from "../../network/bucket-way.ts";
import type { Backups } from "../contract.ts";

export interface DatabaseDumpsArgs extends Placement, Backups {
    /** The store's name, for whoever asks what became of a dump. */
    readonly store: string;
    /** The server itself, where a pooler is before it. */
    readonly database: Pick<
        Database,
        "host" | "port" | "name" | "user" | "password" | "sslMode" | "ca" | "clientLabels"
    >;
    /** Whether one is taken each day. Without, only when somebody asks. */
    readonly daily: boolean;
    /** What is left when the environment is destroyed by `make destroy`. */
    readonly atEnd: "dump" | "nothing";
    /** With PostgreSQL's tools, of the server's major version or a newer one. */
    readonly clientImage: string;
    /** With rclone and a shell. @default rclone's own */
    readonly image?: string;
    /** Room for one dump while it is taken or brought back. */
    readonly storage: ByteQuantity;
    /** @default the cluster's default class */
    readonly storageClass?: string;
}

/** PostgreSQL's tools run as anybody, and so does rclone: of the Debian-based official images this one has a name there. */
const user = { user: 999, group: 999 };

const directory = new URL("scripts/", import.meta.url);

/** Read only where there are backups. */
export function dumpScripts(): Record<string, string> {
    return Object.fromEntries(
        readdirSync(directory)
            .toSorted()
            .map((file) => [file, readFileSync(new URL(file, directory), "utf8")]),
    );
}

/** Seconds. A dump of a large database takes hours; one that hangs is not to be there the next day. */
const deadline = 20 * 3600;

const caFile = "server-ca.pem";

/** Where the first container puts the CAs that everybody trusts: rclone's image has them, and PostgreSQL's has none. */
const authorities = "/tmp/authorities.pem";

interface Step {
    readonly name: string;
    readonly image: string;
    readonly command: readonly string[];
    readonly size: Size;
    readonly environment: readonly core.v1.EnvVar[];
}

export class DatabaseDumps extends pulumi.ComponentResource {
    constructor(name: string, args: DatabaseDumpsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:backups:Dumps", name, {}, opts);
        const { namespace, instance, place: to, database } = args;
        const labels = objectLabels(instance, "database-dump");
        const secret = new Secret(
            `${name}-keys`,
            {
                metadata: { namespace, labels },
                immutable: true,
                stringData: { ...keysOf(to), "database-password": database.password },
            },
            { parent: this },
        );
        const mounted = new ConfigMap(
            `${name}-scripts`,
            {
                metadata: { namespace, labels },
                immutable: true,
                data: {
                    ...dumpScripts(),
                    ...filesOf(to),
                    ...(database.ca !== undefined && database.ca !== "public" && { [caFile]: database.ca }),
                },
            },
            { parent: this },
        );
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        const pods = bucketLabels(name);
        wayToBucket(name, { namespace, clients: pods, ...to }, { parent: this });

        const { clientImage: client, image: bucket = rcloneImage } = args;
        const postgresql = connection(args);
        const place = environmentOf(to);
        const common = { args, secret, mounted, account, pods };
        this.createCronJob(name, "database-dump", common, {
            suspend: !args.daily,
            annotations: { [atEndAnnotation]: args.atEnd },
            first: {
                name: dumpContainers.dump,
                image: client,
                command: ["bash", `${scriptsPath}/dump.sh`],
                size: dumpSizes.database,
                environment: [...postgresql, { name: "REASON", value: "schedule" }],
            },
            last: {
                name: "upload",
                image: bucket,
                command: ["sh", `${scriptsPath}/upload.sh`],
                size: dumpSizes.bucket,
                environment: [
                    ...place,
                    { name: "DATABASE", value: database.name },
                    { name: "KEEP_DAYS", value: String(args.keep.days) },
                    { name: "KEEP_AT_LEAST", value: String(args.keep.atLeast) },
                ],
            },
        });
        this.createCronJob(restoreName(name), "database-restore", common, {
            suspend: true,
            annotations: {},
            first: {
                name: dumpContainers.fetch,
                image: bucket,
                command: ["sh", `${scriptsPath}/fetch.sh`],
                size: dumpSizes.bucket,
                environment: [...place, { name: "DUMP", value: "latest" }, { name: "FROM", value: "" }],
            },
            last: {
                name: dumpContainers.restore,
                image: client,
                command: ["bash", `${scriptsPath}/restore.sh`],
                size: dumpSizes.database,
                environment: [...postgresql, { name: "CONFIRM", value: "" }],
            },
        });
        this.registerOutputs({});
    }

    private createCronJob(
        name: string,
        component: OperationComponent,
        made: {
            readonly args: DatabaseDumpsArgs;
            readonly secret: Secret;
            readonly mounted: ConfigMap;
            readonly account: ServiceAccount;
            readonly pods: Labels;
        },
        job: {
            readonly suspend: boolean;
            readonly annotations: Labels;
            readonly first: Step;
            readonly last: Step;
        },
    ): void {
        const { args, secret, mounted, account, pods } = made;
        const { namespace, instance, database, store } = args;
        const labels = { ...objectLabels(instance, component), [operationStoreLabel]: store };
        new CronJob(
            name,
            {
                metadata: { name, namespace, labels, annotations: job.annotations },
                spec: {
                    schedule: daily(args.at),
                    timeZone: "Etc/UTC",
                    suspend: job.suspend,
                    // Two that ran at a time would look at each other's as never finished.
                    concurrencyPolicy: "Forbid",
                    startingDeadlineSeconds: 6 * 3600,
                    successfulJobsHistoryLimit: 1,
                    failedJobsHistoryLimit: 1,
                    jobTemplate: {
                        metadata: { labels },
                        spec: {
                            // What a failed one began is left alone by the next, and says what was wrong.
                            backoffLimit: component === "database-dump" ? 2 : 0,
                            activeDeadlineSeconds: deadline,
                            template: {
                                metadata: {
                                    labels: {
                                        ...workloadLabels({ name, instance }),
                                        ...labels,
                                        ...database.clientLabels,
                                        ...pods,
                                    },
                                    annotations: undisturbed,
                                },
                                spec: {
                                    serviceAccountName: account.metadata.name,
                                    automountServiceAccountToken: false,
                                    enableServiceLinks: false,
                                    ...integratedPullSecrets(job.first.image),
                                    ...integratedPullSecrets(job.last.image),
                                    restartPolicy: "Never",
                                    securityContext: podSecurity(user),
                                    initContainers: [
                                        ...(database.ca === "public" ? [authoritiesOf(args)] : []),
                                        job.first,
                                    ].map((step) => container(step, store)),
                                    containers: [container(job.last, store)],
                                    volumes: [
                                        { name: "scripts", configMap: { name: mounted.metadata.name } },
                                        {
                                            name: "secrets",
                                            secret: { secretName: secret.metadata.name, defaultMode: 0o440 },
                                        },
                                        { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
                                        // Made for the pod, and gone with it: a node's own disk is no place for a whole database.
                                        {
                                            name: "work",
                                            ephemeral: {
                                                volumeClaimTemplate: {
                                                    metadata: { labels },
                                                    spec: {
                                                        accessModes: ["ReadWriteOnce"],
                                                        storageClassName: args.storageClass,
                                                        resources: { requests: { storage: args.storage } },
                                                    },
                                                },
                                            },
                                        },
                                    ],
                                },
                            },
                        },
                    },
                },
            },
            { parent: this },
        );
    }
}

function bucketLabels(name: string): Labels {
    return reaches(`${name}-bucket`);
}

function authoritiesOf({ image = rcloneImage }: DatabaseDumpsArgs): Step {
    return {
        name: "authorities",
        image,
        command: ["sh", "-c", `cat /etc/ssl/certs/ca-certificates.crt > ${authorities}`],
        size: dumpSizes.bucket,
        environment: [],
    };
}

/** `02:17` as cron has it. */
function daily(at: string): string {
    const [hour, minute] = at.split(":").map(Number);
    return `${minute} ${hour} * * *`;
}

function connection({ database }: DatabaseDumpsArgs): core.v1.EnvVar[] {
    const { host, port, name, user, sslMode, ca } = database;
    const variables: Record<string, pulumi.Input<string>> = {
        PGHOST: host,
        PGPORT: pulumi.output(port).apply(String),
        PGUSER: user,
        PGDATABASE: name,
        ...(sslMode !== undefined && { PGSSLMODE: sslMode }),
        ...(ca !== undefined && { PGSSLROOTCERT: ca === "public" ? authorities : `${scriptsPath}/${caFile}` }),
    };
    return Object.entries(variables).map(([variable, value]) => ({ name: variable, value }));
}

function container({ name, image, command, size, environment }: Step, store: string): core.v1.Container {
    return {
        name,
        image,
        command: [...command],
        env: [
            { name: "STORE", value: store },
            { name: "WORK", value: "/work" },
            { name: "SECRETS", value: secretsPath },
            ...environment,
        ],
        resources: resourcesOf(size),
        securityContext: containerSecurity,
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
            { name: "scripts", mountPath: scriptsPath, readOnly: true },
            { name: "secrets", mountPath: secretsPath, readOnly: true },
            { name: "tmp", mountPath: "/tmp" },
            { name: "work", mountPath: "/work" },
        ],
    };
}
