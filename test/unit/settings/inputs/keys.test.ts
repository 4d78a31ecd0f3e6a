// Keys of clouds work where they are: one of another region is refused with where it should be.
// Does not prove: that there is such a key.
import type { Change } from "../../../support/settings.ts";
import { refused, told } from "../../../support/findings.ts";

const aws = {
    variant: "aws",
    cluster: { variant: "create", version: "1.36", admins: ["arn:aws:iam::123456789012:role/deploy"] },
    dns: { variant: "create", domain: "shop.example.org" },
};
const onAws: Change = ["platform", aws];
const server = { variant: "create", version: "17", instanceClass: "db.t4g.small", storage: "20Gi" };
const rds = { variant: "rds", server };
const nodes = { variant: "autopilot" };
const apiAccess = { cidrs: ["203.0.113.0/24"] };
const onGcp: Change = ["platform", { variant: "gcp", cluster: { variant: "create", apiAccess, nodes } }];
const gcpKey = (place: string) => `projects/p/locations/${place}/keyRings/r/cryptoKeys/k`;
const awsKey = (place: string) => `arn:aws:kms:${place}:123456789012:key/1234abcd`;
const cloudSql = { variant: "create", version: "17", tier: "db-custom-1-3840", storage: "10Gi" };

refused("a key elsewhere", [
    [
        "of RDS",
        [
            onAws,
            [
                "database",
                { ...rds, server: { ...server, encryption: { variant: "existing", keyArn: awsKey("eu-west-1") } } },
            ],
        ],
        [
            {
                path: "database.server.encryption.keyArn",
                found: '"arn:aws:kms:eu-west-1:123456789012:key/1234abcd", which is in eu-west-1',
                allowed: "a key in eu-central-1, where it is used",
                fix: "pulumi config set --path 'database.server.encryption.keyArn' 'arn:aws:kms:eu-central-1:123456789012:key/ID'",
            },
        ],
    ],
    [
        "of ElastiCache",
        [
            onAws,
            [
                "cache",
                {
                    variant: "elasticache",
                    server: { variant: "create", nodeType: "cache.t4g.small", keyArn: awsKey("eu-west-1") },
                },
            ],
        ],
        [
            {
                path: "cache.server.keyArn",
                found: '"arn:aws:kms:eu-west-1:123456789012:key/1234abcd", which is in eu-west-1',
                allowed: "a key in eu-central-1, where it is used",
                fix: "pulumi config set --path 'cache.server.keyArn' 'arn:aws:kms:eu-central-1:123456789012:key/ID'",
            },
        ],
    ],
    [
        "of S3",
        [
            onAws,
            [
                "assets",
                {
                    variant: "s3",
                    host: "static.shop.example.org",
                    media: { variant: "create", keyArn: awsKey("eu-west-1") },
                },
            ],
        ],
        [
            {
                path: "assets.media.keyArn",
                found: '"arn:aws:kms:eu-west-1:123456789012:key/1234abcd", which is in eu-west-1',
                allowed: "a key in eu-central-1, where it is used",
                fix: "pulumi config set --path 'assets.media.keyArn' 'arn:aws:kms:eu-central-1:123456789012:key/ID'",
            },
        ],
    ],
    [
        "of Cloud SQL",
        [onGcp, ["database", { variant: "cloud-sql", server: { ...cloudSql, encryptionKey: gcpKey("europe-west4") } }]],
        [
            {
                path: "database.server.encryptionKey",
                found: '"projects/p/locations/europe-west4/keyRings/r/cryptoKeys/k", which is in europe-west4',
                allowed: "a key in europe-west1, where it is used",
                fix: "pulumi config set --path 'database.server.encryptionKey' 'projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k'",
            },
        ],
    ],
    [
        "of Memorystore",
        [onGcp, ["cache", { variant: "memorystore", server: { variant: "create", encryptionKey: gcpKey("global") } }]],
        [
            {
                path: "cache.server.encryptionKey",
                found: '"projects/p/locations/global/keyRings/r/cryptoKeys/k", which is in global',
                allowed: "a key in europe-west1, where it is used",
                fix: "pulumi config set --path 'cache.server.encryptionKey' 'projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k'",
            },
        ],
    ],
    [
        "of Cloud Storage in a multi-region",
        [
            onGcp,
            [
                "assets",
                {
                    variant: "cloud-storage",
                    location: "EU",
                    encryptionKey: gcpKey("europe-west1"),
                    static: { variant: "create", host: "static.example.org" },
                },
            ],
        ],
        [
            {
                path: "assets.encryptionKey",
                found: '"projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k", which is in europe-west1',
                allowed: "a key in europe, where it is used",
                fix: "pulumi config set --path 'assets.encryptionKey' 'projects/p/locations/europe/keyRings/r/cryptoKeys/k'",
            },
        ],
    ],
]);

told("a key where it is used", [
    [
        "of RDS",
        [
            onAws,
            [
                "database",
                { ...rds, server: { ...server, encryption: { variant: "existing", keyArn: awsKey("eu-central-1") } } },
            ],
        ],
        [],
    ],
    [
        "of Cloud SQL",
        [onGcp, ["database", { variant: "cloud-sql", server: { ...cloudSql, encryptionKey: gcpKey("europe-west1") } }]],
        [],
    ],
    [
        "of Cloud Storage in a multi-region",
        [
            onGcp,
            [
                "assets",
                {
                    variant: "cloud-storage",
                    location: "EU",
                    encryptionKey: gcpKey("europe"),
                    static: { variant: "create", host: "static.example.org" },
                },
            ],
        ],
        [],
    ],
]);
