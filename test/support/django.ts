// A Django app to start a component test from: every process, every store.
import * as pulumi from "@pulumi/pulumi";
import { DjangoApp } from "../../components/django/django.ts";
import type { DjangoArgs, Processes, Stores, WorkerProcess } from "../../components/django/contract.ts";
import { placement, recordComponent, type RecordedComponent } from "./component.ts";
import { remembered } from "./remembered.ts";

const size = { cpu: "250m", memory: "512Mi" } as const;

export const worker: WorkerProcess = {
    name: "mail",
    kind: "celery",
    command: ["celery", "worker"],
    size,
    replicas: { min: 1, max: 3 },
    taskTimeLimit: 300,
};

export const processes: Processes = {
    release: [
        { name: "migrate", command: ["python", "manage.py", "migrate"], timeout: 600 },
        {
            name: "collectstatic",
            command: ["python", "manage.py", "collectstatic"],
            timeout: 300,
            repeatable: true,
            writesAssets: true,
        },
        { name: "createsuperuser", command: ["python", "manage.py", "shell"], timeout: 300, createsSuperuser: true },
    ],
    web: {
        command: ["gunicorn", "shop.wsgi"],
        size,
        replicas: { min: 2, max: 6 },
        port: 8000,
        probes: { live: "/healthz/live", ready: "/healthz/ready" },
        gracefulTimeout: 20,
        targetCpu: 70,
    },
    workers: [worker],
    beat: { command: ["celery", "beat"], size: { cpu: "50m", memory: "256Mi" } },
    scheduled: [],
    shell: { size: { cpu: "50m", memory: "256Mi" } },
};

/** Only of values that can be written down; an Output has to be made after the recording has begun. */
export function stores(): Required<Stores> {
    return {
        database: {
            host: "database",
            port: 5432,
            name: "shop",
            user: "shop",
            password: pulumi.secret("db:p@ss"),
            clientLabels: { "django-on-kubernetes/reaches-database": "true" },
            maxConnections: 100,
        },
        cache: {
            protocol: "redis",
            backend: "django.core.cache.backends.redis.RedisCache",
            primary: { host: "cache", port: 6379 },
            replicas: [{ host: "cache-replica", port: 6379 }],
            password: pulumi.secret("cache/p@ss"),
            clientLabels: { "django-on-kubernetes/reaches-cache": "true" },
        },
        broker: {
            protocol: "redis",
            url: pulumi.secret("redis://:broker@broker:6379/0"),
            clientLabels: { "django-on-kubernetes/reaches-broker": "true" },
        },
        assets: { url: "/static/", collects: true, volume: { claim: pulumi.output("assets"), path: "/srv/static" } },
    };
}

export function djangoArgs(): DjangoArgs {
    return {
        ...placement,
        app: "shop",
        image: "registry.example.org/shop:4f2a91c",
        processes,
        stores: stores(),
        after: [],
        environmentPrefix: "DJANGO_APP_",
        hosts: ["shop.example.org", "www.shop.example.org"],
        url: "https://shop.example.org",
        environment: { FEATURE: "on" },
        files: {},
        runAs: { user: 10001, group: 10001 },
        egress: { publicHttps: false, addresses: [] },
        secrets: { environment: {}, files: {} },
    };
}

export interface RecordOptions {
    readonly preview?: boolean;
}

type Change = (args: DjangoArgs) => Partial<DjangoArgs>;

/** @param change makes the app's arguments from those above, once Outputs may be made */
export function recordDjango(change?: Change, options: RecordOptions = {}): Promise<RecordedComponent> {
    return change === undefined ? recordUnchanged(options) : recordChanged(change, options);
}

/** An app with these processes instead. */
export const recordProcesses = remembered(
    (changes: Partial<Processes>, options: RecordOptions = {}): Promise<RecordedComponent> =>
        recordChanged(() => ({ processes: { ...processes, ...changes } }), options),
);

const recordUnchanged = remembered((options: RecordOptions) => recordChanged(() => ({}), options));

function recordChanged(change: Change, options: RecordOptions): Promise<RecordedComponent> {
    return recordComponent((opts) => {
        const args = djangoArgs();
        const { webService, webPort } = new DjangoApp("shop", { ...args, ...change(args) }, opts);
        return { webService, webPort };
    }, options);
}
