// What is recorded once need not be recorded anew for every test that looks at it.

/** What StrykerJS keeps in every process that runs tests (docs/mutation.md). */
interface Stryker {
    readonly activeMutant?: string;
}

/**
 * @param make from arguments that are plain data; with any others it is called anew each time
 * @returns the same, except that equal arguments give one result, which nobody can change
 */
export function remembered<Args extends readonly unknown[], Result>(
    make: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
    const known = new Map<string, Promise<Result>>();
    return (...args) => {
        const stryker = (globalThis as { readonly __stryker__?: Stryker }).__stryker__;
        // While StrykerJS finds out which test reaches which line, each has to do so by itself.
        if (!args.every(isPlain) || (stryker !== undefined && stryker.activeMutant === undefined)) {
            return make(...args);
        }
        const key = JSON.stringify([stryker?.activeMutant, args], (_, value: unknown) =>
            // Which JSON leaves out, and what is left out may have a default.
            value === undefined ? { undefined: true } : value,
        );
        const found = known.get(key) ?? make(...args).then(frozen);
        known.set(key, found);
        return found;
    };
}

/** Whether JSON tells it from every other value. */
function isPlain(value: unknown): boolean {
    switch (typeof value) {
        case "object":
            return value === null || (isRecord(value) && Object.values(value).every(isPlain));
        case "string":
        case "number":
        case "boolean":
        case "undefined":
            return true;
        default:
            return false;
    }
}

/** No instance of a class, as an Output is. */
function isRecord(value: object): boolean {
    return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function frozen<Value>(value: Value): Value {
    if (value !== null && typeof value === "object" && isRecord(value) && !Object.isFrozen(value)) {
        Object.freeze(value);
        Object.values(value).forEach(frozen);
    }
    return value;
}
