// Workers of each kind, commands at certain times and servers: what is refused and what is told, word for word.
// Does not prove that the programs take what they are told: that is the cluster layer's.
import { describe, expect, test } from "vitest";
import { quiet, refused, told } from "../../../support/findings.ts";
import { adviceAfter, problemsAfter, type Change } from "../../../support/settings.ts";

const set = (at: string, value: string): string => `pulumi config set --path '${at}' ${value}`;
const remove = (at: string): string => `pulumi config rm --path '${at}'`;

const worker = "apps[0].workers.tasks";
const report = "apps[0].scheduled.report";
const command = ["python", "manage.py", "report"];

describe("workers", () => {
    test.each<readonly [what: string, worker: Readonly<Record<string, unknown>>]>([
        ["Celery's, as files have it that were written before there were others", { queues: ["celery"] }],
        ["Celery's", { kind: "celery", queues: ["celery"] }],
        ["Django Q2's", { kind: "django-q2", concurrency: 4, taskTimeLimit: 600 }],
        ["Django's tasks, all queues", { kind: "db-worker", queues: ["*"] }],
        ["any", { kind: "command", command: ["dramatiq", "shop.tasks"], heartbeat: {} }],
    ])("%s", (_, settings) => {
        expect(problemsAfter(...quiet, [worker, settings])).toEqual([]);
        expect(adviceAfter(...quiet, [worker, settings], ["apps[0].workers.celery", { queues: ["celery"] }])).toEqual(
            [],
        );
    });

    refused("what a kind does not have", [
        [
            "queues of Django Q2",
            [[worker, { kind: "django-q2", queues: ["mail"] }]],
            [
                {
                    path: `${worker}.queues`,
                    found: "a setting that does not exist here",
                    allowed: "kind, size, tmp, replicas, taskTimeLimit, concurrency",
                    fix: `${remove(`${worker}.queues`)}, or choose the variant that has it: ${worker}.kind celery`,
                },
            ],
        ],
        [
            "no queues of Celery",
            [[worker, {}]],
            [
                {
                    path: `${worker}.queues`,
                    found: "nothing",
                    allowed: "a list; each entry letters, digits, dots, hyphens and underscores",
                    fix: set(`${worker}.queues[0]`, "celery"),
                },
            ],
        ],
        [
            "no command of any",
            [[worker, { kind: "command" }]],
            [
                {
                    path: `${worker}.command`,
                    found: "nothing",
                    allowed: "a list",
                    fix: set(`${worker}.command[0]`, "COMMAND"),
                },
            ],
        ],
        [
            "a kind by another name",
            [[worker, { kind: "qcluster" }]],
            [
                {
                    path: `${worker}.kind`,
                    found: '"qcluster"',
                    allowed: "celery, django-q2, db-worker, command",
                    fix: set(`${worker}.kind`, "django-q2"),
                },
            ],
        ],
        [
            "more processes than the operator allows",
            [
                [worker, { kind: "django-q2", size: "large", concurrency: 17 }],
                ["operator.limits.concurrency", 16],
            ],
            [
                {
                    path: `${worker}.concurrency`,
                    found: "17",
                    allowed: "at most 16, the operator's limit (operator.limits.concurrency)",
                    fix: "lower it, or ask the operator to raise the limit",
                },
            ],
        ],
    ]);

    told(
        "Celery as any command",
        [
            [
                "a worker",
                [[worker, { kind: "command", command: ["celery", "--app=shop", "worker"] }]],
                [
                    {
                        path: `${worker}.kind`,
                        found: '"command", and a command that runs a Celery worker',
                        allowed:
                            "celery, which takes a command too: its queues, its time limit and its broker are checked then, and a worker that hangs is seen where the command is left out",
                        fix: `${set(`${worker}.kind`, "celery")} && ${set(`${worker}.queues[0]`, "celery")}`,
                    },
                ],
            ],
        ],
        quiet,
    );

    told(
        "a scheduler of Celery's",
        [
            [
                "with workers that may be Celery's",
                [
                    [worker, { kind: "command", command }],
                    ["apps[0].beat", {}],
                ],
                [],
            ],
        ],
        quiet,
    );

    refused("a scheduler of Celery's, whose tasks nobody takes", [
        [
            "with workers that are not",
            [
                [worker, { kind: "db-worker" }],
                ["apps[0].beat", {}],
            ],
            [
                {
                    path: "apps[0].beat",
                    found: "a scheduler, and no workers",
                    allowed:
                        "a worker that takes the tasks which it sends: else they pile up in the broker until its memory is full",
                    fix: `${set("apps[0].workers.default.queues[0]", "celery")}, or ${remove("apps[0].beat")}`,
                },
            ],
        ],
    ]);
});

describe("commands at certain times", () => {
    const allowed =
        'minute, hour, day, month and weekday, for example "*/15 * * * *", or @hourly, @daily, @weekly, @monthly, @yearly';

    test.each(["*/15 * * * *", "@daily", "0 3 * * mon-fri"])("%s", (schedule) => {
        const changes: readonly Change[] = [...quiet, [report, { schedule, command, timeZone: "Europe/Berlin" }]];
        expect(problemsAfter(...changes)).toEqual([]);
        expect(adviceAfter(...changes)).toEqual([]);
    });

    test("of an image that runs itself too", () => {
        const changes: readonly Change[] = [
            ["apps[0].contract", "init-run-async"],
            ["apps[0].module", undefined],
            [report, { schedule: "@hourly", command: ["/report"] }],
        ];
        expect(problemsAfter(...quiet, ...changes)).toEqual([]);
    });

    test.each([
        ["schedule", "0 * * * * *", `${allowed}: 6 fields instead of five: there are no seconds`],
        ["schedule", "* * * * 7", `${allowed}: day of the week "7": 0 to 6 or sun to sat`],
        ["schedule", 5, allowed],
        [
            "timeZone",
            "europe/berlin",
            "a name of the IANA time zone database, for example Europe/Berlin: did you mean Europe/Berlin?",
        ],
        ["timeZone", "CEST+1", "a name of the IANA time zone database, for example Europe/Berlin"],
    ])("%s %j", (name, value, message) => {
        const [problem, ...others] = problemsAfter([report, { schedule: "@daily", command, [name]: value }]);
        expect(others).toEqual([]);
        expect(problem).toMatchObject({ path: `${report}.${name}`, found: JSON.stringify(value), allowed: message });
    });

    refused("names and sizes", [
        [
            "pods named as a part of another app",
            [
                ["environment.mainApp", "shop"],
                ["apps[0].workers.a", { kind: "db-worker" }],
                [
                    "apps[1]",
                    {
                        contract: "init-run-async",
                        name: "shop-worker",
                        image: "registry.example.org/shop:4f2a91c",
                        hosts: ["blog.example.org"],
                        scheduled: { b: { schedule: "@daily", command } },
                    },
                ],
                ["apps[0].workers.scheduled-b", { kind: "db-worker" }],
            ],
            [
                {
                    path: "apps[1].scheduled.b",
                    found: "pods named shop-worker-scheduled-b, as some of the app shop are",
                    allowed: "names of apps and workers that, with -worker- between them, are no other's",
                    fix: "name the app by what it is, for example shop",
                },
            ],
        ],
        [
            "a size that nobody defined",
            [[report, { schedule: "@daily", command, size: "huge" }]],
            [
                {
                    path: `${report}.size`,
                    found: '"huge"',
                    allowed: "a size of operator.sizes: small, medium, large",
                    fix: "choose one of these, or have the operator add it",
                },
            ],
        ],
    ]);
});

describe("servers", () => {
    test.each<readonly [what: string, web: Readonly<Record<string, unknown>>]>([
        ["uvicorn", { server: "uvicorn", processes: 3, keepAlive: 120 }],
        [
            "a command that runs the same server",
            { server: "uvicorn", command: ["uvicorn", "shop.asgi:application", "--host=0.0.0.0"] },
        ],
        [
            "a command that runs any, where nothing else is said",
            { command: ["daphne", "-b", "0.0.0.0", "shop.asgi:application"] },
        ],
    ])("%s", (_, web) => {
        expect(problemsAfter(...quiet, ["apps[0].web", web])).toEqual([]);
        expect(adviceAfter(...quiet, ["apps[0].web", web])).toEqual([]);
    });

    refused("what a server does not have", [
        [
            "threads of uvicorn",
            [["apps[0].web", { server: "uvicorn", threads: 4 }]],
            [
                {
                    path: "apps[0].web.threads",
                    found: "a setting that does not exist here",
                    allowed:
                        "server, size, replicas, port, probes, gracefulTimeout, tmp, targetCpu, processes, keepAlive, command",
                    fix: `${remove("apps[0].web.threads")}, or choose the variant that has it: apps[0].web.server gunicorn`,
                },
            ],
        ],
        [
            "processes of daphne",
            [["apps[0].web", { server: "daphne", processes: 4 }]],
            [
                {
                    path: "apps[0].web.processes",
                    found: "a setting that does not exist here",
                    allowed:
                        "server, size, replicas, port, probes, gracefulTimeout, tmp, targetCpu, timeoutSeconds, command",
                    fix: `${remove("apps[0].web.processes")}, or choose the variant that has it: apps[0].web.server gunicorn`,
                },
            ],
        ],
        [
            "another server in the command",
            [["apps[0].web", { server: "uvicorn", command: ["gunicorn", "--bind=0.0.0.0:8000", "shop.wsgi"] }]],
            [
                {
                    path: "apps[0].web.server",
                    found: '"uvicorn", beside a command that runs gunicorn',
                    allowed: "nothing, or the server of apps[0].web.command, which alone decides",
                    fix: `${remove("apps[0].web.server")}, or ${remove("apps[0].web.command")}`,
                },
            ],
        ],
        [
            "processes beside the command of uvicorn",
            [
                [
                    "apps[0].web",
                    {
                        server: "uvicorn",
                        processes: 4,
                        command: ["uvicorn", "shop.asgi:application", "--host=0.0.0.0"],
                    },
                ],
            ],
            [
                {
                    path: "apps[0].web.processes",
                    found: "4, beside a command of the app's own",
                    allowed: "nothing: the command alone decides it (apps[0].web.command)",
                    fix: `write --workers=4 into apps[0].web.command, and ${remove("apps[0].web.processes")}`,
                },
            ],
        ],
        [
            "a connection that uvicorn closes before the way in does",
            [["apps[0].web", { server: "uvicorn", keepAlive: 60 }]],
            [
                {
                    path: "apps[0].web.keepAlive",
                    found: "60",
                    allowed:
                        "more than 90, the seconds for which the way in keeps a connection that nobody uses: else users see 502 now and then (R77)",
                    fix: set("apps[0].web.keepAlive", "105"),
                },
            ],
        ],
    ]);

    told(
        "daphne",
        [
            [
                "behind a way in that keeps connections for longer",
                [["apps[0].web.server", "daphne"]],
                [
                    {
                        path: "apps[0].web.server",
                        found: '"daphne"',
                        allowed:
                            "a server that keeps a connection which nobody uses for more than 90 s, as the way in does: daphne closes it after 60, has no option for it, and users see 502 now and then (R77)",
                        fix: set("apps[0].web.server", "uvicorn"),
                    },
                ],
            ],
            [
                "behind nothing",
                [
                    ["apps[0].web.server", "daphne"],
                    ["exposure", { variant: "none" }],
                ],
                [],
            ],
        ],
        quiet,
    );
});
