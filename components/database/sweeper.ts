// Drops databases of environments that are gone from a server that is lent to them: nobody else does, for `pulumi destroy` of
// an environment deletes what is in its namespace, and its database is not.
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { objectLabels, workloadLabels } from "../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import { resourcesOf } from "../../lib/resources.ts";
import type { Placement } from "../contract.ts";
import type { Server } from "./server.ts";
import { postgresImages, postgresUser } from "./versions.ts";

export interface DatabaseSweeperArgs extends Placement {
    /** The server that is lent, in this namespace. */
    readonly server: Server;
    /** How long a database outlives its environment: a mistaken `pulumi destroy` can be taken back until then. @default 48 */
    readonly keepHours?: number;
    /** When it looks, as cron has it, UTC. @default "17 * * * *", once an hour */
    readonly schedule?: string;
    /** An image with bash and psql. @default the official image of PostgreSQL 17 */
    readonly image?: string;
}

const files = ["sweep.sh", "mark.sql", "drop.sql"] as const;

const scripts = Object.fromEntries(
    files.map((file) => [file, readFileSync(new URL(`scripts/${file}`, import.meta.url), "utf8")]),
);

/** Longer than dropping some large databases takes; the next hour's run goes on with the rest. */
const timeout = 1800;

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
        const { namespace, instance, server } = args;
        const metadata = { namespace, labels: objectLabels(instance, "database-sweeper") };
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        const secret = new Secret(
            `${name}-administration`,
            { metadata, immutable: true, stringData: { PGPASSWORD: server.password } },
            { parent: this },
        );
        const mounted = new ConfigMap(
            `${name}-scripts`,
            { metadata, immutable: true, data: { ...scripts, ...(server.ca && { "ca.pem": server.ca }) } },
            { parent: this },
        );
        this.createSchedule(name, args, { account, secret, mounted, keepHours });

        this.registerOutputs({});
    }

    private createSchedule(
        name: string,
        {
            namespace,
            instance,
            server,
            schedule = "17 * * * *",
            image = postgresImages["17"].image,
        }: DatabaseSweeperArgs,
        made: {
            readonly account: ServiceAccount;
            readonly secret: Secret;
            readonly mounted: ConfigMap;
            readonly keepHours: number;
        },
    ): void {
        const labels = objectLabels(instance, "database-sweeper");
        const environment: Record<string, pulumi.Input<string>> = {
            PGHOST: server.host,
            PGPORT: pulumi.output(server.port).apply(String),
            PGUSER: server.user,
            PGDATABASE: server.name,
            PGCONNECT_TIMEOUT: "10",
            ...(server.sslMode !== undefined && { PGSSLMODE: server.sslMode }),
            ...(server.ca && { PGSSLROOTCERT: "/scripts/ca.pem" }),
            OWN_NAMESPACE: namespace,
            KEEP_HOURS: String(made.keepHours),
        };
        new CronJob(
            `${name}-schedule`,
            {
                metadata: { name, namespace, labels },
                spec: {
                    schedule,
                    timeZone: "Etc/UTC",
                    concurrencyPolicy: "Forbid",
                    startingDeadlineSeconds: 600,
                    successfulJobsHistoryLimit: 1,
                    failedJobsHistoryLimit: 3,
                    jobTemplate: {
                        spec: {
                            backoffLimit: 0,
                            activeDeadlineSeconds: timeout,
                            template: {
                                metadata: {
                                    labels: {
                                        ...workloadLabels({ name, instance }),
                                        ...labels,
                                        ...server.clientLabels,
                                    },
                                },
                                spec: {
                                    serviceAccountName: made.account.metadata.name,
                                    automountServiceAccountToken: false,
                                    enableServiceLinks: false,
                                    restartPolicy: "Never",
                                    securityContext: podSecurity(postgresUser),
                                    containers: [
                                        {
                                            name: "sweep",
                                            image,
                                            command: ["bash", "/scripts/sweep.sh"],
                                            envFrom: [{ secretRef: { name: made.secret.metadata.name } }],
                                            env: Object.entries(environment).map(([key, value]) => ({
                                                name: key,
                                                value,
                                            })),
                                            resources: resourcesOf({ cpu: "25m", memory: "64Mi" }),
                                            securityContext: containerSecurity,
                                            volumeMounts: [
                                                { name: "scripts", mountPath: "/scripts", readOnly: true },
                                                { name: "tmp", mountPath: "/tmp" },
                                            ],
                                        },
                                    ],
                                    volumes: [
                                        { name: "scripts", configMap: { name: made.mounted.metadata.name } },
                                        { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
                                    ],
                                },
                            },
                        },
                    },
                },
            },
            { parent: this },
        );
    }
}
