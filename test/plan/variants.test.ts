// Every variant of what exists keeps every mandatory rule, in an update and in a first preview.
// Does not prove: combinations beyond these (properties.test.ts draws some), or that the app works with them.
import { describe, expect, it } from "vitest";
import { checkPlan } from "../../policy/index.ts";
import { budgetsOf } from "../../policy/connections/budget.ts";
import { viewOf } from "../../policy/plan-view.ts";
import type { Plan } from "../../commands/plan/plan.ts";
import { planTable } from "../../commands/plan/table.ts";
import { topologyOf } from "../../commands/plan/topology.ts";
import { certificateFor } from "../support/certificate.ts";
import { broken, changed, planOf, type Secrets, type Sections } from "./support/plans.ts";
import { everyCharacter, variantsOfOthers, type Variant } from "./support/variants-of-others.ts";

const objectStorage = { endpoint: "https://s3.example.org:9000", cidrs: ["10.20.0.0/24"] };
const accessKey: Secrets = { assetsAccessKeyId: everyCharacter, assetsSecretAccessKey: everyCharacter };

const withoutCelery = (sections: Sections): void => {
    delete sections["apps"][0].workers;
    delete sections["apps"][0].beat;
};

const variants: Record<string, Variant> = {
    "the init-run-async contract": {
        change: (sections) => {
            const { name, image, hosts } = sections["apps"][0];
            sections["apps"][0] = {
                name,
                image,
                hosts,
                contract: "init-run-async",
                async: { taskTimeLimit: 120 },
                shell: {},
            };
            sections["assets"] = { variant: "whitenoise" };
        },
        shows: (plan) => {
            expect(topologyOf(plan).steps.map(({ name }) => name)).toEqual(["init"]);
            expect(topologyOf(plan).nodes.map(({ name }) => name)).toContain("sample-worker-async");
        },
    },
    "the init-run-async contract with a volume for files": {
        change: (sections) => {
            const { name, image, hosts } = sections["apps"][0];
            sections["apps"][0] = { name, image, hosts, contract: "init-run-async" };
            sections["broker"] = { variant: "none" };
        },
        shows: (plan) => {
            expect(topologyOf(plan).volumes[0]?.writtenBy).toEqual(["init"]);
        },
    },
    "no cache": {
        change: (sections) => {
            sections["cache"] = { variant: "none" };
        },
        shows: (plan) => {
            expect(topologyOf(plan).nodes.some(({ role }) => role === "cache")).toBe(false);
        },
    },
    "no broker": {
        change: (sections) => {
            withoutCelery(sections);
            sections["broker"] = { variant: "none" };
        },
    },
    "neither cache nor broker, shell nor beat": {
        change: (sections) => {
            withoutCelery(sections);
            delete sections["apps"][0].shell;
            sections["cache"] = { variant: "none" };
            sections["broker"] = { variant: "none" };
        },
        shows: (plan) => {
            expect(topologyOf(plan).nodes.map(({ role }) => role)).toEqual(["web", "database"]);
        },
    },
    "a load balancer without a proxy": {
        change: (sections) => {
            sections["exposure"] = { variant: "load-balancer", sourceRanges: ["0.0.0.0/0"] };
            delete sections["platform"].gateway;
        },
        shows: (plan) => {
            const { entry, callers } = topologyOf(plan);
            expect(entry).toMatchObject({
                kind: "load-balancers",
                listeners: [{ protocol: "HTTP", port: 80 }],
                targets: ["sample-web"],
            });
            expect(entry!.apps.map(({ name }) => name)).toEqual(["sample"]);
            expect(callers).toEqual(["0.0.0.0/0"]);
        },
    },
    "ports of the nodes": {
        change: (sections) => {
            sections["exposure"] = { variant: "node-port", ports: { sample: 30080 }, sourceRanges: ["10.0.0.0/8"] };
            delete sections["platform"].gateway;
        },
        shows: (plan) => {
            expect(topologyOf(plan).entry).toMatchObject({
                kind: "node-ports",
                listeners: [{ protocol: "HTTP", port: 30080 }],
            });
        },
    },
    "a certificate that is there": {
        change: (sections) => {
            sections["exposure"] = { variant: "gateway", certificate: { variant: "secret", name: "wildcard" } };
        },
        shows: (plan) => {
            expect(topologyOf(plan).entry).toMatchObject({ kind: "gateway", certificate: "wildcard", redirects: true });
        },
    },
    "a certificate that is given": {
        change: (sections) => {
            sections["exposure"] = { variant: "gateway", certificate: { variant: "given" } };
        },
        secrets: { certificate: { ...certificateFor(["localhost"]) } },
        shows: (plan) => {
            const entry = { kind: "gateway", certificate: "edge-certificate", redirects: true };
            expect(topologyOf(plan).entry).toMatchObject(entry);
            const given = plan.resources.find(({ name }) => name === "edge-given-certificate")!;
            expect(given.props["metadata"].name).toBe(entry.certificate);
        },
    },
    "uploads that are large and take long": {
        change: (sections) => {
            sections["exposure"] = { variant: "gateway", requestTimeout: 900, maxBodySize: "500Mi" };
        },
    },
    "no exposure": {
        change: (sections) => {
            sections["exposure"] = { variant: "none" };
            delete sections["platform"].gateway;
        },
        shows: (plan) => {
            expect(topologyOf(plan).entry).toBeUndefined();
        },
    },
    "files from the image": {
        change: (sections) => {
            sections["assets"] = { variant: "whitenoise", files: { from: "image" } };
        },
        shows: (plan) => {
            expect(topologyOf(plan).steps.map(({ name }) => name)).toEqual(["migrate", "createsuperuser"]);
        },
    },
    "files on a volume that several nodes share": {
        change: (sections) => {
            sections["assets"] = {
                variant: "whitenoise",
                files: { from: "volume", storage: "2Gi", accessMode: "ReadWriteMany" },
            };
        },
    },
    "uploaded files on a volume of one node": {
        change: (sections) => {
            sections["assets"].media = { from: "volume", storage: "5Gi", accessMode: "ReadWriteOnce" };
        },
        shows: (plan) => {
            const { volumes, steps } = topologyOf(plan);
            const media = volumes.find(({ name }) => name === "assets-media");
            expect(media).toMatchObject({ size: "5Gi", component: "media", readBy: [], givenTo: "processes" });
            // A step is known by what it alone writes.
            expect(Object.fromEntries(steps.map(({ name, writes }) => [name, writes]))).toEqual({
                migrate: [],
                collectstatic: ["assets"],
                createsuperuser: [],
            });
            expect(media?.writtenBy).toEqual(expect.arrayContaining(["sample-web", "sample-beat", "migrate"]));
        },
    },
    "uploaded files on a volume that several nodes share, static ones in the image": {
        change: (sections) => {
            sections["assets"] = {
                variant: "whitenoise",
                media: { from: "volume", storage: "5Gi", accessMode: "ReadWriteMany", storageClass: "nfs" },
            };
        },
        shows: (plan) => {
            expect(topologyOf(plan).volumes.map(({ name }) => name)).toEqual(["assets-media"]);
        },
    },
    "uploaded files in a bucket that is there, static ones on a volume": {
        change: (sections) => {
            sections["assets"].media = { from: "bucket", bucket: "uploads", ...objectStorage };
        },
        secrets: accessKey,
        shows: (plan) => {
            const { volumes, buckets } = topologyOf(plan);
            expect(volumes.map(({ name, givenTo }) => [name, givenTo])).toEqual([["assets", "releases"]]);
            expect(buckets.map(({ name, holds }) => [name, holds])).toEqual([["uploads", "media"]]);
        },
    },
    "static and uploaded files in buckets that are there": {
        change: (sections) => {
            sections["assets"] = {
                variant: "s3-compatible",
                ...objectStorage,
                static: { bucket: "statics", url: "https://static.example.org/" },
                media: { bucket: "uploads" },
            };
        },
        secrets: accessKey,
        shows: (plan) => {
            const { endpoint } = objectStorage;
            const { volumes, buckets, steps } = topologyOf(plan);
            expect(volumes).toEqual([]);
            expect(buckets).toEqual([
                { name: "statics", holds: "static", endpoint },
                { name: "uploads", holds: "media", endpoint },
            ]);
            expect(steps.map(({ name, writes }) => [name, writes])).toContainEqual(["collectstatic", []]);
            expect(planTable(topologyOf(plan), { columns: 200 })).toContain(`is there, at ${endpoint}`);
        },
    },
    "folders that keep what the app writes": {
        change: (sections) => {
            sections["apps"][0].volumes = {
                data: { path: "/data", storage: "3Gi", accessMode: "ReadWriteOnce" },
                cache: { path: "/app/cache", storage: "1Gi", accessMode: "ReadWriteMany", storageClass: "nfs" },
            };
        },
        shows: (plan) => {
            expect(topologyOf(plan).volumes.map(({ name, size }) => `${name} ${size}`)).toEqual(
                expect.arrayContaining(["sample-volume-data 3Gi", "sample-volume-cache 1Gi"]),
            );
        },
    },
    ...Object.fromEntries(
        [0, 1, 3].map((replicas) => [
            `${replicas} replicas of the cache`,
            {
                change: (sections: Sections) => {
                    sections["cache"].replicas = replicas;
                },
                shows: (plan: Plan) => {
                    const found = topologyOf(plan).nodes.find(({ copies }) => copies === "cache");
                    expect(found?.pods.max ?? 0).toBe(replicas);
                },
            },
        ]),
    ),
    "valkey with official images": {
        change: (sections) => {
            sections["cache"] = { variant: "in-cluster", engine: "valkey", replicas: 2 };
            sections["broker"] = { variant: "redis", engine: "valkey", storage: "1Gi" };
            delete sections["database"].image;
        },
    },
    ...Object.fromEntries(
        [1, 3].map((servers) => [
            `${servers} servers of Memcached`,
            {
                change: (sections: Sections) => {
                    sections["cache"] = { variant: "memcached", servers };
                },
                shows: (plan: Plan) => {
                    const { nodes } = topologyOf(plan);
                    expect(nodes.find(({ name }) => name === "cache")?.pods).toEqual({ min: servers, max: servers });
                    expect(nodes.find(({ role }) => role === "web")?.reaches).toContain("cache");
                },
            },
        ]),
    ),
    ...Object.fromEntries(
        [1, 3].map((nodes) => [
            `${nodes} nodes of RabbitMQ`,
            {
                change: (sections: Sections) => {
                    sections["broker"] = { variant: "rabbitmq", version: "4.2", storage: "2Gi", nodes };
                },
                shows: (plan: Plan) => {
                    const rabbit = topologyOf(plan).nodes.find(({ role }) => role === "broker");
                    expect(rabbit?.pods).toEqual({ min: nodes, max: nodes });
                    expect(rabbit?.volumes).toEqual([{ name: "data", size: "2Gi" }]);
                },
            },
        ]),
    ),
    ...Object.fromEntries(
        ["transaction", "session"].map((mode) => [
            `a pooler in mode ${mode}`,
            {
                change: (sections: Sections) => {
                    sections["database"].pooler = { mode };
                },
                shows: (plan: Plan) => {
                    const { nodes } = topologyOf(plan);
                    const reaches = (wanted: string) => nodes.find(({ role }) => role === wanted)?.reaches;
                    expect(reaches("web")).toContain("database-pooler");
                    expect(reaches("web")).not.toContain("database");
                    expect(reaches("pooler")).toEqual(["database"]);
                    expect(reaches("shell")).not.toContain("database-pooler");
                },
            },
        ]),
    ),
    ...variantsOfOthers,
    "two apps behind one pooler, and at one RabbitMQ": {
        change: (sections) => {
            const [sample] = sections["apps"];
            sections["environment"].mainApp = sample.name;
            sections["apps"].push({ ...sample, name: "blog", hosts: ["blog.localhost"] });
            sections["database"] = {
                ...sections["database"],
                pooler: { size: 10 },
                maxConnections: 200,
                size: "medium",
            };
            sections["broker"] = { variant: "rabbitmq", version: "4.2", storage: "2Gi" };
            sections["cache"] = { variant: "memcached", servers: 2 };
        },
        secrets: { brokerPassword: everyCharacter, apps: { blog: { brokerPassword: everyCharacter } } },
        shows: (plan) => {
            const names = topologyOf(plan).nodes.map(({ name }) => name);
            expect(names.filter((name) => name.endsWith("-pooler"))).toEqual(["database-pooler"]);
        },
    },
    "one web pod, never more": {
        change: (sections) => {
            sections["apps"][0].web.replicas = { min: 1, max: 1 };
        },
    },
    "several workers": {
        change: (sections) => {
            sections["apps"][0].workers = {
                default: { queues: ["celery"] },
                mail: { queues: ["mail", "sms"], concurrency: 4, taskTimeLimit: 3600, size: "small" },
                many: { queues: ["many"], replicas: { min: 2, max: 8 } },
                fixed: { queues: ["fixed"], replicas: { min: 3, max: 3 } },
            };
        },
        shows: (plan) => {
            expect(topologyOf(plan).nodes.filter(({ role }) => role === "worker")).toHaveLength(4);
        },
    },
    "workers of every kind but Celery's, without a broker": {
        change: (sections) => {
            withoutCelery(sections);
            sections["broker"] = { variant: "none" };
            sections["apps"][0].workers = {
                q: { kind: "django-q2", concurrency: 3, taskTimeLimit: 600, replicas: { min: 1, max: 3 } },
                tasks: { kind: "db-worker", queues: ["default", "mail"] },
                other: { kind: "command", command: ["dramatiq", "sample.tasks"], heartbeat: { seconds: 120 } },
                silent: { kind: "command", command: ["python", "manage.py", "run_huey"], taskTimeLimit: 3600 },
            };
        },
        shows: (plan) => {
            const workers = topologyOf(plan).nodes.filter(({ role }) => role === "worker");
            expect(workers.map(({ name, command }) => [name, command])).toEqual([
                ["sample-worker-other", "dramatiq sample.tasks"],
                ["sample-worker-q", "python manage.py qcluster"],
                ["sample-worker-silent", "python manage.py run_huey"],
                ["sample-worker-tasks", "python manage.py db_worker --queue-name=default,mail"],
            ]);
            const { users } = budgetsOf(viewOf(plan))[0]!;
            expect(
                users.flatMap(({ name, arithmetic }) => (name.includes("worker") ? [`${name}: ${arithmetic}`] : [])),
            ).toEqual([
                "sample-worker-other: (1 + 1) pods x 10 processes x 8 threads",
                "sample-worker-q: (3 + 1) pods x (3 processes + 3)",
                "sample-worker-silent: (1 + 1) pods x 10 assumed of manage.py run_huey",
                "sample-worker-tasks: (1 + 1) pods",
            ]);
        },
    },
    "workers of every kind beside RabbitMQ": {
        change: (sections) => {
            sections["broker"] = { variant: "rabbitmq", version: "4.2", storage: "2Gi" };
            sections["apps"][0].workers = {
                default: { queues: ["celery"] },
                q: { kind: "django-q2", taskTimeLimit: 3600 },
                tasks: { kind: "db-worker", taskTimeLimit: 3600 },
                other: { kind: "command", command: ["dramatiq", "sample.tasks"], heartbeat: {}, taskTimeLimit: 1200 },
            };
        },
        shows: (plan) => {
            expect(topologyOf(plan).nodes.filter(({ role }) => role === "worker")).toHaveLength(4);
        },
    },
    "commands at certain times": {
        change: (sections) => {
            sections["apps"][0].scheduled = {
                "clear-sessions": { schedule: "@daily", command: ["python", "manage.py", "clearsessions"] },
                report: {
                    schedule: "0 6 * * mon-fri",
                    timeZone: "Europe/Berlin",
                    command: ["python", "manage.py", "report"],
                    size: "medium",
                    deadline: 3600,
                    startingDeadline: 120,
                },
            };
        },
        shows: (plan) => {
            const tasks = topologyOf(plan).tasks.filter(({ role }) => role === "scheduled");
            expect(tasks.map(({ name, schedule, timeZone }) => [name, schedule, timeZone])).toEqual([
                ["sample-scheduled-clear-sessions", "@daily", "UTC"],
                ["sample-scheduled-report", "0 6 * * mon-fri", "Europe/Berlin"],
            ]);
            const table = planTable(topologyOf(plan), { columns: 120 });
            expect(table).toContain("sample-scheduled-report");
            const migrate = topologyOf(plan).steps.find(({ name }) => name === "migrate");
            expect(migrate?.command).toMatch(/^python manage\.py migrate\b/);
            expect(table).toContain("at 0 6 * * mon-fri Europe/Berlin, python manage.py report");
            const { users } = budgetsOf(viewOf(plan))[0]!;
            expect(
                users.filter(({ name }) => name.includes("scheduled")).map(({ connections }) => connections),
            ).toEqual([1, 1]);
        },
    },
    uvicorn: {
        change: (sections) => {
            sections["apps"][0].web = { server: "uvicorn", processes: 2, gracefulTimeout: 30 };
        },
        shows: (plan) => {
            const [web] = topologyOf(plan).nodes;
            expect(web?.command).toMatch(
                /^uvicorn sample\.asgi:application --host=0\.0\.0\.0 --port=8000 --workers=2 /,
            );
            const { users } = budgetsOf(viewOf(plan))[0]!;
            expect(users.find(({ name }) => name === "sample-web")?.arithmetic).toContain(
                "2 processes x 10 requests (ASGI, assumed)",
            );
        },
    },
    daphne: {
        change: (sections) => {
            sections["apps"][0].web = { server: "daphne", gracefulTimeout: 30 };
        },
        shows: (plan) => {
            const web = plan.resources.find(({ name }) => name === "sample-web")!.props["spec"].template.spec;
            expect(web.terminationGracePeriodSeconds).toBe(40);
            expect(web.containers[0].lifecycle.preStop.sleep.seconds).toBe(35);
        },
    },
    "the init-run-async contract with a heartbeat and commands at certain times, without a broker": {
        change: (sections) => {
            const { name, image, hosts } = sections["apps"][0];
            sections["broker"] = { variant: "none" };
            sections["apps"][0] = {
                name,
                image,
                hosts,
                contract: "init-run-async",
                async: { heartbeat: {} },
                scheduled: { report: { schedule: "@hourly", command: ["/report"] } },
            };
        },
        shows: (plan) => {
            const { containers } = plan.resources.find(({ name }) => name === "sample-worker-async")!.props["spec"]
                .template.spec;
            expect(containers[0].livenessProbe.exec.command.slice(-2)).toEqual(["/tmp/heartbeat", "60"]);
        },
    },
    "registry, secret files and superuser": {
        change: (sections) => {
            sections["apps"][0].registry = { server: "localhost", username: "robot" };
            sections["apps"][0].release = { superuser: { username: "admin", email: "admin@example.org" } };
        },
        secrets: {
            registryPassword: everyCharacter,
            superuserPassword: everyCharacter,
            files: { "/etc/newrelic.ini": "[newrelic]\nlicense_key = abcdef\n", "/etc/other/newrelic.ini": "x" },
            environment: { STRIPE_KEY: "sk_live_0123456789abcdef0123" },
        },
        shows: (plan) => {
            expect(topologyOf(plan).files).toContain("/etc/newrelic.ini");
        },
    },
    "passwords of every printable character": {
        change: () => undefined,
        secrets: {
            secretKey: everyCharacter,
            databasePassword: everyCharacter,
            cachePassword: everyCharacter,
            brokerPassword: everyCharacter,
        },
    },
    "addresses to call and sources to admit": {
        change: (sections) => {
            sections["apps"][0].egress = { publicHttps: false, addresses: [] };
            sections["platform"].gateway.from = { namespaces: ["gateways"], cidrs: ["10.1.0.0/16"] };
        },
    },
    "calls to the outside": {
        change: (sections) => {
            sections["apps"][0].egress = { publicHttps: true, addresses: [{ cidr: "10.20.0.0/16", port: 5432 }] };
        },
    },
    "the longest names": {
        change: (sections) => {
            sections["apps"][0].name = "a23456789-123456789b";
            sections["apps"][0].workers = { "c23456789-123456789d": { queues: ["celery"] } };
            sections["apps"][0].scheduled = { "s23456789-123456789d": { schedule: "@daily", command: ["report"] } };
            sections["environment"].namespace = "n23456789-123456789-123456789-123456789n";
        },
    },
};

describe("variants of the local stack", () => {
    for (const [name, { change, secrets, shows }] of Object.entries(variants)) {
        for (const preview of [false, true]) {
            it(`${name}${preview ? ", in a preview" : ""}`, async () => {
                const plan = await planOf(await changed("local", change), { preview, ...(secrets && { secrets }) });
                expect(broken(plan)).toEqual([]);
                if (!preview) {
                    shows?.(plan);
                }
            });
        }
    }

    it("tells of a database that is too small for its pods, and lets it pass", async () => {
        const plan = await planOf(
            await changed("local", (sections) => {
                sections["apps"][0].web = { processes: 8, threads: 8, replicas: { min: 2, max: 10 } };
            }),
        );
        expect(checkPlan(plan).map(({ rule, level }) => [rule, level])).toEqual([["R29", "advisory"]]);
    });

    it("finds what an owner's own command breaks", async () => {
        const plan = await planOf(
            await changed("local", (sections) => {
                sections["apps"][0].workers.default.command = [
                    "sh",
                    "-c",
                    "celery --app=sample worker -B --queues=celery --concurrency=1 --time-limit 900",
                ];
            }),
        );
        expect(broken(plan).map((line) => line.split(" ")[0])).toEqual(["R15", "R16", "R20"]);
    });

    it("finds a server that takes longer to stop than its pod is given", async () => {
        const plan = await planOf(
            await changed("local", (sections) => {
                // Without --graceful-timeout gunicorn takes 30 s; the settings say 20.
                sections["apps"][0].web.command = [
                    "gunicorn",
                    "sample.wsgi:application",
                    "--bind=0.0.0.0:8000",
                    "--workers=1",
                    "--threads=4",
                ];
            }),
        );
        expect(broken(plan).map((line) => line.split(" ")[0])).toEqual(["R6"]);
    });

    it("refuses a credential in the plain environment, without showing it", async () => {
        const sections = await changed("local", (all) => {
            all["apps"][0].environment = { MAIL_PASSWORD: "correct horse", PASSWORD_RESET_TIMEOUT: "3600" };
        });
        await expect(planOf(sections)).rejects.toMatchObject({
            problems: [
                {
                    path: "apps[0].environment.MAIL_PASSWORD",
                    found: "a value under the name MAIL_PASSWORD, in plain text",
                    allowed: "credentials in the section secrets only, encrypted",
                    fix: "take it out, change it where it is used, then: pulumi config set --secret --path 'secrets.environment.MAIL_PASSWORD'",
                },
            ],
        });
        await expect(planOf(sections)).rejects.not.toThrow("correct horse");
    });
});
