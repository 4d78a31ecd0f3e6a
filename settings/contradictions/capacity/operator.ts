// What an app's owner asks for and the operator does not give (U6).
import { bytes, type ByteQuantity } from "../../../lib/quantities.ts";
import { settingPath, type Problem } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { storesOf } from "../../stores/entries.ts";
import { placedApps } from "../apps/apps.ts";
import { contradiction } from "../contradiction.ts";
import { workersOf } from "../processes/workers.ts";

export const sizes = contradiction(["apps", "database", "cache", "broker", "operator"], (settings) => {
    const defined = settings.operator.sizes;
    return [...namedSizes(settings)]
        .filter(([, size]) => !Object.hasOwn(defined, size))
        .map(([path, size]) => ({
            path: settingPath(path),
            found: JSON.stringify(size),
            allowed: `a size of operator.sizes: ${Object.keys(defined).join(", ")}`,
            fix: "choose one of these, or have the operator add it",
        }));
});

type Sized = Pick<Settings, "apps" | "database" | "cache" | "broker">;

/** Every size that a section names, with the path where it does. */
function* namedSizes(settings: Sized): Generator<[path: readonly PropertyKey[], size: string]> {
    for (const { app, at } of placedApps(settings.apps)) {
        yield [[...at, "web", "size"], app.web.size];
        if (app.shell !== undefined) {
            yield [[...at, "shell", "size"], app.shell.size];
        }
        for (const worker of workersOf(app, at)) {
            yield [[...worker.path, "size"], worker.size];
        }
        for (const [name, { size }] of Object.entries(app.scheduled)) {
            yield [[...at, "scheduled", name, "size"], size];
        }
        if (app.contract === "django" && app.beat !== undefined) {
            yield [[...at, "beat", "size"], app.beat.size];
        }
    }
    for (const { path, store } of storesOf("database", settings)) {
        if (store.variant === "in-cluster") {
            yield [[...path, "size"], store.size];
        }
    }
    for (const { path, store } of storesOf("cache", settings)) {
        if (store.variant === "in-cluster" || store.variant === "memcached") {
            yield [[...path, "size"], store.size];
        }
    }
    for (const { path, store } of storesOf("broker", settings)) {
        if (store.variant !== "none" && store.variant !== "external") {
            yield [[...path, "size"], store.size];
        }
    }
}

export const limits = contradiction(["apps", "assets", "broker", "cache", "database", "operator"], (settings) => {
    const { operator } = settings;
    const problems: Problem[] = [];
    const check = <Value extends number | ByteQuantity>(
        name: keyof typeof operator.limits,
        path: readonly PropertyKey[],
        value: Value,
        limit: Value,
    ): void => {
        if (amount(value) > amount(limit)) {
            problems.push({
                path: settingPath(path),
                found: JSON.stringify(value),
                allowed: `at most ${limit}, the operator's limit (operator.limits.${name})`,
                fix: "lower it, or ask the operator to raise the limit",
            });
        }
    };
    const { replicas, concurrency, storage } = operator.limits;
    for (const { app, at } of placedApps(settings.apps)) {
        check("replicas", [...at, "web", "replicas", "max"], app.web.replicas.max, replicas);
        for (const worker of workersOf(app, at)) {
            check("replicas", [...worker.path, "replicas", "max"], worker.replicas.max, replicas);
            check("concurrency", [...worker.path, "concurrency"], worker.concurrency ?? 1, concurrency);
        }
        for (const [name, volume] of Object.entries(app.volumes)) {
            check("storage", [...at, "volumes", name, "storage"], volume.storage, storage);
        }
    }
    for (const { path, store } of storesOf("database", settings)) {
        if (store.variant === "in-cluster") {
            check("storage", [...path, "storage"], store.storage, storage);
        }
    }
    for (const { path, store } of storesOf("cache", settings)) {
        if (store.variant === "in-cluster") {
            check("replicas", [...path, "replicas"], store.replicas, replicas);
        }
        if (store.variant === "memcached") {
            check("replicas", [...path, "servers"], store.servers, replicas);
        }
    }
    for (const { path, store } of storesOf("broker", settings)) {
        if (store.variant !== "none" && store.variant !== "external") {
            check("storage", [...path, "storage"], store.storage, storage);
        }
    }
    for (const { path, store } of storesOf("assets", settings)) {
        if (store.variant === "whitenoise" && store.files.from === "volume") {
            check("storage", [...path, "files", "storage"], store.files.storage, storage);
        }
        if (store.variant === "whitenoise" && store.media?.from === "volume") {
            check("storage", [...path, "media", "storage"], store.media.storage, storage);
        }
    }
    return problems;
});

function amount(value: number | ByteQuantity): number {
    return typeof value === "number" ? value : bytes(value);
}
