// The structural difference of two sets of inputs, as the list of changes that the engine shows.
import type { DiffKind, PropertyDiff } from "./provider.ts";
import {
    isPropertyList,
    isPropertyMap,
    isSecret,
    type PropertyMap,
    type PropertyPath,
    type PropertyValue,
} from "../../commands/plan/answers/values.ts";

export interface DiffOptions {
    /** True: a change at this path needs a new object. @default never */
    readonly replaces?: (path: PropertyPath, kind: DiffKind) => boolean;
    /** True: this path is not compared, nor what is below it. @default everything is compared */
    readonly ignores?: (path: PropertyPath) => boolean;
}

/**
 * The changes from `before` to `after`, each as deep as possible. Secret marks do not count (the
 * engine records a value that merely became secret without an update); unknown does, because it may turn out
 * different; null is the same as absent.
 */
export function diffProperties(before: PropertyMap, after: PropertyMap, options: DiffOptions = {}): PropertyDiff[] {
    const changes: PropertyDiff[] = [];
    compare(before, after, [], options, changes);
    return changes;
}

function compare(
    before: PropertyValue | undefined,
    after: PropertyValue | undefined,
    path: PropertyPath,
    options: DiffOptions,
    changes: PropertyDiff[],
): void {
    const [from, to] = [bare(before), bare(after)];
    if (from === to || options.ignores?.(path)) {
        return;
    }
    if (isPropertyList(from) && isPropertyList(to)) {
        for (let index = 0; index < Math.max(from.length, to.length); index++) {
            compare(from[index], to[index], [...path, index], options, changes);
        }
        return;
    }
    if (isPropertyMap(from) && isPropertyMap(to)) {
        for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
            compare(from[key], to[key], [...path, key], options, changes);
        }
        return;
    }
    const kind: DiffKind = from === undefined ? "add" : to === undefined ? "delete" : "update";
    changes.push({ path, kind, ...(options.replaces?.(path, kind) ? { replace: true } : {}) });
}

/** Without its secret mark; null counts as absent, as it does to the engine. */
function bare(value: PropertyValue | undefined): PropertyValue | undefined {
    if (isSecret(value)) {
        return bare(value.value);
    }
    return value ?? undefined;
}
