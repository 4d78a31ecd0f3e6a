// What pods may do at the Kubernetes API: nothing.
import { textOf } from "./kubernetes.ts";
import { metadataOf } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";
import { rule, type Rule } from "./rule.ts";

const serviceAccount = "kubernetes:core/v1:ServiceAccount";

export const accessRules: readonly Rule[] = [
    rule("R44", "no pod gets a token of the API", function* (view) {
        const allowed = "false";
        const fix = "set it: Django does not talk to the API, and whoever breaks into a pod must not either";
        for (const { resource, pod, templatePath } of view.workloads) {
            if (pod.automountServiceAccountToken !== false) {
                const path = `${templatePath === "" ? "" : `${templatePath}.`}spec.automountServiceAccountToken`;
                yield { resource, path, found: pod.automountServiceAccountToken, allowed, fix };
            }
        }
        for (const resource of view.ofType(serviceAccount)) {
            const found = resource.props["automountServiceAccountToken"];
            if (found !== false) {
                yield { resource, path: "automountServiceAccountToken", found, allowed, fix };
            }
        }
    }),
    rule("R45", "every app and store has a ServiceAccount of its own", function* (view) {
        for (const { resource, pod, templatePath, namespace } of view.workloads) {
            const path = `${templatePath === "" ? "" : `${templatePath}.`}spec.serviceAccountName`;
            const name = textOf(pod.serviceAccountName);
            const account = view.find(serviceAccount, name, namespace);
            if (account === undefined || account.parent !== resource.parent) {
                yield {
                    resource,
                    path,
                    found:
                        account === undefined ? (name ?? "the namespace's default") : `${name}, of ${nameOf(account)}`,
                    allowed: "a ServiceAccount that the same component creates",
                    fix: "create one beside it: permissions given to one would be everybody's",
                };
            }
        }
    }),
    rule("R51", "no role has a wildcard", function* (view) {
        for (const resource of view.resources.filter(({ type }) => /:(Cluster)?Role$/.test(type))) {
            const rules = (resource.props["rules"] ?? []) as ReadonlyArray<Readonly<Record<string, unknown>>>;
            for (const [index, entry] of rules.entries()) {
                for (const field of ["apiGroups", "resources", "verbs"]) {
                    const values = entry[field];
                    if (Array.isArray(values) && values.includes("*")) {
                        yield {
                            resource,
                            path: `rules[${index}].${field}`,
                            found: "*",
                            allowed: "each by its name",
                            fix: "name what is needed: a wildcard also takes in what is added later",
                        };
                    }
                }
            }
        }
        for (const resource of view.resources.filter(({ type }) => /:(Cluster)?RoleBinding$/.test(type))) {
            const { name } = (resource.props["roleRef"] ?? {}) as { readonly name?: string };
            if (name === "cluster-admin" || name === "admin" || name === "edit") {
                yield {
                    resource,
                    path: "roleRef.name",
                    found: name,
                    allowed: "a role that names what is needed",
                    fix: "bind a role of its own",
                };
            }
        }
    }),
];

function nameOf(resource: PolicyResource): string {
    return resource.parent?.split("::").at(-1) ?? textOf(metadataOf(resource).name) ?? resource.name;
}
