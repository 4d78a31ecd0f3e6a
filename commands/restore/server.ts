// A database's pod, read and asked through the cluster's API.
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, Exec, Log, type KubeConfig, type V1Pod } from "@kubernetes/client-node";
import { clusterOf } from "../dumps/job.ts";
import type { BackedUpDatabase } from "./found.ts";
import type { BackupState } from "./reach.ts";
import type { DatabaseServer } from "./restore.ts";

const stateFile = "/var/run/django-on-kubernetes/archive/backups.json";

/** The moment first, then a commit after it: recovery has to see one to know that it has come so far. */
const archiveAll = `ask() { psql -XAtq -U "$POSTGRES_USER" -d postgres -c "$1"; }
now=$(ask "select floor(extract(epoch from clock_timestamp()) * 1000)") &&
ask "select pg_current_xact_id()" >/dev/null &&
name=$(ask "select pg_walfile_name(pg_switch_wal())") &&
n=0; until [ "$(ask "select last_archived_wal >= '$name' from pg_stat_archiver")" = t ]; do
    n=$((n + 1)); [ "$n" -le 60 ] || { echo "what was written last is not in the archive after a minute: see the log of the container archiver" >&2; exit 1; }
    sleep 1
done
echo "$now"`;

const countTables = `psql -XAtq -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "select count(*) from pg_stat_user_tables"`;

export function serverOf({ namespace, name, connection }: BackedUpDatabase): DatabaseServer {
    const config = clusterOf(connection);
    const core = config.makeApiClient(CoreV1Api);
    const podName = `${name}-0`;
    const read = (): Promise<V1Pod> => core.readNamespacedPod({ namespace, name: podName });
    const shell = (script: string): Promise<string> => exec(config, namespace, podName, ["sh", "-c", script]);
    return {
        state: async () => JSON.parse(await shell(`cat ${stateFile}`)) as BackupState,
        archiveAll: async () => Number(await shell(archiveAll)),
        follow: async (say) => {
            const before = (await read()).metadata?.uid;
            const ended = new AbortController();
            return {
                stop: () => ended.abort(),
                done: followed(config, { namespace, name: podName, before, say, ended: ended.signal, read }).then(
                    async () => (ended.signal.aborted ? 0 : Number(await shell(countTables))),
                ),
            };
        },
    };
}

interface Followed {
    readonly namespace: string;
    readonly name: string;
    /** The uid of the pod before. */
    readonly before: string | undefined;
    readonly say: (line: string) => void;
    readonly ended: AbortSignal;
    readonly read: () => Promise<V1Pod>;
}

async function followed(config: KubeConfig, { namespace, name, before, say, ended, read }: Followed): Promise<void> {
    let shown = false;
    while (!ended.aborted) {
        const pod = await read().catch(() => undefined);
        const isNew = pod !== undefined && pod.metadata?.uid !== before;
        const restore = pod?.status?.initContainerStatuses?.find((each) => each.name === "restore");
        if (isNew && !shown && (restore?.state?.running ?? restore?.state?.terminated) !== undefined) {
            shown = true;
            await showLog(config, namespace, name, say);
        }
        if (isNew && pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")) {
            return;
        }
        await sleep(1000);
    }
}

async function showLog(
    config: KubeConfig,
    namespace: string,
    name: string,
    say: (line: string) => void,
): Promise<void> {
    const stream = new PassThrough();
    let rest = "";
    stream.on("data", (chunk: Buffer) => {
        const lines = `${rest}${chunk.toString("utf8")}`.split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
            say(`restore: ${line}`);
        }
    });
    await new Log(config).log(namespace, name, "restore", stream, { follow: true }).catch(() => undefined);
}

async function exec(config: KubeConfig, namespace: string, pod: string, command: string[]): Promise<string> {
    const [output, errors] = [new PassThrough(), new PassThrough()];
    let text = "";
    let told = "";
    output.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    errors.on("data", (chunk: Buffer) => (told += chunk.toString("utf8")));
    const status = await new Promise<string | undefined>((resolve, reject) => {
        new Exec(config)
            .exec(namespace, pod, "postgresql", command, output, errors, null, false, (result) =>
                resolve(result.status),
            )
            .catch(reject);
    });
    if (status !== "Success") {
        throw new Error(`The pod ${pod} did not do it: ${told.trim() || text.trim() || "without a word"}`);
    }
    return text.trim();
}
