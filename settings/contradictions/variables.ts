// Variables that the app's owner sets and the environment contract sets too: one would silently win.
import { environmentContract, variableName, type ContractVariable } from "../../lib/environment-contract.ts";
import { removeCommand, settingPath } from "../problems.ts";
import type { Settings } from "../sections.ts";
import { contradiction } from "./contradiction.ts";

export const contractVariables = contradiction(["app", "cache", "broker", "exposure", "secrets"], (settings) => {
    const { app, secrets } = settings;
    const places = [
        { path: ["app", "environment"], names: Object.keys(app.environment) },
        { path: ["secrets", "environment"], names: Object.keys(secrets.environment) },
    ];
    const taken = new Map(
        environmentContract
            .filter((variable) => isSet(variable, settings))
            .map((variable) => [variableName(variable, app.environmentPrefix), variable] as const),
    );
    return places.flatMap(({ path, names }) =>
        names.flatMap((name) => {
            const variable = taken.get(name);
            return variable === undefined ? [] : [collision(settingPath([...path, name]), variable)];
        }),
    );
});

function collision(path: string, { decidedBy }: ContractVariable) {
    return {
        path,
        found: "a variable that every pod is given already",
        allowed: "any other name",
        fix: `${removeCommand(path)}; its value is decided by ${decidedBy}`,
    };
}

type Deciding = Pick<Settings, "app" | "cache" | "broker" | "exposure">;

/** What the environment does not have is the owner's to set: the address of a cache elsewhere, for example. */
function isSet({ needs }: ContractVariable, { app, cache, broker, exposure }: Deciding): boolean {
    switch (needs) {
        case undefined:
            return true;
        case "cache":
            return cache.variant !== "none";
        case "broker":
            return broker.variant !== "none";
        case "exposure":
            // Where TLS ends in front of the Gateway, only the owner knows the address that users see.
            return exposure.variant === "gateway" && !exposure.allowPlainHttp;
        case "superuser":
            return app.contract === "django" && app.release.superuser !== undefined;
        default:
            return needs satisfies never;
    }
}
