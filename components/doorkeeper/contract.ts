// What a doorkeeper is told of an environment.
import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Labels } from "../../lib/labels.ts";

/** A workload that has no pods while the environment sleeps. */
export interface Sleeper {
    /** As the API's paths have it. */
    readonly kind: "deployments" | "statefulsets";
    readonly name: string;
    /** Its fewest pods while the environment is awake. */
    readonly replicas: number;
    /** Stores are started before apps, and stop after them. */
    readonly stage: "store" | "app";
}

/** An app whose web pods it stands in for. */
export interface Guarded {
    readonly name: string;
    /** A request for another host wakes nobody. */
    readonly hosts: readonly string[];
    /** What load balancers and probes ask for: answered, and no request. */
    readonly probes: readonly string[];
    /** At which the web pods listen. */
    readonly port: number;
    /** What selects the web pods. */
    readonly webPods: Labels;
    /** The Deployment of the web pods, and the container whose log has a line for each request. */
    readonly webName: string;
    readonly webContainer: string;
    /** That has `python` in it: the app's own, which the nodes have anyway. */
    readonly image: string;
    readonly runAs: { readonly user: number; readonly group: number };
    readonly imagePullSecrets: readonly core.v1.LocalObjectReference[];
}

/** Where APIs of Kubernetes listen: those of clouds, kubeadm and k3s, minikube, MicroK8s. */
export const apiPorts = [443, 6443, 8443, 16443] as const;
