// Names within their limits (R71): one that is too long fails in the middle of an update, or is cut into that of another.
import { anyObject, resourceType } from "../lib/catalogue/index.ts";
import { textOf, type Labels } from "./kubernetes.ts";
import { metadataOf, objectName, type PlanView } from "./plan-view.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { inputOf } from "./setting.ts";

const kubernetesPrefix = "kubernetes:";
const labelLimit = 63;

/** What Pulumi puts behind a resource's own name when none is given: a hyphen and seven digits. */
const suffix = 8;

/** RFC 5280's upper bound of a common name. */
const commonNameLimit = 64;

/** Where it is said. Google's certificates have none, nor those of cert-manager that do not ask for one. */
const commonNames = [
    ["aws:acm/certificate:Certificate", "domainName"],
    ["kubernetes:cert-manager.io/v1:Certificate", "spec.commonName"],
] as const;

export const nameRules: readonly Rule[] = [
    rule("R71", "every name and label is within its limit", function* (view) {
        yield* longObjects(view);
        for (const { resource, templatePath, podLabels, containers } of view.workloads) {
            yield* longLabels(resource, podLabels, `${templatePath}.metadata.labels`);
            for (const { path, ports = [] } of containers) {
                for (const { name } of ports.filter((port) => (port.name ?? "").length > 15)) {
                    yield {
                        resource,
                        path: `${path}.ports`,
                        found: name,
                        allowed: "at most 15 characters",
                        fix: "shorten it",
                    };
                }
            }
        }
        for (const resource of view.resources) {
            yield* longInCloud(resource);
        }
    }),
    rule("R86", "names that are certified alone have at most 64 characters", function* (view) {
        for (const [type, path] of commonNames) {
            for (const resource of view.ofType(type)) {
                const name = textOf(inputOf(resource, path)) ?? "";
                if (name.length > commonNameLimit) {
                    yield {
                        resource,
                        path,
                        found: `${name} (${name.length} characters)`,
                        allowed: atMost(commonNameLimit, "no authority certifies a longer one"),
                        fix: "name a shorter host there, and this one among the certificate's other names",
                    };
                }
            }
        }
    }),
];

function* longObjects(view: PlanView): Generator<Finding> {
    for (const resource of view.resources.filter(({ type }) => type.startsWith(kubernetesPrefix))) {
        const { input, longest, because } = resourceType(resource.type)?.name ?? anyObject;
        const name = objectName(resource);
        if (name !== undefined && name.length > longest) {
            yield {
                resource,
                path: input,
                found: `${name} (${name.length} characters)`,
                allowed: atMost(longest, because),
                fix: "shorten the app's, worker's or environment's name",
            };
        }
        yield* longLabels(resource, metadataOf(resource).labels, "metadata.labels");
    }
}

function* longInCloud(resource: PolicyResource): Generator<Finding> {
    const { input, longest, because } = resourceType(resource.type)?.name ?? {};
    if (input === undefined || longest === undefined || resource.type.startsWith(kubernetesPrefix)) {
        return;
    }
    const given = resource.props[input];
    // A prefix gets what makes it unique from the cloud, within its limit.
    const prefixed = resource.props[`${input}Prefix`] !== undefined;
    if (prefixed || given instanceof UnknownValue) {
        return;
    }
    const name = textOf(given) ?? `${resource.name}-1234567`;
    if (name.length > longest) {
        yield {
            resource,
            path: input,
            found:
                given === undefined
                    ? `nothing, so ${resource.name} and ${suffix} characters more: ${name.length}`
                    : `${name} (${name.length} characters)`,
            allowed: atMost(longest, because),
            fix: "make it with cloudName() of lib/cloud-name.ts, or shorten the environment's name",
        };
    }
}

function atMost(longest: number, because: string | undefined): string {
    return `at most ${longest}${because === undefined ? "" : `: ${because}`}`;
}

function* longLabels(resource: PolicyResource, labels: Labels | undefined, path: string): Generator<Finding> {
    for (const [key, value] of Object.entries(labels ?? {})) {
        const text = textOf(value) ?? "";
        if (text.length > labelLimit) {
            yield {
                resource,
                path: `${path}["${key}"]`,
                found: `${text} (${text.length} characters)`,
                allowed: `at most ${labelLimit}`,
                fix: "shorten the name that it is made from",
            };
        }
    }
}
