// Removes a stack from its cloud, to the end.
//   node commands/destroy/main.ts --stack staging
import { spawn } from "node:child_process";
import { Command } from "commander";
import { openStack } from "../repair/pulumi.ts";
import { destroy } from "./destroy.ts";

const program = new Command("destroy")
    .description("`pulumi destroy`, and in Google Cloud what it leaves in its own way: the network's peering.")
    .requiredOption("--stack <name>", "of the project in the current directory")
    .option("--yes", "asks nothing, as in CI")
    .addHelpText("after", "\nExit codes: 0 nothing is left, otherwise that of what failed.")
    .showHelpAfterError();

try {
    const { stack, yes = false } = program.parse().opts<{ stack: string; yes?: boolean }>();
    process.exitCode = await destroy(["--stack", stack, ...(yes ? ["--yes"] : [])], {
        pulumi: (args) => run("pulumi", args),
        gcloud: (args) => run("gcloud", args),
        state: () => openStack(stack).export(),
        say: (line) => console.log(line),
    });
} catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
}

/** At the user's own terminal: Pulumi asks there, and shows what it does. */
function run(program: string, args: readonly string[]): Promise<number> {
    return new Promise((resolve, reject) => {
        spawn(program, args, { stdio: "inherit" })
            .once("error", () => {
                reject(new Error(`${program} is not installed. It would have run: ${program} ${args.join(" ")}`));
            })
            .once("close", (code) => resolve(code ?? 1));
    });
}
