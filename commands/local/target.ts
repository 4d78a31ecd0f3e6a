// The cluster that `make up` puts stacks on: a context that the user names, or the embedded one.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import { join } from "node:path";
import { kubeconfigPath, localDir } from "../support/paths.ts";

export type Target = { readonly kind: "embedded" } | { readonly kind: "context"; readonly name: string };

/** Remembers where the stacks of this checkout are, so that a later command never looks for it in another cluster. */
const recordPath = join(localDir, "target.yaml");

export async function recordedTarget(): Promise<Target | undefined> {
    const text = await readFile(recordPath, "utf8").catch(() => undefined);
    return text === undefined ? undefined : (parse(text) as Target);
}

export async function recordTarget(target: Target): Promise<void> {
    await mkdir(localDir, { recursive: true });
    await writeFile(recordPath, stringify(target));
}

export async function forgetTarget(): Promise<void> {
    await rm(recordPath, { force: true });
    await rm(kubeconfigPath, { force: true });
}

/**
 * @param context what the user named, if anything; the current context is never used by itself
 * @throws when stacks of this checkout are on another cluster already
 */
export async function chooseTarget(context: string | undefined): Promise<Target> {
    const wanted: Target = context === undefined ? { kind: "embedded" } : { kind: "context", name: context };
    const recorded = await recordedTarget();
    if (recorded === undefined) {
        return wanted;
    }
    if (context !== undefined && describe(recorded) !== describe(wanted)) {
        throw new Error(
            `The stacks of this checkout are on ${describe(recorded)}. Take them down first (make down), then: make up CONTEXT=${context}`,
        );
    }
    return recorded;
}

export function describe(target: Target): string {
    return target.kind === "embedded" ? "the embedded cluster" : `the context ${target.name}`;
}

/**
 * Writes the kubeconfig that Pulumi.local.yaml names, with the user's context in it under the name `local`.
 *
 * @throws when the user's kubeconfig has no such context
 */
export async function writeContext(name: string): Promise<void> {
    const config = new KubeConfig();
    config.loadFromDefault();
    const context = config.getContextObject(name);
    const cluster = context && config.getCluster(context.cluster);
    const user = context && config.getUser(context.user);
    if (!context || !cluster || !user) {
        const known = config.getContexts().map((each) => each.name);
        throw new Error(
            `There is no usable context "${name}" in your kubeconfig. Allowed: ${known.join(", ") || "none yet"}.`,
        );
    }
    const single = new KubeConfig();
    single.loadFromOptions({
        clusters: [cluster],
        users: [user],
        contexts: [{ ...context, name: "local" }],
        currentContext: "local",
    });
    await mkdir(localDir, { recursive: true });
    await writeFile(kubeconfigPath, single.exportConfig(), { mode: 0o600 });
}
