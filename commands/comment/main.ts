// Writes a file as the one comment of a pull request, or edits the one that is there.
//   node commands/comment/main.ts --marker verdict:staging --file comment.md
//   node commands/comment/main.ts --pull-request 12 --marker review --file comment.md
//   node commands/comment/main.ts --untrusted --marker verdict:staging --file artifact/comment.md     # after a fork's run
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { credentialIn } from "../../lib/secret-text.ts";
import { ForgeError } from "../forge/failure.ts";
import { forgeFrom } from "../forge/from.ts";
import { printable } from "../gate/report.ts";
import { readComment } from "./file.ts";
import { belowMarker, markerOf } from "./marker.ts";
import { BadInputError, runOf } from "./run.ts";
import { RefusedError, targetOf } from "./target.ts";
import { harmlessText } from "./untrusted.ts";

interface Options {
    readonly pullRequest?: number;
    readonly head?: string;
    readonly marker: string;
    readonly file: string;
    readonly untrusted?: true;
}

const program = new Command("comment")
    .description(
        "Writes a file as the one comment of a pull request that begins with a marker, or edits it. GitHub, Gitea and GitLab, by the " +
            "variables of their jobs and GITHUB_TOKEN or GITLAB_TOKEN.",
    )
    .requiredOption("--marker <name>", "what comment it is: verdict:STACK, review")
    .requiredOption("--file <path>", "its text, as Markdown")
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
    console.log(await write(program.opts<Options>()));
} catch (error) {
    process.exitCode = codeOf(error);
}

async function write(options: Options): Promise<string> {
    const marker = markerOf(options.marker);
    const run = await runOf(process.env);
    // What follows a fork's run was handed a fork's file, whatever the options say.
    const untrusted = options.untrusted === true || run.follows;
    const head = options.head ?? (options.pullRequest === undefined || untrusted ? run.head : undefined);
    if (untrusted && head === undefined) {
        throw new BadInputError(
            "--untrusted: the commit of the run is not known. Allowed: --head COMMIT, or a job for workflow_run.",
        );
    }
    const text = belowMarker(await readComment(options.file), marker, untrusted);
    const credential = credentialIn(text);
    if (credential !== undefined) {
        throw new RefusedError(`${options.file} shows ${credential}: nothing was written. Fix: whatever printed it.`);
    }
    const forge = forgeFrom(process.env);
    const target = await targetOf(forge, {
        number: options.pullRequest ?? run.number,
        head,
        branch: run.branch,
        untrusted,
    });
    if ("nothing" in target) {
        return target.nothing;
    }
    const { number, head: found } = target.pullRequest;
    const body = untrusted ? harmlessText(text, marker, found) : `${marker}\n${text}`;
    const { url } = await forge.comment(number, marker, body);
    return `The comment of pull request ${number}: ${url}`;
}

function codeOf(error: unknown): number {
    if (error instanceof CommanderError) {
        // It has printed its message; `--help` is no error.
        return error.exitCode === 0 ? 0 : 2;
    }
    if (error instanceof BadInputError || error instanceof ForgeError || error instanceof RefusedError) {
        console.error(printable(error.message));
        return error instanceof BadInputError ? 2 : 1;
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
