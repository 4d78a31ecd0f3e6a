// A drill: now and then the last backup is restored into a pod that is thrown away with its volume, and looked at. The steps are the
// pod's own containers, one after the other; two servers stand beside them. Whatever fails ends the pod, and says why last.
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { operationStoreLabel } from "../../../lib/data-operations.ts";
import { oldestBackupHours } from "../../../lib/backup-promise.ts";
import { undisturbed } from "../../../lib/eviction.ts";
import { objectLabels, workloadLabels, type Labels } from "../../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../../lib/pull-secrets.ts";
import { drillSizes, resourcesOf, type Size } from "../../../lib/resources.ts";
import { postgresUser } from "../../database/versions.ts";
import { pgbackrestImage, pgbackrestRepository, type PgbackrestRepositoryFiles } from "../pgbackrest/repository.ts";
import type { AppOnRestored, BackupDrillArgs } from "./contract.ts";

/** Seconds. A large database takes hours; one drill is not to meet the next. */
const deadline = 20 * 3600;

export const drillScripts = "/scripts";
const statements = "/statements";
/** What a step leaves for the steps after it; the app's container has them too. */
export const drillNotes = { name: "notes", mountPath: "/notes" } as const;
export const drillScriptsMount = { name: "scripts", mountPath: drillScripts, readOnly: true } as const;
const data = "/data";

const files = [
    "archive.sh",
    "checks.sh",
    "get.sh",
    "hba.conf",
    "migrations.py",
    "restore.sh",
    "result.sh",
    "say.sh",
    "server.sh",
] as const;

/** Read only where there are drills. */
function contents(): Record<string, string> {
    return Object.fromEntries(
        files.map((file) => [file, readFileSync(new URL(`scripts/${file}`, import.meta.url), "utf8")]),
    );
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
        const { namespace, instance, place, source } = args;
        const labels = { ...objectLabels(instance, "database-drill"), [operationStoreLabel]: args.store };
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        const mounted = new ConfigMap(
            `${name}-scripts`,
            { metadata: { namespace, labels }, immutable: true, data: contents() },
            { parent: this },
        );
        const asked = new ConfigMap(
            `${name}-statements`,
            { metadata: { namespace, labels }, immutable: true, data: statementFiles(args.sql) },
            { parent: this },
        );
        const repository = pgbackrestRepository(
            name,
            {
                ...args,
                place,
                database: {
                    stanza: source.stanza,
                    dataDirectory: `${data}/restored`,
                    user: "postgres",
                    socketDirectory: "/tmp",
                },
            },
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
                                    labels: { ...workloadLabels({ name, instance }), ...labels, ...repository.labels },
                                    annotations: undisturbed,
                                },
                                spec: this.pod(args, account, { mounted, asked, repository, labels, app }),
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
            readonly repository: PgbackrestRepositoryFiles;
            readonly labels: Labels;
            readonly app: AppOnRestored | undefined;
        },
    ): core.v1.PodSpec {
        const { source, serverImage } = args;
        const { mounted, asked, repository, labels, app } = made;
        const image = source.image ?? pgbackrestImage;
        const restores = { mounts: repository.mounts, environment: repository.environment };
        const steps: core.v1.Container[] = [
            { name: "restore", image, script: "restore.sh", size: drillSizes.restore, ...restores },
            { name: "archive", image, script: "archive.sh", size: drillSizes.archive, ...restores, beside: {} },
            {
                name: "server",
                image: serverImage,
                script: "server.sh",
                size: args.serverSize,
                beside: { startupProbe: onceItServes },
                environment: [{ name: "MAX_CONNECTIONS", value: String(args.maxConnections) }],
                mounts: [{ name: "shared-memory", mountPath: "/dev/shm" }],
            },
            {
                name: "checks",
                image: serverImage,
                script: "checks.sh",
                size: drillSizes.checks,
                mounts: [{ name: "statements", mountPath: statements, readOnly: true }],
            },
        ].map((step) => container(step, args));
        const result = { name: "result", image: serverImage, script: "result.sh", size: drillSizes.checks };
        return {
            serviceAccountName: account.metadata.name,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            imagePullSecrets: [
                ...(integratedPullSecrets(image).imagePullSecrets ?? []),
                ...(integratedPullSecrets(serverImage).imagePullSecrets ?? []),
                ...(app?.imagePullSecrets ?? []),
            ],
            restartPolicy: "Never",
            securityContext: podSecurity(postgresUser),
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
                ...repository.volumes,
                ...(app?.volumes ?? []),
            ],
        };
    }
}

/** Also of a server that has ended: the next step says why. Replaying takes as long as it takes; the job's deadline ends it. */
const onceItServes: core.v1.Probe = {
    exec: { command: ["sh", "-c", "[ -e /notes/server-ended ] || pg_isready --quiet --host=127.0.0.1"] },
    periodSeconds: 1,
    timeoutSeconds: 5,
    failureThreshold: deadline,
};

function container(step: Step, { store, place, source, database }: BackupDrillArgs): core.v1.Container {
    const { name, image, script, size, beside, environment = [], mounts = [] } = step;
    return {
        name,
        image,
        command: ["sh", `${drillScripts}/${script}`],
        env: [
            { name: "STORE", value: store },
            { name: "REPOSITORY", value: `${place.bucket}/${place.prefix}` },
            { name: "STANZA", value: source.stanza },
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
