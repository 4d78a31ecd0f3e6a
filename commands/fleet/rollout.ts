// Many stacks, one after the other and side by side: the canary alone, then the rest, and no further after one that fails.

export type Outcome = "done" | "failed" | "not begun";

export interface Step<Result> {
    readonly stack: string;
    readonly outcome: Outcome;
    /** Of what was begun. */
    readonly result?: Result;
    readonly seconds?: number;
}

export interface RolloutOptions {
    /** @default the first */
    readonly canary?: string;
    /** So many at a time, once the canary is done. */
    readonly parallel: number;
    /** Whether the others go on after one that failed; the canary stops them nevertheless. */
    readonly keepGoing: boolean;
    readonly clock: () => number;
}

/**
 * @param work says whether it went well; never throws
 * @returns one step for each stack, in the order in which they were begun
 */
export async function rollOut<Result>(
    stacks: readonly string[],
    work: (stack: string) => Promise<{ readonly ok: boolean; readonly result: Result }>,
    { canary = stacks[0], parallel, keepGoing, clock }: RolloutOptions,
): Promise<Step<Result>[]> {
    const ordered = [...stacks].sort((a, b) => Number(b === canary) - Number(a === canary));
    const steps: Step<Result>[] = [];
    let stopped = false;
    const run = async (stack: string, isCanary: boolean): Promise<void> => {
        if (stopped) {
            steps.push({ stack, outcome: "not begun" });
            return;
        }
        const begun = clock();
        const { ok, result } = await work(stack);
        stopped ||= !ok && (isCanary || !keepGoing);
        steps.push({ stack, outcome: ok ? "done" : "failed", result, seconds: (clock() - begun) / 1000 });
    };
    const [first, ...rest] = ordered;
    if (first !== undefined) {
        await run(first, true);
    }
    const waiting = rest.values();
    const worker = async (): Promise<void> => {
        for (const stack of waiting) {
            await run(stack, false);
        }
    };
    await Promise.all(Array.from({ length: Math.min(parallel, rest.length) }, worker));
    return steps;
}
