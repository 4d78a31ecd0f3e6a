// After an update that was killed: puts what it made into the state, so that the next one goes on from there.
//   pulumi cancel -s production && node commands/repair/main.ts --stack production && pulumi up -s production
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { localDir } from "../support/paths.ts";
import type { Export } from "./deployment.ts";
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
    const result = await repair(openStack(stack), (state) => keep(stack, state));
    console.log(report(result));
    process.exitCode = result.foreign.length + result.unknown.length === 0 ? 0 : 1;
} catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
}

/** What is secret in it is encrypted. */
async function keep(stack: string, state: Export): Promise<void> {
    const directory = join(localDir, "repair");
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const file = join(directory, `${stack.replaceAll("/", ".")}-${new Date().toISOString().replaceAll(":", "-")}.json`);
    await writeFile(file, JSON.stringify(state, undefined, 4), { mode: 0o600 });
    console.log(`The state as it was: ${file}. To go back: pulumi stack import --stack ${stack} --file ${file}`);
}
