// `make preview`.
import { prepare } from "./up.ts";
import { recordedTarget } from "./target.ts";

/** @returns the exit code */
export async function preview(): Promise<number> {
    const target = await recordedTarget();
    if (target === undefined) {
        console.error("There is no cluster yet to compare with. See the plan: make plan. Make one: make up");
        return 1;
    }
    const stack = await prepare(target);
    const { exitCode } = await stack.run(["preview", "--diff"], "inherit");
    return exitCode;
}
