// What a resource's state holds: what the cloud says, under what the program said.
import { isPropertyMap, type PropertyMap, type PropertyValue } from "./values.ts";

/** Objects are merged member by member: a cloud fills in what was left out of a block. Lists are the program's. */
export function withInputs(computed: PropertyMap, inputs: PropertyMap): PropertyMap {
    const merged: Record<string, PropertyValue | undefined> = { ...computed };
    for (const [name, value] of Object.entries(inputs)) {
        // The bridge's notes, and what was given as nothing.
        if (name.startsWith("__") || value === null || value === undefined) {
            continue;
        }
        const filledIn = computed[name];
        merged[name] = isPropertyMap(value) && isPropertyMap(filledIn) ? withInputs(filledIn, value) : value;
    }
    return merged;
}
