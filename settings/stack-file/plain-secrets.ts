// Credentials that stand in a stack's file for everybody to read, wherever that is. A value is never shown.
import { secretIn } from "../../lib/secret-text.ts";
import { setSecretCommand, settingPath, type Problem } from "../problems.ts";
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
    return [
        {
            path,
            found: "a value in plain text",
            allowed: "encrypted values only",
            fix: `remove it, change it where it is used, then: ${setSecretCommand(path)}`,
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
    if (typeof value === "object") {
        const entries: [PropertyKey, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
        return entries.flatMap(([key, item]) => plainCredentials(item, [...keys, key], home));
    }
    if (typeof value !== "string") {
        return [];
    }
    const what = secretIn(nameOf(keys), value);
    return what === undefined
        ? []
        : [
              {
                  path: settingPath(keys),
                  found: `${what}, in plain text`,
                  allowed: "credentials in the section secrets only, encrypted",
                  fix: `take it out, change it where it is used, then: ${setSecretCommand(home(keys))}`,
              },
          ];
}

/** What the value is called; an entry of a list, as the list. */
function nameOf(keys: readonly PropertyKey[]): string {
    const name = keys.findLast((key) => typeof key === "string");
    // A path names a file, and a prefixed key a section.
    return name === undefined || name.includes("/") ? "" : (name.split(":").at(-1) ?? "");
}

/** The main app's secrets stand directly below `secrets`, those of others below their names. */
export function homeOfSecrets(apps: unknown, environment: unknown): SecretHome {
    return (keys) => {
        const [section, index, group, name] = keys;
        const isGroup = group === "environment" || group === "files";
        if (section !== "apps" || typeof index !== "number" || !isGroup || typeof name !== "string") {
            return settingPath(["secrets", "environment", "NAME"]);
        }
        const list = Array.isArray(apps) ? (apps as unknown[]) : [];
        const own = textAt(list[index], "name");
        const main = textAt(environment, "mainApp") ?? (list.length === 1 ? own : undefined);
        return settingPath(
            own === undefined || own === main ? ["secrets", group, name] : ["secrets", "apps", own, group, name],
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
