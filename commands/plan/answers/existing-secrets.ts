// Secrets that the settings say are in the cluster: each has the keys that they name, with a value of no meaning.

/** Namespace and name of a Secret, to its keys with their values in base64. */
export type ExistingData = (id: string) => Readonly<Record<string, string>>;

/** @param section `existingSecrets` of the stack's configuration, as JSON */
export function existingData(section: string | undefined): ExistingData {
    const keys = new Map<string, Set<string>>();
    collect(section === undefined ? {} : (JSON.parse(section) as unknown), keys);
    return (id) =>
        Object.fromEntries(
            [...(keys.get(id.split("/").at(-1)!) ?? [])].map((key) => [
                key,
                Buffer.from(`value of ${key}`).toString("base64"),
            ]),
        );
}

function collect(value: unknown, keys: Map<string, Set<string>>): void {
    if (value === null || typeof value !== "object") {
        return;
    }
    const { name, key } = value as { readonly name?: unknown; readonly key?: unknown };
    if (typeof name === "string" && typeof key === "string") {
        keys.set(name, (keys.get(name) ?? new Set()).add(key));
        return;
    }
    for (const item of Object.values(value)) {
        collect(item, keys);
    }
}
