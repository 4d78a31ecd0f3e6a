// Secrets stand in Secrets, and nowhere that is printed, listed or kept in plain text.
import { secretIn } from "../lib/secret-text.ts";
import { objectOf, textOf } from "./kubernetes.ts";
import { metadataOf } from "./plan-view.ts";
import { SecretValue } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import type { PolicyResource } from "./resource.ts";
import { secretsReadBy } from "./secret-readers.ts";
import { listOf } from "./setting.ts";

const fix =
    "set it by: pulumi config set --secret --path 'secrets.environment.NAME' (or secrets.files), and change what was written down";

/**
 * Where a name like a credential's says nothing of the text below it: what an entry of a Secret will be called, and what the controller
 * of one cluster alone can open.
 *
 * @see https://external-secrets.io/latest/api/externalsecret/
 * @see https://github.com/bitnami-labs/sealed-secrets#overview
 */
const namesAlone: Readonly<Record<string, RegExp>> = {
    "kubernetes:external-secrets.io/v1:ExternalSecret": /^spec\.data\[\d+\]\.secretKey$/,
    "kubernetes:bitnami.com/v1alpha1:SealedSecret": /^spec\.encryptedData[.[]/,
};

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
    rule("R93", "an app's secrets reach that app alone", function* (view) {
        const apps = view.apps();
        for (const workload of view.workloads) {
            for (const { secret, at } of secretsReadBy(view, workload)) {
                const { parent } = secret;
                if (parent !== undefined && apps.has(parent) && parent !== workload.resource.parent) {
                    yield {
                        resource: workload.resource,
                        path: at,
                        found: `${secret.name}, of ${lastWord(parent)}`,
                        allowed: `Secrets of ${lastWord(workload.resource.parent ?? "its own")}, or of a store that it uses`,
                        fix: "give it a Secret of its own with what it needs: who takes over one app must not have the others' keys",
                    };
                }
            }
        }
        const namespaces = new Set([...apps.values()].flat().map(({ namespace }) => namespace));
        for (const role of view.ofType("kubernetes:rbac.authorization.k8s.io/v1:Role")) {
            if (namespaces.has(textOf(metadataOf(role).namespace))) {
                yield* readersOfAll(role);
            }
        }
    }),
];

/** Of a namespace's Secrets nothing says whose each is: who may read them reads those of all apps. */
function* readersOfAll(role: PolicyResource): Generator<Finding> {
    for (const [index, entry] of listOf(role.props["rules"]).entries()) {
        const { resources, resourceNames } = objectOf(entry);
        if (listOf(resources).some((one) => one === "secrets" || one === "*") && listOf(resourceNames).length === 0) {
            yield {
                resource: role,
                path: `rules[${index}].resources`,
                found: "secrets, whichever",
                allowed: "secrets by resourceNames, or none",
                fix: "name them: apps of one namespace keep their secrets from one another",
            };
        }
    }
}

function lastWord(urn: string): string {
    return urn.split("::").at(-1)!;
}

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
        const what = secretIn(namesAlone[resource.type]?.test(path) === true ? "" : name, text);
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
