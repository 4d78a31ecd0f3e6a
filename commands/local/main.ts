// The command line behind the Makefile: up, preview, status, shell, image, stop, down.
import { enableCompileCache } from "node:module";
enableCompileCache();

import { Command, Option } from "commander";
import { failed, given, said } from "../support/command-line.ts";

const program = new Command("local").description(
    "Stacks on this machine, or on a cluster you name, and images for them.",
);

function words(value: string | undefined): string[] {
    return given(value)?.split(/[\s,]+/) ?? [];
}

const stack = (): Option => new Option("--stack <name>", "of Pulumi.<name>.yaml").default("local");

program
    .command("up")
    .description("bring it up; a second time changes nothing")
    .addOption(stack())
    .option("--context <name>", "a context of your kubeconfig instead of the embedded cluster")
    .action(async (options: { stack: string; context?: string }) => {
        const { up } = await import("./up.ts");
        process.exitCode = await up({ stack: options.stack, context: given(options.context) });
    });

program
    .command("preview")
    .description("what `up` would change")
    .addOption(stack())
    .action(async (options: { stack: string }) => {
        const { preview } = await import("./preview.ts");
        process.exitCode = await preview(options.stack);
    });

program
    .command("status")
    .description("what runs")
    .addOption(stack())
    .action(async (options: { stack: string }) => {
        const { status } = await import("./status.ts");
        process.exitCode = await status(options.stack);
    });

program
    .command("shell")
    .description("a terminal where manage.py runs")
    .addOption(stack())
    .argument("[command...]", "instead of a shell", ["sh"])
    .action(async (command: string[], options: { stack: string }) => {
        const { shell } = await import("./shell.ts");
        process.exitCode = await shell(options.stack, command);
    });

program
    .command("image")
    .description("make an image of a Django project, or take an archive of one, and load it into the embedded cluster")
    .argument("[folder]", "the project: where manage.py is")
    .option("--archive <file>", "take this image instead: docker save --output FILE IMAGE, or podman save")
    .option("--name <name>", "of the image (default: the folder's name)")
    .option("--tag <tag>", "of the image (default: a digest of its content, so that a change rolls out)")
    .option("--requirements <file>", "relative to the folder (default: uv.lock, requirements.txt or pyproject.toml)")
    .option("--python <version>", "3.13 or 3.11", "3.13")
    .option("--packages <names>", 'Debian packages that the app needs: "gettext libpq5"')
    .option("--build-packages <names>", 'Debian packages to build Python packages with: "build-essential libpq-dev"')
    .option("--stack <name>", "write the image into Pulumi.<name>.yaml, which is made if it is not there")
    .addHelpText(
        "after",
        `
Examples:
  make image APP=../shop STACK=shop                  the image, and the stack file that runs it; then: make up STACK=shop
  make image APP=../shop PACKAGES="gettext"          with a Debian package
  make image APP=../shop REQUIREMENTS=requirements/production.txt
  make image ARCHIVE=shop.tar NAME=shop STACK=shop   an image that was built elsewhere

docs/bring-your-app.md leads from a project to its page.`,
    )
    .action(async (folder: string | undefined, options: Record<string, string | undefined>) => {
        const { image } = await import("./image.ts");
        process.exitCode = await image({
            folder: given(folder),
            archive: given(options["archive"]),
            name: given(options["name"]),
            tag: given(options["tag"]),
            requirements: given(options["requirements"]),
            python: given(options["python"]),
            packages: words(options["packages"]),
            buildPackages: words(options["buildPackages"]),
            stack: given(options["stack"]),
        });
    });

program
    .command("stop")
    .description("end the embedded cluster and keep its data; `up` goes on from there")
    .action(async () => {
        const { stop } = await import("./stop.ts");
        process.exitCode = await stop();
    });

program
    .command("down")
    .description("remove every stack and the embedded cluster, or one stack")
    .option("--stack <name>", "only this one; the cluster stays")
    .option("--no-dump", "leaves no last dump of databases whose settings ask for one")
    .action(async (options: { stack?: string; dump: boolean }) => {
        const { down } = await import("./down.ts");
        process.exitCode = await down(given(options.stack), options.dump);
    });

try {
    await program.parseAsync();
} catch (error) {
    process.exitCode = failed(error, (other) => said(other, 1));
}
