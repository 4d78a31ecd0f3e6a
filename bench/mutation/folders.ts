// What is mutated, and which tests have to notice it: those of that folder, without an engine or a cluster.

export interface MutatedFolder {
    readonly tests: readonly string[];
    /**
     * Whether what runs once, when a module is loaded, is mutated too: for each such mutant all of the tests run.
     * @default false
     */
    readonly loading?: boolean;
    /** One process for all test files: each would load the same packages again. @default false */
    readonly together?: boolean;
}

export const folders: Readonly<Record<string, MutatedFolder>> = {
    // Schemas are built when their modules are loaded.
    settings: { tests: ["test/unit/settings/**/*.test.ts"], loading: true },
    stacks: { tests: ["test/stacks/**/*.test.ts", "test/plan/outputs.test.ts"], together: true },
    // The second asks of every resource whose it is (R76).
    components: { tests: ["test/component/**/*.test.ts", "test/stacks/refusals.test.ts"], together: true },
    policy: {
        tests: ["test/unit/policy/**/*.test.ts", "test/plan/{rules,cloud-rules,network,pod-security}.test.ts"],
    },
    "commands/gate": { tests: ["test/unit/commands/gate.test.ts"], loading: true },
};
