// The place of a store's backups in a bucket, for pods that reach it by rclone: how they are told of it.
import type { Output } from "@pulumi/pulumi";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { s3Remote } from "../../lib/rclone.ts";
import type { BackupPlace } from "./contract.ts";

/** rclone's own: Alpine, with a shell. */
export const rcloneImage = "docker.io/rclone/rclone:1.72.1";

/** Where the files of `keysOf` and `filesOf` are. */
export const secretsPath = "/secrets";
export const scriptsPath = "/scripts";

const caFile = "bucket-ca.pem";

/** Entries of a Secret. */
export function keysOf({ accessKey, passphrase }: BackupPlace): Readonly<Record<string, Output<string>>> {
    return { "access-key-id": accessKey.id, "secret-access-key": accessKey.secret, passphrase };
}

/** Entries of the ConfigMap that has the scripts. */
export function filesOf({ ca }: BackupPlace): Readonly<Record<string, string>> {
    return ca === undefined ? {} : { [caFile]: ca };
}

/** What the scripts read. */
export function environmentOf(place: BackupPlace): core.v1.EnvVar[] {
    const { endpoint, bucket, prefix, ca } = place;
    return Object.entries({
        ENDPOINT: endpoint,
        BUCKET: bucket,
        PREFIX: prefix,
        ...s3Remote("bucket", place),
        ...(ca !== undefined && { RCLONE_CA_CERT: `${scriptsPath}/${caFile}` }),
    }).map(([name, value]) => ({ name, value }));
}
