// Keys of buckets by number. A cloud has several at a time, so the one before stays until the number after: pods that end have it still.
import { generationName } from "./generations.ts";

/**
 * @param number of the key that the app gets. @default one key for good
 * @param make makes the key of a name, the same each time
 */
export function rotatedKey<Key>(name: string, number: number | undefined, make: (name: string) => Key): Key {
    if (number !== undefined && number > 0) {
        make(generationName(name, number - 1));
    }
    return make(generationName(name, number ?? 0));
}
