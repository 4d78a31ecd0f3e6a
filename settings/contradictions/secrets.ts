// Secrets that are missing, used by nothing, or also there in plain text.
import { removeCommand, setSecretCommand, settingPath } from "../problems.ts";
import type { PlainSecrets } from "../secrets.ts";
import { contradiction } from "./contradiction.ts";

export const registryPassword = contradiction(["app", "secrets"], ({ app, secrets }) => {
    if (app.registry === undefined || secrets.registryPassword !== undefined) {
        return [];
    }
    return [
        {
            path: "secrets.registryPassword",
            found: "nothing",
            allowed: "a secret value, because app.registry has a login",
            fix: setSecretCommand("secrets.registryPassword"),
        },
    ];
});

/** A secret that nothing uses is a mistake, or one more value that can leak. */
export const idleSecrets = contradiction(["app", "broker", "cache", "secrets"], ({ app, broker, cache, secrets }) => {
    const superuser = app.contract === "django" && app.release.superuser !== undefined;
    const users: ReadonlyArray<readonly [name: keyof PlainSecrets, used: boolean, by: string]> = [
        ["registryPassword", app.registry !== undefined, "app.registry"],
        ["superuserPassword", superuser, "app.release.superuser"],
        ["cachePassword", cache.variant !== "none", "a cache"],
        ["brokerPassword", broker.variant !== "none", "a broker"],
    ];
    return users
        .filter(([name, used]) => secrets[name] !== undefined && !used)
        .map(([name, , by]) => ({
            path: `secrets.${name}`,
            found: "a secret that nothing uses",
            allowed: `nothing, unless there is ${by}`,
            fix: `add ${by}, or ${removeCommand(`secrets.${name}`)}`,
        }));
});

/** A name in both places, where one would silently win. */
export const twiceNamed = contradiction(["app", "secrets"], ({ app, secrets }) =>
    (["environment", "files"] as const).flatMap((group) =>
        Object.keys(app[group])
            .filter((name) => Object.hasOwn(secrets[group], name))
            .map((name) => ({
                path: settingPath(["app", group, name]),
                found: `also in secrets.${group}`,
                allowed: "each name in one of the two",
                fix: `remove the one in plain text: ${removeCommand(settingPath(["app", group, name]))}`,
            })),
    ),
);
