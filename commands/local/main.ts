// The command line behind the Makefile: up, preview, status, shell, down.
import { enableCompileCache } from "node:module";
enableCompileCache();

import { Command } from "commander";

const program = new Command("local").description("The stack `local` on this machine, or on a cluster you name.");

program
    .command("up")
    .description("bring it up; a second time changes nothing")
    .option("--context <name>", "a context of your kubeconfig instead of the embedded cluster")
    .action(async ({ context }: { context?: string }) => {
        const { up } = await import("./up.ts");
        process.exitCode = await up({ context: context === "" ? undefined : context });
    });

program
    .command("preview")
    .description("what `up` would change")
    .action(async () => {
        const { preview } = await import("./preview.ts");
        process.exitCode = await preview();
    });

program
    .command("status")
    .description("what runs")
    .action(async () => {
        const { status } = await import("./status.ts");
        process.exitCode = await status();
    });

program
    .command("shell")
    .description("a terminal where manage.py runs")
    .argument("[command...]", "instead of a shell", ["sh"])
    .action(async (command: string[]) => {
        const { shell } = await import("./shell.ts");
        process.exitCode = await shell(command);
    });

program
    .command("down")
    .description("remove it, and the embedded cluster")
    .action(async () => {
        const { down } = await import("./down.ts");
        process.exitCode = await down();
    });

try {
    await program.parseAsync();
} catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
}
