// How long tasks may run, against what cuts them off or starts them a second time (R89).
import { defaultVisibilityTimeout } from "../../lib/visibility-timeout.ts";
import { nodesOf, type NodeGroup } from "../capacity/nodes.ts";
import type { PlatformSettings } from "../platform.ts";
import { setCommand, settingPath, type Problem } from "../problems.ts";
import { storeOf } from "../stores/entries.ts";
import { placedApps } from "./apps.ts";
import { advice } from "./contradiction.ts";
import { workersOf } from "./workers.ts";

/** The app is told a longer one (BROKER_VISIBILITY_TIMEOUT), and nobody sees from here whether its settings.py hands it on. */
export const longTasks = advice(["apps", "environment", "database", "cache", "broker", "assets"], (settings) =>
    placedApps(settings.apps).flatMap(({ app, at }): Problem[] => {
        if (storeOf(app, settings, "broker").variant !== "redis") {
            return [];
        }
        const variable = `${app.environmentPrefix}BROKER_VISIBILITY_TIMEOUT`;
        return workersOf(app, at)
            .filter(({ taskTimeLimit }) => taskTimeLimit >= defaultVisibilityTimeout)
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
    if (end === undefined) {
        return [];
    }
    const most = end.seconds - beyondTask;
    return placedApps(apps).flatMap(({ app, at }) =>
        workersOf(app, at)
            .filter(({ taskTimeLimit }) => taskTimeLimit > most)
            .map(({ path, taskTimeLimit }) => {
                const setting = settingPath([...path, "taskTimeLimit"]);
                const shorter = most > 0 ? `${setCommand(setting, String(most))}, or ` : "";
                return {
                    path: setting,
                    found: `${taskTimeLimit}, and ${beyondTask} more until a pod has stopped`,
                    allowed: `${most > 0 ? `at most ${most}` : "shorter tasks, or other nodes"}: ${end.what}; or tasks that may be cut off and run again`,
                    fix: `${shorter}${end.otherwise ?? ""}let tasks be acknowledged late and be safe to run twice (acks_late, task_reject_on_worker_lost)`,
                };
            }),
    );
});

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
    const spot = nodes?.kind === "groups" ? nodes.groups.find((group) => group.spot) : undefined;
    switch (platform.variant) {
        case "gcp":
            // cloud.google.com/kubernetes-engine/docs/concepts/spot-vms: 30 s, of which the last 15 are the system's pods'.
            return spot === undefined
                ? // .../concepts/cluster-autoscaler: a node that is not needed waits ten minutes; upgrades wait an hour.
                  { seconds: 600, what: "GKE's autoscaler waits 600 s for the pods of a node that it removes" }
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

function spotEnd({ typePath }: NodeGroup, seconds: number, what: string): End {
    const path = settingPath([...typePath.slice(0, -1), "spot"]);
    return { seconds, what, otherwise: `${setCommand(path, "false")}, or ` };
}
