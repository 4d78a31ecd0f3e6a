// The engine on the command line: where it comes from, its environment for a shell, and one command with it.
//   node lab/engine/main.ts which
//   eval "$(node lab/engine/main.ts env)" && pulumi up -s local
//   node lab/engine/main.ts exec -- preview -s local
//   node lab/engine/main.ts with -- node commands/repair/main.ts --stack local
import { Command } from "commander";
import { execa } from "execa";
import { quote } from "./executables.ts";
import { ensureEngine, localBackend, runPulumi, type Engine } from "./index.ts";

const program = new Command("engine").description("where pulumi comes from").showHelpAfterError();

program
    .command("which")
    .description("print the source (installed, launcher or built) and the path of pulumi")
    .action(async () => {
        const { source, pulumi } = await engineWithNotices();
        console.log(`${source} ${pulumi}`);
    });

program
    .command("env")
    .description("print export lines, for eval, after which plain `pulumi up -s local` works")
    .action(async () => {
        const { env } = await engineWithNotices();
        for (const [name, value] of Object.entries({ ...env, ...localBackend() })) {
            console.log(`export ${name}=${quote(value)}`);
        }
    });

program
    .command("exec")
    .description("run pulumi with these arguments, on the state of the stack local unless PULUMI_BACKEND_URL is set")
    .argument("<args...>")
    .action(async (args: string[]) => {
        const engine = await engineWithNotices();
        const { exitCode } = await runPulumi(args, { engine, env: chosenBackend(), stdio: "inherit" });
        process.exitCode = exitCode ?? 130;
    });

program
    .command("with")
    .description("run a command that runs pulumi itself, with the same state as exec")
    .argument("<command...>")
    .action(async ([command = "", ...args]: string[]) => {
        const { env } = await engineWithNotices();
        const child = execa(command, args, { env: { ...env, ...chosenBackend() }, stdio: "inherit", reject: false });
        process.exitCode = (await child).exitCode ?? 130;
    });

function chosenBackend(): Record<string, string> {
    return process.env["PULUMI_BACKEND_URL"] === undefined ? localBackend() : {};
}

/** stdout belongs to the command; what takes long and what is worth knowing goes to stderr. */
async function engineWithNotices(): Promise<Engine> {
    const engine = await ensureEngine((message) => console.error(message));
    for (const notice of engine.notices) {
        console.error(notice);
    }
    return engine;
}

try {
    await program.parseAsync();
} catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
}
