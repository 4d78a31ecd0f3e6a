// DigitalOcean's resources in a person's words.
import type { PolicyResource } from "../../../policy/resource.ts";
import { apiFrom } from "./gcp.ts";
import {
    componentName,
    corsOf,
    isOn,
    listAt,
    numberAt,
    shortName,
    siblings,
    textAt,
    textsAt,
    type Described,
    type Readers,
} from "./part.ts";

export const digitalocean: Readers = {
    "digitalocean:index/monitorAlert:MonitorAlert": (alert) => ({ facts: [shortName(alert)] }),
    "digitalocean:index/uptimeCheck:UptimeCheck": (check) => ({ facts: [textAt(check, "target")] }),
    "digitalocean:index/vpc:Vpc": (vpc, view) => {
        const range = textAt(vpc, "ipRange");
        const [cluster] = view.ofType("digitalocean:index/kubernetesCluster:KubernetesCluster");
        const pods = cluster && textAt(cluster, "clusterSubnet");
        const services = cluster && textAt(cluster, "serviceSubnet");
        return {
            name: componentName(vpc),
            facts: [range && `nodes and stores ${range}`, pods && `pods ${pods}`, services && `services ${services}`],
            at: range,
            ...(range !== undefined && { storeRanges: [range] }),
        };
    },
    "digitalocean:index/kubernetesCluster:KubernetesCluster": (cluster) => {
        const version = textAt(cluster, "version");
        return {
            name: textAt(cluster, "name") ?? componentName(cluster),
            facts: [
                version && `version ${version}`,
                isOn(cluster, "ha") ? "control plane of three" : "one control plane",
                apiFrom(
                    false,
                    isOn(cluster, "controlPlaneFirewall.enabled")
                        ? textsAt(cluster, "controlPlaneFirewall.allowedAddresses")
                        : [],
                ),
                // Every DOKS cluster has it.
                "NetworkPolicy by Cilium",
            ],
        };
    },
    "digitalocean:index/kubernetesNodePool:KubernetesNodePool": (pool) => nodes(pool, ""),
    "digitalocean:index/databaseCluster:DatabaseCluster": (cluster, view) => {
        const isPostgres = textAt(cluster, "engine") === "pg";
        const mebibytes = numberAt(cluster, "storageSizeMib");
        const count = numberAt(cluster, "nodeCount") ?? 1;
        const [pool] = siblings(view, cluster, "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool");
        const connections = pool && numberAt(pool, "size");
        return {
            name: componentName(cluster),
            facts: [
                `${isPostgres ? "PostgreSQL" : "Valkey"} ${textAt(cluster, "version") ?? ""}`.trim(),
                textAt(cluster, "size"),
                mebibytes !== undefined && `${Math.round(mebibytes / 1024)} GiB`,
                isOn(cluster, "storageAutoscale.enabled") && "disk grows",
                count > 1 ? `${count} nodes` : "one node",
                isPostgres && "backups of 7 days",
                connections !== undefined && `PgBouncer of ${connections}`,
            ],
        };
    },
    "digitalocean:index/databaseReplica:DatabaseReplica": (replica) => ({
        name: replica.name,
        facts: ["read replica", textAt(replica, "size")],
    }),
    "digitalocean:index/spacesBucket:SpacesBucket": (bucket, view) => {
        const own = (type: string): PolicyResource | undefined =>
            siblings(view, bucket, type).find(({ dependencies }) => dependencies.includes(bucket.urn));
        const cors = own("digitalocean:index/spacesBucketCorsConfiguration:SpacesBucketCorsConfiguration");
        const origins =
            cors === undefined
                ? []
                : listAt(cors, "corsRules").flatMap((rule) => {
                      const { allowedOrigins } = (rule ?? {}) as { readonly allowedOrigins?: unknown };
                      return Array.isArray(allowedOrigins)
                          ? allowedOrigins.filter((origin) => typeof origin === "string")
                          : [];
                  });
        // What a CDN serves, each file says of itself; nobody may list them all the same.
        const isServed = cors !== undefined && siblings(view, bucket, "digitalocean:index/cdn:Cdn").length > 0;
        const access =
            textAt(bucket, "acl") !== "private" ? "public" : isServed ? "files public, list private" : "private";
        return {
            facts: [access, corsOf(origins), isOn(bucket, "versioning.enabled") && "versions"],
        };
    },
    "digitalocean:index/cdn:Cdn": (cdn) => {
        const host = textAt(cdn, "customDomain");
        return { name: "cdn", facts: [host ?? "a host of the CDN's"], at: host };
    },
    "digitalocean:index/domain:Domain": (domain) => ({
        name: componentName(domain),
        facts: [textAt(domain, "name")],
        at: textAt(domain, "name"),
    }),
    "digitalocean:index/certificate:Certificate": (certificate) => {
        const domains = textsAt(certificate, "domains");
        return { facts: [domains.join(" ")], at: domains[0] };
    },
    "digitalocean:index/containerRegistry:ContainerRegistry": (registry) => {
        const tier = textAt(registry, "subscriptionTierSlug");
        return {
            name: textAt(registry, "name") ?? componentName(registry),
            facts: [tier && `tier ${tier}`],
        };
    },
};

/** Its first pool is a part of the cluster's own resource. */
export function firstPool(cluster: PolicyResource): readonly Described[] {
    return cluster.props["nodePool"] === undefined ? [] : [nodes(cluster, "nodePool.")];
}

function nodes(resource: PolicyResource, at: string): Described {
    const fixed = numberAt(resource, `${at}nodeCount`);
    return {
        role: "nodes",
        product: textAt(resource, `${at}size`) ?? "nodes",
        name: textAt(resource, `${at}name`) ?? shortName(resource).replace(/^pool-/, ""),
        count: {
            min: numberAt(resource, `${at}minNodes`) ?? fixed ?? 0,
            max: numberAt(resource, `${at}maxNodes`) ?? fixed ?? 0,
        },
        facts: [],
    };
}
