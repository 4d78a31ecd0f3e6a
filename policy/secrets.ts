// Secrets stand in Secrets, and nowhere that is printed, listed or kept in plain text.
import { secretIn } from "../lib/secret-text.ts";
import { textOf } from "./kubernetes.ts";
import { SecretValue } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import type { PolicyResource } from "./resource.ts";

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
        const what = secretIn(name, text);
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
