// Takes dumps of a stack's databases now, and brings one back.
import { dumpContainers, restoreName } from "../../lib/dumps.ts";
import type { ResourceState } from "../repair/deployment.ts";
import type { Report } from "../support/report.ts";
import { dumpsIn, type StackDumps } from "./found.ts";
import { clusterOf, follow, startFrom } from "./job.ts";

/** @returns whether it is there and good */
export async function takeDump(dumps: StackDumps, reason: "hand" | "end", say: Report): Promise<boolean> {
    const config = clusterOf(dumps.connection);
    say(`A dump of ${dumps.store}, in the namespace ${dumps.namespace}:`);
    const job = await startFrom(config, dumps, { [dumpContainers.dump]: { REASON: reason } });
    const { result, what } = await follow(config, job, say);
    say(what);
    return result === "succeeded";
}

/**
 * Of an environment that is about to be destroyed: a last dump of each database whose settings ask for one.
 *
 * @returns why it must not be destroyed yet; undefined when all are there
 */
export async function lastDumps(resources: readonly ResourceState[], say: Report): Promise<string | undefined> {
    for (const dumps of dumpsIn(resources).filter(({ atEnd }) => atEnd)) {
        const taken = await takeDump(dumps, "end", say).catch((error: unknown) => {
            say(error instanceof Error ? error.message : String(error));
            return false;
        });
        if (!taken) {
            return `There is no last dump of ${dumps.store}, so nothing was destroyed. Mend the cause above, or destroy without: add NODUMP=1.`;
        }
    }
    return undefined;
}

export interface Wanted {
    /** `latest`, or its name. */
    readonly dump: string;
    /** The prefix of another stack's. @default its own */
    readonly from?: string;
    /** The database's name, where what is in it is to go. @default it has to be empty */
    readonly confirm?: string;
}

/** @returns whether its rows are there, as many as the dump had */
export async function restoreDump(dumps: StackDumps, { dump, from, confirm }: Wanted, say: Report): Promise<boolean> {
    const config = clusterOf(dumps.connection);
    const cronJob = { namespace: dumps.namespace, name: restoreName(dumps.name) };
    say(`The dump ${dump} into ${dumps.store}, in the namespace ${dumps.namespace}:`);
    const job = await startFrom(config, cronJob, {
        [dumpContainers.fetch]: { DUMP: dump, FROM: from ?? "" },
        [dumpContainers.restore]: { CONFIRM: confirm ?? "" },
    });
    const { result, what } = await follow(config, job, say);
    say(what);
    return result === "succeeded";
}
