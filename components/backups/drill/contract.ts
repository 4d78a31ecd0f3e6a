// What a drill is told: which backups are tried, and what the restored data is held against.
import type { ComponentResource, Input, Resource } from "@pulumi/pulumi";
import type { core } from "@pulumi/kubernetes/types/input.js";
import type { ByteQuantity } from "../../../lib/quantities.ts";
import type { Size } from "../../../lib/resources.ts";
import type { Placement } from "../../contract.ts";
import type { BackupPlace } from "../contract.ts";

/** Copies of a server's files, and every change since. */
export interface FilesToTry {
    readonly kind: "files";
    readonly stanza: string;
    /** An image with pgBackRest. @default Percona's */
    readonly image?: string;
}

/** The last dump. */
export interface DumpToTry {
    readonly kind: "dump";
    /** An image with rclone. @default rclone's own */
    readonly image?: string;
}

/** A container of an app's release that finds the restored server instead of its database, and what its pod has to have for it. */
export interface AppOnRestored {
    readonly container: core.v1.Container;
    readonly volumes: readonly core.v1.Volume[];
    readonly imagePullSecrets: readonly core.v1.LocalObjectReference[];
    /** What makes the objects that it names. */
    readonly after: readonly Resource[];
}

export interface BackupDrillArgs extends Placement {
    /** The store's name. */
    readonly store: string;
    readonly place: BackupPlace;
    readonly source: FilesToTry | DumpToTry;
    /** The image of the server: of the version that made copies of files, of any that reads the dump. */
    readonly serverImage: string;
    /** The user and group of the server's image: the restored files are theirs. */
    readonly runAs: { readonly user: number; readonly group: number };
    readonly serverSize: Size;
    readonly maxConnections: number;
    /** The database, and who owns it. */
    readonly database: { readonly name: Input<string>; readonly user: Input<string> };
    /** Room for the restored data. */
    readonly storage: ByteQuantity;
    /** @default the cluster's default class */
    readonly storageClass?: string;
    /** In the form of a CronJob, UTC. */
    readonly schedule: string;
    /** Statements that have to answer true. */
    readonly sql: readonly string[];
    /** Of the app whose data it is. @default its migrations are not looked at */
    readonly app?: (parent: ComponentResource) => AppOnRestored;
}
