// The disks of stateful sets: what is asked for has to reach the claims, for a claim template never changes.
import { bytesOf, textOf } from "./kubernetes.ts";
import { metadataOf, objectName, type PlanView, type Workload } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

const patches = "kubernetes:core/v1:PersistentVolumeClaimPatch";

interface ClaimTemplate {
    readonly metadata?: { readonly name?: unknown };
    readonly spec?: ClaimSpec;
}

interface ClaimSpec {
    readonly resources?: { readonly requests?: { readonly storage?: unknown } };
}

export const growthRules: readonly Rule[] = [
    rule("R136", "disks of a stateful set are given their size, not less than the first one", function* (view) {
        for (const workload of view.workloads.filter(({ kind }) => kind === "StatefulSet")) {
            yield* ofClaims(view, workload);
        }
    }),
];

function* ofClaims(view: PlanView, { resource, spec, name, namespace }: Workload): Generator<Finding> {
    const templates: unknown = spec.volumeClaimTemplates;
    // Not a list: not known before the update.
    for (const [index, template] of (Array.isArray(templates) ? (templates as ClaimTemplate[]) : []).entries()) {
        const { metadata, spec: asked } = template;
        for (let ordinal = 0; ordinal < (spec.replicas ?? 1); ordinal++) {
            const claim = `${textOf(metadata?.name)}-${name}-${ordinal}`;
            const patch = patchOf(view, claim, namespace);
            if (patch === undefined) {
                yield {
                    resource,
                    path: `spec.volumeClaimTemplates[${index}].spec.resources.requests.storage`,
                    found: `no PersistentVolumeClaimPatch of ${claim}`,
                    allowed: "one for each pod's claim",
                    fix: "call growClaims (components/volume/growth.ts): another size would otherwise be ignored, or replace the stateful set",
                };
                continue;
            }
            const [least, size] = [sizeOf(asked), sizeOf(patch.props["spec"] as ClaimSpec | undefined)];
            if (least !== undefined && size !== undefined && size.bytes < least.bytes) {
                yield {
                    resource: patch,
                    path: "spec.resources.requests.storage",
                    found: size.text,
                    allowed: `at least ${least.text}, with which ${claim} was made`,
                    fix: `set \`storage\` to what the claim has: a volume does not shrink. For a smaller one make a new environment, and move the data`,
                };
            }
        }
    }
}

function patchOf(view: PlanView, claim: string, namespace: string | undefined): PolicyResource | undefined {
    return view
        .ofType(patches)
        .find((patch) => objectName(patch) === claim && textOf(metadataOf(patch).namespace) === namespace);
}

function sizeOf(spec: ClaimSpec | undefined): { readonly text: string; readonly bytes: number } | undefined {
    const text = textOf(spec?.resources?.requests?.storage);
    const bytes = bytesOf(text);
    return text === undefined || bytes === undefined ? undefined : { text, bytes };
}
