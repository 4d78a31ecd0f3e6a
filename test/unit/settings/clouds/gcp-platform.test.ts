// Defaults of a platform in Google Cloud, and every message about it in full. Does not prove that Google has the machine type,
// the zone or the quota.
import { describe, expect, test } from "vitest";
import { checkSection } from "../../../../settings/check/section.ts";
import { platformSchema } from "../../../../settings/platform.ts";
import { problemsAfter as problemsOfAll, withSettings, type Change } from "../../../support/settings.ts";

const smallest = {
    variant: "gcp",
    cluster: {
        variant: "create",
        nodes: { variant: "pools", pools: { general: { max: 5 } } },
        apiAccess: { cidrs: ["203.0.113.0/24"] },
    },
};

const check = (...changes: readonly Change[]) =>
    checkSection("platform", platformSchema, withSettings(smallest, changes));

const problemsAfter = (...changes: readonly Change[]) => {
    const result = check(...changes);
    return "problems" in result ? result.problems : [];
};

const exclusions = (count: number) =>
    Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
            `e${index}`,
            { start: "2026-11-20T00:00:00Z", end: "2026-12-01T00:00:00Z" },
        ]),
    );

test.each(["example-org", "projects/example.com:shop/managedZones/example-org"])(
    "the zone above may be %s",
    (parentZone) => {
        expect(problemsAfter(["dns", { variant: "create", domain: "shop.example.org", parentZone }])).toEqual([]);
    },
);

test("so many times without upgrades as Google takes are taken", () => {
    expect(problemsAfter(["cluster.maintenance.exclusions", exclusions(20)])).toEqual([]);
});

test("everything that is not about who runs it and who gets in has a default", () => {
    expect(check()).toEqual({
        value: {
            variant: "gcp",
            apis: { variant: "create", additional: [] },
            network: {
                variant: "create",
                ranges: {
                    nodes: "10.0.0.0/20",
                    pods: "10.4.0.0/14",
                    services: "10.8.0.0/20",
                    privateServices: "10.9.0.0/16",
                },
                flowLogSampling: 0.1,
                outgoingAddresses: [],
            },
            cluster: {
                variant: "create",
                nodes: {
                    variant: "pools",
                    pools: {
                        general: {
                            machineType: "e2-standard-4",
                            min: 1,
                            max: 5,
                            spot: false,
                            diskSizeGb: 100,
                            diskType: "pd-balanced",
                        },
                    },
                },
                apiAccess: { endpoint: "public", cidrs: ["203.0.113.0/24"] },
                releaseChannel: "REGULAR",
                maintenance: {
                    start: "02:00",
                    hours: 4,
                    days: ["MO", "TU", "WE", "TH", "FR", "SA", "SU"],
                    exclusions: {},
                },
                controlPlaneLogs: [],
                storageClass: "standard-rwo",
            },
            keys: { variant: "create", rotationDays: 90 },
            dns: { variant: "none" },
            registry: { variant: "none" },
            ci: { variant: "none" },
            gateway: { requestLogSampling: 1 },
            logs: {},
        },
    });
});

test.each<[string, ...Change[]]>([
    ["an Autopilot cluster", ["cluster.nodes", { variant: "autopilot" }]],
    ["a private API", ["cluster.apiAccess", { endpoint: "private" }]],
    ["an API behind Google's front end", ["cluster.apiAccess", { endpoint: "dns" }]],
    ["one zone", ["cluster.zone", "b"]],
    ["a node in the one zone of a cluster", ["cluster.zone", "b"], ["cluster.nodes.pools.general.max", 1]],
    ["a node in the one zone of a pool", ["cluster.nodes.pools.general", { max: 1, zones: ["b"] }]],
    [
        "machines with their disks",
        ["cluster.nodes.pools.general", { max: 5, machineType: "c4-standard-4", diskType: "hyperdisk-balanced" }],
    ],
    [
        "machines that may have either",
        ["cluster.nodes.pools.general", { max: 5, machineType: "c3-standard-4", diskType: "hyperdisk-balanced" }],
    ],
    ["pools from nothing", ["cluster.nodes.pools.spot", { spot: true, min: 0, max: 10, zones: ["b", "c"] }]],
    ["two days a week for maintenance", ["cluster.maintenance", { start: "23:30", hours: 6, days: ["TU", "WE"] }]],
    [
        "a network that is there already",
        [
            "network",
            {
                variant: "existing",
                network: "projects/host-project/global/networks/main",
                subnetwork: "projects/host-project/regions/europe-west1/subnetworks/main",
                podsRange: "pods",
                servicesRange: "services",
            },
        ],
    ],
    [
        "a cluster that is there already",
        [
            "cluster",
            { variant: "existing", location: "europe-west1", name: "main", endpoint: "gke-1a2b.europe-west1.gke.goog" },
        ],
        ["network", { variant: "none" }],
    ],
    ["no key of ours", ["keys", { variant: "none" }]],
    [
        "keys that are there already",
        ["keys", { variant: "existing", database: "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k" }],
    ],
    ["a zone", ["dns", { variant: "create", domain: "shop.example.org" }]],
    [
        "a zone that is there already",
        ["dns", { variant: "existing", domain: "example.org", managedZone: "example-org" }],
    ],
    ["a registry", ["registry", { variant: "create", writers: { ci: "serviceAccount:ci@p.iam.gserviceaccount.com" } }]],
    [
        "a registry that is there already",
        ["registry", { variant: "existing", prefix: "europe-docker.pkg.dev/lab/images" }],
    ],
    ["APIs that are enabled already", ["apis", { variant: "none" }]],
    [
        "the provider's own arguments",
        ["cluster.native", { addonsConfig: { gcsFuseCsiDriverConfig: { enabled: true } } }],
    ],
    ["days for logs", ["logs.days", 90]],
])("%s", (_, ...changes) => expect(problemsAfter(...changes)).toEqual([]));

interface Case {
    readonly changes: readonly Change[];
    readonly path: string;
    readonly found: string;
    readonly allowed: string;
}

const ranges = "platform.network.ranges";
const pools = "platform.cluster.nodes.pools";

describe("says what is wrong", () => {
    test.each<Case>([
        {
            changes: [
                ["network.ranges.pods", "10.0.0.0/16"],
                ["network.variant", "create"],
            ],
            path: `${ranges}.pods`,
            found: '"10.0.0.0/16"',
            allowed: "a range that has no address in common with nodes",
        },
        {
            changes: [
                ["network.ranges.nodes", "172.17.0.0/20"],
                ["network.variant", "create"],
            ],
            path: `${ranges}.nodes`,
            found: '"172.17.0.0/20"',
            allowed: "a range outside 172.17.0.0/16, which is the nodes' own bridge",
        },
        {
            changes: [
                ["network.ranges.nodes", "10.0.0.1/20"],
                ["network.variant", "create"],
            ],
            path: `${ranges}.nodes`,
            found: '"10.0.0.1/20"',
            allowed:
                "an IPv4 address range of /28 or larger that begins with its first address, for example 10.0.0.0/20",
        },
        {
            changes: [
                ["network.ranges.privateServices", "10.9.0.0/28"],
                ["network.variant", "create"],
            ],
            path: `${ranges}.privateServices`,
            found: '"10.9.0.0/28"',
            allowed:
                "an IPv4 address range of /23 or larger that begins with its first address, for example 10.9.0.0/16",
        },
        {
            // Cloud SQL takes all of a /24, and Memorystore gets nothing.
            changes: [
                ["network.ranges.privateServices", "10.9.0.0/24"],
                ["network.variant", "create"],
            ],
            path: `${ranges}.privateServices`,
            found: '"10.9.0.0/24"',
            allowed:
                "an IPv4 address range of /23 or larger that begins with its first address, for example 10.9.0.0/16",
        },
        {
            changes: [
                ["network.ranges.services", "169.254.0.0/20"],
                ["network.variant", "create"],
            ],
            path: `${ranges}.services`,
            found: '"169.254.0.0/20"',
            allowed: "a range outside 169.254.0.0/16, which is link-local: metadata and DNS answer there",
        },
        {
            changes: [
                ["network.ranges.pods", "224.0.0.0/14"],
                ["network.variant", "create"],
            ],
            path: `${ranges}.pods`,
            found: '"224.0.0.0/14"',
            allowed: "a range outside 224.0.0.0/4, which is multicast",
        },
        {
            changes: [["cluster.nodes.pools.general.max", 2]],
            path: `${pools}.general.max`,
            found: "2",
            allowed: "at least 3, one node for each zone; or fewer zones in platform.cluster.nodes.pools.general.zones",
        },
        {
            changes: [["cluster.nodes.pools.general", { max: 1, zones: ["b", "c"] }]],
            path: `${pools}.general.max`,
            found: "1",
            allowed: "at least 2, one node for each zone; or fewer zones in platform.cluster.nodes.pools.general.zones",
        },
        {
            changes: [["cluster.nodes.pools.general.machineType", "n4-standard-4"]],
            path: `${pools}.general.diskType`,
            found: "nothing",
            allowed: "hyperdisk-balanced, the only one that n4-standard-4 has",
        },
        {
            changes: [["cluster.nodes.pools.general.diskType", "hyperdisk-balanced"]],
            path: `${pools}.general.diskType`,
            found: '"hyperdisk-balanced"',
            allowed: "pd-balanced, pd-ssd or pd-standard, which e2-standard-4 has",
        },
        {
            changes: [
                ["network.ranges.pods", "10.4.0.0/21"],
                ["network.variant", "create"],
                ["cluster.nodes.pools.general.max", 9],
            ],
            path: pools,
            found: "a group with general",
            allowed:
                "pools of at most 8 nodes together, which is what network.ranges.pods has addresses for; here they may become 9",
        },
        {
            changes: [["network", { variant: "none" }]],
            path: "platform.network.variant",
            found: '"none"',
            allowed: "create or existing: a new cluster needs a network",
        },
        {
            changes: [
                ["cluster", { variant: "existing", location: "europe-west1", name: "main", endpoint: "192.0.2.1" }],
            ],
            path: "platform.network.variant",
            found: "nothing",
            allowed: "existing or none: a cluster that is there already is in a network that is there already",
        },
        {
            changes: [["cluster.apiAccess", undefined]],
            path: "platform.cluster.apiAccess",
            found: "nothing",
            allowed: "settings: endpoint, cidrs",
        },
        {
            changes: [["cluster.apiAccess.cidrs", undefined]],
            path: "platform.cluster.apiAccess.cidrs",
            found: "nothing",
            allowed: "at least one range that may use kubectl and pulumi; or endpoint: dns",
        },
        {
            changes: [["cluster.apiAccess.endpoint", "dns"]],
            path: "platform.cluster.apiAccess.cidrs",
            found: "a list with 1 entry",
            allowed: "nothing with endpoint: dns, where Google's IAM says who comes in",
        },
        {
            changes: [["cluster.apiAccess.cidrs", ["0.0.0.0/0"]]],
            path: "platform.cluster.apiAccess.cidrs[0]",
            found: '"0.0.0.0/0"',
            allowed: "narrower ranges than the whole internet: those of your offices, VPN and CI; or endpoint: dns",
        },
        {
            changes: [["cluster.nodes.pools", { spot: { spot: true, max: 3 } }]],
            path: pools,
            found: "a group with spot",
            allowed: "pools of which at least one has min: 1 or more and is not spot, for the cluster's own pods",
        },
        {
            changes: [["cluster.nodes.pools.general.min", 9]],
            path: `${pools}.general.min`,
            found: "9",
            allowed: "at most 5, which is max",
        },
        {
            changes: [["cluster.nodes.pools.general.machineType", "big one"]],
            path: `${pools}.general.machineType`,
            found: '"big one"',
            allowed: "a machine type, for example e2-standard-4",
        },
        {
            changes: [
                ["cluster.nodes", { variant: "autopilot" }],
                ["cluster.zone", "b"],
            ],
            path: "platform.cluster.zone",
            found: '"b"',
            allowed: "nothing: an Autopilot cluster is always in the whole region",
        },
        {
            changes: [["cluster.zone", "europe-west1-b"]],
            path: "platform.cluster.zone",
            found: '"europe-west1-b"',
            allowed: "what stands behind the region in a zone's name, for example b",
        },
        {
            changes: [["cluster.maintenance", { days: ["SA", "SU"] }]],
            path: "platform.cluster.maintenance",
            found: "a group with days",
            allowed: "at least 48 hours in 32 days, for example 6 hours on two days of the week: Google asks for it",
        },
        {
            changes: [["cluster.maintenance", { start: "2am" }]],
            path: "platform.cluster.maintenance.start",
            found: '"2am"',
            allowed: "a time of day, for example 02:00",
        },
        {
            changes: [["cluster.maintenance.exclusions.sale", { start: "2026-11-20", end: "2026-12-01T00:00:00Z" }]],
            path: "platform.cluster.maintenance.exclusions.sale.start",
            found: '"2026-11-20"',
            allowed: "a time in UTC, to the second, for example 2026-11-20T00:00:00Z",
        },
        {
            changes: [
                ["cluster.maintenance.exclusions.sale", { start: "2026-12-01T00:00:00Z", end: "2026-11-20T00:00:00Z" }],
            ],
            path: "platform.cluster.maintenance.exclusions.sale.end",
            found: '"2026-11-20T00:00:00Z"',
            allowed: "a time after its start, 2026-12-01T00:00:00Z",
        },
        {
            changes: [["cluster.maintenance.exclusions", exclusions(21)]],
            path: "platform.cluster.maintenance.exclusions",
            found: expect.stringMatching(/^a group with e0, e1/) as string,
            allowed: "at most 20 of them: those that are over can go",
        },
        {
            changes: [["dns", { variant: "create", domain: "shop.example.org", parentZone: "example.org" }]],
            path: "platform.dns.parentZone",
            found: '"example.org"',
            allowed:
                "a managed zone as gcloud dns managed-zones list names it, or projects/PROJECT/managedZones/NAME for one of another project",
        },
        {
            changes: [["keys", { variant: "existing", database: "key" }]],
            path: "platform.keys.database",
            found: '"key"',
            allowed: "a key as projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY",
        },
        {
            changes: [["registry", { variant: "create", readers: { nodes: "user:a@example.org" } }]],
            path: "platform.registry.readers",
            found: "a group with nodes",
            allowed: "another name than nodes, which the cluster's have",
        },
        {
            changes: [["registry", { variant: "create", writers: { ci: "ci" } }]],
            path: "platform.registry.writers.ci",
            found: '"ci"',
            allowed: "a principal as IAM names it, for example serviceAccount:ci@project.iam.gserviceaccount.com",
        },
        {
            changes: [["registry", { variant: "existing", prefix: "https://registry" }]],
            path: "platform.registry.prefix",
            found: '"https://registry"',
            allowed: "what stands before an image's name, for example europe-west1-docker.pkg.dev/project/shop",
        },
        {
            changes: [["dns", { variant: "create" }]],
            path: "platform.dns.domain",
            found: "nothing",
            allowed: "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
        },
        {
            changes: [["apis", { variant: "create", additional: ["pubsub"] }]],
            path: "platform.apis.additional[0]",
            found: '"pubsub"',
            allowed: "an API's name, for example pubsub.googleapis.com",
        },
    ])("$path: $allowed", ({ changes, path, found, allowed }) => {
        expect(problemsAfter(...changes)).toMatchObject([{ path, found, allowed }]);
    });
});

describe("with other sections", () => {
    const clouds = ["clouds.gcp", { project: "shop-project", region: "europe-west1" }] as const;
    // A copy each time: changes are made in place.
    const platform = () => ["platform", structuredClone(smallest)] as const;
    const existingNetwork = {
        variant: "existing",
        network: "projects/host-project/global/networks/main",
        subnetwork: "projects/host-project/regions/europe-west4/subnetworks/main",
        podsRange: "pods",
        servicesRange: "services",
    };

    test("they fit", () => expect(problemsOfAll(clouds, platform())).toEqual([]));

    test("a cluster in one zone is not for production", () => {
        const zone = ["platform.cluster.zone", "b"] as const;
        expect(problemsOfAll(clouds, platform(), zone)).toEqual([]);
        expect(problemsOfAll(clouds, platform(), zone, ["environment.kind", "production"])).toContainEqual({
            path: "platform.cluster.zone",
            found: '"b"',
            allowed: "nothing in production: a cluster in one zone is gone when the zone is",
            fix: "pulumi config rm --path 'platform.cluster.zone'",
        });
    });

    test("production's cluster has a key for its Secrets, unless it is there already", () => {
        const production = ["environment.kind", "production"] as const;
        const allowed =
            "a key of Cloud KMS in production: without one the cluster's Secrets are encrypted by Google's own alone";
        const none = ["platform.keys", { variant: "none" }] as const;
        const given = (keys: object) => ["platform.keys", { variant: "existing", ...keys }] as const;
        expect(problemsOfAll(clouds, platform(), none)).toEqual([]);
        expect(problemsOfAll(clouds, platform(), production, none)).toContainEqual({
            path: "platform.keys.variant",
            found: '"none"',
            allowed,
            fix: "pulumi config set --path 'platform.keys.variant' create",
        });
        expect(problemsOfAll(clouds, platform(), production, given({}))).toContainEqual({
            path: "platform.keys.database",
            found: "nothing",
            allowed,
            fix: "pulumi config set --path 'platform.keys.database' KEY",
        });
        const key = "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k";
        for (const keys of [given({ database: key }), ["platform.keys", { variant: "create" }] as const]) {
            const paths = problemsOfAll(clouds, platform(), production, keys).map(({ path }) => path);
            expect(paths.filter((path) => path.startsWith("platform.keys"))).toEqual([]);
        }
    });

    test("network and key are where the cluster is", () => {
        const key = "projects/p/locations/global/keyRings/r/cryptoKeys/k";
        const keys = ["platform.keys", { variant: "existing", database: key }] as const;
        expect(problemsOfAll(clouds, platform(), ["platform.network", existingNetwork], keys)).toEqual([
            {
                path: "platform.network.subnetwork",
                found: JSON.stringify(existingNetwork.subnetwork),
                allowed: "one in europe-west1, the region in clouds.gcp, where the cluster is",
                fix: "pulumi config set --path 'platform.network.subnetwork' SUBNETWORK",
            },
            {
                path: "platform.keys.database",
                found: JSON.stringify(key),
                allowed: "one in europe-west1, the region in clouds.gcp, where the cluster is",
                fix: "pulumi config set --path 'platform.keys.database' KEY",
            },
        ]);
    });

    test("the zone lets Google issue the certificates of the way in", () => {
        const dns = (certificateAuthorities: string[]) =>
            ["platform.dns", { variant: "create", domain: "example.org", certificateAuthorities }] as const;
        expect(problemsOfAll(clouds, platform(), dns([]))).toEqual([]);
        expect(problemsOfAll(clouds, platform(), dns(["letsencrypt.org"]), ["exposure", { variant: "none" }])).toEqual(
            [],
        );
        expect(problemsOfAll(clouds, platform(), dns(["letsencrypt.org"]))).toEqual([
            {
                path: "platform.dns.certificateAuthorities",
                found: '["letsencrypt.org"]',
                allowed: "pki.goog among them, which issues the certificates of the way in; or none, for any authority",
                fix: "pulumi config set --path 'platform.dns.certificateAuthorities[1]' pki.goog",
            },
        ]);
    });
});
