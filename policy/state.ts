// What Pulumi keeps, protects and names.
import { textOf, type Labels } from "./kubernetes.ts";
import { componentLabel, metadataOf, objectName, type PlanView } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

const stackType = "pulumi:pulumi:Stack";
const providerPrefix = "pulumi:providers:";

/** Longest names by kind, with what makes them shorter than an object's name may be. */
const nameLimits: Readonly<Record<string, readonly [limit: number, reason: string]>> = {
    Namespace: [63, "a DNS label"],
    Service: [63, "a DNS label"],
    // The label controller-revision-hash holds the name, a hyphen and ten characters.
    StatefulSet: [52, "the revision's label holds the name and eleven characters more"],
    Job: [63, "a label of its pods"],
    CronJob: [52, "its jobs' names have eleven characters more"],
    Gateway: [63, "controllers label what they make with it"],
    PersistentVolumeClaim: [63, "a DNS label on many provisioners"],
};
const anyName = 253;
const labelLimit = 63;

export const stateRules: readonly Rule[] = [
    rule("R67", "in production what holds data is protected, and its volumes stay", function* (view) {
        if (view.environmentKind !== "production") {
            return;
        }
        for (const resource of dataHolders(view)) {
            if (!resource.protect) {
                yield {
                    resource,
                    path: "protect",
                    found: "false",
                    allowed: "true",
                    fix: "set `protect`: a changed name or a destroy would delete what nobody can restore",
                };
            }
        }
        yield* claimRetention(view, "Retain", "set it: the volumes outlive the StatefulSet, whoever deletes it");
    }),
    rule("R68", "what is thrown away at will is not protected", function* (view) {
        if (isThrownAway(view)) {
            for (const resource of view.resources.filter(({ protect }) => protect)) {
                yield {
                    resource,
                    path: "protect",
                    found: "true",
                    allowed: "false",
                    fix: "protect in production only: `pulumi destroy` stops half-way",
                };
            }
        }
    }),
    rule("R69", "what is thrown away at will takes its volumes along", function* (view) {
        if (isThrownAway(view)) {
            yield* claimRetention(view, "Delete", "set it: volumes of environments that are gone cost money for ever");
        }
    }),
    rule("R71", "every name and label is within its limit", function* (view) {
        for (const resource of view.resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
            const kind = resource.type.split(":").at(-1)!;
            const [limit, reason] = nameLimits[kind] ?? [anyName, "an object's name"];
            const name = objectName(resource);
            if (name !== undefined && name.length > limit) {
                yield {
                    resource,
                    path: "metadata.name",
                    found: `${name} (${name.length} characters)`,
                    allowed: `at most ${limit}: ${reason}`,
                    fix: "shorten the app's, worker's or environment's name",
                };
            }
            yield* longLabels(resource, metadataOf(resource).labels, "metadata.labels");
        }
        for (const { resource, templatePath, podLabels, containers } of view.workloads) {
            yield* longLabels(resource, podLabels, `${templatePath}.metadata.labels`);
            for (const { path, ports = [] } of containers) {
                for (const { name } of ports.filter((port) => (port.name ?? "").length > 15)) {
                    yield { resource, path: `${path}.ports`, found: name, allowed: "at most 15 characters", fix: "shorten it" };
                }
            }
        }
    }),
    rule("R73", "the Kubernetes provider names its cluster for good", function* (view) {
        for (const resource of view.resources.filter(({ type }) => type === `${providerPrefix}kubernetes`)) {
            const identifier = resource.props["clusterIdentifier"];
            if (identifier === undefined || identifier === "") {
                yield {
                    resource,
                    path: "clusterIdentifier",
                    found: identifier,
                    allowed: "a name that stays",
                    fix: "set platform.clusterIdentifier: else a changed kubeconfig replaces everything",
                };
            }
        }
    }),
    rule("R76", "every resource belongs to a component and names its provider", function* (view) {
        for (const resource of view.resources) {
            if (resource.type.startsWith(providerPrefix) || resource.type === stackType || isComponent(resource)) {
                continue;
            }
            const parent = resource.parent === undefined ? undefined : view.get(resource.parent);
            if (parent === undefined || parent.type === stackType) {
                yield {
                    resource,
                    path: "parent",
                    found: parent === undefined ? "nothing" : "the stack",
                    allowed: "the component that creates it",
                    fix: "pass { parent: this }",
                };
            }
            const provider = resource.provider?.split("::")[3] ?? "";
            if (provider === "" || provider.startsWith("default")) {
                yield {
                    resource,
                    path: "provider",
                    found: provider === "" ? "nothing" : provider,
                    allowed: "a provider of the stack's own",
                    fix: "give the component `providers`: the default one uses whatever context is current",
                };
            }
        }
    }),
];

/** An environment on one's own machine, or one that lives as long as a pull request. */
function isThrownAway(view: PlanView): boolean {
    return view.environmentKind === "local" || view.environmentKind === "ephemeral";
}

/** The namespace, whose deletion takes all along, and whatever has volumes that nothing fills again. */
function dataHolders(view: PlanView): readonly PolicyResource[] {
    return [
        ...view.ofType("kubernetes:core/v1:Namespace"),
        ...view.workloads
            .filter(({ spec }) => (spec.volumeClaimTemplates ?? []).length > 0)
            .map(({ resource }) => resource),
        ...view
            .ofType("kubernetes:core/v1:PersistentVolumeClaim")
            .filter((claim) => metadataOf(claim).labels?.[componentLabel] !== "assets"),
    ];
}

function* claimRetention(view: PlanView, wanted: "Retain" | "Delete", fix: string): Generator<Finding> {
    for (const { resource, spec } of view.workloads.filter(({ spec }) => (spec.volumeClaimTemplates ?? []).length > 0)) {
        const found = spec.persistentVolumeClaimRetentionPolicy?.whenDeleted ?? "Retain";
        if (found !== wanted) {
            const path = "spec.persistentVolumeClaimRetentionPolicy.whenDeleted";
            yield { resource, path, found, allowed: wanted, fix };
        }
    }
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

/** A component is no provider's: its type is the project's own. */
function isComponent({ urn, type }: PolicyResource): boolean {
    return type.startsWith(`${urn.split("::")[1]}:`);
}
