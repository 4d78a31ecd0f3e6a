// What DigitalOcean's resources cost at idle.
import type { PolicyResource } from "../../../policy/resource.ts";
import { isOn, numberAt, textAt } from "../topology/part.ts";
import { several, type CloudCosts, type Cost } from "./charge.ts";

export const digitalocean: CloudCosts = {
    readers: {
        "digitalocean:index/kubernetesCluster:KubernetesCluster": (cluster) => [
            ...(isOn(cluster, "ha") ? [{ item: "control plane of three", asked: "high availability" }] : []),
            ...(cluster.props["nodePool"] === undefined ? [] : nodes(cluster, "nodePool.")),
        ],
        "digitalocean:index/kubernetesNodePool:KubernetesNodePool": (pool) => nodes(pool, ""),
        "digitalocean:index/databaseCluster:DatabaseCluster": (cluster) => {
            const engine = textAt(cluster, "engine") ?? "";
            const size = textAt(cluster, "size") ?? "";
            const count = numberAt(cluster, "nodeCount") ?? 1;
            const item = `${engine === "pg" ? "database" : "cache"} of ${several(count, `nodes ${size}`)}`;
            return [
                { item, asked: `${engine} ${size}`, times: count },
                ...(cluster.props["storageSizeMib"] === undefined
                    ? []
                    : [{ unpriced: "the database's storage beyond its size's own" }]),
            ];
        },
        "digitalocean:index/databaseReplica:DatabaseReplica": (replica) => {
            const size = textAt(replica, "size") ?? "";
            return [{ item: `read replica ${size}`, asked: `pg ${size}` }];
        },
        "digitalocean:index/spacesBucket:SpacesBucket": (bucket, { view }) =>
            // One subscription for all of an account.
            bucket === view.ofType(bucket.type)[0] ? [{ item: "Spaces", asked: "subscription" }] : [],
        "digitalocean:index/containerRegistry:ContainerRegistry": (registry) => [
            { item: "registry", asked: textAt(registry, "subscriptionTierSlug") ?? "" },
        ],
        "digitalocean:index/uptimeCheck:UptimeCheck": () => [{ item: "checks of hosts", asked: "check" }],
    },
    balancer: () => [{ item: "load balancer", service: "Load Balancers", asked: "network load balancer" }],
    volumes: (gibibytes) => [
        { item: "volumes", service: "Volumes Block Storage", asked: "gibibyte", times: gibibytes },
    ],
};

function nodes(resource: PolicyResource, at: string): Cost[] {
    const size = textAt(resource, `${at}size`) ?? "nodes";
    const count = numberAt(resource, `${at}minNodes`) ?? numberAt(resource, `${at}nodeCount`) ?? 0;
    return count === 0 ? [] : [{ item: `nodes ${size}`, asked: size, times: count, count, service: "Droplets" }];
}
