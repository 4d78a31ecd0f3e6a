// One project for each layer of tests; `vitest run --project unit` runs one, a path runs what is below it.
import { defineConfig } from "vitest/config";

const second = 1000;

/** For layers that record plans. */
const setupFiles = "test/support/stack-traces.ts";

/** The last three wait for an engine and for a cluster: first for it to start, then for pods. */
const layers = [
    { name: "unit", testTimeout: 30 * second, isolate: false },
    // The stand-ins' own tests.
    { name: "lab", testTimeout: 30 * second, include: ["lab/test/**/*.test.ts"] },
    // One process for all: each would load the same packages again.
    { name: "component", testTimeout: 30 * second, isolate: false, setupFiles },
    // How the parts of a stack are put together: settings in, inputs of resources out.
    { name: "stacks", testTimeout: 30 * second, isolate: false, setupFiles },
    // Before a file's first test up to nine whole plans are made, often beside other work.
    { name: "plan", testTimeout: 30 * second, hookTimeout: 120 * second, setupFiles },
    // What plans of AWS ask for, asked of a server that speaks its APIs.
    { name: "moto", testTimeout: 300 * second, isolate: false, setupFiles },
    { name: "engine", testTimeout: 600 * second, fileParallelism: false },
    { name: "cluster", testTimeout: 1800 * second, fileParallelism: false },
    // By hand (`make prove`): servers that a plain cluster has not, and what takes long.
    { name: "prove", testTimeout: 1800 * second, fileParallelism: false },
] as const;

export default defineConfig({
    test: {
        projects: layers.map(({ name, testTimeout, ...rest }) => ({
            test: {
                name,
                include: [`test/${name}/**/*.test.ts`],
                testTimeout,
                hookTimeout: testTimeout,
                ...rest,
            },
        })),
    },
});
