// Removes what pull requests have left behind: environments, namespaces, databases, files.
//   node commands/sweep/main.ts --dry
//   GITHUB_REPOSITORY=example/shop GITHUB_TOKEN=... node commands/sweep/main.ts
import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { environmentIn } from "../backend/environment.ts";
import { pulumiIn } from "../backend/pulumi.ts";
import { holdersOf, release } from "../destroy/holders.ts";
import type { Tools } from "../destroy/remove.ts";
import { clusterOf } from "../dumps/job.ts";
import { lastDumps } from "../dumps/take.ts";
import { forgeFrom } from "../forge/from.ts";
import { stackProject } from "../backend/project.ts";
import type { Deployment } from "../repair/deployment.ts";
import { keepState } from "../repair/keep.ts";
import { openStack } from "../repair/pulumi.ts";
import { repair } from "../repair/repair.ts";
import { failed, run } from "../support/command-line.ts";
import type { Knowing } from "./observe.ts";
import { isLeft, reportText } from "./report.ts";
import { sweepOnce } from "./sweep.ts";

interface Options {
    readonly forge?: "github" | "gitlab" | "none";
    readonly pullRequests?: string;
    readonly dry: boolean;
    readonly json?: string | true;
    readonly parallel: number;
    readonly patience: number;
    readonly unlockAfter?: number;
    readonly releaseAfter?: number;
    readonly orphans: boolean;
    readonly dropDatabases: boolean;
    readonly servers: boolean;
    readonly dump: boolean;
}

const program = new Command("sweep")
    .description(
        "Compares open pull requests with the stacks of this project's backend, with what their clusters and servers have and with the folder's files, and removes what nobody uses: of a pull request that is closed, or whose time to live since the last push is over. Never touches what is not ephemeral.",
    )
    .addOption(
        new Option("--forge <name>", "who is asked; none: times to live alone count")
            .choices(["github", "gitlab", "none"])
            .default(undefined, "the one whose CI runs this"),
    )
    .option("--pull-requests <file>", "a JSON list of the open ones instead of a forge: what is not in it is closed")
    .option("--dry", "tells what would be done, and changes nothing", false)
    .option("--json [file]", "the report as JSON, to a file or in the place of the table")
    .option("--parallel <count>", "stacks that are destroyed at a time", count, 3)
    .option("--patience <minutes>", "how long a destroy, or a namespace, may take", count, 15)
    .option(
        "--unlock-after <duration>",
        "a lock as old as that is of a run that is dead: 2h (default: it is told)",
        duration,
    )
    .option(
        "--release-after <duration>",
        "takes finalizers off objects that wait for their end as long: 1h (default: they are told)",
        duration,
    )
    .option(
        "--orphans",
        "no other backend has environments on these clusters: a namespace without a stack is nobody's",
        false,
    )
    .option("--drop-databases", "drops databases of what is gone now, not when their server does", false)
    .option("--no-servers", "asks no server that is lent for its databases")
    .option("--no-dump", "leaves no last dump of databases whose settings ask for one")
    .addHelpText(
        "after",
        "\nExit codes: 0 nothing is left that has to go, 1 something is left for you, with its command, 2 it could not look.",
    )
    .exitOverride();

try {
    program.parse();
    const options = program.opts<Options>();
    const directory = process.cwd();
    const pulumi = pulumiIn(directory);
    const project = await stackProject(directory);
    const backend = process.env["PULUMI_BACKEND_URL"];
    const now = (): Date => new Date();
    // The table, or the JSON, has stdout to itself.
    const say = (line: string): void => console.error(line);
    const report = await sweepOnce(
        { pulumi, project, directory, backend, now, knowing: knowing(options), servers: options.servers },
        tools(),
        {
            dry: options.dry,
            parallel: options.parallel,
            patience: options.patience,
            unlockAfter: options.unlockAfter,
            releaseAfter: options.releaseAfter,
            orphans: options.orphans,
            databases: options.dropDatabases,
            dump: options.dump,
        },
    );
    const json = JSON.stringify(report, undefined, 2);
    if (typeof options.json === "string") {
        await writeFile(options.json, `${json}\n`);
    }
    console.log(options.json === true ? json : reportText(report, process.stdout.columns ?? 160));
    process.exitCode = isLeft(report) ? 1 : 0;

    function tools(): Tools {
        const clusterIn = (deployment: Deployment) => {
            const { connection, namespace } = environmentIn(deployment);
            return connection === undefined || namespace === undefined
                ? undefined
                : { config: clusterOf(connection), namespace };
        };
        return {
            pulumi,
            project,
            backend,
            say,
            now,
            repair: (stack) =>
                repair(openStack(stack), async (state) => {
                    say(await keepState(stack, state));
                }),
            // Standard output is the report's.
            gcloud: (args) => run("gcloud", args, ["ignore", 2, 2]),
            lastDumps: (deployment) => lastDumps(deployment.resources ?? [], say),
            holding: async (deployment) => {
                const cluster = clusterIn(deployment);
                return cluster === undefined
                    ? { there: false, holders: [], said: [] }
                    : await holdersOf(cluster.config, cluster.namespace);
            },
            release: async (deployment, holder) => {
                await release(clusterIn(deployment)!.config, holder);
            },
        };
    }
} catch (error) {
    process.exitCode = failed(error);
}

function knowing({ forge, pullRequests }: Options): Knowing {
    if (pullRequests !== undefined) {
        return { list: forgeFrom(process.env, { pullRequests }) };
    }
    const { GITHUB_REPOSITORY: github, CI_PROJECT_ID: gitlab, ...rest } = process.env;
    if (forge === "none" || (forge === undefined && !github && !gitlab)) {
        return { nobody: true };
    }
    return {
        forge: forgeFrom({
            ...rest,
            ...(forge !== "gitlab" && { GITHUB_REPOSITORY: github }),
            ...(forge !== "github" && { CI_PROJECT_ID: gitlab }),
        }),
    };
}

function count(value: string): number {
    if (!/^[1-9][0-9]{0,3}$/.test(value)) {
        throw new InvalidArgumentError("Allowed: a whole number, at least 1.");
    }
    return Number(value);
}

/** @returns milliseconds */
function duration(value: string): number {
    const [, amount, unit] = /^([0-9]{1,4})(m|h|d)$/.exec(value) ?? [];
    if (amount === undefined) {
        throw new InvalidArgumentError('Allowed: whole minutes, hours or days, for example "30m", "2h", "1d".');
    }
    return Number(amount) * { m: 60_000, h: 3_600_000, d: 86_400_000 }[unit as "m" | "h" | "d"];
}
