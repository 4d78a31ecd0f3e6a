// What works beside the web: workers of each kind, and how it is seen that one hangs.
import { z } from "zod";
import { tmp } from "./tmp.ts";
import { absolutePath, byDefault, command, replicas, seconds, shortName, sizeName, text } from "./fields.ts";

/** The longest that a pod waits for what runs in it. */
const longestTask = 6 * 3600;

const taskTimeLimit = seconds
    .max(longestTask)
    .meta({ alsoCalled: ["timeLimit", "timeout"] })
    .default(300);

const waits =
    "a pod that stops waits that long (R15), where the [platform](capacity.md#how-long-tasks-may-run) lets it.";

const pods = {
    size: sizeName.default("medium").describe("Of each pod."),
    tmp,
    replicas: replicas.default({ min: 1, max: 1 }).describe("An autoscaler where the two differ."),
};

const heartbeat = z
    .strictObject({
        file: absolutePath
            .default("/tmp/heartbeat")
            .describe("Which the process touches while it works; `/tmp` is the folder that it can write to."),
        seconds: seconds
            .min(10)
            .max(longestTask)
            .default(60)
            .describe("How old the file may be, and how long the process has until the first touch."),
    })
    .optional()
    .meta({
        description:
            "How a process that hangs is seen: it is [started anew](processes.md#a-process-that-hangs) when the file is older. Needs `python` in the image. `heartbeat: {}` is enough.",
        defaultsTo: "nobody sees it",
        alsoCalled: ["liveness", "livenessProbe", "probe", "healthcheck", "health"],
    });

/** Commas would make two of it on the command line. */
const queue = text("letters, digits, dots, hyphens and underscores", /^[A-Za-z0-9_.-]+$/).meta({ example: "celery" });

const concurrency = z
    .int()
    .min(1)
    .meta({ alsoCalled: ["processes", "threads", "workers"] })
    .default(2);

const celery = z
    .strictObject({
        kind: byDefault("celery"),
        ...pods,
        taskTimeLimit: taskTimeLimit.describe(`The longest that a task may run, Celery's \`--time-limit\`; ${waits}`),
        queues: z
            .array(queue)
            .meta({ alsoCalled: ["queue"] })
            .min(1)
            .describe("From which it takes tasks."),
        concurrency: concurrency.describe("Celery processes in one pod."),
        command: command.optional().meta({
            description: "Runs the worker.",
            defaultsTo: "`celery worker` with the settings above",
        }),
    })
    .describe("A Celery worker. Needs a broker.");

const djangoQ2 = z
    .strictObject({
        kind: z.literal("django-q2").meta({ alsoCalled: ["djangoQ", "djangoQ2", "q2", "qcluster"] }),
        ...pods,
        taskTimeLimit: taskTimeLimit.describe(
            `The longest that a task may run, which the app is [told](environment-contract.md#django-q2) for \`Q_CLUSTER\`; ${waits}`,
        ),
        concurrency: concurrency.describe("Processes in one pod that take tasks; a cluster has four more."),
    })
    .describe(
        "Django Q2's `manage.py qcluster`. Its queue is the database or Redis, as `Q_CLUSTER` says: no broker is needed.",
    );

const dbWorker = z
    .strictObject({
        kind: z.literal("db-worker").meta({ alsoCalled: ["djangoTasks", "djangoTasksDb", "tasks"] }),
        ...pods,
        taskTimeLimit: taskTimeLimit.describe(
            `The longest that a task may wait without a sign of life: the worker counts as hung then; ${waits}`,
        ),
        queues: z
            .array(text('letters, digits, dots, hyphens and underscores, or "*"', /^(\*|[A-Za-z0-9_.-]+)$/))
            .meta({ alsoCalled: ["queue", "queueName"] })
            .min(1)
            .default(["default"])
            .describe("From which it takes tasks; `*` is all."),
    })
    .describe(
        "Django's tasks in the database: `manage.py db_worker` of django-tasks-db. One task at a time; no broker is needed.",
    );

const ownCommand = z
    .strictObject({
        kind: z.literal("command").meta({ alsoCalled: ["custom", "other", "dramatiq", "huey", "rq", "procrastinate"] }),
        ...pods,
        taskTimeLimit: taskTimeLimit.describe(`The longest that it may take to stop; ${waits}`),
        command: command.describe("Runs the worker, without a shell around it (R16)."),
        heartbeat,
    })
    .describe("Any program of the image.");

export const workersSchema = z
    .record(
        shortName,
        z.discriminatedUnion("kind", [celery, djangoQ2, dbWorker, ownCommand]).describe("Whose tasks it takes."),
    )
    .default({})
    .meta({ alsoCalled: ["worker", "celery", "celeryWorkers", "queues"] })
    .describe("Workers by name.");

/** Of an image that says itself how it is run. */
export const asyncSchema = z
    .strictObject({
        ...pods,
        taskTimeLimit: taskTimeLimit.describe(`The longest that a task may run; ${waits}`),
        heartbeat,
    })
    .optional()
    .meta({ description: "Runs `/async`. `async: {}` is enough.", defaultsTo: "none" });

export type WorkerSettings = z.output<typeof workersSchema>[string];
export type CelerySettings = Extract<WorkerSettings, { readonly kind: "celery" }>;
export type AsyncSettings = NonNullable<z.output<typeof asyncSchema>>;
