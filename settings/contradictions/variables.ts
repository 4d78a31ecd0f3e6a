// Variables that an app's owner sets and the environment contract sets too: one would silently win.
import { environmentContract, variableName, type ContractVariable } from "../../lib/environment-contract.ts";
import type { AppSettings } from "../app.ts";
import { removeCommand, settingPath } from "../problems.ts";
import type { Settings } from "../sections.ts";
import { storeOf } from "../stores/entries.ts";
import { contradiction } from "./contradiction.ts";
import { appsWithSecrets } from "./secrets.ts";

const needed = ["apps", "environment", "database", "cache", "broker", "assets", "exposure", "secrets"] as const;

export const contractVariables = contradiction(needed, (settings) =>
    appsWithSecrets(settings).flatMap(({ app, at, secrets, secretsAt, main }) => {
        const places = [
            { path: [...at, "environment"], names: Object.keys(app.environment) },
            { path: [...secretsAt, "environment"], names: Object.keys(secrets.environment) },
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

type Deciding = Pick<Settings, "database" | "cache" | "broker" | "assets" | "exposure">;

/** What the environment does not have is the owner's to set: the address of a cache elsewhere, for example. */
function isSet({ needs }: ContractVariable, app: AppSettings, main: boolean, settings: Deciding): boolean {
    switch (needs) {
        case undefined:
            return true;
        case "cache":
            return storeOf(app, settings, "cache").variant !== "none";
        case "broker":
            return storeOf(app, settings, "broker").variant !== "none";
        case "buckets":
            return storeOf(app, settings, "assets").variant !== "whitenoise";
        case "pool":
            return "pool" in storeOf(app, settings, "database");
        case "sharing":
            return !main;
        case "exposure":
            // Where TLS ends in front of the way in, only the owner knows the address that users see.
            return (
                settings.exposure.variant === "platform" ||
                (settings.exposure.variant !== "none" && !settings.exposure.allowPlainHttp)
            );
        case "superuser":
            return app.contract === "django" && app.release.superuser !== undefined;
        default:
            return needs satisfies never;
    }
}
