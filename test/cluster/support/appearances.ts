// Where a value shows in text, plain or encoded.
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** The value as it is, and as base64 shows it, wherever in the text it begins; it has to be of letters and digits, 12 at least. */
export function appearancesOf(value: string, text: string): string[] {
    const encodings = ["", "a", "ab"].map((before) =>
        Buffer.from(`${before}${value}`)
            .toString("base64")
            .slice(before.length === 0 ? 0 : 4, -4),
    );
    return [value, ...encodings].filter((form) => text.includes(form));
}

export async function filesBelow(directory: string): Promise<string[]> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
