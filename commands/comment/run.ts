// Which pull request a job is of: as its CI says it. What an artifact says of itself is never asked.
import { readFile } from "node:fs/promises";
import { z } from "zod";

export interface Run {
    readonly number?: number;
    /** The commit that the job looked at. */
    readonly head?: string;
    readonly branch?: string;
    /** The job follows one of a pull request (`workflow_run`): what it was handed, that code may have written. */
    readonly follows: boolean;
    /** The job is for the end of the pull request. */
    readonly closes: boolean;
}

export class BadInputError extends Error {
    override readonly name = "BadInputError";
}

const ofPullRequest = z.object({
    action: z.string().optional(),
    pull_request: z.object({ number: z.number(), head: z.object({ sha: z.string(), ref: z.string() }) }),
});

const ofRun = z.object({
    workflow_run: z.object({ event: z.string(), head_sha: z.string(), head_branch: z.string().nullish() }),
});

/** Of GitHub, Gitea and GitLab; nothing where no CI runs, or for another reason than a pull request. */
export async function runOf(env: Readonly<Record<string, string | undefined>>): Promise<Run> {
    const { GITHUB_EVENT_NAME: name = "", GITHUB_EVENT_PATH: path = "" } = env;
    if (name === "workflow_run") {
        const { workflow_run } = eventIn(ofRun, await read(path), path);
        const { event, head_sha: head, head_branch: branch } = workflow_run;
        if (event !== "pull_request") {
            throw new BadInputError(
                `The run before this one was for ${event}. Allowed: one for pull_request, whose commit is that of a pull request.`,
            );
        }
        return { head, follows: true, closes: false, ...(typeof branch === "string" && { branch }) };
    }
    if (name === "pull_request" || name === "pull_request_target") {
        const { action, pull_request } = eventIn(ofPullRequest, await read(path), path);
        const { number, head } = pull_request;
        return { number, head: head.sha, branch: head.ref, follows: false, closes: action === "closed" };
    }
    const number = Number(env["CI_MERGE_REQUEST_IID"] ?? "");
    const closes = env["CI_ENVIRONMENT_ACTION"] === "stop";
    if (number > 0) {
        // In a pipeline of merged results CI_COMMIT_SHA is a commit of GitLab's own.
        const source = env["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] ?? "";
        const head = source === "" ? env["CI_COMMIT_SHA"] : source;
        return { number, follows: false, closes, ...(head !== undefined && { head }) };
    }
    return { follows: false, closes };
}

async function read(path: string): Promise<unknown> {
    try {
        return JSON.parse(await readFile(path, "utf8"));
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw new BadInputError(
            `GITHUB_EVENT_PATH: ${path === "" ? "is not set" : `${path} cannot be read (${code ?? "no JSON"})`}.`,
        );
    }
}

function eventIn<T>(schema: z.ZodType<T>, event: unknown, path: string): T {
    const { data, error } = schema.safeParse(event);
    if (data === undefined) {
        throw new BadInputError(`${path} is no such event: ${error?.issues[0]?.path.join(".")} is missing or wrong.`);
    }
    return data;
}
