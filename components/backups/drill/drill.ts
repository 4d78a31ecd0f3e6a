// A drill: now and then the last backup, or the last dump, is restored into a pod that is thrown away with its volume, and looked at. The steps are the
// pod's own containers, one after the other; two servers stand beside them. Whatever fails ends the pod, and says why last.
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { operationStoreLabel } from "../../../lib/data-operations.ts";
import { oldestBackupHours } from "../../../lib/backup-promise.ts";
import { undisturbed } from "../../../lib/eviction.ts";
import { objectLabels, reaches, workloadLabels, type Labels } from "../../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../../lib/pull-secrets.ts";
import { drillSizes, dumpSizes, resourcesOf, type Size } from "../../../lib/resources.ts";
import { wayToBucket } from "../../network/bucket-way.ts";
import { environmentOf, filesOf, keysOf, rcloneImage, secretsPath } from "../bucket.ts";
import { dumpScripts } from "../dump/dump.ts";
import { pgbackrestImage, pgbackrestRepository } from "../pgbackrest/repository.ts";
import type { AppOnRestored, BackupDrillArgs, DumpToTry, FilesToTry } from "./contract.ts";

/** Seconds. A large database takes hours; one drill is not to meet the next. */
const deadline = 20 * 3600;

export const drillScripts = "/scripts";
const statements = "/statements";
/** What a step leaves for the steps after it; the app's container has them too. */
export const drillNotes = { name: "notes", mountPath: "/notes" } as const;
export const drillScriptsMount = { name: "scripts", mountPath: drillScripts, readOnly: true } as const;
const data = "/data";

const common = ["checks.sh", "hba.conf", "migrations.py", "result.sh", "say.sh", "server.sh"];
const ofFiles = ["archive.sh", "get.sh", "restore-files.sh"];
const ofDumps = ["fetch-dump.sh", "load-dump.sh"];

/** Read only where there are drills. */
function scripts(names: readonly string[]): Record<string, string> {
    return Object.fromEntries(
        names.map((file) => [file, readFileSync(new URL(`scripts/${file}`, import.meta.url), "utf8")]),
    );
}

/** What a kind of backups has of its own. */
interface Source {
    /** Before the server is looked at. */
    readonly steps: readonly Step[];
    readonly files: Readonly<Record<string, string>>;
    readonly volumes: readonly core.v1.Volume[];
    /** What the pod carries to be let out to the bucket. */
    readonly labels: Labels;
    /** With pull secrets of a cloud's own registry, where they are there. */
    readonly image: string;
}

interface Step {
    readonly name: string;
    readonly image: string;
    readonly script: string;
    readonly size: Size;
    /** @default it ends before the next begins */
    readonly beside?: Partial<core.v1.Container>;
    readonly environment?: readonly core.v1.EnvVar[];
    readonly mounts?: readonly core.v1.VolumeMount[];
}

export class BackupDrill extends pulumi.ComponentResource {
    constructor(name: string, args: BackupDrillArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:backups:Drill", name, {}, opts);
        const { namespace, instance } = args;
        const labels = { ...objectLabels(instance, "database-drill"), [operationStoreLabel]: args.store };
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        const source =
            args.source.kind === "files" ? files(name, args, args.source, this) : dump(name, args, args.source, this);
        const mounted = new ConfigMap(
            `${name}-scripts`,
            { metadata: { namespace, labels }, immutable: true, data: { ...scripts(common), ...source.files } },
            { parent: this },
        );
        const asked = new ConfigMap(
            `${name}-statements`,
            { metadata: { namespace, labels }, immutable: true, data: statementFiles(args.sql) },
            { parent: this },
        );
        const app = args.app?.(this);
        new CronJob(
            `${name}-schedule`,
            {
                metadata: { name, namespace, labels },
                spec: {
                    schedule: args.schedule,
                    timeZone: "Etc/UTC",
                    concurrencyPolicy: "Forbid",
                    // One that was missed for a day's want of nodes is made up.
                    startingDeadlineSeconds: 24 * 3600,
                    // `make status` reads the last ones: how they ended stands in their pods.
                    successfulJobsHistoryLimit: 2,
                    failedJobsHistoryLimit: 2,
                    jobTemplate: {
                        metadata: { labels },
                        spec: {
                            // What failed is to be seen, not to be tried until it goes well.
                            backoffLimit: 0,
                            activeDeadlineSeconds: deadline,
                            template: {
                                metadata: {
                                    labels: { ...workloadLabels({ name, instance }), ...labels, ...source.labels },
                                    annotations: undisturbed,
                                },
                                spec: this.pod(args, account, { mounted, asked, source, labels, app }),
                            },
                        },
                    },
                },
            },
            { parent: this, dependsOn: [...(app?.after ?? [])] },
        );
        this.registerOutputs({});
    }

    private pod(
        args: BackupDrillArgs,
        account: ServiceAccount,
        made: {
            readonly mounted: ConfigMap;
            readonly asked: ConfigMap;
            readonly source: Source;
            readonly labels: Labels;
            readonly app: AppOnRestored | undefined;
        },
    ): core.v1.PodSpec {
        const { serverImage } = args;
        const { mounted, asked, source, labels, app } = made;
        const checks: Step = {
            name: "checks",
            image: serverImage,
            script: "checks.sh",
            size: drillSizes.checks,
            mounts: [{ name: "statements", mountPath: statements, readOnly: true }],
        };
        const steps = [...source.steps, checks].map((step) => container(step, args));
        const result = { name: "result", image: serverImage, script: "result.sh", size: drillSizes.checks };
        return {
            serviceAccountName: account.metadata.name,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            imagePullSecrets: pullSecrets([
                ...(integratedPullSecrets(source.image).imagePullSecrets ?? []),
                ...(integratedPullSecrets(serverImage).imagePullSecrets ?? []),
                ...(app?.imagePullSecrets ?? []),
            ]),
            restartPolicy: "Never",
            securityContext: podSecurity(args.runAs),
            terminationGracePeriodSeconds: 30,
            initContainers: [...steps, ...(app === undefined ? [] : [app.container])],
            containers: [container(result, args)],
            volumes: [
                { name: "scripts", configMap: { name: mounted.metadata.name } },
                { name: "statements", configMap: { name: asked.metadata.name } },
                { name: "notes", emptyDir: { sizeLimit: "64Mi" } },
                { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
                { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: args.serverSize.memory } },
                {
                    name: "data",
                    // Made for the pod, and gone with it: a node's own disk is no place for a whole database.
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
                ...source.volumes,
                ...(app?.volumes ?? []),
            ],
        };
    }
}

/** Kubernetes takes each name once. */
function pullSecrets(all: readonly core.v1.LocalObjectReference[]): core.v1.LocalObjectReference[] {
    return [...new Map(all.map((one) => [one.name, one])).values()];
}

function files(
    name: string,
    args: BackupDrillArgs,
    { stanza, image = pgbackrestImage }: FilesToTry,
    parent: pulumi.ComponentResource,
): Source {
    const database = { stanza, dataDirectory: `${data}/restored`, user: "postgres", socketDirectory: "/tmp" };
    const repository = pgbackrestRepository(name, { ...args, database }, { parent });
    const { mounts } = repository;
    const environment = [{ name: "STANZA", value: stanza }, ...repository.environment];
    const { restore, archive } = drillSizes;
    return {
        steps: [
            { name: "restore", image, script: "restore-files.sh", size: restore, mounts, environment },
            { name: "archive", image, script: "archive.sh", size: archive, mounts, environment, beside: {} },
            server(args),
        ],
        files: scripts(ofFiles),
        volumes: repository.volumes,
        labels: repository.labels,
        image,
    };
}

function dump(
    name: string,
    { namespace, instance, place, ...args }: BackupDrillArgs,
    { image = rcloneImage }: DumpToTry,
    parent: pulumi.ComponentResource,
): Source {
    const secret = new Secret(
        `${name}-keys`,
        {
            metadata: { namespace, labels: objectLabels(instance, "database-drill") },
            immutable: true,
            // The new server asks for no password; the script that loads dumps reads one.
            stringData: { ...keysOf(place), "database-password": "nobody-asks" },
        },
        { parent },
    );
    const { port, cidrs } = place;
    const clients = reaches(`${name}-bucket`);
    wayToBucket(name, { namespace, clients, port, ...(cidrs && { cidrs }) }, { parent });
    const mounts = [{ name: "secrets", mountPath: secretsPath, readOnly: true }];
    const environment = [
        { name: "WORK", value: `${data}/dump` },
        { name: "SECRETS", value: secretsPath },
        ...environmentOf(place),
    ];
    const { bucket, database } = dumpSizes;
    return {
        steps: [
            { name: "fetch", image, script: "fetch-dump.sh", size: bucket, mounts, environment },
            server({ ...args, namespace, instance, place }),
            { name: "load", image: args.serverImage, script: "load-dump.sh", size: database, mounts, environment },
        ],
        files: { ...dumpScripts(), ...filesOf(place), ...scripts(ofDumps) },
        volumes: [{ name: "secrets", secret: { secretName: secret.metadata.name, defaultMode: 0o440 } }],
        labels: clients,
        image,
    };
}

function server({ serverImage, serverSize, maxConnections }: BackupDrillArgs): Step {
    return {
        name: "server",
        image: serverImage,
        script: "server.sh",
        size: serverSize,
        beside: { startupProbe: onceItServes },
        environment: [{ name: "MAX_CONNECTIONS", value: String(maxConnections) }],
        mounts: [{ name: "shared-memory", mountPath: "/dev/shm" }],
    };
}

/** What a server on a pod's own loopback needs; `server.sh` starts it. */
export function loopbackServerScripts(): Record<string, string> {
    return scripts(["hba.conf", "say.sh", "server.sh"]);
}

/** Also of a server that has ended: the next step says why. Replaying takes as long as it takes; the job's deadline ends it. */
export const onceItServes: core.v1.Probe = {
    exec: { command: ["sh", "-c", "[ -e /notes/server-ended ] || pg_isready --quiet --host=127.0.0.1"] },
    periodSeconds: 1,
    timeoutSeconds: 5,
    failureThreshold: deadline,
};

function container(step: Step, { store, place, database }: BackupDrillArgs): core.v1.Container {
    const { name, image, script, size, beside, environment = [], mounts = [] } = step;
    return {
        name,
        image,
        command: ["sh", `${drillScripts}/${script}`],
        env: [
            { name: "STORE", value: store },
            { name: "REPOSITORY", value: `${place.bucket}/${place.prefix}` },
            { name: "OLDEST_HOURS", value: String(oldestBackupHours) },
            { name: "PGDATA", value: `${data}/restored` },
            { name: "EXCHANGE", value: `${data}/exchange` },
            { name: "PGHOST", value: "127.0.0.1" },
            { name: "PGPORT", value: "5432" },
            { name: "PGUSER", value: database.user },
            { name: "PGDATABASE", value: database.name },
            ...environment,
        ],
        resources: resourcesOf(size),
        securityContext: containerSecurity,
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
            drillScriptsMount,
            drillNotes,
            { name: "data", mountPath: data },
            { name: "tmp", mountPath: "/tmp", subPath: name },
            ...mounts,
        ],
        ...(beside && { restartPolicy: "Always", ...beside }),
    };
}

/** In the order of the settings. */
function statementFiles(sql: readonly string[]): Record<string, string> {
    return Object.fromEntries(sql.map((text, index) => [`${String(index).padStart(2, "0")}.sql`, text]));
}
