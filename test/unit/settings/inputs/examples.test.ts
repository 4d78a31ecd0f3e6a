// The committed stacks are free of what these folders' tests provoke: no refusal of them is a false alarm.
// Does not prove that their plans keep the rules: that is the plan layer's.
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { isEncrypted } from "../../../../settings/stack-file/encrypted.ts";
import { problemsOf } from "../../../support/settings.ts";

const files = globSync(["Pulumi.*.yaml", "examples/stacks/*/Pulumi.*.yaml"]).toSorted();

/** Encrypted values as a plan reads them, without a key. */
function decrypted(_: unknown, value: unknown): unknown {
    return isEncrypted(value) ? "encrypted" : value;
}

async function sectionsOf(file: string): Promise<Record<string, unknown>> {
    const { config } = parse(await readFile(file, "utf8"), decrypted) as { config: Record<string, unknown> };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(key.indexOf(":") + 1), value]));
}

describe("committed stacks", () => {
    test.each(files)("%s", async (file) => {
        const stack = /Pulumi\.(.+)\.yaml$/.exec(file)![1]!;
        expect(problemsOf(await sectionsOf(file), stack)).toEqual([]);
    });

    // Google refuses a binding to an account that is not there, and what a first `up` gives rights to is made by the program.
    test.each(files)("%s names no service account that nobody has made", async (file) => {
        const text = JSON.stringify(await sectionsOf(file));
        expect(text.match(/serviceAccount:[^"]*|[^"]*\.gserviceaccount\.com/g) ?? []).toEqual([]);
    });
});
