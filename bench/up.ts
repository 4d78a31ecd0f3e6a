// `pulumi up` to the first 200, the preview without changes and the destroy, against kubectl with the same objects.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Client } from "../test/cluster/support/client.ts";
import { TestEnvironment } from "../test/cluster/support/environment.ts";
import { kubeconfigPath } from "../commands/support/paths.ts";
import { stagesOf, type ExportedResource, type Manifest } from "./manifests.ts";
import { median } from "./measure.ts";
import { report } from "./report.ts";

const rounds = 2;

interface Round {
    readonly up: number;
    readonly preview: number;
    readonly destroy: number;
}

export async function up(): Promise<void> {
    const environment = await TestEnvironment.create("bench");
    try {
        const ours: Round[] = [];
        const floor: Round[] = [];
        for (let round = 0; round < rounds; round++) {
            const { result, resources } = await withPulumi(environment);
            ours.push(result);
            floor.push(await withKubectl(environment, resources));
        }
        const compare = (key: keyof Round) => ({
            floor: { name: "kubectl", seconds: median(floor.map((each) => each[key])) },
            ours: { name: "pulumi", seconds: median(ours.map((each) => each[key])) },
            goal: 1.5,
        });
        await report(
            "up",
            [
                { name: "up to the first 200", ...compare("up") },
                { name: "no change: preview, diff", ...compare("preview") },
                { name: "destroy, delete", ...compare("destroy") },
            ],
            { rounds, ours, floor },
        );
    } finally {
        await environment.remove();
    }
}

async function withPulumi(environment: TestEnvironment): Promise<{ result: Round; resources: ExportedResource[] }> {
    const pulumi = async (command: "up" | "preview" | "destroy"): Promise<void> => {
        const { exitCode, output } = await environment.pulumi(command);
        if (exitCode !== 0) {
            throw new Error(output);
        }
    };
    const up = await seconds(async () => {
        await pulumi("up");
        await firstAnswer(environment.host);
    });
    const preview = await seconds(() => pulumi("preview"));
    const exported = await environment.run(["stack", "export", "--show-secrets", "--stack", environment.stack]);
    const { deployment } = JSON.parse(exported.output) as { deployment: { resources: ExportedResource[] } };
    const destroy = await seconds(() => pulumi("destroy"));
    return { result: { up, preview, destroy }, resources: deployment.resources };
}

async function withKubectl(environment: TestEnvironment, resources: ExportedResource[]): Promise<Round> {
    const { stores, jobs, processes } = stagesOf(resources);
    const namespace = environment.namespace;
    const apply = async (name: string, manifests: readonly Manifest[]): Promise<void> => {
        await kubectl("apply", "--server-side", "--filename", await written(environment, name, manifests));
    };
    const up = await seconds(async () => {
        await apply("stores", stores);
        await rolledOut(namespace, stores);
        for (const job of jobs) {
            await apply(job.metadata.name, [job]);
            await kubectl(
                "wait",
                "--namespace",
                namespace,
                "--for=condition=complete",
                `job/${job.metadata.name}`,
                "--timeout=120s",
            );
        }
        await apply("processes", processes);
        await rolledOut(namespace, processes);
        await firstAnswer(environment.host);
    });
    const all = await written(environment, "all", [...stores, ...jobs, ...processes]);
    const preview = await seconds(() => kubectl("diff", "--server-side", "--filename", all));
    const destroy = await seconds(() => kubectl("delete", "namespace", namespace, "--wait"));
    return { up, preview, destroy };
}

async function rolledOut(namespace: string, manifests: readonly Manifest[]): Promise<void> {
    const workloads = manifests.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
    await Promise.all(
        workloads.map(({ kind, metadata }) =>
            kubectl(
                "rollout",
                "status",
                "--namespace",
                namespace,
                `${kind.toLowerCase()}/${metadata.name}`,
                "--timeout=180s",
            ),
        ),
    );
}

async function written(environment: TestEnvironment, name: string, items: readonly Manifest[]): Promise<string> {
    const file = join(environment.directory, `${name}.json`);
    await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }), { mode: 0o600 });
    return file;
}

async function kubectl(command: string, ...args: string[]): Promise<void> {
    const { exitCode, all } = await execa("kubectl", [command, "--kubeconfig", kubeconfigPath, ...args], {
        all: true,
        reject: false,
    });
    // `diff` says with 1 that there is a difference.
    if (exitCode !== 0 && !(command === "diff" && exitCode === 1)) {
        throw new Error(`kubectl ${command} failed with ${exitCode}:\n${all}`);
    }
}

async function firstAnswer(host: string): Promise<void> {
    const client = new Client(host);
    for (let attempt = 0; attempt < 600; attempt++) {
        const status = await client.send("GET", "/").then(
            (answer) => answer.status,
            () => 0,
        );
        if (status === 200) {
            client.close();
            return;
        }
        await sleep(100);
    }
    throw new Error("The page did not answer with 200 within a minute.");
}

async function seconds(run: () => Promise<void>): Promise<number> {
    const start = process.hrtime.bigint();
    await run();
    return Number(process.hrtime.bigint() - start) / 1e9;
}
