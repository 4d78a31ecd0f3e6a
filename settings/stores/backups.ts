// Where in its bucket the backups of a database are.
import type { BackupsSettings } from "../backups.ts";
import type { StoreEntry } from "./entries.ts";

/** The folder in the bucket: no two databases of two environments have the same one by default. */
export function prefixOf(
    { name, owner }: Pick<StoreEntry, "name" | "owner">,
    { to }: BackupsSettings,
    environment: string,
): string {
    return to.prefix ?? `${owner!.name}/${environment}/${name}`;
}
