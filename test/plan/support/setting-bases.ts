// Stacks in which, together, every setting is there and acts.
import { planOf, type Secrets, type Sections } from "./plans.ts";
import type { Plan } from "../../../commands/plan/plan.ts";

export interface Base {
    readonly name: string;
    readonly sections: Sections;
    readonly secrets?: Secrets;
    /** The stack whose platform this one is on. */
    readonly platform?: Sections;
}

export function planBase({ sections, secrets, platform }: Base): Promise<Plan> {
    return planOf(sections, { stack: "test", ...(secrets && { secrets }), ...(platform && { platform }) });
}

const account = "123456789012";
const id = (digit: number): string => `4de7ac8b-495b-4884-9a69-${`${digit}`.repeat(12)}`;
const certificate = `-----BEGIN CERTIFICATE-----\n${"A".repeat(64)}\n-----END CERTIFICATE-----\n`;
const authority = `LS0tLS${"A".repeat(120)}`;
const gcpKey = (name: string): string =>
    `projects/example-shop/locations/europe-west1/keyRings/shop/cryptoKeys/${name}`;

const clouds = {
    gcp: { project: "example-shop", region: "europe-west1" },
    aws: { account, region: "eu-central-1" },
    digitalocean: { region: "fra1" },
};

const app = {
    name: "shop",
    contract: "django",
    module: "shop",
    image: "registry.example.org/shop:4f2a91c",
    hosts: ["shop.example.org"],
    registry: { server: "registry.example.org", username: "robot" },
    environment: { FEATURE: "on" },
    egress: { publicHttps: false, addresses: [{ cidr: "10.99.0.0/16", port: 9200 }] },
    workers: { mail: { queues: ["mail"] } },
    beat: {},
    shell: {},
    release: { superuser: { username: "admin", email: "admin@example.org" } },
};

const kubernetes = {
    variant: "existing",
    context: "test",
    gateway: { className: "traefik", from: { namespaces: ["traefik"], cidrs: ["10.1.0.0/16"] } },
    issuer: { name: "letsencrypt" },
    enforcesNetworkPolicy: true,
};

/** Everything in a cluster that is there. */
const inCluster: Sections = {
    environment: { kind: "staging" },
    platform: kubernetes,
    apps: [app],
    database: { variant: "in-cluster", version: "17", storage: "10Gi" },
    cache: { variant: "in-cluster", replicas: 1 },
    broker: { variant: "redis", storage: "2Gi" },
    assets: { variant: "whitenoise", files: { from: "volume", storage: "1Gi", accessMode: "ReadWriteMany" } },
    exposure: { variant: "gateway" },
    lends: {},
    operator: { sizes: { medium: { cpu: "200m", memory: "512Mi" } } },
};

const secrets: Secrets = { registryPassword: "letmein", environment: { API_KEY: "key" }, files: { "/etc/key": "k" } };

const { registry: _, ...plainApp } = app;
const { workers: _workers, beat: _beat, module: _module, release: _release, ...anyApp } = plainApp;

const lent = "preview.example.org";

const inClusters: readonly Base[] = [
    { name: "in a cluster", sections: inCluster, secrets },
    {
        name: "an image that runs itself",
        sections: { ...inCluster, apps: [{ ...anyApp, contract: "init-run-async", async: {} }] },
    },
    {
        name: "two apps",
        sections: {
            ...inCluster,
            environment: { kind: "staging", mainApp: "shop" },
            apps: [
                plainApp,
                {
                    ...plainApp,
                    name: "blog",
                    module: "blog",
                    hosts: ["blog.example.org"],
                    stores: { cache: inCluster["cache"] },
                },
            ],
        },
        secrets: { apps: { blog: { environment: { API_KEY: "key" } } } },
    },
    {
        name: "files in the image, no broker",
        sections: {
            ...inCluster,
            apps: [{ ...anyApp, contract: "django", module: "shop" }],
            broker: { variant: "none" },
            cache: { variant: "none" },
            assets: { variant: "whitenoise" },
            exposure: { variant: "none" },
        },
    },
    {
        name: "on another stack's platform",
        sections: {
            ...inCluster,
            environment: { kind: "ephemeral" },
            platform: { variant: "stack", stack: "staging" },
            apps: [{ ...plainApp, hosts: [`pr-1.${lent}`] }],
            database: { variant: "platform" },
            exposure: { variant: "platform" },
        },
        platform: { ...inCluster, apps: [plainApp], lends: { domain: lent, database: true } },
    },
];

const nodePool = { min: 3, max: 6, zones: ["b", "c", "d"] };
const gcp: Sections = {
    ...inCluster,
    clouds: { gcp: clouds.gcp },
    apps: [plainApp],
    platform: {
        variant: "gcp",
        apis: { variant: "create" },
        network: { variant: "create", native: {} },
        cluster: {
            variant: "create",
            nodes: { variant: "pools", pools: { general: nodePool } },
            apiAccess: { cidrs: ["203.0.113.0/24"] },
        },
        keys: { variant: "create" },
        dns: { variant: "create", domain: "example.org" },
        registry: { variant: "create" },
        gateway: { native: {} },
    },
    database: {
        variant: "cloud-sql",
        server: { variant: "create", version: "16", tier: "db-custom-2-7680", storage: "20Gi", storageLimit: "100Gi" },
    },
    cache: { variant: "memorystore", server: { variant: "create", memory: 5 } },
    assets: {
        variant: "cloud-storage",
        static: { variant: "create", host: "static.shop.example.org" },
        native: {},
    },
};
const gcpExisting: Sections = {
    ...gcp,
    platform: {
        variant: "gcp",
        apis: { variant: "none" },
        network: {
            variant: "existing",
            network: "projects/example-shop/global/networks/main",
            subnetwork: "projects/example-shop/regions/europe-west1/subnetworks/main",
            podsRange: "pods",
            servicesRange: "services",
        },
        cluster: {
            variant: "existing",
            location: "europe-west1",
            name: "main",
            endpoint: "192.0.2.1",
            caCertificate: authority,
        },
        keys: { variant: "existing", stackSecrets: gcpKey("stack") },
        dns: { variant: "existing", domain: "example.org", managedZone: "example-org" },
        registry: { variant: "existing", prefix: "europe-west1-docker.pkg.dev/example-shop/shop" },
    },
    database: {
        variant: "cloud-sql",
        server: { variant: "existing", name: "main", address: "10.20.0.3", ca: certificate, maxConnections: 400 },
    },
    cache: {
        variant: "memorystore",
        server: { variant: "existing", address: "10.20.0.8", readAddress: "10.20.0.9", ca: certificate },
    },
    assets: {
        variant: "cloud-storage",
        static: { variant: "existing", bucket: "static", url: "https://static.example.org/" },
        media: { variant: "existing", bucket: "media" },
        access: { variant: "existing", serviceAccount: "files@example-shop.iam.gserviceaccount.com" },
    },
};
const gcpNetwork = "projects/example-shop/global/networks/shared";

const gcps: readonly Base[] = [
    { name: "on Google Cloud", sections: gcp },
    { name: "on Google Cloud, all there", sections: gcpExisting, secrets: { cachePassword: "auth" } },
    {
        name: "a new cluster of Google Cloud's with what is there",
        sections: {
            ...gcp,
            platform: {
                ...gcp["platform"],
                network: gcpExisting["platform"].network,
                keys: { variant: "existing", database: gcpKey("cluster") },
                registry: gcpExisting["platform"].registry,
            },
        },
    },
    {
        name: "Autopilot",
        sections: {
            ...gcp,
            platform: {
                ...gcp["platform"],
                cluster: { ...gcp["platform"].cluster, nodes: { variant: "autopilot" } },
            },
        },
    },
    {
        name: "Google Cloud's stores elsewhere",
        sections: {
            ...inCluster,
            clouds: { gcp: clouds.gcp },
            apps: [plainApp],
            database: { variant: "cloud-sql", server: { ...gcp["database"].server, network: gcpNetwork } },
            cache: { variant: "memorystore", server: { variant: "create", network: gcpNetwork } },
            assets: { ...gcp["assets"], access: { variant: "workload-identity", pool: "example-shop.svc.id.goog" } },
        },
    },
];

const vpc = {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
    cidrs: ["10.200.0.0/24", "10.200.1.0/24"],
    clientSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"],
    clientCidrs: ["10.210.0.0/16"],
};
const aws: Sections = {
    ...inCluster,
    clouds: { aws: clouds.aws },
    apps: [plainApp],
    platform: {
        variant: "aws",
        network: { variant: "create" },
        cluster: {
            variant: "create",
            version: "1.36",
            admins: [`arn:aws:iam::${account}:role/deploy`],
            apiAccess: { cidrs: ["203.0.113.0/24"] },
            nodes: { variant: "managed", groups: { general: { min: 2, max: 4 } } },
        },
        registry: { variant: "create", repositories: ["shop"] },
        dns: { variant: "create", domain: "example.org", parentZone: "Z0123456789ABCDEFGHIJ" },
        gateway: { variant: "install" },
        logs: { containers: {}, flow: {} },
        native: {},
    },
    database: {
        variant: "rds",
        server: {
            variant: "create",
            version: "17",
            instanceClass: "db.t4g.small",
            storage: "20Gi",
            maxConnections: 500,
        },
    },
    cache: { variant: "elasticache", server: { variant: "create", nodeType: "cache.t4g.small", replicas: 1 } },
    assets: { variant: "s3", host: "static.shop.example.org", native: {} },
};
const awsExisting: Sections = {
    ...aws,
    platform: {
        variant: "aws",
        network: {
            variant: "existing",
            id: vpc.vpcId,
            publicSubnets: ["subnet-00000000000000001", "subnet-00000000000000002"],
            publicRanges: ["10.40.0.0/24", "10.40.1.0/24"],
            privateSubnets: ["subnet-00000000000000003", "subnet-00000000000000004"],
            storeSubnets: ["subnet-00000000000000005", "subnet-00000000000000006"],
            storeRanges: ["10.40.4.0/24", "10.40.5.0/24"],
        },
        cluster: {
            variant: "existing",
            name: "main",
            endpoint: "https://0A1B2C.gr7.eu-central-1.eks.amazonaws.com",
            ca: authority,
            securityGroup: "sg-0a1b2c3d4e5f60718",
        },
        registry: { variant: "existing", prefix: "registry.example.org/shop" },
        dns: { variant: "existing", domain: "example.org", id: "Z0123456789ABCDEFGHIJ" },
        gateway: { variant: "existing", className: "alb" },
        secretsKey: { variant: "existing", id: "alias/shop" },
    },
    database: {
        variant: "rds",
        server: {
            variant: "existing",
            address: "shop.c9akciq32abc.eu-central-1.rds.amazonaws.com",
            database: "shop",
            user: "shop",
            maxConnections: 500,
        },
    },
    cache: {
        variant: "elasticache",
        server: {
            variant: "existing",
            primary: "master.shop.abc123.euc1.cache.amazonaws.com",
            reader: "replica.shop.abc123.euc1.cache.amazonaws.com",
        },
    },
    assets: {
        variant: "s3",
        host: "static.shop.example.org",
        certificate: {
            variant: "existing",
            arn: `arn:aws:acm:us-east-1:${account}:certificate/11111111-2222-3333-4444-555555555555`,
        },
        media: { variant: "existing", bucket: "uploads" },
    },
};
const given: Secrets = { databasePassword: "letmein", cachePassword: "letmein-with-a-token" };

const awss: readonly Base[] = [
    { name: "on AWS", sections: aws },
    { name: "on AWS, all there", sections: awsExisting, secrets: given },
    {
        name: "EKS Auto Mode in a network that is there",
        sections: {
            ...aws,
            platform: {
                ...aws["platform"],
                network: awsExisting["platform"].network,
                logs: {},
                cluster: {
                    ...aws["platform"].cluster,
                    nodes: { variant: "auto", pools: ["general-purpose", "system"] },
                },
            },
            database: {
                variant: "rds",
                server: {
                    ...aws["database"].server,
                    encryption: { variant: "existing", keyArn: `arn:aws:kms:eu-central-1:${account}:key/1234abcd` },
                },
            },
        },
    },
    {
        name: "AWS's stores elsewhere",
        sections: {
            ...inCluster,
            clouds: { aws: clouds.aws },
            apps: [plainApp],
            database: { variant: "rds", server: { ...aws["database"].server, network: vpc } },
            cache: { variant: "elasticache", server: { ...aws["cache"].server, network: vpc } },
            assets: { ...aws["assets"], zoneId: "Z0123456789ABCDEFGHIJ" },
        },
    },
    {
        name: "AWS's stores that are there, elsewhere",
        sections: {
            ...inCluster,
            clouds: { aws: clouds.aws },
            apps: [plainApp],
            database: { variant: "rds", server: { ...awsExisting["database"].server, cidrs: vpc.cidrs } },
            cache: { variant: "elasticache", server: { ...awsExisting["cache"].server, cidrs: vpc.cidrs } },
            assets: { ...aws["assets"], zoneId: "Z0123456789ABCDEFGHIJ" },
        },
        secrets: given,
    },
];

const digitalOcean: Sections = {
    ...inCluster,
    clouds: { digitalocean: clouds.digitalocean },
    apps: [plainApp],
    platform: {
        variant: "digitalocean",
        network: { variant: "create", range: "10.120.0.0/20" },
        cluster: {
            variant: "create",
            version: "1.34",
            podRange: "10.122.0.0/16",
            serviceRange: "10.123.0.0/20",
            apiAccess: { cidrs: ["203.0.113.0/24"] },
            pools: { apps: { size: "s-2vcpu-4gb", max: 3, taints: [{ key: "a", value: "b", effect: "NoSchedule" }] } },
        },
        registry: { variant: "create", name: "example-shop" },
        dns: { variant: "create", domain: "example.org" },
        gateway: { variant: "cilium" },
        certificates: { variant: "letsencrypt", email: "operations@example.org" },
        native: {},
    },
    database: {
        variant: "digitalocean",
        server: { variant: "create", version: "17", size: "db-s-4vcpu-8gb", pool: { size: 50 } },
    },
    cache: { variant: "digitalocean", server: { variant: "create", size: "db-s-1vcpu-2gb" } },
    assets: { variant: "spaces", buckets: { variant: "create", cdn: { domain: "static.example.org" } } },
};
const digitalOceanExisting: Sections = {
    ...digitalOcean,
    platform: {
        variant: "digitalocean",
        network: { variant: "existing", id: id(1), range: "10.120.0.0/20" },
        cluster: {
            variant: "existing",
            id: id(2),
            name: "main",
            endpoint: "https://4de7ac8b.k8s.ondigitalocean.com",
            ca: authority,
        },
        registry: { variant: "existing", name: "example-shop" },
        dns: { variant: "existing", domain: "example.org" },
        gateway: { variant: "traefik" },
        certificates: { variant: "existing", issuer: { name: "letsencrypt" } },
    },
    database: {
        variant: "digitalocean",
        server: {
            variant: "existing",
            host: "private-shop.db.ondigitalocean.com",
            database: "shop",
            user: "shop",
            ca: certificate,
            maxConnections: 400,
        },
    },
    cache: { variant: "digitalocean", server: { variant: "existing", host: "private-cache.db.ondigitalocean.com" } },
    assets: {
        variant: "spaces",
        buckets: {
            variant: "existing",
            staticBucket: "static",
            mediaBucket: "media",
            url: "https://static.example.org/",
        },
    },
};
const droplets = { vpc: id(3), range: "10.220.0.0/20", clusters: [id(4)] };
const token: Secrets = { digitaloceanDnsToken: "token" };

const digitalOceans: readonly Base[] = [
    { name: "at DigitalOcean", sections: digitalOcean, secrets: token },
    { name: "at DigitalOcean, all there", sections: digitalOceanExisting, secrets: { ...token, ...given } },
    {
        name: "DigitalOcean's stores elsewhere",
        sections: {
            ...inCluster,
            clouds: { digitalocean: clouds.digitalocean },
            apps: [plainApp],
            database: { variant: "digitalocean", server: { ...digitalOcean["database"].server, network: droplets } },
            cache: { variant: "digitalocean", server: { ...digitalOcean["cache"].server, network: droplets } },
        },
    },
    {
        name: "DigitalOcean's stores that are there, elsewhere",
        sections: {
            ...inCluster,
            clouds: { digitalocean: clouds.digitalocean },
            apps: [plainApp],
            database: {
                variant: "digitalocean",
                server: { ...digitalOceanExisting["database"].server, range: droplets.range },
            },
            cache: {
                variant: "digitalocean",
                server: { ...digitalOceanExisting["cache"].server, range: droplets.range },
            },
        },
        secrets: given,
    },
];

/** The cheapest to plan first. */
export const bases: readonly Base[] = [...inClusters, ...digitalOceans, ...awss, ...gcps];
