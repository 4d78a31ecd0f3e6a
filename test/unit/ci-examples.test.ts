// Nothing lives in YAML alone: each step of examples/ci is one command of this project, with words that it knows. Not proved: that GitHub and
// GitLab read the files as meant (actionlint and zizmor read GitHub's in `make test`), and that a cloud takes the jobs' tokens.
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { projectRoot } from "../../commands/support/paths.ts";

const folder = join(projectRoot, "examples/ci");

interface Line {
    readonly where: string;
    readonly words: string;
    /** Names of variables that the step is given. */
    readonly variables: readonly string[];
}

type Environment = Readonly<Record<string, unknown>>;
interface Step {
    readonly run?: string;
    readonly uses?: string;
    readonly env?: Environment;
}
interface Workflow {
    readonly on: Readonly<Record<string, unknown>>;
    readonly env?: Environment;
    readonly permissions?: unknown;
    readonly jobs: Readonly<
        Record<
            string,
            {
                readonly env?: Environment;
                readonly permissions?: Environment;
                readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
                readonly steps: readonly Step[];
            }
        >
    >;
}

const files = (await readdir(join(folder, "github"))).filter((name) => name.endsWith(".yml"));
const workflows = await Promise.all(
    files.map(async (name) => [name, parse(await readFile(join(folder, "github", name), "utf8")) as Workflow] as const),
);
const action = parse(await readFile(join(folder, "github/actions/setup/action.yml"), "utf8")) as {
    readonly runs: { readonly steps: readonly Step[] };
};

const ofGithub = workflows.flatMap(([name, { env = {}, jobs }]) =>
    Object.entries(jobs).flatMap(([job, { env: own = {}, steps }]) =>
        steps.flatMap(({ run, env: step = {} }): Line[] =>
            run === undefined
                ? []
                : [
                      {
                          where: `${name}, ${job}`,
                          words: run.trim(),
                          variables: Object.keys({ ...env, ...own, ...step }),
                      },
                  ],
        ),
    ),
);
const ofAction = action.runs.steps.flatMap(({ run }): Line[] =>
    run === undefined ? [] : [{ where: "setup", words: run.trim(), variables: [] }],
);

interface Job {
    readonly stage: string;
    readonly rules: ReadonlyArray<{ readonly if?: string }>;
    readonly needs?: readonly string[];
    readonly script: readonly string[];
    readonly after_script?: readonly string[];
    readonly variables?: Environment;
    readonly id_tokens?: Environment;
    readonly environment?: { readonly name: string; readonly on_stop?: string; readonly action?: string };
    readonly resource_group?: string;
}
const pipeline = parse(await readFile(join(folder, "gitlab/.gitlab-ci.yml"), "utf8")) as Readonly<
    Record<string, unknown>
>;
const { stages, default: _, variables: everywhere, workflow: __, ...rest } = pipeline;
const jobs = rest as Readonly<Record<string, Job>>;
/** What the project's settings at GitLab have, and what GitLab says of a job. */
const given = /^(CI_\w+|STAGING_\w+|PRODUCTION_\w+|APP_CONTEXT)$/;
const ofGitlab = Object.entries(jobs)
    // Its lines are BuildKit's, in an image that has nothing else.
    .filter(([name]) => name !== "build")
    .flatMap(([name, { script, after_script = [], variables = {} }]) =>
        [...script, ...after_script].map((words): Line => ({
            where: `GitLab, ${name}`,
            words,
            variables: Object.keys({ ...(everywhere as Environment), ...variables }),
        })),
    );

const lines = [...ofGithub, ...ofAction, ...ofGitlab];
const makefile = await readFile(join(projectRoot, "Makefile"), "utf8");

/** Words without a quote, or a variable in quotes, so that a shell does nothing with what somebody else wrote. */
const word = /^(?:[A-Za-z0-9_.:/=-]+|"\$[A-Z_]+(?:\/(?:-\/merge_requests\/\$[A-Z_]+|[a-z/.]+))?")$/;

test.each(lines)("$where: $words", ({ words, variables }) => {
    // What it prints for another command goes into a file.
    const command = words.replace(/ > [a-z]+\.json$/, "");
    const [program, first, ...others] = command.split(" ");
    for (const one of command.split(" ")) {
        expect(one).toMatch(word);
    }
    for (const [, name = ""] of words.matchAll(/\$([A-Z_]+)/g)) {
        expect(variables.includes(name) || name === "RUNNER_TEMP" || given.test(name), name).toBe(true);
    }
    switch (program) {
        case "npm":
            expect(["npm ci", "npm ci --omit=dev"]).toContain(words);
            break;
        case "make":
            expect(makefile).toMatch(new RegExp(`^${first}: .*## `, "m"));
            for (const one of others) {
                expect(makefile).toContain(`$(${one.split("=")[0]})`);
            }
            break;
        default:
            expect(program).toBe("node");
            expect(first).toMatch(/^commands\/[a-z]+\/main\.ts$/);
    }
});

/** By command and what stands before its first option. */
const asked = new Map<string, Set<string>>();
for (const { words } of lines.filter((line) => line.words.startsWith("node "))) {
    const [, file = "", ...others] = words.split(" ");
    const command = [file, ...(others[0]?.startsWith("-") === false ? [others[0]] : [])].join(" ");
    const options = others.filter((one) => one.startsWith("--"));
    asked.set(command, new Set([...(asked.get(command) ?? []), ...options]));
}

describe("options that a command has", () => {
    for (const [command, options] of asked) {
        const [file = "", ...sub] = command.split(" ");
        test(command, async () => {
            const { code, help } = await new Promise<{ code: number; help: string }>((resolve) => {
                execFile("node", [file, ...sub, "--help"], { cwd: projectRoot }, (error, stdout) => {
                    resolve({ code: Number(error?.code ?? 0), help: stdout });
                });
            });
            expect(code).toBe(0);
            expect([...options].filter((option) => !new RegExp(`${option}[ ,\\n]`).test(help))).toEqual([]);
        });
    }
});

describe("GitHub's workflows", () => {
    test.each(workflows)("%s: no right but those that a job names", (_name, { permissions, jobs: all }) => {
        expect(permissions).toEqual({});
        for (const { permissions: own, concurrency } of Object.values(all)) {
            expect(own).toBeDefined();
            expect(concurrency?.group).toBeDefined();
        }
    });

    test("a fork's job has no right but to read, and runs without a token of a cloud", () => {
        const plan = Object.fromEntries(workflows)["pull-request.yml"]!.jobs["plan"]!;
        expect(plan.permissions).toEqual({ contents: "read" });
        expect(JSON.stringify(plan)).not.toMatch(/secrets\.|github\.token|id-token|actions\/setup"/);
    });

    test("what follows a fork's run checks out nothing of it", () => {
        const { jobs: all } = Object.fromEntries(workflows)["pull-request-comment.yml"]!;
        expect(JSON.stringify(all)).not.toMatch(/head_branch|"ref"/);
        expect(Object.values(all).flatMap(({ permissions }) => Object.keys(permissions!))).not.toContain("id-token");
    });

    test("an environment is made and taken away in one group, and nothing cancels what runs", () => {
        const all = Object.fromEntries(workflows);
        const open = all["pull-request.yml"]!.jobs["review"]!.concurrency;
        const close = all["pull-request-closed.yml"]!.jobs["close"]!.concurrency;
        expect(open).toEqual(close);
        expect(close!["cancel-in-progress"]).toBe(false);
        expect(all["pull-request-closed.yml"]!.on).toEqual({ pull_request: { types: ["closed"] } });
    });

    test("what updates a stack is never cancelled", () => {
        for (const [, { jobs: all }] of workflows) {
            for (const { steps, concurrency } of Object.values(all)) {
                if (steps.some(({ run }) => /release\/main\.ts (up|back)|review\/main\.ts|sweep/.test(run ?? ""))) {
                    expect(concurrency!["cancel-in-progress"]).toBe(false);
                }
            }
        }
    });
});

describe("GitLab's pipeline", () => {
    test.each(Object.entries(jobs))("%s: stage, needs, end and token are there", (_name, job) => {
        expect(stages).toContain(job.stage);
        expect((job.needs ?? []).filter((needed) => jobs[needed] === undefined)).toEqual([]);
        const { on_stop: end } = job.environment ?? {};
        if (end !== undefined) {
            expect(jobs[end]?.environment).toEqual({ name: job.environment!.name, action: "stop" });
            expect(jobs[end]?.resource_group).toBe(job.resource_group);
        }
        const shows = job.script.some((words) => words.includes("commands/token/"));
        expect(job.id_tokens !== undefined).toBe(shows);
        expect(job.rules.length).toBeGreaterThan(0);
    });

    test("a merge request of a fork has a plan and nothing else", () => {
        const ofFork = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID != $CI_MERGE_REQUEST_PROJECT_ID";
        const own = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID";
        const elsewhere = Object.entries(jobs).filter(([name]) => !["plan", "build"].includes(name));
        for (const [, { rules }] of elsewhere) {
            for (const { if: condition = "" } of rules) {
                expect(condition.includes(own) || /CI_COMMIT_BRANCH|schedule/.test(condition)).toBe(true);
                expect(condition).not.toContain(ofFork);
            }
        }
        expect(jobs["build"]!.rules[0]).toEqual({ if: expect.stringContaining(ofFork) as string, when: "never" });
    });
});
