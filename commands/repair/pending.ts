// What to do with each creation that was cut off: the engine does not know whether the object is there.
import { labelsOf, metadataOf, type Deployment, type ResourceState } from "./deployment.ts";

export interface Pending {
    /** Objects of the cluster that may be there, by their id: whether they are, the provider says. */
    readonly candidates: readonly Candidate[];
    /** What a repair cannot look for, and why. */
    readonly unknown: ReadonlyArray<{ readonly resource: ResourceState; readonly why: string }>;
}

export interface Candidate {
    readonly resource: ResourceState;
    /** `namespace/name`, or the name alone for what lives in no namespace. */
    readonly id: string;
}

/** What is nowhere but in the state: the next update makes it anew. */
const nowhere = /^(random:|pulumi:)/;

export function pendingCreates(deployment: Deployment): Pending {
    const creating = (deployment.pending_operations ?? []).filter(({ type }) => type === "creating");
    const resources = creating.map(({ resource }) => resource).filter(({ type }) => !nowhere.test(type));
    const namespaces = new Set(
        [...(deployment.resources ?? []), ...resources]
            .filter((resource) => resource.type === "kubernetes:core/v1:Namespace" && isMarked(resource))
            .map(({ inputs }) => metadataOf(inputs).name),
    );
    const candidates: Candidate[] = [];
    const unknown: Array<{ resource: ResourceState; why: string }> = [];
    for (const resource of resources) {
        const { name, namespace } = metadataOf(resource.inputs);
        if (!resource.type.startsWith("kubernetes:")) {
            unknown.push({ resource, why: "it is no object of the cluster" });
        } else if (typeof name !== "string" || !(namespace === undefined || typeof namespace === "string")) {
            unknown.push({ resource, why: "the state does not say its name" });
        } else if (!isMarked(resource) && !namespaces.has(namespace)) {
            unknown.push({ resource, why: "neither its labels nor its namespace show whether it is this stack's" });
        } else {
            candidates.push({ resource, id: namespace === undefined ? name : `${namespace}/${name}` });
        }
    }
    return { candidates, unknown };
}

/** Carries the labels that this program gives to its objects (lib/labels.ts). */
function isMarked({ inputs }: ResourceState): boolean {
    const labels = labelsOf(inputs);
    return (
        labels["app.kubernetes.io/managed-by"] === "pulumi" && typeof labels["app.kubernetes.io/instance"] === "string"
    );
}

/** What a repair put into the state that did not come to its end: a resource that was ever read has outputs. */
export function takenButUnread(deployment: Deployment): readonly Candidate[] {
    return (deployment.resources ?? []).flatMap((resource) => {
        const { type, id, outputs } = resource;
        return type.startsWith("kubernetes:") && id !== undefined && outputs === undefined ? [{ resource, id }] : [];
    });
}

/** Whether what the provider found carries every label that the program gave to its object. */
export function isOwn(found: ResourceState, { resource }: Candidate): boolean {
    const labels = labelsOf(found.outputs);
    return Object.entries(labelsOf(resource.inputs)).every(([key, value]) => labels[key] === value);
}
