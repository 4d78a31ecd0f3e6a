// From a file to the comment: which pull request, whether it still is what the text is of, and what of an untrusted text is left.
import { credentialIn } from "../../lib/secret-text.ts";
import { forgeFrom, type Environment } from "../forge/from.ts";
import { environmentText } from "./environment.ts";
import { readComment, readPrinted } from "./file.ts";
import { belowMarker, markerOf } from "./marker.ts";
import { BadInputError, runOf } from "./run.ts";
import { RefusedError, targetOf } from "./target.ts";
import { harmlessText } from "./untrusted.ts";

export interface Options {
    readonly pullRequest?: number;
    readonly head?: string;
    readonly marker: string;
    readonly file: string;
    /** The file is what the review command printed as JSON. */
    readonly environment?: true;
    readonly untrusted?: true;
}

/** @returns what was done, as a sentence */
export async function write(options: Options, env: Environment): Promise<string> {
    const marker = markerOf(options.marker);
    const run = await runOf(env);
    // What follows a fork's run was handed a fork's file, whatever the options say.
    const untrusted = options.untrusted === true || run.follows;
    const head = options.head ?? (options.pullRequest === undefined || untrusted ? run.head : undefined);
    if (untrusted && options.environment) {
        throw new BadInputError(
            "--environment: a fork has none. Allowed: the file of a job with the repository's own code.",
        );
    }
    if (untrusted && head === undefined) {
        throw new BadInputError(
            "--untrusted: the commit of the run is not known. Allowed: --head COMMIT, or a job for workflow_run.",
        );
    }
    const text = options.environment
        ? environmentText(await readPrinted(options.file), options.file, { run: runIn(env), closes: run.closes })
        : belowMarker(await readComment(options.file), marker);
    const credential = credentialIn(text);
    if (credential !== undefined) {
        throw new RefusedError(`${options.file} shows ${credential}: nothing was written. Fix: whatever printed it.`);
    }
    const forge = forgeFrom(env);
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

/** The address of this job's run, where CI tells its parts. */
function runIn(env: Environment): string | undefined {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, CI_JOB_URL: job } = env;
    return server !== undefined && repository !== undefined && run !== undefined
        ? `${server}/${repository}/actions/runs/${run}`
        : job;
}
