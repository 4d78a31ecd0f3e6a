// Secrets stand in Secrets, and nowhere that is printed, listed or kept in plain text.
import { textOf } from "./kubernetes.ts";
import { SecretValue } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import type { PolicyResource } from "./resource.ts";

/** Names whose value is a credential; a name that goes on (PASSWORD_RESET_TIMEOUT) is a setting about one. */
const credentialName =
    /(^|[_.-])(password|passwd|passphrase|secret|secret[_-]?key|token|auth[_-]?token|api[_-]?key|license[_-]?key|access[_-]?key|private[_-]?key|credentials?)$/i;

/** Values that are credentials wherever they stand, with what they are called. */
const credentialValues: ReadonlyArray<readonly [name: string, pattern: RegExp]> = [
    ["a URL with a password", /[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:[^\s/@]+@/i],
    ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
    ["an AWS access key", /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
    ["a Google API key", /\bAIza[0-9A-Za-z_-]{35}\b/],
    ["a GitHub token", /\b(gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{22,})\b/],
    ["a GitLab token", /\bglpat-[0-9A-Za-z_-]{20,}\b/],
    ["a Slack token", /\bxox[abprs]-[0-9A-Za-z-]{10,}/],
    ["a Stripe key", /\b[rs]k_(live|test)_[0-9A-Za-z]{16,}/],
    ["a JSON web token", /\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}/],
];

/** A line of an ini, env or properties file. */
const assignment = /^\s*([A-Za-z0-9_.-]+)\s*[=:]\s*(\S.*?)\s*$/;

/** Words that stand for a credential without being one. */
const harmless = /^(true|false|yes|no|on|off|none|null|[0-9.]+|\$\{?[A-Za-z_].*|%\(.*\)s|\/.*|<.*>)$/i;

const fix =
    "set it by: pulumi config set --secret --path 'secrets.environment.NAME' (or secrets.files), and change what was written down";

export const secretRules: readonly Rule[] = [
    rule("R50", "no secret stands outside a Secret", function* (view) {
        for (const resource of view.resources) {
            // A cloud's own resources take passwords as inputs, which the state keeps encrypted.
            if (!resource.type.startsWith("kubernetes:")) {
                continue;
            }
            const isSecret = resource.type === "kubernetes:core/v1:Secret";
            for (const [key, value] of Object.entries(resource.props)) {
                if (!isSecret || (key !== "data" && key !== "stringData")) {
                    yield* secretsIn(resource, value, key);
                }
            }
        }
        for (const resource of view.resources) {
            yield* literalsIn(resource, resource.props["metadata"], "metadata");
            if (resource.type !== "kubernetes:core/v1:Secret") {
                for (const key of Object.keys(resource.props).filter((name) => name !== "metadata")) {
                    yield* literalsIn(resource, resource.props[key], key, key);
                }
            }
        }
    }),
];

/** Values that the program knows to be secret. */
function* secretsIn(resource: PolicyResource, value: unknown, path: string): Generator<Finding> {
    if (value instanceof SecretValue) {
        yield {
            resource,
            path,
            found: "a secret value",
            allowed: "data and stringData of a Secret",
            fix: "put it into a Secret, and let the pod read it from there",
        };
        return;
    }
    for (const [key, item] of entriesOf(value)) {
        yield* secretsIn(resource, item, pathOf(path, key, Array.isArray(value)));
    }
}

/** Text that looks like a credential: by its name, or by itself. */
function* literalsIn(resource: PolicyResource, value: unknown, path: string, name = ""): Generator<Finding> {
    const text = textOf(value);
    if (text !== undefined) {
        const what = describe(name, text);
        if (what !== undefined) {
            // What was found is never shown: the message may end up in a log.
            yield { resource, path, found: what, allowed: "a reference to a Secret", fix };
        }
        return;
    }
    // { name: "API_KEY", value: "..." }: the name is that of the variable, not of the field.
    const named = isVariable(value) ? value.name : undefined;
    for (const [key, item] of entriesOf(value)) {
        const own = named !== undefined && key === "value" ? named : key;
        yield* literalsIn(resource, item, pathOf(path, key, Array.isArray(value)), own);
    }
}

function describe(name: string, text: string): string | undefined {
    const known = credentialValues.find(([, pattern]) => pattern.test(text));
    if (known !== undefined) {
        return known[0];
    }
    if (isCredential(name, text)) {
        return `a value under the name ${name}`;
    }
    for (const line of text.includes("\n") ? text.split("\n") : []) {
        const [, key = "", value = ""] = assignment.exec(line) ?? [];
        if (isCredential(key, value)) {
            return `a value under the name ${key}`;
        }
    }
    return undefined;
}

function isCredential(name: string, value: string): boolean {
    return credentialName.test(name) && value !== "" && !harmless.test(value);
}

function isVariable(value: unknown): value is { readonly name: string } {
    return (
        value !== null &&
        typeof value === "object" &&
        "name" in value &&
        "value" in value &&
        typeof value.name === "string"
    );
}

function entriesOf(value: unknown): ReadonlyArray<readonly [string, unknown]> {
    return value !== null && typeof value === "object" ? Object.entries(value) : [];
}

function pathOf(path: string, key: string, isList: boolean): string {
    if (isList) {
        return `${path}[${key}]`;
    }
    return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
