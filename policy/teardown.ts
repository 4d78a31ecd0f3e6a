// The order in which `pulumi destroy` deletes a stack, and what of it would be deleted while others still need it. Pure.
//
// The engine deletes a resource when all that depend on it are gone: by dependencies, properties, parent, provider and
// deletedWith. What it does not know is who needs whom at run time: that is stated here, as needs, and each has to be
// implied by the graph. That two resources happen to be deleted one after the other is no proof: it is so by accident.
import type { PolicyPlan, PolicyResource } from "./resource.ts";

/** Something that has to be gone before something else is. */
export interface Need {
    /** Deleted first, because it needs `later` until it is gone. */
    readonly sooner: PolicyResource;
    readonly later: PolicyResource;
    /** What goes wrong otherwise. */
    readonly because: string;
}

/** What a resource waits for before it is made, and so what waits for it before it is deleted. */
export class TeardownGraph {
    readonly #byUrn: ReadonlyMap<string, PolicyResource>;
    readonly #children: ReadonlyMap<string, readonly PolicyResource[]>;
    readonly #direct = new Map<string, readonly string[]>();
    readonly #all = new Map<string, ReadonlySet<string>>();
    readonly #depth = new Map<string, number>();
    readonly #plan: PolicyPlan;

    constructor(plan: PolicyPlan) {
        this.#plan = plan;
        this.#byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
        this.#children = Map.groupBy(plan.resources, ({ parent = "" }) => parent);
    }

    /**
     * Step by step what `pulumi destroy` deletes; all of one step at the same time, and no step before the last one ended.
     * As ScheduleDeletes of the engine (pkg/resource/deploy/step_generator.go) does it.
     */
    levels(): ReadonlyArray<readonly PolicyResource[]> {
        const byDepth = Map.groupBy(this.#plan.resources, ({ urn }) => this.#depthOf(urn));
        return [...byDepth.keys()].toSorted((a, b) => b - a).map((depth) => byDepth.get(depth)!);
    }

    /** Whether the graph itself sees to it that one resource is gone before another is deleted. */
    isDeletedBefore(sooner: PolicyResource, later: PolicyResource): boolean {
        return this.#waitsFor(sooner.urn).has(later.urn);
    }

    /** The needs that the graph does not imply. */
    violated(needs: Iterable<Need>): Need[] {
        return [...needs].filter(({ sooner, later }) => sooner !== later && !this.isDeletedBefore(sooner, later));
    }

    #depthOf(urn: string): number {
        const known = this.#depth.get(urn);
        if (known !== undefined) {
            return known;
        }
        // A graph that was spoiled by hand may have a circle; the engine's has none.
        this.#depth.set(urn, 0);
        const depth = Math.max(0, ...this.#directly(urn).map((next) => this.#depthOf(next) + 1));
        this.#depth.set(urn, depth);
        return depth;
    }

    #waitsFor(urn: string): ReadonlySet<string> {
        const known = this.#all.get(urn);
        if (known !== undefined) {
            return known;
        }
        const found = new Set<string>();
        const pending = [...this.#directly(urn)];
        for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
            if (!found.has(next)) {
                found.add(next);
                pending.push(...this.#directly(next));
            }
        }
        this.#all.set(urn, found);
        return found;
    }

    #directly(urn: string): readonly string[] {
        const known = this.#direct.get(urn);
        if (known !== undefined) {
            return known;
        }
        const resource = this.#byUrn.get(urn);
        const edges = resource === undefined ? [] : this.#edgesOf(resource);
        this.#direct.set(urn, edges);
        return edges;
    }

    #edgesOf({ urn, dependencies, parent, provider, deletedWith }: PolicyResource): readonly string[] {
        // The reference of a provider is its URN and its id.
        const providerUrn = provider?.split("::").slice(0, 4).join("::");
        // Who waits for a component waits for what is in it; that what is in it waits for the component, is no circle.
        const inside = dependencies.flatMap((dependency) => this.#descendants(dependency));
        const edges = [...dependencies, ...inside, parent, providerUrn, deletedWith];
        return [...new Set(edges)].filter(
            (edge): edge is string => edge !== undefined && edge !== urn && this.#byUrn.has(edge),
        );
    }

    #descendants(urn: string): readonly string[] {
        return (this.#children.get(urn) ?? []).flatMap((child) => [child.urn, ...this.#descendants(child.urn)]);
    }
}
