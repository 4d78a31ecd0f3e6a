// Queues against who works on them, and Celery's commands against the settings beside them.
// Does not prove which queues an app sends to: its code is not read.
import { advised, passes, refused } from "../../../support/findings.ts";
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

refused("beat without workers", [
    {
        what: "the only app",
        changes: [beat],
        path: "apps[0].beat",
        found: "a scheduler, and no workers",
        allowed: takes,
        fix: beatFix,
    },
    {
        what: "with a command of Celery's",
        changes: [["apps[0].beat.command", ["celery", "-A", "shop", "beat", "-S", "django"]]],
        path: "apps[0].beat",
        found: "a scheduler, and no workers",
        allowed: takes,
        fix: beatFix,
    },
    {
        what: "beside an app with workers on a broker of its own",
        changes: [beat, ...blog({ stores: { broker: { variant: "redis", storage: "1Gi" } } })],
        path: "apps[0].beat",
        found: "a scheduler, and no workers",
        allowed: takes,
        fix: beatFix,
    },
]);

advised("beat without workers of its own", [
    {
        what: "beside an app with workers on the same broker",
        changes: [beat, ...blog()],
        path: "apps[0].beat",
        found: "a scheduler, and no workers of its own: those of another app see its tasks only if it sets no key prefix",
        allowed: takes,
        fix: beatFix,
    },
]);

passes("beat", [
    { what: "with a worker", changes: [beat, ["apps[0].workers.default", { queues: ["celery"] }]] },
    {
        what: "that is another scheduler than Celery's",
        changes: [["apps[0].beat.command", ["python", "manage.py", "runscheduler"]]],
    },
]);

const eachQueue = "a worker for each queue that tasks are sent to: else they pile up in the broker";
const variable = "apps[0].environment.CELERY_TASK_DEFAULT_QUEUE";

advised("a queue that nobody takes tasks from", [
    {
        what: "celery, with a worker for mail",
        changes: [worker({})],
        path: "apps[0].workers",
        found: 'no worker for the queue "celery", where Celery sends tasks that are not routed',
        allowed: eachQueue,
        fix: `${set("apps[0].workers.mail.queues[1]", "celery")}, or let the app read its task_default_queue from a variable: ${set(variable, "mail")}`,
    },
    {
        what: "celery, with a worker for default",
        changes: [["apps[0].workers.default", { queues: ["default"] }]],
        path: "apps[0].workers",
        found: 'no worker for the queue "celery", where Celery sends tasks that are not routed',
        allowed: eachQueue,
        fix: `${set("apps[0].workers.default.queues[1]", "celery")}, or let the app read its task_default_queue from a variable: ${set(variable, "default")}`,
    },
    {
        what: "the one that a variable names",
        changes: [worker({}), ["apps[0].environment", { CELERY_TASK_DEFAULT_QUEUE: "bulk" }]],
        path: "apps[0].workers",
        found: `no worker for the queue "bulk", where ${variable} sends tasks`,
        allowed: eachQueue,
        fix: set("apps[0].workers.mail.queues[1]", "bulk"),
    },
]);

passes("queues", [
    { what: "the default one and another", changes: [worker({ queues: ["celery", "mail"] })] },
    {
        what: "two workers for one",
        changes: [worker({ queues: ["celery"] }), ["apps[0].workers.more", { queues: ["celery"] }]],
    },
    {
        what: "the default one by another name",
        changes: [worker({}), ["apps[0].environment", { SHOP_TASK_DEFAULT_QUEUE: "mail" }]],
    },
    { what: "of another program than Celery", changes: [worker({ command: ["python", "manage.py", "qcluster"] })] },
    { what: "no workers", changes: [] },
]);

const celery = (...words: readonly string[]): object => ({ command: ["celery", "--app=shop", "worker", ...words] });

refused("a worker's command that says otherwise", [
    {
        what: "fewer queues",
        changes: [worker({ queues: ["mail", "bulk"], ...celery("-Q", "celery") })],
        path: "apps[0].workers.mail.queues",
        found: "mail, bulk, beside a command that takes celery",
        allowed: "the queues of apps[0].workers.mail.command, which alone decides",
        fix: `${set("apps[0].workers.mail.queues[0]", "celery")} && ${remove("apps[0].workers.mail.queues[1]")}`,
    },
    {
        what: "more queues, in a script",
        changes: [worker({ command: ["sh", "-c", "exec celery -A shop worker --queues=mail,bulk"] })],
        path: "apps[0].workers.mail.queues",
        found: "mail, beside a command that takes mail, bulk",
        allowed: "the queues of apps[0].workers.mail.command, which alone decides",
        fix: `${set("apps[0].workers.mail.queues[0]", "mail")} && ${set("apps[0].workers.mail.queues[1]", "bulk")}`,
    },
    {
        what: "another concurrency",
        changes: [worker({ concurrency: 4, ...celery("-Q", "mail", "-c", "8") })],
        path: "apps[0].workers.mail.concurrency",
        found: "4, beside a command with 8",
        allowed: "the number of apps[0].workers.mail.command, which alone decides",
        fix: set("apps[0].workers.mail.concurrency", "8"),
    },
    {
        what: "no concurrency",
        changes: [worker({ concurrency: 4, ...celery("-Q", "mail") })],
        path: "apps[0].workers.mail.concurrency",
        found: "4, beside a command that does not say it",
        allowed: "the number of apps[0].workers.mail.command, which alone decides",
        fix: "write --concurrency=4 into the command",
    },
    {
        what: "beat",
        changes: [worker({ command: ["celery", "-A", "shop", "beat"] })],
        path: "apps[0].workers.mail.command",
        found: "celery beat",
        allowed: "celery worker: of workers there may be several, and of a scheduler one alone",
        fix: remove("apps[0].workers.mail.command"),
    },
]);

refused("a scheduler's command that says otherwise", [
    {
        what: "a worker",
        changes: [
            ["apps[0].workers.default", { queues: ["celery"] }],
            ["apps[0].beat.command", ["celery", "-A", "shop", "worker"]],
        ],
        path: "apps[0].beat.command",
        found: "celery worker",
        allowed: "celery beat: there is one pod of it, which stops before the next one starts",
        fix: remove("apps[0].beat.command"),
    },
]);

advised("a worker's command that leaves something open", [
    {
        what: "the queues",
        changes: [worker(celery())],
        path: "apps[0].workers.mail.command",
        found: "celery worker without --queues: it takes tasks from every queue that the app declares, or from celery alone",
        allowed: "the queues of apps[0].workers.mail.queues: mail",
        fix: `write --queues=mail into it, or ${remove("apps[0].workers.mail.command")}`,
    },
    {
        what: "the app, where Celery 5 does not look for it",
        changes: [worker({ command: ["celery", "worker", "-A", "shop", "-Q", "mail"] })],
        path: "apps[0].workers.mail.command",
        found: "the app behind the word worker",
        allowed: "before it, as Celery 5 wants it: celery --app=MODULE worker",
        fix: `write --app=shop behind celery, or ${remove("apps[0].workers.mail.command")}`,
    },
]);

passes("a worker's command", [
    { what: "as the settings", changes: [worker({ concurrency: 8, ...celery("-Q", "mail", "--concurrency=8") })] },
    { what: "with queues in another order", changes: [worker({ queues: ["a", "b"], ...celery("-Qb,a") })] },
    { what: "with queues of a variable", changes: [worker(celery("--queues=$(QUEUES)"))] },
]);
