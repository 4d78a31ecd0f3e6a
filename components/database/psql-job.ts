// A pod that runs psql as a server's administrator, for a Job or a schedule.
import * as pulumi from "@pulumi/pulumi";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import type { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { operationStoreLabel } from "../../lib/data-operations.ts";
import { undisturbed } from "../../lib/eviction.ts";
import { objectLabels, workloadLabels, type Labels } from "../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../lib/pull-secrets.ts";
import { resourcesOf, type Size } from "../../lib/resources.ts";
import type { Placement } from "../contract.ts";
import type { Server } from "./contract.ts";
import { postgresUser } from "./versions.ts";

export interface PsqlPodArgs extends Pick<Placement, "namespace" | "instance"> {
    /** The ServiceAccount that is made for it. */
    readonly account: string;
    readonly image: string;
    readonly command: readonly string[];
    readonly size: Size;
    /** Where psql connects, as whom and to which database. */
    readonly server: Pick<Server, "host" | "port" | "user" | "name" | "sslMode" | "ca">;
    /** The labels that let a pod out to the server. */
    readonly clientLabels: Labels;
    readonly secrets: {
        readonly from: Secret;
        /** Its keys that become variables of the same name: PGPASSWORD and what else the script reads. */
        readonly keys: readonly [string, ...string[]];
    };
    /** What the script reads besides. */
    readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
    /** Variables that come from elsewhere. @default none */
    readonly variables?: readonly core.v1.EnvVar[];
    /** The pod's `app.kubernetes.io/component`. @default database-job */
    readonly component?: string;
    /** Of a pod whose end `make status` shows: the database's name. @default it shows none */
    readonly store?: string;
    /** What is mounted at `scripts`; with `ca.pem` among it if the server has a CA. */
    readonly files: Pick<core.v1.Volume, "configMap"> | Pick<core.v1.Volume, "secret">;
}

export interface PsqlJobArgs extends PsqlPodArgs {
    /** Seconds that all attempts may take together. */
    readonly deadline: number;
    /** What has to be there before the server lets the job in. */
    readonly after: readonly pulumi.Resource[];
    /** @default none but what runs a failed one anew */
    readonly annotations?: Readonly<Record<string, string>>;
}

/** Where the files are. */
export const scripts = "/scripts";

/**
 * Networks that hold NetworkPolicies learn of a new pod a moment after it runs, and psql connects at once. Another pod would be as new:
 * so this one waits. After 45 s psql says what is wrong.
 */
const onceServerAnswers = 'n=0; until pg_isready --quiet || [ "$((n += 1))" -gt 45 ]; do sleep 1; done; exec "$@"';

export function psqlPod(name: string, args: PsqlPodArgs, parent: pulumi.Resource): core.v1.PodTemplateSpec {
    const { namespace, instance, server, secrets } = args;
    const account = new ServiceAccount(
        `${args.account}-account`,
        { metadata: { name: args.account, namespace }, automountServiceAccountToken: false },
        { parent },
    );
    const environment: Record<string, pulumi.Input<string>> = {
        PGHOST: server.host,
        PGPORT: pulumi.output(server.port).apply(String),
        PGUSER: server.user,
        PGDATABASE: server.name,
        PGCONNECT_TIMEOUT: "10",
        ...(server.sslMode !== undefined && { PGSSLMODE: server.sslMode }),
        ...(server.ca && { PGSSLROOTCERT: `${scripts}/ca.pem` }),
        ...args.environment,
    };
    return {
        metadata: {
            labels: {
                ...workloadLabels({ name, instance }),
                // Not "database": the policies that open the server to its clients would open this pod too.
                ...objectLabels(instance, args.component ?? "database-job"),
                ...(args.store !== undefined && { [operationStoreLabel]: args.store }),
                ...args.clientLabels,
            },
            annotations: undisturbed,
        },
        spec: {
            serviceAccountName: account.metadata.name,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            ...integratedPullSecrets(args.image),
            restartPolicy: "Never",
            securityContext: podSecurity(postgresUser),
            containers: [
                {
                    name: "psql",
                    image: args.image,
                    command: ["sh", "-c", onceServerAnswers, "psql", ...args.command],
                    env: [
                        ...secrets.keys.map((key) => ({
                            name: key,
                            valueFrom: { secretKeyRef: { name: secrets.from.metadata.name, key } },
                        })),
                        ...(args.variables ?? []),
                        ...Object.entries(environment).map(([key, value]) => ({ name: key, value })),
                    ],
                    resources: resourcesOf(args.size),
                    securityContext: containerSecurity,
                    volumeMounts: [
                        { name: "scripts", mountPath: scripts, readOnly: true },
                        { name: "tmp", mountPath: "/tmp" },
                    ],
                },
            ],
            volumes: [
                { name: "scripts", ...args.files },
                { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
            ],
        },
    };
}

/** Of a script that may run again at any time. */
export function psqlJob(name: string, args: PsqlJobArgs, parent: pulumi.Resource): void {
    const { namespace, instance, deadline, after } = args;
    new Job(
        name,
        {
            // No name: each run has its own. One that failed is run anew by the next update, also when nothing has changed.
            metadata: {
                namespace,
                labels: objectLabels(instance, "database"),
                annotations: { "pulumi.com/replaceUnready": "true", ...args.annotations },
            },
            spec: {
                // Its first attempts may come before a firewall's new rule lets it through.
                backoffLimit: 6,
                activeDeadlineSeconds: deadline,
                template: psqlPod(name, args, parent),
            },
        },
        {
            parent,
            dependsOn: [...after],
            replaceOnChanges: ["spec"],
            // Longer than the job's own deadline, so that the error is the job's and not the wait's.
            customTimeouts: { create: `${deadline + 120}s` },
        },
    );
}
