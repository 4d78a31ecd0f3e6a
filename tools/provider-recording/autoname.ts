// Names as the official plugins make them: the resource's name, a dash, and seven hexadecimal digits of the engine's seed.
import { createHash, randomBytes } from "node:crypto";
import type { CheckCall } from "../provider-host/provider.ts";
import { isSecret, type PropertyMap } from "../provider-host/values.ts";
import type { AutonameSchema } from "./schema/schema.ts";

const suffixLength = 7;
/** Where the state says that a name was made; the bridge keeps it in `__defaults`, as here. */
const defaultsMark = "__defaults";

/** The inputs with a name: the program's, else the one the resource has, else a new one. */
export function named(
    call: Pick<CheckCall, "name" | "newInputs" | "oldInputs" | "randomSeed">,
    autoname: AutonameSchema | undefined,
): PropertyMap {
    const { newInputs, oldInputs } = call;
    if (autoname === undefined) return newInputs;
    const given = newInputs[autoname.property];
    if (given !== undefined && given !== null) return newInputs;
    const old = oldInputs !== undefined && isAutonamed(oldInputs, autoname) ? oldInputs[autoname.property] : undefined;
    return {
        ...newInputs,
        [autoname.property]: old ?? madeName(call.name, call.randomSeed, autoname),
        [defaultsMark]: [autoname.property],
    };
}

export function isAutonamed(inputs: PropertyMap, autoname: AutonameSchema | undefined): boolean {
    const defaults = inputs[defaultsMark];
    return autoname !== undefined && Array.isArray(defaults) && defaults.includes(autoname.property);
}

/** @throws when the name is too long: the official plugins shorten nothing either */
export function madeName(resourceName: string, seed: Uint8Array | undefined, { limit, property, lowerCase }: AutonameSchema): string {
    const digits =
        seed === undefined || seed.length === 0
            ? randomBytes(4).toString("hex")
            : createHash("sha512").update(seed).update(`${resourceName}-`).digest("hex");
    const name = `${lowerCase === true ? resourceName.toLowerCase() : resourceName}-${digits.slice(0, suffixLength)}`;
    if (name.length > limit) {
        throw new Error(
            `${property} would be ${name} with ${name.length} characters; allowed are ${limit}. Fix: set ${property}, or shorten the resource's name.`,
        );
    }
    return name;
}

/** The name of the thing in the cloud. */
export function physicalName(inputs: PropertyMap, autoname: AutonameSchema | undefined): string | undefined {
    const value = inputs[autoname?.property ?? "name"];
    const bare = isSecret(value) ? value.value : value;
    return typeof bare === "string" ? bare : undefined;
}
