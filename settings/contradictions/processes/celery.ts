// Celery's queues against who works on them: beat without workers, queues that nobody takes tasks from, commands that say otherwise.
import { optionValue, programIn, wordsOf, type Word } from "../../../lib/command-words.ts";
import type { AppSettings, DjangoAppSettings } from "../../app.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import { ownStoreOf, storeOf } from "../../stores/entries.ts";
import { placedApps } from "../apps/apps.ts";
import { advice, contradiction } from "../contradiction.ts";
import { celeryWorkersOf, mayBeCelery, workersOf } from "./workers.ts";

type Path = readonly PropertyKey[];

/** Celery's task_default_queue. */
const defaultQueue = "celery";

/** A variable that an app may read it from, by the names that Django projects give the setting. */
const queueVariable = /TASK_DEFAULT_QUEUE$/;

interface CeleryCommand {
    /** `worker`, `beat`, ...; undefined where it could not be told. */
    readonly subcommand: string | undefined;
    readonly words: readonly Word[];
}

const celery: ReadonlySet<string> = new Set(["celery"]);
const subcommands = ["worker", "beat", "flower", "inspect", "control", "purge", "events", "multi", "shell"];

/** @returns undefined for a command that does not run Celery */
function celeryOf(command: readonly string[]): CeleryCommand | undefined {
    const found = programIn(wordsOf(command), celery);
    return (
        found && {
            subcommand: found.words.slice(1).find(({ text }) => subcommands.includes(text))?.text,
            words: found.words,
        }
    );
}

interface DjangoApp {
    readonly app: DjangoAppSettings;
    readonly at: Path;
}

function djangoApps(apps: readonly AppSettings[]): DjangoApp[] {
    return placedApps(apps).flatMap(({ app, at }) => (app.contract === "django" ? [{ app, at }] : []));
}

const stores = ["apps", "database", "cache", "broker", "assets"] as const;

/** Whether beat sends tasks that someone of the app has to take. */
function sendsTasks({ beat }: DjangoAppSettings): boolean {
    return beat !== undefined && (beat.command === undefined || celeryOf(beat.command)?.subcommand === "beat");
}

function beatsAlone(apps: readonly AppSettings[]): DjangoApp[] {
    return djangoApps(apps).filter(({ app, at }) => sendsTasks(app) && !workersOf(app, at).some(mayBeCelery));
}

function beatProblem({ at }: DjangoApp, more: string): Problem {
    const path = settingPath([...at, "beat"]);
    const workers = settingPath([...at, "workers", "default", "queues", 0]);
    return {
        path,
        found: `a scheduler, and no workers${more}`,
        allowed:
            "a worker that takes the tasks which it sends: else they pile up in the broker until its memory is full",
        fix: `${setCommand(workers, defaultQueue)}, or ${removeCommand(path)}`,
    };
}

/** Apps on one broker have key prefixes of their own, but may leave them out: then another one's workers take the tasks. */
function sharesWithWorkers(app: AppSettings, apps: readonly AppSettings[]): boolean {
    return (
        ownStoreOf(app, "broker") === undefined &&
        placedApps(apps).some(
            ({ app: other, at }) =>
                other.name !== app.name &&
                ownStoreOf(other, "broker") === undefined &&
                workersOf(other, at).some(mayBeCelery),
        )
    );
}

export const beatWithoutWorkers = contradiction(stores, (settings) =>
    beatsAlone(settings.apps)
        .filter(({ app }) => storeOf(app, settings, "broker").variant !== "none")
        .filter(({ app }) => !sharesWithWorkers(app, settings.apps))
        .map((placed) => beatProblem(placed, "")),
);

export const beatOfOthersWorkers = advice(stores, (settings) =>
    beatsAlone(settings.apps)
        .filter(({ app }) => sharesWithWorkers(app, settings.apps))
        .map((placed) =>
            beatProblem(placed, " of its own: those of another app see its tasks only if it sets no key prefix"),
        ),
);

export const idleDefaultQueue = advice(["apps", "environment"], ({ apps }) =>
    djangoApps(apps).flatMap(({ app, at }): Problem[] => {
        const workers = celeryWorkersOf(app.workers);
        // What a worker's own command takes is not known for sure.
        if (workers.length === 0 || workersOf(app, at).some(({ command }) => command !== undefined)) {
            return [];
        }
        const variable = Object.keys(app.environment).find((name) => queueVariable.test(name));
        const wanted = variable === undefined ? defaultQueue : app.environment[variable]!;
        if (workers.some(([, { queues }]) => queues.includes(wanted))) {
            return [];
        }
        const [name, { queues }] = workers[0]!;
        const path = settingPath([...at, "workers"]);
        const queue = settingPath([...at, "workers", name, "queues"]);
        return [
            {
                path,
                found: `no worker for the queue ${JSON.stringify(wanted)}, where ${variable === undefined ? "Celery sends tasks that are not routed" : `${settingPath([...at, "environment", variable])} sends tasks`}`,
                allowed: "a worker for each queue that tasks are sent to: else they pile up in the broker",
                fix: `${setCommand(`${queue}[${queues.length}]`, wanted)}${variable === undefined ? `, or let the app read its task_default_queue from a variable: ${setCommand(settingPath([...at, "environment", "CELERY_TASK_DEFAULT_QUEUE"]), queues[0]!)}` : ""}`,
            },
        ];
    }),
);

/** What a command says otherwise than the settings beside it, which it makes idle. */
export const workerCommands = contradiction(["apps"], ({ apps }) =>
    djangoApps(apps).flatMap(({ app, at }) => [
        ...celeryWorkersOf(app.workers).flatMap(([name, { queues, concurrency, command }]): Problem[] => {
            const run = command && celeryOf(command);
            const here = [...at, "workers", name];
            if (run === undefined) {
                return [];
            }
            if (run.subcommand !== undefined && run.subcommand !== "worker") {
                return [otherProcess(here, run.subcommand, "worker")];
            }
            return [...differingQueues(here, queues, run), ...differingConcurrency(here, concurrency, run)];
        }),
        ...otherBeat({ app, at }),
    ]),
);

function otherBeat({ app: { beat }, at }: DjangoApp): Problem[] {
    const subcommand = beat?.command && celeryOf(beat.command)?.subcommand;
    return subcommand === undefined || subcommand === "beat" ? [] : [otherProcess([...at, "beat"], subcommand, "beat")];
}

function otherProcess(at: Path, found: string, wanted: string): Problem {
    const path = settingPath([...at, "command"]);
    return {
        path,
        found: `celery ${found}`,
        allowed: `celery ${wanted}: ${wanted === "worker" ? "of workers there may be several, and of a scheduler one alone" : "there is one pod of it, which stops before the next one starts"}`,
        fix: removeCommand(path),
    };
}

function differingQueues(at: Path, queues: readonly string[], { words }: CeleryCommand): Problem[] {
    const said = optionValue(words, ["--queues", "-Q"])?.value;
    if (said === undefined || said.includes("$")) {
        return [];
    }
    const inCommand = said.split(",").filter((queue) => queue !== "");
    if (inCommand.length === queues.length && inCommand.every((queue) => queues.includes(queue))) {
        return [];
    }
    const path = settingPath([...at, "queues"]);
    return [
        {
            path,
            found: `${queues.join(", ")}, beside a command that takes ${inCommand.join(", ")}`,
            allowed: `the queues of ${settingPath([...at, "command"])}, which alone decides`,
            fix: [
                ...inCommand.map((queue, index) => setCommand(`${path}[${index}]`, queue)),
                ...queues
                    .slice(inCommand.length)
                    .map((_, index) => removeCommand(`${path}[${queues.length - 1 - index}]`)),
            ].join(" && "),
        },
    ];
}

/** Of the settings; a command that says nothing of it gets what it had before there was a setting. */
const unsetConcurrency = 2;

function differingConcurrency(at: Path, concurrency: number, { words }: CeleryCommand): Problem[] {
    const said = optionValue(words, ["--concurrency", "-c"])?.value;
    if (concurrency === unsetConcurrency || said === String(concurrency) || said?.includes("$")) {
        return [];
    }
    const path = settingPath([...at, "concurrency"]);
    return [
        {
            path,
            found: `${concurrency}, beside a command ${said === undefined ? "that does not say it" : `with ${said}`}`,
            allowed: `the number of ${settingPath([...at, "command"])}, which alone decides`,
            fix:
                said !== undefined && /^[1-9][0-9]*$/.test(said)
                    ? setCommand(path, said)
                    : `write --concurrency=${concurrency} into the command`,
        },
    ];
}

/** Celery 5 takes the app's name before the subcommand only, and without --queues a worker takes all queues that the app declares. */
export const unsaidOfWorkers = advice(["apps"], ({ apps }) =>
    djangoApps(apps).flatMap(({ app, at }) =>
        celeryWorkersOf(app.workers).flatMap(([name, { queues, command }]): Problem[] => {
            const run = command && celeryOf(command);
            if (run?.subcommand !== "worker") {
                return [];
            }
            const path = settingPath([...at, "workers", name, "command"]);
            const behind = run.words.slice(run.words.findIndex(({ text }) => text === "worker"));
            return [
                ...(optionValue(behind, ["--app", "-A"]) === undefined
                    ? []
                    : [
                          {
                              path,
                              found: "the app behind the word worker",
                              allowed: "before it, as Celery 5 wants it: celery --app=MODULE worker",
                              fix: `write --app=${app.module} behind celery, or ${removeCommand(path)}`,
                          },
                      ]),
                ...(optionValue(run.words, ["--queues", "-Q"]) === undefined
                    ? [
                          {
                              path,
                              found: "celery worker without --queues: it takes tasks from every queue that the app declares, or from celery alone",
                              allowed: `the queues of ${settingPath([...at, "workers", name, "queues"])}: ${queues.join(", ")}`,
                              fix: `write --queues=${queues.join(",")} into it, or ${removeCommand(path)}`,
                          },
                      ]
                    : []),
            ];
        }),
    ),
);

/** Nothing is known then of its queues, and it gets a broker only by chance. */
export const celeryAsCommand = advice(["apps"], ({ apps }) =>
    djangoApps(apps).flatMap(({ app, at }) =>
        Object.entries(app.workers).flatMap(([name, worker]): Problem[] => {
            if (worker.kind !== "command" || celeryOf(worker.command)?.subcommand !== "worker") {
                return [];
            }
            const path = settingPath([...at, "workers", name, "kind"]);
            const queue = settingPath([...at, "workers", name, "queues", 0]);
            return [
                {
                    path,
                    found: '"command", and a command that runs a Celery worker',
                    allowed:
                        "celery, which takes a command too: its queues, its time limit and its broker are checked then, and a worker that hangs is seen where the command is left out",
                    fix: `${setCommand(path, "celery")} && ${setCommand(queue, defaultQueue)}`,
                },
            ];
        }),
    ),
);
