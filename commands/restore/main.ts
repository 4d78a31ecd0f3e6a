// Brings a database in the cluster to an earlier moment, beside the data that is there: checks that the moment can be reached, writes the
// setting, brings the stack up while what the restore says is shown, and looks at what came of it. What was before stays on the volume.
//   node commands/restore/main.ts --stack staging --at 2026-12-01T10:20:30Z
import { Command } from "commander";
import { openStack } from "../repair/pulumi.ts";
import { failed, given, run } from "../support/command-line.ts";
import { backedUpIn, oneOf } from "./found.ts";
import { restoreTo } from "./restore.ts";
import { serverOf } from "./server.ts";

interface Options {
    readonly stack: string;
    readonly store?: string;
    readonly at?: string;
    readonly confirm?: string;
}

const options = new Command("restore")
    .description(
        "A database in the cluster as it was at a moment. The data of now stays, and taking restore out of the settings leads back to it.",
    )
    .requiredOption("--stack <name>", "of the project in the current directory")
    .option("--store <name>", "of several databases")
    .option("--at <moment>", "as 2026-12-01T10:20:30Z. Default: now, everything that was written")
    .option("--confirm <name>", "the store's name: the folder with the data before is removed")
    .addHelpText("after", "\nExit codes: 0 it is done, 1 it failed, 2 it could not begin, and nothing has changed.")
    .showHelpAfterError()
    .parse()
    .opts<Options>();

try {
    const { stack } = options;
    const { deployment } = await openStack(stack).export("with secrets");
    const database = oneOf(backedUpIn(deployment.resources ?? []), stack, given(options.store));
    const at = given(options.at);
    const confirm = given(options.confirm);
    process.exitCode = await restoreTo(
        { store: database.name, ...(at !== undefined && { at }), ...(confirm !== undefined && { confirm }) },
        {
            server: serverOf(database),
            pulumi: (args) => run("pulumi", [...args, "--stack", stack]),
            say: (line) => console.log(line),
        },
    );
} catch (error) {
    process.exitCode = failed(error);
}
