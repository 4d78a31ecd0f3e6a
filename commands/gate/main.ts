// The stateful gate: refuses a preview that would replace or delete what holds data and is not named here.
//   export PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true
//   pulumi preview --json --show-replacement-steps -s production | node commands/gate/main.ts
//   node commands/gate/main.ts preview.json --allow database-server
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { failed, said } from "../support/command-line.ts";
import { AllowanceError, judge } from "./judge.ts";
import { BadPreviewError, readPreview } from "./preview.ts";
import { printable, report } from "./report.ts";
import { smallerVolumes } from "./smaller-volumes.ts";

const program = new Command("gate")
    .description(
        "Refuses a preview that would replace or delete a database, bucket, zone, key, volume, namespace, cluster, registry or logs, " +
            "or something of which nobody knows what it holds.",
    )
    .argument(
        "[preview]",
        "a file with what `pulumi preview --json` printed, as a stream or as one document (default: stdin)",
    )
    .option(
        "--allow <name>",
        "the name or URN of a resource that may be lost; repeatable",
        (name, all: string[]) => [...all, name],
        [],
    )
    .addHelpText(
        "after",
        "\nExit codes: 0 nothing is lost that is not allowed, 1 refused, 2 the input cannot be judged.",
    )
    .exitOverride();

try {
    program.parse();
    const [file] = program.args;
    const { allow } = program.opts<{ allow: string[] }>();
    const preview = readPreview(await read(file));
    const smaller = smallerVolumes(preview);
    if (smaller.length > 0) {
        console.error(printable(smaller.join("\n")));
    }
    if (preview.errors.length > 0) {
        throw new BadPreviewError(
            `The preview failed, so what it shows is not all that would happen:\n${preview.errors.join("\n")}`,
        );
    }
    const verdict = judge(preview, allow);
    // A log of CI has no width, and is read in a window that is wider than a terminal.
    console.log(report(verdict, process.stdout.columns ?? 120));
    process.exitCode = verdict.refused.length + smaller.length === 0 ? 0 : 1;
} catch (error) {
    process.exitCode = failed(error, (other) => {
        if (other instanceof BadPreviewError || other instanceof AllowanceError) {
            return said(printable(other.message), 2);
        }
        throw other;
    });
}

async function read(file: string | undefined): Promise<string> {
    if (file === undefined) {
        if (process.stdin.isTTY) {
            throw new BadPreviewError(
                "Nothing to read: give a file, or pipe `pulumi preview --json` into it. See --help.",
            );
        }
        return text(process.stdin);
    }
    try {
        return await readFile(file, "utf8");
    } catch (error) {
        throw new BadPreviewError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
    }
}
