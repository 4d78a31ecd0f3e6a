// Makes now what new environments' databases begin with, beside those of the schedule.
//   node commands/seed/main.ts --stack staging
import { Command } from "commander";
import { openStack } from "../repair/pulumi.ts";
import { failed, given } from "../support/command-line.ts";
import { seedIn } from "./found.ts";
import { makeSeed } from "./make.ts";

interface Options {
    readonly stack: string;
    readonly dump?: string;
}

const program = new Command("seed")
    .description(
        "Makes a seed of a stack that lends its database server: whose rows and what masks them, lends.seed says.",
    )
    .requiredOption("--stack <name>", "of the project in the current directory")
    .option("--dump <name>", "of those that lends.seed.from has, such as 20261201T021700Z; without it, the last")
    .addHelpText("after", "\nExit codes: 0 it is served, 1 it failed, and what was served is, 2 it could not begin.")
    .showHelpAfterError()
    .action(async ({ stack, dump }: Options) => {
        const { deployment } = await openStack(stack).export("with secrets");
        const seed = seedIn(deployment.resources ?? [], stack);
        const chosen = given(dump);
        const wanted = chosen === undefined ? {} : { dump: chosen };
        process.exitCode = (await makeSeed(seed, wanted, (line) => console.log(line))) ? 0 : 1;
    });

try {
    await program.parseAsync();
} catch (error) {
    process.exitCode = failed(error);
}
