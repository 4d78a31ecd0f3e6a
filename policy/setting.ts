// Rules about one input of a cloud's resource are a table: which input, what it has to be, what it is when it is left out.
import { resourceType, type Token } from "../lib/catalogue/index.ts";
import { textOf } from "./kubernetes.ts";
import type { PlanView } from "./plan-view.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";
import type { Finding } from "./rule.ts";

export { takesInEveryone } from "../lib/catalogue/index.ts";

/** One input of one type of resource. */
export interface Setting {
    /** For example `aws:rds/instance:Instance`. */
    readonly type: Token;
    /** The way to the input, for example `settings.ipConfiguration.sslMode`. */
    readonly path: string;
    /** What the provider or the cloud takes when the input is left out. @default nothing: then it has to be given */
    readonly byDefault?: unknown;
    /** @param value what is given, or the default; never an unknown value: what is not known yet, is not judged */
    readonly holds: (value: unknown) => boolean;
    readonly allowed: string;
    readonly fix: string;
    /** Whether it is asked of this resource at all. @default of each */
    readonly asks?: (resource: PolicyResource) => boolean;
}

/** What of a table does not hold in a plan. */
export function* unmet(view: PlanView, settings: readonly Setting[]): Generator<Finding> {
    for (const { type, path, byDefault, holds, allowed, fix, asks = () => true } of settings) {
        for (const resource of view.ofType(type).filter(asks)) {
            const given = inputOf(resource, path);
            if (!(given instanceof UnknownValue) && !holds(given ?? byDefault)) {
                yield { resource, path, found: given ?? absent(byDefault), allowed, fix };
            }
        }
    }
}

/** That none of the inputs that open such types to everybody does. */
export function closed(types: readonly Token[]): readonly Setting[] {
    return types.flatMap((type) =>
        (resourceType(type)!.openings ?? []).map(({ path, byDefault, isOpen, allowed, fix }) => ({
            type,
            path,
            byDefault,
            holds: (value: unknown) => !isOpen(value),
            allowed,
            fix,
        })),
    );
}

/** What is open because a second resource is missing. */
export function* unclosed(view: PlanView, types: readonly Token[]): Generator<Finding> {
    for (const type of types) {
        const { closedBy } = resourceType(type)!;
        if (closedBy !== undefined) {
            for (const resource of view.ofType(type).filter((one) => !hasBeside(view, one, closedBy.type))) {
                const missing = closedBy.type.split(":").at(-1)!;
                const { allowed, fix } = closedBy;
                yield { resource, path: "", found: `no ${missing} for it`, allowed, fix };
            }
        }
    }
}

/** Whether a resource of a type is made for this one. */
export function hasBeside(view: PlanView, { urn }: PolicyResource, type: string): boolean {
    return view.ofType(type).some(({ dependencies }) => dependencies.includes(urn));
}

/** @returns undefined where nothing is given, UnknownValue where it or something around it is not known yet */
export function inputOf({ props }: PolicyResource, path: string): unknown {
    let value: unknown = props;
    for (const key of path.split(".")) {
        if (value instanceof UnknownValue) {
            return value;
        }
        value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[key] ?? undefined;
    }
    return value;
}

export function listOf(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? value : [];
}

export const isTrue = (value: unknown): boolean => value === true;
export const isNotTrue = (value: unknown): boolean => value !== true;
export const isGiven = (value: unknown): boolean => value !== undefined && value !== "";

export function isOneOf(...allowed: readonly string[]): (value: unknown) => boolean {
    return (value) => allowed.includes(textOf(value) ?? "");
}

function absent(byDefault: unknown): string {
    return byDefault === undefined
        ? "nothing"
        : `nothing, which means ${typeof byDefault === "string" ? byDefault : JSON.stringify(byDefault)}`;
}
