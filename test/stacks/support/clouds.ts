// Environments in a cloud: the platform with everything optional, and the same with as little as there can be.
import { withSettings, type Change } from "../../support/settings.ts";
import { inCluster, shop, type Sections } from "./stack.ts";

export const clouds = {
    gcp: { project: "example-shop", region: "europe-west1" },
    aws: { account: "123456789012", region: "eu-central-1" },
    digitalocean: { region: "fra1" },
};

/** A second app, so that what is per app is told from what is shared. */
export const blog = { ...shop, name: "blog", hosts: ["blog.shop.example.org"] };

const twoApps: readonly Change[] = [
    ["clouds", clouds],
    ["environment.mainApp", "shop"],
    ["apps[1]", blog],
];

const awsPlatform = {
    variant: "aws",
    network: { variant: "create", range: "10.40.0.0/16", zones: ["a", "b"], nat: "perZone", endpoints: ["ecr.api"] },
    cluster: {
        variant: "create",
        version: "1.36",
        admins: ["arn:aws:iam::123456789012:role/deploy"],
        apiAccess: { cidrs: ["203.0.113.0/24"] },
        serviceRange: "172.21.0.0/16",
        addonVersions: { "vpc-cni": "v1.20.1-eksbuild.3" },
        nodes: {
            variant: "managed",
            groups: {
                one: { architecture: "arm64", min: 1, max: 3, native: { updateConfig: { maxUnavailable: 2 } } },
                two: { instanceTypes: ["m5.large"], min: 0, max: 2 },
            },
        },
    },
    registry: { variant: "create", repositories: ["shop"], keepImages: 77 },
    dns: {
        variant: "create",
        domain: "shop.example.org",
        parentZone: "Z0123456789ABCDEFGHIJ",
        dnssec: true,
        certificateAuthorities: ["amazon.com"],
    },
    gateway: { variant: "install", attributes: { "idle_timeout.timeout_seconds": "99" }, native: { replicaCount: 3 } },
    logs: { controlPlaneDays: 30, containers: { days: 14 }, flow: { traffic: "ALL", days: 7 } },
    native: {
        network: { enableNetworkAddressUsageMetrics: true },
        cluster: { upgradePolicy: { supportType: "EXTENDED" } },
        registry: { imageTagMutability: "MUTABLE" },
        dns: { comment: "native" },
        keys: { multiRegion: true },
    },
};

export function onAws(...changes: readonly Change[]): Sections {
    return withSettings(inCluster(...twoApps, ["platform", awsPlatform]), changes);
}

const gcpPlatform = {
    variant: "gcp",
    apis: { variant: "create", additional: ["pubsub.googleapis.com"] },
    network: {
        variant: "create",
        ranges: {
            nodes: "10.10.0.0/20",
            pods: "10.12.0.0/14",
            services: "10.16.0.0/20",
            privateServices: "10.17.0.0/16",
        },
        flowLogSampling: 0.3,
        outgoingAddresses: ["one"],
        native: { network: { description: "n" }, subnetwork: { description: "s" }, nat: { minPortsPerVm: 99 } },
    },
    cluster: {
        variant: "create",
        apiAccess: { endpoint: "public", cidrs: ["203.0.113.0/24"] },
        zone: "b",
        releaseChannel: "STABLE",
        storageClass: "premium-rwo",
        maintenance: {
            exclusions: { sale: { start: "2026-11-20T00:00:00Z", end: "2026-12-01T00:00:00Z" } },
        },
        native: { description: "c" },
        nodes: {
            variant: "pools",
            pools: {
                general: { max: 3, zones: ["c"], native: { nodeDrainConfigs: [] } },
                other: { max: 1, machineType: "t2a-standard-2" },
            },
        },
    },
    keys: { variant: "create", rotationDays: 33, native: { destroyScheduledDuration: "1s" } },
    dns: {
        variant: "create",
        domain: "shop.example.org",
        certificateAuthorities: ["pki.goog", "letsencrypt.org"],
        parentZone: "projects/example-shop-zones/managedZones/example-org",
        native: { description: "z" },
    },
    registry: {
        variant: "create",
        readers: { ci: "serviceAccount:r@p.iam.gserviceaccount.com" },
        writers: { ci: "serviceAccount:w@p.iam.gserviceaccount.com" },
        untaggedDays: 11,
        keepNewest: 22,
        native: { description: "r" },
    },
    gateway: {
        requestLogSampling: 0.5,
        native: { gateway: { fromNative: 1 }, backendPolicy: { fromNative: 2 } },
    },
    logs: { days: 44 },
};

export function onGcp(...changes: readonly Change[]): Sections {
    return withSettings(inCluster(...twoApps, ["platform", gcpPlatform]), changes);
}

const digitalOceanPlatform = {
    variant: "digitalocean",
    network: { variant: "create", range: "10.110.0.0/20" },
    cluster: {
        variant: "create",
        version: "1.34",
        podRange: "10.112.0.0/16",
        serviceRange: "10.113.0.0/20",
        apiAccess: { cidrs: ["203.0.113.0/24"] },
        highlyAvailable: true,
        pools: { apps: { size: "s-4vcpu-8gb", max: 6 } },
    },
    registry: { variant: "create", name: "example-shop" },
    dns: { variant: "create", domain: "shop.example.org", parentZone: "example.org" },
    gateway: { variant: "traefik", loadBalancerAnnotations: { "lb/name": "shop" } },
    certificates: { variant: "letsencrypt", email: "o@example.org", challenge: "dns-01", server: "staging" },
    native: {
        network: { description: "n" },
        cluster: { tags: ["own"] },
        nodePool: { tags: ["t"] },
        registry: { region: "ams3" },
        dns: { ipAddress: "192.0.2.1" },
    },
};

export function onDigitalOcean(...changes: readonly Change[]): Sections {
    return withSettings(inCluster(...twoApps, ["platform", digitalOceanPlatform]), changes);
}

export const rds = {
    variant: "rds",
    server: { variant: "create", version: "17", instanceClass: "db.t4g.small", storage: "20Gi" },
};
export const elasticache = { variant: "elasticache", server: { variant: "create", nodeType: "cache.t4g.small" } };
export const s3 = { variant: "s3", host: "static.shop.example.org" };
export const awsStores: readonly Change[] = [
    ["database", rds],
    ["cache", elasticache],
    ["assets", s3],
];
export const awsPasswords = { databasePassword: "given-rds-password", cachePassword: "given-elasticache-token" };
