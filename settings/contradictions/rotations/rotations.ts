// Rotations of what is not there, of what cannot have two values at a time, and beside a value that was given.
import type { AppSettings } from "../../app.ts";
import { removeCommand, settingPath, type Problem } from "../../problems.ts";
import { rotationNames, rotationsOf, type RotationName } from "../../rotations.ts";
import type { Settings } from "../../sections.ts";
import { ownStoreOf, secretsPath, storesOf } from "../../stores/entries.ts";
import { keyRotationUse, rotationUse, type RotationUse } from "../../stores/rotations.ts";
import { contradiction } from "../contradiction.ts";
import { secretsGiven, sectionsOfSecrets } from "../secrets/secrets.ts";

const needed = [...sectionsOfSecrets, "rotations", "database", "cache", "broker", "assets", "platform"] as const;

type Needed = Pick<Settings, (typeof needed)[number]>;

interface Rotation {
    readonly app: AppSettings;
    readonly name: RotationName;
    readonly number: number;
    readonly path: string;
}

function given(settings: Needed): Rotation[] {
    const { apps, environment, rotations } = settings;
    return apps.flatMap((app) => {
        const at = ["rotations", ...secretsPath(app.name, environment.mainApp).slice(1)];
        const ofApp = rotationsOf(app.name, environment.mainApp, rotations);
        return rotationNames.flatMap((name) => {
            const number = ofApp[name];
            return number === undefined ? [] : [{ app, name, number, path: settingPath([...at, name]) }];
        });
    });
}

/** @returns undefined where the app has no such secret of its own */
function useOf({ app, name }: Rotation, settings: Needed): RotationUse | undefined {
    switch (name) {
        case "secretKey":
            return { use: "taken", given: "refused" };
        case "superuser":
            return app.contract === "django" && app.release.superuser !== undefined
                ? { use: "taken", given: "newest" }
                : undefined;
        case "assets": {
            const own = storesOf(name, settings).find(({ owner }) => owner?.name === app.name);
            return own && keyRotationUse(own.store, settings.platform.variant);
        }
        case "database":
        case "cache":
        case "broker": {
            const own = storesOf(name, settings).find(({ owner }) => owner?.name === app.name);
            if (own !== undefined && own.store.variant !== "none") {
                return rotationUse(own.store);
            }
            // Its role on a server that apps share. Of that role the job that makes it knows the first password alone.
            return name === "database" && ownStoreOf(app, name) === undefined
                ? besideUse(rotationUse(settings.database))
                : undefined;
        }
        default:
            return name satisfies never;
    }
}

function besideUse(use: RotationUse): RotationUse {
    return use.use === "taken" ? { use: "taken", given: "refused" } : use;
}

export const idleRotations = contradiction(needed, (settings) =>
    given(settings).flatMap((rotation): Problem[] => {
        const { name, number, path, app } = rotation;
        if (useOf(rotation, settings) !== undefined) {
            return [];
        }
        const what = name === "superuser" ? "release.superuser" : `${name} of its own`;
        return [
            {
                path,
                found: String(number),
                allowed: `nothing: the app ${app.name} has no ${what}`,
                fix: removeCommand(path),
            },
        ];
    }),
);

export const impossibleRotations = contradiction(needed, (settings) =>
    given(settings).flatMap((rotation): Problem[] => {
        const use = useOf(rotation, settings);
        const { name, number, path, app } = rotation;
        if (use?.use !== "refused") {
            return [];
        }
        const variant =
            name === "database" || name === "cache" || name === "broker" || name === "assets"
                ? (ownStoreOf(app, name) ?? settings[name]).variant
                : "";
        return [
            {
                path,
                found: `${number}, with the variant ${variant}`,
                allowed: `nothing there: ${use.instead}`,
                fix: `${removeCommand(path)}, and see docs/rotation.md`,
            },
        ];
    }),
);

/** From PostgreSQL 16 on an app's login on a cloud's server may not make databases for others, as the role that it had before may. */
export const sharedRotations = contradiction([...needed, "lends"], (settings) =>
    given(settings).flatMap(({ app, name, number, path }): Problem[] => {
        const shared = storesOf("database", settings).find(({ owner }) => owner?.name === app.name);
        const ofCloud = shared?.store.variant === "rds" || shared?.store.variant === "cloud-sql";
        if (name !== "database" || shared?.shared !== true || !ofCloud) {
            return [];
        }
        const others = shared.users.filter((user) => user.name !== app.name).map((user) => user.name);
        if (others.length === 0 && !settings.lends.database) {
            return [];
        }
        const whom =
            others.length === 0 ? "it is lent (lends.database)" : `the apps ${others.join(", ")} are on it too`;
        return [
            {
                path,
                found: `${number}, with the variant ${shared.store.variant}`,
                allowed: `nothing on a server that several use: ${whom}`,
                fix: `give each app a database of its own (apps[].stores.database), or ${removeCommand(path)}`,
            },
        ];
    }),
);

/** Of a value that was given, nobody here has the one before, or can make the next. */
export const rotationsOfGiven = contradiction(needed, (settings) =>
    given(settings).flatMap((rotation): Problem[] => {
        const { app, name, number, path } = rotation;
        const use = useOf(rotation, settings);
        const secret = name === "secretKey" ? name : `${name}Password`;
        if (use?.use !== "taken" || use.given !== "refused" || !secretsGiven(app, settings).has(secret)) {
            return [];
        }
        const section = settings.environment.mainApp === app.name ? "" : `.apps.${app.name}`;
        return [
            {
                path,
                found: `${number}, beside secrets${section}.${secret} or existingSecrets${section}.${secret}`,
                allowed:
                    name === "secretKey"
                        ? "one of the two: a key that was given is changed by secretKeyFallback"
                        : "one of the two: here numbers count passwords that are generated",
                fix: `remove the secret, or ${removeCommand(path)}`,
            },
        ];
    }),
);

/** A number is of an app that is there, and the main app's stand directly in the section. */
export const rotationsOfNoApp = contradiction(
    ["apps", "environment", "rotations"],
    ({ apps, environment, rotations }) =>
        Object.keys(rotations.apps)
            .filter((name) => name === environment.mainApp || !apps.some((app) => app.name === name))
            .map((name) => {
                const path = settingPath(["rotations", "apps", name]);
                const main = name === environment.mainApp;
                return {
                    path,
                    found: main ? "rotations of the main app" : "rotations of no app",
                    allowed: main
                        ? "the main app's stand directly below rotations"
                        : "names of apps that are not the main one",
                    fix: removeCommand(path),
                };
            }),
);

/** Alone it is a key that nothing else is signed with. */
export const fallbackWithoutKey = contradiction(sectionsOfSecrets, (settings) =>
    settings.apps.flatMap((app): Problem[] => {
        const secrets = secretsGiven(app, settings);
        if (!secrets.has("secretKeyFallback") || secrets.has("secretKey")) {
            return [];
        }
        const path = settingPath([...secretsPath(app.name, settings.environment.mainApp), "secretKeyFallback"]);
        return [
            {
                path,
                found: "a secret, without secretKey",
                allowed: "both or none: a key that is generated is rotated by rotations.secretKey",
                fix: removeCommand(path),
            },
        ];
    }),
);
