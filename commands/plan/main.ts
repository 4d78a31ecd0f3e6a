// `make plan`: what a stack would create, with Node alone.
import { enableCompileCache } from "node:module";

// Before anything else is loaded: most of the time goes into compiling the SDK.
enableCompileCache();

await import("./quick-start.ts");
const { Command, CommanderError } = await import("commander");

interface Options {
    readonly stack: string;
    readonly svg?: string;
    readonly directory?: string;
    readonly defaults?: boolean;
    readonly json?: boolean;
}

const asJson = process.argv.includes("--json");

const command = new Command("plan")
    .description("Shows what a stack would create, checks the rules, and draws a picture of it.")
    .option("--stack <name>", "the stack of Pulumi.<name>.yaml", "local")
    .option("--svg <file>", "where the picture is written (default: .local/plan/<stack>.svg)")
    .option(
        "--directory <folder>",
        "where Pulumi.<stack>.yaml is, for example examples/stacks/aws (default: the project)",
    )
    .option("--defaults", "show every effective setting too, and where its value comes from")
    .option("--json", "print the plan, or what is wrong with the settings, as JSON")
    .allowExcessArguments(false)
    .exitOverride()
    // What is wrong with the options is told below.
    .configureOutput({ outputError: () => undefined });

const { failureOf, optionFailure } = await import("./failure.ts");

/** In one form or the other, never both on standard output. */
function fail(failure: ReturnType<typeof failureOf>, stack?: string): void {
    const { message, code, problems, file } = failure;
    if (asJson) {
        const error = message.split("\n")[0];
        process.stdout.write(`${JSON.stringify({ stack, file, error, problems }, undefined, 2)}\n`);
    }
    process.stderr.write(`${message}\n`);
    process.exitCode = code;
}

// The SDK starts work that nobody waits for.
process.on("uncaughtException", (error) => {
    fail(failureOf(error));
    process.exit();
});

let options: Options | undefined;
try {
    options = command.parse().opts<Options>();
} catch (error) {
    if (!(error instanceof CommanderError)) {
        throw error;
    }
    if (error.exitCode !== 0) {
        fail(optionFailure(error.message));
    }
}

if (options !== undefined) {
    const { json = false, stack, ...others } = options;
    try {
        const { showPlan } = await import("./show.ts");
        const { ok } = await showPlan(stack, { ...others, json });
        process.exitCode = ok ? 0 : 1;
    } catch (error) {
        fail(failureOf(error), stack);
    }
}
