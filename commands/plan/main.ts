// `make plan`: what a stack would create, with Node alone.
import { enableCompileCache } from "node:module";

// Before anything else is loaded: most of the time goes into compiling the SDK.
enableCompileCache();

await import("./quick-start.ts");
const { Command } = await import("commander");

const { json, stack, ...options } = new Command("plan")
    .description("Shows what a stack would create, checks the rules, and draws a picture of it.")
    .option("--stack <name>", "the stack of Pulumi.<name>.yaml", "local")
    .option("--svg <file>", "where the picture is written (default: .local/plan/<stack>.svg)")
    .option(
        "--directory <folder>",
        "where Pulumi.<stack>.yaml is, for example examples/stacks/aws (default: the project)",
    )
    .option("--defaults", "show every effective setting too, and where its value comes from")
    .option("--json", "print the plan, or what is wrong with the settings, as JSON")
    .parse()
    .opts<{ stack: string; svg?: string; directory?: string; defaults?: boolean; json?: boolean }>();

const { showPlan, UnknownStackError } = await import("./show.ts");
const { SettingsError } = await import("../../settings/problems.ts");

try {
    const { ok } = await showPlan(stack, { ...options, json: json ?? false });
    process.exitCode = ok ? 0 : 1;
} catch (error) {
    if (!(error instanceof SettingsError || error instanceof UnknownStackError)) {
        throw error;
    }
    if (json === true) {
        const problems = error instanceof SettingsError ? error.problems : [];
        process.stdout.write(
            `${JSON.stringify({ stack, error: error.message.split("\n")[0], problems }, undefined, 2)}\n`,
        );
    }
    // The message says it all; where in our code it was noticed helps nobody.
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
}
