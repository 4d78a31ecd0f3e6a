// The forge that a command is to ask: told by the variables that its CI gives to every job, and the token that is handed to this one.
import type { Forge } from "./contract.ts";
import { ForgeError } from "./failure.ts";
import { GitHub } from "./github.ts";
import { GitLab } from "./gitlab.ts";
import { PullRequestList } from "./list.ts";

export interface ForgeOptions {
    /** A file with the open pull requests, in the place of a forge. */
    readonly pullRequests?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ForgeError naming what is missing */
export function forgeFrom(env: Environment, { pullRequests }: ForgeOptions = {}): Forge {
    if (pullRequests !== undefined) {
        return new PullRequestList(pullRequests);
    }
    const given = (name: string) => (env[name]?.trim() === "" ? undefined : env[name]?.trim());
    // A job of GitLab that asks GitHub says so with GitHub's variables.
    const repository = given("GITHUB_REPOSITORY");
    if (repository !== undefined) {
        if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
            throw new ForgeError(`GITHUB_REPOSITORY is "${repository}". Allowed: owner/name.`);
        }
        return new GitHub({
            address: addressIn("GITHUB_API_URL", given("GITHUB_API_URL") ?? "https://api.github.com"),
            repository,
            token: needed("GITHUB_TOKEN", "env: { GITHUB_TOKEN: ${{ github.token }} }"),
        });
    }
    const project = given("CI_PROJECT_ID");
    if (project !== undefined) {
        return new GitLab({
            address: addressIn("CI_API_V4_URL", given("CI_API_V4_URL") ?? "https://gitlab.com/api/v4"),
            project,
            token: needed(
                "GITLAB_TOKEN",
                "a masked variable of the project, with a project access token of the scope `api`",
            ),
        });
    }
    throw new ForgeError(
        "Which forge to ask is not known: neither GITHUB_REPOSITORY nor CI_PROJECT_ID is set. Allowed: a job of GitHub, Gitea or " +
            "GitLab; elsewhere GITHUB_REPOSITORY=owner/name and GITHUB_TOKEN, or CI_PROJECT_ID and GITLAB_TOKEN.",
    );

    function needed(name: string, fix: string): string {
        const value = given(name);
        if (value === undefined) {
            throw new ForgeError(`${name} is not set, so nothing can be asked. Fix: ${fix}.`);
        }
        return value;
    }
}

function addressIn(variable: string, value: string): string {
    // What is in it is not shown: it may have a login.
    const { protocol, username, password } = URL.parse(value) ?? {};
    if ((protocol !== "https:" && protocol !== "http:") || username !== "" || password !== "") {
        throw new ForgeError(`${variable} is no address of an API. Allowed: https://HOST/..., without a login in it.`);
    }
    return value.replace(/\/+$/, "");
}
