// Kinds that a cloud puts into a cluster of its own accord, some time after the cluster is there.
import { tokensWith } from "../lib/catalogue/index.ts";
import type { PlanView } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";
import { rule, type Rule } from "./rule.ts";
import { TeardownGraph } from "./teardown.ts";

/** The Gateway API, and what GKE adds to it: GKE and DOKS bring the definitions themselves. */
const given = /^kubernetes:(gateway\.networking\.k8s\.io|networking\.gke\.io)\//;

const givers = tokensWith(({ role }) => role === "cluster").filter((type) => /^(gcp|digitalocean):/.test(type));

export const kindRules: readonly Rule[] = [
    rule("R111", "objects whose kind the cloud brings wait for a Job that ran on the new cluster", function* (view) {
        const graph = new TeardownGraph(view);
        const jobs = view.ofType("kubernetes:batch/v1:Job");
        for (const cluster of givers.flatMap((type) => view.ofType(type))) {
            for (const resource of objectsOn(view, graph, cluster)) {
                if (!jobs.some((job) => graph.isDeletedBefore(resource, job))) {
                    yield {
                        resource,
                        path: "dependencies",
                        found: `it is made as soon as ${cluster.name} is there`,
                        allowed: "made after the Job of a release, on nodes that run",
                        fix: "let it depend on one: the definition of its kind comes after the cluster, and until then the kind is unknown",
                    };
                }
            }
        }
    }),
];

/** Of the cluster that the stack makes, not of others. */
function objectsOn(view: PlanView, graph: TeardownGraph, cluster: PolicyResource): PolicyResource[] {
    return view.resources.filter((resource) => given.test(resource.type) && graph.isDeletedBefore(resource, cluster));
}
