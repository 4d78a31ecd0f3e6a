// Tokens of jobs, and what a cloud does with them: small evaluators of the trust policies and the CEL that this program writes.
// @see https://docs.github.com/en/actions/reference/security/oidc
// @see https://docs.gitlab.com/ci/secrets/id_token_authentication
// @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
import { runInNewContext } from "node:vm";
import { googleAttributes, googleMapping, type CiJobs, type CiRepository } from "../../lib/ci-jobs.ts";

/** A token's claims, as far as a cloud looks at them. */
export type Token = Readonly<Record<string, string>>;

interface GithubJob {
    readonly event?: string;
    /** @default `refs/heads/main` */
    readonly ref?: string;
    readonly environment?: string;
    readonly repository?: string;
    readonly ids?: { readonly owner: number; readonly repository: number };
    /** Whether its subject says the numbers, as those of repositories of July 2026 or later do. */
    readonly numbered?: boolean;
    readonly audience?: string;
}

/** What GitHub signs for a job. */
export function githubToken({
    event = "push",
    ref = "refs/heads/main",
    environment,
    repository = "example-org/shop",
    ids = { owner: 123456, repository: 456789 },
    numbered = false,
    audience = "sts.amazonaws.com",
}: GithubJob): Token {
    const [owner, name] = repository.split("/");
    const of = numbered ? `${owner}@${ids.owner}/${name}@${ids.repository}` : repository;
    const what =
        environment === undefined ? (event === "pull_request" ? event : `ref:${ref}`) : `environment:${environment}`;
    return {
        iss: "https://token.actions.githubusercontent.com",
        aud: audience,
        sub: `repo:${of}:${what}`,
        repository,
        repository_id: String(ids.repository),
        repository_owner_id: String(ids.owner),
        event_name: event,
        ref,
        run_id: "1",
        ...(environment !== undefined && { environment }),
    };
}

interface GitlabJob {
    readonly source?: string;
    readonly ref?: string;
    readonly refType?: "branch" | "tag";
    readonly isProtected?: boolean;
    readonly project?: string;
    readonly audience?: string;
}

/** What GitLab signs for a job. A merge request's says its own branch, and where it is from a fork the fork. */
export function gitlabToken({
    source = "push",
    ref = "main",
    refType = "branch",
    isProtected = true,
    project = "example-org/shop",
    audience = "sts.amazonaws.com",
}: GitlabJob): Token {
    return {
        iss: "https://gitlab.com",
        aud: audience,
        sub: `project_path:${project}:ref_type:${refType}:ref:${ref}`,
        project_path: project,
        project_id: "1",
        job_id: "1",
        pipeline_source: source,
        ref,
        ref_type: refType,
        ref_protected: String(isProtected),
    };
}

export interface TrustPolicy {
    readonly Statement: ReadonlyArray<{
        readonly Effect: string;
        readonly Action: string;
        readonly Principal: { readonly Federated?: string };
        readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
    }>;
}

/** Whether AWS lets a job with this token take the role on. Throws at what it does not evaluate, so that nothing passes by unseen. */
export function takesOn({ Statement }: TrustPolicy, token: Token): boolean {
    const host = token["iss"]!.replace("https://", "");
    return Statement.some(({ Effect, Action, Principal, Condition = {} }) => {
        if (Effect !== "Allow" || Action !== "sts:AssumeRoleWithWebIdentity") {
            throw new Error(`a trust policy by ${Effect} of ${Action}`);
        }
        return (
            Principal.Federated?.endsWith(`:oidc-provider/${host}`) === true &&
            Object.entries(Condition).every(([operator, keys]) =>
                Object.entries(keys).every(([key, allowed]) => {
                    const claim = key.startsWith(`${host}:`) ? token[key.slice(host.length + 1)] : undefined;
                    return claim !== undefined && [allowed].flat().some((one) => holds(operator, claim, one));
                }),
            )
        );
    });
}

function holds(operator: string, claim: string, allowed: string): boolean {
    switch (operator) {
        case "StringEquals":
            return claim === allowed;
        case "StringLike": {
            const pattern = allowed
                .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
                .replaceAll("*", ".*")
                .replaceAll("?", ".");
            return new RegExp(`^${pattern}$`, "s").test(claim);
        }
        default:
            throw new Error(`a condition by ${operator}`);
    }
}

/** Whether Google takes the token, and lets its job become the account of these jobs. */
export function becomes(repository: CiRepository, jobs: CiJobs, token: Token): boolean {
    const { attributes, condition } = googleMapping(repository);
    if (cel(condition, token) !== true) {
        return false;
    }
    const shown = Object.entries(attributes).map(([name, expression]) => {
        const value = cel(expression, token);
        if (typeof value !== "string") {
            throw new Error(`${name} is ${String(value)}, and Google takes text`);
        }
        return `${name.replace(/^attribute\./, "")}/${value}`;
    });
    return googleAttributes(repository, jobs).some((attribute) => shown.includes(attribute));
}

/** What CEL and JavaScript read alike: `==`, `&&`, `||`, `? :`, `+`, texts. A claim that is not there is an error, as in CEL. */
function cel(expression: string, token: Token): unknown {
    const readable = expression.replaceAll(/\bhas\(assertion\.(\w+)\)/g, "('$1' in assertion)");
    const assertion = new Proxy(token, {
        get: (claims, name) => {
            const claim = claims[String(name)];
            if (claim === undefined) {
                throw new Error(`no such key: ${String(name)}`);
            }
            return claim;
        },
    });
    return runInNewContext(readable, { assertion }) as unknown;
}
