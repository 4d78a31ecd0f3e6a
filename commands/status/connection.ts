// The cluster of a stack that is in a cloud, as the stack's outputs lead to it; what asks for a token is a tool of the cloud's.
import { KubeConfig } from "@kubernetes/client-node";

export interface StackConnection {
    /** A kubeconfig, or the path of one. @default the user's own */
    readonly kubeconfig?: string;
    readonly context?: string;
}

/** @throws when the kubeconfig has no such context */
export function configFor({ kubeconfig, context }: StackConnection): KubeConfig {
    const config = new KubeConfig();
    if (kubeconfig === undefined) {
        config.loadFromDefault();
    } else if (kubeconfig.includes("\n") || kubeconfig.trimStart().startsWith("{")) {
        config.loadFromString(kubeconfig);
    } else {
        config.loadFromFile(kubeconfig);
    }
    if (context !== undefined) {
        if (config.getContextObject(context) === null) {
            const known = config.getContexts().map(({ name }) => name);
            throw new Error(`The kubeconfig has no context "${context}". Allowed: ${known.join(", ") || "none yet"}.`);
        }
        config.setCurrentContext(context);
    }
    return config;
}
