// A seed: a copy of a database is loaded into a server inside the job's own pod, masked there, and only then put onto the server that is lent,
// as a new database beside the one that is served. What is unmasked never is on that server, nor in its backups; a job that is killed at any
// moment leaves a volume that goes with its pod, and at most a database that nobody begins with.
import { readFileSync, readdirSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { operationStoreLabel } from "../../../lib/data-operations.ts";
import { undisturbed } from "../../../lib/eviction.ts";
import { objectLabels, reaches, workloadLabels, type Labels } from "../../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../../lib/pull-secrets.ts";
import { dumpSizes, resourcesOf, seedSizes, type Size } from "../../../lib/resources.ts";
import { seedContainers, seedOnRequest } from "../../../lib/seeds.ts";
import { wayToBucket } from "../../network/bucket-way.ts";
import { environmentOf, filesOf, keysOf, rcloneImage, scriptsPath } from "../bucket.ts";
import { loopbackServerScripts, onceItServes } from "../drill/drill.ts";
import { dumpScripts } from "../dump/dump.ts";
import type { DatabaseSeedArgs } from "./contract.ts";

/** Seconds. A large database takes hours; one that hangs is not to meet the next. */
const deadline = 20 * 3600;

const data = "/data";
const notes = { name: "notes", mountPath: "/notes" } as const;
const statements = { name: "statements", mountPath: "/statements", readOnly: true } as const;
const caFile = "server-ca.pem";

const directory = new URL("scripts/", import.meta.url);

/** Read only where there are seeds. */
function seedScripts(): Record<string, string> {
    return Object.fromEntries(
        readdirSync(directory)
            .toSorted()
            .map((file) => [file, readFileSync(new URL(file, directory), "utf8")]),
    );
}

interface Step {
    readonly name: string;
    readonly image: string;
    readonly command: readonly string[];
    readonly size: Size;
    /** @default it ends before the next begins */
    readonly beside?: Partial<core.v1.Container>;
    readonly environment?: readonly core.v1.EnvVar[];
    readonly mounts?: readonly core.v1.VolumeMount[];
}

/** Where the rows come from: the first step, and what it is let to. */
interface Source {
    readonly step: Step;
    /** Of the Secret that it alone has. */
    readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
    readonly files: Readonly<Record<string, string>>;
    readonly labels: Labels;
}

export class DatabaseSeed extends pulumi.ComponentResource {
    constructor(name: string, args: DatabaseSeedArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:backups:Seed", name, {}, opts);
        const { namespace, instance, server, mask } = args;
        const labels = { ...objectLabels(instance, "database-seed"), [operationStoreLabel]: "database" };
        const source = sourceOf(name, args, this);
        const metadata = { namespace, labels };
        const keys = new Secret(
            `${name}-source`,
            { metadata, immutable: true, stringData: source.secrets },
            { parent: this },
        );
        const login = new Secret(
            `${name}-administration`,
            { metadata, immutable: true, stringData: { "administrator-password": server.password } },
            { parent: this },
        );
        const mounted = new ConfigMap(
            `${name}-scripts`,
            {
                metadata,
                immutable: true,
                data: {
                    ...dumpScripts(),
                    ...loopbackServerScripts(),
                    ...seedScripts(),
                    ...source.files,
                    ...(server.ca && { [caFile]: server.ca }),
                },
            },
            { parent: this },
        );
        const asked =
            mask === undefined || mask.sql.length === 0
                ? undefined
                : new ConfigMap(
                      `${name}-statements`,
                      { metadata, immutable: true, data: statementFiles(mask.sql) },
                      { parent: this },
                  );
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        const app = mask?.app?.(this);
        const steps = [container(source.step), ...stepsBetween(args, asked !== undefined).map(container)];
        new CronJob(
            `${name}-schedule`,
            {
                metadata: { name, namespace, labels },
                spec: {
                    schedule: args.schedule ?? seedOnRequest,
                    timeZone: "Etc/UTC",
                    suspend: args.schedule === undefined,
                    concurrencyPolicy: "Forbid",
                    startingDeadlineSeconds: 6 * 3600,
                    successfulJobsHistoryLimit: 1,
                    failedJobsHistoryLimit: 1,
                    jobTemplate: {
                        metadata: { labels },
                        spec: {
                            // What failed is to be seen: the seed of before is served on.
                            backoffLimit: 0,
                            activeDeadlineSeconds: deadline,
                            template: {
                                metadata: {
                                    labels: {
                                        ...workloadLabels({ name, instance }),
                                        ...labels,
                                        ...server.clientLabels,
                                        ...source.labels,
                                    },
                                    annotations: undisturbed,
                                },
                                spec: {
                                    serviceAccountName: account.metadata.name,
                                    automountServiceAccountToken: false,
                                    enableServiceLinks: false,
                                    imagePullSecrets: pullSecrets([
                                        ...(integratedPullSecrets(source.step.image).imagePullSecrets ?? []),
                                        ...(integratedPullSecrets(args.serverImage).imagePullSecrets ?? []),
                                        ...(app?.imagePullSecrets ?? []),
                                    ]),
                                    restartPolicy: "Never",
                                    securityContext: podSecurity(args.runAs),
                                    terminationGracePeriodSeconds: 30,
                                    initContainers: [...steps, ...(app === undefined ? [] : [app.container])],
                                    containers: [container(serve(args))],
                                    volumes: [
                                        { name: "scripts", configMap: { name: mounted.metadata.name } },
                                        ...(asked === undefined
                                            ? []
                                            : [{ name: statements.name, configMap: { name: asked.metadata.name } }]),
                                        {
                                            name: "source-secrets",
                                            secret: { secretName: keys.metadata.name, defaultMode: 0o440 },
                                        },
                                        {
                                            name: "server-secrets",
                                            secret: { secretName: login.metadata.name, defaultMode: 0o440 },
                                        },
                                        { name: notes.name, emptyDir: { sizeLimit: "64Mi" } },
                                        { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
                                        {
                                            name: "shared-memory",
                                            emptyDir: { medium: "Memory", sizeLimit: seedSizes.server.memory },
                                        },
                                        // Made for the pod, and gone with it.
                                        {
                                            name: "data",
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
                                        ...(app?.volumes ?? []),
                                    ],
                                },
                            },
                        },
                    },
                },
            },
            { parent: this, dependsOn: [...(app?.after ?? [])] },
        );
        this.registerOutputs({});
    }
}

/** Kubernetes takes each name once. */
function pullSecrets(all: readonly core.v1.LocalObjectReference[]): core.v1.LocalObjectReference[] {
    return [...new Map(all.map((one) => [one.name, one])).values()];
}

const sourceSecrets = { name: "source-secrets", mountPath: "/source-secrets", readOnly: true } as const;
const serverSecrets = { name: "server-secrets", mountPath: "/server-secrets", readOnly: true } as const;
const work = { name: "WORK", value: `${data}/dump` } as const;

function sourceOf(name: string, args: DatabaseSeedArgs, parent: pulumi.ComponentResource): Source {
    const { source, namespace, serverImage } = args;
    const secrets = { name: "SECRETS", value: sourceSecrets.mountPath };
    if (source.kind === "itself") {
        const { host, port, name: database, user, password, sslMode } = source.database;
        return {
            step: {
                name: seedContainers.take,
                image: serverImage,
                command: ["bash", `${scriptsPath}/take.sh`],
                size: dumpSizes.database,
                environment: [
                    { name: "PGHOST", value: host },
                    { name: "PGPORT", value: pulumi.output(port).apply(String) },
                    { name: "PGUSER", value: user },
                    { name: "PGDATABASE", value: database },
                    ...(sslMode === undefined ? [] : [{ name: "PGSSLMODE", value: sslMode }]),
                    ...(args.server.ca ? [{ name: "PGSSLROOTCERT", value: `${scriptsPath}/${caFile}` }] : []),
                    secrets,
                    work,
                ],
                mounts: [sourceSecrets],
            },
            secrets: { "database-password": password },
            files: {},
            labels: {},
        };
    }
    const { place, from, image = rcloneImage } = source;
    const { port, cidrs } = place;
    const clients = reaches(`${name}-bucket`);
    wayToBucket(name, { namespace, clients, port, ...(cidrs && { cidrs }) }, { parent });
    return {
        step: {
            name: seedContainers.fetch,
            image,
            command: ["sh", "-c", `mkdir -p "$WORK" && exec sh ${scriptsPath}/fetch.sh`],
            size: dumpSizes.bucket,
            environment: [
                ...environmentOf(place),
                { name: "DUMP", value: "latest" },
                { name: "FROM", value: from },
                { name: "KIND", value: "seed" },
                secrets,
                work,
            ],
            mounts: [sourceSecrets],
        },
        secrets: keysOf(place),
        files: filesOf(place),
        labels: clients,
    };
}

function stepsBetween({ serverImage, database }: DatabaseSeedArgs, masks: boolean): Step[] {
    const environment = [
        { name: "PGHOST", value: "127.0.0.1" },
        { name: "PGPORT", value: "5432" },
        { name: "PGUSER", value: database.user },
        { name: "PGDATABASE", value: database.name },
        work,
    ];
    return [
        {
            name: "server",
            image: serverImage,
            command: ["sh", `${scriptsPath}/server.sh`],
            size: seedSizes.server,
            beside: { restartPolicy: "Always", startupProbe: onceItServes },
            environment: [...environment, { name: "PGDATA", value: `${data}/copy` }],
            mounts: [{ name: "shared-memory", mountPath: "/dev/shm" }],
        },
        {
            name: "load",
            image: serverImage,
            command: ["bash", `${scriptsPath}/load.sh`],
            size: dumpSizes.database,
            environment,
        },
        ...(masks
            ? [
                  {
                      name: seedContainers.sql,
                      image: serverImage,
                      command: ["bash", `${scriptsPath}/mask.sh`],
                      size: seedSizes.mask,
                      environment,
                      mounts: [statements],
                  },
              ]
            : []),
    ];
}

function serve({ serverImage, database, server, name, namespace, keep, mask }: DatabaseSeedArgs): Step {
    const variables: Readonly<Record<string, pulumi.Input<string>>> = {
        PGHOST: "127.0.0.1",
        PGPORT: "5432",
        PGUSER: database.user,
        PGDATABASE: database.name,
        SERVER_HOST: server.host,
        SERVER_PORT: pulumi.output(server.port).apply(String),
        SERVER_USER: server.user,
        SERVER_DATABASE: server.name,
        ...(server.sslMode !== undefined && { SERVER_SSLMODE: server.sslMode }),
        ...(server.ca && { SERVER_CA: `${scriptsPath}/${caFile}` }),
        SEED: name,
        NAMESPACE: namespace,
        KEEP: String(keep),
        ...(mask && { MASKED: "true" }),
    };
    return {
        name: "serve",
        image: serverImage,
        command: ["bash", `${scriptsPath}/serve.sh`],
        size: dumpSizes.database,
        environment: [...Object.entries(variables).map(([key, value]) => ({ name: key, value })), work],
        mounts: [serverSecrets],
    };
}

function container(step: Step): core.v1.Container {
    const { name, image, command, size, beside, environment = [], mounts = [] } = step;
    return {
        name,
        image,
        command: [...command],
        env: [{ name: "STORE", value: "database" }, ...environment],
        resources: resourcesOf(size),
        securityContext: containerSecurity,
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
            { name: "scripts", mountPath: scriptsPath, readOnly: true },
            notes,
            { name: "data", mountPath: data },
            { name: "tmp", mountPath: "/tmp", subPath: name },
            ...mounts,
        ],
        ...beside,
    };
}

/** In the order of the settings. */
function statementFiles(sql: readonly string[]): Record<string, string> {
    return Object.fromEntries(sql.map((text, index) => [`${String(index).padStart(2, "0")}.sql`, `${text}\n`]));
}
