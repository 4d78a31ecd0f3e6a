// What an app's owner sets. Sizes are names here; what they mean is the operator's (settings/operator.ts).
import { z } from "zod";
import {
    absolutePath,
    cidr,
    command,
    environmentVariableName,
    hostName,
    imageReference,
    port,
    registryServer,
    replicas,
    shortName,
    sizeName,
    text,
    urlPath,
} from "./fields.ts";
import { ownStores } from "./own-stores.ts";

/** The most names of one HTTPRoute. Source: Gateway API, HTTPRouteSpec.hostnames. */
const hostLimit = 16;

const seconds = z.int().min(1);

const probes = z
    .strictObject({
        /** Answers while the process works; asks nothing of a store, or an outage there would restart every pod. */
        live: urlPath.default("/healthz/live"),
        /** Answers while the pod can serve. */
        ready: urlPath.default("/healthz/ready"),
    })
    .refine(({ live, ready }) => live !== ready, { path: ["live"], error: "another path than that of ready (R4)" });

const web = {
    size: sizeName.default("medium"),
    replicas: replicas.default({ min: 2, max: 4 }),
    /** The port that the server listens on. */
    port: port.default(8000),
    probes: probes.prefault({}),
    /** How long the server finishes requests after SIGTERM. */
    gracefulTimeout: seconds.max(600).default(20),
    /** Average CPU, in percent of the reserved, at which the autoscaler adds pods. */
    targetCpu: z.int().min(10).max(95).default(70),
};

const worker = {
    size: sizeName.default("medium"),
    replicas: replicas.default({ min: 1, max: 1 }),
    /** The longest a task may run; a pod that stops waits that long (R15). */
    taskTimeLimit: seconds.max(6 * 3600).default(300),
};

const migrationTimeout = {
    /** After this the release stops and the old one goes on serving. */
    timeout: seconds.max(6 * 3600).default(600),
};

/** Commas would make two of it on the command line. */
const queue = text("letters, digits, dots, hyphens and underscores", (value) => /^[A-Za-z0-9_.-]+$/.test(value));

const shell = z.strictObject({ size: sizeName.default("small") });

const shared = {
    name: shortName,
    /** One image for web, workers, beat, shell and release jobs (R28). */
    image: imageReference,
    /** A registry that asks for a login; its password is `secrets.registryPassword`. */
    registry: z.strictObject({ server: registryServer, username: z.string().min(1) }).optional(),
    /** What the variables of the environment contract begin with. */
    environmentPrefix: text("capital letters, digits and underscores, ending in an underscore", (value) =>
        /^[A-Z][A-Z0-9_]*_$/.test(value),
    ).default("DJANGO_APP_"),
    /** The names the app answers to; the first is the one that probes use (R2). */
    hosts: z.array(hostName).min(1).max(hostLimit),
    environment: z.record(environmentVariableName, z.string()).default({}),
    /** Whole configuration files, by the path they are mounted at, for example /etc/newrelic.ini (E6). */
    files: z.record(absolutePath, z.string()).default({}),
    /** The user of the image, as numbers: Kubernetes cannot check a name. */
    runAs: z.strictObject({ user: z.int().min(1), group: z.int().min(1) }).default({ user: 10001, group: 10001 }),
    /** Stores of its own. @default it shares those of the environment */
    stores: ownStores.prefault({}),
    /** What pods may reach besides the stores and DNS; nothing unless named (R46). */
    egress: z
        .strictObject({
            /** Port 443 of public addresses, for payment, mail and monitoring services. */
            publicHttps: z.boolean().default(false),
            addresses: z.array(z.strictObject({ cidr, port })).default([]),
        })
        .prefault({}),
};

/** An ordinary Django project: gunicorn, Celery and manage.py are run as everybody runs them. */
const djangoApp = z.strictObject({
    ...shared,
    contract: z.literal("django"),
    /** The Python package of wsgi.py and celery.py. */
    module: text("a dotted Python name, for example shop", (value) =>
        /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/.test(value),
    ),
    web: z
        .strictObject({
            ...web,
            /** gunicorn processes in one pod. */
            processes: z.int().min(1).max(64).default(2),
            /** Threads in one of them. */
            threads: z.int().min(1).max(64).default(2),
            /** @default gunicorn with the settings above */
            command: command.optional(),
        })
        .prefault({}),
    /** Celery workers by name. */
    workers: z
        .record(
            shortName,
            z.strictObject({
                ...worker,
                queues: z.array(queue).min(1),
                /** Celery processes in one pod. */
                concurrency: z.int().min(1).default(2),
                /** @default `celery worker` with the settings above */
                command: command.optional(),
            }),
        )
        .default({}),
    /** The scheduler, exactly one. @default none */
    beat: z
        .strictObject({
            size: sizeName.default("small"),
            /** @default `celery beat` */
            command: command.optional(),
        })
        .optional(),
    /** A pod that waits for an engineer to run manage.py in it. @default none */
    shell: shell.optional(),
    release: z
        .strictObject({
            migrate: z
                .strictObject({
                    ...migrationTimeout,
                    /** @default manage.py migrate */
                    command: command.optional(),
                })
                .prefault({}),
            /** Made at the first release if there is no user of that name. @default none */
            superuser: z
                .strictObject({
                    username: z.string().min(1).max(150),
                    email: z.email({ error: "an e-mail address" }),
                })
                .optional(),
        })
        .prefault({}),
});

/** An image that says itself how it is run: `/init` once per release, `/run`, and perhaps `/async` (U4). */
const initRunAsyncApp = z.strictObject({
    ...shared,
    contract: z.literal("init-run-async"),
    web: z.strictObject(web).prefault({}),
    /** `/async`. @default none */
    async: z.strictObject(worker).optional(),
    shell: shell.optional(),
    release: z.strictObject({ init: z.strictObject(migrationTimeout).prefault({}) }).prefault({}),
});

const appSchema = z.discriminatedUnion("contract", [djangoApp, initRunAsyncApp]);

export const appsSchema = z.array(appSchema).min(1);

export type AppSettings = z.output<typeof appSchema>;
export type DjangoAppSettings = z.output<typeof djangoApp>;
export type InitRunAsyncAppSettings = z.output<typeof initRunAsyncApp>;
