// Writes commands/plan/answers/schema/<cloud>.json: `node lab/provider-recording/schema/main.ts`, after a new version of an SDK or another fact.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../commands/support/paths.ts";
import { extractSchema, formatSchema } from "./extract.ts";
import { clouds } from "../../../commands/plan/answers/schema/resources.ts";

for (const cloud of clouds) {
    writeFileSync(
        join(projectRoot, "commands/plan/answers/schema", `${cloud}.json`),
        formatSchema(extractSchema(cloud)),
    );
}
