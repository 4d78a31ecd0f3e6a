// Regions: what can be none is refused with what it should be, what the lists do not know is told, and the cause is named, not its shadow.
// Does not prove: that the lists are whole.
import type { Change } from "../../../support/settings.ts";
import { quiet, refused, told } from "../../../support/findings.ts";

const aws = {
    variant: "aws",
    cluster: { variant: "create", version: "1.36", admins: ["arn:aws:iam::123456789012:role/deploy"] },
    dns: { variant: "create", domain: "shop.example.org" },
};
const onAws: Change = ["platform", aws];
const server = { variant: "create", version: "17", instanceClass: "db.t4g.small", storage: "20Gi" };
const rds = { variant: "rds", server };
const ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const nodes = { variant: "autopilot" };
const apiAccess = { cidrs: ["203.0.113.0/24"] };
const onGcp: Change = ["platform", { variant: "gcp", cluster: { variant: "create", apiAccess, nodes } }];
const doks = {
    variant: "digitalocean",
    network: { variant: "create", range: "10.110.0.0/20" },
    cluster: {
        variant: "create",
        version: "1.34",
        podRange: "10.112.0.0/16",
        serviceRange: "10.113.0.0/20",
        apiAccess: { cidrs: ["203.0.113.0/24"] },
        pools: { apps: { size: "s-4vcpu-8gb", max: 8 } },
    },
    certificates: { variant: "letsencrypt", email: "operations@example.org" },
};
const onDoks: Change = ["platform", doks];
const cloudSql = { variant: "create", version: "17", tier: "db-custom-1-3840", storage: "10Gi" };

refused("a region that is none", [
    [
        "a zone of AWS",
        [...quiet, ["clouds.aws.region", "eu-central-1a"]],
        [
            {
                path: "clouds.aws.region",
                found: '"eu-central-1a", which is a zone of eu-central-1',
                allowed: "a region of AWS, for example eu-central-1",
                fix: "pulumi config set --path 'clouds.aws.region' eu-central-1",
            },
        ],
    ],
    [
        "a zone of Google Cloud",
        [...quiet, ["clouds.gcp.region", "europe-west1-b"]],
        [
            {
                path: "clouds.gcp.region",
                found: '"europe-west1-b", which is a zone of europe-west1',
                allowed: "a region of Google Cloud, for example europe-west1",
                fix: "pulumi config set --path 'clouds.gcp.region' europe-west1",
            },
        ],
    ],
    [
        "a region of another cloud",
        [...quiet, ["clouds.gcp.region", "eu-central-1"]],
        [
            {
                path: "clouds.gcp.region",
                found: '"eu-central-1", which is a region of AWS',
                allowed: "a region of Google Cloud, for example europe-north1",
                fix: "pulumi config set --path 'clouds.gcp.region' europe-north1",
            },
        ],
    ],
    [
        "and the other way round",
        [...quiet, ["clouds.aws.region", "europe-west1"]],
        [
            {
                path: "clouds.aws.region",
                found: '"europe-west1", which is a region of Google Cloud',
                allowed: "a region of AWS, for example eu-central-1",
                fix: "pulumi config set --path 'clouds.aws.region' eu-central-1",
            },
        ],
    ],
    [
        "a part of the world",
        [...quiet, ["clouds.gcp.region", "europe"]],
        [
            {
                path: "clouds.gcp.region",
                found: '"europe"',
                allowed: "a region of Google Cloud, for example europe-central2",
                fix: "pulumi config set --path 'clouds.gcp.region' europe-central2",
            },
        ],
    ],
    [
        "half of a region",
        [...quiet, ["clouds.aws.region", "us-east"]],
        [
            {
                path: "clouds.aws.region",
                found: '"us-east"',
                allowed: "a region of AWS, for example us-east-1",
                fix: "pulumi config set --path 'clouds.aws.region' us-east-1",
            },
        ],
    ],
    [
        "half of a region of DigitalOcean",
        [...quiet, ["clouds.digitalocean.region", "fra"]],
        [
            {
                path: "clouds.digitalocean.region",
                found: '"fra"',
                allowed: "a region of DigitalOcean, for example fra1",
                fix: "pulumi config set --path 'clouds.digitalocean.region' fra1",
            },
        ],
    ],
    [
        "a city",
        [...quiet, ["clouds.digitalocean.region", "frankfurt1"]],
        [
            {
                path: "clouds.digitalocean.region",
                found: '"frankfurt1"',
                allowed: "a region of DigitalOcean, for example fra1",
                fix: "pulumi config set --path 'clouds.digitalocean.region' fra1",
            },
        ],
    ],
    [
        "another partition of AWS",
        [...quiet, ["clouds.aws.region", "us-gov-west-1"]],
        [
            {
                path: "clouds.aws.region",
                found: '"us-gov-west-1"',
                allowed:
                    "a region of AWS, for example us-west-1; ARNs in China, GovCloud and the sovereign clouds are others than this program makes",
                fix: "pulumi config set --path 'clouds.aws.region' us-west-1",
            },
        ],
    ],
    [
        "China",
        [...quiet, ["clouds.aws.region", "cn-north-1"]],
        [
            {
                path: "clouds.aws.region",
                found: '"cn-north-1"',
                allowed:
                    "a region of AWS, for example eu-north-1; ARNs in China, GovCloud and the sovereign clouds are others than this program makes",
                fix: "pulumi config set --path 'clouds.aws.region' eu-north-1",
            },
        ],
    ],
]);

told("a region that the list does not have", [
    [
        "of Google Cloud",
        [...quiet, ["clouds.gcp.region", "europe-west99"]],
        [
            {
                path: "clouds.gcp.region",
                found: '"europe-west99", which the list of 2026-11-30 does not have',
                allowed:
                    "a region of Google Cloud, such as europe-west9, europe-west1, europe-west2; a newer one is right too (https://cloud.google.com/compute/docs/regions-zones)",
                fix: "pulumi config set --path 'clouds.gcp.region' europe-west9",
            },
        ],
    ],
    [
        "of DigitalOcean",
        [...quiet, ["clouds.digitalocean.region", "fra9"]],
        [
            {
                path: "clouds.digitalocean.region",
                found: '"fra9", which the list of 2026-11-30 does not have',
                allowed:
                    "a region of DigitalOcean, such as fra1, nyc1, nyc2; a newer one is right too (https://docs.digitalocean.com/platform/regional-availability/)",
                fix: "pulumi config set --path 'clouds.digitalocean.region' fra1",
            },
        ],
    ],
    [
        "of AWS",
        [...quiet, ["clouds.aws.region", "eu-middle-9"]],
        [
            {
                path: "clouds.aws.region",
                found: '"eu-middle-9", which the list of 2026-11-30 does not have',
                allowed:
                    "a region of AWS, such as eu-central-1, eu-central-2, eu-north-1; a newer one is right too (https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html)",
                fix: "pulumi config set --path 'clouds.aws.region' eu-central-1",
            },
        ],
    ],
    ["one that is there", [...quiet, ["clouds.aws.region", "mx-central-1"]], []],
    ["the newest of Google Cloud", [...quiet, ["clouds.gcp.region", "europe-north2"]], []],
    ["the newest of DigitalOcean", [...quiet, ["clouds.digitalocean.region", "mem1"]], []],
]);

refused("the cause of what RDS does not find", [
    [
        "a zone",
        [onAws, ["database", rds], ["clouds.aws.region", "eu-central-1a"]],
        [
            {
                path: "clouds.aws.region",
                found: '"eu-central-1a", which is a zone of eu-central-1',
                allowed: "a region of AWS, for example eu-central-1",
                fix: "pulumi config set --path 'clouds.aws.region' eu-central-1",
            },
        ],
    ],
    [
        "no region that is known",
        [onAws, ["database", rds], ["clouds.aws.region", "eu-middle-9"]],
        [
            {
                path: "clouds.aws.region",
                found: '"eu-middle-9", a region that is not known here',
                allowed:
                    "a region of AWS, such as eu-central-1, eu-central-2, eu-north-1; with a new one, database.ca: what its databases' certificates descend from",
                fix: "pulumi config set --path 'clouds.aws.region' eu-central-1",
            },
        ],
    ],
    [
        "a region whose authorities are not known",
        [onAws, ["database", rds], ["clouds.aws.region", "mx-central-1"]],
        [
            {
                path: "database.ca",
                found: "nothing",
                allowed: "certificates as PEM: those of mx-central-1 are not among the ones that come with the program",
                fix: "pulumi config set --path 'database.ca' \"$(curl https://truststore.pki.rds.amazonaws.com/mx-central-1/mx-central-1-bundle.pem)\"",
            },
        ],
    ],
    [
        "a server in another region",
        [
            ...quiet,
            [
                "database",
                {
                    variant: "rds",
                    server: {
                        variant: "existing",
                        address: "shop.c9akciq32abc.eu-west-1.rds.amazonaws.com",
                        database: "shop",
                        user: "shop",
                        maxConnections: 100,
                        cidrs: ["10.20.0.0/24"],
                    },
                },
            ],
            ["secrets.databasePassword", "letmein"],
        ],
        [
            {
                path: "database.ca",
                found: "nothing, and so the authorities of eu-central-1, while database.server.address is in eu-west-1",
                allowed: "certificates of eu-west-1 as PEM, or a server in eu-central-1",
                fix: "pulumi config set --path 'database.ca' \"$(curl https://truststore.pki.rds.amazonaws.com/eu-west-1/eu-west-1-bundle.pem)\"",
            },
        ],
    ],
]);

told("a new region with its databases' authorities", [
    [
        "is right, and told",
        [onAws, ["database", { ...rds, ca }], ["clouds.aws.region", "eu-middle-9"]],
        [
            {
                path: "clouds.aws.region",
                found: '"eu-middle-9", which the list of 2026-11-30 does not have',
                allowed:
                    "a region of AWS, such as eu-central-1, eu-central-2, eu-north-1; a newer one is right too (https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html)",
                fix: "pulumi config set --path 'clouds.aws.region' eu-central-1",
            },
        ],
    ],
]);

refused("where a cluster of Google Cloud is", [
    [
        "neither a region nor a zone",
        [
            [
                "platform",
                {
                    variant: "gcp",
                    network: { variant: "none" },
                    keys: { variant: "none" },
                    cluster: {
                        variant: "existing",
                        location: "europe",
                        name: "main",
                        endpoint: "10.0.0.2",
                        caCertificate: "A".repeat(100),
                        enforcesNetworkPolicy: true,
                    },
                },
            ],
        ],
        [
            {
                path: "platform.cluster.location",
                found: '"europe"',
                allowed: "a region or a zone of Google Cloud, for example europe-central2",
                fix: "pulumi config set --path 'platform.cluster.location' europe-central2",
            },
        ],
    ],
]);

told("where a cluster of Google Cloud is, by a list", [
    [
        "a zone that is known",
        [
            [
                "platform",
                {
                    variant: "gcp",
                    network: { variant: "none" },
                    keys: { variant: "none" },
                    cluster: {
                        variant: "existing",
                        location: "europe-west1-b",
                        name: "main",
                        endpoint: "10.0.0.2",
                        caCertificate: "A".repeat(100),
                        enforcesNetworkPolicy: true,
                    },
                },
            ],
        ],
        [],
    ],
    [
        "a zone of a region that is not",
        [
            [
                "platform",
                {
                    variant: "gcp",
                    network: { variant: "none" },
                    keys: { variant: "none" },
                    cluster: {
                        variant: "existing",
                        location: "europe-west99-b",
                        name: "main",
                        endpoint: "10.0.0.2",
                        caCertificate: "A".repeat(100),
                        enforcesNetworkPolicy: true,
                    },
                },
            ],
        ],
        [
            {
                path: "platform.cluster.location",
                found: '"europe-west99-b", which the list of 2026-11-30 does not have',
                allowed:
                    "a region of Google Cloud, such as europe-west9, europe-west1, europe-west2; a newer one is right too (https://cloud.google.com/compute/docs/regions-zones)",
                fix: "pulumi config set --path 'platform.cluster.location' europe-west9",
            },
        ],
    ],
]);

refused("files and backups in no place", [
    [
        "a zone",
        [
            onGcp,
            [
                "assets",
                {
                    variant: "cloud-storage",
                    location: "europe-west1-b",
                    static: { variant: "create", host: "static.example.org" },
                },
            ],
        ],
        [
            {
                path: "assets.location",
                found: '"europe-west1-b", which is a zone of europe-west1',
                allowed: "a region of Google Cloud, for example europe-west1",
                fix: "pulumi config set --path 'assets.location' europe-west1",
            },
        ],
    ],
    [
        "a region of AWS",
        [onGcp, ["database", { variant: "cloud-sql", server: { ...cloudSql, backups: { location: "eu-central-1" } } }]],
        [
            {
                path: "database.server.backups.location",
                found: '"eu-central-1", which is a region of AWS',
                allowed: "a region of Google Cloud, for example europe-north1",
                fix: "pulumi config set --path 'database.server.backups.location' europe-north1",
            },
        ],
    ],
]);

told("files in a place that the list does not have", [
    [
        "a multi-region",
        [
            onGcp,
            [
                "assets",
                { variant: "cloud-storage", location: "EU", static: { variant: "create", host: "static.example.org" } },
            ],
        ],
        [],
    ],
    [
        "a region",
        [
            onGcp,
            [
                "assets",
                {
                    variant: "cloud-storage",
                    location: "europe-west99",
                    static: { variant: "create", host: "static.example.org" },
                },
            ],
        ],
        [
            {
                path: "assets.location",
                found: '"europe-west99", which the list of 2026-11-30 does not have',
                allowed:
                    "a region of Google Cloud, such as europe-west9, europe-west1, europe-west2; a newer one is right too (https://cloud.google.com/compute/docs/regions-zones)",
                fix: "pulumi config set --path 'assets.location' europe-west9",
            },
        ],
    ],
]);

refused("a region without Spaces", [
    [
        "is no default for files",
        [...quiet, ["clouds.digitalocean.region", "nyc1"], ["assets", { variant: "spaces" }]],
        [
            {
                path: "assets.region",
                found: 'nothing, and so "nyc1", the region in clouds.digitalocean',
                allowed: "a region that has Spaces: nyc3, sfo2, sfo3, ams3, sgp1, lon1, fra1, tor1, blr1, syd1, atl1",
                fix: "pulumi config set --path 'assets.region' nyc3",
            },
        ],
    ],
]);

told("a region of Spaces", [
    [
        "that is said",
        [...quiet, ["clouds.digitalocean.region", "nyc1"], ["assets", { variant: "spaces", region: "nyc3" }]],
        [],
    ],
    ["that is the cloud's", [...quiet, ["assets", { variant: "spaces" }]], []],
]);

const ofRegistry: Change = ["apps[0].image", "registry.digitalocean.com/example/shop:4f2a91c"];

told("a region of registries", [
    [
        "that the list does not have",
        [onDoks, ofRegistry, ["platform.registry", { variant: "create", name: "example", region: "fra9" }]],
        [
            {
                path: "platform.registry.region",
                found: '"fra9", which the list of 2026-11-30 does not have',
                allowed:
                    "a region with registries, such as fra1, nyc3, sfo2; a newer one is right too (https://docs.digitalocean.com/products/container-registry/details/availability/)",
                fix: "pulumi config set --path 'platform.registry.region' fra1",
            },
        ],
    ],
    [
        "that it has",
        [onDoks, ofRegistry, ["platform.registry", { variant: "create", name: "example", region: "fra1" }]],
        [],
    ],
]);
