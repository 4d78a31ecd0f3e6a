// Draws docs/images/*.svg anew from the plans of the stacks that they show: `node commands/docs/pictures.ts`.
// With `--check` it writes nothing, and ends with 1 when one is out of date.
import { join } from "node:path";
import { drawPicture } from "../plan/picture.ts";
import type { Plan } from "../plan/plan.ts";
import { recordStack } from "../plan/record-stack.ts";
import { readStackFile } from "../plan/stack-file.ts";
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
    k3s: () => planOf("production", example("k3s")),
    "gke-autopilot": () => planOf("production", example("gke-autopilot")),
    "eks-adopted": () => planOf("production", example("eks-adopted")),
    "doks-rabbitmq": () => planOf("production", example("doks-rabbitmq")),
    ephemeral: () => planOf("preview", example("pull-request")),
};

function example(name: string): string {
    return join(projectRoot, "examples/stacks", name);
}

async function planOf(stack: string, directory: string): Promise<Plan> {
    return recordStack(await readStackFile(stack, directory), stack, {
        read: (other) => readStackFile(other, directory),
    });
}

for (const [name, plan] of Object.entries(pictures)) {
    await generate(join(projectRoot, "docs/images", `${name}.svg`), drawPicture(topologyOf(await plan())));
}
