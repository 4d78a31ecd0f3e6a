// The embedded cluster on the command line.
import Table from "cli-table3";
import { Command, Option } from "commander";
import { Listr } from "listr2";
import type { Report } from "../../commands/support/report.ts";
import {
    clusterStatus,
    extras,
    haltCluster,
    machineRunsCluster,
    gatewayPorts,
    loadImages,
    prepareCluster,
    startCluster,
    startObjectStorage,
    stopCluster,
    stopObjectStorage,
    type Extra,
    type ObjectStorage,
} from "./index.ts";

const program = new Command("cluster").description(
    "A single-node Kubernetes on this machine, made from package registries.",
);

program
    .command("up")
    .description("start it, or repair what died")
    .addOption(
        new Option(
            "--with <extra...>",
            "what else is to run: cert-manager with an ACME server, or a controller that makes Secrets",
        )
            .choices(extras)
            .default([]),
    )
    .action(async ({ with: wanted }: { with: Extra[] }) => {
        const machine = machineRunsCluster();
        if (!machine.ok) {
            console.error(`Not here: ${machine.reason}. ${machine.fix}`);
            process.exitCode = 1;
            return;
        }
        await steps([
            ["Packages and programs", (report) => prepareCluster(report, wanted)],
            ["Kubernetes", (report) => startCluster(report, wanted)],
        ]);
        console.log(
            `The Gateway listens on 127.0.0.1, ports ${gatewayPorts.http} (HTTP) and ${gatewayPorts.https} (HTTPS).`,
        );
    });

program
    .command("stop")
    .description("end it and keep objects, volumes and images for the next `up`")
    .action(() => steps([["Stopping the cluster", haltCluster]]));

program
    .command("down")
    .description("stop it and remove everything that it made, volumes included")
    .action(() => steps([["Removing the cluster", stopCluster]]));

program
    .command("load")
    .description("make images known to the node")
    .argument("<tar...>", "image archives: OCI, or of `docker save`")
    .action((archives: string[]) => steps([["Images", (report) => loadImages(archives, report)]]));

program
    .command("buckets")
    .description("start a server that speaks S3 beside the running cluster, and make buckets; prints how to reach it")
    .argument("[names...]", "buckets to make")
    .option("--read-by <origins...>", "anyone may read their files, in pages of these origins too")
    .option("--stop", "stop the server; its files stay until the cluster goes")
    .action(async (names: string[], { readBy, stop }: { readBy?: string[]; stop?: true }) => {
        if (stop) {
            await steps([["Object storage", stopObjectStorage]]);
            return;
        }
        if ((await clusterStatus()).length === 0) {
            throw new Error("The embedded cluster is not running: start it first, with `up`.");
        }
        const buckets = names.map((name) => ({ name, ...(readBy && { readBy }) }));
        let storage: ObjectStorage | undefined;
        await steps([
            [
                "Object storage",
                async (report) => {
                    storage = await startObjectStorage(report, buckets);
                },
            ],
        ]);
        console.log(JSON.stringify(storage, undefined, 2));
    });

program.command("status").description("what runs").action(showStatus);

try {
    await program.parseAsync();
} catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
}

async function steps(named: readonly (readonly [string, (report: Report) => Promise<void>])[]): Promise<void> {
    const tasks = named.map(([title, run]) => ({
        title,
        task: (_: unknown, task: { output: string }) =>
            run((message) => {
                task.output = message;
            }),
    }));
    // The error's text is shown once, at the end.
    await new Listr(tasks, { rendererOptions: { showErrorMessage: false } }).run();
}

async function showStatus(): Promise<void> {
    const components = await clusterStatus();
    if (components.length === 0) {
        console.log("The embedded cluster is down.");
        return;
    }
    const table = new Table({ head: ["component", "pid", "state", "since"], style: { head: [], border: [] } });
    table.push(
        ...components.map(({ component, pid, state, since }) => [component, pid, state, since.toLocaleString("sv")]),
    );
    console.log(table.toString());
}
