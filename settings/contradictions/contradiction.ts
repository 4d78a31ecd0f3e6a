// Settings that are right each for itself and wrong together.
import type { Problem } from "../problems.ts";
import type { Settings } from "../sections.ts";

export interface Contradiction {
    /** The sections it compares: it is looked for once these are right. */
    readonly needs: ReadonlyArray<keyof Settings>;
    readonly find: (settings: Settings) => Problem[];
}

/** @param find sees only the sections that it names, because others may be missing */
export function contradiction<Name extends keyof Settings>(
    needs: readonly Name[],
    find: (settings: Pick<Settings, Name>) => Problem[],
): Contradiction {
    return { needs, find };
}
