// From an app's settings to its processes, in the way its image is run.
import type { Assets } from "../components/assets/contract.ts";
import type { Processes, ScheduledCommand, WebProcess } from "../components/django/contract.ts";
import { djangoProcesses, type DjangoWeb, type DjangoWorker } from "../components/django/contracts/django.ts";
import { initRunAsyncProcesses } from "../components/django/contracts/init-run-async.ts";
import { nothingElse } from "../lib/nothing-else.ts";
import { idleOfLender, keepAliveFor } from "../settings/edge-timeouts.ts";
import type { LentGateway } from "../settings/lender/outputs.ts";
import type {
    DjangoProcesses,
    DjangoWorker as DjangoWorkerSettings,
    InitRunAsyncProcesses,
    ScheduledCommand as ScheduledSettings,
} from "../settings/resolve/apps.ts";
import type { StackApp } from "../settings/load.ts";
import { ofPlatform, type OfPlatform } from "../settings/stores/places.ts";

/**
 * @param lent the way in that another stack lends
 * @param accessLog whether something reads who comes
 */
export function processesOf(
    { processes, rotations }: Pick<StackApp, "processes" | "rotations">,
    assets: Assets,
    lent: LentGateway | undefined,
    accessLog: boolean,
): Processes {
    switch (processes.contract) {
        case "django":
            return ofDjango(processes, rotations.superuser !== undefined, assets, lent, accessLog);
        case "init-run-async":
            return ofInitRunAsync(processes);
        default:
            return processes satisfies never;
    }
}

function ofDjango(
    settings: DjangoProcesses,
    setsPassword: boolean,
    { collects }: Assets,
    lent: LentGateway | undefined,
    accessLog: boolean,
): Processes {
    const { contract: _, module, web, workers, beat, scheduled, shell, release, ...rest } = settings;
    nothingElse(rest);
    return djangoProcesses({
        module,
        web: djangoWeb(web, lent),
        workers: Object.fromEntries(Object.entries(workers).map(([name, worker]) => [name, djangoWorker(worker)])),
        beat: beat && celeryBeat(beat),
        scheduled: Object.entries(scheduled).map(([name, command]) => scheduledCommand(name, command)),
        shell,
        release: { ...djangoRelease(release), setsPassword },
        collectstatic: collects,
        accessLog,
    });
}

function djangoWeb(settings: DjangoProcesses["web"], lent: LentGateway | undefined): DjangoWeb {
    const { size, tmp, replicas, port, probes, gracefulTimeout, targetCpu, ...server } = settings;
    const pod = { size, tmp, replicas, port, probes, gracefulTimeout, targetCpu };
    const kept = (given: number | OfPlatform): number =>
        given === ofPlatform ? keepAliveFor(idleOfLender(lent!)) : given;
    switch (server.server) {
        case "gunicorn": {
            const { server: program, processes, threads, timeoutSeconds, keepAlive, command, ...rest } = server;
            nothingElse(rest);
            return { ...pod, server: program, processes, threads, timeoutSeconds, keepAlive: kept(keepAlive), command };
        }
        case "uvicorn": {
            const { server: program, processes, keepAlive, command, ...rest } = server;
            nothingElse(rest);
            return { ...pod, server: program, processes, keepAlive: kept(keepAlive), command };
        }
        case "daphne": {
            const { server: program, timeoutSeconds, command, ...rest } = server;
            nothingElse(rest);
            return { ...pod, server: program, timeoutSeconds, command };
        }
        default:
            return server satisfies never;
    }
}

function djangoWorker(settings: DjangoWorkerSettings): DjangoWorker {
    const { size, tmp, replicas, taskTimeLimit, ...worker } = settings;
    const pod = { size, tmp, replicas, taskTimeLimit };
    switch (worker.kind) {
        case "celery": {
            const { kind, queues, concurrency, command, ...rest } = worker;
            nothingElse(rest);
            return { ...pod, kind, queues, concurrency, command };
        }
        case "django-q2": {
            const { kind, concurrency, ...rest } = worker;
            nothingElse(rest);
            return { ...pod, kind, concurrency };
        }
        case "db-worker": {
            const { kind, queues, ...rest } = worker;
            nothingElse(rest);
            return { ...pod, kind, queues };
        }
        case "command": {
            const { kind, command, heartbeat, ...rest } = worker;
            nothingElse(rest);
            return { ...pod, kind, command, heartbeat };
        }
        default:
            return worker satisfies never;
    }
}

function scheduledCommand(name: string, settings: ScheduledSettings): ScheduledCommand {
    const { schedule, timeZone, command, size, tmp, deadline, startingDeadline, ...rest } = settings;
    nothingElse(rest);
    return { name, schedule, timeZone, command, size, tmp, deadline, startingDeadline };
}

function celeryBeat(settings: NonNullable<DjangoProcesses["beat"]>) {
    const { size, command, ...rest } = settings;
    nothingElse(rest);
    return { size, command };
}

function djangoRelease({ migrate, superuser, mediaSamples, tmp, ...rest }: DjangoProcesses["release"]) {
    nothingElse(rest);
    const { timeout, command, ...others } = migrate;
    nothingElse(others);
    return { migrate: { timeout, command }, superuser, mediaSamples, tmp };
}

function ofInitRunAsync(settings: InitRunAsyncProcesses): Processes {
    const { contract: _, web, async, scheduled, shell, release, ...rest } = settings;
    nothingElse(rest);
    return initRunAsyncProcesses({
        web: plainWeb(web),
        async: async && asyncWorker(async),
        scheduled: Object.entries(scheduled).map(([name, command]) => scheduledCommand(name, command)),
        shell,
        release: { init: { timeout: release.init.timeout }, tmp: release.tmp },
    });
}

function plainWeb(settings: InitRunAsyncProcesses["web"]): Omit<WebProcess, "command"> {
    const { size, tmp, replicas, port, probes, gracefulTimeout, targetCpu, ...rest } = settings;
    nothingElse(rest);
    return { size, tmp, replicas, port, probes, gracefulTimeout, targetCpu };
}

function asyncWorker(settings: NonNullable<InitRunAsyncProcesses["async"]>) {
    const { size, tmp, replicas, taskTimeLimit, heartbeat, ...rest } = settings;
    nothingElse(rest);
    return { size, tmp, replicas, taskTimeLimit, heartbeat };
}
