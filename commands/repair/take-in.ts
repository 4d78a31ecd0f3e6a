// Puts objects into a state as if their creation had come to its end. `pulumi refresh --import-pending-creates` promises the
// same, and with engine 3.250 only forgets them.
import type { Deployment, ResourceState } from "./deployment.ts";
import type { Candidate } from "./pending.ts";

/** Until a refresh has read it, an update has to look at it, too. */
const notReadYet = "made by an update that was killed, and not read since";

export function takeIn(deployment: Deployment, candidates: readonly Candidate[]): Deployment {
    let resources: readonly ResourceState[] = deployment.resources ?? [];
    for (const { resource, id } of candidates) {
        const twins = resources.filter(({ urn }) => urn === resource.urn);
        if (twins.some((twin) => twin.id === id)) {
            continue;
        }
        // One that was to be replaced by it, or was made after it: as after any replacement, the next update deletes the other.
        const isSpare = twins.some((twin) => twin.delete !== true && twin.pendingReplacement !== true);
        const others = resources.filter((each) => each.urn !== resource.urn || each.pendingReplacement !== true);
        const taken = { ...resource, id, ...(isSpare ? { delete: true } : { initErrors: [notReadYet] }) };
        resources = [...others, taken];
    }
    return { ...deployment, resources: inOrder(resources), pending_operations: [] };
}

export function leaveOut(deployment: Deployment, left: readonly Candidate[]): Deployment {
    const isLeft = ({ urn, id }: ResourceState): boolean =>
        left.some((candidate) => candidate.resource.urn === urn && candidate.id === id);
    return { ...deployment, resources: (deployment.resources ?? []).filter((resource) => !isLeft(resource)) };
}

/** The engine wants each resource after what it depends on, and at the end what is to be deleted. */
function inOrder(resources: readonly ResourceState[]): readonly ResourceState[] {
    const current = new Map(resources.filter((each) => each.delete !== true).map((each) => [each.urn, each]));
    const ordered = new Set<ResourceState>();
    const visited = new Set<ResourceState>();
    const visit = (resource: ResourceState): void => {
        if (visited.has(resource)) {
            return;
        }
        visited.add(resource);
        for (const urn of needs(resource)) {
            const needed = current.get(urn);
            if (needed !== undefined) {
                visit(needed);
            }
        }
        ordered.add(resource);
    };
    current.forEach(visit);
    return [...ordered, ...resources.filter((each) => each.delete === true)];
}

function needs(resource: ResourceState): readonly string[] {
    const { parent, provider, dependencies, propertyDependencies, deletedWith, replaceWith } = resource;
    return [
        parent,
        provider?.slice(0, provider.lastIndexOf("::")),
        deletedWith,
        ...(replaceWith ?? []),
        ...(dependencies ?? []),
        ...Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []),
    ].filter((urn) => urn !== undefined);
}
