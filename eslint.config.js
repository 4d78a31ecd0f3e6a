// What the compiler does not say. Rules that need types are on: nothing else finds a promise that nobody waits for.
import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import typescript from "typescript-eslint";

export default defineConfig(
    { ignores: ["node_modules/", ".local/", "examples/", "**/*.cjs", "eslint.config.js"] },
    eslint.configs.recommended,
    typescript.configs.strictTypeChecked,
    {
        languageOptions: {
            parserOptions: {
                projectService: { allowDefaultProject: ["vitest.config.ts"] },
                tsconfigRootDir: import.meta.dirname,
            },
        },
        linterOptions: { reportUnusedDisableDirectives: "error" },
        rules: {
            curly: "error",
            // One dialect: constants are camelCase, too. What is taken out of an object keeps the name that it has there.
            "@typescript-eslint/naming-convention": [
                "error",
                {
                    selector: ["variable", "parameter", "classProperty"],
                    format: null,
                    custom: { regex: "^_?[A-Z][A-Z0-9_]+$", match: false },
                },
                { selector: "variable", modifiers: ["destructured"], format: null },
            ],
            "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
            "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
            // Two concerns, nearly always.
            "max-lines": ["warn", { max: 600, skipBlankLines: true, skipComments: true }],

            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
            // `_` takes out of an object what is not to be passed on.
            "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],

            // Lists are read by index where their length is known; noUncheckedIndexedAccess then wants the `!`.
            "@typescript-eslint/no-non-null-assertion": "off",
            // A union of one variant today gets more: its switch is complete on purpose.
            "@typescript-eslint/no-unnecessary-condition": "off",
            // `return done();` is the short way to leave a callback.
            "@typescript-eslint/no-confusing-void-expression": "off",
            // An interface may ask for a promise where one implementation has nothing to wait for.
            "@typescript-eslint/require-await": "off",
            // Does not end on types that contain themselves, as those of @pulumi/pulumi do.
            "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
        },
    },
    {
        // A planned resource has the shape of its type, which only the test knows.
        files: ["test/**", "lab/test/**"],
        rules: {
            "@typescript-eslint/no-unsafe-argument": "off",
            "@typescript-eslint/no-unsafe-assignment": "off",
            "@typescript-eslint/no-unsafe-call": "off",
            "@typescript-eslint/no-unsafe-member-access": "off",
            "@typescript-eslint/no-unsafe-return": "off",
            // Fakes hand out methods that need no `this`, and texts are made of letters that do not combine.
            "@typescript-eslint/unbound-method": "off",
            "@typescript-eslint/no-misused-spread": "off",
        },
    },
);
