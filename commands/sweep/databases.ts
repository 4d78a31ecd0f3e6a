// Databases and roles on a server that is lent, read through a Job made from the CronJob that looks after it: nobody else here has its
// password. Nothing of the stack that lends it is changed, so releases before this one answer too.
import { setTimeout as sleep } from "node:timers/promises";
import { BatchV1Api, CoreV1Api, type KubeConfig, type V1Job, type V1Pod } from "@kubernetes/client-node";
import { jobFrom } from "../dumps/job.ts";

export interface FoundDatabase {
    readonly database: string;
    /** Who owns it. */
    readonly role: string;
    /** Of the environment, as the database's comment says. */
    readonly namespace: string;
    /** Since when its environment is gone, as far as the server's own sweeper has noted. */
    readonly goneSince?: Date;
    /** @default the administrator may not see it */
    readonly bytes?: number;
    /** As it is in the catalogue: what drops it compares. */
    readonly comment: string;
}

export interface FoundServer {
    /** Whose environment lends it. */
    readonly namespace: string;
    readonly cronJob: string;
    /** So many hours a database outlives its environment. */
    readonly keepHours: number;
    readonly databases: readonly FoundDatabase[];
    /** Roles that may log in, own no database, and are called as those of environments are. */
    readonly roles: readonly string[];
}

const container = "psql";

/** One line of JSON, whatever names are in it. */
const question = `SELECT json_build_object(
    'databases', (SELECT coalesce(json_agg(json_build_object(
        'database', datname, 'role', pg_get_userbyid(datdba), 'comment', shobj_description(oid, 'pg_database'),
        'bytes', CASE WHEN has_database_privilege(oid, 'CONNECT') THEN pg_database_size(oid) END) ORDER BY datname), '[]')
      FROM pg_database WHERE shobj_description(oid, 'pg_database') LIKE 'django-on-kubernetes %'),
    'roles', (SELECT coalesce(json_agg(rolname ORDER BY rolname), '[]')
      FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND NOT rolcreaterole AND rolname ~ '_pr_[0-9]+$'
       AND NOT EXISTS (SELECT FROM pg_database WHERE datdba = pg_roles.oid)))`;

const ask = [
    "psql",
    "--no-psqlrc",
    "--quiet",
    "--no-align",
    "--tuples-only",
    "--set=ON_ERROR_STOP=1",
    `--command=${question}`,
];

/** The CronJob's own file: it drops the database unless its comment has changed, and its owner where that owns nothing else. */
const drop = ["psql", "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--file=/scripts/drop.sql"];

/** @throws when the Job does not come to its end */
export async function databasesOn(config: KubeConfig, cronJob: string): Promise<FoundServer> {
    const [namespace = "", name = ""] = cronJob.split("/");
    const made = await config.makeApiClient(BatchV1Api).readNamespacedCronJob({ namespace, name });
    const { env = [] } = made.spec.jobTemplate.spec?.template.spec?.containers[0] ?? {};
    const keepHours = Number(env.find((each) => each.name === "KEEP_HOURS")?.value ?? 48);
    const text = await runOnServer(config, { namespace, name }, ask, {});
    return { namespace, cronJob: name, keepHours, ...readAnswer(text) };
}

export async function dropDatabase(
    config: KubeConfig,
    { namespace, cronJob }: FoundServer,
    { database, comment }: FoundDatabase,
): Promise<void> {
    await runOnServer(config, { namespace, name: cronJob }, drop, {
        DATABASE: database,
        OLD_COMMENT: comment,
        PGOPTIONS: "-c search_path=pg_catalog,pg_temp",
    });
}

const mark = /^django-on-kubernetes namespace=([a-z0-9-]+) service=[a-z0-9-]+(?: gone-since=([0-9]{1,12}))?$/;

export function readAnswer(text: string): Pick<FoundServer, "databases" | "roles"> {
    const line = text.split("\n").find((each) => each.startsWith('{"databases"'));
    if (line === undefined) {
        throw new Error("the Job on the server said nothing that can be read");
    }
    const { databases, roles } = JSON.parse(line) as {
        readonly databases: ReadonlyArray<{
            readonly database: string;
            readonly role: string;
            readonly comment: string;
            readonly bytes: number | null;
        }>;
        readonly roles: readonly string[];
    };
    return {
        roles,
        databases: databases.flatMap(({ database, role, comment, bytes }) => {
            const [, namespace, since] = mark.exec(comment) ?? [];
            return namespace === undefined
                ? []
                : [
                      {
                          database,
                          role,
                          comment,
                          namespace,
                          ...(since !== undefined && { goneSince: new Date(Number(since) * 1000) }),
                          ...(bytes !== null && { bytes }),
                      },
                  ];
        }),
    };
}

/** The CronJob's pod with another command: in its image are psql and bash, in its network the server, in its variables the login. */
export function jobWith(job: V1Job, command: readonly string[], variables: Readonly<Record<string, string>>): V1Job {
    const spec = job.spec!;
    const pod = spec.template.spec!;
    const [psql] = pod.containers;
    // Before the script stands what waits until the server answers.
    const words = psql!.command!;
    const script = words.findIndex((word) => word === "bash");
    psql!.command = [...words.slice(0, script), ...command];
    psql!.env = [...(psql!.env ?? []), ...Object.entries(variables).map(([name, value]) => ({ name, value }))];
    spec.ttlSecondsAfterFinished = 600;
    return job;
}

/** Seconds. */
const patience = 180;

async function runOnServer(
    config: KubeConfig,
    { namespace, name }: { readonly namespace: string; readonly name: string },
    command: readonly string[],
    variables: Readonly<Record<string, string>>,
): Promise<string> {
    const batch = config.makeApiClient(BatchV1Api);
    const core = config.makeApiClient(CoreV1Api);
    const cronJob = await batch.readNamespacedCronJob({ namespace, name });
    const body = jobWith(jobFrom(cronJob, {}), command, variables);
    const { metadata } = await batch.createNamespacedJob({ namespace, body });
    const job = metadata!.name!;
    try {
        for (let second = 0; second < patience; second++) {
            const labelSelector = `batch.kubernetes.io/job-name=${job}`;
            const { items } = await core.listNamespacedPod({ namespace, labelSelector });
            const [pod] = items;
            if (pod?.status?.phase === "Succeeded" || pod?.status?.phase === "Failed") {
                return await outcome(core, pod);
            }
            await sleep(1000);
        }
        throw new Error(`the Job ${job} in ${namespace} has not ended in ${patience} s`);
    } finally {
        await batch
            .deleteNamespacedJob({ namespace, name: job, propagationPolicy: "Background" })
            .catch(() => undefined);
    }
}

async function outcome(core: CoreV1Api, pod: V1Pod): Promise<string> {
    const { name = "", namespace = "" } = pod.metadata ?? {};
    const log = await core.readNamespacedPodLog({ name, namespace, container });
    if (pod.status?.phase === "Failed") {
        const last = log.split("\n").filter((line) => line !== "");
        throw new Error(`the server's Job failed: ${last.at(-1) ?? "it said nothing"}`);
    }
    return log;
}
