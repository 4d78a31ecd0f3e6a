// Where a database's backups go, for whatever makes them: the sidecars of pgBackRest, jobs that dump, drills.
import type { Output } from "@pulumi/pulumi";

/** A folder of a bucket that is there, behind a server that speaks S3, and what opens both. */
export interface BackupPlace {
    /** For example `https://s3.example.org`. */
    readonly endpoint: string;
    readonly port: number;
    readonly region: string;
    readonly addressing: "path" | "virtual";
    /** Where the server is. @default public addresses */
    readonly cidrs?: readonly string[];
    /** As PEM. @default a CA that every system trusts */
    readonly ca?: string;
    readonly bucket: string;
    /** Without a slash at either end. */
    readonly prefix: string;
    readonly accessKey: { readonly id: Output<string>; readonly secret: Output<string> };
    /** What they are encrypted with. */
    readonly passphrase: Output<string>;
}

/** When a backup is removed. */
export interface BackupRetention {
    readonly days: number;
    /** So many good ones stay, however old. */
    readonly atLeast: number;
}

export interface Backups {
    readonly place: BackupPlace;
    /** Of each day, in UTC: `02:17`. */
    readonly at: string;
    readonly keep: BackupRetention;
}

/** Of a server whose volume is ours. */
export interface ClusterBackups extends Backups {
    /** Days from one full copy to the next. */
    readonly fullEvery: number;
    /** Minutes that may be lost with the volume. */
    readonly recoveryPoint: number;
    /** An image with pgBackRest and bash. @default Percona's */
    readonly image?: string;
}

/** Another state of the data, beside the one that is there. */
export interface ClusterRestore {
    /** A moment as `2026-12-01T10:20:30Z`, or `latest`. */
    readonly at: string;
    /** Of other backups in the same bucket: their folder. @default its own */
    readonly from?: string;
    /** What becomes of the data before. */
    readonly original: "kept" | "removed";
}
