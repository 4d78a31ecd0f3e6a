// Kubernetes quantities: "0.5" and "500m", "1024Mi" and "1Gi" are the same; the API server may write either.

const suffixes: Readonly<Record<string, readonly [bigint, bigint]>> = {
    n: [1n, 1_000_000_000n],
    u: [1n, 1_000_000n],
    m: [1n, 1000n],
    "": [1n, 1n],
    k: [1000n, 1n],
    M: [1000n ** 2n, 1n],
    G: [1000n ** 3n, 1n],
    T: [1000n ** 4n, 1n],
    P: [1000n ** 5n, 1n],
    E: [1000n ** 6n, 1n],
    Ki: [1024n, 1n],
    Mi: [1024n ** 2n, 1n],
    Gi: [1024n ** 3n, 1n],
    Ti: [1024n ** 4n, 1n],
    Pi: [1024n ** 5n, 1n],
    Ei: [1024n ** 6n, 1n],
};

/** In billionths, exact; undefined if the text is not a quantity. */
export function parseQuantity(value: unknown): bigint | undefined {
    if (typeof value !== "string" && typeof value !== "number") {
        return undefined;
    }
    const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(String(value));
    if (match === null) {
        return undefined;
    }
    const [, sign, whole = "", fraction = "", exponent, suffix = ""] = match;
    if (whole === "" && fraction === "") {
        return undefined;
    }
    const [times, by] = suffixes[suffix] ?? [1n, 1n];
    const power = Number(exponent ?? "0");
    let numerator = BigInt(`${whole}${fraction}`) * times * 1_000_000_000n;
    let denominator = by * 10n ** BigInt(fraction.length);
    if (power >= 0) {
        numerator *= 10n ** BigInt(power);
    } else {
        denominator *= 10n ** BigInt(-power);
    }
    const result = numerator / denominator;
    return sign === "-" ? -result : result;
}

const quantityParents = new Set([
    "limits",
    "requests",
    "hard",
    "capacity",
    "allocatable",
    "overhead",
    "podFixed",
    "default",
    "defaultRequest",
    "max",
    "min",
    "maxLimitRequestRatio",
]);
const quantityFields = new Set(["sizeLimit", "averageValue", "divisor"]);

/** True if the field at this path holds a quantity in every kind that has it. */
export function isQuantityPath(path: readonly (string | number)[]): boolean {
    const [parent, field] = [path.at(-2), path.at(-1)];
    if (typeof field === "string" && quantityFields.has(field)) {
        return true;
    }
    return typeof parent === "string" && quantityParents.has(parent) && path.includes("spec");
}
