// What an app's owner sets. Sizes are names here; what they mean is the operator's (settings/operator.ts).
import { z } from "zod";
import {
    absolutePath,
    byDefault,
    byteQuantity,
    cidr,
    command,
    environmentVariableName,
    hostName,
    imageReference,
    port,
    registryServer,
    replicas,
    seconds,
    shortName,
    sizeName,
    text,
    urlPath,
} from "./fields.ts";
import { ofTmp, tmp, tmpNames } from "./tmp.ts";
import { longestGrace } from "./edge-timeouts.ts";
import { ownStores } from "./own-stores.ts";
import { volume } from "./volume.ts";
import { scheduledSchema } from "./scheduled.ts";
import { asyncSchema, workersSchema } from "./workers.ts";

/** The most names of one HTTPRoute. Source: Gateway API, HTTPRouteSpec.hostnames. */
const hostLimit = 16;

const probes = z
    .strictObject({
        live: urlPath
            .meta({ alsoCalled: ["liveness", "livenessProbe"] })
            .default("/healthz/live")
            .describe(
                "Answers while the process works; asks nothing of a store, or an outage there would restart every pod.",
            ),
        ready: urlPath
            .meta({ alsoCalled: ["readiness", "readinessProbe"] })
            .default("/healthz/ready")
            .describe("Answers while the pod can serve."),
    })
    .refine(({ live, ready }) => live !== ready, { path: ["live"], error: "another path than that of ready (R4)" });

const web = {
    size: sizeName.default("medium").describe("The jobs of a release get the same."),
    replicas: replicas.default({ min: 2, max: 4 }).describe("The autoscaler stays between the two."),
    port: port
        .meta({ alsoCalled: ["containerPort", "targetPort", "httpPort"] })
        .default(8000)
        .describe("The port that the server listens on."),
    probes: probes
        .meta({ alsoCalled: ["health", "healthcheck", "healthchecks"] })
        .prefault({})
        .describe("Two different paths."),
    gracefulTimeout: seconds
        .max(longestGrace)
        .optional()
        .meta({
            alsoCalled: ["gracePeriod", "terminationGracePeriodSeconds"],
            description: "For open requests after SIGTERM.",
            defaultsTo: "20, or `exposure.requestTimeout` where that is longer",
        }),
    tmp: byteQuantity.optional().meta({
        description: `${ofTmp}: larger uploads are there while a request is under way.`,
        defaultsTo: "256Mi, or room for as many uploads of `exposure.maxBodySize` as the pod takes requests at once",
        alsoCalled: tmpNames,
    }),
    targetCpu: z
        .int()
        .meta({ alsoCalled: ["cpuTarget", "targetCPUUtilizationPercentage"] })
        .min(10)
        .max(95)
        .default(70)
        .meta({ unit: "percent", description: "Of the reserved CPU, on average: above it the autoscaler adds pods." }),
};

const processes = z
    .int()
    .min(1)
    .max(64)
    .meta({ alsoCalled: ["workers", "workerCount", "gunicornWorkers", "webConcurrency"] })
    .default(2);

const keepAlive = seconds.max(7200).optional();

const keptLonger = "longer than the way in does, or users see 502 now and then.";

const keptByDefault =
    "15 more than the way in keeps it: 615 behind Google's load balancer, 75 behind AWS's, 105 behind a controller in the cluster";

const gunicorn = z
    .strictObject({
        server: byDefault("gunicorn"),
        ...web,
        processes: processes.describe("gunicorn processes in one pod."),
        threads: z.int().min(1).max(64).default(2).describe("Threads in one of them."),
        timeoutSeconds: seconds
            .max(3600)
            .optional()
            .meta({
                description:
                    "After which gunicorn kills a process that does not answer, `--timeout`. The way in has to wait as long.",
                defaultsTo: "30, or what the way in waits where that is less",
                alsoCalled: ["timeout", "gunicornTimeout"],
            }),
        keepAlive: keepAlive.meta({
            description: `For which gunicorn keeps a connection that nobody uses, \`--keep-alive\`: ${keptLonger}`,
            defaultsTo: keptByDefault,
        }),
        command: command
            .optional()
            .meta({ description: "Runs the server.", defaultsTo: "gunicorn with the settings above" }),
    })
    .describe("WSGI: a request has a thread.");

const uvicorn = z
    .strictObject({
        server: z.literal("uvicorn"),
        ...web,
        processes: processes.describe("Processes in one pod, `--workers`."),
        keepAlive: keepAlive.meta({
            description: `For which uvicorn keeps a connection that nobody uses, \`--timeout-keep-alive\`: ${keptLonger}`,
            defaultsTo: keptByDefault,
        }),
        command: command
            .optional()
            .meta({ description: "Runs the server.", defaultsTo: "uvicorn with the settings above" }),
    })
    .describe("ASGI, websockets too.");

const daphne = z
    .strictObject({
        server: z.literal("daphne"),
        ...web,
        timeoutSeconds: seconds
            .max(3600)
            .optional()
            .meta({
                description:
                    "After which daphne answers 503 for the app, `--http-timeout`. The way in has to wait as long.",
                defaultsTo: "30, or what the way in waits where that is less",
                alsoCalled: ["timeout", "httpTimeout"],
            }),
        command: command
            .optional()
            .meta({ description: "Runs the server.", defaultsTo: "daphne with the settings above" }),
    })
    .describe("ASGI, websockets too: the server of Channels, one process in a pod.");

const migrationTimeout = {
    timeout: seconds
        .max(6 * 3600)
        .default(600)
        .describe("After this the release stops and the old one goes on serving."),
};

const shell = z.strictObject({ size: sizeName.default("small").describe("Of the pod."), tmp });

/** Of all jobs of a release. */
const releaseTmp = { tmp };

const shared = {
    name: shortName.describe(
        "Begins the names of the app's objects; also names its database and role, with `_` for `-`. Some names are taken.",
    ),
    image: imageReference.describe("One image for web, workers, beat, shell and release jobs (R28)."),
    registry: z
        .strictObject({
            server: registryServer.describe("What stands before the first slash of `image`."),
            username: z.string().min(1).describe("Its password: `secrets.registryPassword`."),
        })
        .optional()
        .meta({
            description: "A registry that asks for a login.",
            defaultsTo: "no login",
            alsoCalled: ["imagePullSecret", "imagePullSecrets", "dockerRegistry", "pullSecret"],
        }),
    environmentPrefix: text("capital letters, digits and underscores, ending in an underscore", /^[A-Z][A-Z0-9_]*_$/)
        .default("DJANGO_APP_")
        .describe("What the variables of the environment contract begin with."),
    hosts: z
        .array(hostName)
        .meta({
            alsoCalled: [
                "host",
                "hostname",
                "hostnames",
                "domain",
                "domains",
                "url",
                "urls",
                "allowedHosts",
                "ingress",
            ],
        })
        .min(1)
        .max(hostLimit)
        .describe("The names the app answers to; the first is the one that probes use (R2)."),
    environment: z
        .record(environmentVariableName, z.string())
        .default({})
        .meta({
            typeName: "variables' names with text",
            description: "Plain variables of every pod of the app; numbers and booleans in quotes.",
            alsoCalled: ["env", "envs", "envVars", "vars", "variables", "environmentVariables", "config", "configMap"],
        }),
    files: z
        .record(absolutePath, z.string())
        .default({})
        .meta({
            typeName: "absolute paths with text",
            description: "Whole files, mounted read-only at these paths, for example /etc/newrelic.ini.",
            alsoCalled: ["configFiles", "mounts", "volumeMounts"],
        }),
    volumes: z
        .record(
            shortName,
            z.strictObject({
                path: absolutePath.describe("Where every pod of the app has it, for example /data.").meta({
                    example: "/data",
                    alsoCalled: ["mountPath", "target", "mount"],
                }),
                ...volume,
            }),
        )
        .default({})
        .meta({
            description:
                "Folders that keep what the app writes, by names of your own: a volume each, mounted by every pod of the app. Such data is protected in production.",
            alsoCalled: ["volume", "persistence", "persistentVolumes", "dataVolumes", "pvc", "dataFolders", "disks"],
        }),
    runAs: z
        .strictObject({
            user: z.int().min(1).describe("Name both or none."),
            group: z.int().min(1).describe("As `user`."),
        })
        .meta({ alsoCalled: ["securityContext", "runAsUser", "uid"] })
        .default({ user: 10001, group: 10001 })
        .describe("The user of the image, as numbers: Kubernetes cannot check a name."),
    scheduled: scheduledSchema,
    stores: ownStores.prefault({}).describe("Stores of its own."),
    egress: z
        .strictObject({
            publicHttps: z
                .boolean()
                .default(false)
                .meta({ alsoCalled: ["internet", "https"] })
                .describe(
                    "Opens port 443 of public IPv4 addresses, for payment, mail and monitoring services; with buckets it is open anyway.",
                ),
            addresses: z
                .array(z.strictObject({ cidr: cidr.describe("Where to."), port: port.describe("TCP.") }))
                .default([])
                .describe("Opens these."),
        })
        .prefault({})
        .meta({ alsoCalled: ["outbound", "outgoing", "networkPolicy"] })
        .describe("What pods may reach besides the stores and DNS; nothing unless named (R46)."),
};

const djangoApp = z
    .strictObject({
        ...shared,
        contract: z.literal("django").meta({ alsoCalled: ["wsgi", "gunicorn", "python"] }),
        module: text("a dotted Python name, for example shop", /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/)
            .meta({ example: "MODULE", alsoCalled: ["wsgi", "wsgiModule", "package", "djangoModule"] })
            .describe("The Python package of wsgi.py or asgi.py, and of celery.py."),
        web: z
            .discriminatedUnion("server", [gunicorn, uvicorn, daphne])
            .describe("The program that serves requests.")
            .meta({ alsoCalled: ["gunicorn", "server", "frontend"] })
            .prefault({}),
        workers: workersSchema,
        beat: z
            .strictObject({
                size: sizeName.default("small").describe("Of the pod."),
                command: command.optional().meta({ description: "Runs the scheduler.", defaultsTo: "`celery beat`" }),
            })
            .optional()
            .meta({ description: "The scheduler, exactly one pod. `beat: {}` is enough.", defaultsTo: "none" })
            .meta({ alsoCalled: ["scheduler", "celeryBeat"] }),
        shell: shell.optional().meta({
            description: "A pod that waits for an engineer to run manage.py in it. `shell: {}` is enough.",
            defaultsTo: "none",
            alsoCalled: ["console", "bastion"],
        }),
        release: z
            .strictObject({
                ...releaseTmp,
                migrate: z
                    .strictObject({
                        ...migrationTimeout,
                        command: command
                            .optional()
                            .meta({ description: "Migrates.", defaultsTo: "`python manage.py migrate --noinput`" }),
                    })
                    .meta({ alsoCalled: ["migration", "migrations"] })
                    .prefault({}),
                superuser: z
                    .strictObject({
                        username: text(
                            "at most 150 letters, digits and @ . + - _, as Django's own User has it",
                            /^[\p{L}\p{N}_.@+-]{1,150}$/u,
                        ).describe("Password: `secrets.superuserPassword`."),
                        email: z.email({ error: "an e-mail address" }).describe("Of the user."),
                    })
                    .optional()
                    .meta({
                        description: "Made at the first release if there is no user of that name.",
                        alsoCalled: ["admin", "adminUser"],
                        defaultsTo: "none",
                    }),
            })
            .prefault({}),
    })
    .describe("An ordinary Django project: gunicorn, Celery and manage.py are run as everybody runs them.");

const initRunAsyncApp = z
    .strictObject({
        ...shared,
        contract: z.literal("init-run-async").meta({ alsoCalled: ["custom", "docker", "container", "image"] }),
        web: z.strictObject(web).prefault({}),
        async: asyncSchema,
        shell: shell.optional().meta({
            description: "A pod that waits for an engineer to run manage.py in it. `shell: {}` is enough.",
            defaultsTo: "none",
        }),
        release: z.strictObject({ ...releaseTmp, init: z.strictObject(migrationTimeout).prefault({}) }).prefault({}),
    })
    .describe("An image that says itself how it is run: `/init` once per release, `/run`, and perhaps `/async` (U4).");

const appSchema = z.discriminatedUnion("contract", [djangoApp, initRunAsyncApp]).describe("How the image is run.");

export const appsSchema = z.array(appSchema).min(1);

export type AppSettings = z.output<typeof appSchema>;
export type DjangoAppSettings = z.output<typeof djangoApp>;
export type InitRunAsyncAppSettings = z.output<typeof initRunAsyncApp>;
