// What a user may write for DigitalOcean, what is filled in, and what is read when it is wrong.
// Does not prove that DigitalOcean has what the settings name: sizes, versions and regions come and go.
import { describe, expect, test } from "vitest";
import { checkSection } from "../../../../settings/check/section.ts";
import { spacesAssets } from "../../../../settings/clouds/digitalocean/assets.ts";
import { digitalOceanCache } from "../../../../settings/clouds/digitalocean/cache.ts";
import { digitalOceanDatabase } from "../../../../settings/clouds/digitalocean/database.ts";
import { digitalOceanPlatform } from "../../../../settings/clouds/digitalocean/platform.ts";
import type { Problem } from "../../../../settings/problems.ts";
import { problemsAfter, withSettings, type Change } from "../../../support/settings.ts";

const schemas = {
    platform: digitalOceanPlatform,
    database: digitalOceanDatabase,
    cache: digitalOceanCache,
    assets: spacesAssets,
} as const;
type Section = keyof typeof schemas;

const id = "4de7ac8b-495b-4884-9a69-1050c6793cd6";

const smallest = (): Record<Section, unknown> => ({
    platform: {
        variant: "digitalocean",
        network: { variant: "create", range: "10.110.0.0/20" },
        cluster: {
            variant: "create",
            version: "1.34",
            podRange: "10.112.0.0/16",
            serviceRange: "10.113.0.0/20",
            apiAccess: { cidrs: ["203.0.113.0/24"] },
            pools: { apps: { size: "s-4vcpu-8gb", max: 6 } },
        },
        certificates: { variant: "letsencrypt", email: "operations@example.org" },
    },
    database: { variant: "digitalocean", server: { variant: "create", version: "17", size: "db-s-2vcpu-4gb" } },
    cache: { variant: "digitalocean", server: { variant: "create", size: "db-s-1vcpu-2gb" } },
    assets: { variant: "spaces" },
});

function check(
    section: Section,
    changes: readonly Change[],
): { readonly value?: unknown; readonly problems?: readonly Problem[] } {
    const all = withSettings(smallest(), changes) as Record<Section, unknown>;
    return checkSection(section, schemas[section], all[section]);
}

const valueOf = (section: Section, ...changes: Change[]) => check(section, changes).value;

describe("defaults", () => {
    test("of the platform", () => {
        expect(valueOf("platform")).toEqual({
            variant: "digitalocean",
            network: { variant: "create", range: "10.110.0.0/20" },
            cluster: {
                variant: "create",
                version: "1.34",
                podRange: "10.112.0.0/16",
                serviceRange: "10.113.0.0/20",
                apiAccess: { cidrs: ["203.0.113.0/24"] },
                maintenance: { day: "sunday", startTime: "03:00" },
                firstPool: { size: "s-2vcpu-4gb", nodes: 1 },
                pools: { apps: { size: "s-4vcpu-8gb", min: 1, max: 6, labels: {}, taints: [] } },
            },
            registry: { variant: "none" },
            dns: { variant: "none" },
            gateway: { variant: "cilium", loadBalancerAnnotations: {} },
            certificates: {
                variant: "letsencrypt",
                email: "operations@example.org",
                server: "production",
                challenge: "http-01",
            },
            native: {},
        });
    });

    test("of a registry, a zone and a way in that are named", () => {
        expect(
            valueOf(
                "platform",
                ["platform.registry", { variant: "create", name: "example-shop" }],
                ["platform.dns", { variant: "create", domain: "shop.example.org" }],
                ["platform.gateway", { variant: "traefik" }],
            ),
        ).toMatchObject({
            registry: { tier: "basic" },
            dns: { certificateAuthorities: ["letsencrypt.org"], hostRecords: true },
            gateway: { loadBalancerAnnotations: {} },
        });
    });

    test("of the stores", () => {
        const maintenance = { day: "sunday", hour: "03:00" };
        expect(valueOf("database")).toEqual({
            variant: "digitalocean",
            server: {
                variant: "create",
                version: "17",
                size: "db-s-2vcpu-4gb",
                storageAutoscale: true,
                storageIncrement: "10Gi",
                readReplica: false,
                maintenance,
                trustedSources: [],
            },
        });
        expect(valueOf("cache")).toEqual({
            variant: "digitalocean",
            server: { variant: "create", version: "8", size: "db-s-1vcpu-2gb", maintenance, trustedSources: [] },
        });
        expect(valueOf("assets")).toEqual({
            variant: "spaces",
            buckets: { variant: "create", cdn: { timeToLive: 86400 }, keepVersions: 30, native: {} },
        });
        expect(valueOf("assets", ["assets.buckets", { variant: "create" }])).toEqual(valueOf("assets"));
        expect(valueOf("database", ["database.server.pool", { size: 40 }])).toMatchObject({
            server: { pool: { mode: "transaction", size: 40 } },
        });
    });
});

test("what is there already is adopted", () => {
    const ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    expect(
        check("platform", [
            ["platform.network", { variant: "existing", id, range: "10.9.0.0/20" }],
            [
                "platform.cluster",
                {
                    variant: "existing",
                    id,
                    name: "main",
                    endpoint: `https://${id}.k8s.ondigitalocean.com`,
                    ca: "LS0tLS1CRUdJTg==",
                },
            ],
            ["platform.registry", { variant: "existing", name: "example-shop" }],
            ["platform.dns", { variant: "existing", domain: "example.org", hostRecords: false }],
            ["platform.certificates", { variant: "existing", issuer: { name: "letsencrypt" } }],
        ]),
    ).not.toHaveProperty("problems");
    const host = "private-main-do-user-1-0.d.db.ondigitalocean.com";
    expect(
        check("database", [
            ["database.server", { variant: "existing", host, database: "shop", user: "shop", ca, maxConnections: 97 }],
        ]).value,
    ).toMatchObject({ server: { port: 25060, pooled: false } });
    expect(check("cache", [["cache.server", { variant: "existing", host }]]).value).toMatchObject({
        server: { port: 25061 },
    });
    const buckets = {
        variant: "existing",
        staticBucket: "ours",
        mediaBucket: "uploads",
        url: "https://static.example.org/",
    };
    expect(check("assets", [["assets.buckets", buckets]])).not.toHaveProperty("problems");
    const network: Change = ["database.server.network", { vpc: id, range: "10.9.0.0/20" }];
    expect(
        check("database", [network, ["database.server.trustedSources", ["10.20.0.0/16", "203.0.113.7"]]]),
    ).not.toHaveProperty("problems");
});

interface Case extends Problem {
    readonly what: string;
    readonly changes: readonly Change[];
}

const slug = "a slug of a managed database, for example db-s-2vcpu-4gb: doctl databases options slugs";
const rangeForm = "an IPv4 range that begins with its first address, for example 10.110.0.0/20";

const cases: readonly Case[] = [
    {
        what: "a disk that grows by a part of ten gibibytes",
        changes: [["database.server.storageIncrement", "15Gi"]],
        path: "database.server.storageIncrement",
        found: '"15Gi"',
        allowed: "whole tens of GiB up to 500Gi, for example 20Gi",
        fix: "pulumi config set --path 'database.server.storageIncrement' 20Gi",
    },
    {
        what: "a disk that grows by more than DigitalOcean adds",
        changes: [["database.server.storageIncrement", "510Gi"]],
        path: "database.server.storageIncrement",
        found: '"510Gi"',
        allowed: "whole tens of GiB up to 500Gi, for example 20Gi",
        fix: "pulumi config set --path 'database.server.storageIncrement' 20Gi",
    },
    {
        what: "a network that is too large",
        changes: [["platform.network.range", "172.16.0.0/12"]],
        path: "platform.network.range",
        found: '"172.16.0.0/12"',
        allowed: "a range between /16 and /24",
        fix: "pulumi config set --path 'platform.network.range' 10.110.0.0/20",
    },
    {
        what: "a range that begins in its middle",
        changes: [["platform.cluster.podRange", "10.112.0.1/16"]],
        path: "platform.cluster.podRange",
        found: '"10.112.0.1/16"',
        allowed: rangeForm,
        fix: "pulumi config set --path 'platform.cluster.podRange' 10.112.0.0/16",
    },
    {
        what: "a range of DigitalOcean's own",
        changes: [["platform.cluster.podRange", "10.244.0.0/16"]],
        path: "platform.cluster.podRange",
        found: '"10.244.0.0/16"',
        allowed: "a range outside of DigitalOcean's own: 10.229.0.0/16, 10.244.0.0/16, 10.245.0.0/16, 10.246.0.0/24",
        fix: "pulumi config set --path 'platform.cluster.podRange' 10.110.0.0/20",
    },
    {
        what: "a network that is not private",
        changes: [["platform.network.range", "9.9.0.0/20"]],
        path: "platform.network.range",
        found: '"9.9.0.0/20"',
        allowed: "a private range, inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16",
        fix: "pulumi config set --path 'platform.network.range' 10.110.0.0/20",
    },
    {
        what: "pods in the network's own range",
        changes: [["platform.cluster.podRange", "10.110.0.0/16"]],
        path: "platform.cluster.podRange",
        found: '"10.110.0.0/16"',
        allowed: "a range that has no address in common with network.range",
        fix: "pulumi config set --path 'platform.cluster.podRange' POD_RANGE",
    },
    {
        what: "a version that is none",
        changes: [["platform.cluster.version", "latest"]],
        path: "platform.cluster.version",
        found: '"latest"',
        allowed: 'a minor version such as "1.34", or a slug such as "1.34.1-do.0": doctl kubernetes options versions',
        fix: "pulumi config set --type string --path 'platform.cluster.version' 1.34",
    },
    {
        what: "a version without a Gateway API",
        changes: [["platform.cluster.version", "1.32"]],
        path: "platform.cluster.version",
        found: '"1.32"',
        allowed: "1.33 or later, for DOKS brings no Gateway API before",
        fix: "pulumi config set --type string --path 'platform.cluster.version' 1.33",
    },
    {
        what: "an API server for nobody",
        changes: [["platform.cluster.apiAccess.cidrs", []]],
        path: "platform.cluster.apiAccess.cidrs",
        found: "[]",
        allowed: "at least one address range, for example 203.0.113.0/24",
        fix: "pulumi config set --path 'platform.cluster.apiAccess.cidrs[0]' RANGE",
    },
    {
        what: "a pool that cannot grow to its least",
        changes: [["platform.cluster.pools.apps.min", 9]],
        path: "platform.cluster.pools.apps.min",
        found: "9",
        allowed: "at most 6, which is max",
        fix: "pulumi config set --path 'platform.cluster.pools.apps.min' 6",
    },
    {
        what: "a pool whose name would not fit into a node's label (R71)",
        changes: [[`platform.cluster.pools.${"p".repeat(41)}`, { size: "s-4vcpu-8gb", max: 2 }]],
        path: `platform.cluster.pools.${"p".repeat(41)}`,
        found: `the name ${JSON.stringify("p".repeat(41))}`,
        allowed: "at most 40 lower-case letters, digits and hyphens, beginning with a letter",
        fix: "rename it",
    },
    {
        what: "an authority that is named twice",
        changes: [
            [
                "platform.dns",
                {
                    variant: "create",
                    domain: "shop.example.org",
                    certificateAuthorities: ["letsencrypt.org", "letsencrypt.org"],
                },
            ],
        ],
        path: "platform.dns.certificateAuthorities",
        found: "a list with 2 entries",
        allowed: "each authority once",
        fix: "change the list in the stack's file",
    },
    {
        what: "a zone above that is not above",
        changes: [["platform.dns", { variant: "create", domain: "shop.example.org", parentZone: "p.example.org" }]],
        path: "platform.dns.parentZone",
        found: '"p.example.org"',
        allowed: "a domain that shop.example.org ends with, after a dot",
        fix: "pulumi config set --path 'platform.dns.parentZone' PARENT_ZONE",
    },
    {
        what: "nodes of a database's size",
        changes: [["platform.cluster.pools.apps.size", "db-s-2vcpu-4gb"]],
        path: "platform.cluster.pools.apps.size",
        found: '"db-s-2vcpu-4gb"',
        allowed: "a slug of a Droplet, for example s-4vcpu-8gb: doctl kubernetes options sizes",
        fix: "pulumi config set --path 'platform.cluster.pools.apps.size' s-4vcpu-8gb",
    },
    {
        what: "a time that is none",
        changes: [["platform.cluster.maintenance", { startTime: "3 am" }]],
        path: "platform.cluster.maintenance.startTime",
        found: '"3 am"',
        allowed: 'hours and minutes, UTC, in quotes, for example "03:00"',
        fix: "pulumi config set --path 'platform.cluster.maintenance.startTime' 03:00",
    },
    {
        what: "an id that is none",
        changes: [["platform.network", { variant: "existing", id: "main", range: "10.110.0.0/20" }]],
        path: "platform.network.id",
        found: '"main"',
        allowed: `an id, for example ${id}`,
        fix: "pulumi config set --path 'platform.network.id' 4de7ac8b-495b-4884-9a69-1050c6793cd6",
    },
    {
        what: "a proof by record without a zone",
        changes: [["platform.certificates.challenge", "dns-01"]],
        path: "platform.certificates.challenge",
        found: '"dns-01"',
        allowed: '"http-01", for without a zone (platform.dns) there is no record to prove anything with',
        fix: "pulumi config set --path 'platform.certificates.challenge' http-01",
    },
    {
        what: "certificates for nothing",
        changes: [["platform.gateway", { variant: "none" }]],
        path: "platform.certificates.variant",
        found: '"letsencrypt"',
        allowed: '"none", for without a way in (platform.gateway) there is nothing to certify',
        fix: "pulumi config set --path 'platform.certificates.variant' none",
    },
    {
        what: "mail to nobody",
        changes: [["platform.certificates.email", "operations"]],
        path: "platform.certificates.email",
        found: '"operations"',
        allowed: "an address for mail, for example operations@example.org",
        fix: "pulumi config set --path 'platform.certificates.email' operations@example.org",
    },
    {
        what: "a registry's name with a slash",
        changes: [["platform.registry", { variant: "existing", name: "registry/shop" }]],
        path: "platform.registry.name",
        found: '"registry/shop"',
        allowed: "3 to 63 lower-case letters, digits and hyphens, the same for nobody else at DigitalOcean",
        fix: "pulumi config set --path 'platform.registry.name' NAME",
    },
    {
        what: "a database of a Droplet's size",
        changes: [["database.server.size", "s-2vcpu-4gb"]],
        path: "database.server.size",
        found: '"s-2vcpu-4gb"',
        allowed: slug,
        fix: "pulumi config set --path 'database.server.size' db-s-2vcpu-4gb",
    },
    {
        what: "a standby of the smallest database",
        changes: [
            ["database.server.size", "db-s-1vcpu-1gb"],
            ["database.server.nodes", 2],
        ],
        path: "database.server.nodes",
        found: "2",
        allowed: "1, for the smallest size has no standby",
        fix: "pulumi config set --path 'database.server.nodes' 1",
    },
    {
        what: "four databases",
        changes: [["database.server.nodes", 4]],
        path: "database.server.nodes",
        found: "4",
        allowed: "1, 2 or 3",
        fix: "pulumi config set --path 'database.server.nodes' 3",
    },
    {
        what: "storage that is not offered",
        changes: [["database.server.storage", "65Gi"]],
        path: "database.server.storage",
        found: '"65Gi"',
        allowed: "whole tens of GiB, for example 60Gi",
        fix: "pulumi config set --path 'database.server.storage' 60Gi",
    },
    {
        what: "storage that is no quantity",
        changes: [["database.server.storage", "60"]],
        path: "database.server.storage",
        found: '"60"',
        allowed: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
        fix: "pulumi config set --path 'database.server.storage' 60Gi",
    },
    {
        what: "a pool of more connections than the server has",
        changes: [["database.server.pool", { size: 98 }]],
        path: "database.server.pool.size",
        found: "98",
        allowed: "at most 97, which is what db-s-2vcpu-4gb has",
        fix: "pulumi config set --path 'database.server.pool.size' 97",
    },
    {
        what: "a server that nobody may connect to, and so everybody",
        changes: [["database.server.network", { vpc: id, range: "10.9.0.0/20" }]],
        path: "database.server.network",
        found: "a group with vpc, range",
        allowed:
            "at least one of clusters, or of trustedSources beside network: a server that names nobody is open to all",
        fix: "change what stands below it: at least one of clusters, or of trustedSources beside network: a server that names nobody is open to all",
    },
    {
        what: "a name among addresses",
        changes: [["cache.server.trustedSources", ["office"]]],
        path: "cache.server.trustedSources[0]",
        found: '"office"',
        allowed: "an IPv4 address or range, for example 10.20.0.0/16",
        fix: "pulumi config set --path 'cache.server.trustedSources[0]' 10.20.0.0/16",
    },
    {
        what: "a standby of the smallest cache",
        changes: [
            ["cache.server.size", "db-s-1vcpu-1gb"],
            ["cache.server.nodes", 2],
        ],
        path: "cache.server.nodes",
        found: "2",
        allowed: "1, for the smallest size has no standby",
        fix: "pulumi config set --path 'cache.server.nodes' 1",
    },
    {
        what: "a certificate that is none",
        changes: [
            [
                "database.server",
                {
                    variant: "existing",
                    host: "db.example.org",
                    database: "shop",
                    user: "shop",
                    ca: "AAAA",
                    maxConnections: 97,
                },
            ],
        ],
        path: "database.server.ca",
        found: '"AAAA"',
        allowed: "a certificate as PEM, beginning with -----BEGIN CERTIFICATE-----",
        fix: "pulumi config set --path 'database.server.ca' CA",
    },
    {
        what: "seconds that the CDN does not know",
        changes: [["assets.buckets", { variant: "create", cdn: { timeToLive: 3000 } }]],
        path: "assets.buckets.cdn.timeToLive",
        found: "3000",
        allowed: "seconds that the CDN knows: 60, 600, 3600, 86400, 604800",
        fix: "pulumi config set --path 'assets.buckets.cdn.timeToLive' 3600",
    },
    {
        what: "an address without a slash at its end",
        changes: [
            [
                "assets.buckets",
                {
                    variant: "existing",
                    staticBucket: "ours",
                    mediaBucket: "uploads",
                    url: "https://static.example.org",
                },
            ],
        ],
        path: "assets.buckets.url",
        found: '"https://static.example.org"',
        allowed: "an https address with a slash at its end, for example https://static.shop.example.org/",
        fix: "pulumi config set --path 'assets.buckets.url' https://static.example.org/",
    },
];

describe("refuses, with what is allowed and the fix,", () => {
    test.each(cases)("$what", ({ what: _, changes, ...problem }) => {
        expect(check(problem.path.split(".")[0] as Section, changes).problems).toEqual([problem]);
    });
});

describe("together", () => {
    const vpc = "4de7ac8b-495b-4884-9a69-1050c6793cd6";
    const network = { vpc, range: "10.9.0.0/20", clusters: [vpc] };
    const pg = (server: object = {}): Change => [
        "database",
        {
            variant: "digitalocean",
            server: { variant: "create", version: "17", size: "db-s-2vcpu-4gb", network, ...server },
        },
    ];
    const valkey: Change = [
        "cache",
        { variant: "digitalocean", server: { variant: "create", size: "db-s-1vcpu-2gb", network } },
    ];

    test.each([
        ["database", pg()],
        ["cache", valkey],
    ] as const)("a password for a %s that makes its own", (kind, change) => {
        const path = `secrets.${kind}Password`;
        expect(problemsAfter(change, [path, "mine"])).toEqual([
            {
                path,
                found: "a password for a store that makes its own",
                allowed: `nothing: ${kind} generates its password`,
                fix: `pulumi config rm --path '${path}'`,
            },
        ]);
        expect(problemsAfter(change)).toEqual([]);
    });

    test.each(["postgres", "doadmin", "defaultdb"])("an app named %s, as something of the server's own", (name) => {
        expect(problemsAfter(pg(), ["apps[0].name", name])).toEqual([
            {
                path: "apps[0].name",
                found: JSON.stringify(name),
                allowed:
                    "any name but defaultdb, doadmin, postgres: the app's database and its user are named after it",
                fix: "name the app by what it is, for example shop",
            },
        ]);
        // On a server in the cluster the other two are names as others.
        const elsewhere = problemsAfter(["apps[0].name", name]);
        expect(elsewhere.map(({ path }) => path)).toEqual(name === "postgres" ? ["apps[0].name"] : []);
    });

    test("clients' addresses by the PROXY protocol where nothing reads it", () => {
        const annotation = "service.beta.kubernetes.io/do-loadbalancer-enable-proxy-protocol";
        const gateway = (variant: string, value: string): Change => [
            "platform",
            {
                ...(smallest().platform as object),
                gateway: { variant, loadBalancerAnnotations: { [annotation]: value } },
            },
        ];
        expect(problemsAfter(gateway("cilium", "true"))).toMatchObject([
            {
                path: `platform.gateway.loadBalancerAnnotations["${annotation}"]`,
                allowed:
                    "nothing with cilium, whose Gateway does not read the PROXY protocol and would refuse every request; or variant: traefik",
            },
        ]);
        expect(problemsAfter(gateway("cilium", "false"))).toEqual([]);
        expect(problemsAfter(gateway("traefik", "true"))).toEqual([]);
    });

    test("a lent domain whose certificate is proved by HTTP, which proves no wildcard", () => {
        const platform = (challenge: string): Change[] => [
            [
                "platform",
                {
                    ...(smallest().platform as object),
                    dns: { variant: "create", domain: "shop.example.org" },
                    certificates: { variant: "letsencrypt", email: "operations@example.org", challenge },
                },
            ],
            ["exposure", { variant: "gateway" }],
            ["lends", { domain: "preview.shop.example.org" }],
            ["secrets.digitaloceanDnsToken", "token"],
        ];
        const path = "platform.certificates.challenge";
        expect(problemsAfter(...platform("http-01"))).toEqual([
            {
                path,
                found: '"http-01"',
                allowed: "dns-01: lends.domain needs a wildcard certificate, which Let's Encrypt issues by DNS only",
                fix: `pulumi config set --path '${path}' dns-01`,
            },
        ]);
        expect(problemsAfter(...platform("dns-01"))).toEqual([]);
    });

    const existing = {
        variant: "existing",
        host: "private-main-do-user-1-0.d.db.ondigitalocean.com",
        range: "10.9.0.0/20",
        database: "shop",
        user: "shop",
        ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        maxConnections: 97,
    };
    const blog = (stores: object = {}): Change[] => [
        [
            "apps[1]",
            {
                contract: "django",
                name: "blog",
                module: "blog",
                image: "registry.example.org/blog:1",
                hosts: ["blog.example.org"],
                stores,
            },
        ],
        ["environment.mainApp", "shop"],
    ];

    test("a server of an app's own without its password: that app's, never the main app's", () => {
        const own = blog({ database: { variant: "digitalocean", server: existing } });
        const path = "secrets.apps.blog.databasePassword";
        expect(problemsAfter(...own)).toEqual([
            {
                path,
                found: "nothing",
                allowed: "the password of the server that apps[1].stores.database.server names",
                fix: `pulumi config set --secret --path '${path}'`,
            },
        ]);
        expect(problemsAfter(...own, [path, "given"])).toEqual([]);
    });

    test("a server of an app's own without a network: its own path, never the shared store's", () => {
        const { range: _, ...nowhere } = existing;
        expect(
            problemsAfter(...blog({ database: { variant: "digitalocean", server: nowhere } }), [
                "secrets.apps.blog.databasePassword",
                "given",
            ]),
        ).toEqual([
            {
                path: "apps[1].stores.database.server.range",
                found: "nothing",
                allowed: "the range of addresses that the server's is one of: pods may go there and nowhere else",
                fix: "pulumi config set --path 'apps[1].stores.database.server.range' 10.110.0.0/20",
            },
        ]);
        const created = { variant: "create", version: "17", size: "db-s-2vcpu-4gb" };
        expect(problemsAfter(...blog({ database: { variant: "digitalocean", server: created } }))).toMatchObject([
            {
                path: "apps[1].stores.database.server.network",
                fix: "write at least vpc, range and clusters below apps[1].stores.database.server.network, or choose another variant",
            },
        ]);
    });

    test("a server whose databases are several with a pool in front of it, which leads to one", () => {
        const pooled = pg({ pool: { size: 20 } });
        expect(problemsAfter(pooled)).toEqual([]);
        expect(problemsAfter(pooled, ["lends.database", true])).toEqual([
            {
                path: "database.server.pool",
                found: "a pool in front of a server that lends databases (lends.database)",
                allowed: "no pool: it leads to one database, and each of the others has its own",
                fix: "pulumi config rm --path 'database.server.pool'",
            },
        ]);
        expect(problemsAfter(pooled, ...blog())).toMatchObject([
            { path: "database.server.pool", found: "a pool in front of a server that several apps share" },
        ]);
        // The main app has one of its own, so the only one on the server is none that the pool leads to.
        expect(
            problemsAfter(pooled, ...blog(), [
                "apps[0].stores.database",
                { variant: "in-cluster", version: "17", storage: "1Gi" },
            ]),
        ).toMatchObject([{ path: "database.server.pool" }]);
        expect(
            problemsAfter(
                ["database", { variant: "digitalocean", server: { ...existing, pooled: true } }],
                ["secrets.databasePassword", "given"],
                ["lends.database", true],
            ),
        ).toMatchObject([{ path: "database.server.pooled" }]);
    });

    test("production on the smallest size, which has no standby, before DigitalOcean refuses it (R58)", () => {
        const production: Change[] = [
            ["environment.kind", "production"],
            ["platform.enforcesNetworkPolicy", true],
            ["exposure.allowPlainHttp", true],
        ];
        const smallest = (nodes?: number): Change => pg({ size: "db-s-1vcpu-1gb", ...(nodes && { nodes }) });
        expect(problemsAfter(...production, smallest())).toEqual([
            {
                path: "database.server.size",
                found: '"db-s-1vcpu-1gb", which has no standby',
                allowed:
                    "in production a size that has one (R58), or database.server.nodes: 1 if an outage may last as long as a restore",
                fix: "pulumi config set --path 'database.server.size' db-s-1vcpu-2gb",
            },
        ]);
        expect(problemsAfter(...production, smallest(1))).toEqual([]);
        expect(problemsAfter(smallest())).toEqual([]);
    });

    test("records without the token that writes them, and a token that writes none", () => {
        const platform = (dns: object): Change => [
            "platform",
            { ...(smallest().platform as object), dns, certificates: { variant: "none" } },
        ];
        const zone = { variant: "create", domain: "shop.example.org" };
        const path = "secrets.digitaloceanDnsToken";
        expect(problemsAfter(platform(zone))).toEqual([
            {
                path,
                found: "nothing",
                allowed:
                    "a token with domain:read, domain:create, domain:update and domain:delete, " +
                    "for platform.dns.hostRecords or the challenge dns-01",
                fix: `pulumi config set --secret --path '${path}'`,
            },
        ]);
        expect(problemsAfter(platform(zone), [path, "token"])).toEqual([]);
        const idle = {
            path,
            found: "a secret that nothing uses",
            allowed: "nothing, unless DigitalOcean's platform.dns.hostRecords or the challenge dns-01 needs it",
            fix: `pulumi config rm --path '${path}'`,
        };
        expect(problemsAfter(platform({ ...zone, hostRecords: false }), [path, "token"])).toEqual([idle]);
        expect(problemsAfter([path, "token"])).toEqual([idle]);
    });
});
