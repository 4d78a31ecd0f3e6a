// What a pod's memory has to hold: Python processes, or a server. The limit is what was reserved, and beyond it the kernel kills.
import { mebibyte } from "../../../lib/node-types/room.ts";
import { leastInCluster } from "../../../lib/postgres-memory.ts";
import { bytes, byteText, cpuText, millicores } from "../../../lib/quantities.ts";
import type { AppSettings } from "../../app.ts";
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import { storesOf } from "../../stores/entries.ts";
import type { Settings } from "../../sections.ts";
import { definedSize, type Size } from "../../operator.ts";
import { placedApps } from "../apps/apps.ts";
import { advice, contradiction } from "../contradiction.ts";

/**
 * MiB that processes hold for themselves. Measured with Python 3.11, Django 5.2 and its admin, gunicorn 27, Celery 5.7, an
 * otherwise empty project, as Pss: gunicorn's first process 18, each of its workers 34 to 38; Celery's first process 39 to 42,
 * each child that has run a task 31 to 35. uvicorn 0.54's supervisor 23, its workers and daphne's process 48 and more; Django Q2 1.11's four processes beside
 * its workers 50, db_worker 44. A few less are reckoned, for what images leave out.
 */
const serverMaster = { gunicorn: 15, uvicorn: 20 } as const;
const celeryMaster = 35;
const q2Master = 40;
const emptyProcess = 30;
/** Of a small project: half as much again and a little. */
const usualProcess = 48;

/**
 * MiB without which a server does not start, or not with anything in it. RabbitMQ's Erlang takes 130 to 150 before the first
 * connection, and lets queues have 60 % of the memory.
 */
const leastOfServers = { postgresql: leastInCluster, redis: 16, memcached: 80, rabbitmq: 256 } as const;

/** Processes of one kind of pod, whose command is the program's own: of another one's nobody here knows. */
interface Pythons {
    readonly program: string;
    readonly master: number;
    readonly count: number;
    /** The setting that says how many; none where there is always one. */
    readonly countPath?: readonly PropertyKey[];
    readonly size: string;
    readonly sizePath: readonly PropertyKey[];
}

export const memoryOfProcesses = contradiction(["apps", "operator"], ({ apps, operator: { sizes } }) =>
    pythonsOf(apps).flatMap((pythons) => {
        const size = definedSize(sizes, pythons.size);
        return size === undefined || bytes(size.memory) >= needOf(pythons, emptyProcess)
            ? []
            : [tooMany(pythons, size, sizes, emptyProcess)];
    }),
);

/** What an app imports comes to that: the first requests, or tasks, may be the ones at which pods are killed. */
export const tightMemory = advice(["apps", "operator"], ({ apps, operator: { sizes } }) =>
    pythonsOf(apps).flatMap((pythons) => {
        const size = definedSize(sizes, pythons.size);
        return size === undefined ||
            bytes(size.memory) >= needOf(pythons, usualProcess) ||
            bytes(size.memory) < needOf(pythons, emptyProcess)
            ? []
            : [tooMany(pythons, size, sizes, usualProcess)];
    }),
);

function pythonsOf(apps: Settings["apps"]): Pythons[] {
    return placedApps(apps).flatMap(({ app, at }) => [
        ...webs(app, at),
        ...workers(app, at),
        ...(app.contract === "django" && app.beat !== undefined && app.beat.command === undefined
            ? [single("celery beat", app.beat.size, [...at, "beat", "size"])]
            : []),
        ...Object.entries(app.scheduled).map(([name, { size }]) =>
            single("Django", size, [...at, "scheduled", name, "size"]),
        ),
        ...(app.shell === undefined ? [] : [single("manage.py", app.shell.size, [...at, "shell", "size"])]),
    ]);
}

function single(program: string, size: string, sizePath: readonly PropertyKey[]): Pythons {
    return { program, master: 0, count: 1, size, sizePath };
}

function webs(app: AppSettings, at: readonly PropertyKey[]): Pythons[] {
    const { size } = app.web;
    const sizePath = [...at, "web", "size"];
    if (app.contract === "init-run-async" || app.web.command !== undefined || app.web.server === "daphne") {
        // Its jobs get the same size, and run Django in any case.
        return [single("Django", size, sizePath)];
    }
    const { server, processes } = app.web;
    const countPath = [...at, "web", "processes"];
    // One uvicorn process serves by itself.
    return server === "uvicorn" && processes === 1
        ? [single(server, size, sizePath)]
        : [{ program: server, master: serverMaster[server], count: processes, countPath, size, sizePath }];
}

function workers(app: AppSettings, at: readonly PropertyKey[]): Pythons[] {
    if (app.contract === "init-run-async") {
        return app.async === undefined ? [] : [single("Django", app.async.size, [...at, "async", "size"])];
    }
    return Object.entries(app.workers).flatMap(([name, worker]): Pythons[] => {
        const { size, kind } = worker;
        const path = [...at, "workers", name];
        const sizePath = [...path, "size"];
        const countPath = [...path, "concurrency"];
        switch (kind) {
            case "celery":
                return worker.command === undefined
                    ? [
                          {
                              program: "celery",
                              master: celeryMaster,
                              count: worker.concurrency,
                              countPath,
                              size,
                              sizePath,
                          },
                      ]
                    : [];
            case "django-q2":
                return [
                    { program: "qcluster", master: q2Master, count: worker.concurrency, countPath, size, sizePath },
                ];
            case "db-worker":
                return [single("db_worker", size, sizePath)];
            case "command":
                return [];
            default:
                return kind satisfies never;
        }
    });
}

/** Bytes. */
function needOf({ master, count }: Pythons, process: number): number {
    return (master + count * process) * mebibyte;
}

function tooMany(pythons: Pythons, { memory }: Size, sizes: Readonly<Record<string, Size>>, process: number): Problem {
    const { program, master, count, countPath, size, sizePath } = pythons;
    const need = needOf(pythons, process);
    const fitting = Math.floor((bytes(memory) / mebibyte - master) / process);
    const [larger] = Object.entries(sizes)
        .filter(([, each]) => bytes(each.memory) >= need)
        .toSorted(([, one], [, other]) => bytes(one.memory) - bytes(other.memory))
        .map(([name]) => name);
    const path = settingPath(countPath !== undefined && fitting >= 1 ? countPath : sizePath);
    const whose = process === emptyProcess ? "an empty Django project's" : "a small Django project's";
    const arithmetic =
        countPath === undefined
            ? `${program} takes ${process}Mi, ${whose}`
            : `${program} takes ${master}Mi and each process ${process}Mi, ${whose}: ${byteText(need)} for ${count}`;
    const enlarge =
        larger === undefined
            ? `have the operator define a size of ${byteText(need)} or more (operator.sizes)`
            : setCommand(settingPath(sizePath), larger);
    if (countPath === undefined || fitting < 1) {
        return {
            path,
            found: `${JSON.stringify(size)}, which has ${memory} of memory`,
            allowed: `a size with at least ${byteText(need)}: ${arithmetic}`,
            fix: enlarge,
        };
    }
    return {
        path,
        found: `${count} in a pod of ${JSON.stringify(size)}, which has ${memory} of memory`,
        allowed: `at most ${fitting}: ${arithmetic}`,
        fix: `${setCommand(path, String(fitting))}, or ${enlarge}`,
    };
}

/** Threads of one process share one interpreter: more than this wait for it, and each may hold a connection to the database. */
const usualThreads = 32;
/** A dozen processes serve thousands of requests a second; gunicorn's own advice is two for each processor and one. */
const usualProcesses = 12;

export const idleConcurrency = advice(["apps", "operator"], ({ apps, operator: { sizes } }) =>
    placedApps(apps).flatMap(({ app, at }): Problem[] => {
        if (app.contract !== "django" || app.web.command !== undefined || app.web.server !== "gunicorn") {
            return [];
        }
        const { threads, processes, size } = app.web;
        const path = (name: string): string => settingPath([...at, "web", name]);
        const cpu = millicores(definedSize(sizes, size)?.cpu ?? "1");
        const useful = Math.max(usualProcesses, 2 * Math.ceil(cpu / 1000) + 1);
        return [
            ...(threads > usualThreads
                ? [
                      {
                          path: path("threads"),
                          found: String(threads),
                          allowed: `at most ${usualThreads}: threads of a process wait for one another, and ${processes} x ${threads} requests at a time in each pod are more than it can serve`,
                          fix: `${setCommand(path("threads"), "4")}, and more pods`,
                      },
                  ]
                : []),
            ...(processes > useful
                ? [
                      {
                          path: path("processes"),
                          found: `${processes} in a pod of ${JSON.stringify(size)}, which reserves ${cpuText(cpu)} of cpu`,
                          allowed: `at most ${useful}: gunicorn advises two for each processor and one`,
                          fix: `${setCommand(path("processes"), String(useful))}, and more pods`,
                      },
                  ]
                : []),
        ];
    }),
);

export const memoryOfServers = contradiction(
    ["apps", "environment", "database", "cache", "broker", "operator"],
    (settings) => {
        const { sizes } = settings.operator;
        const servers = [
            ...storesOf("database", settings).flatMap(({ path, store }) =>
                store.variant === "in-cluster" ? [{ path, size: store.size, kind: "postgresql" as const }] : [],
            ),
            ...storesOf("cache", settings).flatMap(({ path, store }) =>
                store.variant === "in-cluster" || store.variant === "memcached"
                    ? [
                          {
                              path,
                              size: store.size,
                              kind: store.variant === "memcached" ? store.variant : ("redis" as const),
                          },
                      ]
                    : [],
            ),
            ...storesOf("broker", settings).flatMap(({ path, store }) =>
                store.variant === "none" || store.variant === "external"
                    ? []
                    : [{ path, size: store.size, kind: store.variant }],
            ),
        ];
        return servers.flatMap(({ path, size: name, kind }): Problem[] => {
            const size = definedSize(sizes, name);
            const least = leastOfServers[kind];
            if (size === undefined || bytes(size.memory) >= least * mebibyte) {
                return [];
            }
            const at = settingPath([...path, "size"]);
            return [
                {
                    path: at,
                    found: `${JSON.stringify(name)}, which has ${size.memory} of memory`,
                    allowed: `a size with at least ${least}Mi: the server does not run in less`,
                    fix: setCommand(at, "small"),
                },
            ];
        });
    },
);
