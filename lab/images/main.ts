// `node lab/images/main.ts`: makes, lists and hands out the images of the local cluster.
import { copyFile } from "node:fs/promises";

import { Command } from "commander";

import { buildImages, machineMakesImages } from "./index.ts";
import { recipes } from "./recipes.ts";

const program = new Command("images").description(
    "The images of the local cluster, made from Debian and PyPI packages.",
);

program
    .command("build")
    .description("make what is missing and print each image with its archive")
    .action(async () => {
        for (const { name, archive } of await build()) {
            console.log(`${name}\t${archive}`);
        }
    });

program
    .command("list")
    .description("print the names of the images")
    .action(() => {
        for (const { name } of recipes) {
            console.log(name);
        }
    });

program
    .command("export")
    .description("write one image to a file, for `docker load`, `ctr images import` or `kind load image-archive`")
    .argument("<name>")
    .argument("<file>")
    .action(async (name: string, file: string) => {
        if (!recipes.some((recipe) => recipe.name === name)) {
            program.error(
                `${name} is not an image of this project; there are: ${recipes.map((recipe) => recipe.name).join(", ")}`,
            );
        }
        const image = (await build()).find((built) => built.name === name);
        if (image) {
            await copyFile(image.archive, file);
        }
    });

async function build(): ReturnType<typeof buildImages> {
    const machine = machineMakesImages();
    if (!machine.ok) {
        program.error(`${machine.reason}\n${machine.fix}`);
    }
    return buildImages((message) => console.error(message)).catch((error: unknown) =>
        program.error(error instanceof Error ? error.message : String(error)),
    );
}

await program.parseAsync();
