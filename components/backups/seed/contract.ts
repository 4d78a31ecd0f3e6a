// What makes a seed is told: whose rows, what masks them, and where they are served.
import type { ComponentResource } from "@pulumi/pulumi";
import type { ByteQuantity } from "../../../lib/quantities.ts";
import type { Placement } from "../../contract.ts";
import type { Database, Server } from "../../database/contract.ts";

import type { BackupPlace } from "../contract.ts";
import type { AppOnRestored } from "../drill/contract.ts";

/** The last dump of another stack's database. */
export interface SeedOfDumps {
    readonly kind: "dumps";
    /** The lender's own place in the bucket. */
    readonly place: BackupPlace;
    /** The other stack's prefix in it. */
    readonly from: string;
    /** An image with rclone and a shell. @default rclone's own */
    readonly image?: string;
}

/** The lender's own database, read as who owns it. */
export interface SeedOfItself {
    readonly kind: "itself";
    readonly database: Pick<Database, "host" | "port" | "name" | "user" | "password" | "sslMode">;
}

export interface DatabaseSeedArgs extends Placement {
    /** What borrowers call it. */
    readonly name: string;
    readonly source: SeedOfDumps | SeedOfItself;
    /** The database and its owner, as the app on the copy is told. */
    readonly database: Pick<Database, "name" | "user">;
    /** The server that is lent, and its administrator. */
    readonly server: Server;
    /** PostgreSQL and its tools, of the server's major version. */
    readonly serverImage: string;
    readonly runAs: { readonly user: number; readonly group: number };
    readonly mask?: {
        readonly sql: readonly string[];
        /** @default no command */
        readonly app?: (parent: ComponentResource) => AppOnRestored;
    };
    /** In the form of a CronJob, UTC. @default only when somebody asks */
    readonly schedule?: string;
    readonly keep: number;
    readonly storage: ByteQuantity;
    /** @default the cluster's default class */
    readonly storageClass?: string;
}
