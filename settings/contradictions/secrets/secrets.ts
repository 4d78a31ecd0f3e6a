// Secrets that are missing, used by nothing, or also there in plain text.
import type { AppSettings } from "../../app.ts";
import { backupsOf } from "../../backups.ts";
import { removeCommand, setSecretCommand, settingPath, type Problem } from "../../problems.ts";
import type { PlainAppSecrets } from "../../secrets.ts";
import type { ExistingAppSecrets } from "../../existing-secrets.ts";
import type { Settings } from "../../sections.ts";
import { ownStoreOf, secretsPath, storesOf } from "../../stores/entries.ts";
import { objectStorageOf } from "../../stores/object-storage.ts";
import { passwordUse, type PasswordKind } from "../../stores/passwords.ts";
import { placedApps } from "../apps/apps.ts";
import { contradiction } from "../contradiction.ts";

export interface AppWithSecrets {
    readonly app: AppSettings;
    readonly at: readonly PropertyKey[];
    /** Those whose values the settings have. */
    readonly secrets: PlainAppSecrets;
    /** The way to them. */
    readonly secretsAt: readonly PropertyKey[];
    /** Those that are keys of Secrets in the cluster, and the way to them. */
    readonly existing: ExistingAppSecrets;
    readonly existingAt: readonly PropertyKey[];
    readonly main: boolean;
}

const none = { environment: {}, files: {} };

/** What has to be right before an app's secrets can be told. */
export const sectionsOfSecrets = ["apps", "environment", "secrets", "existingSecrets"] as const;

export type WithSecrets = Pick<Settings, (typeof sectionsOfSecrets)[number]>;

/** Each app with what is secret of it. */
export function appsWithSecrets(settings: WithSecrets): AppWithSecrets[] {
    const { mainApp } = settings.environment;
    return placedApps(settings.apps).map(({ app, at }) => ({
        app,
        at,
        secrets: secretsOfApp(app, settings),
        secretsAt: secretsPath(app.name, mainApp),
        existing: existingOfApp(app, settings),
        existingAt: existingPath(app.name, mainApp),
        main: app.name === mainApp,
    }));
}

export function existingOfApp(
    { name }: AppSettings,
    { environment, existingSecrets }: Pick<WithSecrets, "environment" | "existingSecrets">,
): ExistingAppSecrets {
    const { apps: others, ...ofMain } = existingSecrets;
    if (name === environment.mainApp) {
        return ofMain;
    }
    return Object.hasOwn(others, name) ? others[name]! : none;
}

/** The names of the app's single secrets that are there, wherever their values are. */
export function secretsGiven(app: AppSettings, settings: Omit<WithSecrets, "apps">): ReadonlySet<string> {
    const all = [secretsOfApp(app, settings), existingOfApp(app, settings)];
    return new Set(all.flatMap((given) => Object.entries(given).flatMap(([name, value]) => (value ? [name] : []))));
}

export function existingPath(app: string, mainApp: string): readonly PropertyKey[] {
    return ["existingSecrets", ...secretsPath(app, mainApp).slice(1)];
}

export function secretsOfApp(
    { name }: AppSettings,
    { environment, secrets }: Pick<WithSecrets, "environment" | "secrets">,
): PlainAppSecrets {
    const { apps: others, digitaloceanDnsToken: _, certificate: __, ...ofMain } = secrets;
    if (name === environment.mainApp) {
        return ofMain;
    }
    return Object.hasOwn(others, name) ? others[name]! : none;
}

export const registryPassword = contradiction(sectionsOfSecrets, (settings) =>
    appsWithSecrets(settings)
        .filter(({ app, secrets, existing }) => {
            const given = secrets.registryPassword ?? existing.registryPassword;
            return app.registry !== undefined && given === undefined;
        })
        .map(({ at, secretsAt }) => {
            const path = settingPath([...secretsAt, "registryPassword"]);
            return {
                path,
                found: "nothing",
                allowed: `a secret value, because ${settingPath([...at, "registry"])} has a login`,
                fix: setSecretCommand(path),
            };
        }),
);

const usersOfSecrets = [...sectionsOfSecrets, "database", "cache", "broker", "assets"] as const;

/** A secret that nothing uses is a mistake, or one more value that can leak. */
export const idleSecrets = contradiction(usersOfSecrets, (settings) =>
    appsWithSecrets(settings).flatMap(({ app, at, secrets, secretsAt, existing, existingAt, main }) => {
        const superuser = app.contract === "django" && app.release.superuser !== undefined;
        const ofStores = (["database", "cache", "broker"] as const).map(
            (kind) =>
                [
                    `${kind}Password`,
                    takesPassword(kind, app, main, settings),
                    main ? `a ${kind}` : `a ${kind} of its own`,
                ] as const,
        );
        const keyed = storesOf("assets", settings).some(
            ({ owner, store }) => owner?.name === app.name && objectStorageOf(store) !== undefined,
        );
        const buckets = `a server that speaks S3${main ? "" : " of its own"} (assets.variant s3-compatible, or assets.media.from bucket)`;
        const keyedStatic = storesOf("assets", settings).some(
            ({ owner, store }) => owner?.name === app.name && store.variant === "s3-compatible",
        );
        const staticBucket = `a static bucket${main ? "" : " of its own"} at a server that speaks S3 (assets.variant s3-compatible)`;
        const administered = storesOf("database", settings).some(
            ({ owner, store }) =>
                owner?.name === app.name && store.variant === "external" && store.administrator !== undefined,
        );
        const backedUp = storesOf("database", settings).some(
            ({ owner, store }) => owner?.name === app.name && backupsOf(store) !== undefined,
        );
        const users: ReadonlyArray<readonly [name: keyof PlainAppSecrets, used: boolean, by: string]> = [
            ["registryPassword", app.registry !== undefined, settingPath([...at, "registry"])],
            ["superuserPassword", superuser, settingPath([...at, "release", "superuser"])],
            ...ofStores,
            ["databaseAdministratorPassword", administered, "an external database with an administrator"],
            ...(
                ["databaseBackupsAccessKeyId", "databaseBackupsSecretAccessKey", "databaseBackupsPassphrase"] as const
            ).map((name) => [name, backedUp, `backups of a database${main ? "" : " of its own"}`] as const),
            ...(["assetsAccessKeyId", "assetsSecretAccessKey"] as const).map((name) => [name, keyed, buckets] as const),
            ...(["assetsStaticAccessKeyId", "assetsStaticSecretAccessKey"] as const).map(
                (name) => [name, keyedStatic, staticBucket] as const,
            ),
        ];
        const places = [
            { given: secrets, way: secretsAt },
            { given: existing, way: existingAt },
        ];
        return places.flatMap(({ given, way }) =>
            users
                .filter(([name, isUsed]) => given[name] !== undefined && !isUsed)
                .map(([name, , by]) => {
                    const path = settingPath([...way, name]);
                    return {
                        path,
                        found: "a secret that nothing uses",
                        allowed: `nothing, unless there is ${by}`,
                        fix: `add ${by}, or ${removeCommand(path)}`,
                    };
                }),
        );
    }),
);

/** Whether a store has the app's password: one of its own, one that apps share if it is the main app, or its role on a shared server. */
function takesPassword(
    kind: PasswordKind,
    app: AppSettings,
    main: boolean,
    settings: Pick<Settings, (typeof usersOfSecrets)[number]>,
): boolean {
    const shares = !main && ownStoreOf(app, kind) === undefined;
    const beside = shares && (kind === "database" || settings[kind].variant === "rabbitmq");
    return (
        beside ||
        storesOf(kind, settings).some(
            ({ owner, store }) => owner?.name === app.name && passwordUse(store).use !== "none",
        )
    );
}

export const secretsOfNoApp = contradiction(sectionsOfSecrets, ({ apps, environment, secrets, existingSecrets }) =>
    Object.entries({ secrets: secrets.apps, existingSecrets: existingSecrets.apps }).flatMap(([section, ofApps]) =>
        Object.keys(ofApps)
            .filter((name) => name === environment.mainApp || !apps.some((app) => app.name === name))
            .map((name) => {
                const path = settingPath([section, "apps", name]);
                const main = name === environment.mainApp;
                return {
                    path,
                    found: main ? "secrets of the main app" : "secrets of no app",
                    allowed: main
                        ? `the main app's secrets stand directly below ${section}`
                        : `names of apps: ${otherNames(apps, environment.mainApp)}`,
                    fix: removeCommand(path),
                };
            }),
    ),
);

function otherNames(apps: readonly AppSettings[], main: string): string {
    const names = apps.map(({ name }) => name).filter((name) => name !== main);
    return names.length === 0 ? "there is none but the main one" : names.join(", ");
}

/** A name in two places, where one would silently win. */
export const twiceNamed = contradiction(sectionsOfSecrets, (settings) =>
    appsWithSecrets(settings).flatMap(({ app, at, secrets, secretsAt, existing, existingAt }) => [
        ...(["environment", "files"] as const).flatMap((group) => [
            ...both([...at, group], app[group], [...secretsAt, group], secrets[group], "in plain text"),
            ...both([...at, group], app[group], [...existingAt, group], existing[group], "in plain text"),
            ...both(
                [...secretsAt, group],
                secrets[group],
                [...existingAt, group],
                existing[group],
                "that is encrypted",
            ),
        ]),
        ...both(secretsAt, single(secrets), existingAt, single(existing), "that is encrypted"),
    ]),
);

type Given = Readonly<Record<string, unknown>>;

function single({ environment: _, files: __, ...others }: PlainAppSecrets | ExistingAppSecrets): Given {
    return others;
}

/** @param which the one that is to go */
function both(
    at: readonly PropertyKey[],
    one: Given,
    otherAt: readonly PropertyKey[],
    other: Given,
    which: string,
): Problem[] {
    return Object.keys(one)
        .filter((name) => one[name] !== undefined && other[name] !== undefined)
        .map((name) => {
            const path = settingPath([...at, name]);
            return {
                path,
                found: `also in ${settingPath(otherAt)}`,
                allowed: "each name in one of the two",
                fix: `remove the one ${which}: ${removeCommand(path)}`,
            };
        });
}
