// The environment of a pull request: made or brought up to date by each push, and removed when it is closed.
//   node commands/review/main.ts open --number 123 --image registry.example.org/shop:4f2a91c
//   node commands/review/main.ts close --number 123
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { pullRequestSchema, type PullRequest } from "../../settings/pull-request.ts";
import { failed, said } from "../support/command-line.ts";
import { close } from "./close.ts";
import { open, type Around, type Opened } from "./open.ts";
import { pulumi } from "./pulumi.ts";
import { Refusal } from "./refusal.ts";
import { slugOf } from "./slug.ts";
import { platformStackOf, type Template } from "./stack-file.ts";

interface Common {
    readonly number: string;
    readonly branch?: string;
    readonly by: "number" | "branch";
    readonly stack?: string;
    readonly alone?: boolean;
    readonly wait: string;
    readonly json?: boolean;
}

interface OpenOptions extends Common {
    readonly image: readonly string[];
    readonly from: string;
    readonly url?: string;
    readonly pushed?: string;
    readonly keep?: boolean;
    readonly secret: readonly string[];
    readonly secretsProvider?: string;
}

const collected = (value: string, all: readonly string[]): string[] => [...all, ...value.split(",").filter(Boolean)];

const program = new Command("review")
    .description("The environment of a pull request, on the platform of another stack (docs/ephemeral.md).")
    .addHelpText("after", "\nExit codes: 0 done, 1 it failed, 2 the words or the stack are not a pull request's.")
    .showHelpAfterError()
    .exitOverride();

function common(command: Command): Command {
    return command
        .requiredOption("--number <number>", "of the pull request")
        .option("--branch <name>", "its branch")
        .addOption(
            new Option("--by <what>", "what the stack is called by: pr-<number>, or the branch, shortened")
                .choices(["number", "branch"])
                .default("number"),
        )
        .option("--stack <name>", "what the stack is called instead")
        .option(
            "--alone",
            "nobody else updates this stack, as one concurrency group makes sure: a lock is a killed run's",
        )
        .option("--wait <seconds>", "for another's update of it that still runs", "300")
        .option("--json", "prints what came of it as JSON; what Pulumi prints goes to standard error");
}

common(program.command("open"))
    .description("makes it, or brings it up to date")
    .option("--image <reference>", "of all apps, or APP=REFERENCE; repeatable, or with commas", collected, [])
    .option("--from <name>", "the template: Pulumi.<name>.yaml", "preview")
    .option("--url <address>", "the pull request's")
    .option("--pushed <moment>", "when it was last pushed to, as RFC 3339 has it (default: now)")
    .option("--keep", "its time to live does not hold")
    .option(
        "--secret <NAME>",
        "a secret of the main app, from the variable of that name; repeatable, or with commas",
        collected,
        [],
    )
    .option(
        "--secrets-provider <url>",
        "what encrypts the stack (default: the output secretsProvider of its platform's stack)",
    )
    .action(async (options: OpenOptions) => {
        const started = Date.now();
        const around = aroundOf(options);
        const template: Template = { name: options.from, text: await textOf(options.from, around.directory) };
        const stack = stackOf(options);
        const request = {
            stack,
            template,
            images: imagesOf(options.image),
            pullRequest: pullRequestOf(options),
            keep: options.keep === true,
            secrets: secretsOf(options.secret),
            ...(options.secretsProvider && { secretsProvider: options.secretsProvider }),
        };
        const opened = await open(request, around);
        const seconds = Math.round((Date.now() - started) / 100) / 10;
        if (options.json === true) {
            const idleDay = await costOf(stack, template, around.directory);
            console.log(JSON.stringify({ ...opened, seconds, idleDay }, undefined, 4));
        } else {
            console.log(told(opened, seconds));
        }
    });

common(program.command("close"))
    .description("removes it, to its end")
    .action(async (options: Common) => {
        const closed = await close(stackOf(options), numberOf(options.number), aroundOf(options));
        if (options.json === true) {
            console.log(JSON.stringify(closed, undefined, 4));
        }
    });

try {
    await program.parseAsync();
} catch (error) {
    process.exitCode = failed(error, (other) => said(other, other instanceof Refusal ? 2 : 1));
}

function aroundOf({ alone = false, wait, json = false }: Common): Around {
    if (!/^[0-9]{1,5}$/.test(wait)) {
        throw new Refusal("--wait", JSON.stringify(wait), "whole seconds", "--wait 300");
    }
    const stream = json ? process.stderr : process.stdout;
    return {
        engine: pulumi((chunk) => stream.write(chunk)),
        directory: process.cwd(),
        alone,
        wait: Number(wait),
        say: (line) => stream.write(`${line}\n`),
    };
}

function numberOf(text: string): number {
    if (!/^[1-9][0-9]{0,8}$/.test(text)) {
        throw new Refusal("PR", JSON.stringify(text), "the pull request's number", "PR=123");
    }
    return Number(text);
}

function stackOf({
    number,
    branch,
    by,
    stack = by === "branch" ? undefined : `pr-${numberOf(number)}`,
}: Common): string {
    if (stack !== undefined) {
        if (!/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/.test(stack)) {
            throw new Refusal(
                "STACK",
                JSON.stringify(stack),
                "at most 20 lower-case letters, digits and hyphens, beginning with a letter",
                "BY=number, which makes pr-<number>",
            );
        }
        return stack;
    }
    if (branch === undefined || branch === "") {
        throw new Refusal(
            "BRANCH",
            "nothing",
            "the branch's name, which the stack is called by",
            "BRANCH=..., or BY=number",
        );
    }
    return slugOf(branch);
}

function pullRequestOf({ number, branch, url, pushed = new Date().toISOString() }: OpenOptions): PullRequest {
    const given = { number: numberOf(number), ...(url && { url }), ...(branch && { branch }), lastPush: pushed };
    const { data, error } = pullRequestSchema.safeParse(given);
    if (data === undefined) {
        const { path, message } = error.issues[0]!;
        const name = String(path[0]);
        throw new Refusal(
            { number: "PR", url: "URL", branch: "BRANCH", lastPush: "PUSHED" }[name] ?? name,
            JSON.stringify(given[name as keyof typeof given]),
            message,
            "mend it, or leave it out",
        );
    }
    return data;
}

function imagesOf(given: readonly string[]): ReadonlyMap<string | undefined, string> {
    return new Map(
        given.map((each) => {
            const [, app, reference] = /^(?:([a-z][a-z0-9-]*)=)?(\S+)$/.exec(each) ?? [];
            if (reference === undefined) {
                throw new Refusal(
                    "IMAGE",
                    JSON.stringify(each),
                    "REFERENCE, or APP=REFERENCE",
                    "IMAGE=registry.example.org/shop:4f2a91c",
                );
            }
            return [app, reference];
        }),
    );
}

function secretsOf(names: readonly string[]): ReadonlyMap<string, string> {
    return new Map(
        names.map((name) => {
            const value = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? process.env[name] : undefined;
            if (value === undefined || value === "") {
                throw new Refusal(
                    "SECRETS",
                    /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
                        ? `${name}, which is no variable here`
                        : "what is no name of a variable",
                    "names of variables that hold the values: no value stands among the words of a command",
                    "export NAME, then SECRETS=NAME",
                );
            }
            return [name, value];
        }),
    );
}

async function textOf(template: string, directory: string): Promise<string> {
    const file = `Pulumi.${template}.yaml`;
    try {
        return await readFile(join(directory, file), "utf8");
    } catch {
        throw new Refusal(
            file,
            "no such file here",
            "the template of all pull requests' environments",
            "cp examples/stacks/pull-request/Pulumi.preview.yaml . && $EDITOR Pulumi.preview.yaml, or FROM=NAME",
        );
    }
}

function told({ stack, namespace, urls, created }: Opened, seconds: number): string {
    const addresses = Object.values(urls);
    return [
        `${created ? "Made" : "Brought up to date"}: ${stack}, in the namespace ${namespace}, in ${seconds} s.`,
        ...(addresses.length === 0 ? ["It has no address: exposure.variant of the template is none."] : addresses),
    ].join("\n");
}

/** From the plans of it and of the stack whose platform it is on, with Node alone. */
async function costOf(stack: string, template: Template, directory: string): Promise<unknown> {
    try {
        const [{ recordStack }, { readStackFile }, { idleDay }] = await Promise.all([
            import("../plan/record-stack.ts"),
            import("../plan/stack-file.ts"),
            import("../plan/cost/idle-day.ts"),
        ]);
        const read = (name: string) => readStackFile(name, directory);
        const lender = platformStackOf(template)?.split("/").at(-1);
        const own = await recordStack(await read(stack), stack, { read });
        return idleDay(own, lender === undefined ? undefined : await recordStack(await read(lender), lender, { read }));
    } catch (error) {
        // The environment is up: that its cost is not known is no failure of it.
        return { unknown: error instanceof Error ? error.message.split("\n", 1)[0] : String(error) };
    }
}
