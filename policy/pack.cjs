// Where Pulumi starts the policy pack. It runs packs with ts-node, whatever the runtime's options say, and ts-node does not know
// this project's TypeScript: it looks at what is required, so Node's own import gets past it.
"use strict";

// The SDK reads the pack's version from the working directory's package.json; which directory that is, depends on the CLI.
process.chdir(__dirname);

module.exports = import("./pack.ts");
