// The whole configuration of a stack, as one typed value. Creates nothing.
import { bytes, type ByteQuantity } from "../lib/quantities.ts";
import { appSchema, type AppSettings } from "./app.ts";
import { assetsSchema, type AssetsSettings } from "./assets.ts";
import { environmentSchema, type EnvironmentKind } from "./environment.ts";
import { exposureSchema, type ExposureSettings } from "./exposure.ts";
import { operatorSchema, type OperatorSettings } from "./operator.ts";
import { platformSchema, type PlatformSettings } from "./platform.ts";
import { checkSection, nearestWord, SettingsError, settingPath, type Problem } from "./problems.ts";
import { secretsSchema, type PlainSecrets } from "./secrets.ts";
import {
    brokerSchema,
    cacheSchema,
    databaseSchema,
    type BrokerSettings,
    type CacheSettings,
    type DatabaseSettings,
} from "./stores.ts";

/** The sections of a stack's file, each one key of the project's configuration. */
const sections = {
    environment: environmentSchema,
    platform: platformSchema,
    app: appSchema,
    database: databaseSchema,
    cache: cacheSchema,
    broker: brokerSchema,
    assets: assetsSchema,
    exposure: exposureSchema,
    operator: operatorSchema.prefault({}),
    secrets: secretsSchema.prefault({}),
} as const;

export const sectionNames = Object.keys(sections) as readonly SectionName[];
export type SectionName = keyof typeof sections;

export interface Settings {
    readonly environment: { readonly kind: EnvironmentKind; readonly name: string; readonly namespace: string };
    readonly platform: PlatformSettings;
    readonly app: AppSettings;
    readonly database: DatabaseSettings;
    readonly cache: CacheSettings;
    readonly broker: BrokerSettings;
    readonly assets: AssetsSettings;
    readonly exposure: ExposureSettings;
    readonly operator: OperatorSettings;
    readonly secrets: PlainSecrets;
}

/**
 * Checks and completes the configuration of a stack.
 *
 * @param raw the sections as they were read; a section that the file does not have is undefined
 * @param stack the stack's name, the default of the environment's
 * @throws SettingsError that lists every problem
 */
export function checkSettings(raw: Partial<Record<SectionName | (string & {}), unknown>>, stack: string): Settings {
    const file = `Pulumi.${stack}.yaml`;
    const problems: Problem[] = unknownSections(Object.keys(raw));
    const checked: Partial<Record<SectionName, unknown>> = {};
    for (const name of sectionNames) {
        const result = checkSection(name, sections[name], raw[name]);
        if ("problems" in result) {
            problems.push(...result.problems);
        } else {
            checked[name] = result.value;
        }
    }
    if (problems.length > 0) {
        throw new SettingsError(file, problems);
    }

    const partial = checked as unknown as Omit<Settings, "environment"> & {
        readonly environment: { kind: EnvironmentKind; name?: string; namespace?: string };
    };
    const name = partial.environment.name ?? stack;
    const namespace = partial.environment.namespace ?? `${partial.app.name}-${name}`;
    const settings: Settings = { ...partial, environment: { kind: partial.environment.kind, name, namespace } };
    const contradictions = contradictionsIn(settings);
    if (contradictions.length > 0) {
        throw new SettingsError(file, contradictions);
    }
    return settings;
}

function unknownSections(names: readonly string[]): Problem[] {
    return names
        .filter((name) => !(name in sections))
        .map((name) => {
            const nearest = nearestWord(name, sectionNames);
            return {
                path: settingPath([name]),
                found: "a section that does not exist",
                allowed: sectionNames.join(", "),
                fix: nearest === undefined ? "remove it" : `rename it to ${nearest}`,
            };
        });
}

/** Settings that are right each for itself and wrong together. */
function contradictionsIn(settings: Settings): Problem[] {
    return [
        ...sizeProblems(settings),
        ...limitProblems(settings),
        ...brokerProblems(settings),
        ...secretProblems(settings),
        ...nameProblems(settings),
        ...exposureProblems(settings),
        ...productionProblems(settings),
    ];
}

/** Every size that a section names, with the path where it does. */
function* namedSizes({ app, database, cache, broker }: Settings): Generator<[path: PropertyKey[], size: string]> {
    yield [["app", "web", "size"], app.web.size];
    if (app.shell !== undefined) {
        yield [["app", "shell", "size"], app.shell.size];
    }
    for (const [path, worker] of namedWorkers(app)) {
        yield [[...path, "size"], worker.size];
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

interface AnyWorker {
    readonly size: string;
    readonly replicas: { readonly min: number; readonly max: number };
    readonly concurrency?: number;
}

function namedWorkers(app: AppSettings): [path: PropertyKey[], worker: AnyWorker][] {
    if (app.contract === "django") {
        return Object.entries(app.workers).map(([name, worker]) => [["app", "workers", name], worker]);
    }
    return app.async === undefined ? [] : [[["app", "async"], app.async]];
}

function sizeProblems(settings: Settings): Problem[] {
    const { sizes } = settings.operator;
    return [...namedSizes(settings)]
        .filter(([, size]) => sizes[size] === undefined)
        .map(([path, size]) => ({
            path: settingPath(path),
            found: JSON.stringify(size),
            allowed: `a size of operator.sizes: ${Object.keys(sizes).join(", ")}`,
            fix: "choose one of these, or have the operator add it",
        }));
}

function limitProblems({ app, assets, broker, database, operator: { limits } }: Settings): Problem[] {
    const problems: Problem[] = [];
    const above = (path: PropertyKey[], value: number | ByteQuantity, limit: number | ByteQuantity, name: string): void => {
        const amount = (quantity: number | ByteQuantity) => (typeof quantity === "number" ? quantity : bytes(quantity));
        if (amount(value) > amount(limit)) {
            problems.push({
                path: settingPath(path),
                found: JSON.stringify(value),
                allowed: `at most ${limit}, the operator's limit (operator.limits.${name})`,
                fix: "lower it, or ask the operator to raise the limit",
            });
        }
    };
    above(["app", "web", "replicas", "max"], app.web.replicas.max, limits.replicas, "replicas");
    for (const [path, worker] of namedWorkers(app)) {
        above([...path, "replicas", "max"], worker.replicas.max, limits.replicas, "replicas");
        above([...path, "concurrency"], worker.concurrency ?? 1, limits.concurrency, "concurrency");
    }
    above(["database", "storage"], database.storage, limits.storage, "storage");
    if (broker.variant === "redis") {
        above(["broker", "storage"], broker.storage, limits.storage, "storage");
    }
    if (assets.files.from === "volume") {
        above(["assets", "files", "storage"], assets.files.storage, limits.storage, "storage");
    }
    return problems;
}

function brokerProblems({ app, broker }: Settings): Problem[] {
    const users = [
        ...namedWorkers(app).map(([path]) => settingPath(path)),
        ...(app.contract === "django" && app.beat !== undefined ? ["app.beat"] : []),
    ];
    if (broker.variant !== "none" || users.length === 0) {
        return [];
    }
    return [
        {
            path: "broker.variant",
            found: '"none"',
            allowed: `a broker, because ${users.join(", ")} cannot work without one`,
            fix: "set it to redis, or remove these processes",
        },
    ];
}

function secretProblems({ app, secrets, cache, broker }: Settings): Problem[] {
    const problems: Problem[] = [];
    const missing = "a secret value";
    if (app.registry !== undefined && secrets.registryPassword === undefined) {
        problems.push({
            path: "secrets.registryPassword",
            found: "nothing",
            allowed: `${missing}, because app.registry has a login`,
            fix: "pulumi config set --secret --path 'secrets.registryPassword'",
        });
    }
    const idle: [keyof PlainSecrets, boolean, string][] = [
        ["registryPassword", app.registry !== undefined, "app.registry"],
        [
            "superuserPassword",
            app.contract === "django" && app.release.superuser !== undefined,
            "app.release.superuser",
        ],
        ["cachePassword", cache.variant !== "none", "a cache"],
        ["brokerPassword", broker.variant !== "none", "a broker"],
    ];
    for (const [name, used, by] of idle) {
        if (secrets[name] !== undefined && !used) {
            problems.push({
                path: `secrets.${name}`,
                found: "a secret that nothing uses",
                allowed: `nothing, unless there is ${by}`,
                fix: `add ${by}, or pulumi config rm --path 'secrets.${name}'`,
            });
        }
    }
    return problems;
}

/** Names that stand in two places, where one would silently win. */
function nameProblems({ app, environment, secrets }: Settings): Problem[] {
    const problems: Problem[] = [];
    const twice = (section: "environment" | "files"): void => {
        for (const name of Object.keys(app[section]).filter((key) => key in secrets[section])) {
            problems.push({
                path: settingPath(["app", section, name]),
                found: `also in secrets.${section}`,
                allowed: "each name in one of the two",
                fix: "remove the one in plain text",
            });
        }
    };
    twice("environment");
    twice("files");
    if (environment.namespace.length > 40) {
        problems.push({
            path: "environment.namespace",
            found: JSON.stringify(environment.namespace),
            allowed: "at most 40 characters, for object names are made from it",
            fix: "set environment.namespace to a shorter name",
        });
    }
    const reserved = Object.keys(app.contract === "django" ? app.workers : {}).filter((name) => reservedWorkers.has(name));
    for (const name of reserved) {
        problems.push({
            path: settingPath(["app", "workers", name]),
            found: JSON.stringify(name),
            allowed: `any name but ${[...reservedWorkers].join(", ")}`,
            fix: "name the worker by what it does, for example mail",
        });
    }
    return problems;
}

/** A worker's pods are named `worker-<name>`, so only a name that reads as another process is confusing. */
const reservedWorkers: ReadonlySet<string> = new Set(["web", "beat", "shell"]);

function exposureProblems({ exposure, platform }: Settings): Problem[] {
    if (exposure.variant !== "gateway" || platform.gateway !== undefined) {
        return [];
    }
    return [
        {
            path: "platform.gateway",
            found: "nothing",
            allowed: "the cluster's Gateway class, because exposure.variant is gateway",
            fix: "pulumi config set --path 'platform.gateway.className' CLASS, or set exposure.variant to none",
        },
    ];
}

function productionProblems({ app, environment, exposure, platform }: Settings): Problem[] {
    if (environment.kind !== "production") {
        return [];
    }
    const problems: Problem[] = [];
    if (app.web.replicas.min < 2) {
        problems.push({
            path: "app.web.replicas.min",
            found: String(app.web.replicas.min),
            allowed: "at least 2 in production: one pod alone is down whenever its node is (R8)",
            fix: "pulumi config set --path 'app.web.replicas.min' 2",
        });
    }
    if (/:(latest|main|master|stable|edge|dev)$/.test(app.image)) {
        problems.push({
            path: "app.image",
            found: JSON.stringify(app.image),
            allowed: "in production a digest or a tag that never moves, such as the commit (R41)",
            fix: "deploy the image by its commit or digest",
        });
    }
    if (exposure.variant === "gateway" && platform.issuer === undefined && !exposure.allowPlainHttp) {
        problems.push({
            path: "platform.issuer",
            found: "nothing",
            allowed: "in production an issuer of certificates",
            fix: "pulumi config set --path 'platform.issuer.name' ISSUER, or exposure.allowPlainHttp if TLS ends before the Gateway",
        });
    }
    return problems;
}
