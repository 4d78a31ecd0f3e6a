// Stacks on this machine, run by the real engine on a file backend in this checkout.
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ensureEngine, localBackend, runPulumi, type Engine } from "./lab.ts";
import { kubeconfigPath, localDir, projectRoot } from "../support/paths.ts";
import type { Report } from "../support/report.ts";
import type { AppOutputs, StackOutputs } from "../../stacks/outputs.ts";
import { readStackFile } from "../plan/stack-file.ts";
import type { StackConnection } from "../status/connection.ts";

/** The stack of whoever names none. */
export const defaultStack = "local";

/** What the stack exported, as JSON: every Output is its value. */
export type LocalOutputs = Pick<StackOutputs, "environment" | "mainApp" | "backups"> & {
    readonly namespace: string;
    readonly platform?: { readonly connection: StackConnection };
    readonly apps: Readonly<Record<string, Omit<AppOutputs, "service"> & { readonly service: string }>>;
};

export interface LocalStack {
    readonly name: string;
    readonly engine: Engine;
    /** @param args for example ["up", "--yes"]; the stack is added */
    run(
        args: readonly string[],
        stdio: "inherit" | "pipe",
    ): Promise<{ readonly exitCode: number; readonly output: string }>;
}

export async function openStack(name: string, report: Report): Promise<LocalStack> {
    const engine = await ensureEngine(report);
    const env = localBackend();
    const stack: LocalStack = {
        name,
        engine,
        async run(args, stdio) {
            const { exitCode, stdout, stderr } = await runPulumi([...args, "--stack", name, "--non-interactive"], {
                engine,
                cwd: projectRoot,
                env,
                stdio,
            });
            return { exitCode: exitCode ?? 1, output: [stdout, stderr].filter(Boolean).join("\n") };
        },
    };
    const select = ["stack", "select", "--create", name, "--non-interactive"];
    const selected = await runPulumi(select, { engine, cwd: projectRoot, env, stdio: "pipe" });
    if (selected.exitCode !== 0) {
        throw new Error(`The stack ${name} could not be made:\n${selected.stderr}`);
    }
    return stack;
}

/** The stacks that this checkout's backend knows. */
export async function stackNames(report: Report): Promise<string[]> {
    const engine = await ensureEngine(report);
    const { exitCode, stdout, stderr } = await runPulumi(["stack", "ls", "--json", "--non-interactive"], {
        engine,
        cwd: projectRoot,
        env: localBackend(),
        stdio: "pipe",
    });
    if (exitCode !== 0) {
        throw new Error(`The stacks of this checkout could not be listed:\n${stderr}`);
    }
    return (JSON.parse(stdout ?? "[]") as { name: string }[]).map(({ name }) => name.split("/").at(-1)!);
}

/** @returns undefined while nothing is deployed */
export async function outputsOf(stack: LocalStack): Promise<LocalOutputs | undefined> {
    const { exitCode, output } = await stack.run(["stack", "output", "--json"], "pipe");
    if (exitCode !== 0) {
        throw new Error(`The stack's outputs could not be read:\n${output}`);
    }
    const outputs = JSON.parse(output) as Partial<LocalOutputs>;
    return outputs.apps === undefined ? undefined : (outputs as LocalOutputs);
}

/** Forgets the stacks that were deployed: for when the cluster they were on is gone. */
export async function forgetStacks(): Promise<void> {
    await rm(join(localDir, "pulumi"), { recursive: true, force: true });
}

export interface StackNeeds {
    /** The images that the stack's file names, each once. */
    readonly images: readonly string[];
}

/**
 * What a stack's file asks of this machine.
 *
 * @throws when its cluster is not the one that `make up` makes
 */
export async function needsOf(name: string): Promise<StackNeeds> {
    const { sections, here, variant } = await placed(name);
    if (!here) {
        throw new Error(
            `Pulumi.${name}.yaml puts its stack elsewhere (platform.variant ${JSON.stringify(variant ?? "not set")}): that is pulumi up -s ${name}. ` +
                "Here run stacks with platform: { variant: existing, kubeconfig: .local/kubeconfig, context: local }, as in Pulumi.local.yaml.",
        );
    }
    return { images: [...new Set(imagesIn(sections))] };
}

/** Whether a stack's file puts it on the cluster that `make up` makes. */
export async function isHere(name: string): Promise<boolean> {
    return (await placed(name)).here;
}

async function placed(name: string) {
    const { project, config } = await readStackFile(name);
    const sections = Object.fromEntries(
        Object.entries(config).flatMap(([key, text]) => {
            try {
                return [[key.replace(`${project}:`, ""), JSON.parse(text) as unknown] as const];
            } catch {
                return [];
            }
        }),
    );
    const platform = (sections["platform"] ?? {}) as Readonly<Record<string, unknown>>;
    const { variant, kubeconfig } = platform;
    const here =
        variant === "existing" && typeof kubeconfig === "string" && resolve(projectRoot, kubeconfig) === kubeconfigPath;
    return { sections, here, variant };
}

/** The values of all keys `image`, however deep. */
function imagesIn(value: unknown): string[] {
    if (value === null || typeof value !== "object") {
        return [];
    }
    return Object.entries(value).flatMap(([key, each]) =>
        key === "image" && typeof each === "string" ? [each] : imagesIn(each),
    );
}
