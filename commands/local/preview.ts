// `make preview`.
import { makeWith } from "./make.ts";
import { prepare } from "./up.ts";
import { recordedTarget } from "./target.ts";

/** @returns the exit code */
export async function preview(name: string): Promise<number> {
    const target = await recordedTarget();
    if (target === undefined) {
        console.error(
            `There is no cluster yet to compare with. See the plan: ${makeWith("plan", name)}. Make one: ${makeWith("up", name)}`,
        );
        return 1;
    }
    const stack = await prepare(name, target);
    const { exitCode } = await stack.run(["preview", "--diff"], "inherit");
    return exitCode;
}
