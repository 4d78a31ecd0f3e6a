// A value with something before or after it is another value: each format is one of the whole text.
// Does not prove what a format takes and refuses within: the tests of each section do.
import { describe, expect, test } from "vitest";
import { problemsOf, withSettings, type Change, type RawSettings } from "../../support/settings.ts";
import { awsStores, onAws, onDigitalOcean, onGcp } from "../../stacks/support/clouds.ts";
import { inCluster } from "../../stacks/support/stack.ts";

const key = "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k";
const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
const awsKey = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd";
const id = "4de7ac8b-495b-4884-9a69-1050c6793cd6";
const network = {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
    cidrs: ["10.200.0.0/24"],
    clientSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"],
    clientCidrs: ["10.210.0.0/16"],
};
const doNetwork = { vpc: id, range: "10.220.0.0/20", clusters: [id] };

/** Whatever these hold is the owner's affair, or a list of words. */
const free = /\.native\.|attributes|Annotations|\.environment\.|\.files\.|variant$|contract$|kind$|module$|\.labels\./;

const examples: Record<string, RawSettings> = {
    "AWS, made": onAws(
        ...awsStores,
        ["database.server", { ...rdsServer(), network }],
        ["cache.server.network", network],
    ),
    "AWS, adopted": onAws(
        [
            "platform",
            {
                variant: "aws",
                network: {
                    variant: "existing",
                    id: "vpc-0a1b2c3d",
                    publicSubnets: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
                    publicRanges: ["10.1.0.0/24", "10.1.1.0/24"],
                    privateSubnets: ["subnet-2a1b2c3d", "subnet-3a1b2c3d"],
                    storeSubnets: ["subnet-4a1b2c3d", "subnet-5a1b2c3d"],
                    storeRanges: ["10.1.8.0/24", "10.1.9.0/24"],
                },
                cluster: {
                    variant: "existing",
                    name: "main",
                    endpoint: "https://0A1B2C.gr7.eu-central-1.eks.amazonaws.com",
                    ca: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
                    securityGroup: "sg-0a1b2c3d",
                    storageClass: "gp3",
                },
                registry: { variant: "existing", prefix: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shared" },
                dns: { variant: "existing", domain: "shop.example.org", id: "Z0123456789ABCDEFGHIJ" },
                gateway: { variant: "existing", className: "alb" },
                secretsKey: { variant: "existing", id: "alias/shop" },
            },
        ],
        [
            "assets",
            {
                variant: "s3",
                host: "static.shop.example.org",
                zoneId: "Z0123456789ABCDEFGHIJ",
                certificate: {
                    variant: "existing",
                    arn: "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
                },
                media: { variant: "existing", bucket: "uploads", keyArn: awsKey },
                podIdentityCluster: "main",
            },
        ],
    ),
    "Google Cloud, made": onGcp(
        [
            "database",
            {
                variant: "cloud-sql",
                server: {
                    variant: "create",
                    version: "17",
                    tier: "db-custom-1-3840",
                    storage: "10Gi",
                    backups: { startTime: "02:00" },
                    network: "projects/p/global/networks/n",
                    encryptionKey: key,
                },
            },
        ],
        [
            "assets",
            {
                variant: "cloud-storage",
                static: { variant: "existing", bucket: "static", url: "https://static.example.org/" },
                encryptionKey: key,
            },
        ],
    ),
    "Google Cloud, adopted": onGcp(
        ["platform.apis", { variant: "none" }],
        [
            "platform.network",
            {
                variant: "existing",
                network: "projects/p/global/networks/n",
                subnetwork: "projects/p/regions/europe-west1/subnetworks/s",
                podsRange: "pods",
                servicesRange: "services",
            },
        ],
        [
            "platform.cluster",
            {
                variant: "existing",
                location: "europe-west1",
                name: "main",
                endpoint: "10.0.0.2",
                caCertificate: "A".repeat(100),
            },
        ],
        ["platform.keys", { variant: "existing", database: key, stackSecrets: key }],
        ["platform.dns", { variant: "existing", domain: "shop.example.org", managedZone: "zone" }],
        ["platform.registry", { variant: "existing", prefix: "europe-west1-docker.pkg.dev/p/shop" }],
        [
            "database",
            {
                variant: "cloud-sql",
                server: { variant: "existing", name: "main", address: "10.0.0.3", ca: pem, maxConnections: 500 },
            },
        ],
    ),
    "DigitalOcean, made": onDigitalOcean(
        ["secrets.digitaloceanDnsToken", "token"],
        ["platform.cluster.maintenance", { startTime: "03:00" }],
        [
            "database",
            {
                variant: "digitalocean",
                server: {
                    variant: "create",
                    version: "17",
                    size: "db-s-2vcpu-4gb",
                    network: doNetwork,
                    maintenance: { hour: "03:00" },
                },
            },
        ],
    ),
    "DigitalOcean, adopted": onDigitalOcean(
        ["platform.network", { variant: "existing", id, range: "10.110.0.0/20" }],
        [
            "platform.cluster",
            {
                variant: "existing",
                id,
                name: "main",
                endpoint: "https://main.k8s.ondigitalocean.com",
                ca: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
            },
        ],
        ["platform.dns", { variant: "none" }],
        ["platform.certificates", { variant: "existing", issuer: { name: "own" } }],
        [
            "assets",
            {
                variant: "spaces",
                buckets: {
                    variant: "existing",
                    staticBucket: "static",
                    mediaBucket: "media",
                    url: "https://static.example.org/",
                },
            },
        ],
    ),
    "another stack's": inCluster(
        ["platform", { variant: "stack", stack: "staging" }],
        ["environment", { kind: "ephemeral", timeToLive: "48h" }],
        ["exposure", { variant: "none" }],
        ["database", { variant: "platform", template: "golden" }],
    ),
};

function rdsServer(): object {
    return {
        variant: "create",
        version: "17.6",
        instanceClass: "db.t4g.small",
        storage: "20Gi",
        owner: "shop",
        backupWindow: "01:00-02:00",
        maintenanceWindow: "sun:03:00-sun:04:00",
        finalSnapshot: "shop-final",
        encryption: { variant: "existing", keyArn: awsKey },
    };
}

/** Every text in it that has a format, by its path. */
function textsIn(value: unknown, path: string = ""): [path: string, text: string][] {
    if (typeof value === "string") {
        return free.test(path) ? [] : [[path, value]];
    }
    if (value === null || typeof value !== "object") {
        return [];
    }
    return Object.entries(value).flatMap(([name, item]) =>
        textsIn(item, Array.isArray(value) ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`),
    );
}

describe.each(Object.keys(examples))("%s", (name) => {
    const raw = examples[name]!;

    test("is right as it is", () => {
        expect(problemsOf(raw)).toEqual([]);
    });

    // Secrets are any text; a kubeconfig's context too.
    const texts = textsIn(raw).filter(([path]) => !/^secrets|context$|description|email$|issuer|username/.test(path));

    test.each(texts)("%s is a format of the whole text", (path, text) => {
        for (const wrong of [`! ${text}`, `${text} !`]) {
            const change: Change = [path, wrong];
            expect(problemsOf(withSettings(raw, [change])), JSON.stringify(wrong)).not.toEqual([]);
        }
    });
});
