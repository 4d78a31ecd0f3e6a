// How the language host starts a program and reads its end. Does not prove that a program runs: see test/engine.
import { describe, expect, test } from "vitest";
import {
    nodeArguments,
    outcome,
    programEnvironment,
    splitWords,
    type ProgramRun,
} from "../engine/language-host/program.ts";

const run: ProgramRun = {
    engineAddress: "127.0.0.1:1",
    monitorAddress: "127.0.0.1:2",
    project: "shop",
    stack: "dev",
    organization: "organization",
    rootDirectory: "/project",
    programDirectory: "/project/infra",
    entryPoint: "index.ts",
    args: [],
    dryRun: false,
    parallel: 16,
    config: { "shop:size": "small" },
    configSecretKeys: ["shop:key"],
    options: { typescript: false },
};

describe("arguments of the program's process", () => {
    test("everything that the SDK's entry point knows, then the program", () => {
        expect(nodeArguments(run, "/sdk/run.js")).toEqual([
            "/sdk/run.js",
            "--engine=127.0.0.1:1",
            "--monitor=127.0.0.1:2",
            "--project=shop",
            "--stack=dev",
            "--organization=organization",
            "--root-directory=/project",
            "--pwd=/project/infra",
            "--parallel=16",
            "index.ts",
        ]);
    });

    test("options for node come before the SDK's entry point", () => {
        const args = nodeArguments({ ...run, options: { nodeargs: "--inspect '--title=my app'" } }, "/sdk/run.js");
        expect(args.slice(0, 3)).toEqual(["--inspect", "--title=my app", "/sdk/run.js"]);
    });

    test("a preview says so, what is empty is left out, and no entry point means the package's own", () => {
        const args = nodeArguments(
            { ...run, dryRun: true, organization: "", entryPoint: "", args: ["x"] },
            "/sdk/run.js",
        );
        expect(args).not.toContain("--organization=");
        expect(args.slice(-3)).toEqual(["--dry-run", ".", "x"]);
    });
});

describe("environment of the program's process", () => {
    test("configuration, and which keys of it are secret", () => {
        expect(programEnvironment(run)).toEqual({
            PULUMI_CONFIG: '{"shop:size":"small"}',
            PULUMI_CONFIG_SECRET_KEYS: '["shop:key"]',
            PULUMI_NODEJS_TYPESCRIPT: "false",
        });
    });

    test.each([
        [{}, "true"],
        [{ typescript: true }, "true"],
        [{ typescript: "false" }, "false"],
    ])("options %j: the SDK compiles TypeScript: %s", (options, expected) => {
        expect(programEnvironment({ ...run, options })["PULUMI_NODEJS_TYPESCRIPT"]).toBe(expected);
    });

    test("another tsconfig is passed on", () => {
        expect(programEnvironment({ ...run, options: { tsconfig: "a.json" } })["PULUMI_NODEJS_TSCONFIG_PATH"]).toBe(
            "a.json",
        );
    });
});

describe("what the program's end means", () => {
    test.each([
        [0, null, false, { bail: false, error: "" }],
        [32, null, false, { bail: true, error: "" }],
        [null, "SIGINT", true, { bail: true, error: "" }],
    ] as const)("code %s, signal %s, cancelled %s", (code, signal, cancelled, expected) => {
        expect(outcome(code, signal, cancelled)).toEqual(expected);
    });

    test("an unexplained end is an error with its code or signal", () => {
        expect(outcome(3, null, false).error).toContain("exit code 3");
        expect(outcome(null, "SIGKILL", false).error).toContain("signal SIGKILL");
        expect(outcome(13, null, false).error).toContain("awaits something that can never happen");
    });
});

test.each([
    ["", []],
    ["  --a   --b ", ["--a", "--b"]],
    [`--title="two words" 'x y'z`, ["--title=two words", "x yz"]],
])("splits %j", (line, words) => {
    expect(splitWords(line)).toEqual(words);
});
