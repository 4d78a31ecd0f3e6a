// Access to the cluster: everything about kubeconfigs (files, tokens, certificates, exec plugins, proxies) is the
// official client's work. Loading it takes longer than all the rest, so this file is only ever imported by a call that
// needs the cluster; and it imports KubeConfig by name, so that a bundle leaves the generated classes out.
import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { homedir } from "node:os";
import { KubeConfig, type Cluster } from "@kubernetes/client-node";
import type { Configuration } from "./configuration.ts";

export type ClusterChoice = Pick<Configuration, "kubeconfig" | "context" | "cluster">;

/** What the client assumes where it finds no configuration at all. */
const nothingFound = "http://localhost:8080";

/** Throws if there is no such file, it cannot be parsed, or it lacks the context. */
export function loadKubeConfig(choice: ClusterChoice): KubeConfig {
    const config = new KubeConfig();
    if (choice.kubeconfig === undefined) {
        config.loadFromDefault();
    } else if (choice.kubeconfig.includes("\n") || choice.kubeconfig.trimStart().startsWith("{")) {
        config.loadFromString(choice.kubeconfig);
    } else {
        const path = kubeconfigPath(choice.kubeconfig);
        if (!existsSync(path)) {
            throw new Error(`the kubeconfig ${path} does not exist`);
        }
        config.loadFromFile(path);
    }
    if (choice.context !== undefined) {
        const names = config.contexts.map((context) => context.name);
        if (!names.includes(choice.context)) {
            throw new Error(`the kubeconfig has no context ${choice.context}; it has ${names.join(", ") || "none"}`);
        }
        config.setCurrentContext(choice.context);
    }
    if (choice.cluster !== undefined) {
        const context = config.getContextObject(config.currentContext);
        if (context !== null) {
            // The client's types are read-only; an override of the cluster is a context of its own.
            config.contexts = [{ ...context, name: `${context.name}/${choice.cluster}`, cluster: choice.cluster }];
            config.setCurrentContext(`${context.name}/${choice.cluster}`);
        }
    }
    if (choice.kubeconfig === undefined && config.getCurrentCluster()?.server === nothingFound) {
        throw new Error("KUBECONFIG is not set, there is no ~/.kube/config, and this is no pod of a cluster");
    }
    if (config.getCurrentCluster() === null) {
        throw new Error(`the kubeconfig's context ${config.currentContext || "(none is current)"} names no cluster`);
    }
    return config;
}

/** Two configurations with the same text reach the same cluster. */
export function activeClusterText(choice: ClusterChoice): string | undefined {
    try {
        const cluster = loadKubeConfig(choice).getCurrentCluster() as Cluster;
        const { name: _name, ...identity } = cluster;
        return JSON.stringify(identity);
    } catch {
        // Not readable is not evidence of another cluster; configure() says what is wrong with it.
        return undefined;
    }
}

function kubeconfigPath(text: string): string {
    if (text.startsWith("~/")) {
        return resolve(homedir(), text.slice(2));
    }
    return isAbsolute(text) ? text : resolve(text);
}
