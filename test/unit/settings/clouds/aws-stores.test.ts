// Defaults of AWS's stores, and every message about them. Does not prove that AWS has the class or the version in the region.
import { describe, expect, test } from "vitest";
import { assetsSchema } from "../../../../settings/assets.ts";
import { cacheSchema } from "../../../../settings/cache.ts";
import { checkSection } from "../../../../settings/check/section.ts";
import { databaseSchema } from "../../../../settings/database.ts";
import { problemsAfter, withSettings, type Change } from "../../../support/settings.ts";

const network = {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
    cidrs: ["10.20.64.0/22", "10.20.68.0/22"],
    clientSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"],
};

const rds = {
    variant: "rds",
    server: { variant: "create", version: "17", instanceClass: "db.t4g.small", storage: "20Gi" },
};
const rdsExisting = {
    variant: "rds",
    server: {
        variant: "existing",
        address: "shop.c9akciq32abc.eu-central-1.rds.amazonaws.com",
        database: "shop",
        user: "shop",
        maxConnections: 200,
    },
};
const elasticache = { variant: "elasticache", server: { variant: "create", nodeType: "cache.t4g.small" } };
const elasticacheExisting = {
    variant: "elasticache",
    server: { variant: "existing", primary: "master.shop.abc123.euc1.cache.amazonaws.com" },
};
const s3 = { variant: "s3", host: "static.shop.example.org" };

const schemas = { database: databaseSchema, cache: cacheSchema, assets: assetsSchema } as const;

const check = (section: keyof typeof schemas, raw: object, ...changes: readonly Change[]) =>
    checkSection(section, schemas[section], withSettings(raw as Record<string, unknown>, changes));

/** `path: allowed`, or nothing when all is right. */
const problems = (...args: Parameters<typeof check>): string[] => {
    const { problems: all = [] } = check(...args);
    return all.map(({ path, allowed }) => `${path}: ${allowed}`);
};

describe("defaults", () => {
    test("of RDS", () => {
        expect(check("database", rds)).toEqual({
            value: {
                variant: "rds",
                server: {
                    variant: "create",
                    version: "17",
                    instanceClass: "db.t4g.small",
                    storage: "20Gi",
                    maxConnections: 100,
                    encryption: { variant: "aws-managed" },
                    slowStatements: 1000,
                    insights: "standard",
                    monitoringInterval: 0,
                    iamAuthentication: false,
                    readReplica: false,
                    logDays: 30,
                },
            },
        });
        expect(check("database", rdsExisting)).toEqual({ value: rdsExisting });
    });

    test("of ElastiCache", () => {
        expect(check("cache", elasticache)).toEqual({
            value: {
                variant: "elasticache",
                server: { variant: "create", version: "8.1", nodeType: "cache.t4g.small", replicas: 0 },
            },
        });
        expect(check("cache", elasticacheExisting)).toEqual({ value: elasticacheExisting });
    });

    test("of S3 and CloudFront", () => {
        expect(check("assets", s3)).toEqual({
            value: {
                variant: "s3",
                host: "static.shop.example.org",
                certificate: { variant: "create" },
                priceClass: "PriceClass_100",
                media: { variant: "create", versionDays: 30 },
            },
        });
    });

    test("of a network", () => {
        expect(check("cache", elasticache, ["server.network", network])).toMatchObject({
            value: { server: { network: { ...network, clientCidrs: [] } } },
        });
    });
});

describe("what is right", () => {
    test.each<[string, ...Change[]]>([
        ["a pinned minor version", ["server.version", "17.6"]],
        ["an upgrade to the version's own major", ["server.version", "18.1"], ["server.majorUpgrade", "18"]],
        ["a machine of a newer generation", ["server.instanceClass", "db.r8gd.48xlarge"]],
        ["a large disk that does not grow", ["server.storage", "1Ti"], ["server.storageLimit", "1Ti"]],
        ["a disk that grows by a tenth", ["server.storage", "100Gi"], ["server.storageLimit", "110Gi"]],
        [
            "a key that is there",
            [
                "server.encryption",
                { variant: "existing", keyArn: "arn:aws:kms:eu-central-1:123456789012:key/mrk-1234abcd" },
            ],
        ],
        ["a name of its own for database and owner", ["server.owner", "orders_app"]],
        ["its own network", ["server.network", network]],
        [
            "clients by range",
            ["server.network", { ...network, clientSecurityGroupIds: [], clientCidrs: ["10.8.0.0/16"] }],
        ],
        ["a copy to read from", ["server.readReplica", true], ["server.backupDays", 1]],
        ["backups elsewhere", ["server.backupCopy", { region: "eu-west-1" }]],
        ["windows", ["server.backupWindow", "23:30-00:30"], ["server.maintenanceWindow", "sun:03:00-sun:04:00"]],
        ["native arguments", ["server.native", { storageType: "io2", iops: 3000, tags: { team: "shop" } }]],
        ["authorities of its own", ["ca", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]],
    ])("RDS with %s", (_, ...changes) => {
        expect(problems("database", rds, ...changes)).toEqual([]);
    });

    test.each<[string, ...Change[]]>([
        ["replicas", ["server.replicas", 5]],
        ["a newer version", ["server.version", "8.2"]],
        ["its own network", ["server.network", network]],
    ])("ElastiCache with %s", (_, ...changes) => {
        expect(problems("cache", elasticache, ...changes)).toEqual([]);
    });

    test.each<[string, ...Change[]]>([
        ["a zone", ["zoneId", "Z0123456789ABCDEFGHIJ"]],
        [
            "a certificate that is there",
            [
                "certificate",
                {
                    variant: "existing",
                    arn: "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
                },
            ],
        ],
        ["a media bucket that is there", ["media", { variant: "existing", bucket: "shop-uploads" }]],
        ["an EKS cluster's pods", ["podIdentityCluster", "shop_Cluster-1"]],
        ["native arguments", ["native", { distribution: { webAclId: "arn" }, staticBucket: {}, mediaBucket: {} }]],
    ])("S3 with %s", (_, ...changes) => {
        expect(problems("assets", s3, ...changes)).toEqual([]);
    });
});

describe("what is wrong", () => {
    const classes = (example: string) => `a class of a generation that AWS still builds on, for example ${example}`;
    const version = 'in quotes, a major version (15, 16, 17, 18) or a minor one of it, for example "17" or "17.6"';
    const ipv4Range = "an IPv4 address range that begins with its first address, for example 10.20.0.0/16";

    test.each<[path: string, value: unknown, allowed: string]>([
        ["server.version", "14", version],
        ["server.version", "17.", version],
        ["server.version", 17, version],
        ["server.version", "17.6.1", version],
        ["server.majorUpgrade", "18", "the major version of version, 17, which it lets through"],
        ["server.majorUpgrade", "19", "15, 16, 17, 18"],
        ["server.instanceClass", "t4g.small", classes("db.t4g.small or db.m7g.large")],
        ["server.instanceClass", "db.t2.small", classes("db.t4g.small or db.m7g.large")],
        ["server.instanceClass", "db.r4.large", classes("db.t4g.small or db.m7g.large")],
        ["server.instanceClass", "db.t4g.tiny", classes("db.t4g.small or db.m7g.large")],
        ["server.instanceClass", "cache.t4g.small", classes("db.t4g.small or db.m7g.large")],
        [
            "server.owner",
            "user",
            "at most 63 lower-case letters, digits and underscores, beginning with a letter, and no word of SQL or RDS, as user or admin",
        ],
        ["server.storage", "19Gi", "from 20Gi to 64Ti, the sizes of gp3"],
        ["server.storage", "65Ti", "from 20Gi to 64Ti, the sizes of gp3"],
        ["server.storage", "20500Mi", 'whole GiB, for example "20Gi"'],
        ["server.storage", "20", 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"'],
        [
            "server.storageLimit",
            "21Gi",
            "a tenth more than storage at least, or just storage, 20Gi, for a disk that does not grow by itself",
        ],
        ["server.storageLimit", "65Ti", "at most 64Ti, the largest size of gp3"],
        ["server.maxConnections", 10, "20 to 5000"],
        ["server.maxConnections", 6000, "20 to 5000"],
        ["server.backupDays", 36, "0 to 35 days"],
        ["server.backupDays", -1, "0 to 35 days"],
        [
            "server.logDays",
            31,
            "days that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
        ],
        ["server.readReplica", 1, "true or false"],
        ["server.backupCopy", { region: "Ireland" }, "a region of AWS, for example eu-west-1"],
        ["server.slowStatements", -2, "at least -1 milliseconds"],
        ["server.monitoringInterval", 2, "0, 1, 5, 10, 15, 30 or 60"],
        ["server.insights", "all", "none, standard, advanced"],
        ["server.encryption", { variant: "none" }, "aws-managed, create, existing"],
        [
            "server.encryption",
            { variant: "existing", keyArn: "alias/shop" },
            "a KMS key's ARN, arn:aws:kms:REGION:ACCOUNT:key/ID",
        ],
        ["server.backupWindow", "1:00-2:00", "a time of the day in UTC, for example 01:00-02:00"],
        ["server.maintenanceWindow", "sunday", "a time of the week in UTC, for example sun:03:00-sun:04:00"],
        ["server.finalSnapshot", "a--b", "at most 246 letters, digits and single hyphens, beginning with a letter"],
        ["server.finalSnapshot", "last-", "at most 246 letters, digits and single hyphens, beginning with a letter"],
        [
            "server.network",
            { ...network, vpcId: "main" },
            "an id that begins with vpc-, for example vpc-0a1b2c3d4e5f60718",
        ],
        ["server.network", { ...network, subnetIds: network.subnetIds.slice(0, 1) }, "at least 2 entries"],
        ["server.network", { ...network, subnetIds: [network.subnetIds[0], network.subnetIds[0]] }, "each subnet once"],
        ["server.network", { ...network, cidrs: [] }, "at least 1 entry"],
        ["server.network", { ...network, cidrs: ["10.20.64.1/22"] }, ipv4Range],
        ["server.network", { ...network, cidrs: ["fd00::/64"] }, ipv4Range],
        [
            "server.network",
            { ...network, clientCidrs: ["0.0.0.0/0"] },
            "a range of your own, not every address there is",
        ],
        [
            "server.network",
            { ...network, clientSecurityGroupIds: [] },
            "at least one security group, or one range in clientCidrs: else nobody reaches the store",
        ],
        ["ca", "AAAA", "certificates as PEM, beginning with -----BEGIN CERTIFICATE-----"],
    ])("RDS: %s %j", (path, value, allowed) => {
        const found = problems("database", rds, [path, value]);
        expect(found).toHaveLength(1);
        expect(found[0]).toMatch(new RegExp(`^database\\.${path.replaceAll(".", "\\.")}`));
        expect(found[0]!.slice(found[0]!.indexOf(": ") + 2)).toBe(allowed);
    });

    test.each<[path: string, value: unknown, allowed: string]>([
        [
            "server.address",
            "https://shop",
            "an endpoint's name without port, for example shop.c9akciq32abc.eu-central-1.rds.amazonaws.com",
        ],
        ["server.user", "a-b", "at most 63 letters, digits and underscores, beginning with a letter or underscore"],
        ["server.cidrs", ["10.0.0.0"], ipv4Range],
    ])("RDS that is there: %s %j", (path, value, allowed) => {
        const [problem, ...others] = problems("database", rdsExisting, [path, value]);
        expect(others).toEqual([]);
        expect(problem).toMatch(new RegExp(`^database\\.${path.replaceAll(".", "\\.")}`));
        expect(problem).toContain(`: ${allowed}`);
    });

    test.each<[path: string, value: unknown, allowed: string]>([
        ["server.version", "6.2", "7.2, 8.0, 8.1, 8.2"],
        ["server.nodeType", "db.t4g.small", classes("cache.t4g.small or cache.m7g.large")],
        ["server.nodeType", "cache.t2.small", classes("cache.t4g.small or cache.m7g.large")],
        ["server.nodeType", "cache.r6gd.xlarge", classes("cache.t4g.small or cache.m7g.large")],
        ["server.replicas", 6, "0 to 5"],
        ["server.keyArn", "key", "a KMS key's ARN, arn:aws:kms:REGION:ACCOUNT:key/ID"],
    ])("ElastiCache: %s %j", (path, value, allowed) => {
        expect(problems("cache", elasticache, [path, value])).toEqual([`cache.${path}: ${allowed}`]);
    });

    test.each<[path: string, value: unknown, allowed: string]>([
        [
            "host",
            "https://static.example.org",
            "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
        ],
        ["host", undefined, "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org"],
        ["zoneId", "example.org", "a Route 53 zone's id, for example Z0123456789ABCDEFGHIJ"],
        ["priceClass", "cheap", "PriceClass_100, PriceClass_200, PriceClass_All"],
        ["media", { variant: "none" }, "create, existing"],
        ["podIdentityCluster", "arn:aws:eks:x", "an EKS cluster's name"],
    ])("S3: %s %j", (path, value, allowed) => {
        const found = problems("assets", s3, [path, value]);
        expect(found).toHaveLength(1);
        expect(found[0]).toMatch(new RegExp(`^assets\\.${path}[^:]*: ${allowed.replaceAll(/[().]/g, "\\$&")}$`));
    });

    test("S3: details of variants", () => {
        const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
        expect(problems("assets", s3, ["certificate", { variant: "existing", arn }])).toEqual([
            "assets.certificate.arn: the ARN of an ACM certificate in us-east-1, the only region that CloudFront takes them from",
        ]);
        expect(problems("assets", s3, ["media", { variant: "existing", bucket: "Uploads" }])).toEqual([
            "assets.media.bucket: a bucket's name: 3 to 63 lower-case letters, digits, hyphens and dots",
        ]);
        expect(problems("assets", s3, ["media", { variant: "create", versionDays: 0 }])).toEqual([
            "assets.media.versionDays: 1 to 3650 days",
        ]);
    });
});

describe("what is wrong together", () => {
    test.each<[what: string, changes: Change[], found: string[]]>([
        [
            "a copy to read from without a backup to begin with",
            [
                ["server.readReplica", true],
                ["server.backupDays", 0],
            ],
            ["database.server.backupDays: at least 1 with readReplica: a copy begins with a backup"],
        ],
        [
            "backups elsewhere where there are none here",
            [
                ["server.backupCopy", { region: "eu-west-1" }],
                ["server.backupDays", 0],
            ],
            ["database.server.backupDays: at least 1 with backupCopy: there is nothing to copy"],
        ],
        [
            "backups while the server may be restarted",
            [
                ["server.backupWindow", "02:30-03:30"],
                ["server.maintenanceWindow", "sun:03:00-sun:04:00"],
            ],
            [
                "database.server.backupWindow: a time that is not within maintenanceWindow, sun:03:00-sun:04:00: AWS refuses both",
            ],
        ],
    ])("%s", (_, changes, found) => {
        expect(problems("database", rds, ...changes)).toEqual(found);
    });

    test("backups that are copied to where they are", () => {
        expect(
            problemsAfter(
                ["clouds", { aws: { account: "123456789012", region: "eu-central-1" } }],
                ["database", { ...rds, server: { ...rds.server, network, backupCopy: { region: "eu-central-1" } } }],
            ),
        ).toEqual([
            {
                path: "database.server.backupCopy.region",
                found: '"eu-central-1", the region of the server itself',
                allowed: "another region: a copy beside the server is lost with it",
                fix: "pulumi config set --path 'database.server.backupCopy.region' eu-central-2",
            },
        ]);
    });

    const together = (...changes: readonly Change[]): string[] =>
        problemsAfter(["clouds", { aws: { account: "123456789012", region: "eu-central-1" } }], ...changes).map(
            ({ path, found, allowed, fix }) => [path, found, allowed, fix].join(" | "),
        );
    const network = {
        vpcId: "vpc-0a1b2c3d4e5f60718",
        subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
        cidrs: ["10.20.0.0/24"],
        clientCidrs: ["10.20.8.0/24"],
    };
    const inNetwork = <Store extends { readonly server: object }>(store: Store): Store => ({
        ...store,
        server: { ...store.server, network },
    });
    const inRange = <Store extends { readonly server: object }>(store: Store): Store => ({
        ...store,
        server: { ...store.server, cidrs: ["10.20.0.0/24"] },
    });
    const form = '8 to 128 printable ASCII characters without /, @, " and spaces, as RDS wants it';
    const token = "16 to 128 letters, digits and ! & # $ ^ < > -, as ElastiCache wants it";
    const ask = (path: string): string => `pulumi config set --secret --path '${path}'`;

    test.each(["short", "with a space", 'with"quote', "with/slash", "with@sign", "ümlauts-are-not", "x".repeat(129)])(
        "RDS takes no password like %j",
        (password) => {
            expect(together(["database", inNetwork(rds)], ["secrets.databasePassword", password])).toEqual([
                `secrets.databasePassword | a secret value | ${form} | ${ask("secrets.databasePassword")}`,
            ]);
        },
    );

    test.each(["fifteen-letters", "x".repeat(129), "with.a.dot.in.between", "with_underscores_"])(
        "ElastiCache takes no token like %j",
        (password) => {
            expect(together(["cache", inNetwork(elasticache)], ["secrets.cachePassword", password])).toEqual([
                `secrets.cachePassword | a secret value | ${token} | ${ask("secrets.cachePassword")}`,
            ]);
        },
    );

    test("what they take, and no password at all, is right", () => {
        const secrets = { databasePassword: "p'%:#x-1", cachePassword: "!&#$^<>-aA0aA0aA" };
        expect(together(["database", inNetwork(rds)], ["cache", inNetwork(elasticache)], ["secrets", secrets])).toEqual(
            [],
        );
        expect(together(["database", inNetwork(rds)], ["cache", inNetwork(elasticache)])).toEqual([]);
    });

    test("a server that is there has a password that is there, of whatever form", () => {
        expect(together(["database", inRange(rdsExisting)], ["cache", inRange(elasticacheExisting)])).toEqual(
            ["database", "cache"].map((kind) => {
                const path = `secrets.${kind}Password`;
                return `${path} | nothing | the password of the server that ${kind}.server names | ${ask(path)}`;
            }),
        );
        expect(together(["database", inRange(rdsExisting)], ["secrets.databasePassword", "a b"])).toEqual([]);
    });

    test("an app's own store has the app's own secrets", () => {
        const blog = {
            contract: "django",
            name: "blog",
            module: "blog",
            image: "registry.example.org/blog:1",
            hosts: ["blog.example.org"],
            stores: { database: inNetwork(rds) },
        };
        const all: Change[] = [
            ["apps[1]", blog],
            ["environment.mainApp", "shop"],
            ["secrets.apps", { blog: { databasePassword: "short" } }],
        ];
        expect(together(...all)).toEqual([
            `secrets.apps.blog.databasePassword | a secret value | ${form} | ${ask("secrets.apps.blog.databasePassword")}`,
        ]);
        expect(together(...all.slice(0, 2), ["apps[1].name", "user"])).toEqual([
            'apps[1].stores.database.server.owner | nothing, and so the app\'s name, "user" | another name: RDS keeps this one for itself | ' +
                "pulumi config set --path 'apps[1].stores.database.server.owner' user_app",
        ]);
    });

    test("production has a standby and a week of backups (R58, R59)", () => {
        const production: Change[] = [
            ["environment.kind", "production"],
            ["apps[0].image", "registry.example.org/shop:4f2a91c"],
            ["database", inNetwork(rds)],
            ["database.server.multiAz", false],
            ["database.server.backupDays", 6],
        ];
        const found = together(...production).filter((problem) => problem.startsWith("database"));
        expect(found).toEqual([
            "database.server.multiAz | false | true in production: without a standby, the loss of a machine or a zone is an outage of hours (R58) | " +
                "pulumi config set --path 'database.server.multiAz' true",
            "database.server.backupDays | 6 | 7 to 35 in production (R59) | pulumi config set --path 'database.server.backupDays' 7",
        ]);
        expect(together(...production.slice(2))).toEqual([]);
    });
});
