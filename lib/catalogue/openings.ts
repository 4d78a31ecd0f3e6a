// Words in which several clouds say that everybody may come.

/** Whether an address range takes in everyone. */
export function isEveryone(range: unknown): boolean {
    return typeof range === "string" && /^(0\.0\.0\.0|::)\/0$/.test(range);
}

/** Of a list like `[{ value: "0.0.0.0/0" }]`. */
export function admitsEveryone(list: unknown): boolean {
    return Array.isArray(list) && list.some((entry) => isEveryone((entry as { value?: unknown } | null)?.value));
}
