// Lets a user that DigitalOcean made work in a database that DigitalOcean made: the API makes both and joins them by nothing.
import { readFileSync } from "node:fs";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type { Input, Output, Resource } from "@pulumi/pulumi";
import { objectLabels, type Labels } from "../../../lib/labels.ts";
import { psqlSizes } from "../../../lib/resources.ts";
import type { Placement } from "../../contract.ts";
import { psqlJob, scripts } from "../psql-job.ts";
import { postgresImages, type PostgresVersion } from "../versions.ts";

export interface GrantAllArgs extends Placement {
    readonly version: PostgresVersion;
    /** The labels that let a pod out to the server. */
    readonly clients: Labels;
    readonly server: { readonly host: Output<string>; readonly port: number; readonly ca: Output<string> };
    readonly administrator: { readonly user: Output<string>; readonly password: Output<string> };
    readonly database: Output<string>;
    readonly user: Input<string>;
    /** What has to be there before the server lets the job in. */
    readonly after: readonly Resource[];
}

const script = readFileSync(new URL("../scripts/grants.sql", import.meta.url), "utf8");

/** Seconds, with the start of a node in them. */
const deadline = 600;

export function grantAll(name: string, args: GrantAllArgs, parent: Resource): void {
    const { namespace, instance, server, administrator } = args;
    const secret = new Secret(
        `${name}-grants-login`,
        {
            metadata: { namespace, labels: objectLabels(instance, "database") },
            immutable: true,
            stringData: { PGPASSWORD: administrator.password, "ca.pem": server.ca, "grants.sql": script },
        },
        { parent },
    );
    psqlJob(
        `${name}-grants`,
        {
            namespace,
            instance,
            account: `${name}-grants`,
            image: postgresImages[args.version].image,
            command: ["psql", "--no-psqlrc", "--quiet", `--file=${scripts}/grants.sql`],
            size: psqlSizes.grants,
            server: { ...server, user: administrator.user, name: args.database, sslMode: "verify-ca" },
            clientLabels: args.clients,
            secrets: { from: secret, keys: ["PGPASSWORD"] },
            environment: { GRANT_USER: args.user },
            files: {
                secret: {
                    secretName: secret.metadata.name,
                    items: ["ca.pem", "grants.sql"].map((key) => ({ key, path: key })),
                },
            },
            deadline,
            after: args.after,
        },
        parent,
    );
}
