// `node lab/images/main.ts`: makes, lists and hands out the images of the local cluster.
import { copyFile } from "node:fs/promises";

import { Command } from "commander";

import { buildImages, imageNames, machineMakesImages } from "./index.ts";

const program = new Command("images").description(
    "The images of the local cluster, made from Debian and PyPI packages.",
);

program
    .command("build")
    .description("make what is missing and print each image with its archive")
    .argument("[names...]", "only these images", imageNames)
    .action(async (names: string[]) => {
        for (const { name, archive } of await build(names)) {
            console.log(`${name}\t${archive}`);
        }
    });

program
    .command("list")
    .description("print the names of the images")
    .action(() => {
        console.log(imageNames.join("\n"));
    });

program
    .command("export")
    .description("write one image to a file, for `docker load`, `ctr images import` or `kind load image-archive`")
    .argument("<name>")
    .argument("<file>")
    .action(async (name: string, file: string) => {
        for (const { archive } of await build([name])) {
            await copyFile(archive, file);
        }
    });

async function build(names: readonly string[]): ReturnType<typeof buildImages> {
    const machine = machineMakesImages();
    if (!machine.ok) {
        program.error(`${machine.reason}\n${machine.fix}`);
    }
    return buildImages((message) => console.error(message), names).catch((error: unknown) =>
        program.error(error instanceof Error ? error.message : String(error)),
    );
}

await program.parseAsync();
