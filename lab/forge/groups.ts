// Concurrency groups as GitHub has them: of a group one runs and one waits; who comes later takes the place of the one that waits, and
// with `cancel-in-progress` ends the one that runs too.
// @see https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
export interface Turn {
    readonly group: string;
    readonly cancelInProgress: boolean;
}

interface Running {
    readonly abort: AbortController;
    readonly ended: Promise<unknown>;
}

export class Groups {
    readonly #running = new Map<string, Running>();
    readonly #waiting = new Map<string, AbortController>();

    /** @returns undefined for one that never began */
    async run<Result>(
        { group, cancelInProgress }: Turn,
        work: (cancelled: AbortSignal) => Promise<Result>,
    ): Promise<Result | undefined> {
        const dropped = new AbortController();
        this.#waiting.get(group)?.abort();
        this.#waiting.set(group, dropped);
        if (cancelInProgress) {
            this.#running.get(group)?.abort.abort();
        }
        const drop = new Promise((resolve) => dropped.signal.addEventListener("abort", resolve, { once: true }));
        for (;;) {
            const running = this.#running.get(group);
            if (dropped.signal.aborted) {
                return undefined;
            }
            if (running === undefined) {
                break;
            }
            await Promise.race([drop, running.ended]);
        }
        this.#waiting.delete(group);
        const abort = new AbortController();
        const result = work(abort.signal).finally(() => this.#running.delete(group));
        this.#running.set(group, { abort, ended: result.catch(() => undefined) });
        return await result;
    }
}
