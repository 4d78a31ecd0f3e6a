// The stores of one cloud among all.

/** @param of what is known of a store; undefined for one that is elsewhere, or that nobody made here */
export function watchedOf<Store, Facts>(
    stores: ReadonlyMap<string, Store>,
    of: (store: Store) => Facts | undefined,
): Readonly<Record<string, Facts>> {
    const found = [...stores].flatMap(([name, store]) => {
        const facts = of(store);
        return facts === undefined ? [] : [[name, facts] as const];
    });
    return Object.fromEntries(found);
}
