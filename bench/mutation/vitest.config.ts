// The tests of one folder, as StrykerJS runs them in its copy of the project (bench/mutation/run.ts).
import { defineConfig } from "vitest/config";
import { folders } from "./folders.ts";

const { tests, together = false } = folders[process.env["MUTATED_FOLDER"]!]!;
const timeout = 120_000;

export default defineConfig({
    test: { include: [...tests], isolate: !together, testTimeout: timeout, hookTimeout: timeout },
});
