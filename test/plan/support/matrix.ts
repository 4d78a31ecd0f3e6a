// Pairs of everything that a stack can choose: each two choices that can stand together do so in some stack.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { make } from "covertable";
import { parse } from "yaml";
import { projectRoot } from "../../../commands/support/paths.ts";
import { project, type Secrets, type Sections } from "./plans.ts";

const factors = {
    platform: ["existing", "gcp", "aws", "digitalocean"],
    kind: ["production", "staging", "ephemeral"],
    database: ["in-cluster", "cloud-sql", "rds", "digitalocean", "external", "platform"],
    cache: ["none", "in-cluster", "memcached", "memorystore", "elasticache", "digitalocean", "external"],
    broker: ["none", "redis", "rabbitmq", "external"],
    assets: ["whitenoise", "whitenoise-volume", "whitenoise-bucket", "cloud-storage", "s3", "spaces", "s3-compatible"],
    exposure: ["gateway", "platform", "load-balancer", "node-port", "none"],
} as const;

export type Combination = { readonly [Factor in keyof typeof factors]: (typeof factors)[Factor][number] };

/** What an ephemeral environment borrows, and no other has anybody to borrow from. */
function possible({ platform, kind, database, exposure }: Partial<Combination>): boolean {
    const direct = exposure === "load-balancer" || exposure === "node-port";
    // A cloud's Gateway is a load balancer, and one that ends TLS.
    if (
        direct &&
        ((platform !== undefined && platform !== "existing") || kind === "ephemeral" || database === "platform")
    ) {
        return false;
    }
    if (kind === undefined) {
        return !(database === "platform" && exposure === "gateway");
    }
    return kind === "ephemeral" ? exposure !== "gateway" : database !== "platform" && exposure !== "platform";
}

/** Two tables without any constraint instead of one with: a generator that drops rows drops pairs. */
const tables = [
    { ...factors, kind: ["ephemeral"], exposure: ["platform", "none"] },
    {
        ...factors,
        kind: ["production", "staging"],
        database: factors.database.filter((variant) => variant !== "platform"),
        exposure: ["gateway", "none"],
    },
    {
        ...factors,
        platform: ["existing"],
        kind: ["production", "staging"],
        database: factors.database.filter((variant) => variant !== "platform"),
        exposure: ["load-balancer", "node-port"],
    },
];

export const combinations: readonly Combination[] = tables
    .flatMap((table) => make(table as unknown as Record<string, string[]>) as unknown as Combination[])
    .toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));

/** Every two choices that can stand together. */
export function possiblePairs(): Partial<Combination>[] {
    const names = Object.keys(factors) as (keyof Combination)[];
    return names.flatMap((one, index) =>
        names
            .slice(index + 1)
            .flatMap((other) =>
                factors[one].flatMap((level) =>
                    factors[other]
                        .map((value): Partial<Combination> => ({ [one]: level, [other]: value }))
                        .filter(possible),
                ),
            ),
    );
}

/** For example `gcp.staging.cloud-sql.memorystore.redis.s3.gateway`. */
export function nameOf(combination: Combination): string {
    return Object.keys(factors)
        .map((factor) => combination[factor as keyof Combination])
        .join(".");
}

const lentDomain = "preview.staging.shop.example.org";

/** Every cloud that a store may be in. */
const clouds = {
    gcp: { project: "example-shop", region: "europe-west1" },
    aws: { account: "123456789012", region: "eu-central-1" },
    digitalocean: { region: "fra1" },
};

/** Where a store is put when the cluster is elsewhere, as a VPN or peering would have it. */
const networks = {
    gcp: "projects/example-shop/global/networks/shared",
    aws: {
        vpcId: "vpc-0a1b2c3d4e5f60718",
        subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
        cidrs: ["10.200.0.0/24", "10.200.1.0/24"],
        clientCidrs: ["10.210.0.0/16"],
    },
    digitalocean: {
        vpc: "4de7ac8b-495b-4884-9a69-1050c6793cd6",
        range: "10.220.0.0/20",
        clusters: ["4de7ac8b-495b-4884-9a69-1050c6793cd7"],
    },
};

/** A server that speaks S3, and the key for it. */
const objectStorage = { endpoint: "https://s3.example.org:9000", cidrs: ["10.230.0.0/24"] };
const accessKey: Secrets = { assetsAccessKeyId: "AKIDEXAMPLE", assetsSecretAccessKey: "s3cret" };

/** @returns the stack's sections and what is secret of them, and for an ephemeral one the sections of its platform's stack */
export async function sectionsFor(
    combination: Combination,
): Promise<{ readonly sections: Sections; readonly secrets: Secrets; readonly platform?: Sections }> {
    const { assets } = combination;
    const keyed = assets === "s3-compatible" || assets === "whitenoise-bucket";
    return { ...(await sectionsOf(combination)), secrets: { ...secretsFor(combination), ...(keyed && accessKey) } };
}

async function sectionsOf(
    combination: Combination,
): Promise<{ readonly sections: Sections; readonly platform?: Sections }> {
    const { platform, kind, exposure } = combination;
    const sections = await baseOf(platform, kind === "production" ? "production" : "staging");
    sections["clouds"] = { ...clouds, ...sections["clouds"] };
    const network = (cloud: keyof typeof networks) =>
        platform === cloud && kind !== "ephemeral" ? {} : { network: networks[cloud] };
    sections["database"] = databaseOf(combination.database, network);
    sections["cache"] = cacheOf(combination.cache, network);
    sections["broker"] = brokerOf(combination);
    sections["assets"] = assetsOf(combination.assets, kind);
    sections["exposure"] = exposureOf(exposure, sections["apps"][0].name as string);
    delete sections["lends"];
    if (combination.broker === "none") {
        delete sections["apps"][0].workers;
        delete sections["apps"][0].beat;
    }
    if (kind !== "ephemeral") {
        return { sections };
    }
    sections["environment"] = { kind };
    sections["platform"] = { variant: "stack", stack: "staging" };
    sections["apps"][0].hosts = [`pr-1.${lentDomain}`];
    const owner = await baseOf(platform, "staging");
    owner["lends"] = { domain: lentDomain, database: true };
    if (platform === "digitalocean") {
        // A wildcard certificate is issued by DNS only; the records need a token, which no file has.
        owner["platform"].dns = { variant: "create", domain: "shop.example.org", hostRecords: false };
        owner["platform"].certificates = { variant: "existing", issuer: { name: "letsencrypt" } };
    }
    return { sections, platform: owner };
}

/** The reviewed example of that cloud. */
async function baseOf(platform: Combination["platform"], stack: "production" | "staging"): Promise<Sections> {
    const directory = join("examples/stacks", platform);
    const { config } = parse(await readFile(join(projectRoot, directory, `Pulumi.${stack}.yaml`), "utf8")) as {
        config: Sections;
    };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(project.length + 1), value]));
}

type NetworkOf = (cloud: keyof typeof networks) => object;

/** Each with room for all that the largest of the examples opens (R29). */
function databaseOf(variant: Combination["database"], network: NetworkOf): object {
    const maxConnections = 300;
    const servers: Record<Combination["database"], object> = {
        "in-cluster": { version: "17", size: "large", storage: "10Gi", maxConnections },
        "cloud-sql": {
            server: { variant: "create", version: "17", tier: "db-custom-2-7680", storage: "20Gi", ...network("gcp") },
        },
        rds: {
            server: {
                variant: "create",
                version: "17",
                instanceClass: "db.t4g.medium",
                storage: "20Gi",
                maxConnections,
                ...network("aws"),
            },
        },
        digitalocean: {
            server: { variant: "create", version: "17", size: "db-s-6vcpu-16gb", ...network("digitalocean") },
        },
        external: {
            host: "db.internal.example.org",
            database: "shop",
            user: "shop",
            cidrs: ["10.230.0.0/28"],
            maxConnections,
        },
        platform: {},
    };
    return { variant, ...servers[variant] };
}

function brokerOf({ broker: variant, kind }: Combination): object {
    const servers: Record<Combination["broker"], object> = {
        none: {},
        redis: { storage: "2Gi" },
        rabbitmq: { version: "4.2", storage: "2Gi", ...(kind === "production" && { nodes: 3 }) },
        external: {
            protocol: "amqp",
            host: "10.230.0.35",
            user: "shop",
            // In a certificate there is seldom an address.
            tls: { mode: "disable" },
        },
    };
    return { variant, ...servers[variant] };
}

/** What nobody but a server's owner knows. */
function secretsFor({ database, cache, broker }: Combination): Secrets {
    const password = "letmein";
    return {
        ...(database === "external" && { databasePassword: password }),
        ...(cache === "external" && { cachePassword: password }),
        ...(broker === "external" && { brokerPassword: password }),
    };
}

function cacheOf(variant: Combination["cache"], network: NetworkOf): object {
    const servers: Record<Combination["cache"], object> = {
        none: {},
        "in-cluster": { replicas: 1 },
        memcached: { servers: 2 },
        memorystore: { server: { variant: "create", ...network("gcp") } },
        elasticache: { server: { variant: "create", nodeType: "cache.t4g.small", ...network("aws") } },
        digitalocean: { server: { variant: "create", size: "db-s-1vcpu-2gb", ...network("digitalocean") } },
        external: {
            protocol: "redis",
            host: "redis.internal.example.org",
            replicas: [{ host: "redis-2.internal.example.org" }],
            cidrs: ["10.230.0.16/28"],
        },
    };
    return { variant, ...servers[variant] };
}

function exposureOf(variant: Combination["exposure"], app: string): object {
    const direct = { variant, sourceRanges: ["0.0.0.0/0"], allowPlainHttp: true };
    switch (variant) {
        case "load-balancer":
            return direct;
        case "node-port":
            return { ...direct, ports: { [app]: 30080 } };
        case "gateway":
        case "platform":
        case "none":
            return { variant };
        default:
            return variant satisfies never;
    }
}

function assetsOf(variant: Combination["assets"], kind: Combination["kind"]): object {
    const host = kind === "production" ? "static.shop.example.org" : "static.staging.shop.example.org";
    switch (variant) {
        case "whitenoise":
            return { variant };
        case "whitenoise-volume":
            return {
                variant: "whitenoise",
                files: { from: "volume", storage: "2Gi", accessMode: "ReadWriteMany" },
                media: { from: "volume", storage: "5Gi", accessMode: "ReadWriteMany" },
            };
        case "whitenoise-bucket":
            return { variant: "whitenoise", media: { from: "bucket", bucket: "uploads", ...objectStorage } };
        case "s3-compatible":
            return {
                variant,
                ...objectStorage,
                static: { bucket: "statics", url: `https://${host}/` },
                media: { bucket: "uploads" },
            };
        case "cloud-storage":
            return { variant, static: { variant: "create", host } };
        case "s3":
            return { variant, host, zoneId: "Z0123456789ABCDEFGHIJ" };
        case "spaces":
            return { variant };
        default:
            return variant satisfies never;
    }
}
