// The user's own Pulumi: used as it is.
import { findOnPath } from "./executables.ts";

export function findInstalled(): string | undefined {
    return findOnPath("pulumi");
}
