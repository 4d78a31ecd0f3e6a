// Drops databases of environments that are gone from a server that is lent to them: nobody else does, for `pulumi destroy` of
// an environment deletes what is in its namespace, and its database is not.
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { borrowersAnnotation, objectLabels } from "../../lib/labels.ts";
import { psqlSizes } from "../../lib/resources.ts";
import type { Placement } from "../contract.ts";
import { psqlPod, scripts } from "./psql-job.ts";
import type { Server } from "./contract.ts";
import { postgresImages } from "./versions.ts";

export interface DatabaseSweeperArgs extends Placement {
    /** The server that is lent, in this namespace. */
    readonly server: Server;
    /** To how many environments at a time the server is lent, with how many connections each. @default not said */
    readonly borrowers?: { readonly environments: number; readonly connections: number };
    /** How long a database outlives its environment: a mistaken `pulumi destroy` can be taken back until then. @default 48 */
    readonly keepHours?: number;
    /** When it looks, as cron has it, UTC. @default "17 * * * *", once an hour */
    readonly schedule?: string;
    /** An image with bash and psql. @default the official image of PostgreSQL 17 */
    readonly image?: string;
}

const files = ["sweep.sh", "mark.sql", "drop.sql"] as const;

const contents = Object.fromEntries(
    files.map((file) => [file, readFileSync(new URL(`scripts/${file}`, import.meta.url), "utf8")]),
);

/** Longer than dropping some large databases takes; the next hour's run goes on with the rest. */
const deadline = 1800;

export class DatabaseSweeper extends pulumi.ComponentResource {
    constructor(name: string, args: DatabaseSweeperArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:database:Sweeper", name, {}, opts);
        const { keepHours = 48 } = args;
        if (!Number.isInteger(keepHours) || keepHours < 1) {
            // Zero would drop the database of an environment whose Service is made anew.
            throw new Error(
                `DatabaseSweeper ${name}: keepHours is ${keepHours}. Allowed: a whole number of hours, at least 1.`,
            );
        }
        this.createSchedule(name, args, keepHours);

        this.registerOutputs({});
    }

    private createSchedule(name: string, args: DatabaseSweeperArgs, keepHours: number): void {
        const {
            namespace,
            instance,
            server,
            borrowers,
            schedule = "17 * * * *",
            image = postgresImages["17"].image,
        } = args;
        const labels = objectLabels(instance, "database");
        const secret = new Secret(
            `${name}-administration`,
            { metadata: { namespace, labels }, immutable: true, stringData: { PGPASSWORD: server.password } },
            { parent: this },
        );
        const mounted = new ConfigMap(
            `${name}-scripts`,
            {
                metadata: { namespace, labels },
                immutable: true,
                data: { ...contents, ...(server.ca && { "ca.pem": server.ca }) },
            },
            { parent: this },
        );
        const template = psqlPod(
            name,
            {
                namespace,
                instance,
                account: name,
                image,
                command: ["bash", `${scripts}/sweep.sh`],
                size: psqlSizes.sweep,
                server,
                clientLabels: server.clientLabels,
                secrets: { from: secret, keys: ["PGPASSWORD"] },
                environment: { OWN_NAMESPACE: namespace, KEEP_HOURS: String(keepHours) },
                files: { configMap: { name: mounted.metadata.name } },
            },
            this,
        );
        new CronJob(
            `${name}-schedule`,
            {
                metadata: {
                    name,
                    namespace,
                    labels,
                    ...(borrowers && {
                        annotations: {
                            [borrowersAnnotation]: `${borrowers.environments} x ${borrowers.connections}`,
                        },
                    }),
                },
                spec: {
                    schedule,
                    timeZone: "Etc/UTC",
                    concurrencyPolicy: "Forbid",
                    startingDeadlineSeconds: 600,
                    successfulJobsHistoryLimit: 1,
                    failedJobsHistoryLimit: 3,
                    jobTemplate: { spec: { backoffLimit: 0, activeDeadlineSeconds: deadline, template } },
                },
            },
            { parent: this },
        );
    }
}
