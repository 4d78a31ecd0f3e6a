// Credentials that stand in a stack's file for everybody to read, wherever that is. A value is never shown.
import { credentialIn, isCredential, secretIn } from "../../lib/secret-text.ts";
import { setSecretCommand, settingPath, type Problem } from "../problems.ts";
import { isSealed } from "../../lib/sealed-text.ts";
import { isEncrypted } from "./encrypted.ts";

/**
 * Everything in the section `secrets` that is not encrypted.
 *
 * @param value of the section, or what stands at `keys` in it
 */
export function plainInSecrets(value: unknown, keys: readonly PropertyKey[] = ["secrets"]): Problem[] {
    if (value === undefined || value === null || isEncrypted(value)) {
        return [];
    }
    if (typeof value === "object") {
        return Object.entries(value).flatMap(([key, item]) => plainInSecrets(item, [...keys, key]));
    }
    const path = settingPath(keys);
    // A value where names belong, or in a list, would not be in its place either once it is encrypted.
    const isInPlace = keys.length > 1 && keys.every((key) => typeof key === "string" && !/^[0-9]+$/.test(key));
    const home = isInPlace ? path : settingPath(["secrets", "environment", "NAME"]);
    return [
        {
            path,
            found: "a value in plain text",
            allowed: "encrypted values only",
            fix: `remove it, change it where it is used, then: ${setSecretCommand(home)}`,
        },
    ];
}

/** Where the apps' secrets belong, by what stands in the section `apps`. */
export type SecretHome = (keys: readonly PropertyKey[]) => string;

/**
 * What looks like a credential anywhere else: by its name, or by itself.
 *
 * @param keys the way to the value
 * @param home where it belongs, as a path below `secrets`
 */
export function plainCredentials(value: unknown, keys: readonly PropertyKey[], home: SecretHome): Problem[] {
    if (value === null || isEncrypted(value)) {
        return [];
    }
    if (Array.isArray(value)) {
        const items: readonly unknown[] = value;
        return items.flatMap((item, index) => {
            const path = [...keys, index];
            const option = typeof item === "string" ? secretOption(item, items[index - 1]) : undefined;
            return option === undefined
                ? plainCredentials(item, path, home)
                : [plainCredential(path, `a value of the option ${option}`, home)];
        });
    }
    if (typeof value === "object") {
        return Object.entries(value).flatMap(([key, item]) => {
            const name = credentialIn(key);
            const below = plainCredentials(item, [...keys, key], home);
            return name === undefined ? below : [plainCredential([...keys, key], `${name} as a name`, home), ...below];
        });
    }
    // What kubeseal encrypted is for everybody to see.
    if (typeof value !== "string" || (keys[0] === "secretObjects" && isSealed(value))) {
        return [];
    }
    const what = secretIn(nameOf(keys), value);
    return what === undefined ? [] : [plainCredential(keys, what, home)];
}

function plainCredential(keys: readonly PropertyKey[], what: string, home: SecretHome): Problem {
    const ofCloud = keys.includes("clouds");
    return {
        path: settingPath(keys),
        found: `${what}, in plain text`,
        allowed: ofCloud
            ? "no login of a cloud's: whoever runs pulumi has it in the environment"
            : "credentials in the section secrets only, encrypted",
        fix: ofCloud
            ? "take it out, change it where it is used, and log in where pulumi runs, as docs/clouds say"
            : `take it out, change it where it is used, then: ${setSecretCommand(home(keys))}`,
    };
}

/** `--password hunter2` as two words of a command, or `--password=hunter2` as one. */
function secretOption(word: string, before: unknown): string | undefined {
    const [, option = "", value] = /^(--?[A-Za-z][A-Za-z0-9_-]{0,80})(?:=(.*))?$/s.exec(word) ?? [];
    if (value !== undefined) {
        return isCredential(option, value) ? option : undefined;
    }
    const isOption = typeof before === "string" && /^--?[A-Za-z][A-Za-z0-9_-]{0,80}$/.test(before);
    return isOption && !word.startsWith("-") && isCredential(before, word) ? before : undefined;
}

/** What the value is called; an entry of a list, as the list. */
function nameOf(keys: readonly PropertyKey[]): string {
    const name = keys.findLast((key) => typeof key === "string");
    // A path names a file, and a prefixed key a section.
    return name === undefined || name.includes("/") ? "" : (name.split(":").at(-1) ?? "");
}

/** What holds which of an app's secrets, elsewhere than among variables and files. */
const singleSecrets: Readonly<Record<string, string>> = {
    registry: "registryPassword",
    superuser: "superuserPassword",
    database: "databasePassword",
    cache: "cachePassword",
    broker: "brokerPassword",
    registryPassword: "registryPassword",
    superuserPassword: "superuserPassword",
    databasePassword: "databasePassword",
    cachePassword: "cachePassword",
    brokerPassword: "brokerPassword",
    secretKey: "secretKey",
};

/** The main app's secrets stand directly below `secrets`, those of others below their names. */
export function homeOfSecrets(apps: unknown, environment: unknown): SecretHome {
    return (keys) => {
        const [section, index, group, name] = keys;
        const isGroup = (group === "environment" || group === "files") && typeof name === "string";
        const single = keys
            .filter((key): key is string => typeof key === "string" && Object.hasOwn(singleSecrets, key))
            .map((key) => singleSecrets[key]!)
            .at(-1);
        const place = isGroup ? [group, name] : single === undefined ? ["environment", "NAME"] : [single];
        if (section !== "apps" || typeof index !== "number") {
            return settingPath(["secrets", ...place]);
        }
        const list = Array.isArray(apps) ? (apps as unknown[]) : [];
        const own = textAt(list[index], "name");
        const main = textAt(environment, "mainApp") ?? (list.length === 1 ? own : undefined);
        return settingPath(
            own === undefined || own === main ? ["secrets", ...place] : ["secrets", "apps", own, ...place],
        );
    };
}

function textAt(value: unknown, key: string): string | undefined {
    const found =
        value !== null && typeof value === "object" && Object.hasOwn(value, key)
            ? (value as Readonly<Record<string, unknown>>)[key]
            : undefined;
    return typeof found === "string" ? found : undefined;
}
