// How the two kinds of image are run. Does not prove that gunicorn and Celery take these arguments: that is the cluster
// layer's.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { djangoProcesses, type DjangoContract } from "../../../components/django/contracts/django.ts";
import { initRunAsyncProcesses } from "../../../components/django/contracts/init-run-async.ts";

/** What the script takes from Django, for Python without it: a model of users, and a command that prints its name. */
function standIns(field: string, there: readonly string[]): string {
    return `
import sys, types
class Users:
    def filter(self, **asked):
        return types.SimpleNamespace(exists=lambda: asked["${field}"] in ${JSON.stringify(there)})
User = types.SimpleNamespace(USERNAME_FIELD="${field}", _default_manager=Users())
for name in ("django", "django.contrib", "django.contrib.auth", "django.core", "django.core.management"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["django.contrib.auth"].get_user_model = lambda: User
sys.modules["django.core.management"].call_command = lambda name, interactive: print(name)`;
}

/** What the script takes from Django, for Python without it: a storage in a folder. */
function storageStandIn(folder: string): string {
    return `
import sys, types
from pathlib import Path
root = Path(${JSON.stringify(folder)})
class Storage:
    def exists(self, name):
        return (root / name).exists()
    def save(self, name, content):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content.read())
for name in ("django", "django.core", "django.core.files", "django.core.files.storage"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["django.core.files"].File = lambda file: file
sys.modules["django.core.files.storage"].default_storage = Storage()`;
}

const size = { cpu: "250m", memory: "512Mi" } as const;
const web = {
    size,
    replicas: { min: 2, max: 4 },
    port: 8000,
    probes: { live: "/live", ready: "/ready" },
    gracefulTimeout: 20,
    targetCpu: 70,
};
const pods = { size, replicas: { min: 1, max: 1 }, taskTimeLimit: 60 };
const worker = { ...pods, kind: "celery" as const, queues: ["celery", "mail"], concurrency: 4 };

const smallest: DjangoContract = {
    module: "shop",
    web: { ...web, server: "gunicorn", processes: 2, threads: 3, timeoutSeconds: 45, keepAlive: 75 },
    workers: {},
    scheduled: [],
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

    test("is served by uvicorn under ASGI", () => {
        const { web: served } = djangoProcesses({
            ...smallest,
            web: { ...web, server: "uvicorn", processes: 3, keepAlive: 615 },
        });
        expect(served.command).toEqual([
            "uvicorn",
            "shop.asgi:application",
            "--host=0.0.0.0",
            "--port=8000",
            "--workers=3",
            "--timeout-keep-alive=615",
            "--timeout-graceful-shutdown=20",
            "--no-access-log",
        ]);
        expect(served).not.toHaveProperty("cutsOff");
    });

    test("is served by daphne, which drops what it serves when it stops", () => {
        const { web: served } = djangoProcesses({ ...smallest, web: { ...web, server: "daphne", timeoutSeconds: 45 } });
        expect(served.command).toEqual([
            "daphne",
            "--bind=0.0.0.0",
            "--port=8000",
            "--http-timeout=45",
            "shop.asgi:application",
        ]);
        expect(served.cutsOff).toBe(true);
        const own = (...command: string[]) => djangoProcesses({ ...smallest, web: { ...smallest.web, command } }).web;
        expect(own("daphne", "shop.asgi:application").cutsOff).toBe(true);
        expect(own("gunicorn", "shop.wsgi")).not.toHaveProperty("cutsOff");
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

    test("runs Django Q2's cluster, whose guard is a child of its first process", () => {
        const { workers } = djangoProcesses({
            ...smallest,
            workers: { q: { ...pods, kind: "django-q2", concurrency: 3 } },
        });
        expect(workers).toEqual([
            {
                ...pods,
                name: "q",
                kind: "django-q2",
                command: ["python", "manage.py", "qcluster"],
                concurrency: 3,
                liveness: { by: "progress", of: "children", seconds: 60 },
            },
        ]);
    });

    test("runs the worker of Django's tasks, which may wait as long as a task does", () => {
        const { workers } = djangoProcesses({
            ...smallest,
            workers: { tasks: { ...pods, kind: "db-worker", queues: ["default", "mail"] } },
        });
        expect(workers).toEqual([
            {
                ...pods,
                name: "tasks",
                kind: "db-worker",
                command: ["python", "manage.py", "db_worker", "--queue-name=default,mail"],
                concurrency: 1,
                liveness: { by: "progress", of: "itself", seconds: 120 },
            },
        ]);
    });

    test("runs any program, which says by a file that it works, or is not looked at", () => {
        const command = ["dramatiq", "shop.tasks"];
        const heartbeat = { file: "/tmp/heartbeat", seconds: 90 };
        const { workers } = djangoProcesses({
            ...smallest,
            workers: { a: { ...pods, kind: "command", command, heartbeat }, b: { ...pods, kind: "command", command } },
        });
        expect(workers).toEqual([
            {
                ...pods,
                name: "a",
                kind: "command",
                command,
                liveness: { by: "file", file: "/tmp/heartbeat", seconds: 90 },
            },
            { ...pods, name: "b", kind: "command", command },
        ]);
    });

    test("gives a worker of any kind the /tmp that it was given", () => {
        const tmp = "2Gi";
        const workers = {
            mail: { ...worker, tmp },
            own: { ...worker, command: ["celery"], tmp },
            q: { ...pods, kind: "django-q2", concurrency: 3, tmp },
            tasks: { ...pods, kind: "db-worker", queues: ["default"], tmp },
            any: { ...pods, kind: "command", command: ["dramatiq"], tmp },
        } as const;
        const made = djangoProcesses({ ...smallest, workers }).workers;
        expect(made.map((each) => each.tmp)).toEqual(Array.from({ length: 5 }, () => tmp));
    });

    test("sees a Celery worker and a scheduler that hang, of its own commands alone", () => {
        const own = ["sh", "-c", "celery -A shop worker"];
        const seen = { by: "progress", of: "itself", seconds: 60 };
        const ours = djangoProcesses({ ...smallest, workers: { mail: worker }, beat: { size } });
        expect([ours.workers[0]!.liveness, ours.beat!.liveness]).toEqual([seen, seen]);
        const theirs = djangoProcesses({
            ...smallest,
            workers: { mail: { ...worker, command: own } },
            beat: { size, command: own },
        });
        expect([theirs.workers[0], theirs.beat].map((one) => Object.hasOwn(one!, "liveness"))).toEqual([false, false]);
    });

    test("no worker is also the scheduler (R20)", () => {
        const { workers } = djangoProcesses({ ...smallest, workers: { mail: worker } });
        expect(workers[0]!.command.filter((word) => /^(-B|--beat)$/.test(word))).toEqual([]);
    });

    test("beat keeps its schedule where it may write, and leaves no pid file that a next start would stumble on", () => {
        expect(djangoProcesses({ ...smallest, beat: { size } }).beat).toMatchObject({
            size,
            command: [
                "celery",
                "--app=shop",
                "beat",
                "--loglevel=INFO",
                "--max-interval=30",
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
            timeout: 600,
            repeatable: true,
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

    test.each([
        ["username", ["admin"], "superuser is there already"],
        ["username", [], "createsuperuser"],
        ["email", ["admin@example.org"], "superuser is there already"],
        ["email", ["admin"], "createsuperuser"],
        ["phone", ["admin"], "createsuperuser"], // no such variable: the command itself says what it misses
    ])("a model whose users are known by %s, of which are there: %j", async (field, there, said) => {
        const release = { ...smallest.release, superuser: {} };
        const script = djangoProcesses({ ...smallest, release }).release[1]!.command.at(-1)!;
        const environment = { DJANGO_SUPERUSER_USERNAME: "admin", DJANGO_SUPERUSER_EMAIL: "admin@example.org" };
        const { stdout } = await execa("python3", ["-c", `${standIns(field, there)}\n${script}`], { env: environment });
        expect(stdout).toBe(said);
    });

    describe("samples of uploaded files", () => {
        const withSamples = (folder: string) =>
            djangoProcesses({
                ...smallest,
                collectstatic: true,
                release: { ...smallest.release, superuser: {}, mediaSamples: folder },
            }).release;
        let folder: string;
        beforeEach(async () => {
            folder = await mkdtemp(join(tmpdir(), "samples-"));
            await mkdir(join(folder, "image/products"), { recursive: true });
            await mkdir(join(folder, "media"));
            await writeFile(join(folder, "image/products/1.jpg"), "of the image");
            await writeFile(join(folder, "image/logo.svg"), "of the image");
        });
        afterEach(async () => {
            await rm(folder, { recursive: true });
        });
        /** Django's storage of files is a folder here. */
        const stored = (samples: string) => {
            const script = withSamples(samples)[2]!.command.at(-1)!;
            return execa("python3", ["-c", `${storageStandIn(join(folder, "media"))}\n${script}`], { reject: false });
        };

        test("come after static files and before the superuser, and may be tried again", () => {
            const jobs = withSamples("samples");
            expect(jobs.map(({ name }) => name)).toEqual([
                "migrate",
                "collectstatic",
                "media-samples",
                "createsuperuser",
            ]);
            expect(jobs[2]).toMatchObject({ timeout: 600, repeatable: true });
            expect(jobs[2]).not.toHaveProperty("writesAssets");
        });

        test("are stored under their names, and never over what is there", async () => {
            await writeFile(join(folder, "media/logo.svg"), "somebody's");
            expect((await stored(join(folder, "image"))).stdout).toBe("1 of 2 samples stored, the others are there");
            expect(await readFile(join(folder, "media/products/1.jpg"), "utf8")).toBe("of the image");
            expect(await readFile(join(folder, "media/logo.svg"), "utf8")).toBe("somebody's");
            expect((await stored(join(folder, "image"))).stdout).toBe("0 of 2 samples stored, the others are there");
        });

        test("of a folder that the image does not have end the release, which names it", async () => {
            const { exitCode, stderr } = await stored(join(folder, "nowhere"));
            expect(exitCode).toBe(1);
            expect(stderr).toContain(
                `release.mediaSamples: ${join(folder, "nowhere")} is no folder of the image. Fix: `,
            );
        });
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
    const contract = { web, scheduled: [], release: { init: { timeout: 900 } } };

    test("/init once per release, then /run", () => {
        expect(initRunAsyncProcesses(contract)).toEqual({
            release: [{ name: "init", command: ["/init"], timeout: 900, writesAssets: true }],
            python: ["sh", "-c", expect.stringContaining("command -v python3 || command -v python")],
            web: { ...web, command: ["/run"] },
            workers: [],
            scheduled: [],
        });
    });

    test("/async and a shell where they are asked for", () => {
        const async = { size, replicas: { min: 1, max: 2 }, taskTimeLimit: 60 };
        expect(initRunAsyncProcesses({ ...contract, async, shell: { size } })).toMatchObject({
            workers: [{ ...async, name: "async", kind: "command", command: ["/async"] }],
            shell: { size },
        });
    });

    test("/async may say by a file that it works", () => {
        const async = { ...pods, heartbeat: { file: "/tmp/alive", seconds: 30 } };
        expect(initRunAsyncProcesses({ ...contract, async }).workers[0]!.liveness).toEqual({
            by: "file",
            file: "/tmp/alive",
            seconds: 30,
        });
    });
});
