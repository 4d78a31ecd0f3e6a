// A destroy that goes on to its end, past what Pulumi cannot delete.
import type { Export } from "../repair/deployment.ts";
import { deletionOf, peeringsLeft } from "./peerings.ts";

/** Programs that talk to the terminal that this one was started at. */
export interface Programs {
    /** @returns its exit code */
    readonly pulumi: (args: readonly string[]) => Promise<number>;
    readonly gcloud: (args: readonly string[]) => Promise<number>;
    readonly state: () => Promise<Export>;
    /** @returns why nothing must be destroyed yet. @default nothing is left of the databases */
    readonly lastDumps?: () => Promise<string | undefined>;
    readonly say: (line: string) => void;
}

/**
 * @param options for `pulumi destroy`, such as `--yes`
 * @returns the exit code: that of what failed last, 0 when nothing is left to destroy
 */
export async function destroy(options: readonly string[], programs: Programs): Promise<number> {
    const { pulumi, gcloud, state, say } = programs;
    const missing = await programs.lastDumps?.();
    if (missing !== undefined) {
        say(missing);
        return 1;
    }
    const failed = await pulumi(["destroy", ...options]);
    if (failed === 0) {
        return 0;
    }
    const peerings = peeringsLeft((await state()).deployment.resources ?? []);
    if (peerings.length === 0) {
        return failed;
    }
    for (const peering of peerings) {
        const args = deletionOf(peering);
        say(`The network's peering is in the way, which Google's managed stores had: gcloud ${args.join(" ")}`);
        const code = await gcloud(args);
        if (code !== 0) {
            return code;
        }
    }
    // Who destroys was asked once.
    return await pulumi(["destroy", ...new Set([...options, "--yes"])]);
}
