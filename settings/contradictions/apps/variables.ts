// Variables that an app's owner sets and the environment contract sets too: one would silently win.
import { environmentContract, variableName, type ContractVariable } from "../../../lib/environment-contract.ts";
import type { AppSettings } from "../../app.ts";
import { isAsgi } from "../../asgi.ts";
import type { DatabaseSettings } from "../../database.ts";
import { removeCommand, settingPath } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { poolerOf } from "../../pooler.ts";
import { rotationsOf } from "../../rotations.ts";
import { brokerProtocol, cacheProtocol } from "../../stores/protocols.ts";
import { storeOf } from "../../stores/entries.ts";
import { objectStorageOf, usesBuckets } from "../../stores/object-storage.ts";
import { contradiction } from "../contradiction.ts";
import { appsWithSecrets, secretsGiven, sectionsOfSecrets } from "../secrets/secrets.ts";

const needed = [...sectionsOfSecrets, "rotations", "database", "cache", "broker", "assets", "exposure"] as const;

export const contractVariables = contradiction(needed, (settings) =>
    appsWithSecrets(settings).flatMap(({ app, at, secrets, secretsAt, existing, existingAt, main }) => {
        const places = [
            { path: [...at, "environment"], names: Object.keys(app.environment) },
            { path: [...secretsAt, "environment"], names: Object.keys(secrets.environment) },
            { path: [...existingAt, "environment"], names: Object.keys(existing.environment) },
        ];
        const taken = new Map(
            environmentContract
                .filter((variable) => isSet(variable, app, main, settings))
                .map((variable) => [variableName(variable, app.environmentPrefix), variable] as const),
        );
        return places.flatMap(({ path, names }) =>
            names.flatMap((name) => {
                const variable = taken.get(name);
                return variable === undefined ? [] : [collision(settingPath([...path, name]), variable)];
            }),
        );
    }),
);

function collision(path: string, { decidedBy }: ContractVariable) {
    return {
        path,
        found: "a variable that every pod is given already",
        allowed: "any other name",
        fix: `${removeCommand(path)}; its value is decided by ${decidedBy}`,
    };
}

type Deciding = Pick<Settings, (typeof needed)[number]>;

/** What the environment does not have is the owner's to set: the address of a cache elsewhere, for example. */
function isSet({ needs }: ContractVariable, app: AppSettings, main: boolean, settings: Deciding): boolean {
    switch (needs) {
        case undefined:
            return true;
        case "cache":
            return storeOf(app, settings, "cache").variant !== "none";
        case "redis cache":
            return cacheProtocol(storeOf(app, settings, "cache")) === "redis";
        case "broker":
            return storeOf(app, settings, "broker").variant !== "none";
        case "redis broker":
            return brokerProtocol(storeOf(app, settings, "broker")) === "redis";
        case "amqp broker":
            return brokerProtocol(storeOf(app, settings, "broker")) === "amqp";
        case "buckets":
            return usesBuckets(storeOf(app, settings, "assets"));
        case "object storage":
            return objectStorageOf(storeOf(app, settings, "assets")) !== undefined;
        case "media": {
            const assets = storeOf(app, settings, "assets");
            return assets.variant === "whitenoise" && assets.media?.from === "volume";
        }
        case "pool":
            return isPooled(storeOf(app, settings, "database"));
        case "read replica":
            return hasReadReplica(storeOf(app, settings, "database"));
        case "short-connections":
            return isPooled(storeOf(app, settings, "database")) || isAsgi(app);
        case "django-q2":
            return app.contract === "django" && Object.values(app.workers).some(({ kind }) => kind === "django-q2");
        case "sharing":
            return !main;
        case "sharing a redis broker":
            return !main && brokerProtocol(storeOf(app, settings, "broker")) === "redis";
        case "exposure":
            // Where TLS ends in front of the way in, only the owner knows the address that users see.
            return (
                settings.exposure.variant === "platform" ||
                (settings.exposure.variant !== "none" && !settings.exposure.allowPlainHttp)
            );
        case "superuser":
            return app.contract === "django" && app.release.superuser !== undefined;
        case "secret key fallbacks": {
            const { secretKey } = rotationsOf(app.name, settings.environment.mainApp, settings.rotations);
            return secretKey !== undefined || secretsGiven(app, settings).has("secretKeyFallback");
        }
        default:
            return needs satisfies never;
    }
}

function isPooled(store: DatabaseSettings): boolean {
    switch (store.variant) {
        case "digitalocean":
            return store.server.variant === "create" ? store.server.pool !== undefined : store.server.pooled;
        case "external":
            return store.pooled || store.pooler !== undefined;
        default:
            return poolerOf(store) !== undefined;
    }
}

function hasReadReplica(store: DatabaseSettings): boolean {
    return "server" in store && store.server.variant === "create" && store.server.readReplica;
}
