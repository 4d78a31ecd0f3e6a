/**
 * As many at a time, in the order of the list.
 *
 * @returns what came of each, in that order; the first that throws ends it
 */
export async function inTurns<Item, Result>(
    atATime: number,
    items: readonly Item[],
    work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
    const results = new Array<Result>(items.length);
    const waiting = items.entries();
    const worker = async (): Promise<void> => {
        for (const [index, item] of waiting) {
            results[index] = await work(item);
        }
    };
    await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, worker));
    return results;
}
