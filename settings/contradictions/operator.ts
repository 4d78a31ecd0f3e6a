// What an app's owner asks for and the operator does not give (U6).
import { bytes, type ByteQuantity } from "../../lib/quantities.ts";
import { settingPath, type Problem } from "../problems.ts";
import type { Settings } from "../sections.ts";
import { contradiction } from "./contradiction.ts";
import { workersOf } from "./workers.ts";

export const sizes = contradiction(["app", "database", "cache", "broker", "operator"], (settings) => {
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

type Sized = Pick<Settings, "app" | "database" | "cache" | "broker">;

/** Every size that a section names, with the path where it does. */
function* namedSizes({ app, database, cache, broker }: Sized): Generator<[path: readonly string[], size: string]> {
    yield [["app", "web", "size"], app.web.size];
    if (app.shell !== undefined) {
        yield [["app", "shell", "size"], app.shell.size];
    }
    for (const worker of workersOf(app)) {
        yield [[...worker.path, "size"], worker.size];
    }
    if (app.contract === "django" && app.beat !== undefined) {
        yield [["app", "beat", "size"], app.beat.size];
    }
    yield [["database", "size"], database.size];
    if (cache.variant !== "none") {
        yield [["cache", "size"], cache.size];
    }
    if (broker.variant !== "none") {
        yield [["broker", "size"], broker.size];
    }
}

export const limits = contradiction(["app", "assets", "broker", "cache", "database", "operator"], (settings) => {
    const { app, assets, broker, cache, database, operator } = settings;
    const problems: Problem[] = [];
    const check = <Value extends number | ByteQuantity>(
        name: keyof typeof operator.limits,
        path: readonly string[],
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
    check("replicas", ["app", "web", "replicas", "max"], app.web.replicas.max, replicas);
    for (const worker of workersOf(app)) {
        check("replicas", [...worker.path, "replicas", "max"], worker.replicas.max, replicas);
        check("concurrency", [...worker.path, "concurrency"], worker.concurrency ?? 1, concurrency);
    }
    check("storage", ["database", "storage"], database.storage, storage);
    if (cache.variant === "in-cluster") {
        check("replicas", ["cache", "replicas"], cache.replicas, replicas);
    }
    if (broker.variant === "redis") {
        check("storage", ["broker", "storage"], broker.storage, storage);
    }
    if (assets.files.from === "volume") {
        check("storage", ["assets", "files", "storage"], assets.files.storage, storage);
    }
    return problems;
});

function amount(value: number | ByteQuantity): number {
    return typeof value === "number" ? value : bytes(value);
}
