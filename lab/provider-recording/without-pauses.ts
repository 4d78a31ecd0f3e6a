// Preloaded into the program of a stack whose clouds are recorded: what is written down holds at once, so that a pause of minutes for a
// right, an association or a key proves nothing. The program has no switch of its own for this: nobody can leave a pause out by mistake.
import { realpathSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../support/paths.ts";

// Throws when the program pauses by another file: nothing would be replaced then, and each test would wait.
const replaced = pathToFileURL(realpathSync(join(projectRoot, "lib", "pause.ts"))).href;

registerHooks({
    load(url, context, nextLoad) {
        return url === replaced
            ? { format: "module", source: "export async function pause() {}", shortCircuit: true }
            : nextLoad(url, context);
    },
});
