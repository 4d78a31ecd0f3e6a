// Which rights a stack's resources ask of who runs Pulumi, as documents to copy, with Node alone.
//   node commands/permissions/main.ts --stack production
//   node commands/permissions/main.ts --stack production --directory examples/stacks/aws --for preview --folder /tmp/rights
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { commands, permissionClouds, type CommandName } from "../../lib/permissions/index.ts";
import { failureOf } from "../plan/failure.ts";
import { recordStack } from "../plan/record-stack.ts";
import { readStackFile } from "../plan/stack-file.ts";
import { failed, said } from "../support/command-line.ts";
import { projectRoot } from "../support/paths.ts";
import { documentsFor, given } from "./documents.ts";

interface Options {
    readonly stack: string;
    readonly directory: string;
    readonly for: CommandName;
    readonly folder?: string;
}

const program = new Command("permissions")
    .description("Which rights at the clouds a stack asks of who runs Pulumi, as documents to copy.")
    .requiredOption("--stack <name>", "the stack of Pulumi.<name>.yaml")
    .option("--directory <folder>", "where that file is", projectRoot)
    .addOption(
        new Option("--for <command>", "of Pulumi; preview means with --refresh")
            .choices(Object.keys(commands))
            .default("up"),
    )
    .option("--folder <folder>", "where the documents are written, each to a file (default: standard output)")
    .allowExcessArguments(false)
    .exitOverride();

// The SDK starts work that nobody waits for.
process.on("uncaughtException", (error) => (process.exitCode = tell(error)));

try {
    program.parse();
    await show(program.opts<Options>());
} catch (error) {
    process.exitCode = failed(error, tell);
}

function tell(error: unknown): number {
    const { message, code } = failureOf(error);
    return said(message, code);
}

async function show({ stack, directory, for: command, folder }: Options): Promise<void> {
    const plan = await recordStack(await readStackFile(stack, directory), stack, {
        read: (other) => readStackFile(other, directory),
    });
    const types = plan.resources.map(({ type }) => type);
    const clouds = permissionClouds.filter((cloud) => types.some((type) => type.startsWith(`${cloud}:`)));
    if (clouds.length === 0) {
        console.error(`${stack} makes nothing at a cloud: it asks for the rights of its kubeconfig alone.`);
        return;
    }
    for (const cloud of clouds) {
        for (const { file, text } of documentsFor(cloud, types, command)) {
            if (folder === undefined) {
                console.log(`# ${file}: ${given[cloud]}\n${text}`);
            } else {
                await mkdir(folder, { recursive: true });
                await writeFile(join(folder, file), text);
                console.log(`written: ${join(folder, file)} (${given[cloud]})`);
            }
        }
    }
}
