// Removes a stack from its cloud, to the end.
//   node commands/destroy/main.ts --stack staging
import { Command } from "commander";
import { lastDumps } from "../dumps/take.ts";
import { openStack } from "../repair/pulumi.ts";
import { failed, run } from "../support/command-line.ts";
import { destroy } from "./destroy.ts";

const program = new Command("destroy")
    .description(
        "`pulumi destroy`, after a last dump of the databases, and in Google Cloud what it leaves in its own way: the network's peering.",
    )
    .requiredOption("--stack <name>", "of the project in the current directory")
    .option("--yes", "asks nothing, as in CI")
    .option("--no-dump", "leaves no last dump of databases whose settings ask for one")
    .addHelpText("after", "\nExit codes: 0 nothing is left, otherwise that of what failed.")
    .showHelpAfterError();

try {
    const { stack, yes = false, dump } = program.parse().opts<{ stack: string; yes?: boolean; dump: boolean }>();
    const say = (line: string): void => console.log(line);
    process.exitCode = await destroy(["--stack", stack, ...(yes ? ["--yes"] : [])], {
        // At the user's own terminal: Pulumi asks there, and shows what it does.
        pulumi: (args) => run("pulumi", args),
        gcloud: (args) => run("gcloud", args),
        state: () => openStack(stack).export(),
        say,
        ...(dump && {
            lastDumps: async () => {
                const { deployment } = await openStack(stack).export("with secrets");
                return await lastDumps(deployment.resources ?? [], say);
            },
        }),
    });
} catch (error) {
    process.exitCode = failed(error);
}
