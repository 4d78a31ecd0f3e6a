// Where a stack is: which cluster, which namespace.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { KubeConfig } from "@kubernetes/client-node";
import { deployedOutputs } from "../local/deployed.ts";
import { stackNames } from "../local/stack.ts";
import { recordedTarget } from "../local/target.ts";
import { kubeconfigPath } from "../support/paths.ts";

export interface Place {
    readonly config: KubeConfig;
    readonly namespace: string;
    /** The app whose name the shared stores have; undefined where nobody says. */
    readonly mainApp: string | undefined;
}

export interface PlaceOptions {
    readonly stack: string;
    /** Of the user's kubeconfig. @default the local stack's; of another stack it has to be named */
    readonly context: string | undefined;
    /** @default as the stack's outputs say */
    readonly namespace: string | undefined;
}

/** @throws with what to name */
export async function placeOf({ stack, context, namespace }: PlaceOptions): Promise<Place> {
    if (context === undefined && (await recordedTarget()) !== undefined) {
        if ((await stackNames((text) => console.error(text))).includes(stack)) {
            const outputs = await deployedOutputs(stack);
            const config = new KubeConfig();
            config.loadFromFile(kubeconfigPath);
            return { config, namespace: namespace ?? outputs.namespace, mainApp: outputs.mainApp };
        }
    }
    const config = new KubeConfig();
    config.loadFromDefault();
    const known = config.getContexts().map(({ name }) => name);
    if (context === undefined || !known.includes(context)) {
        throw new Error(
            `Which cluster the stack ${stack} is on: name a context of your kubeconfig with CONTEXT=. Allowed: ${known.join(", ") || "none yet"}.`,
        );
    }
    config.setCurrentContext(context);
    if (namespace !== undefined) {
        return { config, namespace, mainApp: undefined };
    }
    const outputs = await outputsOfPulumi(stack);
    return { config, namespace: outputs.namespace, mainApp: outputs.mainApp };
}

async function outputsOfPulumi(stack: string): Promise<{ readonly namespace: string; readonly mainApp: string }> {
    try {
        const args = ["stack", "output", "--json", "--stack", stack, "--non-interactive"];
        const { stdout } = await promisify(execFile)("pulumi", args, { maxBuffer: 100_000_000 });
        const outputs = JSON.parse(stdout) as { readonly namespace?: string; readonly mainApp?: string };
        if (outputs.namespace === undefined || outputs.mainApp === undefined) {
            throw new Error("nothing is deployed");
        }
        return { namespace: outputs.namespace, mainApp: outputs.mainApp };
    } catch (error) {
        throw new Error(
            `The outputs of the stack ${stack} could not be read (pulumi stack output): name its namespace with NAMESPACE=, and its app with APP=.`,
            { cause: error },
        );
    }
}
