// The sample app with a page and tasks that take as long as they are told to, by modules that are mounted beside it. What they do is written
// down as visits, of which rows are only ever added: one at the beginning and one at the end.
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../../cluster/support/kubernetes.ts";

const folder = "/opt/slow";

const settings = `from sample.settings import *

ROOT_URLCONF = "slow_urls"
CELERY_IMPORTS = ["slow"]
`;

const urls = `import time

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from sample.urls import urlpatterns as usual


@csrf_exempt
def nap(request):
    size = len(request.body)
    time.sleep(float(request.GET["seconds"]))
    return HttpResponse(f"slept, {size} bytes")


urlpatterns = [path("nap", nap), *usual]
`;

const work = `import socket
import time

from celery import shared_task


def note(what):
    from sample.models import Visit

    Visit.objects.create(recorded_by=f"{what} {socket.gethostname()}")


def work(name, seconds):
    note(f"{name} begun")
    time.sleep(seconds)
    note(f"{name} done")


nap = shared_task(work, name="slow.nap")
`;

const databaseTask = `from django_tasks import task

from slow import work


@task()
def nap(name, seconds):
    work(name, seconds)
`;

/** Settings of an app (`apps[]`). */
export const slowApp = {
    environment: { PYTHONPATH: folder, DJANGO_SETTINGS_MODULE: "slow_settings" },
    files: {
        [`${folder}/slow_settings.py`]: settings,
        [`${folder}/slow_urls.py`]: urls,
        [`${folder}/slow.py`]: work,
        [`${folder}/slow_tasks.py`]: databaseTask,
    },
} as const;

/** What is written down: in which pod, and when. */
export interface Note {
    readonly name: string;
    readonly what: "begun" | "done";
    readonly pod: string;
    /** In milliseconds, as Date has it. */
    readonly at: number;
}

/** Runs Python with Django in a pod of such an app. */
export async function python(cluster: Cluster, pod: V1Pod, code: string): Promise<string> {
    return (await cluster.exec(pod, ["python", "-c", `import django\ndjango.setup()\n${code}`])).trim();
}

/** @returns all of an app, the first first */
export async function notes(cluster: Cluster, pod: V1Pod): Promise<readonly Note[]> {
    const output = await python(
        cluster,
        pod,
        `import json
from sample.models import Visit
rows = Visit.objects.filter(recorded_by__contains=" ").order_by("pk")
print(json.dumps([[row.recorded_by, row.recorded_at.timestamp() * 1000] for row in rows]))`,
    );
    return (JSON.parse(output) as readonly [string, number][]).map(([text, at]) => {
        const [name, what, host] = text.split(" ");
        return { name: name!, what: what as Note["what"], pod: host!, at };
    });
}
