// What a change does, for a reviewer: data, downtime, security, cost, connections, rules, and then all of it.
//   make diff STACK=production BASE=origin/main
//   node commands/verdict/main.ts --stack production --base ../base --head . --markdown comment.md
//   pulumi preview --json --show-replacement-steps -s production | node commands/verdict/main.ts --stack production --preview - ...
import { readFile, writeFile } from "node:fs/promises";
import { enableCompileCache } from "node:module";
import { text } from "node:stream/consumers";
import { Command, InvalidArgumentError } from "commander";
import { failed, said } from "../support/command-line.ts";

enableCompileCache();

// Before what loads the SDK.
await import("../plan/quick-start.ts");
const { AllowanceError } = await import("../gate/judge.ts");
const { BadPreviewError, readPreview } = await import("../gate/preview.ts");
const { printable } = await import("../gate/report.ts");
const { VerdictInputError } = await import("./failure.ts");
const { withBase } = await import("./git-base.ts");
const { changedJudges } = await import("./judges.ts");
const { gitHubLimit, markdownOf } = await import("./markdown.ts");
const { noPlanMarkdown, noPlanText } = await import("./no-plan.ts");
const { isPlan } = await import("./plan-document.ts");
const { comparePlans } = await import("./planned-changes.ts");
const { plansOf } = await import("./plans.ts");
const { changesIn } = await import("./previewed-changes.ts");
const { terminalOf } = await import("./terminal.ts");
const { verdictOf } = await import("./verdict.ts");

interface Options {
    readonly stack: string;
    readonly base?: string;
    readonly baseRef?: string;
    readonly head: string;
    readonly directory?: string;
    readonly preview?: string;
    readonly allow: readonly string[];
    readonly markdown?: string;
    readonly limit: number;
    readonly log?: string;
    readonly json?: boolean;
}

const command = new Command("verdict")
    .description("Says what a change of a stack would do, from the plans of base and head or from a preview.")
    .requiredOption("--stack <name>", "the stack of Pulumi.<name>.yaml")
    .option("--base <folder>", "a checkout of the base, or its plan as JSON")
    .option("--base-ref <commit>", "in its place a commit of this repository, checked out for as long as it takes")
    .option("--head <folder>", "a checkout of the head, or its plan as JSON", ".")
    .option("--directory <folder>", "where in both Pulumi.<stack>.yaml is, for example examples/stacks/aws")
    .option(
        "--preview <file>",
        "what `pulumi preview --json` printed, or - for standard input: what changes is then taken from it",
    )
    .option(
        "--allow <name>",
        "the name or URN of a resource that may be lost; repeatable",
        (name, all: string[]) => [...all, name],
        [],
    )
    .option("--markdown <file>", "write the comment there")
    .option("--limit <characters>", "how long it may be", characters, gitHubLimit)
    .option("--log <address>", "where all of it is, for what has no room in the comment", address)
    .option("--json", "print the verdict as JSON")
    .allowExcessArguments(false)
    .addHelpText("after", "\nExit codes: 0 fine, 1 the verdict is red, 2 the input cannot be judged.")
    .exitOverride();

function characters(value: string): number {
    const number = Number(value);
    if (!Number.isInteger(number) || number < 4096) {
        throw new InvalidArgumentError("Allowed: a whole number, 4096 at least.");
    }
    return number;
}

/** Nothing in it ends a link. */
function address(value: string): string {
    if (!/^https?:\/\/[A-Za-z0-9._~:/?#@!$&*+,;=%-]+$/.test(value)) {
        throw new InvalidArgumentError(
            "Allowed: an address that begins with http:// or https://, without blanks and brackets.",
        );
    }
    return value;
}

try {
    command.parse();
    const options = command.opts<Options>();
    process.exitCode =
        options.baseRef === undefined
            ? await judgeAll(options, options.base)
            : await withBase(options.baseRef, (base) => judgeAll(options, base));
} catch (error) {
    process.exitCode = failed(error, (other) => {
        if ([VerdictInputError, BadPreviewError, AllowanceError].some((one) => other instanceof one)) {
            return said(printable((other as Error).message), 2);
        }
        throw other;
    });
}

/** @returns the exit code */
async function judgeAll(options: Options, base: string | undefined): Promise<0 | 1> {
    const { stack, head, directory, preview, allow, limit, log, json = false } = options;
    if (base === undefined && preview === undefined) {
        throw new VerdictInputError(
            "Found neither a base nor a preview. Allowed: --base FOLDER, --base-ref COMMIT, --preview FILE, or a base and a preview. See --help.",
        );
    }
    const plans =
        base === undefined ? undefined : await plansOf(stack, { from: base, directory }, { from: head, directory });
    if (plans !== undefined && !isPlan(plans.head)) {
        await say(
            options,
            noPlanMarkdown(stack, plans.head),
            json ? JSON.stringify({ stack, level: "red", ...plans.head }, undefined, 2) : noPlanText(stack, plans.head),
        );
        return 1;
    }
    const planned = plans as
        { readonly base: (typeof plans & object)["base"]; readonly head: (typeof plans & object)["base"] } | undefined;
    const previewed = preview === undefined ? undefined : readPreview(await read(preview));
    if (previewed !== undefined && previewed.errors.length > 0) {
        throw new BadPreviewError(
            `The preview failed, so what it shows is not all that would happen:\n${previewed.errors.join("\n")}`,
        );
    }
    const compared =
        previewed === undefined ? await comparePlans(planned!.base.plan, planned!.head.plan) : changesIn(previewed);
    const verdict = verdictOf({
        stack,
        base: planned?.base,
        head: planned?.head,
        compared,
        from: previewed === undefined ? "plans" : "preview",
        allow,
        judges: base === undefined ? [] : await changedJudges(base, head),
    });
    const markdown = markdownOf(verdict, { limit, ...(log !== undefined && { log }) });
    // A log of CI has no width, and is read in a window that is wider than a terminal.
    await say(
        options,
        markdown,
        json ? JSON.stringify(verdict, undefined, 2) : terminalOf(verdict, process.stdout.columns ?? 120),
    );
    return verdict.level === "red" ? 1 : 0;
}

async function say({ markdown: file }: Options, markdown: string, printed: string): Promise<void> {
    if (file !== undefined) {
        await writeFile(file, markdown).catch((error: unknown) => {
            throw new VerdictInputError(
                `--markdown ${file}: cannot be written (${(error as NodeJS.ErrnoException).code}). Allowed: a file in a folder that is there.`,
            );
        });
    }
    console.log(printed);
}

async function read(file: string): Promise<string> {
    if (file === "-") {
        return text(process.stdin);
    }
    try {
        return await readFile(file, "utf8");
    } catch (error) {
        throw new VerdictInputError(
            `--preview ${file}: cannot be read (${(error as NodeJS.ErrnoException).code}). Allowed: a file with what \`pulumi preview --json\` printed.`,
        );
    }
}
