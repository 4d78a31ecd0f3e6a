// Which of a resource's names the program gave, and which are made for it.
import { madeName } from "../../commands/plan/answers/made-name.ts";
import type { CheckCall } from "../provider-host/provider.ts";
import type { PropertyMap } from "../../commands/plan/answers/values.ts";
import type { AutonameSchema } from "../../commands/plan/answers/schema/schema.ts";

/** Where the state says that a name was made; the bridge keeps it in `__defaults`, as here. */
const defaultsMark = "__defaults";

/** The inputs with a name: the program's, else the one the resource has, else a new one. */
export function named(
    call: Pick<CheckCall, "name" | "newInputs" | "oldInputs" | "randomSeed">,
    autoname: AutonameSchema | undefined,
): PropertyMap {
    const { newInputs, oldInputs } = call;
    if (autoname === undefined) {
        return newInputs;
    }
    const given = newInputs[autoname.property];
    if (given !== undefined && given !== null) {
        return newInputs;
    }
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
