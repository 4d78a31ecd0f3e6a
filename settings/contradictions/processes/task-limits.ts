// How long tasks may run, against what cuts them off or starts them a second time (R89).
import { defaultVisibilityTimeout } from "../../../lib/visibility-timeout.ts";
import { nodesOf, type PlatformNodes } from "../../capacity/nodes.ts";
import type { AppSettings } from "../../app.ts";
import type { PlatformSettings } from "../../platform.ts";
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import { storeOf } from "../../stores/entries.ts";
import { placedApps } from "../apps/apps.ts";
import { advice } from "../contradiction.ts";
import { mayBeCelery, workersOf } from "./workers.ts";

/** The app is told a longer one (BROKER_VISIBILITY_TIMEOUT), and nobody sees from here whether its settings.py hands it on. */
export const longTasks = advice(["apps", "environment", "database", "cache", "broker", "assets"], (settings) =>
    placedApps(settings.apps).flatMap(({ app, at }): Problem[] => {
        const broker = storeOf(app, settings, "broker");
        if (broker.variant !== "redis" && !(broker.variant === "external" && broker.protocol === "redis")) {
            return [];
        }
        const variable = `${app.environmentPrefix}BROKER_VISIBILITY_TIMEOUT`;
        return workersOf(app, at)
            .filter((worker) => mayBeCelery(worker) && worker.taskTimeLimit >= defaultVisibilityTimeout)
            .map(({ path, taskTimeLimit }) => {
                const setting = settingPath([...path, "taskTimeLimit"]);
                return {
                    path: setting,
                    found: String(taskTimeLimit),
                    allowed: `less than ${defaultVisibilityTimeout} s, after which Redis hands a task out again that is not acknowledged; or an app that gives ${variable} to Celery, as docs/environment-contract.md does`,
                    fix: `"visibility_timeout": int(os.environ["${variable}"]) in CELERY_BROKER_TRANSPORT_OPTIONS, or ${setCommand(setting, "3000")} and smaller tasks`,
                };
            });
    }),
);

/** What a worker's pod gets beyond its longest task. */
const beyondTask = 30;

export const tasksBeyondNodes = advice(["apps", "platform"], ({ apps, platform }) => {
    const end = firstEnd(platform);
    return end === undefined
        ? []
        : placedApps(apps).flatMap(({ app, at }) => [
              ...workersOf(app, at).flatMap(({ path, taskTimeLimit }) => workerBeyond(path, taskTimeLimit, end)),
              ...jobsOf(app, at).flatMap((job) => jobBeyond(job, end)),
          ]);
});

function workerBeyond(path: readonly PropertyKey[], taskTimeLimit: number, end: End): Problem[] {
    const most = end.seconds - beyondTask;
    if (taskTimeLimit <= most) {
        return [];
    }
    const setting = settingPath([...path, "taskTimeLimit"]);
    const shorter = most > 0 ? `${setCommand(setting, String(most))}, or ` : "";
    return [
        {
            path: setting,
            found: `${taskTimeLimit}, and ${beyondTask} more until a pod has stopped`,
            allowed: `${most > 0 ? `at most ${most}` : "shorter tasks, or other nodes"}: ${end.what}; or tasks that may be cut off and run again`,
            fix: `${shorter}${end.otherwise ?? ""}let tasks be acknowledged late and be safe to run twice (acks_late, task_reject_on_worker_lost)`,
        },
    ];
}

/** A pod that runs to its end: it is stopped where it stands. */
interface Job {
    readonly setting: readonly PropertyKey[];
    readonly seconds: number;
    /** What may be done about being cut off. */
    readonly safe: string;
}

function jobsOf(app: AppSettings, at: readonly PropertyKey[]): Job[] {
    const migration = { safe: "deploy again when a migration was cut off: each is a transaction" };
    const release =
        app.contract === "django"
            ? { setting: [...at, "release", "migrate", "timeout"], seconds: app.release.migrate.timeout, ...migration }
            : { setting: [...at, "release", "init", "timeout"], seconds: app.release.init.timeout, ...migration };
    return [
        release,
        ...Object.entries(app.scheduled).map(([name, { deadline }]) => ({
            setting: [...at, "scheduled", name, "deadline"],
            seconds: deadline,
            safe: "let the command begin where it was cut off: its next run is on the schedule",
        })),
    ];
}

function jobBeyond({ setting, seconds, safe }: Job, end: End): Problem[] {
    if (seconds <= Math.max(end.seconds, usualJob)) {
        return [];
    }
    const path = settingPath(setting);
    const shorter = end.seconds > usualJob ? `${setCommand(path, String(end.seconds))}, or ` : "";
    return [
        {
            path,
            found: String(seconds),
            allowed: `at most ${Math.max(end.seconds, usualJob)}: ${end.what}; or a command that may be cut off`,
            fix: `${shorter}${end.otherwise ?? ""}${safe}`,
        },
    ];
}

/** Seconds that jobs may have without a word: what is over soon is seldom met. */
const usualJob = 900;

/** What ends a pod that stops, however long its grace period is. */
interface End {
    readonly seconds: number;
    readonly what: string;
    /** Another way out than a shorter task. */
    readonly otherwise?: string;
}

/** The soonest. Sources, read in November 2026, are at each. */
function firstEnd(platform: PlatformSettings): End | undefined {
    if (!("cluster" in platform) || platform.cluster.variant === "existing") {
        return undefined;
    }
    const nodes = nodesOf(platform);
    const spot = spotPathOf(nodes);
    switch (platform.variant) {
        case "gcp":
            // Such pods are marked (components/django/eviction.ts), and Autopilot leaves them alone for seven days:
            // cloud.google.com/kubernetes-engine/docs/how-to/extended-duration-pods. Of other nodes the autoscaler does.
            if (nodes?.kind === "serverless") {
                return undefined;
            }
            // .../docs/concepts/spot-vms: 30 s, of which the last 15 are the system's pods'.
            return spot === undefined
                ? // .../docs/how-to/node-upgrades-quotas: an upgrade waits an hour for the pods of a node.
                  { seconds: 3600, what: "an upgrade of GKE waits an hour for the pods of a node" }
                : spotEnd(spot, 15, "Google takes a spot node back with 15 s for its pods");
        case "aws":
            // docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html. Auto Mode waits a day
            // (terminationGracePeriod of its node pools), our autoscaler as long as a worker may take.
            return spot && spotEnd(spot, 120, "AWS takes a spot node back with 120 s of notice");
        case "digitalocean":
            // docs.digitalocean.com/products/kubernetes/how-to/upgrade-cluster: pods are deleted after 15 minutes, nodes after 30.
            return {
                seconds: 900,
                what: "an upgrade of DOKS deletes pods after 15 minutes, and their node 15 minutes later",
            };
        default:
            return platform satisfies never;
    }
}

function spotPathOf(nodes: PlatformNodes): readonly PropertyKey[] | undefined {
    if (nodes?.kind === "serverless") {
        return nodes.spotPath;
    }
    const group = nodes?.groups.find(({ spot }) => spot);
    return group && [...group.typePath.slice(0, -1), "spot"];
}

function spotEnd(setting: readonly PropertyKey[], seconds: number, what: string): End {
    const path = settingPath(setting);
    return { seconds, what, otherwise: `${setCommand(path, "false")}, or ` };
}
