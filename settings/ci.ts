// CI's identity: which jobs of which repository may push images, preview and deploy. The same settings in each cloud that knows OIDC.
import { z } from "zod";
import type { CiJobs, CiRepository } from "../lib/ci-jobs.ts";
import { text } from "./fields.ts";

const branch = text(
    "a branch's name without wildcards, for example main",
    /^(?!.*(\/\/|\.\.|\.$|\/$))[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}$/,
).meta({ typeName: "branch", example: "main" });

const environment = text(
    "the name of an environment without spaces and wildcards, for example production",
    /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/,
).meta({ typeName: "environment", example: "production" });

const unique = (values: readonly string[]) => new Set(values).size === values.length;

const branches = z
    .array(branch)
    .refine(unique, { error: "each branch once" })
    .default([])
    .describe(
        "Jobs for a push to one of these. Nobody may push there without a review: AWS cannot tell whether it is protected.",
    );

const environments = z
    .array(environment)
    .refine(unique, { error: "each environment once" })
    .default([])
    .describe(
        "Jobs that name one of these environments, of any branch: at GitHub each environment says which branches may use it, and who has to agree.",
    );

const githubRepository = text(
    "OWNER/NAME of one repository, for example example-org/shop",
    /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9_.-]{1,100}$/,
).meta({ example: "OWNER/NAME" });

const id = z.int().min(1);

const ids = z
    .strictObject({
        owner: id.describe("`gh api repos/OWNER/NAME --jq .owner.id`"),
        repository: id.describe("`gh api repos/OWNER/NAME --jq .id`"),
    })
    .optional()
    .meta({
        description:
            "The numbers that GitHub knows both by: a name can become somebody else's. On AWS **needed** for a repository of July 2026 or later, whose tokens say them.",
        defaultsTo: "the names alone are looked at",
    });

const gitlabProject = text(
    "GROUP/PROJECT of one project, with subgroups between them, for example example-org/shop",
    /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*)(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/,
).meta({ example: "GROUP/PROJECT" });

const gitlabServer = text(
    "the server's address without a slash at its end, for example https://gitlab.com",
    /^https:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9][0-9]{0,4})?$/,
)
    .default("https://gitlab.com")
    .describe("The cloud has to reach it.");

const pushes = "Jobs that push images to `registry`.";
const previews =
    "Jobs that read, for `pulumi preview`: they decrypt the stack's secrets, so whoever may start them can read these.";
const reviews =
    "Jobs that bring up environments of pull requests and take them away, on the cluster that this stack makes: nothing else of the cloud ([what that is](ci.md#environments-of-pull-requests)).";
const deploys = "Jobs that run `pulumi up`.";
const noJobs = "none";

const pullRequests = z
    .boolean()
    .default(true)
    .meta({
        description: "Jobs of pull requests (merge requests) of branches of the repository itself, whoever wrote them.",
        alsoCalled: ["mergeRequests"],
    });

const stacks = text(
    "what the names of stacks begin with: up to 12 lower-case letters, digits and hyphens, a letter first and a hyphen last, for example pr-",
    /^[a-z][a-z0-9-]{0,10}-$/,
)
    .default("pr-")
    .meta({
        description:
            "What the names of these stacks begin with: in `stateBucket` the jobs write the state of no other, and read this one's.",
        typeName: "prefix",
        example: "pr-",
    });

type Shape = z.core.$ZodLooseShape;

/**
 * @param grants what deploying jobs are let do, by the cloud's own names
 * @param own what only this cloud asks for
 */
export function ciOf<Grants extends Shape, Own extends Shape>(grants: Grants, own: Own) {
    const stateBucket = text(
        "a bucket's name: 3 to 63 lower-case letters, digits, hyphens, underscores and dots",
        /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
    )
        .optional()
        .meta({
            description: "The bucket of Pulumi's state, which previews then may read and deployments write.",
            defaultsTo: "none: Pulumi Cloud, or somebody else lets them in",
        });
    const github = z
        .strictObject({
            variant: z.literal("github").meta({ alsoCalled: ["githubActions", "actions"] }),
            repository: githubRepository.describe("The one repository whose jobs are meant."),
            ids,
            push: z
                .strictObject({ branches, environments })
                .optional()
                .meta({ description: pushes, defaultsTo: noJobs }),
            preview: z
                .strictObject({ pullRequests, branches, environments })
                .optional()
                .meta({ description: previews, defaultsTo: noJobs }),
            review: z
                .strictObject({ pullRequests, branches, environments, stacks })
                .optional()
                .meta({ description: reviews, defaultsTo: noJobs }),
            deploy: z
                .strictObject({ branches, environments, ...grants })
                .optional()
                .meta({ description: deploys, defaultsTo: noJobs }),
            stateBucket,
            ...own,
        })
        .describe("GitHub Actions.");
    const gitlab = z
        .strictObject({
            variant: z.literal("gitlab").meta({ alsoCalled: ["gitlabCi"] }),
            project: gitlabProject
                .meta({ alsoCalled: ["repository", "projectPath"] })
                .describe("The one project whose jobs are meant."),
            server: gitlabServer,
            push: z.strictObject({ branches }).optional().meta({ description: pushes, defaultsTo: noJobs }),
            preview: z
                .strictObject({ pullRequests, branches })
                .optional()
                .meta({ description: previews, defaultsTo: noJobs }),
            review: z
                .strictObject({ pullRequests, branches, stacks })
                .optional()
                .meta({ description: reviews, defaultsTo: noJobs }),
            deploy: z
                .strictObject({ branches, ...grants })
                .optional()
                .meta({ description: deploys, defaultsTo: noJobs }),
            stateBucket,
            ...own,
        })
        .describe("GitLab CI/CD.");
    return z.discriminatedUnion("variant", [github, gitlab, z.strictObject({ variant: z.literal("none") })]);
}

type Jobs = Partial<CiJobs>;

interface Given {
    readonly push?: Jobs | undefined;
    readonly preview?: Jobs | undefined;
    readonly review?: Jobs | undefined;
    readonly deploy?: Jobs | undefined;
}

/** What both systems say, in the words of lib/ci-jobs.ts. */
export function repositoryOf(
    ci:
        | {
              readonly variant: "github";
              readonly repository: string;
              readonly ids?: { readonly owner: number; readonly repository: number } | undefined;
          }
        | { readonly variant: "gitlab"; readonly project: string; readonly server: string },
): CiRepository {
    return ci.variant === "github"
        ? { system: "github", name: ci.repository, ...(ci.ids && { ids: ci.ids }) }
        : { system: "gitlab", name: ci.project, server: ci.server };
}

export function jobsOf({
    branches: names = [],
    environments: places = [],
    pullRequests: unread = false,
}: Jobs): CiJobs {
    return { branches: names, environments: places, pullRequests: unread };
}

/**
 * What is wrong with it beside the rest of a platform.
 *
 * @param registry whether there is somewhere to push to, of this cloud's own
 */
export function checkCi(
    ci: ({ readonly variant: "github" | "gitlab" } & Given) | { readonly variant: "none" },
    registry: string | undefined,
    wrong: (path: readonly PropertyKey[], message: string) => void,
): void {
    if (ci.variant === "none") {
        return;
    }
    if ([ci.push, ci.preview, ci.review, ci.deploy].every((given) => given === undefined)) {
        wrong(["ci"], "one of push, preview, review and deploy at least; or variant: none");
    }
    if (ci.push !== undefined && registry !== undefined) {
        wrong(["ci", "push"], registry);
    }
    for (const right of ["push", "deploy"] as const) {
        const given = ci[right];
        if (given !== undefined && !hasJobs(given)) {
            const what = ci.variant === "github" ? "branch or environment" : "branch";
            wrong(["ci", right, "branches"], `one ${what} at least: else no job may`);
        }
    }
    for (const right of ["preview", "review"] as const) {
        const given = ci[right];
        if (given !== undefined && !hasJobs(given)) {
            wrong(["ci", right, "pullRequests"], "true, or something else whose jobs may");
        }
    }
}

function hasJobs(given: Jobs): boolean {
    const { branches: names, environments: places, pullRequests: unread } = jobsOf(given);
    return unread || names.length + places.length > 0;
}
