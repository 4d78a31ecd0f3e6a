// Dumps by hand: takes one now, or brings one back.
//   node commands/dumps/main.ts take --stack staging
//   node commands/dumps/main.ts restore --stack staging --dump latest
import { Command } from "commander";
import { openStack } from "../repair/pulumi.ts";
import { failed, given } from "../support/command-line.ts";
import { dumpsIn, oneOf, type StackDumps } from "./found.ts";
import { restoreDump, takeDump } from "./take.ts";

interface Options {
    readonly stack: string;
    readonly store?: string;
    readonly dump: string;
    readonly from?: string;
    readonly confirm?: string;
}

const say = (line: string): void => console.log(line);

const program = new Command("dumps")
    .description("Dumps of a stack's databases, in the bucket that their settings name.")
    .addHelpText("after", "\nExit codes: 0 it is done, 1 it failed, and nothing has changed, 2 it could not begin.")
    .showHelpAfterError();

program
    .command("take")
    .description("takes one now, beside those of each day")
    .requiredOption("--stack <name>", "of the project in the current directory")
    .option("--store <name>", "of several databases")
    .action(async (options: Options) => {
        process.exitCode = (await takeDump(await chosen(options), "hand", say)) ? 0 : 1;
    });

program
    .command("restore")
    .description("brings one back: into an empty database, or in the place of what is there")
    .requiredOption("--stack <name>", "of the project in the current directory")
    .option("--store <name>", "of several databases")
    .option("--dump <name>", "its name, such as 20261201T021700Z", "latest")
    .option("--from <prefix>", "of another stack's, in the same bucket and with the same passphrase")
    .option("--confirm <database>", "the database's name: what is in it goes")
    .action(async (options: Options) => {
        const { dump, from, confirm } = options;
        const wanted = { dump: given(dump) ?? "latest", from: given(from), confirm: given(confirm) };
        process.exitCode = (await restoreDump(await chosen(options), wanted, say)) ? 0 : 1;
    });

async function chosen({ stack, store }: Options): Promise<StackDumps> {
    const { deployment } = await openStack(stack).export("with secrets");
    return oneOf(dumpsIn(deployment.resources ?? []), stack, given(store));
}

try {
    await program.parseAsync();
} catch (error) {
    process.exitCode = failed(error);
}
