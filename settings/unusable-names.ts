// Names that every JavaScript object has already: where one of them is a key, libraries find something else than what was set.
import { settingPath, type Problem } from "./problems.ts";

/** `__proto__`, `constructor`, `toString` and the like, and marks that Pulumi's SDK looks for in values. */
const taken = new Set([
    ...Object.getOwnPropertyNames(Object.prototype),
    "__pulumiSecret",
    "__pulumiOutput",
    "__pulumiAsset",
]);

/** Every such key, at whatever depth. */
export function unusableNames(value: unknown, keys: readonly PropertyKey[] = []): Problem[] {
    if (value === null || typeof value !== "object") {
        return [];
    }
    const entries: [PropertyKey, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return entries.flatMap(([key, item]) => {
        const path = [...keys, key];
        const below = unusableNames(item, path);
        return typeof key === "string" && taken.has(key) ? [unusable(path, key), ...below] : below;
    });
}

function unusable(path: readonly PropertyKey[], key: string): Problem {
    return {
        path: settingPath(path),
        found: `the name ${key}, which every object of JavaScript has already`,
        allowed: "any other name: the programs that read this one would find their own",
        fix: `rename ${key}, in the stack's file`,
    };
}
