// Settings that are right each for itself and wrong together.
import type { Problem } from "../problems.ts";
import type { Settings } from "../sections.ts";

/** Whether it stops the stack, or is told beside a plan that goes on. */
export type Weight = "refused" | "advice";

export interface Contradiction {
    readonly weight: Weight;
    /** The sections it compares: it is looked for once these are right. */
    readonly needs: ReadonlyArray<keyof Settings>;
    readonly find: (settings: Settings) => Problem[];
}

/** @param find sees only the sections that it names, because others may be missing */
export function contradiction<Name extends keyof Settings>(
    needs: readonly Name[],
    find: (settings: Pick<Settings, Name>) => Problem[],
): Contradiction {
    return { weight: "refused", needs, find };
}

/** What may be meant, and rarely is: a value that no list here knows, a setting whose effect surprises. */
export function advice<Name extends keyof Settings>(
    needs: readonly Name[],
    find: (settings: Pick<Settings, Name>) => Problem[],
): Contradiction {
    return { weight: "advice", needs, find };
}
