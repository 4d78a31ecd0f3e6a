// Takes what an update that was killed has made into the state: without that, the next one fails on it, for it is there already.
import { title, type Export, type ResourceState } from "./deployment.ts";
import { isOwn, pendingCreates, takenButUnread, type Candidate } from "./pending.ts";
import type { Stack } from "./pulumi.ts";
import { leaveOut, takeIn } from "./take-in.ts";

export interface Repair {
    readonly taken: readonly Candidate[];
    /** The creation had not begun, or had failed. */
    readonly absent: readonly Candidate[];
    /** Of that name there is another's object. */
    readonly foreign: readonly Candidate[];
    /** For a person to look at. */
    readonly unknown: ReadonlyArray<{ readonly resource: ResourceState; readonly why: string }>;
}

/** @param keep stores the state as it was, before anything is changed */
export async function repair(stack: Stack, keep: (state: Export) => Promise<void>): Promise<Repair> {
    const before = await stack.export();
    const { candidates: pending, unknown } = pendingCreates(before.deployment);
    const candidates = [...pending, ...takenButUnread(before.deployment)];
    if (candidates.length === 0) {
        return { taken: [], absent: [], foreign: [], unknown };
    }
    await keep(before);
    await stack.import({ ...before, deployment: takeIn(before.deployment, pending) });
    try {
        await stack.refresh([...new Set(candidates.map(({ resource }) => resource.urn))]);
    } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`${why}\nFix: mend that, then run this again: it goes on from here.`, { cause: error });
    }

    const after = await stack.export();
    const found = (candidate: Candidate): ResourceState | undefined =>
        (after.deployment.resources ?? []).find(({ urn, id }) => urn === candidate.resource.urn && id === candidate.id);
    const present = candidates.filter((candidate) => found(candidate) !== undefined);
    const foreign = present.filter((candidate) => !isOwn(found(candidate)!, candidate));
    if (foreign.length > 0) {
        await stack.import({ ...after, deployment: leaveOut(after.deployment, foreign) });
    }
    return {
        taken: present.filter((candidate) => !foreign.includes(candidate)),
        absent: candidates.filter((candidate) => !present.includes(candidate)),
        foreign,
        unknown,
    };
}

/** One line for each creation that was cut off. */
export function report({ taken, absent, foreign, unknown }: Repair): string {
    const named = ({ resource, id }: Candidate): string => `${title(resource)} (${id})`;
    const lines = [
        ...taken.map((each) => `taken into the state: ${named(each)}`),
        ...absent.map((each) => `not there, the next update makes it: ${named(each)}`),
        ...foreign.map(
            (each) =>
                `left alone, its labels are not this stack's: ${named(each)}. Fix: see whose it is, and rename or delete it`,
        ),
        ...unknown.map(
            ({ resource, why }) =>
                `look yourself, ${why}: ${resource.type} ${title(resource)}. If it is there: pulumi import, or delete it`,
        ),
    ];
    return lines.length === 0 ? "Nothing to repair: no creation was cut off." : lines.join("\n");
}
