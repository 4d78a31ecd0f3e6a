// What a Django app is to the cluster: one image, run as several processes.
import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { ByteQuantity } from "../../lib/quantities.ts";
import type { Size } from "../../lib/resources.ts";
import type { Assets } from "../assets/contract.ts";
import type { Broker } from "../broker/contract.ts";
import type { Cache } from "../cache/contract.ts";
import type { Placement } from "../contract.ts";
import type { Database } from "../database/contract.ts";
import type { VolumeSize } from "../volume/claim.ts";

export interface Replicas {
    readonly min: number;
    readonly max: number;
}

/** A job that a release runs to its end, in order, before a pod of the new release starts. */
export interface ReleaseJob {
    readonly name: string;
    readonly command: readonly string[];
    /** Seconds; then the job is stopped and the release with it. */
    readonly timeout: number;
    /** Size of /tmp. @default 256Mi */
    readonly tmp?: ByteQuantity;
    /** Does no harm when it is run again, also after it failed half-way: then it is. @default false, it is tried once */
    readonly repeatable?: boolean;
    /** Writes static files: their volume, or their bucket. @default false */
    readonly writesAssets?: boolean;
    /** Gets the superuser's name and password. @default false */
    readonly createsSuperuser?: boolean;
    /** A ConfigMap that is mounted for it alone. @default none */
    readonly files?: { readonly configMap: Input<string>; readonly path: string };
}

export interface WebProcess {
    readonly command: readonly string[];
    readonly size: Size;
    /** Size of /tmp: room for the largest uploads, as many as come at once (R90). @default 256Mi */
    readonly tmp?: ByteQuantity;
    readonly replicas: Replicas;
    readonly port: number;
    readonly probes: { readonly live: string; readonly ready: string };
    /** Seconds the server takes for open requests after SIGTERM. */
    readonly gracefulTimeout: number;
    /** Whether SIGTERM cuts open requests off: they get `gracefulTimeout` before it then. @default false */
    readonly cutsOff?: boolean;
    /** Percent of the reserved CPU. */
    readonly targetCpu: number;
}

/** How it is seen that a process hangs; see liveness.ts. */
export type Liveness =
    /** What the kernel counts of the first process, or of its children, has to change within these seconds. */
    | { readonly by: "progress"; readonly of: "itself" | "children"; readonly seconds: number }
    /** A file that the process touches is no older than these seconds. */
    | { readonly by: "file"; readonly file: string; readonly seconds: number };

export interface WorkerProcess {
    readonly name: string;
    /** Whose tasks it takes; `command` is what the image alone knows. */
    readonly kind: "celery" | "django-q2" | "db-worker" | "command";
    readonly command: readonly string[];
    readonly size: Size;
    /** Size of /tmp. @default 256Mi */
    readonly tmp?: ByteQuantity;
    readonly replicas: Replicas;
    /** Seconds the longest task may take. */
    readonly taskTimeLimit: number;
    /** How many tasks it works on at a time. @default the command says it */
    readonly concurrency?: number;
    /** @default nobody sees that it hangs */
    readonly liveness?: Liveness;
}

/** A command that runs at certain times, never twice at once. */
export interface ScheduledCommand {
    readonly name: string;
    readonly command: readonly string[];
    /** In the form of a CronJob. */
    readonly schedule: string;
    /** A name of the IANA time zone database. */
    readonly timeZone: string;
    readonly size: Size;
    /** Size of /tmp. @default 256Mi */
    readonly tmp?: ByteQuantity;
    /** Seconds; then a run is stopped and has failed. */
    readonly deadline: number;
    /** Seconds within which a run that could not start on time is made up for. */
    readonly startingDeadline: number;
}

/** What runs, whatever the image's own way of starting it is; see contracts/. */
export interface Processes {
    readonly release: readonly ReleaseJob[];
    /** How Python is called with a file in this image. @default python */
    readonly python?: readonly string[];
    readonly web: WebProcess;
    readonly workers: readonly WorkerProcess[];
    readonly beat?: { readonly command: readonly string[]; readonly size: Size; readonly liveness?: Liveness };
    readonly scheduled: readonly ScheduledCommand[];
    readonly shell?: { readonly size: Size; readonly tmp?: ByteQuantity };
}

/** The stores and files that the app uses. */
export interface Stores {
    readonly database: Database;
    readonly cache?: Cache;
    readonly broker?: Broker;
    readonly assets: Assets;
}

export interface DjangoArgs extends Placement {
    /** The app's name. */
    readonly app: string;
    readonly image: string;
    readonly processes: Processes;
    readonly stores: Stores;
    /**
     * What keeps the app apart from others in a store that they share: before its cache keys, its queues' keys and its
     * files. @default nothing, it has the store's names to itself
     */
    readonly prefixes?: { readonly cache?: string; readonly broker?: string; readonly files?: string };
    /** What is there before the first job of a release starts: stores, and the network policies that let them be reached. */
    readonly after: readonly Input<Resource>[];
    /** What the variables of the environment contract begin with. */
    readonly environmentPrefix: string;
    readonly hosts: readonly string[];
    /** The address under which users reach the app. @default none, it is reached from inside only */
    readonly url?: string;
    /** The most bytes of a request: the app refuses larger ones (R90). @default it is told of no limit */
    readonly maxBodySize?: number;
    readonly environment: Readonly<Record<string, string>>;
    readonly files: Readonly<Record<string, string>>;
    /** Folders that keep what the app writes, by names of their own. @default none */
    readonly volumes?: Readonly<Record<string, VolumeSize & { readonly path: string }>>;
    readonly runAs: { readonly user: number; readonly group: number };
    readonly egress: {
        readonly publicHttps: boolean;
        readonly addresses: ReadonlyArray<{ readonly cidr: string; readonly port: number }>;
    };
    /** Who may call the web pods. @default anyone */
    readonly ingressFrom?: { readonly namespaces: readonly string[]; readonly cidrs: readonly string[] };
    /** Whether a load balancer asks each web pod by its address how it is: the pod takes that for a host of its own then. @default false */
    readonly askedByAddress?: boolean;
    /** Seconds a pod goes on serving after it was taken off the Service: as long as the news takes to reach every proxy. @default 5 */
    readonly drain?: number;
    readonly registry?: { readonly server: string; readonly username: string; readonly password: Output<string> };
    readonly superuser?: { readonly username: string; readonly email: string; readonly password?: Output<string> };
    /** The numbers of what is generated. @default one value for good */
    readonly rotations?: { readonly secretKey?: number; readonly superuser?: number };
    readonly secrets: {
        readonly environment: Readonly<Record<string, Output<string>>>;
        readonly files: Readonly<Record<string, Output<string>>>;
        /** Django's SECRET_KEY. @default generated */
        readonly secretKey?: Output<string>;
        /** Beside `secretKey`: another one that is taken. @default none */
        readonly secretKeyFallback?: Output<string>;
    };
}
