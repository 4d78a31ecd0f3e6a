// What CI does with a stack: previews it, releases an image, goes back to the one before, looks for drift.
//   node commands/release/main.ts up --stack production --image registry.example.org/shop:4f2a91c
//   node commands/release/main.ts back --stack production
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { AllowanceError } from "../gate/judge.ts";
import { BadPreviewError } from "../gate/preview.ts";
import { printable } from "../gate/report.ts";
import { readStackFile } from "../plan/stack-file.ts";
import type { StackConnection } from "../status/connection.ts";
import { failed, said } from "../support/command-line.ts";
import { SettingsError } from "../../settings/problems.ts";
import { stackFileName } from "../../settings/stack-file/read.ts";
import { drift, driftReport } from "./drift.ts";
import { imagesBefore, imagesIn, imagesOf, ReleaseError, runningImages, type Images } from "./images.ts";
import { preview } from "./preview.ts";
import { pulumiOf, type Pulumi } from "./pulumi.ts";
import { release, setImages, type StackImages } from "./release.ts";

interface Options {
    readonly stack: string;
    readonly image: readonly string[];
    readonly allow: readonly string[];
    readonly policyPack: string;
    readonly rules: boolean;
    readonly wait: number;
    readonly output?: string;
}

const collected = (value: string, all: readonly string[]): string[] => [
    ...all,
    ...value.split(/[\s,]+/).filter(Boolean),
];

const program = new Command("release")
    .description("What CI does with a stack of the project in the current directory (docs/ci.md).")
    .addHelpText(
        "after",
        "\nExit codes: 0 done, 1 refused, failed or drifted, 2 the words or what they name are wrong.",
    )
    .showHelpAfterError()
    .exitOverride();

const on = (command: Command): Command => command.requiredOption("--stack <name>", "whose");
const withImages = (command: Command): Command =>
    command
        .option(
            "--image <reference>",
            "of all apps, or APP=REFERENCE; repeatable, or with commas (default: those that run)",
            collected,
            [],
        )
        .option("--policy-pack <folder>", "the rules that it has to keep", "policy")
        .option("--no-rules", "asks no rules");
const changing = (command: Command): Command =>
    withImages(command)
        .option(
            "--allow <name>",
            "the name or URN of a resource that may be lost; repeatable, or with commas",
            collected,
            [],
        )
        .option("--wait <seconds>", "for the rollout after the update", seconds, 1800);

on(changing(program.command("up")))
    .description("brings images out: preview, rules, gate, update, and the wait for the rollout")
    .action((options: Options) =>
        bringOut(options, (running, file) => ({ ...running, ...imagesIn(options.image, file.apps) })),
    );

on(changing(program.command("back")))
    .description("brings out the images of the last update that had others, or those that --image names")
    .action((options: Options) =>
        bringOut(options, async (running, file, project, pulumi) => {
            if (options.image.length > 0) {
                return { ...running, ...imagesIn(options.image, file.apps) };
            }
            const { code, output } = await pulumi.read([
                "stack",
                "history",
                "--json",
                "--page-size",
                "100",
                "--page",
                "1",
            ]);
            if (code !== 0) {
                throw new ReleaseError("The stack's history could not be read: pulumi says why above.");
            }
            return { ...running, ...imagesBefore(JSON.parse(output), project, running) };
        }),
    );

on(withImages(program.command("preview")))
    .description("previews with the rules, and keeps what the engine prints for the verdict and the gate")
    .requiredOption("--output <file>", "where to")
    .action(async (options: Options) => {
        const pulumi = pulumiOf(options.stack);
        const { file } = await fileOf(options.stack);
        const images = { ...(await running(pulumi)), ...imagesIn(options.image, file.apps) };
        try {
            await setImages(images, { pulumi, say, file });
            await writeFile(options.output!, await preview(pulumi, packOf(options)), { mode: 0o600 });
        } finally {
            await file.restore();
        }
    });

on(program.command("drift"))
    .description("says what somebody changed besides the program; changes nothing")
    .action(async ({ stack }: Options) => {
        const drifted = await drift(pulumiOf(stack));
        say(driftReport(drifted, stack));
        process.exitCode = drifted.length === 0 ? 0 : 1;
    });

type Chosen = (running: Images, file: StackImages, project: string, pulumi: Pulumi) => Images | Promise<Images>;

async function bringOut(options: Options, chosen: Chosen): Promise<void> {
    const pulumi = pulumiOf(options.stack);
    const { file, project } = await fileOf(options.stack);
    const images = await chosen(await running(pulumi), file, project, pulumi);
    const pack = packOf(options);
    process.exitCode = await release(
        { images, allow: options.allow, ...(pack !== undefined && { policyPack: pack }) },
        {
            pulumi,
            say,
            file,
            // A log of CI has no width, and is read in a window that is wider than a terminal.
            columns: process.stdout.columns ?? 120,
            rolledOut: async () => {
                const { namespace, platform } = await outputsOf(pulumi);
                if (namespace === undefined) {
                    throw new ReleaseError("The stack has no output namespace, so the rollout cannot be looked at.");
                }
                // The client of Kubernetes takes longer to load than all the rest.
                const [{ rolledOut }, { configFor }] = await Promise.all([
                    import("./rollout.ts"),
                    import("../status/connection.ts"),
                ]);
                return await rolledOut({
                    config: configFor(platform?.connection ?? {}),
                    namespace,
                    seconds: options.wait,
                });
            },
        },
    );
}

interface Outputs {
    readonly namespace?: string;
    readonly platform?: { readonly connection?: StackConnection };
}

/** Secrets in it stay secret. */
async function outputsOf(pulumi: Pulumi): Promise<Outputs> {
    const { code, output } = await pulumi.read(["stack", "output", "--json"]);
    if (code !== 0) {
        throw new ReleaseError("The stack's outputs could not be read: pulumi says why above.");
    }
    return JSON.parse(output) as Outputs;
}

async function running(pulumi: Pulumi): Promise<Images> {
    return runningImages(await outputsOf(pulumi));
}

async function fileOf(stack: string): Promise<{ readonly file: StackImages; readonly project: string }> {
    const directory = process.cwd();
    const { project, config } = await readStackFile(stack, directory);
    const path = join(directory, stackFileName(stack));
    const before = await readFile(path);
    const images = imagesOf(JSON.parse(config[`${project}:apps`] ?? "[]"));
    return { project, file: { apps: Object.keys(images), images, restore: () => writeFile(path, before) } };
}

function packOf({ rules, policyPack }: Options): string | undefined {
    return rules ? policyPack : undefined;
}

function say(text: string): void {
    console.log(text);
}

function seconds(text: string): number {
    if (!/^[1-9]\d{0,5}$/.test(text)) {
        throw new InvalidArgumentError("It is a whole number of seconds, as in --wait 1800.");
    }
    return Number(text);
}

try {
    await program.parseAsync();
} catch (error) {
    process.exitCode = failed(error, codeOf);
}

function codeOf(error: unknown): number {
    const isInput = [AllowanceError, BadPreviewError, SettingsError, ReleaseError].some((one) => error instanceof one);
    return said(printable(error instanceof Error ? error.message : String(error)), isInput ? 2 : 1);
}
