// What cuts a task off or starts it a second time is told, by its exact message, and a shorter task passes (R89).
import { expect, test } from "vitest";
import type { Problem } from "../../../../settings/problems.ts";
import { quiet } from "../../../support/findings.ts";
import { adviceAfter, type Change } from "../../../support/settings.ts";

const path = "apps[0].workers.default.taskTimeLimit";
const set = (at: string, value: string): string => `pulumi config set --path '${at}' ${value}`;
const late = "let tasks be acknowledged late and be safe to run twice (acks_late, task_reject_on_worker_lost)";

const limit = (taskTimeLimit: number): Change => ["apps[0].workers.default", { queues: ["celery"], taskTimeLimit }];

const pools: Readonly<Record<string, unknown>> = { general: { min: 3, max: 6 } };
const gke = (nodes: Readonly<Record<string, unknown>>): Change => [
    "platform",
    { variant: "gcp", cluster: { variant: "create", apiAccess: { cidrs: ["203.0.113.0/24"] }, nodes } },
];

const eks = (nodes: Readonly<Record<string, unknown>>): Change => [
    "platform",
    {
        variant: "aws",
        cluster: { variant: "create", version: "1.36", admins: ["arn:aws:iam::123456789012:role/deploy"], nodes },
        dns: { variant: "create", domain: "shop.example.org" },
    },
];

const doks: Change = [
    "platform",
    {
        variant: "digitalocean",
        network: { variant: "create", range: "10.110.0.0/20" },
        cluster: {
            variant: "create",
            version: "1.34",
            podRange: "10.112.0.0/16",
            serviceRange: "10.113.0.0/20",
            apiAccess: { cidrs: ["203.0.113.0/24"] },
            pools: { apps: { size: "s-4vcpu-8gb", max: 3 } },
        },
        certificates: { variant: "letsencrypt", email: "operations@example.org" },
    },
];

const beyond = (
    seconds: number,
    most: number,
    what: string,
    fix = `${set(path, String(most))}, or ${late}`,
): Problem => ({
    path,
    found: `${seconds}, and 30 more until a pod has stopped`,
    allowed: `at most ${most}: ${what}; or tasks that may be cut off and run again`,
    fix,
});

const autoscaler = "GKE's autoscaler waits 600 s for the pods of a node that it removes";

test.each<readonly [what: string, changes: readonly Change[], problem: Problem]>([
    ["GKE's autoscaler", [gke({ variant: "pools", pools }), limit(571)], beyond(571, 570, autoscaler)],
    ["Autopilot's", [gke({ variant: "autopilot" }), limit(1800)], beyond(1800, 570, autoscaler)],
    [
        "a spot node of Google's, whatever the limit is",
        [gke({ variant: "pools", pools: { ...pools, extra: { spot: true, min: 0, max: 3 } } }), limit(10)],
        {
            path,
            found: "10, and 30 more until a pod has stopped",
            allowed:
                "shorter tasks, or other nodes: Google takes a spot node back with 15 s for its pods; or tasks that may be cut off and run again",
            fix: `${set("platform.cluster.nodes.pools.extra.spot", "false")}, or ${late}`,
        },
    ],
    [
        "a spot node of AWS's",
        [eks({ variant: "managed", groups: { spot: { spot: true, min: 1, max: 6 } } }), limit(300)],
        beyond(
            300,
            90,
            "AWS takes a spot node back with 120 s of notice",
            `${set(path, "90")}, or ${set("platform.cluster.nodes.groups.spot.spot", "false")}, or ${late}`,
        ),
    ],
    [
        "an upgrade of DOKS",
        [doks, limit(900)],
        beyond(900, 870, "an upgrade of DOKS deletes pods after 15 minutes, and their node 15 minutes later"),
    ],
    [
        "Redis's visibility time-out, unless the app knows of a longer one",
        [limit(3600)],
        {
            path,
            found: "3600",
            allowed:
                "less than 3600 s, after which Redis hands a task out again that is not acknowledged; or an app that gives DJANGO_APP_BROKER_VISIBILITY_TIMEOUT to Celery, as docs/environment-contract.md does",
            fix: `"visibility_timeout": int(os.environ["DJANGO_APP_BROKER_VISIBILITY_TIMEOUT"]) in CELERY_BROKER_TRANSPORT_OPTIONS, or ${set(path, "3000")} and smaller tasks`,
        },
    ],
])("%s", (_, changes, problem) => {
    expect(adviceAfter(...quiet, ...changes)).toEqual([problem]);
});

test.each<readonly [what: string, changes: readonly Change[]]>([
    ["as long as GKE waits", [gke({ variant: "pools", pools }), limit(570)]],
    [
        "as long as a spot node of AWS's has",
        [eks({ variant: "managed", groups: { spot: { spot: true, min: 1, max: 6 } } }), limit(90)],
    ],
    [
        "an hour on nodes of EKS that stay",
        [eks({ variant: "managed", groups: { main: { min: 1, max: 6 } } }), limit(3599)],
    ],
    ["an hour in Auto Mode", [eks({ variant: "auto" }), limit(3599)]],
    ["as long as DOKS waits", [doks, limit(870)]],
    ["an hour on a cluster that is there", [limit(3599)]],
])("nothing is said of %s", (_, changes) => {
    expect(adviceAfter(...quiet, ...changes)).toEqual([]);
});
