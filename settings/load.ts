// Reads the stack's configuration from Pulumi and hands it on with every secret as a secret Output.
import * as pulumi from "@pulumi/pulumi";
import * as runtimeConfig from "@pulumi/pulumi/runtime/config.js";
import { adviceText, SettingsError, type Problem } from "./problems.ts";
import type { ResolvedApp } from "./resolve/apps.ts";
import { resolveSettings, type ResolvedSettings } from "./resolve/settings.ts";
import type { ResolvedStore } from "./resolve/stores.ts";
import { adviceOn, checkSettings } from "./settings.ts";

/** Final values; every secret is a secret Output. */
export type StackSettings = ResolvedSettings<pulumi.Output<string>>;
export type StackApp = ResolvedApp<pulumi.Output<string>>;
export type StackStore<Store> = ResolvedStore<Store, pulumi.Output<string>>;

/** Exported by the SDK for its own Config class, and left out of its typings. */
const { isConfigSecret } = runtimeConfig as unknown as { readonly isConfigSecret: (key: string) => boolean };

/**
 * The settings of the stack that runs now.
 *
 * @throws SettingsError when one is wrong, or a secret is where it can be read
 */
export function loadSettings(): StackSettings {
    const project = pulumi.getProject();
    const stack = pulumi.getStack();
    const prefix = `${project}:`;
    const raw: Record<string, unknown> = {};
    for (const [key, text] of Object.entries(pulumi.runtime.allConfig())) {
        if (key.startsWith(prefix)) {
            raw[key.slice(prefix.length)] = parse(text);
        }
    }
    const misplaced = Object.keys(raw).flatMap((name) => misplacedSecrets(name, isConfigSecret(prefix + name)));
    if (misplaced.length > 0) {
        // Before anything else is checked: a message about such a section could show what nobody may read.
        throw new SettingsError(`Pulumi.${stack}.yaml`, misplaced);
    }
    const settings = checkSettings(raw, stack);
    for (const advice of adviceOn(settings)) {
        void pulumi.log.warn(adviceText(advice));
    }
    return resolveSettings(settings, (text) => pulumi.secret(text));
}

/** A structured value arrives as JSON, a simple one as its text. */
function parse(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}

/** Secrets in plain text, and encrypted values where all is plain: those would be written into ConfigMaps and the state. */
function misplacedSecrets(section: string, encrypted: boolean): Problem[] {
    if (section === "secrets" && !encrypted) {
        return [
            {
                path: section,
                found: "values in plain text",
                allowed: "encrypted values only",
                fix: "remove them, then set each by: pulumi config set --secret --path 'secrets.NAME' (and replace what was written down)",
            },
        ];
    }
    if (section !== "secrets" && encrypted) {
        return [
            {
                path: section,
                found: "an encrypted value",
                allowed: "plain values only: they end in objects that everybody may read",
                fix: "remove it, then set it where secrets are, for example: pulumi config set --secret --path 'secrets.environment.NAME'",
            },
        ];
    }
    return [];
}
