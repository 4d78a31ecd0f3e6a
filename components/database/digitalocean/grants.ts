// Lets a user that DigitalOcean made work in a database that DigitalOcean made: the API makes both and joins them by nothing.
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { CustomResourceOptions, Input, Output } from "@pulumi/pulumi";
import { objectLabels, workloadLabels, type Labels } from "../../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../../lib/pod-security.ts";
import { resourcesOf } from "../../../lib/resources.ts";
import type { Placement } from "../../contract.ts";
import { postgresImages, type PostgresVersion } from "../versions.ts";

export interface GrantAllArgs extends Placement {
    readonly version: PostgresVersion;
    /** The labels that let a pod out to the server. */
    readonly clients: Labels;
    readonly server: { readonly host: Output<string>; readonly port: number; readonly ca: Output<string> };
    readonly administrator: { readonly user: Output<string>; readonly password: Output<string> };
    readonly database: Output<string>;
    readonly user: Input<string>;
}

/**
 * Since PostgreSQL 15 only a database's owner may create tables in `public`, and the owner of DigitalOcean's is the
 * administrator. Said twice it does the same again.
 *
 * @see https://docs.digitalocean.com/products/databases/postgresql/how-to/modify-user-privileges/
 */
const script = [
    'GRANT ALL PRIVILEGES ON DATABASE :"database" TO :"user";',
    'GRANT ALL ON SCHEMA public TO :"user";',
].join("\n");

/** Seconds, with the start of a node in them. */
const deadline = 600;

/** The user and group of the official images. */
const postgresUser = { user: 999, group: 999 };

/** @param opts with what has to be there before the server lets the job in */
export function grantAll(name: string, args: GrantAllArgs, opts: CustomResourceOptions): void {
    const { namespace, instance, server, administrator } = args;
    const labels = workloadLabels({ name: `${name}-grants`, instance });
    const secret = new Secret(
        `${name}-grants-login`,
        {
            metadata: { namespace, labels: objectLabels(instance, "database") },
            immutable: true,
            stringData: {
                PGHOST: server.host,
                PGUSER: administrator.user,
                PGPASSWORD: administrator.password,
                GRANT_DATABASE: args.database,
                GRANT_USER: args.user,
                "ca.crt": server.ca,
                "grants.sql": script,
            },
        },
        opts,
    );
    const account = new ServiceAccount(
        `${name}-grants-account`,
        { metadata: { name: `${name}-grants`, namespace }, automountServiceAccountToken: false },
        opts,
    );
    new Job(
        `${name}-grants`,
        {
            // No name: each run has its own. One that failed is run anew by the next update.
            metadata: {
                namespace,
                labels: objectLabels(instance, "database"),
                annotations: { "pulumi.com/replaceUnready": "true" },
            },
            spec: {
                // The rule that lets the cluster in takes a while to hold.
                backoffLimit: 6,
                activeDeadlineSeconds: deadline,
                template: {
                    metadata: { labels: { ...labels, ...objectLabels(instance, "database"), ...args.clients } },
                    spec: {
                        restartPolicy: "Never",
                        serviceAccountName: account.metadata.name,
                        automountServiceAccountToken: false,
                        enableServiceLinks: false,
                        securityContext: podSecurity(postgresUser),
                        containers: [
                            {
                                name: "psql",
                                image: postgresImages[args.version].image,
                                command: [
                                    "psql",
                                    "--no-psqlrc",
                                    "--set=ON_ERROR_STOP=1",
                                    "--set=database=$(GRANT_DATABASE)",
                                    "--set=user=$(GRANT_USER)",
                                    "--file=/etc/grants/grants.sql",
                                ],
                                env: [
                                    ...["PGHOST", "PGUSER", "PGPASSWORD", "GRANT_DATABASE", "GRANT_USER"].map(
                                        (key) => ({
                                            name: key,
                                            valueFrom: { secretKeyRef: { name: secret.metadata.name, key } },
                                        }),
                                    ),
                                    { name: "PGPORT", value: String(server.port) },
                                    { name: "PGDATABASE", value: "$(GRANT_DATABASE)" },
                                    { name: "PGSSLMODE", value: "verify-ca" },
                                    { name: "PGSSLROOTCERT", value: "/etc/grants/ca.crt" },
                                    { name: "PGCONNECT_TIMEOUT", value: "10" },
                                    { name: "HOME", value: "/tmp" },
                                ],
                                resources: resourcesOf({ cpu: "50m", memory: "64Mi" }),
                                securityContext: containerSecurity,
                                volumeMounts: [
                                    { name: "grants", mountPath: "/etc/grants", readOnly: true },
                                    { name: "tmp", mountPath: "/tmp" },
                                ],
                            },
                        ],
                        volumes: [
                            {
                                name: "grants",
                                secret: {
                                    secretName: secret.metadata.name,
                                    items: ["ca.crt", "grants.sql"].map((key) => ({ key, path: key })),
                                },
                            },
                            { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
                        ],
                    },
                },
            },
        },
        {
            ...opts,
            replaceOnChanges: ["spec"],
            // Longer than the job's own deadline, so that the error is the job's and not the wait's.
            customTimeouts: { create: `${deadline + 120}s` },
        },
    );
}
