// An ordinary Django project: manage.py, gunicorn and Celery, run as everybody runs them (E1).
import type { ByteQuantity } from "../../../lib/quantities.ts";
import type { Size } from "../../../lib/resources.ts";
import type { Processes, ReleaseJob, Replicas } from "../contract.ts";

export interface DjangoContract {
    /** The Python package of wsgi.py and celery.py. */
    readonly module: string;
    readonly web: Omit<Processes["web"], "command"> & {
        readonly processes: number;
        readonly threads: number;
        /** Seconds after which gunicorn kills a process that does not answer. */
        readonly timeoutSeconds: number;
        /** Seconds for which gunicorn keeps a connection that nobody uses: longer than the way in does (R77). */
        readonly keepAlive: number;
        readonly command?: readonly string[];
    };
    readonly workers: Readonly<
        Record<
            string,
            {
                readonly queues: readonly string[];
                readonly concurrency: number;
                readonly size: Size;
                readonly tmp?: ByteQuantity;
                readonly replicas: Replicas;
                readonly taskTimeLimit: number;
                readonly command?: readonly string[];
            }
        >
    >;
    readonly beat?: { readonly size: Size; readonly command?: readonly string[] };
    readonly shell?: Processes["shell"];
    readonly release: {
        readonly migrate: { readonly timeout: number; readonly command?: readonly string[] };
        readonly superuser?: unknown;
        /** Size of /tmp of its jobs. @default 256Mi */
        readonly tmp?: ByteQuantity;
    };
    /** Whether a job of the release fills the static files' volume. */
    readonly collectstatic: boolean;
}

const manage = ["python", "manage.py"] as const;

/** Seconds that jobs beside migrate get. */
const shortJob = 300;

/** `createsuperuser` alone fails when the user is there, so a second release would stop at it. */
const ensureSuperuser = [
    "import os",
    "from django.contrib.auth import get_user_model",
    "from django.core.management import call_command",
    "User = get_user_model()",
    "name = os.environ['DJANGO_SUPERUSER_USERNAME']",
    "there = User._default_manager.filter(**{User.USERNAME_FIELD: name}).exists()",
    "print('superuser is there already') if there else call_command('createsuperuser', interactive=False)",
].join("\n");

export function djangoProcesses(contract: DjangoContract): Processes {
    const { module, web, workers, beat, shell } = contract;
    return {
        release: releaseJobs(contract),
        web: { ...web, command: web.command ?? gunicorn(module, web) },
        workers: Object.entries(workers).map(([name, worker]) => ({
            ...worker,
            name,
            command: worker.command ?? celeryWorker(module, name, worker),
        })),
        ...(beat && { beat: { size: beat.size, command: beat.command ?? celeryBeat(module) } }),
        ...(shell && { shell }),
    };
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
        jobs.push({ name: "collectstatic", command, timeout: shortJob, writesAssets: true });
    }
    if (release.superuser !== undefined) {
        const command = [...manage, "shell", "--command", ensureSuperuser];
        jobs.push({ name: "createsuperuser", command, timeout: shortJob, createsSuperuser: true });
    }
    return release.tmp === undefined ? jobs : jobs.map((job) => ({ ...job, tmp: release.tmp! }));
}

function gunicorn(module: string, web: DjangoContract["web"]): string[] {
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
    ];
}

function celeryWorker(
    module: string,
    name: string,
    worker: { readonly queues: readonly string[]; readonly concurrency: number; readonly taskTimeLimit: number },
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
        // Only /tmp can be written; what is lost with it is when each task last ran, and beat starts them anew.
        "--schedule=/tmp/celerybeat-schedule",
        "--pidfile=",
    ];
}
