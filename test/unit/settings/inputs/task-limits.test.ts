// What cuts a task off or starts it a second time is told, by its exact message, and a shorter task passes (R89).
import { expect, test } from "vitest";
import type { Problem } from "../../../../settings/problems.ts";
import { quiet } from "../../../support/findings.ts";
import { adviceAfter, type Change } from "../../../support/settings.ts";

const path = "apps[0].workers.default.taskTimeLimit";
const set = (at: string, value: string): string => `pulumi config set --path '${at}' ${value}`;
const late = "let tasks be acknowledged late and be safe to run twice (acks_late, task_reject_on_worker_lost)";

const limit = (taskTimeLimit: number): Change => ["apps[0].workers.default", { queues: ["celery"], taskTimeLimit }];

/** Of what no broker waits for. */
const tasks = (taskTimeLimit: number): Change => ["apps[0].workers.default", { kind: "db-worker", taskTimeLimit }];

const scheduled = (deadline: number): Change => [
    "apps[0].scheduled.report",
    { schedule: "@daily", command: ["python", "manage.py", "report"], deadline },
];

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

const upgrade = "an upgrade of GKE waits an hour for the pods of a node";
const dokUpgrade = "an upgrade of DOKS deletes pods after 15 minutes, and their node 15 minutes later";

const job = (at: string, seconds: number, most: number, what: string, fix: string): Problem => ({
    path: at,
    found: String(seconds),
    allowed: `at most ${most}: ${what}; or a command that may be cut off`,
    fix,
});

const fromTheStart = "let the command begin where it was cut off: its next run is on the schedule";

test.each<readonly [what: string, changes: readonly Change[], problem: Problem]>([
    ["an upgrade of GKE's pools", [gke({ variant: "pools", pools }), tasks(3571)], beyond(3571, 3570, upgrade)],
    [
        "an upgrade of DOKS, of a command at certain times",
        [doks, scheduled(1000)],
        job("apps[0].scheduled.report.deadline", 1000, 900, dokUpgrade, fromTheStart),
    ],
    [
        "a spot node of AWS's, of a long migration",
        [
            eks({ variant: "managed", groups: { spot: { spot: true, min: 1, max: 6 } } }),
            ["apps[0].release.migrate.timeout", 1800],
        ],
        job(
            "apps[0].release.migrate.timeout",
            1800,
            900,
            "AWS takes a spot node back with 120 s of notice",
            `${set("platform.cluster.nodes.groups.spot.spot", "false")}, or deploy again when a migration was cut off: each is a transaction`,
        ),
    ],
    [
        "an upgrade of GKE, of an image's own jobs",
        [
            gke({ variant: "pools", pools }),
            [
                "apps[0]",
                {
                    contract: "init-run-async",
                    name: "shop",
                    image: "registry.example.org/shop:4f2a91c",
                    hosts: ["shop.example.org"],
                    release: { init: { timeout: 7200 } },
                },
            ],
        ],
        job(
            "apps[0].release.init.timeout",
            7200,
            3600,
            upgrade,
            `${set("apps[0].release.init.timeout", "3600")}, or deploy again when a migration was cut off: each is a transaction`,
        ),
    ],
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
        "a spot node of Auto Mode's",
        [eks({ variant: "auto", ownPools: { apps: { spot: true } } }), limit(300)],
        beyond(
            300,
            90,
            "AWS takes a spot node back with 120 s of notice",
            `${set(path, "90")}, or ${set("platform.cluster.nodes.ownPools.apps.spot", "false")}, or ${late}`,
        ),
    ],
    ["an upgrade of DOKS", [doks, limit(900)], beyond(900, 870, dokUpgrade)],
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

test.each([
    ["redis", [path]],
    ["amqp", []],
])("of a broker that is there and speaks %s", (protocol, told) => {
    const there = { variant: "external", protocol, host: "broker.example.org", user: "shop", cidrs: ["10.20.0.0/28"] };
    const advice = adviceAfter(...quiet, limit(3600), ["broker", there], ["secrets.brokerPassword", "letmein"]);
    expect(advice.map((one) => one.path)).toEqual(told);
});

test.each<readonly [what: string, changes: readonly Change[]]>([
    ["as long as GKE waits", [gke({ variant: "pools", pools }), tasks(3570)]],
    ["hours on Autopilot", [gke({ variant: "autopilot" }), tasks(20000)]],
    ["a quarter of an hour of a command at certain times", [doks, scheduled(900)]],
    ["hours of Django's tasks, which Redis does not hand out", [tasks(7200)]],
    [
        "as long as a spot node of AWS's has",
        [eks({ variant: "managed", groups: { spot: { spot: true, min: 1, max: 6 } } }), limit(90)],
    ],
    [
        "an hour on nodes of EKS that stay",
        [eks({ variant: "managed", groups: { main: { min: 1, max: 6 } } }), limit(3599)],
    ],
    ["an hour in Auto Mode", [eks({ variant: "auto" }), limit(3599)]],
    [
        "an hour in Auto Mode, whose spot nodes are for other pods",
        [
            eks({
                variant: "auto",
                ownPools: { batch: { spot: true, taints: [{ key: "batch", effect: "NoSchedule" }] } },
            }),
            limit(3599),
        ],
    ],
    ["as long as DOKS waits", [doks, limit(870)]],
    ["an hour on a cluster that is there", [limit(3599)]],
])("nothing is said of %s", (_, changes) => {
    expect(adviceAfter(...quiet, ...changes)).toEqual([]);
});
