// The inputs of an object with what the program may leave out: its name and its namespace.
import { isUnknown, type CheckCall, type CheckResult, type PropertyMap } from "../provider-host/index.ts";
import { changeMetadata, named } from "./autoname.ts";
import { builtInKind } from "./kinds.ts";
import { isPatch, type Kind } from "./token.ts";
import { member } from "./values.ts";

export interface CheckContext {
    /** For objects that name none. */
    readonly defaultNamespace: () => Promise<string>;
    /** Whether a kind lives in namespaces, asked of the cluster; undefined: the cluster does not know it (yet). */
    readonly isNamespaced: (kind: Kind) => Promise<boolean | undefined>;
}

/** Asks the cluster only about kinds that are its own, and only the first time. */
export async function checkInputs(
    kind: Kind,
    call: Pick<CheckCall, "type" | "newInputs" | "oldInputs" | "randomSeed" | "name">,
    context: CheckContext,
): Promise<CheckResult> {
    if (isPatch(call.type) && isNameless(call.newInputs)) {
        throw new Error(
            "patch resources require the `.metadata.name` field to be set. Fix: name the object that is to be changed.",
        );
    }
    const inputs = named({
        inputs: call.newInputs,
        oldInputs: call.oldInputs,
        resourceName: call.name,
        randomSeed: call.randomSeed,
    });
    const metadata = inputs["metadata"];
    const given = member(metadata, "namespace");
    if (isUnknown(metadata) || (given !== undefined && given !== null && given !== "")) {
        return { inputs };
    }
    if (!(await livesInNamespace(kind, call.oldInputs, context))) {
        return { inputs };
    }
    const namespace = await context.defaultNamespace();
    return { inputs: changeMetadata(inputs, (open) => ({ ...open, namespace })) };
}

function isNameless({ metadata }: PropertyMap): boolean {
    return !isUnknown(metadata) && ["", null, undefined].some((nothing) => member(metadata, "name") === nothing);
}

async function livesInNamespace(
    kind: Kind,
    oldInputs: PropertyMap | undefined,
    context: CheckContext,
): Promise<boolean> {
    const known = builtInKind(kind.group, kind.kind);
    if (known !== undefined) {
        return known.namespaced;
    }
    // What was found out before is in the state: an unchanged program needs no cluster to be checked.
    if (oldInputs !== undefined && member(oldInputs["metadata"], "name") !== undefined) {
        return member(oldInputs["metadata"], "namespace") !== undefined;
    }
    // A kind whose definition comes with this very program: taken as namespaced, put right when it is applied.
    return (await context.isNamespaced(kind)) ?? true;
}
