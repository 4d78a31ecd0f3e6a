// The release's first job, where an app has stores that nobody here made: from inside the namespace, with the app's own image, labels
// and secrets, it asks each server what the settings say of it, so that an error names its cause before anything else is changed.
import { readdirSync, readFileSync } from "node:fs";
import type { ComponentResource } from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { objectLabels } from "../../lib/labels.ts";
import type { ServerClaims } from "../network/external-server.ts";
import type { DjangoArgs, ReleaseJob } from "./contract.ts";

const directory = new URL("check/", import.meta.url);

/** Python's standard library is all they need. Read only where there is something to check. */
function scripts(): Record<string, string> {
    return Object.fromEntries(
        readdirSync(directory)
            .filter((file) => file.endsWith(".py"))
            .toSorted()
            .map((file) => [file, readFileSync(new URL(file, directory), "utf8")]),
    );
}

const path = "/etc/django-on-kubernetes/check";

/** Seconds: the network is given 45 of them (check/main.py), and a server a few for each answer. */
const timeout = 180;

/** What check/main.py reads of a store. */
interface Checked extends ServerClaims {
    readonly store: "database" | "cache" | "broker";
    readonly protocol: "postgresql" | "redis" | "memcached" | "amqp";
    /** The variable that the app is told of it by. */
    readonly variable: string;
    /** What stands before the names of other variables. */
    readonly prefix: string;
}

/** @returns no job where nothing is to be checked */
export function checkJobs(name: string, args: DjangoArgs, parent: ComponentResource): ReleaseJob[] {
    const stores = checkedStores(args);
    if (stores.length === 0) {
        return [];
    }
    const { namespace, instance, processes } = args;
    const files = new ConfigMap(
        `${name}-check-scripts`,
        {
            metadata: { namespace, labels: objectLabels(instance, "django") },
            immutable: true,
            data: { ...scripts(), "stores.json": JSON.stringify(stores, undefined, 2) },
        },
        { parent },
    );
    return [
        {
            name: "check",
            command: [...(processes.python ?? ["python"]), `${path}/main.py`],
            timeout,
            files: { configMap: files.metadata.name, path },
        },
    ];
}

function checkedStores({ stores, environmentPrefix: prefix }: DjangoArgs): Checked[] {
    const { database, cache, broker } = stores;
    return [
        ...(database.claims === undefined
            ? []
            : [
                  {
                      store: "database",
                      protocol: "postgresql",
                      variable: "DATABASE_URL",
                      prefix,
                      ...database.claims,
                  } as const,
              ]),
        ...(cache?.claims === undefined
            ? []
            : [
                  {
                      store: "cache",
                      protocol: cache.protocol,
                      variable: `${prefix}CACHE_LOCATION`,
                      prefix,
                      ...cache.claims,
                  } as const,
              ]),
        ...(broker?.claims === undefined
            ? []
            : [
                  {
                      store: "broker",
                      protocol: broker.protocol,
                      variable: "CELERY_BROKER_URL",
                      prefix,
                      ...broker.claims,
                  } as const,
              ]),
    ];
}
