// Stacks in which, together, every setting is there and acts.
import type { Plan } from "../../../commands/plan/plan.ts";
import { certificateFor } from "../../support/certificate.ts";
import { planOf, type Secrets, type Sections } from "./plans.ts";

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
/** Of the one host that a little environment has. */
export const ownCertificate = certificateFor(["shop.example.org"]);
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
    workers: { mail: { queues: ["mail"], replicas: { min: 1, max: 3 } } },
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

/** As little as an environment can be: the fewer resources, the sooner it is planned. */
const little: Sections = {
    environment: { kind: "staging" },
    platform: { variant: "existing", context: "test", enforcesNetworkPolicy: true },
    apps: [{ name: "shop", contract: "init-run-async", image: app.image, hosts: app.hosts }],
    database: { variant: "in-cluster", version: "17", storage: "10Gi" },
    cache: { variant: "none" },
    broker: { variant: "none" },
    assets: { variant: "whitenoise" },
    exposure: { variant: "none" },
};

const littleDjango = { ...little["apps"][0], contract: "django", module: "shop" };

/** Everything in a cluster that is there. */
const inCluster: Sections = {
    ...little,
    platform: kubernetes,
    apps: [app],
    cache: { variant: "in-cluster", replicas: 1 },
    broker: { variant: "redis", storage: "2Gi" },
    assets: { variant: "whitenoise", files: { from: "volume", storage: "1Gi", accessMode: "ReadWriteMany" } },
    exposure: { variant: "gateway" },
    lends: {},
    operator: { sizes: { medium: { cpu: "200m", memory: "512Mi" } } },
};

const secrets: Secrets = { registryPassword: "letmein", environment: { API_KEY: "key" }, files: { "/etc/key": "k" } };

const key = { name: "stores", key: "password" };
const named = {
    environment: { API_KEY: { name: "stripe", key: "live" } },
    files: { "/etc/key": { name: "vault", key: "key" } },
};

/** Every secret is a key of a Secret. */
const existing: Sections = {
    existingSecrets: {
        registryPassword: key,
        superuserPassword: key,
        secretKey: key,
        secretKeyFallback: key,
        databasePassword: key,
        cachePassword: key,
        brokerPassword: key,
        ...named,
    },
};

const secretObjects = {
    sealed: { stripe: { encryptedData: { live: `AgB${"x".repeat(400)}` } } },
    external: { vault: { store: { name: "vault" }, data: { key: { key: "shop", property: "key" } } } },
};

/** A store of a cloud beside a cluster that is there. */
function elsewhere(name: string, cloud: keyof typeof clouds, stores: Sections, given?: Secrets): Base {
    const sections = { ...little, clouds: { [cloud]: clouds[cloud] }, ...stores };
    return { name: `${name} elsewhere`, sections, ...(given && { secrets: given }) };
}

const lent = "preview.example.org";

const volumes = { data: { path: "/data", storage: "1Gi", accessMode: "ReadWriteOnce", storageClass: "fast" } };

/** That speaks S3. */
const server = {
    endpoint: "https://s3.example.org",
    region: "eu-1",
    addressing: "path",
    cidrs: ["10.20.0.0/24"],
    ca: certificate,
};
const staticKey: Secrets = { assetsStaticAccessKeyId: "static id", assetsStaticSecretAccessKey: "static key" };
const backupKeys: Secrets = {
    databaseBackupsAccessKeyId: "id of backups",
    databaseBackupsSecretAccessKey: "key of backups",
    databaseBackupsPassphrase: "correct horse battery staple",
};
const accessKey: Secrets = { assetsAccessKeyId: "id", assetsSecretAccessKey: "key" };

const inClusters: readonly Base[] = [
    { name: "little", sections: little },
    { name: "little, by a gateway", sections: { ...little, platform: kubernetes, exposure: { variant: "gateway" } } },
    {
        name: "little, without HTTPS",
        sections: {
            ...little,
            platform: { ...little["platform"], gateway: kubernetes.gateway },
            exposure: { variant: "gateway" },
        },
    },
    {
        name: "a little Django",
        sections: { ...little, apps: [littleDjango] },
    },
    ...[
        { kind: "django-q2" },
        { kind: "db-worker" },
        { kind: "command", command: ["dramatiq", "shop.tasks"], heartbeat: {} },
    ].map((worker) => ({
        name: `a little Django with a worker of the kind ${worker.kind}`,
        sections: { ...little, apps: [{ ...littleDjango, workers: { tasks: worker } }] },
    })),
    ...["uvicorn", "daphne"].map((server) => ({
        name: `a little Django under ${server}`,
        sections: { ...little, apps: [{ ...littleDjango, web: { server } }] },
    })),
    {
        name: "little, now and then",
        sections: {
            ...little,
            apps: [{ ...littleDjango, scheduled: { report: { schedule: "@daily", command: ["report"] } } }],
        },
    },
    {
        name: "a little Django, with a volume and samples of uploaded files",
        sections: {
            ...little,
            apps: [{ ...littleDjango, volumes, release: { mediaSamples: "samples" } }],
            assets: {
                variant: "whitenoise",
                media: { from: "volume", storage: "1Gi", accessMode: "ReadWriteMany", storageClass: "nfs" },
            },
        },
    },
    {
        name: "little, with volumes",
        sections: {
            ...little,
            apps: [{ ...little["apps"][0], volumes }],
            assets: {
                variant: "whitenoise",
                files: { from: "volume", storage: "1Gi", accessMode: "ReadWriteMany", storageClass: "nfs" },
                media: { from: "volume", storage: "1Gi", accessMode: "ReadWriteMany", storageClass: "nfs" },
            },
        },
    },
    {
        name: "little, backed up and restored",
        sections: {
            ...little,
            database: {
                ...little["database"],
                backups: {
                    to: { ...server, bucket: "backups", prefix: "shop" },
                    dumps: true,
                    drill: { sql: ["select true"] },
                },
                restore: { at: "latest", from: "other" },
            },
        },
        secrets: backupKeys,
    },
    {
        name: "little, which lends what it makes of another stack's dumps",
        sections: {
            ...little,
            database: { ...little["database"], backups: { to: { ...server, bucket: "backups" } } },
            lends: {
                database: true,
                borrowers: { environments: 5, connections: 10 },
                seed: { from: "shop/production/database", mask: { command: ["mask"] } },
            },
        },
        secrets: backupKeys,
    },
    {
        name: "little, with uploaded files in a bucket",
        sections: {
            ...little,
            assets: {
                variant: "whitenoise",
                media: { from: "bucket", bucket: "uploads", ...server },
            },
        },
        secrets: accessKey,
    },
    {
        name: "little, with buckets that are there",
        sections: {
            ...little,
            assets: {
                variant: "s3-compatible",
                ...server,
                static: { bucket: "statics", url: "https://static.example.org/" },
                media: { bucket: "uploads" },
            },
        },
        secrets: { ...accessKey, ...staticKey },
    },
    {
        name: "Memcached, RabbitMQ and PgBouncer",
        sections: {
            ...little,
            database: { ...little["database"], pooler: {} },
            cache: { variant: "memcached" },
            broker: { variant: "rabbitmq", version: "4.2", storage: "2Gi" },
        },
    },
    {
        name: "little, of another major version",
        sections: { ...little, database: { ...little["database"], upgradeFrom: { version: "16" } } },
    },
    {
        name: "little, for a while",
        sections: { ...little, environment: { kind: "ephemeral" } },
    },
    {
        name: "little, asleep when nobody comes",
        sections: {
            ...little,
            apps: [{ ...littleDjango, workers: { mail: { queues: ["mail"] } }, beat: {}, shell: {} }],
            broker: { variant: "redis", storage: "2Gi" },
            cache: { variant: "in-cluster", replicas: 1 },
            platform: { ...little["platform"], gateway: kubernetes.gateway },
            exposure: { variant: "gateway" },
            environment: { kind: "ephemeral", sleep: { after: "2h" } },
        },
    },
    {
        name: "little, of a pull request",
        sections: {
            ...little,
            environment: {
                kind: "ephemeral",
                pullRequest: {
                    number: 123,
                    url: "https://github.com/example/shop/pull/123",
                    branch: "feature/checkout",
                    lastPush: "2026-12-01T10:20:30Z",
                },
            },
        },
    },
    {
        name: "little, from Docker Hub",
        sections: {
            ...little,
            apps: [
                {
                    ...little["apps"][0],
                    contract: "django",
                    module: "shop",
                    image: "example/shop:4f2a91c",
                    registry: { server: "docker.io", username: "robot" },
                },
            ],
        },
        secrets: { registryPassword: "letmein" },
    },
    { name: "little, with a cache", sections: { ...little, cache: { variant: "in-cluster", replicas: 1 } } },
    {
        name: "files on a volume",
        sections: { ...little, assets: inCluster["assets"] },
    },
    { name: "in a cluster", sections: inCluster, secrets },
    {
        name: "in a cluster, with numbers of logins",
        sections: { ...inCluster, rotations: { database: 1, cache: 1, broker: 1, secretKey: 1, superuser: 1 } },
        secrets,
    },
    { name: "in a cluster, with keys that are given", sections: inCluster, secrets: { ...secrets, secretKey: "now" } },
    { name: "in a cluster, with Secrets that are there", sections: { ...inCluster, ...existing } },
    {
        name: "in a cluster, with Secrets that controllers make",
        sections: { ...inCluster, existingSecrets: { registryPassword: key, ...named }, secretObjects },
    },
    {
        name: "a server that others borrow",
        sections: {
            ...little,
            lends: {
                database: true,
                borrowers: { environments: 5, connections: 10 },
                seed: { mask: { sql: ["update auth_user set email = ''"], command: ["mask"] }, schedule: "@daily" },
            },
        },
    },
    {
        name: "an image that runs itself",
        sections: {
            ...little,
            apps: [{ ...little["apps"][0], async: { replicas: { min: 1, max: 3 }, heartbeat: {} }, shell: {} }],
            broker: { variant: "redis", storage: "2Gi" },
        },
    },
    {
        name: "two apps",
        sections: {
            ...little,
            environment: { kind: "staging", mainApp: "shop" },
            apps: [little["apps"][0], { ...little["apps"][0], name: "blog", hosts: ["blog.example.org"] }],
        },
    },
    {
        name: "on another stack's platform",
        sections: {
            ...little,
            environment: { kind: "ephemeral" },
            platform: { variant: "stack", stack: "staging" },
            apps: [{ ...little["apps"][0], hosts: [`pr-1.${lent}`] }],
            database: { variant: "platform" },
            exposure: { variant: "platform" },
        },
        platform: {
            ...little,
            platform: kubernetes,
            exposure: { variant: "gateway" },
            lends: { domain: lent, database: true },
        },
    },
];

const byGateway: Sections = { ...little, exposure: { variant: "gateway" } };

/** CI's identity, with everything; what a deployment is let do is the cloud's own. */
const github = (grants: Sections): Sections => ({
    variant: "github",
    repository: "example-org/shop",
    ids: { owner: 123456, repository: 456789 },
    push: { branches: ["main"] },
    preview: { branches: ["main"] },
    review: { environments: ["review"] },
    deploy: { branches: ["main"], environments: ["production"], ...grants },
    stateBucket: "example-state",
});
const gitlab = (grants: Sections): Sections => ({
    variant: "gitlab",
    project: "example-org/shop",
    push: { branches: ["main"] },
    preview: { branches: ["main"] },
    review: {},
    deploy: { branches: ["main"], ...grants },
});

const gcp: Sections = {
    ...byGateway,
    clouds: { gcp: clouds.gcp },
    platform: {
        variant: "gcp",
        apis: { variant: "create" },
        network: { variant: "create", native: {} },
        cluster: {
            variant: "create",
            nodes: {
                variant: "pools",
                pools: { general: { min: 3, max: 6, zones: ["b", "c", "d"] }, other: { min: 3, max: 6 } },
            },
            apiAccess: { cidrs: ["203.0.113.0/24"] },
            maintenance: {
                exclusions: { sale: { start: "2026-11-20T00:00:00Z", end: "2026-12-01T00:00:00Z" } },
            },
        },
        keys: { variant: "create" },
        dns: { variant: "create", domain: "example.org", parentZone: "org" },
        registry: { variant: "create" },
        gateway: { native: {} },
        ci: github({ roles: ["roles/editor"] }),
    },
};
const cloudSql = { variant: "create", version: "16", tier: "db-custom-2-7680", storage: "20Gi", storageLimit: "100Gi" };
const cloudStorage = {
    variant: "cloud-storage",
    static: { variant: "create", host: "static.shop.example.org" },
    native: {},
};
const existingFiles = {
    variant: "cloud-storage",
    static: { variant: "existing", bucket: "static", url: "https://static.example.org/" },
    media: { variant: "existing", bucket: "media" },
    access: { variant: "existing", serviceAccount: "files@example-shop.iam.gserviceaccount.com" },
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
};
const gcpNetwork = "projects/example-shop/global/networks/shared";
const auth: Secrets = { cachePassword: "letmein-with-a-token" };
const password: Secrets = { databasePassword: "letmein" };

const gcps: readonly Base[] = [
    elsewhere("Cloud SQL", "gcp", { database: { variant: "cloud-sql", server: { ...cloudSql, network: gcpNetwork } } }),
    ...[{ at: "2026-12-01T10:20:30Z" }, { backup: "1764552000000" }].map((what) =>
        elsewhere(`Cloud SQL, restored by ${Object.keys(what)[0]!}`, "gcp", {
            database: {
                variant: "cloud-sql",
                server: { ...cloudSql, network: gcpNetwork },
                restore: { ...what, from: "database-instance-1a2b3c4", previous: "latest" },
            },
        }),
    ),
    elsewhere("Cloud SQL that is there", "gcp", {
        lends: { database: true },
        database: {
            variant: "cloud-sql",
            server: { variant: "existing", name: "main", address: "10.20.0.3", ca: certificate, maxConnections: 400 },
        },
    }),
    elsewhere("Memorystore", "gcp", {
        cache: { variant: "memorystore", server: { variant: "create", memory: 5, network: gcpNetwork } },
    }),
    elsewhere(
        "Memorystore that is there",
        "gcp",
        {
            cache: {
                variant: "memorystore",
                server: { variant: "existing", address: "10.20.0.8", readAddress: "10.20.0.9", ca: certificate },
            },
        },
        auth,
    ),
    elsewhere("Cloud Storage", "gcp", {
        assets: { ...cloudStorage, access: { variant: "workload-identity", pool: "example-shop.svc.id.goog" } },
    }),
    elsewhere("Cloud Storage by a key", "gcp", {
        assets: { ...cloudStorage, access: { variant: "hmac-key" } },
        rotations: { assets: 1 },
    }),
    elsewhere("Cloud Storage that is there", "gcp", { assets: existingFiles }),
    { name: "on Google Cloud, all there", sections: gcpExisting },
    { name: "on Google Cloud", sections: gcp },
    {
        name: "watched on Google Cloud",
        sections: {
            ...gcp,
            database: {
                variant: "cloud-sql",
                server: {
                    ...cloudSql,
                    availability: "regional",
                    maintenance: { denied: { from: "11-20", to: "12-02" } },
                },
            },
            cache: { variant: "memorystore", server: { variant: "create", memory: 5 } },
            alarms: {
                emails: ["operations@example.org"],
                gcp: { monthlyBudget: 900, billingAccount: "012345-678901-ABCDEF", native: {} },
            },
        },
    },
    {
        name: "on Google Cloud, with GitLab",
        sections: { ...gcp, platform: { ...gcp["platform"], ci: gitlab({ roles: ["roles/editor"] }) } },
    },
    elsewhere("Cloud Storage that is there, as two accounts", "gcp", {
        assets: {
            ...existingFiles,
            static: cloudStorage.static,
            access: { ...existingFiles.access, staticServiceAccount: "static@example-shop.iam.gserviceaccount.com" },
        },
    }),
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
            assets: cloudStorage,
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
const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
const aws: Sections = {
    ...byGateway,
    clouds: { aws: clouds.aws },
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
        ci: github({ policies: [administrator] }),
        native: {},
    },
};
const rds = { variant: "create", version: "17", instanceClass: "db.t4g.small", storage: "20Gi", network: vpc };
const s3 = { variant: "s3", host: "static.shop.example.org", zoneId: "Z0123456789ABCDEFGHIJ", native: {} };
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
    database: { variant: "rds", server: { ...rds, network: undefined } },
};

const awss: readonly Base[] = [
    {
        name: "on AWS, with GitLab",
        sections: { ...aws, platform: { ...aws["platform"], ci: gitlab({ policies: [administrator] }) } },
    },
    elsewhere("RDS", "aws", { database: { variant: "rds", server: rds } }),
    ...[
        { at: "2026-12-01T10:20:30Z", from: "database-server-1a2b3c4d" },
        { backup: "shop-final", previous: "shop-before" },
    ].map((restore) =>
        elsewhere(
            `RDS, restored by ${Object.keys(restore)[0]!}`,
            "aws",
            { database: { variant: "rds", server: rds, restore } },
            { databasePassword: "a-password-of-the-source" },
        ),
    ),
    elsewhere("RDS with a key that is there", "aws", {
        database: {
            variant: "rds",
            server: {
                ...rds,
                encryption: { variant: "existing", keyArn: `arn:aws:kms:eu-central-1:${account}:key/1234abcd` },
            },
        },
    }),
    elsewhere(
        "RDS that is there",
        "aws",
        {
            lends: { database: true },
            database: {
                variant: "rds",
                server: {
                    variant: "existing",
                    address: "shop.c9akciq32abc.eu-central-1.rds.amazonaws.com",
                    database: "shop",
                    user: "shop",
                    maxConnections: 500,
                    cidrs: vpc.cidrs,
                },
            },
        },
        password,
    ),
    elsewhere("ElastiCache", "aws", {
        cache: { variant: "elasticache", server: { variant: "create", nodeType: "cache.t4g.small", network: vpc } },
    }),
    elsewhere(
        "ElastiCache that is there",
        "aws",
        {
            cache: {
                variant: "elasticache",
                server: {
                    variant: "existing",
                    primary: "master.shop.abc123.euc1.cache.amazonaws.com",
                    reader: "replica.shop.abc123.euc1.cache.amazonaws.com",
                    cidrs: vpc.cidrs,
                },
            },
        },
        auth,
    ),
    elsewhere("S3", "aws", { assets: s3 }),
    elsewhere("S3 that is there", "aws", {
        assets: {
            ...s3,
            certificate: {
                variant: "existing",
                arn: `arn:aws:acm:us-east-1:${account}:certificate/11111111-2222-3333-4444-555555555555`,
            },
            media: { variant: "existing", bucket: "uploads" },
        },
    }),
    { name: "on AWS, all there", sections: awsExisting },
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
                    nodes: {
                        variant: "auto",
                        pools: ["general-purpose", "system"],
                        ownPools: {
                            batch: {
                                quiet: [{ schedule: "0 6 * * mon-fri", hours: 12 }],
                                taints: [{ key: "batch", value: "yes", effect: "NoSchedule" }],
                            },
                        },
                    },
                },
            },
        },
    },
    { name: "on AWS", sections: aws },
    {
        name: "watched on AWS",
        sections: {
            ...aws,
            exposure: {
                variant: "gateway",
                firewall: { rules: "count", requestsPerMinute: 1000 },
                accessLogs: { days: 30 },
            },
            database: {
                variant: "rds",
                server: { ...rds, network: undefined, backupCopy: { region: "eu-west-1", days: 7 } },
            },
            cache: {
                variant: "elasticache",
                server: { variant: "create", nodeType: "cache.t4g.small", replicas: 1 },
            },
            assets: { variant: "s3", host: "static.example.org" },
            alarms: { emails: ["operations@example.org"], aws: { monthlyBudget: 900, native: {} } },
        },
    },
];

const digitalOcean: Sections = {
    ...byGateway,
    clouds: { digitalocean: clouds.digitalocean },
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
        dns: { variant: "create", domain: "shop.example.org", parentZone: "example.org" },
        gateway: { variant: "cilium" },
        // The token is used for them too, so that each of its uses can be left out alone.
        certificates: { variant: "letsencrypt", email: "operations@example.org", challenge: "dns-01" },
        native: {},
    },
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
};
const droplets = { vpc: id(3), range: "10.220.0.0/20", clusters: [id(4)] };
const token: Secrets = { digitaloceanDnsToken: "token" };

const digitalOceans: readonly Base[] = [
    elsewhere("DigitalOcean's PostgreSQL", "digitalocean", {
        database: {
            variant: "digitalocean",
            server: { variant: "create", version: "17", size: "db-s-4vcpu-8gb", pool: { size: 50 }, network: droplets },
        },
    }),
    elsewhere("DigitalOcean's PostgreSQL, restored", "digitalocean", {
        database: {
            variant: "digitalocean",
            server: { variant: "create", version: "17", size: "db-s-4vcpu-8gb", network: droplets },
            restore: { at: "2026-12-01T10:20:30Z", from: "database-cluster-1a2b3c4", previous: "latest" },
        },
    }),
    elsewhere(
        "DigitalOcean's PostgreSQL that is there",
        "digitalocean",
        {
            database: {
                variant: "digitalocean",
                server: {
                    variant: "existing",
                    host: "private-shop.db.ondigitalocean.com",
                    range: droplets.range,
                    database: "shop",
                    user: "shop",
                    ca: certificate,
                    maxConnections: 400,
                },
            },
        },
        password,
    ),
    elsewhere(
        "DigitalOcean's PostgreSQL that is there, lent",
        "digitalocean",
        {
            lends: { database: true },
            database: {
                variant: "digitalocean",
                server: {
                    variant: "existing",
                    host: "private-shop.db.ondigitalocean.com",
                    range: droplets.range,
                    database: "shop",
                    user: "shop",
                    ca: certificate,
                    maxConnections: 400,
                },
            },
        },
        password,
    ),
    elsewhere("DigitalOcean's Valkey", "digitalocean", {
        cache: { variant: "digitalocean", server: { variant: "create", size: "db-s-1vcpu-2gb", network: droplets } },
    }),
    elsewhere(
        "DigitalOcean's Valkey that is there",
        "digitalocean",
        {
            cache: {
                variant: "digitalocean",
                server: { variant: "existing", host: "private-cache.db.ondigitalocean.com", range: droplets.range },
            },
        },
        auth,
    ),
    elsewhere("Spaces", "digitalocean", {
        assets: { variant: "spaces", buckets: { variant: "create", cdn: { domain: "static.example.org" } } },
    }),
    elsewhere("Spaces that are there", "digitalocean", {
        assets: {
            variant: "spaces",
            buckets: {
                variant: "existing",
                staticBucket: "static",
                mediaBucket: "media",
                url: "https://static.example.org/",
            },
        },
    }),
    {
        name: "a new cluster of DigitalOcean's in a network that is there",
        sections: {
            ...digitalOcean,
            platform: { ...digitalOcean["platform"], network: digitalOceanExisting["platform"].network },
            cache: { variant: "digitalocean", server: { variant: "create", size: "db-s-1vcpu-2gb" } },
        },
        secrets: token,
    },
    { name: "at DigitalOcean, all there", sections: digitalOceanExisting, secrets: token },
    { name: "at DigitalOcean", sections: digitalOcean, secrets: token },
    {
        name: "watched at DigitalOcean",
        sections: {
            ...digitalOcean,
            database: {
                variant: "digitalocean",
                server: { variant: "create", version: "17", size: "db-s-2vcpu-4gb" },
            },
            cache: { variant: "digitalocean", server: { variant: "create", size: "db-s-1vcpu-2gb" } },
            alarms: { emails: ["operations@example.org"], digitalocean: { native: {} } },
        },
        secrets: { digitaloceanDnsToken: "letmein" },
    },
];

const external = { cidrs: ["10.230.0.0/28"], tls: { mode: "verify-ca", ca: certificate } };

const rabbit = { variant: "external", ...external, protocol: "amqp", host: "mq.example.org", user: "shop" };

const storesThatAreThere: Sections = {
    ...little,
    environment: { kind: "staging", mainApp: "shop" },
    apps: [
        little["apps"][0],
        {
            ...little["apps"][0],
            name: "blog",
            hosts: ["blog.example.org"],
            stores: { broker: { ...rabbit, user: "blog", vhost: "blog" } },
        },
    ],
    database: {
        variant: "external",
        ...external,
        host: "db.example.org",
        database: "shop",
        user: "shop",
        maxConnections: 300,
        administrator: { user: "root", image: "registry.example.org/postgres:17" },
    },
    cache: {
        variant: "external",
        ...external,
        protocol: "redis",
        host: "redis.example.org",
        user: "shop",
        replicas: [{ host: "redis-2.example.org" }],
    },
    broker: rabbit,
};

const externals: readonly Base[] = [
    {
        name: "stores that are there",
        sections: storesThatAreThere,
        secrets: {
            databasePassword: "letmein",
            databaseAdministratorPassword: "letmein",
            cachePassword: "letmein",
            brokerPassword: "letmein",
            apps: { blog: { brokerPassword: "letmein" } },
        },
    },
    {
        name: "other stores that are there",
        sections: {
            ...little,
            database: {
                variant: "external",
                host: "10.230.0.5",
                database: "shop",
                user: "shop",
                maxConnections: 300,
                tls: { mode: "disable" },
            },
            cache: {
                variant: "external",
                protocol: "memcached",
                host: "10.230.0.6",
                servers: [{ host: "10.230.0.7" }],
            },
            broker: { variant: "external", protocol: "redis", host: "10.230.0.8", tls: { mode: "disable" } },
        },
        secrets: { databasePassword: "letmein" },
    },
];

/** Logins that only such stores have, as keys of Secrets. */
const withExistingSecrets: readonly Base[] = [
    {
        name: "stores that are there, with Secrets that are there",
        sections: {
            ...storesThatAreThere,
            existingSecrets: {
                databasePassword: key,
                databaseAdministratorPassword: key,
                cachePassword: key,
                brokerPassword: key,
                apps: { blog: { brokerPassword: key } },
            },
        },
    },
    {
        name: "backed up, with Secrets that are there",
        sections: {
            ...little,
            database: { ...little["database"], backups: { to: { ...server, bucket: "backups" } } },
            existingSecrets: {
                databaseBackupsAccessKeyId: key,
                databaseBackupsSecretAccessKey: { ...key, key: "secret" },
                databaseBackupsPassphrase: { ...key, key: "passphrase" },
            },
        },
    },
    {
        name: "buckets that are there, with Secrets that are there",
        sections: {
            ...little,
            assets: { variant: "whitenoise", media: { from: "bucket", bucket: "uploads", ...server } },
            existingSecrets: { assetsAccessKeyId: key, assetsSecretAccessKey: key },
        },
    },
    {
        name: "static and uploaded files in buckets that are there, with Secrets that are there",
        sections: {
            ...little,
            assets: {
                variant: "s3-compatible",
                ...server,
                static: { bucket: "statics", url: "https://static.example.org/" },
                media: { bucket: "uploads" },
            },
            existingSecrets: {
                assetsAccessKeyId: key,
                assetsSecretAccessKey: key,
                assetsStaticAccessKeyId: { ...key, key: "static" },
                assetsStaticSecretAccessKey: key,
            },
        },
    },
];

/** Without a controller in front. */
const direct = { sourceRanges: ["10.0.0.0/8"], from: { cidrs: ["10.1.0.0/16"] } };

const waysIn: readonly Base[] = [
    {
        name: "little, by a load balancer",
        sections: { ...little, exposure: { variant: "load-balancer", ports: { shop: 8080 }, ...direct } },
    },
    {
        name: "little, by ports of the nodes",
        sections: { ...little, exposure: { variant: "node-port", ports: { shop: 30080 }, ...direct } },
    },
    {
        name: "little, with a certificate that is there",
        sections: {
            ...little,
            platform: kubernetes,
            exposure: { variant: "gateway", certificate: { variant: "secret", name: "wildcard" } },
        },
    },
    {
        name: "little, with a certificate that is given",
        sections: {
            ...little,
            platform: kubernetes,
            exposure: { variant: "gateway", certificate: { variant: "given" } },
        },
        secrets: { certificate: { ...ownCertificate } },
    },
];

const oneMemcached: Base = {
    name: "one Memcached that is there",
    sections: { ...little, cache: { variant: "external", protocol: "memcached", host: "10.230.0.6" } },
};

/** Of those that have a setting, the cheapest to plan comes first. */
const keysForDrills = {
    databaseBackupsAccessKeyId: "id",
    databaseBackupsSecretAccessKey: "key",
    databaseBackupsPassphrase: "a passphrase of some length",
};

const drilled: Base = {
    name: "little, with drills",
    sections: {
        ...little,
        apps: [littleDjango],
        database: {
            ...little["database"],
            backups: {
                to: { endpoint: "https://s3.example.org", bucket: "backups" },
                drill: { sql: ["select true"], maxAge: 30 },
            },
        },
    },
    secrets: keysForDrills,
};

export const bases: readonly Base[] = [
    ...inClusters,
    ...waysIn,
    ...externals,
    ...withExistingSecrets,
    oneMemcached,
    drilled,
    ...digitalOceans,
    ...awss,
    ...gcps,
];

/** The one stack in which some settings act, that are in many. */
const onlyIn: ReadonlyArray<readonly [setting: RegExp, base: string]> = [
    [/^environment\.timeToLive|^environment\.keep|^operator\.quota\./, "little, for a while"],
    [/^environment\.sleep/, "little, asleep when nobody comes"],
    [/^environment\.pullRequest/, "little, of a pull request"],
    [/^environment\.mainApp|^secrets\.apps/, "two apps"],
    [/^alarms\.(emails|aws)/, "watched on AWS"],
    [/^alarms\.gcp/, "watched on Google Cloud"],
    [/^alarms\.digitalocean/, "watched at DigitalOcean"],
    [/^secrets\.digitaloceanDnsToken/, "at DigitalOcean"],
    [/^secrets\.databaseAdministratorPassword/, "stores that are there"],
    [/^secrets\.databaseBackups/, "little, backed up and restored"],
    [/^secrets\.assets/, "little, with buckets that are there"],
    [/^secrets\.certificate/, "little, with a certificate that is given"],
    [/^secrets\.secretKeyFallback/, "in a cluster, with keys that are given"],
    [/^(secrets|operator)\./, "in a cluster"],
];

/** Where a setting is tried. */
export function basesFor(setting: string): readonly Base[] {
    const name = onlyIn.find(([form]) => form.test(setting))?.[1];
    return name === undefined ? bases : bases.filter((base) => base.name === name);
}
