// The branches of R58 to R66 that the examples of cloud-rules.test.ts leave out: other forms of what is wrong, and what is right.
import { describe, expect, it } from "vitest";
import { UnknownValue, type Plan } from "../../../commands/plan/plan.ts";
import { checkPlan } from "../../../policy/index.ts";
import { goodPlan } from "../support/cloud-examples.ts";
import type { TestedCloud } from "../support/cloud-plans.ts";
import { spoil, without, withExtra, type Spoiled } from "../support/spoil.ts";
import { testBranches, type Branch } from "./branches.ts";

function of(
    cloud: TestedCloud,
    name: string,
    breaks: string | readonly string[] | undefined,
    what: string,
    change: (r: Spoiled) => unknown,
): Branch {
    return {
        what: `${cloud}: ${what}`,
        breaks: breaks === undefined ? [] : typeof breaks === "string" ? [breaks] : breaks,
        plan: () => spoil(goodPlan(cloud), name, change),
    };
}

/** One resource more, which is made after another. */
function beside(
    cloud: TestedCloud,
    after: string,
    type: string,
    props: Record<string, unknown>,
    from: Plan = goodPlan(cloud),
): Plan {
    const plan = withExtra(from, after, { type, name: "more", props });
    const { urn } = from.resources.find(({ name }) => name === after)!;
    return spoil(plan, "more", (r) => {
        r.dependencies = [urn];
        r.protect = true;
    });
}

const set = (key: string, value: unknown) => (r: Spoiled) => (r.props[key] = value);
const ip = (key: string, value: unknown) => (r: Spoiled) => (r.props["settings"].ipConfiguration[key] = value);
const backups = (key: string, value: unknown) => (r: Spoiled) => (r.props["settings"].backupConfiguration[key] = value);

describe("R56: Secrets under Google's key alone", () => {
    it.each([
        ["production", "mandatory"],
        ["staging", "advisory"],
    ] as const)("in %s is %s", (kind, level) => {
        const unencrypted = set("databaseEncryption", { state: "DECRYPTED" });
        const plan = spoil(goodPlan("gcp", kind), "cluster", unencrypted);
        expect(checkPlan(plan)).toMatchObject([{ rule: "R56", level, path: "databaseEncryption.state" }]);
    });
});

describe("R92 and R56", () => {
    testBranches([
        of(
            "gcp",
            "cluster",
            ["R56 databaseEncryption.state", "R92 databaseEncryption.state"],
            "Secrets under the key of an earlier setting, or under none",
            (r) => delete r.props["databaseEncryption"],
        ),
    ]);
});

describe("R58 and R59: a copy of another database", () => {
    testBranches([
        of("aws", "database", undefined, "has its source's availability, backups, snapshot and version", (r) => {
            r.props["replicateSourceDb"] = "other";
            for (const key of ["multiAz", "backupRetentionPeriod", "finalSnapshotIdentifier", "engineVersion"]) {
                r.props[key] = undefined;
            }
        }),
        of("aws", "database", "R58 storageEncrypted", "is encrypted by itself", (r) => {
            r.props["replicateSourceDb"] = "other";
            delete r.props["storageEncrypted"];
        }),
        of("gcp", "database", undefined, "has its source's availability and backups", (r) => {
            r.props["masterInstanceName"] = "other";
            delete r.props["settings"].availabilityType;
            delete r.props["settings"].backupConfiguration;
            delete r.props["settings"].finalBackupConfig;
        }),
    ]);
});

describe("R58", () => {
    testBranches([
        of("aws", "cache", undefined, "Valkey is encrypted by default", (r) => {
            r.props["engine"] = "valkey";
            delete r.props["atRestEncryptionEnabled"];
        }),
        of("aws", "cache", "R58 atRestEncryptionEnabled", "Valkey that is not", (r) => {
            r.props["engine"] = "valkey";
            r.props["atRestEncryptionEnabled"] = false;
        }),
        of("aws", "database", undefined, "no public address by default", (r) => delete r.props["publiclyAccessible"]),
        of("gcp", "database", "R58 settings.ipConfiguration.ipv4Enabled", "a public address", ip("ipv4Enabled", true)),
        of(
            "gcp",
            "database",
            "R58 settings.ipConfiguration.authorizedNetworks",
            "everyone of IPv6",
            ip("authorizedNetworks", [{ value: "192.0.2.0/24" }, { value: "::/0" }]),
        ),
        of("gcp", "database", undefined, "named addresses", ip("authorizedNetworks", [{ value: "192.0.2.0/24" }])),
        of("digitalocean", "database", undefined, "a standby", set("nodeCount", 2)),
        of(
            "digitalocean",
            "database-sources",
            "R58 rules",
            "everyone of IPv6",
            set("rules", [{ type: "ip_addr", value: "::/0" }]),
        ),
        of("digitalocean", "database-sources", "R58 ", "sources of another database", (r) => (r.dependencies = [])),
        of("digitalocean", "database", "R58 privateNetworkUuid", "a cache in another network", (r) => {
            r.props["engine"] = "valkey";
            delete r.props["privateNetworkUuid"];
        }),
        of("digitalocean", "database", undefined, "a cache without standby", (r) => {
            r.props["engine"] = "valkey";
            r.props["nodeCount"] = 1;
        }),
    ]);
});

describe("R59", () => {
    testBranches([
        of("gcp", "database", undefined, "7 backups and 7 days are enough", (r) => {
            backups("backupRetentionSettings", { retainedBackups: 7 })(r);
            backups("transactionLogRetentionDays", 7)(r);
        }),
        of(
            "gcp",
            "database",
            ["R59 settings.backupConfiguration.enabled", "R59 settings.backupConfiguration.pointInTime"],
            "nothing",
            (r) => delete r.props["settings"].backupConfiguration,
        ),
        of("aws", "database", undefined, "7 days", set("backupRetentionPeriod", 7)),
    ]);
});

describe("R61", () => {
    testBranches([
        of("gcp", "database", undefined, "backups that stay", (r) => {
            delete r.props["settings"].finalBackupConfig;
            r.props["settings"].retainBackupsOnDelete = true;
        }),
        of(
            "gcp",
            "database",
            undefined,
            "what is not known yet",
            (r) => (r.props["settings"].finalBackupConfig = new UnknownValue()),
        ),
        of(
            "gcp",
            "database",
            "R61 settings.finalBackupConfig.enabled",
            "none",
            (r) => (r.props["settings"].finalBackupConfig = { enabled: false }),
        ),
        of("aws", "database", "R61 finalSnapshotIdentifier", "an empty name", set("finalSnapshotIdentifier", "")),
    ]);
});

describe("R62", () => {
    const force = (value: unknown) => set("parameters", [{ name: "rds.force_ssl", value }]);
    const memorystore =
        (props: object): Branch["plan"] =>
        () =>
            beside("gcp", "network", "gcp:memorystore/instance:Instance", {
                instanceId: "cache",
                engineVersion: "VALKEY_8_0",
                transitEncryptionMode: "SERVER_AUTHENTICATION",
                ...props,
            });
    testBranches([
        of("aws", "parameters", "R62 parameters", "0", force(0)),
        of("aws", "parameters", undefined, "1, as a number", force(1)),
        of("aws", "parameters", undefined, "what is not known yet", force(new UnknownValue())),
        of("aws", "parameters", undefined, "PostgreSQL 17's default", set("parameters", [])),
        of("aws", "cache", undefined, "required", set("transitEncryptionMode", "required")),
        ...["ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"].map((mode) =>
            of("gcp", "database", undefined, mode, ip("sslMode", mode)),
        ),
        of(
            "gcp",
            "database",
            "R62 settings.ipConfiguration.sslMode",
            "plain text too",
            ip("sslMode", "ALLOW_UNENCRYPTED_AND_ENCRYPTED"),
        ),
        { what: "Memorystore for Valkey", breaks: [], plan: memorystore({}) },
        {
            what: "one in plain text",
            breaks: ["R62 transitEncryptionMode"],
            plan: memorystore({ transitEncryptionMode: undefined }),
        },
        { what: "one of no version", breaks: ["R63 engineVersion"], plan: memorystore({ engineVersion: undefined }) },
    ]);
});

describe("R63", () => {
    const tier = (name: string, edition?: string) => (r: Spoiled) => {
        r.props["settings"].tier = name;
        r.props["settings"].edition = edition;
    };
    testBranches([
        of("gcp", "database", "R63 databaseVersion", "no version", (r) => delete r.props["databaseVersion"]),
        ...["db-f1-micro", "db-g1-small", "db-custom-1-3840"].map((name) =>
            of("gcp", "database", "R63 settings.edition", name, tier(name)),
        ),
        of("gcp", "database", undefined, "a tier of the default edition", tier("db-perf-optimized-N-2")),
        of("gcp", "database", "R63 settings.edition", "the other edition", tier("db-custom-2-7680", "ENTERPRISE_PLUS")),
        of("aws", "parameters", undefined, "a family that is not known yet", set("family", new UnknownValue())),
        of("digitalocean", "database", "R63 version", "no version of a cache", (r) => {
            r.props["engine"] = "valkey";
            delete r.props["version"];
        }),
    ]);
});

describe("R64", () => {
    const grant =
        (from: string, type: string, props: Record<string, unknown>): Branch["plan"] =>
        () =>
            beside("gcp", from, type, props);
    const member = "gcp:storage/bucketIAMMember:BucketIAMMember";
    const binding = "gcp:storage/bucketIAMBinding:BucketIAMBinding";
    const reader = "roles/storage.legacyObjectReader";
    const policy =
        (from: string, principal: string, effect = "Allow"): Branch["plan"] =>
        () =>
            beside("digitalocean", from, "digitalocean:index/spacesBucketPolicy:SpacesBucketPolicy", {
                policy: `{"Statement":[{"Effect":"${effect}","Principal":${principal},"Action":"s3:GetObject"}]}`,
            });
    testBranches([
        ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map((key) =>
            of("aws", "media-block", `R64 ${key}`, key, set(key, false)),
        ),
        of("aws", "media", "R64 acl", "an access list", set("acl", "public-read")),
        of("aws", "media", undefined, "a private one", set("acl", "private")),
        of("aws", "media-block", "R64 ", "the block of another bucket", (r) => (r.dependencies = [])),
        of(
            "aws",
            "cdn",
            undefined,
            "an origin that is no bucket",
            set("origins", [{ originId: "web", customOriginConfig: {} }]),
        ),
        of("aws", "cdn", undefined, "an origin in a VPC", set("origins", [{ originId: "web", vpcOriginConfig: {} }])),
        of("gcp", "media", "R64 publicAccessPrevention", "inherited", set("publicAccessPrevention", "inherited")),
        {
            what: "gcp: everyone, on a bucket that no CDN serves",
            breaks: ["R64 member"],
            plan: grant("media", member, { member: "allUsers", role: reader }),
        },
        {
            what: "gcp: everyone with an account",
            breaks: ["R64 member"],
            plan: grant("media", member, { member: "allAuthenticatedUsers", role: reader }),
        },
        {
            what: "gcp: everyone among others",
            breaks: ["R64 member"],
            plan: grant("media", binding, { members: ["user:a", "allUsers"], role: reader }),
        },
        {
            what: "gcp: one account",
            breaks: [],
            plan: grant("media", member, { member: "serviceAccount:app", role: "roles/storage.objectAdmin" }),
        },
        {
            what: "gcp: everyone may list",
            breaks: ["R64 role"],
            plan: grant("static", member, { member: "allUsers", role: "roles/storage.objectViewer" }),
        },
        {
            what: "gcp: everyone reads what the CDN serves",
            breaks: [],
            plan: grant("static", member, { member: "allUsers", role: reader }),
        },
        ...['"*"', '["*"]', '{"AWS":"*"}', '{ "AWS": [ "*" ] }'].map((principal) => ({
            what: `digitalocean: a policy for ${principal}`,
            breaks: ["R64 policy"],
            plan: policy("media", principal),
        })),
        { what: "digitalocean: a policy against everyone", breaks: [], plan: policy("media", '"*"', "Deny") },
        { what: "digitalocean: a policy for one", breaks: [], plan: policy("media", '"arn:aws:iam:::user/app"') },
        {
            what: "digitalocean: a policy for everyone on what the CDN serves",
            breaks: [],
            plan: policy("static", '"*"'),
        },
    ]);
});

describe("R65", () => {
    const behaviour = (change: Record<string, unknown>) => (r: Spoiled) =>
        (r.props["orderedCacheBehaviors"] = [{ ...r.props["defaultCacheBehavior"], ...change }]);
    testBranches([
        ...["redirect-to-https", "https-only"].map((policy) =>
            of("aws", "cdn", undefined, policy, behaviour({ viewerProtocolPolicy: policy })),
        ),
        of(
            "aws",
            "cdn",
            "R65 orderedCacheBehaviors[0].viewerProtocolPolicy",
            "plain HTTP for some paths",
            behaviour({ viewerProtocolPolicy: "allow-all" }),
        ),
        of(
            "aws",
            "cdn",
            "R65 orderedCacheBehaviors[0].responseHeadersPolicyId",
            "no headers for some paths",
            behaviour({ responseHeadersPolicyId: undefined }),
        ),
        of(
            "aws",
            "cdn",
            "R65 viewerCertificate.minimumProtocolVersion",
            "TLS 1.1",
            set("viewerCertificate", { minimumProtocolVersion: "TLSv1.1_2016" }),
        ),
        of(
            "aws",
            "cdn",
            "R65 viewerCertificate.minimumProtocolVersion",
            "CloudFront's own certificate",
            set("viewerCertificate", { cloudfrontDefaultCertificate: true }),
        ),
        of("aws", "cdn", undefined, "TLS 1.3", set("viewerCertificate", { minimumProtocolVersion: "TLSv1.3_2025" })),
        of("gcp", "tls", "R65 minTlsVersion", "TLS 1.1", set("minTlsVersion", "TLS_1_1")),
        of("gcp", "tls", "R65 minTlsVersion", "the default", (r) => delete r.props["minTlsVersion"]),
        of("gcp", "tls", undefined, "TLS 1.3", set("minTlsVersion", "TLS_1_3")),
        of("gcp", "https", "R65 sslPolicy", "no policy", (r) => delete r.props["sslPolicy"]),
        of("gcp", "cdn", "R65 enableCdn", "no CDN", set("enableCdn", false)),
        of("gcp", "static", "R65 cors", "no CORS", set("cors", [])),
        of("gcp", "media", undefined, "no CORS where no CDN serves", set("cors", [])),
        {
            what: "digitalocean: no CORS",
            breaks: ["R65 corsRules"],
            plan: () => without(goodPlan("digitalocean"), "static-cors"),
        },
        {
            what: "digitalocean: the bucket's own CORS",
            breaks: [],
            plan: () =>
                spoil(
                    without(goodPlan("digitalocean"), "static-cors"),
                    "static",
                    set("corsRules", [{ allowedMethods: ["GET"] }]),
                ),
        },
    ]);
});

describe("R66", () => {
    const expiry = (change: object) => (r: Spoiled) => (r.props["rules"] = [{ id: "x", status: "Enabled", ...change }]);
    const deleting = (condition: object) => set("lifecycleRules", [{ action: { type: "Delete" }, condition }]);
    const old = { enabled: true, expiration: { days: 90 } };
    testBranches([
        of("aws", "media-lifecycle", "R66 rules[0].expiration", "after days", expiry({ expiration: { days: 90 } })),
        of(
            "aws",
            "media-lifecycle",
            "R66 rules[0].expiration",
            "at a date",
            expiry({ expiration: { date: "2030-01-01T00:00:00Z" } }),
        ),
        of(
            "aws",
            "media-lifecycle",
            undefined,
            "a rule that is off",
            expiry({ status: "Disabled", expiration: { days: 90 } }),
        ),
        of(
            "aws",
            "media-lifecycle",
            undefined,
            "markers alone",
            expiry({ expiration: { expiredObjectDeleteMarker: true } }),
        ),
        of(
            "aws",
            "media",
            "R66 lifecycleRules[0].expiration",
            "in the bucket's own rules",
            set("lifecycleRules", [old]),
        ),
        of("digitalocean", "media", "R66 lifecycleRules[0].expiration", "after days", set("lifecycleRules", [old])),
        of(
            "digitalocean",
            "media",
            "R66 lifecycleRules[0].expiration",
            "at a date",
            set("lifecycleRules", [{ expiration: { date: "2030-01-01" } }]),
        ),
        of(
            "digitalocean",
            "media",
            undefined,
            "a rule that is off",
            set("lifecycleRules", [{ ...old, enabled: false }]),
        ),
        of("gcp", "media", "R66 lifecycleRules[0]", "by age", deleting({ age: 90 })),
        of("gcp", "media", "R66 lifecycleRules[0]", "of current objects", deleting({ age: 90, withState: "ANY" })),
        ...[
            { withState: "ARCHIVED" },
            { numNewerVersions: 3 },
            { daysSinceNoncurrentTime: 30 },
            { noncurrentTimeBefore: "2030-01-01" },
        ].map((condition) =>
            of(
                "gcp",
                "media",
                undefined,
                `of noncurrent objects by ${Object.keys(condition)[0]!}`,
                deleting(condition),
            ),
        ),
        of(
            "gcp",
            "media",
            undefined,
            "another class",
            set("lifecycleRules", [{ action: { type: "SetStorageClass" }, condition: { age: 90 } }]),
        ),
        ...["media-logs", "access-log", "log-media"].map((name) =>
            of("gcp", "media", undefined, `logs: ${name}`, (r) => {
                r.name = name;
                deleting({ age: 90 })(r);
            }),
        ),
        of("gcp", "media", "R66 lifecycleRules[0]", "no logs, though it begins so", (r) => {
            r.name = "login-pictures";
            deleting({ age: 90 })(r);
        }),
        of(
            "aws",
            "cdn",
            "R66 defaultCacheBehavior.maxTtl",
            "an hour",
            (r) => (r.props["defaultCacheBehavior"].maxTtl = 3600),
        ),
        of("aws", "cdn", undefined, "a day", (r) => (r.props["defaultCacheBehavior"].maxTtl = 86_400)),
        of("gcp", "cdn", "R66 cdnPolicy.maxTtl", "an hour", set("cdnPolicy", { maxTtl: 3600 })),
        of("gcp", "cdn", undefined, "a day", set("cdnPolicy", { maxTtl: 86_400 })),
        of("digitalocean", "cdn", "R66 ttl", "an hour", set("ttl", 3600)),
    ]);
});

describe("R85", () => {
    const headers = (items: unknown): Plan =>
        beside("aws", "static", "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", {
            customHeadersConfig: { items },
        });
    const policy = (change: object) => set("cdnPolicy", change);
    testBranches([
        {
            what: "aws: another header",
            breaks: [],
            plan: () => headers([{ header: "X-Robots-Tag", value: "noindex" }]),
        },
        { what: "aws: headers that are not known yet", breaks: [], plan: () => headers(new UnknownValue()) },
        {
            what: "aws: written in small letters, over what a file says",
            breaks: ["R85 customHeadersConfig.items[1]"],
            plan: () =>
                headers([
                    { header: "X-Robots-Tag", value: "noindex" },
                    { header: "cache-control", value: "max-age=60", override: true },
                ]),
        },
        of(
            "aws",
            "cdn",
            undefined,
            "errors for seconds",
            set("customErrorResponses", [{ errorCode: 403, errorCachingMinTtl: 10 }, { errorCode: 404 }]),
        ),
        of("gcp", "cdn", undefined, "another header", set("customResponseHeaders", ["X-Cache-Control: no", "A: b"])),
        of(
            "gcp",
            "cdn",
            undefined,
            "errors for minutes",
            policy({ negativeCachingPolicies: [{ code: 404, ttl: 300 }] }),
        ),
        of("gcp", "cdn", undefined, "a policy that is not known yet", policy(new UnknownValue())),
    ]);
});

describe("R60, R67, R88, R91, R117 and R118 of a copy of another database", () => {
    const copy = (change: (r: Spoiled) => unknown) => (r: Spoiled) => {
        r.protect = false;
        r.props["deletionProtection"] = false;
        change(r);
    };
    testBranches([
        of(
            "aws",
            "database",
            undefined,
            "is not protected, and has its source's support and disk",
            copy((r) => {
                r.props["replicateSourceDb"] = "other";
                delete r.props["engineLifecycleSupport"];
                delete r.props["maxAllocatedStorage"];
                delete r.props["backupRetentionPeriod"];
                delete r.props["backupWindow"];
            }),
        ),
        of(
            "aws",
            "database",
            "R118 maintenanceWindow",
            "is patched by itself",
            copy((r) => {
                r.props["replicateSourceDb"] = "other";
                delete r.props["maintenanceWindow"];
            }),
        ),
        of(
            "gcp",
            "database",
            undefined,
            "is not protected, and is patched with its source",
            copy((r) => {
                r.props["masterInstanceName"] = "other";
                r.props["settings"].deletionProtectionEnabled = false;
                delete r.props["settings"].maintenanceWindow;
            }),
        ),
    ]);
});

describe("R88, R91 and R117", () => {
    testBranches([
        of(
            "aws",
            "database",
            undefined,
            "a database that logs nothing",
            set("enabledCloudwatchLogsExports", undefined),
        ),
        of(
            "aws",
            "cluster",
            ["R53 enabledClusterLogTypes"],
            "a cluster that logs nothing",
            set("enabledClusterLogTypes", []),
        ),
        of("aws", "database-log", undefined, "a group's name that is not known yet", set("name", new UnknownValue())),
        of(
            "aws",
            "database-log",
            "R88 enabledCloudwatchLogsExports",
            "a group of another log",
            set("name", "/aws/rds/instance/shop/upgrade"),
        ),
        of("aws", "database-log", "R88 retentionInDays", "no days", set("retentionInDays", 0)),
        of("aws", "database", undefined, "a disk that is not known yet", set("allocatedStorage", new UnknownValue())),
        of("gcp", "database", undefined, "Google's own default", (r) => delete r.props["settings"].diskAutoresize),
        of(
            "digitalocean",
            "database",
            "R117 storageAutoscale.enabled",
            "switched off",
            set("storageAutoscale", { enabled: false }),
        ),
    ]);
});
