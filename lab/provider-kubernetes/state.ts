// What the state records of an object. The same shape as the official plugin's, so that a stack can change over to it:
// the live object, the inputs under __inputs, and the field manager that owns the applied fields.
import {
    copySecrets,
    isPropertyMap,
    isSecret,
    secret,
    withoutSecrets,
    type PropertyMap,
    type PropertyValue,
} from "../provider-host/index.ts";
import { lastAppliedAnnotation } from "./annotations.ts";
import { createHash } from "node:crypto";
import type { KubeObject } from "./object.ts";
import { fromKube, toKube } from "./values.ts";

const inputsKey = "__inputs";
const fieldManagerKey = "__fieldManager";
const initialApiVersionKey = "__initialApiVersion";

/** The outputs of a resource: what the API server says, with the inputs' secrets marked. */
export function outputsOf(
    live: KubeObject,
    inputs: PropertyMap,
    fieldManager: string,
    initialApiVersion: string,
): PropertyMap {
    return {
        ...markSecrets(inputs, fromKube(withoutNoise(live))),
        [inputsKey]: markSecrets(inputs, withoutSecrets(inputs)),
        [fieldManagerKey]: fieldManager,
        [initialApiVersionKey]: initialApiVersion,
    };
}

/** A Secret's values are secret however they came in; for the rest, what was secret in the inputs. */
export function markSecrets(inputs: PropertyMap, outputs: PropertyMap): PropertyMap {
    const marked: Record<string, PropertyValue | undefined> = { ...copySecrets(inputs, outputs) };
    if (kindOf(outputs) !== "Secret") {
        return marked;
    }
    for (const key of ["data", "stringData"]) {
        const value = marked[key];
        if (value !== undefined) {
            marked[key] = secret(value);
        }
    }
    return marked;
}

/** The object that the state last saw. */
export function liveOf(outputs: PropertyMap): KubeObject {
    const { [inputsKey]: _inputs, [fieldManagerKey]: _manager, [initialApiVersionKey]: _version, ...live } = outputs;
    return toKube(live);
}

/**
 * Who owns the fields of this object in server-side apply. The same for the same resource in every run, also after a
 * create that was cut off before the state was written: another name would conflict with its own earlier self.
 */
export function fieldManagerOf(urn: string, annotated: string | undefined, outputs: PropertyMap | undefined): string {
    if (annotated !== undefined && annotated !== "") {
        return annotated;
    }
    const recorded = outputs?.[fieldManagerKey];
    if (typeof recorded === "string" && recorded !== "") {
        return recorded;
    }
    return `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}

export function initialApiVersionOf(outputs: PropertyMap | undefined, object: KubeObject): string {
    const recorded = outputs?.[initialApiVersionKey];
    return typeof recorded === "string" ? recorded : (object.apiVersion ?? "");
}

/** Who manages which field is of no use to a program, and half of the object. */
function withoutNoise(live: KubeObject): KubeObject {
    const { managedFields: _fields, annotations, ...metadata } = live.metadata ?? {};
    const { [lastAppliedAnnotation]: _applied, ...kept } = annotations ?? {};
    return { ...live, metadata: { ...metadata, ...(Object.keys(kept).length === 0 ? {} : { annotations: kept }) } };
}

function kindOf(object: PropertyMap): string | undefined {
    const { kind } = object;
    if (isSecret(kind) || isPropertyMap(kind)) {
        return undefined;
    }
    return typeof kind === "string" ? kind : undefined;
}
