// Defaults of Google Cloud's stores, and what a user reads when a setting of theirs is wrong.
// Does not prove that Google Cloud offers a tier in a region, or that a network has private services access.
import { describe, expect, test } from "vitest";
import {
    cloudSqlTier,
    cloudSqlTierForms,
    defaultMaxConnections,
    mostConnections,
} from "../../../../lib/cloud-sql-tiers.ts";
import { checked, problemsAfter } from "../../../support/settings.ts";

const main = "projects/acme-shop/global/networks/main";
const server = { variant: "create", version: "17", tier: "db-custom-2-7680", storage: "20Gi", network: main };
const redisServer = { variant: "create", network: main };
const ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const existingSql = { variant: "existing", name: "main-1a2b3c4", address: "10.20.0.3", ca, maxConnections: 200 };
const existingRedis = { variant: "existing", address: "10.20.0.8", ca };

const sql = (changes: Record<string, unknown>, from: Record<string, unknown> = server) =>
    ["database", { variant: "cloud-sql", server: { ...from, ...changes } }] as const;
const redis = (changes: Record<string, unknown>, from: Record<string, unknown> = redisServer) =>
    ["cache", { variant: "memorystore", server: { ...from, ...changes } }] as const;
const storage = (changes: Record<string, unknown>) =>
    [
        "assets",
        { variant: "cloud-storage", static: { variant: "create", host: "static.shop.example.org" }, ...changes },
    ] as const;

describe("defaults", () => {
    test("of Cloud SQL", () => {
        expect(checked(sql({})).database).toEqual({
            variant: "cloud-sql",
            server: {
                ...server,
                edition: "enterprise",
                storageType: "ssd",
                flags: {},
                iamAuthentication: false,
                readReplica: false,
                backups: { retained: 14, startTime: "02:00", logDays: 7 },
                maintenance: { day: 7, hour: 3, track: "stable" },
            },
        });
    });

    test("of Memorystore", () => {
        expect(checked(redis({})).cache).toEqual({
            variant: "memorystore",
            server: { ...redisServer, version: "7.2", memory: 1, replicas: 0, maintenance: { day: "SUNDAY", hour: 4 } },
        });
    });

    test("of Cloud Storage", () => {
        expect(checked(storage({})).assets).toEqual({
            variant: "cloud-storage",
            static: { variant: "create", host: "static.shop.example.org" },
            media: { variant: "create" },
            versionDays: 30,
        });
    });

    test("what is there already", () => {
        expect(checked(sql({}, existingSql)).database).toEqual({ variant: "cloud-sql", server: existingSql });
        expect(checked(redis({}, existingRedis), ["secrets.cachePassword", "auth-string"]).cache).toEqual({
            variant: "memorystore",
            server: existingRedis,
        });
        const files = {
            static: { variant: "existing", bucket: "acme-static", url: "https://cdn.example.org/" },
            media: { variant: "existing", bucket: "acme-media" },
            access: { variant: "existing", serviceAccount: "shop@acme.iam.gserviceaccount.com" },
        };
        expect(checked(storage(files)).assets).toMatchObject(files);
    });
});

describe("tiers of Cloud SQL", () => {
    test.each([
        ["db-f1-micro", "enterprise", 614, 25, 61],
        ["db-g1-small", "enterprise", 1740, 50, 174],
        ["db-custom-1-3840", "enterprise", 3840, 100, 384],
        ["db-custom-2-7680", "enterprise", 7680, 400, 768],
        ["db-custom-4-15360", "enterprise", 15360, 500, 1536],
        ["db-custom-96-638976", "enterprise", 638976, 1000, 63897],
        ["db-custom-N4-2-4096", "enterprise", 4096, 100, 409],
        ["db-perf-optimized-N-2", "enterprise-plus", 16384, 500, 1638],
        ["db-perf-optimized-N-128", "enterprise-plus", 884736, 1000, 88473],
        ["db-c4a-highmem-4", "enterprise-plus", 32768, 600, 3276],
    ])("%s is of the edition %s", (name, edition, memory, connections, most) => {
        const tier = cloudSqlTier(name)!;
        expect(tier).toMatchObject({ edition, memory });
        expect([defaultMaxConnections(tier), mostConnections(tier)]).toEqual([connections, most]);
    });

    test.each([
        "db-n1-standard-1",
        "db-custom-3-7680",
        "db-custom-2-7000",
        "db-custom-1-3584",
        "db-custom-2-13568",
        "db-custom-98-614400",
        "db-custom-N4-1-4096",
        "db-perf-optimized-N-3",
        "db-c4a-highmem-80",
        "toString",
    ])("%s is none", (name) => {
        expect(cloudSqlTier(name)).toBeUndefined();
    });
});

/** By the titles of the tests below. */
const fixes: Readonly<Record<string, string>> = {
    "database: an unknown tier": "pulumi config set --path 'database.server.tier' db-custom-2-7680",
    "database: a tier of the other edition": "pulumi config set --path 'database.server.edition' enterprise",
    "database: a tier of the other edition, by default":
        "pulumi config set --path 'database.server.edition' enterprise-plus",
    "database: a disk that the machine does not have":
        "pulumi config set --path 'database.server.storageType' hyperdisk-balanced",
    "database: a disk that is too small": "pulumi config set --path 'database.server.storage' 10Gi",
    "database: a hyperdisk that is too small": "pulumi config set --path 'database.server.storage' 20Gi",
    "database: more than a disk can have": "pulumi config set --path 'database.server.storage' 65536Gi",
    "database: more than a small server can have": "pulumi config set --path 'database.server.storageLimit' 3062Gi",
    "database: logs that are older than any backup": "pulumi config set --path 'database.server.backups.logDays' 14",
    "database: a limit below the size": "pulumi config set --path 'database.server.storageLimit' 20Gi",
    "database: more connections than fit": "pulumi config set --path 'database.server.maxConnections' 768",
    "database: older logs than the edition keeps": "pulumi config set --path 'database.server.backups.logDays' 7",
    "database: fewer backups than a week's (R59)": "pulumi config set --path 'database.server.backups.retained' 7",
    "database: no time of day": "pulumi config set --path 'database.server.backups.startTime' 02:00",
    "database: a flag that is a setting": "pulumi config rm --path 'database.server.flags.max_connections'",
    "database: no network": "pulumi config set --path 'database.server.network' NETWORK",
    "database: no key": "pulumi config set --path 'database.server.encryptionKey' ENCRYPTION_KEY",
    "database: no address": "pulumi config set --path 'database.server.address' 10.20.0.3",
    "database: no certificate": "pulumi config set --path 'database.server.ca' CA",
    "cache: replicas in too little memory": "pulumi config set --path 'cache.server.memory' 5",
    "cache: replicas that do not take over": "pulumi config set --path 'cache.server.highAvailability' true",
    "cache: too many replicas": "pulumi config set --path 'cache.server.replicas' 5",
    "cache: no network": "pulumi config set --path 'cache.server.network' NETWORK",
    "cache: no address": "pulumi config set --path 'cache.server.readAddress' 10.20.0.3",
    "assets: no host name": "pulumi config set --path 'assets.static.host' x",
    "assets: no bucket": "pulumi config set --path 'assets.media.bucket' BUCKET",
    "assets: a URL without a slash at its end": "pulumi config set --path 'assets.static.url' https://cdn.example.org/",
    "assets: no pool": "pulumi config set --path 'assets.access.pool' POOL",
    "assets: no service account": "pulumi config set --path 'assets.access.serviceAccount' SERVICE_ACCOUNT",
    "assets: no location": "pulumi config set --path 'assets.location' europe-west",
    "assets: no key": "pulumi config set --path 'assets.encryptionKey' ENCRYPTION_KEY",
};

const set = (path: string, value: string): string => `pulumi config set --path '${path}' ${value}`;
const key = "a key as projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY";
const network = "a network as projects/PROJECT/global/networks/NAME";
const address = "an IPv4 address, for example 10.20.0.3";
const pem = "certificates as PEM, beginning with -----BEGIN CERTIFICATE-----";
const bucket = "a bucket's name: 3 to 63 lower-case letters, digits, hyphens, underscores and dots";

describe("messages", () => {
    test.each([
        ["an unknown tier", sql({ tier: "db-n1-standard-1" }), "tier", '"db-n1-standard-1"', cloudSqlTierForms],
        [
            "a tier of the other edition",
            sql({ edition: "enterprise-plus" }),
            "edition",
            '"enterprise-plus"',
            "enterprise, because it alone has the tier db-custom-2-7680; or another tier",
        ],
        [
            "a tier of the other edition, by default",
            sql({ tier: "db-perf-optimized-N-2" }),
            "edition",
            "nothing",
            "enterprise-plus, because it alone has the tier db-perf-optimized-N-2; or another tier",
        ],
        [
            "a disk that the machine does not have",
            sql({ tier: "db-custom-N4-2-4096" }),
            "storageType",
            "nothing",
            "hyperdisk-balanced, which the tier db-custom-N4-2-4096 has",
        ],
        ["a disk that is too small", sql({ storage: "5Gi" }), "storage", '"5Gi"', "at least 10Gi with storageType ssd"],
        [
            "a hyperdisk that is too small",
            sql({ tier: "db-custom-N4-2-4096", storageType: "hyperdisk-balanced", storage: "10Gi" }),
            "storage",
            '"10Gi"',
            "at least 20Gi with storageType hyperdisk-balanced",
        ],
        [
            "more than a disk can have",
            sql({ storage: "65Ti" }),
            "storage",
            '"65Ti"',
            "at most 65536Gi, the most that the tier db-custom-2-7680 has",
        ],
        [
            "more than a small server can have",
            sql({ tier: "db-f1-micro", storageLimit: "4Ti" }),
            "storageLimit",
            '"4Ti"',
            "at most 3062Gi, the most that the tier db-f1-micro has",
        ],
        [
            "logs that are older than any backup",
            sql({ edition: "enterprise-plus", tier: "db-perf-optimized-N-2", backups: { logDays: 20 } }),
            "backups.logDays",
            "20",
            "at most 14, the number in retained: logs are replayed from a backup",
        ],
        ["a limit below the size", sql({ storageLimit: "10Gi" }), "storageLimit", '"10Gi"', "at least storage, 20Gi"],
        [
            "older logs than the edition keeps",
            sql({ backups: { logDays: 14 } }),
            "backups.logDays",
            "14",
            "at most 7 with the edition enterprise",
        ],
        ["fewer backups than a week's (R59)", sql({ backups: { retained: 3 } }), "backups.retained", "3", "7 to 365"],
        [
            "no time of day",
            sql({ backups: { startTime: "2:00" } }),
            "backups.startTime",
            '"2:00"',
            'a time as HH:MM, for example "02:00"',
        ],
        [
            "a flag that is a setting",
            sql({ flags: { max_connections: "9" } }),
            "flags.max_connections",
            '"9"',
            "nothing: maxConnections beside flags stands for it",
        ],
        ["no network", sql({ network: "main" }), "network", '"main"', network],
        ["no key", sql({ encryptionKey: "sql" }), "encryptionKey", '"sql"', key],
        ["no address", sql({ address: "db.internal" }, existingSql), "address", '"db.internal"', address],
        ["no certificate", sql({ ca: "ca.pem" }, existingSql), "ca", '"ca.pem"', pem],
    ])("database: %s", (title, change, path, found, allowed) => {
        const whole = `database.server.${path}`;
        expect(problemsAfter(change)).toEqual([{ path: whole, found, allowed, fix: fixes[`database: ${title}`] }]);
    });

    test.each([
        ["11-20", "12-02", []],
        // Over the end of the year, and the longest that there can be.
        ["12-15", "01-05", []],
        ["01-01", "04-01", []],
        ["01-01", "04-02", ["to: at most 90 days after from, 01-01; this is 91"]],
        ["02-30", "03-01", ['from: a day of the year as MM-DD, in quotes, for example "11-20"']],
        ["2026-11-20", "12-02", ['from: a day of the year as MM-DD, in quotes, for example "11-20"']],
    ])("database: no maintenance from %s to %s", (from, to, found) => {
        const at = "database.server.maintenance.denied.";
        expect(
            problemsAfter(sql({ maintenance: { denied: { from, to } } })).map(
                ({ path, allowed }) => `${path.replace(at, "")}: ${allowed}`,
            ),
        ).toEqual(found);
    });

    test("database: a flag whose name has a dot", () => {
        expect(problemsAfter(sql({ flags: { "cloudsql.iam_authentication": "on" } }))).toEqual([
            {
                path: 'database.server.flags["cloudsql.iam_authentication"]',
                found: '"on"',
                allowed: "nothing: iamAuthentication beside flags stands for it",
                fix: `pulumi config rm --path 'database.server.flags["cloudsql.iam_authentication"]'`,
            },
        ]);
    });

    test.each([
        ["replicas in too little memory", redis({ replicas: 1 }), "memory", "nothing", "at least 5 with replicas"],
        [
            "replicas that do not take over",
            redis({ replicas: 1, memory: 5, highAvailability: false }),
            "highAvailability",
            "false",
            "true or nothing with replicas: a replica is what takes over",
        ],
        ["too many replicas", redis({ replicas: 6, memory: 5 }), "replicas", "6", "0 to 5"],
        ["no network", redis({ network: "main" }), "network", '"main"', network],
        ["no address", redis({ readAddress: "redis" }, existingRedis), "readAddress", '"redis"', address],
    ])("cache: %s", (title, change, path, found, allowed) => {
        const whole = `cache.server.${path}`;
        const password =
            change[1].server.variant === "existing" ? ([["secrets.cachePassword", "auth-string"]] as const) : [];
        expect(problemsAfter(change, ...password)).toEqual([
            { path: whole, found, allowed, fix: fixes[`cache: ${title}`] },
        ]);
    });

    test.each([
        [
            "no host name",
            storage({ static: { variant: "create", host: "https://x" } }),
            "static.host",
            '"https://x"',
            "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
        ],
        ["no bucket", storage({ media: { variant: "existing", bucket: "A" } }), "media.bucket", '"A"', bucket],
        [
            "a URL without a slash at its end",
            storage({ static: { variant: "existing", bucket: "acme", url: "https://cdn.example.org" } }),
            "static.url",
            '"https://cdn.example.org"',
            "an https address with a slash at its end, for example https://static.example.org/",
        ],
        [
            "no pool",
            storage({ access: { variant: "workload-identity", pool: "acme" } }),
            "access.pool",
            '"acme"',
            "a workload pool, PROJECT.svc.id.goog",
        ],
        [
            "no service account",
            storage({ access: { variant: "existing", serviceAccount: "shop" } }),
            "access.serviceAccount",
            '"shop"',
            "a service account's address, NAME@PROJECT.iam.gserviceaccount.com",
        ],
        ["no location", storage({ location: "europe west" }), "location", '"europe west"', "a region, EU, US or ASIA"],
        ["no key", storage({ encryptionKey: "files" }), "encryptionKey", '"files"', key],
    ])("assets: %s", (title, change, path, found, allowed) => {
        const whole = `assets.${path}`;
        expect(problemsAfter(change)).toEqual([{ path: whole, found, allowed, fix: fixes[`assets: ${title}`] }]);
    });
});

describe("together", () => {
    const newCluster = { variant: "create", nodes: { variant: "autopilot" }, apiAccess: { endpoint: "dns" } };
    const oldCluster = { variant: "existing", location: "europe-west1", name: "main", endpoint: "gke.example.org" };
    const gke = ["platform", { variant: "gcp", cluster: newCluster }] as const;
    const gkeSomewhere = ["platform", { variant: "gcp", cluster: oldCluster, network: { variant: "none" } }] as const;
    const clouds = ["clouds.gcp", { project: "acme-shop", region: "europe-west1" }] as const;
    const noNetwork =
        "a network with private services access that the cluster reaches: the platform has none of Google Cloud";

    test.each([
        ["database.server.network", sql({ network: undefined })],
        ["cache.server.network", redis({ network: undefined })],
        [
            "apps[0].stores.database.server.network",
            ["apps[0].stores.database", sql({ network: undefined })[1]] as const,
        ],
    ])("%s: no network to be in", (path, change) => {
        const problem = {
            path,
            found: "nothing",
            allowed: noNetwork,
            fix: set(path, "projects/PROJECT/global/networks/NETWORK"),
        };
        expect(problemsAfter(change)).toEqual([problem]);
        expect(problemsAfter(change, gke, clouds)).toEqual([]);
        expect(problemsAfter(change, gkeSomewhere, clouds)).toContainEqual(problem);
    });

    test("a password for a cache that makes its own, and none for one that has one", () => {
        const path = "secrets.cachePassword";
        expect(problemsAfter(redis({}), [path, "mine"])).toEqual([
            {
                path,
                found: "a password for a store that makes its own",
                allowed: "nothing: cache generates its password",
                fix: "pulumi config rm --path 'secrets.cachePassword'",
            },
        ]);
        expect(problemsAfter(redis({}, existingRedis))).toEqual([
            {
                path,
                found: "nothing",
                allowed: "the password of the server that cache.server names",
                fix: "pulumi config set --secret --path 'secrets.cachePassword'",
            },
        ]);
    });

    test("production without a standby (R58)", () => {
        const production = [
            ["environment.kind", "production"],
            ["apps[0].web.replicas", { min: 2, max: 2 }],
            ["exposure.variant", "none"],
            ["platform.enforcesNetworkPolicy", true],
        ] as const;
        expect(problemsAfter(...production, sql({ availability: "zonal" }))).toEqual([
            {
                path: "database.server.availability",
                found: '"zonal"',
                allowed:
                    "regional in production: without a standby, the loss of a machine or a zone is an outage (R58)",
                fix: set("database.server.availability", "regional"),
            },
        ]);
        expect(problemsAfter(...production, sql({}))).toEqual([]);
        expect(problemsAfter(sql({ availability: "zonal" }))).toEqual([]);
    });

    test("static files under an app's own host", () => {
        const path = "assets.static.host";
        expect(problemsAfter(storage({ static: { variant: "create", host: "shop.example.org" } }))).toEqual([
            {
                path,
                found: '"shop.example.org"',
                allowed: "a host name of its own: this one leads to the app shop",
                fix: set(path, "static.shop.example.org"),
            },
        ]);
    });

    test("static files of two apps under one host", () => {
        const blog = {
            contract: "django",
            name: "blog",
            module: "blog",
            image: "registry.example.org/blog:4f2a91c",
            hosts: ["blog.example.org"],
        };
        const stores = { assets: storage({})[1] };
        const path = "apps[1].stores.assets.static.host";
        expect(
            problemsAfter(storage({}), ["environment.mainApp", "shop"], ["apps[1]", { ...blog, stores }]),
        ).toContainEqual({
            path,
            found: '"static.shop.example.org"',
            allowed: "a host name of its own: this one leads to assets",
            fix: set(path, "HOST"),
        });
    });

    test("an app named as what is on every instance", () => {
        expect(problemsAfter(sql({}), ["apps[0].name", "cloudsqladmin"])).toEqual([
            {
                path: "apps[0].name",
                found: '"cloudsqladmin"',
                allowed: 'another name: Cloud SQL keeps "cloudsqladmin" for itself',
                fix: set("apps[0].name", "cloudsqladmin-app"),
            },
        ]);
        expect(problemsAfter(["apps[0].name", "cloudsqladmin"])).toEqual([]);
    });
});
