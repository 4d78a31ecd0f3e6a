// The folders of a database's volume, one for each state of its data, and what the backups of each are filed under.
import { createHash } from "node:crypto";

export interface Restored {
    /** A moment as `2026-12-01T10:20:30Z`, or `latest`. */
    readonly at: string;
    /** The folder of other backups. */
    readonly from?: string;
}

/** The same moment in the same words is the same folder: it is restored once. */
export function dataDirectory(restored: Restored | undefined): string {
    if (restored === undefined) {
        return "pgdata";
    }
    const moment = restored.at.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    const source =
        restored.from === undefined
            ? ""
            : `-of-${createHash("sha256").update(restored.from).digest("hex").slice(0, 8)}`;
    return `restored-${moment}${source}`;
}

/**
 * pgBackRest's stanza. Each folder has its own: going back to the data before goes on with its backups, whose log another state of the
 * data would have written over.
 */
export function stanzaOf(directory: string): string {
    return directory.replace(/^pgdata/, "main");
}
