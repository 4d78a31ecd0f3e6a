// Writes schema/<cloud>.json: `node tools/provider-recording/schema/main.ts`, after a new version of an SDK or another fact.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { extractSchema, formatSchema } from "./extract.ts";
import { clouds } from "./resources.ts";

for (const cloud of clouds) {
    writeFileSync(join(import.meta.dirname, `${cloud}.json`), formatSchema(extractSchema(cloud)));
}
