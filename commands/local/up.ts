// `make up`: the plan at once, then engine, cluster and images side by side, then `pulumi up`, then what runs.
import { Listr, type ListrTask } from "listr2";
import {
    buildImages,
    imagesNamedIn,
    loadImages,
    loadedImages,
    machineMakesImages,
    machineRunsCluster,
    prepareCluster,
    startCluster,
} from "./lab.ts";
import { showPlan } from "../plan/show.ts";
import { podsOf } from "./cluster-client.ts";
import { podsTable } from "./pods-table.ts";
import { makeWith } from "./make.ts";
import { firstAnswer, serves } from "./answer.ts";
import { needsOf, openStack, outputsOf, type LocalStack } from "./stack.ts";
import { chooseTarget, describe, recordTarget, writeContext, type Target } from "./target.ts";

export interface UpOptions {
    readonly stack: string;
    /** A context of the user's kubeconfig. @default the embedded cluster */
    readonly context: string | undefined;
}

/** @returns the exit code */
export async function up({ stack: name, context }: UpOptions): Promise<number> {
    const plan = await showPlan(name);
    if (!plan.ok) {
        return 1;
    }
    const target = await chooseTarget(context);
    if (target.kind === "embedded") {
        const missing = [machineRunsCluster(), machineMakesImages()].find(({ ok }) => !ok);
        if (missing !== undefined && !missing.ok) {
            console.log(
                `\nThat is the plan. To run it: ${missing.reason}. ${missing.fix}\nOr name a cluster: ${makeWith("up", name)} CONTEXT=kind-dev`,
            );
            return 1;
        }
    }
    const stack = await prepare(name, target);
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
export async function prepare(name: string, target: Target): Promise<LocalStack> {
    const made: { stack?: LocalStack } = {};
    const { images: named } = await needsOf(name);
    const engine = step("Pulumi engine", async (report) => {
        made.stack = await openStack(name, report);
    });
    if (target.kind === "context") {
        const cluster = step(`Cluster: ${describe(target)}`, () => writeContext(target.name));
        await new Listr([engine, cluster], listrOptions).run();
    } else {
        const archives: string[] = [];
        const images = step("Images", async (report) => {
            const ours = imagesNamedIn(named.join("\n"));
            archives.push(...(await buildImages(report, ours)).map(({ archive }) => archive));
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
        await checkImages(name, named);
    }
    await recordTarget(target);
    return made.stack!;
}

/** No registry has them, so a pod would wait for what cannot be pulled. */
async function checkImages(stack: string, named: readonly string[]): Promise<void> {
    const loaded = await loadedImages();
    const missing = named.filter((image) => image.startsWith("localhost/") && !loaded.has(image));
    if (missing.length > 0) {
        throw new Error(
            `Pulumi.${stack}.yaml names ${missing.join(", ")}, which the embedded cluster does not have (make down removes images with it). ` +
                `Make it again: make image APP=<its folder> STACK=${stack}`,
        );
    }
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
        serves(status)
            ? `\n  ${app.url}\n`
            : `\n  ${app.url} does not serve a page (${status}). See: ${makeWith("status", stack.name)}\n`,
    );
    return serves(status) ? 0 : 1;
}
