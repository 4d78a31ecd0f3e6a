// From an app's settings to its processes, in the way its image is run.
import type { Assets } from "../components/assets/contract.ts";
import type { Processes, WebProcess } from "../components/django/contract.ts";
import { djangoProcesses } from "../components/django/contracts/django.ts";
import { initRunAsyncProcesses } from "../components/django/contracts/init-run-async.ts";
import { nothingElse } from "../lib/nothing-else.ts";
import { idleOfLender, keepAliveFor } from "../settings/edge-timeouts.ts";
import type { LentGateway } from "../settings/lender/outputs.ts";
import type { DjangoProcesses, InitRunAsyncProcesses, ProcessesOfApp } from "../settings/resolve/apps.ts";
import { ofPlatform } from "../settings/stores/places.ts";

/** @param lent the way in that another stack lends */
export function processesOf(settings: ProcessesOfApp, assets: Assets, lent: LentGateway | undefined): Processes {
    switch (settings.contract) {
        case "django":
            return ofDjango(settings, assets, lent);
        case "init-run-async":
            return ofInitRunAsync(settings);
        default:
            return settings satisfies never;
    }
}

function ofDjango(settings: DjangoProcesses, { collects }: Assets, lent: LentGateway | undefined): Processes {
    const { contract: _, module, web, workers, beat, shell, release, ...rest } = settings;
    nothingElse(rest);
    return djangoProcesses({
        module,
        web: djangoWeb(web, lent),
        workers: Object.fromEntries(Object.entries(workers).map(([name, worker]) => [name, celeryWorker(worker)])),
        beat: beat && celeryBeat(beat),
        shell,
        release: djangoRelease(release),
        collectstatic: collects,
    });
}

function djangoWeb(settings: DjangoProcesses["web"], lent: LentGateway | undefined) {
    const { size, tmp, replicas, port, probes, gracefulTimeout, targetCpu, ...server } = settings;
    const { processes, threads, timeoutSeconds, keepAlive: given, command, ...rest } = server;
    nothingElse(rest);
    const pod = { size, tmp, replicas, port, probes, gracefulTimeout, targetCpu };
    const keepAlive = given === ofPlatform ? keepAliveFor(idleOfLender(lent!)) : given;
    return { ...pod, processes, threads, timeoutSeconds, keepAlive, command };
}

function celeryWorker(settings: DjangoProcesses["workers"][string]) {
    const { size, tmp, replicas, taskTimeLimit, queues, concurrency, command, ...rest } = settings;
    nothingElse(rest);
    return { size, tmp, replicas, taskTimeLimit, queues, concurrency, command };
}

function celeryBeat(settings: NonNullable<DjangoProcesses["beat"]>) {
    const { size, command, ...rest } = settings;
    nothingElse(rest);
    return { size, command };
}

function djangoRelease({ migrate, superuser, tmp, ...rest }: DjangoProcesses["release"]) {
    nothingElse(rest);
    const { timeout, command, ...others } = migrate;
    nothingElse(others);
    return { migrate: { timeout, command }, superuser, tmp };
}

function ofInitRunAsync(settings: InitRunAsyncProcesses): Processes {
    const { contract: _, web, async, shell, release, ...rest } = settings;
    nothingElse(rest);
    return initRunAsyncProcesses({
        web: plainWeb(web),
        async: async && asyncWorker(async),
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
    const { size, tmp, replicas, taskTimeLimit, ...rest } = settings;
    nothingElse(rest);
    return { size, tmp, replicas, taskTimeLimit };
}
