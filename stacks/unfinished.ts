// A program that waits for something that never comes ends when nothing is left to do. Pulumi's SDK then tells the engine that
// all is registered, and the engine deletes whatever was not.

/**
 * Runs the program; where it would end in the middle, it fails instead, before the SDK says anything.
 *
 * @see https://nodejs.org/api/process.html#event-beforeexit emitted once nothing is left that could wake the program
 */
export async function wholeOrNothing<Result>(program: () => Promise<Result>): Promise<Result> {
    const unfinished = (): never => {
        process.stderr.write(
            "The program waited for something that never came, and ended half-way: nothing is deleted. This is a mistake in the program.\n",
        );
        process.exit(1);
    };
    process.prependListener("beforeExit", unfinished);
    try {
        return await program();
    } finally {
        process.off("beforeExit", unfinished);
    }
}
