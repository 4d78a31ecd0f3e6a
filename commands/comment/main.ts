// Writes a file as the one comment of a pull request, or edits the one that is there.
//   node commands/comment/main.ts --marker verdict:staging --file comment.md
//   node commands/comment/main.ts --marker review --environment --file environment.json
//   node commands/comment/main.ts --untrusted --marker verdict:staging --file artifact/comment.md     # after a fork's run
import { Command, InvalidArgumentError } from "commander";
import { ForgeError } from "../forge/failure.ts";
import { printable } from "../gate/report.ts";
import { failed, said } from "../support/command-line.ts";
import { BadInputError } from "./run.ts";
import { RefusedError } from "./target.ts";
import { write, type Options } from "./write.ts";

const program = new Command("comment")
    .description(
        "Writes a file as the one comment of a pull request that begins with a marker, or edits it. GitHub, Gitea and GitLab, by the " +
            "variables of their jobs and GITHUB_TOKEN or GITLAB_TOKEN.",
    )
    .requiredOption("--marker <name>", "what comment it is: verdict:STACK, review")
    .requiredOption("--file <path>", "its text, as Markdown")
    .option(
        "--environment",
        "the file is what commands/review/main.ts printed with --json, or empty where that failed: its text is made here",
    )
    .option("--pull-request <number>", "default: the one that the job is for", numberIn)
    .option(
        "--head <commit>",
        "nothing is written when the pull request has gone on since; default: the commit of the job",
        commitIn,
    )
    .option(
        "--untrusted",
        "a fork's run wrote the file: it is made harmless, and goes to that fork's pull request alone",
    )
    .addHelpText(
        "after",
        "\nExit codes: 0 written, or not for a reason that is no failure; 1 the forge or the text does not allow it; 2 the input is wrong.",
    )
    .exitOverride();

try {
    program.parse();
    console.log(await write(program.opts<Options>(), process.env));
} catch (error) {
    process.exitCode = failed(error, tell);
}

function tell(error: unknown): number {
    if (error instanceof BadInputError || error instanceof ForgeError || error instanceof RefusedError) {
        return said(printable(error.message), error instanceof BadInputError ? 2 : 1);
    }
    throw error;
}

function numberIn(text: string): number {
    if (!/^[1-9]\d{0,9}$/.test(text)) {
        throw new InvalidArgumentError("It is a number, as in --pull-request 12.");
    }
    return Number(text);
}

function commitIn(text: string): string {
    if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text)) {
        throw new InvalidArgumentError("It is a whole commit, of 40 or 64 hexadecimal digits.");
    }
    return text;
}
