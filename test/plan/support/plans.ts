// Plans for the tests: of the committed stacks, and of settings that differ from theirs.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { checkPlan, type Violation } from "../../../policy/index.ts";
import type { Service } from "../../../commands/plan/answers/recorded-cloud.ts";
import type { Plan } from "../../../commands/plan/plan.ts";
import { recordStack, runProgram } from "../../../commands/plan/record-stack.ts";
import { organization, recordPlan } from "../../../commands/plan/recorder.ts";
import { stackConfig, type StackFile } from "../../../commands/plan/stack-file.ts";
import { projectRoot } from "../../../commands/support/paths.ts";

export const project = "django-on-kubernetes";
/** The local stack, and those on a cluster that is there: what they create is in one cluster and nothing beside it. */
export const committed = ["local", "staging", "production"] as const;
export type Committed = (typeof committed)[number];

/** The sections of a stack's file, as a person writes them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a file may hold anything
export type Sections = Record<string, any>;

/** Encrypted values, which are never in a file of these tests: what an engine would have decrypted. */
export interface Secrets {
    readonly [name: string]: string | Secrets;
}

export async function sectionsOf(stack: Committed): Promise<Sections> {
    return sectionsIn(stack === "local" ? "." : "examples/stacks/existing", stack);
}

/** The sections of an example for a cloud. */
export async function exampleOf(cloud: string, stack: "staging" | "production" = "production"): Promise<Sections> {
    return sectionsIn(join("examples/stacks", cloud), stack);
}

async function sectionsIn(directory: string, stack: string): Promise<Sections> {
    const text = await readFile(join(projectRoot, directory, `Pulumi.${stack}.yaml`), "utf8");
    const { config } = parse(text) as { config: Record<string, unknown> };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(project.length + 1), value]));
}

export interface PlanOptions {
    readonly stack?: string;
    readonly preview?: boolean;
    readonly secrets?: Secrets;
    /** The sections of the stack that `platform.stack` names. */
    readonly platform?: Sections;
    /** Makes what the clouds are asked for. @default nothing is made */
    readonly service?: Service;
}

export async function planOf(
    sections: Sections,
    { stack = "test", preview = false, secrets, platform, service }: PlanOptions = {},
): Promise<Plan> {
    const file = fileOf(sections, stack);
    const read = (other: string) => Promise.resolve(fileOf(platform ?? {}, other));
    const withSecrets =
        secrets === undefined
            ? file
            : {
                  ...file,
                  config: { ...file.config, [`${project}:secrets`]: JSON.stringify(secrets) },
                  secretKeys: [...file.secretKeys, `${project}:secrets`],
              };
    return recordStack(withSecrets, stack, { preview, read, ...(service && { service }) });
}

/** @param outputs those of the stack `staging`, whose platform this one is on: it is not planned */
export async function planWithOutputs(sections: Sections, outputs: Plan["outputs"]): Promise<Plan> {
    const stacks = { [`${organization}/${project}/staging`]: outputs };
    return recordPlan({ ...fileOf(sections, "test"), stack: "test", stacks }, runProgram);
}

function fileOf(sections: Sections, stack: string): StackFile {
    const config = Object.fromEntries(Object.entries(sections).map(([name, value]) => [`${project}:${name}`, value]));
    return stackConfig(project, `Pulumi.${stack}.yaml`, { config });
}

/** The sections of a committed stack, changed. */
export async function changed(stack: Committed, change: (sections: Sections) => void): Promise<Sections> {
    const sections = await sectionsOf(stack);
    change(sections);
    return sections;
}

/** Mandatory violations as one line each, so that a failing test says what is wrong. */
export function broken(plan: Plan): string[] {
    return checkPlan(plan)
        .filter(({ level }) => level === "mandatory")
        .map(describe);
}

export function describe({ rule, name, path, found, allowed }: Violation): string {
    return `${rule} ${name} ${path}: found ${found}, allowed ${allowed}`;
}
