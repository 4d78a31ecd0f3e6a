// Reads the stack's configuration from Pulumi and hands it on with every secret as a secret Output.
import * as pulumi from "@pulumi/pulumi";
import * as runtimeConfig from "@pulumi/pulumi/runtime/config.js";
import type { SecretToRead } from "./existing-secrets.ts";
import { longConfiguration } from "./long-configuration.ts";
import { ownPlatform } from "./own-platform.ts";
import { ownFile, placed } from "./places.ts";
import { adviceText, SettingsError, type Problem } from "./problems.ts";
import type { ResolvedApp } from "./resolve/apps.ts";
import { resolveSettings, type ResolvedSettings } from "./resolve/settings.ts";
import type { ResolvedStore } from "./resolve/stores.ts";
import type { Settings } from "./sections.ts";
import { adviceOn, checkSettings } from "./settings.ts";
import type { StackContents } from "./stack-file/contents.ts";
import { configKey, keyProblem, meantSection } from "./stack-file/keys.ts";
import { homeOfSecrets, plainCredentials } from "./stack-file/plain-secrets.ts";
import { stackFileName } from "./stack-file/read.ts";
import { unusableNames } from "./unusable-names.ts";

/** Final values; every secret is a secret Output. */
export type StackSettings = ResolvedSettings<pulumi.Output<string>>;
export type StackApp = ResolvedApp<pulumi.Output<string>>;
export type StackStore<Store> = ResolvedStore<Store, pulumi.Output<string>>;

/** Exported by the SDK for its own Config class, and left out of its typings. */
const { isConfigSecret } = runtimeConfig as unknown as { readonly isConfigSecret: (key: string) => boolean };

/**
 * The settings of the stack that runs now.
 *
 * @param existing the value of a key of a Secret in the cluster, once it is read
 * @throws SettingsError that lists everything that is wrong, also of what stands in the stack's file and Pulumi does not hand over
 */
export function loadSettings(existing: (key: SecretToRead) => pulumi.Output<string>): StackSettings {
    const contents = ownFile();
    const settings = checked(givenSections(contents), contents);
    const file = stackFileName(pulumi.getStack());
    const told = [...adviceOn(settings), ...longConfiguration(pulumi.runtime.allConfig())];
    for (const advice of placed(told, contents)) {
        void pulumi.log.warn(adviceText(advice, file));
    }
    return resolveSettings(settings, (text) => pulumi.secret(text), existing);
}

interface GivenSections {
    readonly raw: Readonly<Record<string, unknown>>;
    /** Sections whose values are not looked at: a message about them could show what nobody may read. */
    readonly hidden: ReadonlySet<string>;
    /** What is wrong beside the sections themselves. */
    readonly problems: readonly Problem[];
}

/** The sections as they are given, also those under a wrong key, so that what is wrong in them is told at once. */
function givenSections(contents: StackContents | undefined): GivenSections {
    const project = pulumi.getProject();
    const config = pulumi.runtime.allConfig();
    const found = new Map<string, unknown>(contents?.outside);
    const hidden = new Set<string>();
    const problems: Problem[] = [];
    const ofKeys: (Problem | undefined)[] = [];
    for (const [key, text] of Object.entries(config)) {
        const parsed = configKey(key);
        const name = parsed?.prefix === project ? parsed.name : parsed && meantSection(parsed, project);
        const taken = key !== `${project}:${name}` && Object.hasOwn(config, `${project}:${name}`);
        ofKeys.push(parsed && keyProblem(parsed, project, taken));
        if (name === undefined || taken) {
            continue;
        }
        const misplaced = misplacedSecrets(name, isConfigSecret(key), contents !== undefined);
        problems.push(...misplaced);
        if (name !== "secrets" && misplaced.length > 0) {
            hidden.add(name);
        } else {
            found.set(name, parse(text));
        }
    }
    const raw = Object.fromEntries(found);
    // The file tells more of keys and credentials than what Pulumi hands over of it.
    const ofFile = contents?.problems ?? [...ofKeys.filter((problem) => problem !== undefined), ...credentialsIn(raw)];
    return { raw, hidden, problems: [...ofFile, ...problems, ...unusableNames(raw)] };
}

function credentialsIn(raw: Readonly<Record<string, unknown>>): Problem[] {
    const home = homeOfSecrets(raw["apps"], raw["environment"]);
    return Object.entries(raw).flatMap(([name, value]) =>
        name === "secrets" ? [] : plainCredentials(value, [name], home),
    );
}

/** @throws SettingsError with the problems, and with those of the sections */
function checked({ raw, hidden, problems }: GivenSections, contents: StackContents | undefined): Settings {
    const stack = pulumi.getStack();
    const file = stackFileName(stack);
    if (contents?.hasSettings === false) {
        throw new SettingsError(file, problems);
    }
    const known = [...problems, ...ownPlatform(raw["platform"])];
    try {
        const settings = checkSettings(raw, stack);
        if (known.length === 0) {
            return settings;
        }
        throw new SettingsError(file, placed(known, contents));
    } catch (error) {
        if (!(error instanceof SettingsError) || error.problems.length === 0) {
            throw error;
        }
        const told = new Set(known.map(({ path }) => path));
        const others = error.problems.filter(({ path }) => !told.has(path) && !hidden.has(path.split(/[.[]/, 1)[0]!));
        throw new SettingsError(file, placed([...known, ...others], contents));
    }
}

/** A structured value arrives as JSON, a simple one as its text; a key with nothing behind it as no text. */
function parse(text: string): unknown {
    try {
        return text === "" ? null : (JSON.parse(text) as unknown);
    } catch {
        return text;
    }
}

/**
 * Secrets in plain text, and encrypted values where all is plain: those would be written into ConfigMaps and the state.
 *
 * @param hasFile whether the file tells of each secret whether it is encrypted
 */
function misplacedSecrets(section: string, encrypted: boolean, hasFile: boolean): Problem[] {
    if (section === "secrets" && !encrypted && !hasFile) {
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
