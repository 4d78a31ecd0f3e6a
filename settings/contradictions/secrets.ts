// Secrets that are missing, used by nothing, or also there in plain text.
import type { AppSettings } from "../app.ts";
import { removeCommand, setSecretCommand, settingPath } from "../problems.ts";
import type { PlainAppSecrets } from "../secrets.ts";
import type { Settings } from "../sections.ts";
import { ownStoreOf, secretsPath, storesOf } from "../stores/entries.ts";
import { passwordUse, type PasswordKind } from "../stores/passwords.ts";
import { placedApps } from "./apps.ts";
import { contradiction } from "./contradiction.ts";

export interface AppWithSecrets {
    readonly app: AppSettings;
    readonly at: readonly PropertyKey[];
    readonly secrets: PlainAppSecrets;
    /** The way to the app's secrets. */
    readonly secretsAt: readonly PropertyKey[];
    readonly main: boolean;
}

const none: PlainAppSecrets = { environment: {}, files: {} };

type WithSecrets = Pick<Settings, "apps" | "environment" | "secrets">;

/** Each app with what is secret of it. */
export function appsWithSecrets(settings: WithSecrets): AppWithSecrets[] {
    const { mainApp } = settings.environment;
    return placedApps(settings.apps).map(({ app, at }) => ({
        app,
        at,
        secrets: secretsOfApp(app, settings),
        secretsAt: secretsPath(app.name, mainApp),
        main: app.name === mainApp,
    }));
}

export function secretsOfApp(
    { name }: AppSettings,
    { environment, secrets }: Omit<WithSecrets, "apps">,
): PlainAppSecrets {
    const { apps: others, digitaloceanDnsToken: _, certificate: __, ...ofMain } = secrets;
    if (name === environment.mainApp) {
        return ofMain;
    }
    return Object.hasOwn(others, name) ? others[name]! : none;
}

export const registryPassword = contradiction(["apps", "environment", "secrets"], (settings) =>
    appsWithSecrets(settings)
        .filter(({ app, secrets }) => app.registry !== undefined && secrets.registryPassword === undefined)
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

const usersOfSecrets = ["apps", "environment", "database", "cache", "broker", "secrets"] as const;

/** A secret that nothing uses is a mistake, or one more value that can leak. */
export const idleSecrets = contradiction(usersOfSecrets, (settings) =>
    appsWithSecrets(settings).flatMap(({ app, at, secrets, secretsAt, main }) => {
        const superuser = app.contract === "django" && app.release.superuser !== undefined;
        const ofStores = (["database", "cache", "broker"] as const).map(
            (kind) =>
                [
                    `${kind}Password`,
                    takesPassword(kind, app, main, settings),
                    main ? `a ${kind}` : `a ${kind} of its own`,
                ] as const,
        );
        const users: ReadonlyArray<readonly [name: keyof PlainAppSecrets, used: boolean, by: string]> = [
            ["registryPassword", app.registry !== undefined, settingPath([...at, "registry"])],
            ["superuserPassword", superuser, settingPath([...at, "release", "superuser"])],
            ...ofStores,
        ];
        return users
            .filter(([name, isUsed]) => secrets[name] !== undefined && !isUsed)
            .map(([name, , by]) => {
                const path = settingPath([...secretsAt, name]);
                return {
                    path,
                    found: "a secret that nothing uses",
                    allowed: `nothing, unless there is ${by}`,
                    fix: `add ${by}, or ${removeCommand(path)}`,
                };
            });
    }),
);

/** Whether a store has the app's password: one of its own, one that apps share if it is the main app, or its role on a shared server. */
function takesPassword(
    kind: PasswordKind,
    app: AppSettings,
    main: boolean,
    settings: Pick<Settings, (typeof usersOfSecrets)[number]>,
): boolean {
    const beside = kind === "database" && !main && ownStoreOf(app, kind) === undefined;
    return (
        beside ||
        storesOf(kind, settings).some(
            ({ owner, store }) => owner?.name === app.name && passwordUse(store).use !== "none",
        )
    );
}

export const secretsOfNoApp = contradiction(["apps", "environment", "secrets"], ({ apps, environment, secrets }) =>
    Object.keys(secrets.apps)
        .filter((name) => name === environment.mainApp || !apps.some((app) => app.name === name))
        .map((name) => {
            const path = settingPath(["secrets", "apps", name]);
            const main = name === environment.mainApp;
            return {
                path,
                found: main ? "secrets of the main app" : "secrets of no app",
                allowed: main
                    ? "the main app's secrets stand directly below secrets"
                    : `names of apps: ${otherNames(apps, environment.mainApp)}`,
                fix: removeCommand(path),
            };
        }),
);

function otherNames(apps: readonly AppSettings[], main: string): string {
    const names = apps.map(({ name }) => name).filter((name) => name !== main);
    return names.length === 0 ? "there is none but the main one" : names.join(", ");
}

/** A name in both places, where one would silently win. */
export const twiceNamed = contradiction(["apps", "environment", "secrets"], (settings) =>
    appsWithSecrets(settings).flatMap(({ app, at, secrets, secretsAt }) =>
        (["environment", "files"] as const).flatMap((group) =>
            Object.keys(app[group])
                .filter((name) => Object.hasOwn(secrets[group], name))
                .map((name) => {
                    const path = settingPath([...at, group, name]);
                    return {
                        path,
                        found: `also in ${settingPath([...secretsAt, group])}`,
                        allowed: "each name in one of the two",
                        fix: `remove the one in plain text: ${removeCommand(path)}`,
                    };
                }),
        ),
    ),
);
