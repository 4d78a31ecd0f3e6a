// Moves a database into a stack, or out of it.
//   node commands/move/main.ts in --stack production --address old.address
import { enableCompileCache } from "node:module";
enableCompileCache();

import { Command, Option } from "commander";
import { failed, given, said } from "../support/command-line.ts";

const program = new Command("move").description(
    "A database of any PostgreSQL server into a stack's, and the other way round.",
);

function command(direction: "in" | "out", what: string): void {
    program
        .command(direction)
        .description(what)
        .addOption(new Option("--stack <name>", "of Pulumi.<name>.yaml").default("local"))
        .option(
            "--address <file>",
            "a file with the address of the server outside; else the variable MOVE_ADDRESS, else it is asked for",
        )
        .option("--mode <mode>", "dump, or replication: the source goes on meanwhile", "dump")
        .option("--cutover [value]", "after replication: the source takes no writes any more, the target takes over")
        .option("--back [value]", "undoes what is done to the source, and gives the move up")
        .option("--confirm <name>", "the target's name, so that what is in it may be removed first")
        .option(
            "--read-only <way>",
            "the source meanwhile: auto, database, role, or nothing when nothing writes",
            "auto",
        )
        .option("--pause [value]", "stops the app until the move has ended")
        .option("--image <name>", "of PostgreSQL, of the target's major version")
        .option("--storage <size>", "of the mover's volume: room for the source's tables", "20Gi")
        .option("--storage-class <name>", "of that volume (default: the cluster's own)")
        .option("--jobs <number>", "how many tables at once", "2")
        .option("--cidrs <ranges>", "where the server outside is (default: its addresses as this machine knows them)")
        .option("--ca <file>", "the certificate of the CA of the server outside")
        .option("--app <name>", "whose database it is (default: the main app)")
        .option("--context <name>", "of your kubeconfig; needed where the stack is not one of `make up`")
        .option("--namespace <name>", "of the stack (default: as its outputs say)")
        .addHelpText(
            "after",
            "\ndocs/moving-in.md leads through it. Exit codes: 0 moved, 1 something is for you to look at.",
        )
        .action(async (options: Record<string, string | true | undefined>) => {
            const text = (name: string): string | undefined => {
                const value = options[name];
                return given(value === true ? "1" : value);
            };
            const { move } = await import("./move.ts");
            const jobs = Number(text("jobs") ?? "2");
            if (!Number.isInteger(jobs) || jobs < 1 || jobs > 32) {
                throw new Error(`JOBS is ${JSON.stringify(text("jobs"))}. Allowed: 1 to 32.`);
            }
            process.exitCode = await move({
                direction,
                stack: text("stack") ?? "local",
                address: text("address"),
                secretAddress: given(process.env["MOVE_ADDRESS"]),
                mode: text("mode") ?? "dump",
                cutover: text("cutover") !== undefined,
                back: text("back") !== undefined,
                confirm: text("confirm"),
                readOnly: text("readOnly") ?? "auto",
                pause: text("pause") !== undefined,
                image: text("image"),
                storage: text("storage") ?? "20Gi",
                storageClass: text("storageClass"),
                jobs,
                ranges: text("cidrs")?.split(/[\s,]+/) ?? [],
                ca: text("ca"),
                app: text("app"),
                context: text("context"),
                namespace: text("namespace"),
            });
        });
}

command("in", "from any PostgreSQL server into the stack's database");
command("out", "from the stack's database to any PostgreSQL server");

try {
    await program.parseAsync();
} catch (error) {
    process.exitCode = failed(error, (other) => said(other, 1));
}
