// Names for objects to which the program gave none, so that a replacement can exist beside what it replaces.
import { createHash, randomBytes } from "node:crypto";
import { isPropertyMap, isSecret, isUnknown, type PropertyMap, type PropertyValue } from "../provider-host/index.ts";
import { autonamedAnnotation } from "./annotations.ts";
import { member } from "./values.ts";

const suffixLength = 8;
/** A label value's limit: what names of Services, Jobs and StatefulSets must keep to. */
const maxLength = 63;

/** `web-1a2b3c4d`; the same seed gives the same name, so that the preview shows what the `up` makes. */
export function autoname(resourceName: string, seed: Uint8Array | undefined): string {
    const suffix =
        seed === undefined || seed.length === 0
            ? randomBytes(suffixLength / 2).toString("hex")
            : createHash("sha512").update(seed).update(`${resourceName}-`).digest("hex").slice(0, suffixLength);
    return `${resourceName.toLowerCase().slice(0, maxLength - suffixLength - 1)}-${suffix}`;
}

/** The inputs with a name: the user's, else the one it had, else a new one. */
export function named(call: {
    readonly inputs: PropertyMap;
    readonly oldInputs: PropertyMap | undefined;
    readonly resourceName: string;
    readonly randomSeed: Uint8Array | undefined;
}): PropertyMap {
    const { inputs, oldInputs } = call;
    const metadata = inputs["metadata"];
    // Unknown metadata, or an unknown name in it, is a name that the user gives.
    if (isUnknown(metadata)) {
        return inputs;
    }
    const given = member(metadata, "name");
    if (given !== undefined && given !== null && given !== "") {
        return inputs;
    }
    const generated = member(metadata, "generateName");
    if (generated !== undefined && generated !== null) {
        throw new Error(
            "metadata.generateName cannot be applied on the server. Fix: leave it out; the name is then made from the resource's name.",
        );
    }
    if (oldInputs === undefined) {
        return withName(inputs, autoname(call.resourceName, call.randomSeed));
    }
    const old = oldInputs["metadata"];
    const oldName = member(old, "name");
    if (typeof oldName !== "string" || oldName === "") {
        return withName(inputs, autoname(call.resourceName, call.randomSeed));
    }
    // A name that the user gave before and gives no longer is left for a made one; the old object is then replaced.
    return isAutonamed(oldInputs)
        ? withName(inputs, oldName)
        : withName(inputs, autoname(call.resourceName, call.randomSeed));
}

export function isAutonamed(inputs: PropertyMap): boolean {
    return member(member(inputs["metadata"], "annotations"), autonamedAnnotation) === "true";
}

function withName(inputs: PropertyMap, name: string): PropertyMap {
    return changeMetadata(inputs, (metadata) => {
        const annotations = metadata["annotations"];
        const marked = { ...(isPropertyMap(annotations) ? annotations : {}), [autonamedAnnotation]: "true" };
        return {
            ...metadata,
            name,
            annotations: isSecret(annotations) || isUnknown(annotations) ? annotations : marked,
        };
    });
}

/** Metadata that is secret or missing as a whole is opened for the change: names are not secrets. */
export function changeMetadata(inputs: PropertyMap, change: (metadata: PropertyMap) => PropertyMap): PropertyMap {
    const metadata = inputs["metadata"];
    const open: PropertyValue | undefined = isSecret(metadata) ? metadata.value : metadata;
    return { ...inputs, metadata: change(isPropertyMap(open) ? open : {}) };
}
