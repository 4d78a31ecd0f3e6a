// Makes what is told of the settings from their schema: the tables of docs/settings.md, and settings.schema.json for editors.
// `node commands/docs/settings.ts`; with `--check` it writes nothing, and ends with 1 when one is out of date.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../support/paths.ts";
import { generate } from "./generated.ts";
import { stackFileSchema } from "./settings-schema.ts";
import { withTables } from "./settings-tables.ts";

const page = join(projectRoot, "docs/settings.md");
await generate(page, withTables(await readFile(page, "utf8")));

const schemaFile = "settings.schema.json";
await generate(join(projectRoot, schemaFile), json(stackFileSchema()));

// A stack file names the schema beside it, and goes on doing so when it is copied into the project's folder.
const examples = join(projectRoot, "examples/stacks");
for (const name of (await readdir(examples)).toSorted()) {
    await generate(join(examples, name, schemaFile), json({ $ref: `../../../${schemaFile}` }));
}

function json(value: unknown): string {
    // One space: two would make it half as large again.
    return `${JSON.stringify(value, undefined, 1)}\n`;
}
