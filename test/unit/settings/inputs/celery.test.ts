// Queues against who works on them, and Celery's commands against the settings beside them.
// Does not prove which queues an app sends to: its code is not read.
import { quiet, refused, told } from "../../../support/findings.ts";
import type { Change } from "../../../support/settings.ts";

const set = (path: string, value: string): string => `pulumi config set --path '${path}' ${value}`;
const remove = (path: string): string => `pulumi config rm --path '${path}'`;
const worker = (settings: object): Change => ["apps[0].workers.mail", { queues: ["mail"], ...settings }];
const beat: Change = ["apps[0].beat", {}];
const blog = (more: object = {}): Change[] => [
    ["environment.mainApp", "shop"],
    [
        "apps[1]",
        {
            contract: "django",
            name: "blog",
            module: "blog",
            image: "registry.example.org/blog:4f2a91c",
            hosts: ["blog.example.org"],
            workers: { default: { queues: ["celery"] } },
            ...more,
        },
    ],
];

const takes = "a worker that takes the tasks which it sends: else they pile up in the broker until its memory is full";
const beatFix = `${set("apps[0].workers.default.queues[0]", "celery")}, or ${remove("apps[0].beat")}`;

refused(
    "beat without workers",
    [
        [
            "the only app",
            [beat],
            [{ path: "apps[0].beat", found: "a scheduler, and no workers", allowed: takes, fix: beatFix }],
        ],
        [
            "with a command of Celery's",
            [["apps[0].beat.command", ["celery", "-A", "shop", "beat", "-S", "django"]]],
            [{ path: "apps[0].beat", found: "a scheduler, and no workers", allowed: takes, fix: beatFix }],
        ],
        [
            "beside an app with workers on a broker of its own",
            [beat, ...blog({ stores: { broker: { variant: "redis", storage: "1Gi" } } })],
            [{ path: "apps[0].beat", found: "a scheduler, and no workers", allowed: takes, fix: beatFix }],
        ],
    ],
    quiet,
);

told(
    "beat without workers of its own",
    [
        [
            "beside an app with workers on the same broker",
            [beat, ...blog()],
            [
                {
                    path: "apps[0].beat",
                    found: "a scheduler, and no workers of its own: those of another app see its tasks only if it sets no key prefix",
                    allowed: takes,
                    fix: beatFix,
                },
            ],
        ],
    ],
    quiet,
);

told(
    "beat",
    [
        ["with a worker", [beat, ["apps[0].workers.default", { queues: ["celery"] }]], []],
        [
            "that is another scheduler than Celery's",
            [["apps[0].beat.command", ["python", "manage.py", "runscheduler"]]],
            [],
        ],
    ],
    quiet,
);

const eachQueue = "a worker for each queue that tasks are sent to: else they pile up in the broker";
const variable = "apps[0].environment.CELERY_TASK_DEFAULT_QUEUE";

told(
    "a queue that nobody takes tasks from",
    [
        [
            "celery, with a worker for mail",
            [worker({})],
            [
                {
                    path: "apps[0].workers",
                    found: 'no worker for the queue "celery", where Celery sends tasks that are not routed',
                    allowed: eachQueue,
                    fix: `${set("apps[0].workers.mail.queues[1]", "celery")}, or let the app read its task_default_queue from a variable: ${set(variable, "mail")}`,
                },
            ],
        ],
        [
            "celery, with a worker for default",
            [["apps[0].workers.default", { queues: ["default"] }]],
            [
                {
                    path: "apps[0].workers",
                    found: 'no worker for the queue "celery", where Celery sends tasks that are not routed',
                    allowed: eachQueue,
                    fix: `${set("apps[0].workers.default.queues[1]", "celery")}, or let the app read its task_default_queue from a variable: ${set(variable, "default")}`,
                },
            ],
        ],
        [
            "the one that a variable names",
            [worker({}), ["apps[0].environment", { CELERY_TASK_DEFAULT_QUEUE: "bulk" }]],
            [
                {
                    path: "apps[0].workers",
                    found: `no worker for the queue "bulk", where ${variable} sends tasks`,
                    allowed: eachQueue,
                    fix: set("apps[0].workers.mail.queues[1]", "bulk"),
                },
            ],
        ],
    ],
    quiet,
);

told(
    "queues",
    [
        ["the default one and another", [worker({ queues: ["celery", "mail"] })], []],
        ["two workers for one", [worker({ queues: ["celery"] }), ["apps[0].workers.more", { queues: ["celery"] }]], []],
        [
            "the default one by another name",
            [worker({}), ["apps[0].environment", { SHOP_TASK_DEFAULT_QUEUE: "mail" }]],
            [],
        ],
        ["of another program than Celery", [worker({ command: ["python", "manage.py", "qcluster"] })], []],
        ["no workers", [], []],
    ],
    quiet,
);

const celery = (...words: readonly string[]): object => ({ command: ["celery", "--app=shop", "worker", ...words] });

refused(
    "a worker's command that says otherwise",
    [
        [
            "fewer queues",
            [worker({ queues: ["mail", "bulk"], ...celery("-Q", "celery") })],
            [
                {
                    path: "apps[0].workers.mail.queues",
                    found: "mail, bulk, beside a command that takes celery",
                    allowed: "the queues of apps[0].workers.mail.command, which alone decides",
                    fix: `${set("apps[0].workers.mail.queues[0]", "celery")} && ${remove("apps[0].workers.mail.queues[1]")}`,
                },
            ],
        ],
        [
            "more queues, in a script",
            [worker({ command: ["sh", "-c", "exec celery -A shop worker --queues=mail,bulk"] })],
            [
                {
                    path: "apps[0].workers.mail.queues",
                    found: "mail, beside a command that takes mail, bulk",
                    allowed: "the queues of apps[0].workers.mail.command, which alone decides",
                    fix: `${set("apps[0].workers.mail.queues[0]", "mail")} && ${set("apps[0].workers.mail.queues[1]", "bulk")}`,
                },
            ],
        ],
        [
            "another concurrency",
            [worker({ concurrency: 4, ...celery("-Q", "mail", "-c", "8") })],
            [
                {
                    path: "apps[0].workers.mail.concurrency",
                    found: "4, beside a command with 8",
                    allowed: "the number of apps[0].workers.mail.command, which alone decides",
                    fix: set("apps[0].workers.mail.concurrency", "8"),
                },
            ],
        ],
        [
            "no concurrency",
            [worker({ concurrency: 4, ...celery("-Q", "mail") })],
            [
                {
                    path: "apps[0].workers.mail.concurrency",
                    found: "4, beside a command that does not say it",
                    allowed: "the number of apps[0].workers.mail.command, which alone decides",
                    fix: "write --concurrency=4 into the command",
                },
            ],
        ],
        [
            "beat",
            [worker({ command: ["celery", "-A", "shop", "beat"] })],
            [
                {
                    path: "apps[0].workers.mail.command",
                    found: "celery beat",
                    allowed: "celery worker: of workers there may be several, and of a scheduler one alone",
                    fix: remove("apps[0].workers.mail.command"),
                },
            ],
        ],
    ],
    quiet,
);

refused(
    "a scheduler's command that says otherwise",
    [
        [
            "a worker",
            [
                ["apps[0].workers.default", { queues: ["celery"] }],
                ["apps[0].beat.command", ["celery", "-A", "shop", "worker"]],
            ],
            [
                {
                    path: "apps[0].beat.command",
                    found: "celery worker",
                    allowed: "celery beat: there is one pod of it, which stops before the next one starts",
                    fix: remove("apps[0].beat.command"),
                },
            ],
        ],
    ],
    quiet,
);

told(
    "a worker's command that leaves something open",
    [
        [
            "the queues",
            [worker(celery())],
            [
                {
                    path: "apps[0].workers.mail.command",
                    found: "celery worker without --queues: it takes tasks from every queue that the app declares, or from celery alone",
                    allowed: "the queues of apps[0].workers.mail.queues: mail",
                    fix: `write --queues=mail into it, or ${remove("apps[0].workers.mail.command")}`,
                },
            ],
        ],
        [
            "the app, where Celery 5 does not look for it",
            [worker({ command: ["celery", "worker", "-A", "shop", "-Q", "mail"] })],
            [
                {
                    path: "apps[0].workers.mail.command",
                    found: "the app behind the word worker",
                    allowed: "before it, as Celery 5 wants it: celery --app=MODULE worker",
                    fix: `write --app=shop behind celery, or ${remove("apps[0].workers.mail.command")}`,
                },
            ],
        ],
    ],
    quiet,
);

told(
    "a worker's command",
    [
        ["as the settings", [worker({ concurrency: 8, ...celery("-Q", "mail", "--concurrency=8") })], []],
        ["with queues in another order", [worker({ queues: ["a", "b"], ...celery("-Qb,a") })], []],
        ["with queues of a variable", [worker(celery("--queues=$(QUEUES)"))], []],
    ],
    quiet,
);
