// A network on AWS without a way to the internet: what nodes and controllers reach AWS by, and where their images are.
import type { PlatformSettings } from "../../platform.ts";
import { setCommand, type Problem } from "../../problems.ts";
import { advice, contradiction } from "../contradiction.ts";

type AwsPlatform = PlatformSettings & { variant: "aws" };
type NewNetwork = Extract<AwsPlatform["network"], { variant: "create" }>;
type Service = NewNetwork["endpoints"][number];

/**
 * Services of AWS without which nodes and pods of these settings do not come up, and what for. S3's endpoint is always made.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
 */
function neededServices({ cluster, gateway, logs }: AwsPlatform): ReadonlyMap<Service, string> {
    const isManaged = cluster.variant === "create" && cluster.nodes.variant === "managed";
    return new Map<Service, string>([
        ["ec2", "nodes and volumes"],
        ["ecr.api", "images"],
        ["ecr.dkr", "images"],
        ["eks", "nodes that join"],
        ["eks-auth", "Pod Identity"],
        ["sts", "roles"],
        ...(isManaged ? ([["autoscaling", "the cluster autoscaler"]] as const) : []),
        ...(gateway.variant === "install" ? ([["elasticloadbalancing", "load balancers"]] as const) : []),
        ...(logs.containers === undefined
            ? []
            : ([
                  ["logs", "logs.containers"],
                  ["monitoring", "logs.containers"],
              ] as const)),
    ]);
}

function closedNetwork(platform: PlatformSettings): NewNetwork | undefined {
    return platform.variant === "aws" && platform.network.variant === "create" && platform.network.nat === "none"
        ? platform.network
        : undefined;
}

/** Without one of them the first `up` stops after half an hour, at nodes or add-ons that never get ready. */
export const missingEndpoints = contradiction(["platform"], ({ platform }): Problem[] => {
    const network = closedNetwork(platform);
    if (network === undefined || platform.variant !== "aws") {
        return [];
    }
    const { endpoints } = network;
    const missing = [...neededServices(platform)].filter(([service]) => !endpoints.includes(service));
    if (missing.length === 0) {
        return [];
    }
    const path = "platform.network.endpoints";
    return [
        {
            path,
            found: `${JSON.stringify(endpoints)} with nat none: nothing leads to ${missing.map(([service, use]) => `${service} (${use})`).join(", ")}`,
            allowed: `with nat none ${[...neededServices(platform).keys()].join(", ")}; or nat single or perZone`,
            fix: missing
                .map(([service], index) => setCommand(`${path}[${endpoints.length + index}]`, service))
                .join(" && "),
        },
    ];
});

/** What comes from charts is on public registries; add-ons of EKS are in the region's own. */
export const imagesOutOfReach = advice(["platform"], ({ platform }): Problem[] => {
    if (closedNetwork(platform) === undefined || platform.variant !== "aws") {
        return [];
    }
    const { cluster, gateway, dns } = platform;
    const outside = [
        ...(gateway.variant === "install" && gateway.native?.["image"] === undefined
            ? ["the load balancer controller (public.ecr.aws)"]
            : []),
        ...(gateway.variant !== "none" && dns.variant !== "none" && dns.hostRecords
            ? ["ExternalDNS (registry.k8s.io, and Route 53 itself)"]
            : []),
        ...(cluster.variant === "create" && cluster.nodes.variant === "managed"
            ? ["the cluster autoscaler (registry.k8s.io)"]
            : []),
    ];
    return outside.length === 0
        ? []
        : [
              {
                  path: "platform.network.nat",
                  found: `"none", and ${outside.join(", ")}`,
                  allowed:
                      "single or perZone; or none, where a way of yours leads to these registries, or nothing is installed from them",
                  fix: setCommand("platform.network.nat", "single"),
              },
          ];
});
