// An ordinary Django project: manage.py, its web server and its workers, run as everybody runs them (E1).
import type { ByteQuantity } from "../../../lib/quantities.ts";
import type { Size } from "../../../lib/resources.ts";
import { webServerOf } from "../../../lib/web-servers.ts";
import type { Processes, ReleaseJob, Replicas, ScheduledCommand, WorkerProcess } from "../contract.ts";
import { byFile, byProgress, type Heartbeat } from "../liveness.ts";

interface WebPods extends Omit<Processes["web"], "command" | "cutsOff"> {
    readonly command?: readonly string[];
}

/** Seconds after which a request is given up. */
interface Waits {
    readonly timeoutSeconds: number;
}

/** Seconds for which the server keeps a connection that nobody uses: longer than the way in does (R77). */
interface Keeps {
    readonly keepAlive: number;
}

export type DjangoWeb =
    | (WebPods & Waits & Keeps & { readonly server: "gunicorn"; readonly processes: number; readonly threads: number })
    | (WebPods & Keeps & { readonly server: "uvicorn"; readonly processes: number })
    | (WebPods & Waits & { readonly server: "daphne" });

interface WorkerPods {
    readonly size: Size;
    readonly tmp?: ByteQuantity;
    readonly replicas: Replicas;
    readonly taskTimeLimit: number;
}

type CeleryWorker = WorkerPods & {
    readonly kind: "celery";
    readonly queues: readonly string[];
    readonly concurrency: number;
    readonly command?: readonly string[];
};

export type DjangoWorker =
    | CeleryWorker
    | (WorkerPods & { readonly kind: "django-q2"; readonly concurrency: number })
    | (WorkerPods & { readonly kind: "db-worker"; readonly queues: readonly string[] })
    | (WorkerPods & { readonly kind: "command"; readonly command: readonly string[]; readonly heartbeat?: Heartbeat });

export interface DjangoContract {
    /** The Python package of wsgi.py or asgi.py, and of celery.py. */
    readonly module: string;
    readonly web: DjangoWeb;
    readonly workers: Readonly<Record<string, DjangoWorker>>;
    readonly beat?: { readonly size: Size; readonly command?: readonly string[] };
    readonly scheduled: readonly ScheduledCommand[];
    readonly shell?: Processes["shell"];
    readonly release: {
        readonly migrate: { readonly timeout: number; readonly command?: readonly string[] };
        readonly superuser?: unknown;
        /** Whether each release sets the superuser's password. @default only the one that makes the superuser */
        readonly setsPassword?: boolean;
        /** A folder of the image whose files uploads begin with. @default none */
        readonly mediaSamples?: string;
        /** Size of /tmp of its jobs. @default 256Mi */
        readonly tmp?: ByteQuantity;
    };
    /** Whether a job of the release fills the static files' volume. */
    readonly collectstatic: boolean;
    /** Whether the web server writes a line for each request. @default as it has it, the way in writes one */
    readonly accessLog?: boolean;
}

const manage = ["python", "manage.py"] as const;

/** Seconds that jobs beside migrate get. */
const shortJob = 300;

/** Seconds of all tries of a job that writes files together, and of the waits between them. */
const repeatedJob = 600;

/**
 * `createsuperuser` alone fails when the user is there, so a second release would stop at it. A model whose users are known by
 * their e-mail address is asked for that: the command reads the variable that is named after USERNAME_FIELD, and so does this.
 */
const ensureSuperuser = [
    "import os",
    "from django.contrib.auth import get_user_model",
    "from django.core.management import call_command",
    "User = get_user_model()",
    "name = os.environ.get(f'DJANGO_SUPERUSER_{User.USERNAME_FIELD.upper()}')",
    "there = User._default_manager.filter(**{User.USERNAME_FIELD: name}).exists()",
    "print('superuser is there already') if there else call_command('createsuperuser', interactive=False)",
].join("\n");

/** One that is there gets the password that the release has, where it is another. */
const setPassword = ensureSuperuser.replace(
    /^print.*$/m,
    [
        "user = User._default_manager.filter(**{User.USERNAME_FIELD: name}).first()",
        "password = os.environ['DJANGO_SUPERUSER_PASSWORD']",
        "if user is None:",
        "    call_command('createsuperuser', interactive=False)",
        "elif not user.check_password(password):",
        "    user.set_password(password)",
        "    user.save(update_fields=['password'])",
        "    print('superuser has a new password')",
        "else:",
        "    print('superuser is there already')",
    ].join("\n"),
);

/** Never over what is there: it may be somebody's upload. */
function storeSamples(folder: string): string {
    return [
        "import sys",
        "from pathlib import Path",
        "from django.core.files import File",
        "from django.core.files.storage import default_storage",
        `folder = Path(${JSON.stringify(folder)})`,
        "if not folder.is_dir():",
        "    sys.exit(f'release.mediaSamples: {folder.absolute()} is no folder of the image. Fix: copy it into the image, or name the folder that has the files')",
        "names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob('*') if path.is_file())",
        "new = [name for name in names if not default_storage.exists(name)]",
        "for name in new:",
        "    with (folder / name).open('rb') as file:",
        "        default_storage.save(name, File(file))",
        "print(f'{len(new)} of {len(names)} samples stored, the others are there')",
    ].join("\n");
}

export function djangoProcesses(contract: DjangoContract): Processes {
    const { module, web, workers, beat, scheduled, shell, accessLog = false } = contract;
    return {
        release: releaseJobs(contract),
        web: {
            ...web,
            command: web.command ?? webServer(module, web, accessLog),
            ...(cutsOff(web) && { cutsOff: true }),
        },
        workers: Object.entries(workers).map(([name, worker]) => workerProcess(module, name, worker)),
        ...(beat && { beat: beatProcess(module, beat) }),
        scheduled,
        ...(shell && { shell }),
    };
}

/** Daphne drops what it serves at SIGTERM. */
function cutsOff({ server, command }: DjangoWeb): boolean {
    return command === undefined ? server === "daphne" : webServerOf(command, {})?.name === "daphne";
}

function workerProcess(module: string, name: string, worker: DjangoWorker): WorkerProcess {
    const { size, tmp, replicas, taskTimeLimit, kind } = worker;
    const pods = { name, size, ...(tmp && { tmp }), replicas, taskTimeLimit, kind };
    switch (kind) {
        case "celery": {
            const { command, concurrency } = worker;
            // Of an owner's own command nobody here knows whether its first process is Celery, nor of which pool.
            return command === undefined
                ? { ...pods, command: celeryWorker(module, name, worker), concurrency, liveness: byProgress("itself") }
                : { ...pods, command };
        }
        case "django-q2":
            // The first process waits for the one that guards the others.
            return {
                ...pods,
                command: [...manage, "qcluster"],
                concurrency: worker.concurrency,
                liveness: byProgress("children"),
            };
        case "db-worker":
            // It works in its first process, and a task that waits for another server looks like a worker that hangs.
            return {
                ...pods,
                command: [...manage, "db_worker", `--queue-name=${worker.queues.join(",")}`],
                concurrency: 1,
                liveness: byProgress("itself", taskTimeLimit),
            };
        case "command": {
            const { command, heartbeat } = worker;
            return { ...pods, command, ...(heartbeat && { liveness: byFile(heartbeat) }) };
        }
        default:
            return worker satisfies never;
    }
}

function beatProcess(module: string, { size, command }: NonNullable<DjangoContract["beat"]>): Processes["beat"] {
    return command === undefined
        ? { size, command: celeryBeat(module), liveness: byProgress("itself") }
        : { size, command };
}

function releaseJobs({ release, collectstatic }: DjangoContract): ReleaseJob[] {
    const jobs: ReleaseJob[] = [
        {
            name: "migrate",
            command: release.migrate.command ?? [...manage, "migrate", "--noinput"],
            timeout: release.migrate.timeout,
        },
    ];
    if (collectstatic) {
        // Never --clear: pods of the old release still serve their files (R27).
        const command = [...manage, "collectstatic", "--noinput"];
        jobs.push({ name: "collectstatic", command, timeout: repeatedJob, repeatable: true, writesAssets: true });
    }
    if (release.mediaSamples !== undefined) {
        const command = [...manage, "shell", "--command", storeSamples(release.mediaSamples)];
        jobs.push({ name: "media-samples", command, timeout: repeatedJob, repeatable: true });
    }
    if (release.superuser !== undefined) {
        const command = [
            ...manage,
            "shell",
            "--command",
            release.setsPassword === true ? setPassword : ensureSuperuser,
        ];
        jobs.push({ name: "createsuperuser", command, timeout: shortJob, createsSuperuser: true });
    }
    return release.tmp === undefined ? jobs : jobs.map((job) => ({ ...job, tmp: release.tmp! }));
}

function webServer(module: string, web: DjangoWeb, accessLog: boolean): string[] {
    switch (web.server) {
        case "gunicorn":
            return [
                "gunicorn",
                `${module}.wsgi:application`,
                `--bind=0.0.0.0:${web.port}`,
                `--workers=${web.processes}`,
                `--threads=${web.threads}`,
                `--timeout=${web.timeoutSeconds}`,
                `--keep-alive=${web.keepAlive}`,
                `--graceful-timeout=${web.gracefulTimeout}`,
                // The heartbeat file: on a disk, a slow fsync looks like a hung worker.
                "--worker-tmp-dir=/dev/shm",
                ...(accessLog ? ["--access-logfile=-"] : []),
            ];
        case "uvicorn":
            return [
                "uvicorn",
                `${module}.asgi:application`,
                "--host=0.0.0.0",
                `--port=${web.port}`,
                `--workers=${web.processes}`,
                `--timeout-keep-alive=${web.keepAlive}`,
                `--timeout-graceful-shutdown=${web.gracefulTimeout}`,
                // As under gunicorn: the way in has one.
                ...(accessLog ? [] : ["--no-access-log"]),
            ];
        case "daphne":
            // It writes one of itself.
            return [
                "daphne",
                "--bind=0.0.0.0",
                `--port=${web.port}`,
                `--http-timeout=${web.timeoutSeconds}`,
                `${module}.asgi:application`,
            ];
        default:
            return web satisfies never;
    }
}

function celeryWorker(
    module: string,
    name: string,
    worker: Pick<CeleryWorker, "queues" | "concurrency" | "taskTimeLimit">,
): string[] {
    return [
        "celery",
        `--app=${module}`,
        "worker",
        "--loglevel=INFO",
        `--hostname=${name}@%h`,
        `--queues=${worker.queues.join(",")}`,
        `--concurrency=${worker.concurrency}`,
        `--time-limit=${worker.taskTimeLimit}`,
    ];
}

function celeryBeat(module: string): string[] {
    return [
        "celery",
        `--app=${module}`,
        "beat",
        "--loglevel=INFO",
        // How long it sleeps at most: five minutes otherwise, in which nobody could tell it from one that hangs.
        "--max-interval=30",
        // Only /tmp can be written; what is lost with it is when each task last ran, and beat starts them anew.
        "--schedule=/tmp/celerybeat-schedule",
        "--pidfile=",
    ];
}
