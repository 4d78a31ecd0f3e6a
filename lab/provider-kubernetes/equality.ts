// When two values of a field mean the same to Kubernetes, although they are written differently.
import { isQuantityPath, parseQuantity } from "./quantity.ts";

/** Absent and empty are the same to the API server, which leaves empty values out. */
export function isEmpty(value: unknown): boolean {
    if (value === undefined || value === null || value === "" || value === 0 || value === false) {
        return true;
    }
    if (Array.isArray(value)) {
        return value.length === 0;
    }
    return typeof value === "object" && Object.keys(value).length === 0;
}

/** Scalars only; objects and lists are compared member by member. */
export function sameScalar(path: readonly (string | number)[], a: unknown, b: unknown): boolean {
    if (a === b) {
        return true;
    }
    if (!isQuantityPath(path)) {
        return false;
    }
    const [left, right] = [parseQuantity(a), parseQuantity(b)];
    return left !== undefined && left === right;
}
