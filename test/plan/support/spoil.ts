// Makes a bad plan of a good one. The good one stays as it is.
import { SecretValue, UnknownValue, type Plan, type PlannedResource } from "../../../commands/plan/plan.ts";

export type Spoiled = { -readonly [Key in keyof PlannedResource]: PlannedResource[Key] };

/** Which resource: its name, and its kind where the name is that of several. */
export type Which = string | { readonly name: string; readonly kind: string };

/** Changes one resource in a copy of a plan. */
export function spoil(plan: Plan, which: Which, change: (resource: Spoiled) => void): Plan {
    const resources = plan.resources.map((resource) => copy(resource) as Spoiled);
    const found = resources.filter((resource) => fits(resource, which));
    if (found.length !== 1) {
        throw new Error(`${found.length} resources are called ${JSON.stringify(which)}`);
    }
    change(found[0]!);
    return { ...plan, resources };
}

/** A copy of a plan without one resource. */
export function without(plan: Plan, which: Which): Plan {
    const resources = plan.resources.filter((resource) => !fits(resource, which));
    if (resources.length !== plan.resources.length - 1) {
        throw new Error(`not exactly one resource is called ${JSON.stringify(which)}`);
    }
    return { ...plan, resources };
}

/** A copy of a plan with one more resource, which has parent and provider of another. */
export function withExtra(
    plan: Plan,
    like: Which,
    { type, name, props }: { readonly type: string; readonly name: string; readonly props: Record<string, unknown> },
): Plan {
    const model = plan.resources.find((resource) => fits(resource, like))!;
    const urn = model.urn.replace(/\$[^$]*$/, `$${type}::${name}`);
    return { ...plan, resources: [...plan.resources, { ...model, urn, type, name, props }] };
}

/** Rewrites the texts of a Secret; keys that are not named stay. */
export function rewriteSecret(resource: Spoiled, rewrite: (key: string, text: string) => string): void {
    const { stringData } = resource.props as { stringData: SecretValue };
    resource.props["stringData"] = stringData.examine(
        (data) =>
            new SecretValue(
                Object.fromEntries(
                    Object.entries(data as Record<string, unknown>).map(([key, value]) => [
                        key,
                        rewrite(key, textOf(value)),
                    ]),
                ),
            ),
    );
}

function textOf(value: unknown): string {
    return value instanceof SecretValue ? value.examine(textOf) : String(value);
}

function fits(resource: PlannedResource, which: Which): boolean {
    const [name, kind] = typeof which === "string" ? [which, undefined] : [which.name, which.kind];
    return resource.custom && resource.name === name && (kind === undefined || resource.type.endsWith(`:${kind}`));
}

/** Deep, except for what hides its value. */
function copy(value: unknown): unknown {
    if (value instanceof SecretValue || value instanceof UnknownValue) {
        return value;
    }
    if (Array.isArray(value)) {
        return value.map(copy);
    }
    return value !== null && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]))
        : value;
}
