// Reads the stack's configuration from Pulumi and hands it on with every secret as a secret Output.
import * as pulumi from "@pulumi/pulumi";
import * as runtimeConfig from "@pulumi/pulumi/runtime/config.js";
import { SettingsError, type Problem } from "./problems.ts";
import type { PlainAppSecrets, PlainSecrets } from "./secrets.ts";
import type { Settings } from "./sections.ts";
import { checkSettings } from "./settings.ts";

/** What PlainAppSecrets is, once the values may no longer be read. Names and paths are not secret. */
export interface AppSecrets {
    readonly environment: Readonly<Record<string, pulumi.Output<string>>>;
    readonly files: Readonly<Record<string, pulumi.Output<string>>>;
    readonly registryPassword?: pulumi.Output<string>;
    readonly superuserPassword?: pulumi.Output<string>;
    readonly secretKey?: pulumi.Output<string>;
    readonly databasePassword?: pulumi.Output<string>;
    readonly cachePassword?: pulumi.Output<string>;
    readonly brokerPassword?: pulumi.Output<string>;
}

/** Of the main app and the shared stores, and by name of the other apps. */
export interface Secrets extends AppSecrets {
    readonly apps: Readonly<Record<string, AppSecrets>>;
    readonly digitaloceanDnsToken?: pulumi.Output<string>;
}

export type StackSettings = Omit<Settings, "secrets"> & { readonly secrets: Secrets };

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
    const { secrets, ...settings } = checkSettings(raw, stack);
    return { ...settings, secrets: protect(secrets) };
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

function protect({ apps, digitaloceanDnsToken: token, ...main }: PlainSecrets): Secrets {
    const protectedApps = Object.entries(apps).map(([name, secrets]) => [name, protectApp(secrets)] as const);
    return {
        ...protectApp(main),
        apps: Object.fromEntries(protectedApps),
        ...(token !== undefined && { digitaloceanDnsToken: pulumi.secret(token) }),
    };
}

function protectApp({ environment, files, ...single }: PlainAppSecrets): AppSecrets {
    const all = (values: Record<string, string | undefined>) =>
        Object.fromEntries(
            Object.entries(values).flatMap(([name, value]) =>
                value === undefined ? [] : [[name, pulumi.secret(value)]],
            ),
        );
    return { environment: all(environment), files: all(files), ...all(single) };
}
