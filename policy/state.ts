// What Pulumi keeps and protects, and what of an environment stays when it goes.
import { heldBy, resourceType, tokensWith } from "../lib/catalogue/index.ts";
import { clusterTypes } from "./cluster.ts";
import { textOf } from "./kubernetes.ts";
import { environmentLabel, isComponent, metadataOf, objectName, type PlanView } from "./plan-view.ts";
import { SecretValue, UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { isGiven, isNotTrue, isTrue, unmet, type Setting } from "./setting.ts";

const stackType = "pulumi:pulumi:Stack";
const providerPrefix = "pulumi:providers:";

/** The label of an ephemeral environment's Namespace that says how long it may live. */
const timeToLiveLabel = "django-on-kubernetes/ttl";

/** What a cloud or its provider refuses to delete. */
const deletable: readonly Setting[] = tokensWith(({ deletion }) => deletion !== undefined).flatMap((type) =>
    resourceType(type)!.deletion!.map(({ path, byDefault }) => ({
        type,
        path,
        byDefault,
        holds: isNotTrue,
        allowed: "false",
        fix: "set it, or `pulumi destroy` stops half-way",
    })),
);

/** What refuses to go while something is in it, or leaves something behind. */
const emptied: readonly Setting[] = [
    ...tokensWith(({ emptiedBy }) => emptiedBy !== undefined).map((type) => ({
        type,
        path: resourceType(type)!.emptiedBy!,
        byDefault: false,
        holds: isTrue,
        allowed: "true",
        fix: "set it: one that is not empty cannot be deleted",
    })),
    {
        type: "aws:rds/instance:Instance",
        path: "skipFinalSnapshot",
        byDefault: false,
        holds: isTrue,
        allowed: "true",
        fix: "set it: snapshots of environments that are gone cost money for ever",
    },
    {
        type: "aws:rds/instance:Instance",
        path: "deleteAutomatedBackups",
        byDefault: true,
        holds: isTrue,
        allowed: "true",
        fix: "remove it: backups of environments that are gone cost money",
    },
    {
        type: "aws:cloudwatch/logGroup:LogGroup",
        path: "skipDestroy",
        byDefault: false,
        holds: isNotTrue,
        allowed: "false",
        fix: "remove it: logs of environments that are gone cost money, and the next one of the same name fails at them",
    },
];

export const stateRules: readonly Rule[] = [
    rule("R67", "in production what holds data is protected, and its volumes stay", function* (view) {
        if (view.environmentKind !== "production") {
            return;
        }
        for (const resource of view.resources.filter(({ type, props }) => heldBy(type, props) !== undefined)) {
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
    rule("R68", "what is thrown away at will is not protected, and nothing of it stays", function* (view) {
        if (view.isThrownAway) {
            yield* protectedByPulumi(view);
            yield* unmet(view, deletable);
            for (const resource of view.resources) {
                const policy = resource.props["deletionPolicy"];
                // Google takes hours to let a peering go after its last store; it goes with the network instead.
                const goesAlong =
                    policy === "ABANDON" && resource.type === "gcp:servicenetworking/connection:Connection";
                if (resource.type.startsWith("gcp:") && (policy === "PREVENT" || policy === "ABANDON") && !goesAlong) {
                    yield {
                        resource,
                        path: "deletionPolicy",
                        found: policy,
                        allowed: "DELETE",
                        fix: "remove it: the environment is to go whole",
                    };
                }
            }
        }
    }),
    rule("R69", "what is thrown away at will takes its volumes, files and snapshots along", function* (view) {
        if (view.isThrownAway) {
            yield* claimRetention(view, "Delete", "set it: volumes of environments that are gone cost money for ever");
            yield* unmet(view, emptied);
        }
    }),
    rule("R70", "an ephemeral environment has a quota, limits and a time to live", function* (view) {
        if (view.environmentKind !== "ephemeral") {
            return;
        }
        for (const namespace of view.ofType("kubernetes:core/v1:Namespace")) {
            const { labels } = metadataOf(namespace);
            if (labels?.[environmentLabel] === undefined) {
                continue;
            }
            for (const kind of ["ResourceQuota", "LimitRange"]) {
                const there = view
                    .ofType(`kubernetes:core/v1:${kind}`)
                    .some((resource) => textOf(metadataOf(resource).namespace) === objectName(namespace));
                if (!there) {
                    yield {
                        resource: namespace,
                        path: "",
                        found: `no ${kind} in it`,
                        allowed: `a ${kind}`,
                        fix: "create one: a pull request must not take the nodes of all others",
                    };
                }
            }
            if (!isGiven(labels[timeToLiveLabel])) {
                yield {
                    resource: namespace,
                    path: `metadata.labels["${timeToLiveLabel}"]`,
                    found: undefined,
                    allowed: 'whole hours or days, for example "72h"',
                    fix: "set it: whoever cleans up has to know what may go",
                };
            }
        }
    }),
    rule("R73", "the Kubernetes provider names its cluster for good", function* (view) {
        for (const resource of view.ofType(`${providerPrefix}kubernetes`)) {
            const identifier = resource.props["clusterIdentifier"];
            if (identifier === undefined || identifier === "" || identifier instanceof UnknownValue) {
                yield {
                    resource,
                    path: "clusterIdentifier",
                    found:
                        identifier instanceof UnknownValue
                            ? "a name that is known only when the cluster is there"
                            : identifier,
                    allowed: "a name that stays, and is known before the cluster is made",
                    fix: "set platform.clusterIdentifier, for a new cluster the name it is given: else a changed kubeconfig replaces everything",
                };
            }
            yield* storedToken(view, resource);
        }
    }),
    rule("R76", "every resource belongs to a component and names its provider", function* (view) {
        for (const resource of view.resources) {
            // A StackReference is the engine's own.
            if (resource.type.startsWith("pulumi:") || isComponent(resource)) {
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

function* protectedByPulumi(view: PlanView): Generator<Finding> {
    for (const resource of view.resources) {
        const options = [
            ["protect", resource.protect, "protect in production only: `pulumi destroy` stops half-way"],
            [
                "retainOnDelete",
                resource.retainOnDelete === true && !isPatch(resource),
                "remove it: nobody would know that it is still there, and paid for",
            ],
        ] as const;
        for (const [path, , fix] of options.filter(([, isSet]) => isSet)) {
            yield { resource, path, found: "true", allowed: "false", fix };
        }
    }
}

/** What is patched is another resource's, and goes with that. */
function isPatch({ type }: PolicyResource): boolean {
    return /^kubernetes:[^:]+:\w+Patch$/.test(type);
}

/** DigitalOcean's tokens end after 7 days; a key that stands in a state, opens the cluster for whoever reads it. */
function* storedToken(view: PlanView, provider: PolicyResource): Generator<Finding> {
    const creates = clusterTypes.some((type) => view.ofType(type).length > 0);
    const given = provider.props["kubeconfig"];
    const holds = (value: unknown): boolean => /^[ \t]*"?(token|client-key-data)"?:/m.test(textOf(value) ?? "");
    const found = given instanceof SecretValue ? given.examine(holds) : holds(given);
    if (creates && found) {
        yield {
            resource: provider,
            path: "kubeconfig",
            found: "a token or a key",
            allowed: "an exec plugin of the cloud, which asks for a token when one is needed",
            fix: "use `exec`: what is stored, ends or leaks",
        };
    }
}

function* claimRetention(view: PlanView, wanted: "Retain" | "Delete", fix: string): Generator<Finding> {
    for (const { resource, spec } of view.workloads.filter(
        ({ spec }) => (spec.volumeClaimTemplates ?? []).length > 0,
    )) {
        const found = spec.persistentVolumeClaimRetentionPolicy?.whenDeleted ?? "Retain";
        if (found !== wanted) {
            const path = "spec.persistentVolumeClaimRetentionPolicy.whenDeleted";
            yield { resource, path, found, allowed: wanted, fix };
        }
    }
}
