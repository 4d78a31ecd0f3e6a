// How the two kinds of image are run. Does not prove that gunicorn and Celery take these arguments: that is the cluster
// layer's.
import { describe, expect, test } from "vitest";
import { djangoProcesses, type DjangoContract } from "../../../components/django/contracts/django.ts";
import { initRunAsyncProcesses } from "../../../components/django/contracts/init-run-async.ts";

const size = { cpu: "250m", memory: "512Mi" } as const;
const web = {
    size,
    replicas: { min: 2, max: 4 },
    port: 8000,
    probes: { live: "/live", ready: "/ready" },
    gracefulTimeout: 20,
    targetCpu: 70,
};
const worker = { queues: ["celery", "mail"], concurrency: 4, size, replicas: { min: 1, max: 1 }, taskTimeLimit: 60 };

const smallest: DjangoContract = {
    module: "shop",
    web: { ...web, processes: 2, threads: 3, timeoutSeconds: 45, keepAlive: 75 },
    workers: {},
    release: { migrate: { timeout: 600 } },
    collectstatic: false,
};

describe("an ordinary Django project (E1)", () => {
    test("is served by gunicorn, which stops within the time that its pod has", () => {
        expect(djangoProcesses(smallest).web).toMatchObject({
            ...web,
            command: [
                "gunicorn",
                "shop.wsgi:application",
                "--bind=0.0.0.0:8000",
                "--workers=2",
                "--threads=3",
                "--timeout=45",
                "--keep-alive=75",
                "--graceful-timeout=20",
                "--worker-tmp-dir=/dev/shm",
            ],
        });
    });

    test("has a migration, and no other process, unless one is asked for", () => {
        const { release, workers, beat, shell } = djangoProcesses(smallest);
        expect(release).toEqual([
            { name: "migrate", command: ["python", "manage.py", "migrate", "--noinput"], timeout: 600 },
        ]);
        expect(workers).toEqual([]);
        expect([beat, shell]).toEqual([undefined, undefined]);
    });

    test("runs a Celery worker for each that is named, with a limit for its tasks", () => {
        const { workers } = djangoProcesses({
            ...smallest,
            workers: { mail: worker, images: { ...worker, queues: ["images"] } },
        });
        expect(workers.map(({ name }) => name)).toEqual(["mail", "images"]);
        expect(workers[0]).toMatchObject({
            size,
            replicas: { min: 1, max: 1 },
            taskTimeLimit: 60,
            command: [
                "celery",
                "--app=shop",
                "worker",
                "--loglevel=INFO",
                "--hostname=mail@%h",
                "--queues=celery,mail",
                "--concurrency=4",
                "--time-limit=60",
            ],
        });
    });

    test("no worker is also the scheduler (R20)", () => {
        const { workers } = djangoProcesses({ ...smallest, workers: { mail: worker } });
        expect(workers[0]!.command.filter((word) => /^(-B|--beat)$/.test(word))).toEqual([]);
    });

    test("beat keeps its schedule where it may write, and leaves no pid file that a next start would stumble on", () => {
        expect(djangoProcesses({ ...smallest, beat: { size } }).beat).toEqual({
            size,
            command: [
                "celery",
                "--app=shop",
                "beat",
                "--loglevel=INFO",
                "--schedule=/tmp/celerybeat-schedule",
                "--pidfile=",
            ],
        });
    });

    test("static files are collected after the migration, never cleared (R27)", () => {
        const { release } = djangoProcesses({ ...smallest, collectstatic: true });
        expect(release.map(({ name }) => name)).toEqual(["migrate", "collectstatic"]);
        expect(release[1]).toEqual({
            name: "collectstatic",
            command: ["python", "manage.py", "collectstatic", "--noinput"],
            timeout: 300,
            writesAssets: true,
        });
    });

    test("the superuser comes last, and again is no error", () => {
        const release = { ...smallest.release, superuser: {} };
        const jobs = djangoProcesses({ ...smallest, collectstatic: true, release }).release;
        expect(jobs.map(({ name }) => name)).toEqual(["migrate", "collectstatic", "createsuperuser"]);
        expect(jobs[2]).toMatchObject({
            createsSuperuser: true,
            command: ["python", "manage.py", "shell", "--command", expect.any(String)],
        });
        expect(jobs[2]!.command.at(-1)).toContain("if there else");
    });

    test("every command may be the owner's own", () => {
        const own = ["./run.sh"];
        const processes = djangoProcesses({
            ...smallest,
            web: { ...smallest.web, command: own },
            workers: { mail: { ...worker, command: own } },
            beat: { size, command: own },
            release: { migrate: { timeout: 60, command: own } },
        });
        expect([
            processes.web.command,
            processes.workers[0]!.command,
            processes.beat!.command,
            processes.release[0]!.command,
        ]).toEqual([own, own, own, own]);
    });
});

describe("an image that says itself how it is run (U4)", () => {
    const contract = { web, release: { init: { timeout: 900 } } };

    test("/init once per release, then /run", () => {
        expect(initRunAsyncProcesses(contract)).toEqual({
            release: [{ name: "init", command: ["/init"], timeout: 900, writesAssets: true }],
            web: { ...web, command: ["/run"] },
            workers: [],
        });
    });

    test("/async and a shell where they are asked for", () => {
        const async = { size, replicas: { min: 1, max: 2 }, taskTimeLimit: 60 };
        expect(initRunAsyncProcesses({ ...contract, async, shell: { size } })).toMatchObject({
            workers: [{ ...async, name: "async", command: ["/async"] }],
            shell: { size },
        });
    });
});
