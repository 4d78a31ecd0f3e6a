// All environments of a backend: what they are, and many of them updated at once.
//   node commands/fleet/main.ts list --drift
//   node commands/fleet/main.ts preview 'pr-*'
//   node commands/fleet/main.ts up 'customer-*' --canary customer-example --parallel 4
import { Command, InvalidArgumentError } from "commander";
import { stackProject } from "../backend/project.ts";
import { pulumiIn } from "../backend/pulumi.ts";
import { readStates } from "../backend/read.ts";
import { shortName, stacksOf, type Backend } from "../backend/stacks.ts";
import { failed } from "../support/command-line.ts";
import { chosen, ChoiceError } from "./chosen.ts";
import { membersOf } from "./members.ts";
import { fleetTable, rolloutTable } from "./report.ts";
import { rollOut } from "./rollout.ts";
import { updateStack } from "./update.ts";

const program = new Command("fleet")
    .description("All environments of this project's backend.")
    .addHelpText("after", "\nExit codes: 0 fine, 1 a stack failed or was not begun, 2 it could not be asked.")
    .exitOverride();
const directory = process.cwd();
const pulumi = pulumiIn(directory);
const at = async (): Promise<Backend> => ({
    backend: process.env["PULUMI_BACKEND_URL"],
    project: await stackProject(directory),
});

program
    .command("list")
    .description("what they are: kind, pull request, age, last update, cost, image, pods")
    .option("--drift", "previews each with a refresh: what differs from its settings, or from what is there", false)
    .option("--json", "as JSON", false)
    .action(async ({ drift, json }: { drift: boolean; json: boolean }) => {
        const members = await membersOf(pulumi, await at(), { drift });
        console.log(json ? JSON.stringify(members, undefined, 2) : fleetTable(members, new Date(), drift));
    });

interface RolloutFlags {
    readonly canary?: string;
    readonly parallel: number;
    readonly patience: number;
    readonly keepGoing: boolean;
    readonly json: boolean;
}

for (const command of ["preview", "up"] as const) {
    program
        .command(command)
        .description(
            command === "preview"
                ? "what an update of each would change"
                : "updates each, the canary first and alone; what the gate refuses is not updated",
        )
        .argument("<stacks...>", "names, with * for any letters; production is named in full")
        .option("--canary <stack>", "which one is first and alone (default: the first)", (name) =>
            name === "" ? undefined : name,
        )
        .option("--parallel <count>", "how many at a time after it", count, 3)
        .option("--patience <minutes>", "how long one may take", count, 45)
        .option("--keep-going", "the others go on when one fails; not when the canary does", false)
        .option("--json", "as JSON", false)
        .action(async (patterns: string[], flags: RolloutFlags) => {
            const { canary, json, patience, ...options } = flags;
            const names = patterns.flatMap((words) => words.split(/[\s,]+/)).filter((name) => name !== "");
            const read = await readStates(pulumi, await stacksOf(pulumi, await at()));
            const members = read.map(({ stack, state }) => ({
                stack: shortName(stack.name),
                // What cannot be read may be production: a pattern does not choose it.
                kind: "unreadable" in state || state.kinds.includes("production") ? "production" : "",
            }));
            const stacks = chosen(members, names).map(({ stack }) => stack);
            if (canary !== undefined && !stacks.includes(canary)) {
                throw new ChoiceError(`The canary is ${canary}. Allowed: one of ${stacks.join(", ")}.`);
            }
            const steps = await rollOut(
                stacks,
                (stack) =>
                    updateStack(stack, {
                        pulumi,
                        directory,
                        previewOnly: command === "preview",
                        patience,
                        // The table, or the JSON, has stdout to itself.
                        say: (line) => console.error(line),
                    }),
                {
                    ...options,
                    ...(canary !== undefined && { canary }),
                    // A preview that fails stops no other.
                    keepGoing: options.keepGoing || command === "preview",
                    clock: () => Date.now(),
                },
            );
            console.log(json ? JSON.stringify(steps, undefined, 2) : rolloutTable(steps));
            process.exitCode = steps.every(({ outcome }) => outcome === "done") ? 0 : 1;
        });
}

try {
    await program.parseAsync();
} catch (error) {
    process.exitCode = failed(error);
}

function count(value: string): number {
    if (!/^[1-9][0-9]{0,3}$/.test(value)) {
        throw new InvalidArgumentError("Allowed: a whole number, at least 1.");
    }
    return Number(value);
}
