// Draws docs/images/*.svg anew from the plans of the stacks that they show: `node commands/docs/pictures.ts`.
// With `--check` it writes nothing, and ends with 1 when one is out of date.
import { join } from "node:path";
import { drawPicture } from "../plan/picture.ts";
import type { Plan } from "../plan/plan.ts";
import { recordStack } from "../plan/record-stack.ts";
import { readStackFile, type StackFile } from "../plan/stack-file.ts";
import { topologyOf } from "../plan/topology.ts";
import { projectRoot } from "../support/paths.ts";
import { generate } from "./generated.ts";

/** By the name of the picture's file. */
const pictures: Readonly<Record<string, () => Promise<Plan>>> = {
    local: () => planOf("local", projectRoot),
    gke: () => planOf("production", example("gcp")),
    eks: () => planOf("production", example("aws")),
    doks: () => planOf("production", example("digitalocean")),
    mixed: () => planOf("production", example("mixed")),
    ephemeral,
};

function example(name: string): string {
    return join(projectRoot, "examples/stacks", name);
}

async function planOf(stack: string, directory: string): Promise<Plan> {
    return recordStack(await readStackFile(stack, directory), stack, {
        read: (other) => readStackFile(other, directory),
    });
}

/** A pull request's environment on staging's cluster: its app, with staging's Gateway and database server. */
async function ephemeral(): Promise<Plan> {
    const staging = await readStackFile("staging", example("gcp"));
    const lends = sectionOf(staging, "lends") as { readonly domain: string };
    const lender = changed(staging, { lends: { ...lends, database: true } });
    const [app] = sectionOf(staging, "apps") as ReadonlyArray<object>;
    const file = changed(
        { ...staging, config: withoutSection(staging, "lends") },
        {
            environment: { kind: "ephemeral" },
            platform: { variant: "stack", stack: "staging" },
            apps: [{ ...app, hosts: [`pr-1.${lends.domain}`] }],
            database: { variant: "platform" },
            assets: { variant: "whitenoise" },
            exposure: { variant: "platform" },
        },
    );
    return recordStack(file, "pr-1", { read: async () => lender });
}

function sectionOf({ project, config }: StackFile, name: string): unknown {
    return JSON.parse(config[`${project}:${name}`] ?? "null");
}

function changed(file: StackFile, sections: Readonly<Record<string, unknown>>): StackFile {
    const texts = Object.entries(sections).map(
        ([name, value]) => [`${file.project}:${name}`, JSON.stringify(value)] as const,
    );
    return { ...file, config: { ...file.config, ...Object.fromEntries(texts) } };
}

function withoutSection({ project, config }: StackFile, name: string): Record<string, string> {
    return Object.fromEntries(Object.entries(config).filter(([key]) => key !== `${project}:${name}`));
}

for (const [name, plan] of Object.entries(pictures)) {
    await generate(join(projectRoot, "docs/images", `${name}.svg`), drawPicture(topologyOf(await plan())));
}
