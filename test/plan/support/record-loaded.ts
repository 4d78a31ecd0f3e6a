// Given to `node --import`: writes what the program has loaded into the file that LOADED names, when it ends.
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

const loaded: string[] = [];
registerHooks({
    load(url, context, next) {
        loaded.push(url);
        return next(url, context);
    },
});
process.on("exit", () => {
    writeFileSync(process.env["LOADED"]!, JSON.stringify(loaded));
});
