// After an update that was killed: puts what it made into the state, so that the next one goes on from there.
//   pulumi cancel -s production && node commands/repair/main.ts --stack production && pulumi up -s production
import { Command } from "commander";
import { failed } from "../support/command-line.ts";
import { keepState } from "./keep.ts";
import { openStack } from "./pulumi.ts";
import { repair, report } from "./repair.ts";

const program = new Command("repair")
    .description("Takes what an update that was killed has made into the state of its stack.")
    .requiredOption("--stack <name>", "of the project in the current directory")
    .addHelpText(
        "after",
        "\nExit codes: 0 the next update can go on, 1 something is left for you to look at, 2 it failed.",
    )
    .showHelpAfterError();

try {
    const { stack } = program.parse().opts<{ stack: string }>();
    const result = await repair(openStack(stack), async (state) => {
        console.log(await keepState(stack, state));
    });
    console.log(report(result));
    process.exitCode = result.foreign.length + result.unknown.length === 0 ? 0 : 1;
} catch (error) {
    process.exitCode = failed(error);
}
