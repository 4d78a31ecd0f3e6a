// A key of buckets is used by every pod seconds after its cloud has made it: at the first update, and whenever its number changes.
import { pause } from "../../lib/pause.ts";

/**
 * Milliseconds. Neither Cloud Storage nor Spaces says how soon a new key holds; AWS's takes some seconds. A job of an image's own is not
 * tried again, and pods of a rotation would refuse uploads till then.
 */
export const newKeySettles = 30_000;

/** A wait of its own, for a key that is made, and at no other time. */
export async function untilNewKeyHolds(): Promise<void> {
    await pause(newKeySettles);
}
