// From the settings of a managed server's restore to the component's.
import type { ServerRestore } from "../../components/database/restore.ts";
import { nothingElse } from "../../lib/nothing-else.ts";

interface RestoreSettings {
    readonly at?: string | undefined;
    readonly backup?: string | undefined;
    readonly from?: string | undefined;
    readonly original: ServerRestore["original"];
    readonly previous?: string | undefined;
}

/** @param restore with either `at` or `backup`, or it was refused */
export function restoreOf(restore: RestoreSettings | undefined): { readonly restore?: ServerRestore } {
    if (restore === undefined) {
        return {};
    }
    const { at, backup, from, original, previous, ...rest } = restore;
    nothingElse(rest);
    return {
        restore: {
            what: backup === undefined ? { at: at! } : { backup },
            ...(from !== undefined && { from }),
            original,
            ...(previous !== undefined && { previous }),
        },
    };
}
