// The keys of a stack's file outside of the sections: of the file itself, and of its configuration. What nothing reads is a mistake.
import { nearestWord } from "../../lib/nearest-word.ts";
import type { Problem } from "../problems.ts";
import { sectionNames, sections } from "../sections.ts";

/** A key of the configuration, taken apart. */
export interface ConfigKey {
    /** As it is written. */
    readonly key: string;
    /** Whose it is: the project's, Pulumi's, a provider's. Empty: it stands without a prefix, which Pulumi reads as the project's. */
    readonly prefix: string;
    readonly name: string;
}

/** @returns undefined for what Pulumi cannot take apart */
export function configKey(key: string): ConfigKey | undefined {
    const parts = key.split(":");
    if (parts.length === 1) {
        return { key, prefix: "", name: key };
    }
    const [prefix = "", second = "", third] = parts;
    if (parts.length === 2) {
        return { key, prefix, name: second };
    }
    // How Pulumi wrote keys long ago.
    return parts.length === 3 && second === "config" ? { key, prefix, name: third! } : undefined;
}

/** What the engine reads itself. */
const ownPrefix = "pulumi";

/** What sets with us what a provider's key sets elsewhere: here every provider is told all it needs by name. */
const settingsOfProviders: Readonly<Record<string, string>> = {
    "aws:region": "clouds.aws.region",
    "aws:allowedAccountIds": "clouds.aws.account",
    "aws:profile": "the variable AWS_PROFILE where pulumi runs",
    "aws:accessKey": "the variable AWS_ACCESS_KEY_ID where pulumi runs",
    "aws:secretKey": "the variable AWS_SECRET_ACCESS_KEY where pulumi runs",
    "gcp:project": "clouds.gcp.project",
    "gcp:region": "clouds.gcp.region",
    "gcp:zone": "clouds.gcp.region",
    "gcp:credentials": "the variable GOOGLE_CREDENTIALS where pulumi runs",
    "digitalocean:token": "the variable DIGITALOCEAN_ACCESS_TOKEN where pulumi runs",
    "kubernetes:context": "platform.context",
    "kubernetes:kubeconfig": "platform.kubeconfig",
    "kubernetes:namespace": "environment.namespace",
};

const providers = new Set([
    "aws",
    "aws-native",
    "azure",
    "azure-native",
    "cloudflare",
    "command",
    "digitalocean",
    "docker",
    "eks",
    "gcp",
    "github",
    "google-native",
    "kubernetes",
    "postgresql",
    "random",
    "tls",
]);

/** The section that is meant by a key that is not the project's; undefined when none is. */
export function meantSection({ prefix, name }: ConfigKey, project: string): string | undefined {
    return prefix !== project && prefix !== ownPrefix && Object.hasOwn(sections, name) ? name : undefined;
}

/**
 * What is wrong with a key of the configuration; nothing with those of the project, whose names are checked with the sections.
 *
 * @param taken whether the section is also there under its right name
 */
export function keyProblem(key: ConfigKey, project: string, taken: boolean): Problem | undefined {
    const { prefix, name } = key;
    if (prefix === project || prefix === ownPrefix) {
        return undefined;
    }
    const section = meantSection(key, project);
    if (section !== undefined) {
        return {
            path: key.key,
            found:
                prefix === ""
                    ? "a section without the project's name before it"
                    : `a section under the name ${JSON.stringify(prefix)}, which is not this project's`,
            allowed: `${project}:${section}, the only key that editors check and this program reads`,
            fix: taken
                ? `it is there too: put both together under ${project}:${section}`
                : `rename it to ${project}:${section}`,
        };
    }
    const nearest = nearestOf(name, sectionNames);
    if (prefix === "" || prefix === nearestOf(prefix, [project])) {
        return {
            path: key.key,
            found:
                prefix === ""
                    ? "a key that is no section, without the project's name before it"
                    : `a key under the name ${JSON.stringify(prefix)}, which is not this project's`,
            allowed: `the sections of this program: ${sectionNames.map((word) => `${project}:${word}`).join(", ")}`,
            fix: nearest === undefined ? "take it out" : `rename it to ${project}:${nearest}`,
        };
    }
    const setting = Object.hasOwn(settingsOfProviders, key.key) ? settingsOfProviders[key.key]! : undefined;
    return {
        path: key.key,
        found: providers.has(prefix)
            ? "a provider's key, which nothing reads: each provider here is told by the settings"
            : `a key under the name ${JSON.stringify(prefix)}, which nothing reads`,
        allowed: `keys that begin with ${project}: or ${ownPrefix}:`,
        fix:
            setting === undefined
                ? `take it out: pulumi config rm ${key.key}`
                : `take it out (pulumi config rm ${key.key}), and use ${setting}`,
    };
}

/** Nothing that long is a slip of the fingers. */
const longestTyped = 60;

/** @returns the word that was probably meant, undefined when none was */
export function nearestOf(typed: string, words: readonly string[]): string | undefined {
    return typed.length > longestTyped ? undefined : nearestWord(typed, words);
}
