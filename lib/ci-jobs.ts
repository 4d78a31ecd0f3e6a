// Which jobs of CI are meant, as each cloud is told: by what the tokens say that GitHub and GitLab sign for a job.

/** A repository at GitHub, or a project at GitLab. */
export type CiRepository =
    | {
          readonly system: "github";
          /** OWNER/NAME. */
          readonly name: string;
          /** Numbers that stay when names are given to somebody else. @default the names alone are looked at */
          readonly ids?: { readonly owner: number; readonly repository: number };
      }
    | {
          readonly system: "gitlab";
          /** GROUP/PROJECT, with subgroups between them. */
          readonly name: string;
          /** For example `https://gitlab.com`. */
          readonly server: string;
      };

/** Jobs of it: those of any of these. */
export interface CiJobs {
    /** Jobs for a push to one of these. Google Cloud takes GitLab's only where the branch is protected. */
    readonly branches: readonly string[];
    /** GitHub's: jobs that name one of these environments, whatever they are for. GitLab has none that a cloud sees. */
    readonly environments: readonly string[];
    /** Jobs of pull requests (merge requests), whose code nobody has read yet. */
    readonly pullRequests: boolean;
}

/** What a job's token is for, at AWS. */
export const awsAudience = "sts.amazonaws.com";

/** @returns who signs the tokens */
export function issuerOf(repository: CiRepository): string {
    return repository.system === "github" ? "https://token.actions.githubusercontent.com" : repository.server;
}

/** A condition of a trust policy: by operator and key the values that are let in. */
export type AwsCondition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/**
 * What AWS looks at. It is told neither what a job runs for nor whether a branch is protected: a job of GitHub's `pull_request_target` or
 * `workflow_run` is one of the branch that its token names, and so is one of GitLab on a branch that nobody protects. One condition for each statement of a role's trust policy. Exact subjects: none has a wildcard but those of
 * GitLab's merge requests, which can be on a branch of any name.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication
 */
export function awsConditions(repository: CiRepository, jobs: CiJobs): readonly AwsCondition[] {
    const key = (claim: string): string => `${issuerOf(repository).replace(/^https:\/\//, "")}:${claim}`;
    const audience = { [key("aud")]: awsAudience };
    if (repository.system === "gitlab") {
        const prefix = `project_path:${repository.name}:ref_type:branch:ref:`;
        const exact = jobs.branches.map((branch) => `${prefix}${branch}`);
        return [
            ...(exact.length === 0 ? [] : [{ StringEquals: { ...audience, [key("sub")]: exact } }]),
            ...(jobs.pullRequests ? [{ StringEquals: audience, StringLike: { [key("sub")]: `${prefix}*` } }] : []),
        ];
    }
    const what = [
        ...jobs.branches.map((branch) => `ref:refs/heads/${branch}`),
        ...jobs.environments.map((environment) => `environment:${environment}`),
        ...(jobs.pullRequests ? ["pull_request"] : []),
    ];
    const subjects = prefixesOf(repository).flatMap((prefix) => what.map((one) => `${prefix}:${one}`));
    const { ids } = repository;
    const number = ids === undefined ? {} : { [key("repository_id")]: String(ids.repository) };
    return [{ StringEquals: { ...audience, [key("sub")]: subjects, ...number } }];
}

/** Repositories since July 2026 say their numbers too; one that is older says them once it was told to. */
function prefixesOf({ name, ids }: CiRepository & { readonly system: "github" }): readonly string[] {
    const [owner, repository] = name.split("/");
    return [
        `repo:${name}`,
        ...(ids === undefined ? [] : [`repo:${owner}@${ids.owner}/${repository}@${ids.repository}`]),
    ];
}

/** What Google Cloud reads of a token, and which tokens it takes at all: both in CEL. */
export interface GoogleMapping {
    readonly attributes: Readonly<Record<string, string>>;
    readonly condition: string;
}

/** What stands where a token says nothing, and no branch can be called. */
const nothing = "'-'";

/**
 * What GitHub's jobs of a branch run for. Others name a branch too, the one that a pull request is for or the default one, and are
 * begun by whoever writes a pull request or a comment: `pull_request_target`, `workflow_run`, `issue_comment`.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
const ofBranch = ["push", "schedule", "workflow_dispatch"].map((event) => `assertion.event_name == '${event}'`);

/**
 * The condition names one repository; which of its jobs are somebody, `googleAttributes` says. A job that runs for a pull request is on no
 * branch here, whatever its token says of one.
 *
 * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines
 */
export function googleMapping(repository: CiRepository): GoogleMapping {
    if (repository.system === "gitlab") {
        const isPush = "assertion.pipeline_source != 'merge_request_event'";
        return {
            attributes: {
                // Not the token's own subject: with a long branch it has more than the 127 bytes that Google takes.
                "google.subject": "'project:' + assertion.project_id + ':job:' + assertion.job_id",
                "attribute.repository": "assertion.project_path",
                "attribute.branch": `assertion.ref_type == 'branch' && assertion.ref_protected == 'true' && ${isPush} ? assertion.ref : ${nothing}`,
                "attribute.event": `${isPush} ? 'push' : 'pull_request'`,
            },
            condition: `assertion.project_path == '${repository.name}'`,
        };
    }
    const { name, ids } = repository;
    const numbers =
        ids === undefined
            ? ""
            : ` && assertion.repository_id == '${ids.repository}' && assertion.repository_owner_id == '${ids.owner}'`;
    return {
        attributes: {
            "google.subject": "'repository:' + assertion.repository_id + ':run:' + assertion.run_id",
            "attribute.repository": "assertion.repository",
            "attribute.branch": `${ofBranch.join(" || ")} ? assertion.ref : ${nothing}`,
            "attribute.environment": `has(assertion.environment) ? assertion.environment : ${nothing}`,
            "attribute.event": "assertion.event_name",
        },
        condition: `assertion.repository == '${name}'${numbers}`,
    };
}

/** @returns what each of the jobs shows by the attributes above, as a member's name ends: `branch/refs/heads/main` */
export function googleAttributes({ system }: CiRepository, jobs: CiJobs): readonly string[] {
    return [
        ...jobs.branches.map((branch) => `branch/${system === "github" ? "refs/heads/" : ""}${branch}`),
        ...jobs.environments.map((environment) => `environment/${environment}`),
        ...(jobs.pullRequests ? ["event/pull_request"] : []),
    ];
}
