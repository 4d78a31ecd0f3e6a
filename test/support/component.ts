// Records what one component registers, with the providers that a stack would give it.
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import { expect } from "vitest";
import type { Placement } from "../../components/contract.ts";
import { SecretValue, UnknownValue, type Plan, type PlannedResource } from "../../commands/plan/plan.ts";
import { recordPlan } from "../../commands/plan/recorder.ts";

/** Where the components of these tests are. */
export const placement: Placement = { namespace: "shop-staging", instance: "shop-staging", data: "kept" };

/** What each policy means for a StatefulSet with a volume (R67, R69). */
export const dataPolicies = [
    { data: "protected", whenDeleted: "Retain", protect: true },
    { data: "kept", whenDeleted: "Retain", protect: false },
    { data: "disposable", whenDeleted: "Delete", protect: false },
] as const;

export interface RecordedComponent extends Plan {
    /** `Kind name` of everything but providers, sorted: what was created, and by its absence what was skipped. */
    readonly created: readonly string[];
    /** @throws when there is not exactly one of that kind and name */
    get(kind: string, name: string): PlannedResource;
}

/**
 * @param create makes the component with these options, and returns the outputs to look at
 * @param options `preview`: outputs are unknown, as before the first `pulumi up`
 */
export async function recordComponent(
    create: (opts: ComponentResourceOptions) => Readonly<Record<string, unknown>>,
    { preview = false }: { readonly preview?: boolean } = {},
): Promise<RecordedComponent> {
    const options = { project: "test", stack: "test", config: {}, secretKeys: [], preview };
    const plan = await recordPlan(options, () => {
        const providers = [new KubernetesProvider("kubernetes", { context: "test" }), new RandomProvider("random")];
        return Promise.resolve(create({ providers }));
    });
    const resources = plan.resources.filter(({ type }) => !type.startsWith("pulumi:"));
    return {
        ...plan,
        created: resources.map((resource) => `${kindOf(resource)} ${resource.name}`).sort(),
        get(kind, name) {
            const found = resources.filter((resource) => kindOf(resource) === kind && resource.name === name);
            expect(found, `${kind} ${name}`).toHaveLength(1);
            return found[0]!;
        },
    };
}

function kindOf({ type }: PlannedResource): string {
    return type.split(":").at(-1)!;
}

/**
 * Every resource descends from the component, and names the provider it was given for its package (R76).
 *
 * @param component its type and name
 */
export function expectOneFamily(plan: RecordedComponent, [kind, name]: readonly [kind: string, name: string]): void {
    const component = plan.resources.find(
        (resource) => !resource.custom && kindOf(resource) === kind && resource.name === name,
    )!;
    const providers = new Map(
        plan.resources
            .filter(({ type }) => type.startsWith("pulumi:providers:"))
            .map(({ type, urn }) => [type.replace("pulumi:providers:", ""), urn]),
    );
    const children = plan.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    expect(children).not.toEqual([]);
    for (const { type, parent, provider, urn } of children) {
        expect(parent, urn).toBe(component.urn);
        const given = providers.get(type.split(":")[0]!) ?? "no provider of this package";
        expect(provider?.slice(0, given.length + 2), urn).toBe(`${given}::`);
    }
}

/** @returns what a Kubernetes Secret holds, once it is certain that all of it is marked secret */
export function secretData(resource: PlannedResource): Readonly<Record<string, string>> {
    const input = resource.props["stringData"] as unknown;
    expect(input).toBeInstanceOf(SecretValue);
    return (input as SecretValue).examine((value) => value as Record<string, string>);
}

/** @returns whether a Kubernetes Secret will hold something that is not known yet, and secret all the same */
export function isUnknownSecret(resource: PlannedResource): boolean {
    const input = resource.props["stringData"] as unknown;
    return input instanceof SecretValue && input.examine((value) => value instanceof UnknownValue);
}
