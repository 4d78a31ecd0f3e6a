// `make up`: the plan at once, then engine, cluster and images side by side, then `pulumi up`, then what runs.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Listr, type ListrTask } from "listr2";
import {
    buildImages,
    imagesNamedIn,
    loadImages,
    machineMakesImages,
    machineRunsCluster,
    prepareCluster,
    startCluster,
} from "./lab.ts";
import { projectRoot } from "../support/paths.ts";
import { showPlan } from "../plan/show.ts";
import { podsOf } from "./cluster-client.ts";
import { podsTable } from "./pods-table.ts";
import { openStack, outputsOf, stackName, type LocalStack } from "./stack.ts";
import { chooseTarget, describe, recordTarget, writeContext, type Target } from "./target.ts";

export interface UpOptions {
    /** A context of the user's kubeconfig. @default the embedded cluster */
    readonly context: string | undefined;
}

/** @returns the exit code */
export async function up({ context }: UpOptions): Promise<number> {
    const plan = await showPlan(stackName);
    if (!plan.ok) {
        return 1;
    }
    const target = await chooseTarget(context);
    if (target.kind === "embedded") {
        const missing = [machineRunsCluster(), machineMakesImages()].find(({ ok }) => !ok);
        if (missing !== undefined && !missing.ok) {
            console.log(
                `\nThat is the plan. To run it: ${missing.reason}. ${missing.fix}\nOr name a cluster: make up CONTEXT=kind-dev`,
            );
            return 1;
        }
    }
    const stack = await prepare(target);
    if (target.kind === "context") {
        console.log(
            "Images named localhost/... are made for the embedded cluster: README says which lines to change for yours.",
        );
    }
    for (const notice of stack.engine.notices) {
        console.log(notice);
    }
    const { exitCode } = await stack.run(["up", "--yes", "--skip-preview"], "inherit");
    return exitCode === 0 ? await showResult(stack) : exitCode;
}

/** All that has to be there before the stack can be brought up; quick when it is there already. */
export async function prepare(target: Target): Promise<LocalStack> {
    const made: { stack?: LocalStack } = {};
    const engine = step("Pulumi engine", async (report) => {
        made.stack = await openStack(report);
    });
    if (target.kind === "context") {
        const cluster = step(`Cluster: ${describe(target)}`, () => writeContext(target.name));
        await new Listr([engine, cluster], listrOptions).run();
    } else {
        const archives: string[] = [];
        const images = step("Images", async (report) => {
            const named = imagesNamedIn(await readFile(join(projectRoot, `Pulumi.${stackName}.yaml`), "utf8"));
            archives.push(...(await buildImages(report, named)).map(({ archive }) => archive));
        });
        const cluster = step("Kubernetes", async (report) => {
            await prepareCluster(report);
            await startCluster(report);
        });
        await new Listr([engine, cluster, images], listrOptions).run();
        await new Listr(
            [step("Images into the cluster", (report) => loadImages(archives, report))],
            listrOptions,
        ).run();
    }
    await recordTarget(target);
    return made.stack!;
}

const listrOptions = {
    concurrent: true,
    rendererOptions: { showErrorMessage: true, timer: { condition: true, field: seconds } },
} as const;

function seconds(duration: number): string {
    return `${(duration / 1000).toFixed(1)} s`;
}

function step(title: string, run: (report: (message: string) => void) => Promise<void>): ListrTask {
    return {
        title,
        task: (_, task) =>
            run((message) => {
                task.output = message;
            }),
    };
}

/** The address once it answers, and what runs. */
async function showResult(stack: LocalStack): Promise<number> {
    const outputs = await outputsOf(stack);
    if (outputs === undefined) {
        throw new Error("The update succeeded and exported nothing: is index.ts intact?");
    }
    const { namespace, apps, mainApp } = outputs;
    const app = apps[mainApp]!;
    console.log(podsTable(await podsOf(namespace)));
    if (app.url === undefined) {
        console.log(`Reached from inside the cluster only: http://${app.service}.${namespace}:${app.port}`);
        return 0;
    }
    const status = await firstAnswer(app.url);
    console.log(
        status === 200 ? `\n  ${app.url}\n` : `\n  ${app.url} does not answer with 200 (${status}). See: make status\n`,
    );
    return status === 200 ? 0 : 1;
}

/** A route takes a moment to reach the Gateway's controller. */
async function firstAnswer(url: string): Promise<number | string> {
    let answer: number | string = "no answer";
    for (let attempt = 0; attempt < 60 && answer !== 200; attempt++) {
        answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).then(
            ({ status }) => status,
            (error: unknown) => String(error),
        );
        if (answer !== 200) {
            await sleep(500);
        }
    }
    return answer;
}
