// What stands beside a PostgreSQL whose volume is ours: before it starts, who restores; while it runs, who archives and who backs up.
import type { core } from "@pulumi/kubernetes/types/input.js";
import { stanzaOf } from "../../../lib/data-directories.ts";
import { containerSecurity } from "../../../lib/pod-security.ts";
import { backupSizes, resourcesOf, type Size } from "../../../lib/resources.ts";
import type { ClusterBackups, ClusterRestore } from "../contract.ts";
import { pgbackrestImage, pgbackrestScripts, type PgbackrestRepositoryFiles } from "./repository.ts";

export interface SidecarsArgs {
    /** The store's. */
    readonly name: string;
    readonly backups: ClusterBackups;
    readonly restore?: ClusterRestore;
    readonly files: PgbackrestRepositoryFiles;
    /** The mounts of the volume and of the folder with the socket, as the server has them. */
    readonly shared: readonly core.v1.VolumeMount[];
    /** PGDATA. */
    readonly dataPath: string;
    /** The folder's name. */
    readonly dataDirectory: string;
}

export interface Sidecars {
    readonly initContainers: core.v1.Container[];
    readonly volumes: core.v1.Volume[];
    /** Of the server. */
    readonly settings: Readonly<Record<string, string>>;
    readonly environment: core.v1.EnvVar[];
    readonly mounts: core.v1.VolumeMount[];
    readonly lifecycle: core.v1.Lifecycle;
}

const handOver = "/var/run/django-on-kubernetes/archive";
const handOverScript = `${pgbackrestScripts}/hand-over.sh`;

/** Seconds from a full segment, or from the end of the time that one may wait, until it is in the bucket. */
const onTheWay = 30;

/** The server's own container has neither the key nor the passphrase: it asks, through files. */
export function pgbackrestSidecars(args: SidecarsArgs): Sidecars {
    const { backups, restore, files } = args;
    const handOverMount = { name: "archive", mountPath: handOver };
    const recoverySeconds = backups.recoveryPoint * 60;
    const container = (
        name: "restore" | "archiver" | "backups",
        size: Size,
        environment: Readonly<Record<string, string>>,
    ): core.v1.Container => ({
        name,
        image: backups.image ?? pgbackrestImage,
        command: ["bash", `${pgbackrestScripts}/${name}.sh`],
        env: [
            { name: "PGDATA", value: args.dataPath },
            { name: "STANZA", value: stanzaOf(args.dataDirectory) },
            { name: "HANDOVER", value: handOver },
            { name: "STORE", value: args.name },
            { name: "FOLDER", value: backups.place.prefix },
            ...files.environment,
            ...Object.entries(environment).map(([key, value]) => ({ name: key, value })),
        ],
        resources: resourcesOf(size),
        securityContext: containerSecurity,
        volumeMounts: [
            ...args.shared,
            ...files.mounts,
            handOverMount,
            { name: "pgbackrest-tmp", mountPath: "/tmp", subPath: name },
        ],
    });
    // As long as the pod: it is there before the server, and ends after it, when the last segments are away.
    const beside = { restartPolicy: "Always" };
    return {
        initContainers: [
            container("restore", backupSizes.restore, {
                HAND_OVER: handOverScript,
                ...(restore && {
                    RESTORE_AT: restore.at,
                    ORIGINAL: restore.original,
                    ...(restore.from !== undefined && { RESTORE_FROM: restore.from }),
                    ...(restore.at !== "latest" && momentOf(restore.at)),
                }),
            }),
            {
                ...container("archiver", backupSizes.archiver, { RECOVERY_POINT_SECONDS: `${recoverySeconds}` }),
                ...beside,
            },
            {
                ...container("backups", backupSizes.backups, {
                    AT: backups.at,
                    FULL_EVERY_DAYS: `${backups.fullEvery}`,
                    KEEP_DAYS: `${backups.keep.days}`,
                    KEEP_AT_LEAST: `${backups.keep.atLeast}`,
                }),
                ...beside,
            },
        ],
        volumes: [
            ...files.volumes,
            { name: "archive", emptyDir: { sizeLimit: "16Mi" } },
            { name: "pgbackrest-tmp", emptyDir: { sizeLimit: "64Mi" } },
        ],
        settings: {
            archive_mode: "on",
            archive_command: `/bin/sh ${handOverScript} push %f`,
            archive_timeout: `${recoverySeconds - onTheWay}`,
            // Else who connects while it recovers is let in, and finds that nothing can be written.
            hot_standby: "off",
        },
        environment: [{ name: "HANDOVER", value: handOver }],
        mounts: [files.scriptsMount, handOverMount],
        lifecycle: { postStart: { exec: { command: ["/bin/sh", `${pgbackrestScripts}/login.sh`] } } },
    };
}

/** For the script as seconds since 1970, for PostgreSQL in its own words. */
function momentOf(at: string): Readonly<Record<string, string>> {
    return {
        RESTORE_SECONDS: `${Math.floor(Date.parse(at) / 1000)}`,
        RESTORE_TARGET: at.replace("T", " ").replace(/Z$/, "+00"),
    };
}
