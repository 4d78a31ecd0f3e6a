// What pgBackRest is told of its bucket, as files of a pod, and the pod's way there.
import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { objectLabels, reaches, type Labels } from "../../../lib/labels.ts";
import {
    pgbackrestConfiguration,
    pgbackrestSecrets,
    type PgbackrestDatabase,
} from "../../../lib/pgbackrest-configuration.ts";
import type { Placement } from "../../contract.ts";
import { wayToBucket } from "../../network/bucket-way.ts";
import type { BackupPlace } from "../contract.ts";

/** CloudNativePG and Crunchy had images of it, and Percona keeps one. */
export const pgbackrestImage = "docker.io/percona/percona-pgbackrest:2.58.0-2";

/** PostgreSQL wants the word in archive_command that pgBackRest looks for there. */
export const pgbackrestScripts = "/etc/django-on-kubernetes/pgbackrest";
export const pgbackrestFiles = "/etc/pgbackrest";

const scripts = ["archiver.sh", "backups.sh", "common.sh", "hand-over.sh", "login.sh", "restore.sh"] as const;

const contents: Readonly<Record<string, string>> = Object.fromEntries(
    scripts.map((file) => [file, readFileSync(new URL(`scripts/${file}`, import.meta.url), "utf8")]),
);

export interface PgbackrestRepositoryArgs extends Placement {
    readonly place: BackupPlace;
    readonly database: PgbackrestDatabase;
}

export interface PgbackrestRepositoryFiles {
    readonly volumes: core.v1.Volume[];
    /** Of containers that run pgBackRest; the server's own has the scripts alone. */
    readonly mounts: core.v1.VolumeMount[];
    readonly scriptsMount: core.v1.VolumeMount;
    /** Where pgBackRest finds its settings. */
    readonly environment: core.v1.EnvVar[];
    /** What the pod carries to be let out to the bucket. */
    readonly labels: Labels;
}

export function pgbackrestRepository(
    name: string,
    { namespace, instance, place, database }: PgbackrestRepositoryArgs,
    opts: pulumi.CustomResourceOptions,
): PgbackrestRepositoryFiles {
    const { accessKey, passphrase, ca, cidrs, port, ...server } = place;
    const labels = objectLabels(instance, "database");
    const secret = new Secret(
        `${name}-backups-keys`,
        {
            metadata: { namespace, labels },
            immutable: true,
            stringData: {
                "secrets.conf": pulumi
                    .all([accessKey.id, accessKey.secret, passphrase])
                    .apply(([accessKeyId, secretAccessKey, phrase]) =>
                        pgbackrestSecrets({ accessKeyId, secretAccessKey, passphrase: phrase }),
                    ),
            },
        },
        opts,
    );
    const caFile = `${pgbackrestFiles}/ca.pem`;
    const files = new ConfigMap(
        `${name}-backups-files`,
        {
            metadata: { namespace, labels },
            immutable: true,
            data: {
                "pgbackrest.conf": pgbackrestConfiguration(
                    { ...server, ...(ca !== undefined && { caFile }) },
                    database,
                ),
                ...(ca !== undefined && { "ca.pem": ca }),
            },
        },
        opts,
    );
    const shell = new ConfigMap(
        `${name}-backups-scripts`,
        { metadata: { namespace, labels }, immutable: true, data: contents },
        opts,
    );
    const clients = reaches(`${name}-backups`);
    wayToBucket(`${name}-backups`, { namespace, clients, port, ...(cidrs && { cidrs }) }, opts);
    return {
        volumes: [
            {
                name: "pgbackrest",
                projected: {
                    sources: [
                        { configMap: { name: files.metadata.name } },
                        {
                            secret: {
                                name: secret.metadata.name,
                                items: [{ key: "secrets.conf", path: "conf.d/secrets.conf" }],
                            },
                        },
                    ],
                },
            },
            { name: "pgbackrest-scripts", configMap: { name: shell.metadata.name } },
        ],
        mounts: [
            { name: "pgbackrest", mountPath: pgbackrestFiles, readOnly: true },
            { name: "pgbackrest-scripts", mountPath: pgbackrestScripts, readOnly: true },
        ],
        scriptsMount: { name: "pgbackrest-scripts", mountPath: pgbackrestScripts, readOnly: true },
        environment: [
            { name: "PGBACKREST_CONFIG", value: `${pgbackrestFiles}/pgbackrest.conf` },
            { name: "PGBACKREST_CONFIG_INCLUDE_PATH", value: `${pgbackrestFiles}/conf.d` },
        ],
        labels: clients,
    };
}
