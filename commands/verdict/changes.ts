// What changes from a base to a head, whichever way that is known: from two plans, or from a preview.
import type { PolicyPlan, PolicyResource } from "../../policy/resource.ts";
import type { Preview, Step } from "../gate/preview.ts";
import type { Difference } from "./differences.ts";

export type Operation = "create" | "update" | "replace" | "delete";

export interface Field {
    readonly difference: Difference;
    readonly replaces: boolean;
}

export interface Change {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly op: Operation;
    readonly fields: readonly Field[];
    /** What it follows from, where it is no change of its own. */
    readonly because?: string;
    /** @default it is made */
    readonly before?: PolicyResource;
    /** @default it is deleted */
    readonly after?: PolicyResource;
}

export interface Compared {
    /** As far as it is known: of a preview what changes, and what it shows beside. */
    readonly before: PolicyPlan;
    readonly after: PolicyPlan;
    readonly changes: readonly Change[];
    /** How many stay as they are. @default a preview does not say */
    readonly unchanged?: number;
    /** The same for the gate. */
    readonly preview: Preview;
}

/** By their URNs, whatever came first in the run that planned them: the same change is told by the same words each time. */
export function inOrder<Named extends { readonly urn: string }>(all: readonly Named[]): Named[] {
    return all.toSorted((one, other) => (one.urn < other.urn ? -1 : Number(one.urn > other.urn)));
}

export function changeOf(op: Operation, parts: Omit<Change, "op" | "urn" | "type" | "name">): Change {
    const { urn, type, name } = (parts.after ?? parts.before)!;
    return { urn, type, name, op, ...parts };
}

/** A change of two plans, as a step of a preview says it. */
export function stepOf({ op, urn, type, name, before, after, fields }: Change): Step {
    const { metadata, name: given, bucket } = (before ?? after)!.props as Record<string, unknown>;
    const object = (metadata as { readonly name?: unknown } | undefined)?.name;
    const inputs = (before ?? after)!.props;
    return {
        op,
        urn,
        type,
        name,
        inputs,
        newInputs: after?.props,
        knownAs: [given, bucket, object, `${name}-id`].filter((one) => typeof one === "string"),
        custom: true,
        retained: before?.retainOnDelete === true,
        external: false,
        replaceReasons: fields.filter(({ replaces }) => replaces).map(({ difference }) => difference.shown),
    };
}
