// Several apps in one environment.
import type { AppSettings } from "../../app.ts";
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import { contradiction } from "../contradiction.ts";

/** Every app with the way to it. */
export function placedApps(
    apps: readonly AppSettings[],
): ReadonlyArray<{ readonly app: AppSettings; readonly at: readonly PropertyKey[] }> {
    return apps.map((app, index) => ({ app, at: ["apps", index] }));
}

export const twoAppsOfOneName = contradiction(["apps"], ({ apps }) =>
    repeated(apps.map(({ name }) => name)).map((index) => ({
        path: settingPath(["apps", index, "name"]),
        found: `${JSON.stringify(apps[index]!.name)}, the name of an app above`,
        allowed: "a name of its own: it is in the names of all that is made for the app",
        fix: setCommand(settingPath(["apps", index, "name"]), "NAME"),
    })),
);

export const twoAppsAtOneHost = contradiction(["apps"], ({ apps }) => {
    const hosts = apps.flatMap((app, index) =>
        app.hosts.map((host, position) => ({ host, path: settingPath(["apps", index, "hosts", position]) })),
    );
    return repeated(hosts.map(({ host }) => host)).map((index) => ({
        path: hosts[index]!.path,
        found: `${JSON.stringify(hosts[index]!.host)}, a host that is named before`,
        allowed: "each host once: a request goes to one app",
        fix: setCommand(hosts[index]!.path, "HOST"),
    }));
});

/** The position of everything that was there before. */
function repeated(words: readonly string[]): number[] {
    return words.flatMap((word, index) => (words.indexOf(word) < index ? [index] : []));
}

/** With one app it is clear; with several, the order of a list must not decide whose data is whose. */
export const mainApp = contradiction(["apps", "environment"], ({ apps, environment }): Problem[] => {
    const names = apps.map(({ name }) => name);
    const path = "environment.mainApp";
    if (!names.includes(environment.mainApp)) {
        return [
            {
                path,
                found: environment.mainApp === "" ? "nothing" : JSON.stringify(environment.mainApp),
                allowed: `the name of one of the apps: ${names.join(", ")}`,
                fix: setCommand(path, names[0]!),
            },
        ];
    }
    return [];
});
