// A platform in Google Cloud: network, GKE cluster, keys, DNS zone and registry; each is made, adopted or left out.
import { z } from "zod";
import { artifactRepositoryOf } from "../../../lib/registry-paths.ts";
import { checkCi, ciOf } from "../../ci.ts";
import { isRange, overlapping, overlaps, range } from "../../../lib/cidr.ts";
import { hostName, ipv4RangeForm, minAtMostMax, objectName, shortName, text } from "../../fields.ts";
import { backendPolicy, gatewaySpec } from "../../native/objects.ts";
import { native, nativeObject } from "../../native/native.ts";
import { keyPath, networkPath } from "./fields.ts";

const ipRange = text(
    "an IPv4 address range that begins with its first address, for example 10.20.0.0/16",
    isRange,
).meta({
    typeName: "range",
    pattern: ipv4RangeForm,
});

function ipRangeOf(most: number, example: string): z.ZodString {
    return text(
        `an IPv4 address range of /${most} or larger that begins with its first address, for example ${example}`,
        (value) => isRange(value) && range(value).bits <= most,
    ).meta({ pattern: ipv4RangeForm });
}

const zoneLetter = text("what stands behind the region in a zone's name, for example b", /^[a-z][a-z0-9]{0,3}$/);

const member = text(
    "a principal as IAM names it, for example serviceAccount:ci@project.iam.gserviceaccount.com",
    /^[a-zA-Z]+:\S+$/,
);

/** No subnetwork may have these, or, of the first, what has such an address is not reached from pods. */
const takenRanges: Readonly<Record<string, string>> = {
    "the nodes' own bridge": "172.17.0.0/16",
    "link-local: metadata and DNS answer there": "169.254.0.0/16",
    loopback: "127.0.0.0/8",
    "this network": "0.0.0.0/8",
    multicast: "224.0.0.0/4",
    "where Google's APIs are": "199.36.153.0/24",
};

const ranges = z
    .strictObject({
        nodes: ipRangeOf(28, "10.0.0.0/20").default("10.0.0.0/20").meta({
            description: "A node and an internal load balancer take one address each.",
            defaultsTo: "`10.0.0.0/20`, 4,092 of them",
        }),
        pods: ipRangeOf(21, "10.4.0.0/14")
            .default("10.4.0.0/14")
            .meta({ description: "GKE gives each node 256 of them.", defaultsTo: "`10.4.0.0/14`, for 1,024 nodes" }),
        services: ipRangeOf(27, "10.8.0.0/20")
            .default("10.8.0.0/20")
            .meta({ description: "One for each Service.", defaultsTo: "`10.8.0.0/20`, 4,096 of them" }),
        privateServices: ipRangeOf(23, "10.9.0.0/16")
            .default("10.9.0.0/16")
            .describe("For Cloud SQL, which takes a /24 of it for each region, and Memorystore."),
    })
    .superRefine((given, context) => {
        // Also runs when one of them is none, which has been said then.
        const right = Object.entries(given).filter(([, value]) => isRange(value));
        const pair = overlapping(Object.fromEntries(right));
        if (pair !== undefined) {
            context.addIssue({
                code: "custom",
                path: [pair[1]],
                message: `a range that has no address in common with ${pair[0]}`,
            });
        }
        for (const [name, value] of right) {
            for (const [what, taken] of Object.entries(takenRanges)) {
                if (overlaps(value, taken)) {
                    context.addIssue({
                        code: "custom",
                        path: [name],
                        message: `a range outside ${taken}, which is ${what}`,
                    });
                }
            }
        }
    })
    .describe("The four never change without a new cluster, or a new network. They do not overlap.");

const newNetwork = z.strictObject({
    variant: z.literal("create"),
    ranges: ranges.prefault({}),
    flowLogSampling: z
        .number()
        .min(0)
        .max(1)
        .default(0.1)
        .describe("The part of all connections that is logged; a log costs money for each gigabyte."),
    outgoingAddresses: z.array(shortName).default([]).meta({
        description: "Names of fixed addresses by which pods reach the internet, for others' lists of who may come in.",
        defaultsTo: "none, Google takes what it needs",
    }),
    native: z
        .strictObject({
            network: native("gcp.compute.Network"),
            subnetwork: native("gcp.compute.Subnetwork"),
            nat: native("gcp.compute.RouterNat"),
        })
        .optional(),
});

const existingNetwork = z
    .strictObject({
        variant: z.literal("existing"),
        network: networkPath.describe("With private services access for managed stores."),
        subnetwork: text(
            "projects/PROJECT/regions/REGION/subnetworks/NAME",
            /^projects\/[a-z0-9.:-]+\/regions\/[a-z0-9-]+\/subnetworks\/[a-z][a-z0-9-]*$/,
        ).describe("In the region of `clouds.gcp`."),
        podsRange: objectName.describe("The name of the subnetwork's secondary range for pods."),
        servicesRange: objectName.describe("Likewise, for Services."),
    })
    .describe(
        "With a way out (Cloud NAT), and for managed stores with a private services connection: nothing is added to it.",
    );

const none = z.strictObject({ variant: z.literal("none") });

const machineType = text("a machine type, for example e2-standard-4", /^[a-z0-9]+-[a-z0-9-]+$/);

/** Series of machines by their disks; what is in neither may have both, or is not known here. */
export const hyperdiskOnly = /^[cn]4[a-z]?-/;
const withoutHyperdisk = /^(e2|n1|n2d?|t2[ad]|c2d?)-/;

const nodePool = z
    .strictObject({
        machineType: machineType
            .meta({ alsoCalled: ["instanceType", "instanceTypes", "size"] })
            .default("e2-standard-4")
            .describe("Of each node. Those of T2A, N4A and C4A are arm64: images have to be made for it."),
        min: z
            .int()
            .min(0)
            .default(1)
            .meta({ alsoCalled: ["minSize", "minNodes", "minimum"] })
            .describe("The fewest nodes, in all zones together; one pool that is not spot has 1 or more."),
        max: z
            .int()
            .min(1)
            .max(1000)
            .meta({ alsoCalled: ["maxSize", "maxNodes", "maximum"] })
            .describe("The most nodes; one for each zone at least."),
        spot: z
            .boolean()
            .default(false)
            .describe(
                "Much cheaper machines that Google takes away at any time. Any pod may be on them, those of in-cluster stores too.",
            ),
        diskSizeGb: z
            .int()
            .min(10)
            .max(65536)
            .default(100)
            .meta({ alsoCalled: ["disk", "diskSize"], unit: "GB", description: "Of each node." }),
        diskType: z
            .enum(["pd-standard", "pd-balanced", "pd-ssd", "hyperdisk-balanced"])
            .default("pd-balanced")
            .describe("C4, N4 and later machines have hyperdisk-balanced only."),
        zones: z.array(zoneLetter).min(1).optional().meta({
            description: "Their letters. Leaving them out later moves no pool: name the zones that it should be in.",
            defaultsTo: "the cluster's, which are three for a regional one",
        }),
        native: native("gcp.container.NodePool"),
    })
    .superRefine(({ min, max, machineType, diskType }, context) => {
        const problem = (path: string, message: string): void =>
            context.addIssue({ code: "custom", path: [path], message });
        minAtMostMax({ min, max }, context);
        const hyperdisk = diskType === "hyperdisk-balanced";
        if (hyperdiskOnly.test(machineType) && !hyperdisk) {
            problem("diskType", `hyperdisk-balanced, the only one that ${machineType} has`);
        }
        if (withoutHyperdisk.test(machineType) && hyperdisk) {
            problem("diskType", `pd-balanced, pd-ssd or pd-standard, which ${machineType} has`);
        }
    });

const autopilot = z.strictObject({ variant: z.literal("autopilot") });

const nodePools = z.strictObject({
    variant: z.literal("pools"),
    pools: z
        .record(shortName, nodePool)
        .meta({ alsoCalled: ["nodePools", "groups", "nodeGroups"] })
        .refine((pools) => Object.values(pools).some(({ spot, min }) => !spot && min > 0), {
            error: "pools of which at least one has min: 1 or more and is not spot, for the cluster's own pods",
        })
        .describe("By names that stay: another name is another pool."),
});

const anywhere = "narrower ranges than the whole internet: those of your offices, VPN and CI; or endpoint: dns";

const apiAccess = z
    .strictObject({
        endpoint: z
            .enum(["public", "private", "dns"])
            .default("public")
            .describe(
                "`public`: an address that answers `cidrs` only. `private`: an address of the network, so Pulumi has to run where that is reached. `dns`: Google's front end, from anywhere, for principals with container.clusters.connect.",
            ),
        cidrs: z
            .array(ipRange.refine((value) => !isRange(value) || range(value).bits > 0, { error: anywhere }))
            .default([])
            .describe("Offices, VPN, CI; needed with `public`, refused with `dns`. The nodes are always let in."),
    })
    .superRefine(({ endpoint, cidrs }, context) => {
        if (endpoint === "public" && cidrs.length === 0) {
            const message = "at least one range that may use kubectl and pulumi; or endpoint: dns";
            context.addIssue({ code: "custom", path: ["cidrs"], message });
        }
        if (endpoint === "dns" && cidrs.length > 0) {
            const message = "nothing with endpoint: dns, where Google's IAM says who comes in";
            context.addIssue({ code: "custom", path: ["cidrs"], message });
        }
    })
    .describe("Who reaches the Kubernetes API (R54).");

const weekDays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

const moment = text(
    "a time in UTC, to the second, for example 2026-11-20T00:00:00Z",
    (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) && !Number.isNaN(Date.parse(value)),
).meta({ typeName: "time", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$" });

/** So many Google takes for a cluster. */
const mostExclusions = 20;

const exclusion = z
    .strictObject({
        start: moment.meta({ alsoCalled: ["from", "startTime"], description: "UTC." }),
        end: moment.meta({ alsoCalled: ["to", "until", "endTime"], description: "UTC." }),
        scope: z
            .enum(["NO_UPGRADES", "NO_MINOR_UPGRADES", "NO_MINOR_OR_NODE_UPGRADES"])
            .default("NO_UPGRADES")
            .describe("What waits: all upgrades, or minor versions, or these and all of nodes."),
    })
    .superRefine(({ start, end }, context) => {
        if (Date.parse(end) <= Date.parse(start)) {
            context.addIssue({ code: "custom", path: ["end"], message: `a time after its start, ${start}` });
        }
    });

const maintenance = z
    .strictObject({
        start: text("a time of day, for example 02:00", /^([01][0-9]|2[0-3]):[0-5][0-9]$/)
            .default("02:00")
            .describe("UTC."),
        hours: z
            .int()
            .min(4)
            .max(24)
            .default(4)
            .meta({ unit: "hours", description: "So long, on each of the days; 48 hours in 32 days at least." }),
        days: z
            .array(z.enum(weekDays))
            .min(1)
            .default([...weekDays])
            .meta({ description: "Of the week.", defaultsTo: "every day" }),
        exclusions: z
            .record(shortName, exclusion)
            .refine((exclusions) => Object.keys(exclusions).length <= mostExclusions, {
                error: `at most ${mostExclusions} of them: those that are over can go`,
            })
            .default({})
            .meta({
                alsoCalled: ["maintenanceExclusions", "freezes", "blackouts"],
                description: "Times without upgrades, such as a sale, by names that stay.",
            }),
    })
    .refine(({ hours, days }) => (hours * new Set(days).size * 32) / 7 >= 48, {
        error: "at least 48 hours in 32 days, for example 6 hours on two days of the week: Google asks for it",
    })
    .describe("When Google may upgrade nodes and control plane.");

const storageClass = objectName
    .default("standard-rwo")
    .describe(
        "Of the volumes of in-cluster stores: `standard-rwo`, or `premium-rwo` (SSD); on machines that have hyperdisk only, one of yours of that kind.",
    );

/** So many of a region's zones GKE takes for a pool that names none. */
const regionalZones = 3;

const newCluster = z
    .strictObject({
        variant: z.literal("create"),
        nodes: z.discriminatedUnion("variant", [autopilot, nodePools]).describe("Who makes the nodes."),
        apiAccess,
        zone: zoneLetter.optional().meta({
            description: "Control plane and nodes in one zone; not for production.",
            defaultsTo: "the whole region",
        }),
        releaseChannel: z
            .enum(["RAPID", "REGULAR", "STABLE", "EXTENDED"])
            .default("REGULAR")
            .describe("How soon Google brings a new version of Kubernetes."),
        maintenance: maintenance.prefault({}),
        controlPlaneLogs: z
            .array(z.enum(["APISERVER", "SCHEDULER", "CONTROLLER_MANAGER"]))
            .default([])
            .describe("What of the control plane is logged beside the system and the pods."),
        storageClass,
        native: native("gcp.container.Cluster"),
    })
    .superRefine(({ nodes, zone }, context) => {
        const problem = (path: PropertyKey[], message: string): void =>
            context.addIssue({ code: "custom", path, message });
        if (nodes.variant === "autopilot") {
            if (zone !== undefined) {
                problem(["zone"], "nothing: an Autopilot cluster is always in the whole region");
            }
            return;
        }
        for (const [name, { min, max, zones }] of Object.entries(nodes.pools)) {
            const least = zones?.length ?? (zone === undefined ? regionalZones : 1);
            if (min > 0 && max < least) {
                const fewer = `fewer zones in platform.cluster.nodes.pools.${name}.zones`;
                problem(["nodes", "pools", name, "max"], `at least ${least}, one node for each zone; or ${fewer}`);
            }
        }
    });

const existingCluster = z
    .strictObject({
        variant: z.literal("existing"),
        location: text(
            "a region or a zone, for example europe-west1 or europe-west1-b",
            /^[a-z][a-z0-9-]{2,30}$/,
        ).describe("Where it is."),
        name: objectName.describe("Its name."),
        endpoint: text("an address or a host name without scheme", /^[a-z0-9.-]+$/).describe(
            "An address, or the DNS-based endpoint.",
        ),
        caCertificate: text("a certificate as base64", /^[A-Za-z0-9+/]{100,}={0,2}$/)
            .optional()
            .meta({
                description: "As base64, which is how gcloud shows it.",
                defaultsTo: "the DNS-based endpoint's, which every machine trusts",
            }),
        enforcesNetworkPolicy: z
            .boolean()
            .default(false)
            .describe(
                "Whether it has Dataplane V2 or the network policy add-on (R49). Production refuses a cluster without.",
            ),
        storageClass,
    })
    .describe("VPC-native, with Workload Identity, and for a way in with the Gateway API's standard channel.");

const newKeys = z.strictObject({
    variant: z.literal("create"),
    rotationDays: z
        .int()
        .min(2)
        .max(3650)
        .default(90)
        .meta({ unit: "days", description: "From one version of a key to the next." }),
    native: native("gcp.kms.CryptoKey"),
});

const existingKeys = z.strictObject({
    variant: z.literal("existing"),
    database: keyPath.optional().meta({
        description:
            "For the cluster's secrets, in its region. GKE's account may use it already ([how](clouds/gcp.md)).",
        defaultsTo: "Google's own key alone; in production needed",
    }),
    stackSecrets: keyPath
        .optional()
        .meta({ description: "For `pulumi stack change-secrets-provider`.", defaultsTo: "none" }),
});

const newZone = z.strictObject({
    variant: z.literal("create"),
    domain: hostName.describe(
        "What the zone is for. The zone above has to name this one's servers, and for DNSSEC its DS record.",
    ),
    parentZone: text(
        "a managed zone as gcloud dns managed-zones list names it, or projects/PROJECT/managedZones/NAME for one of another project",
        /^(projects\/[a-z0-9.:-]+\/managedZones\/)?[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    )
        .optional()
        .meta({
            description: "The zone above: there the name servers are entered.",
            defaultsTo: "someone enters them by hand, before the first certificate",
        }),
    certificateAuthorities: z
        .array(hostName)
        .default(["pki.goog"])
        .describe("Who may issue certificates for names in it; the way in needs pki.goog."),
    native: native("gcp.dns.ManagedZone"),
});

const existingZone = z.strictObject({
    variant: z.literal("existing"),
    domain: hostName.describe("What the zone is for."),
    managedZone: objectName.describe("As `gcloud dns managed-zones list` names it, in the project of `clouds.gcp`."),
});

const newRegistry = z.strictObject({
    variant: z.literal("create"),
    readers: z
        .record(shortName, member)
        .default({})
        .refine((readers) => !Object.hasOwn(readers, "nodes"), {
            error: "another name than nodes, which the cluster's have",
        })
        .meta({ typeName: "name: principal", description: "Who may pull besides the nodes, by a name that stays." }),
    writers: z.record(shortName, member).default({}).meta({
        typeName: "name: principal",
        description: "Who may push besides the project's owners, for example CI; by a name that stays.",
    }),
    untaggedDays: z
        .int()
        .min(1)
        .max(3650)
        .default(30)
        .meta({ unit: "days", description: "After which images without a tag go." }),
    keepNewest: z.int().min(1).max(1000).default(50).describe("Except so many of the newest of each image."),
    scanning: z
        .boolean()
        .default(true)
        .describe(
            "Known vulnerabilities are looked for in each pushed image, and again for 30 days: Artifact Analysis, paid by image.",
        ),
    native: native("gcp.artifactregistry.Repository"),
});

const existingRegistry = z.strictObject({
    variant: z.literal("existing"),
    prefix: text(
        "what stands before an image's name, for example europe-west1-docker.pkg.dev/project/shop",
        /^[a-z0-9.-]+(\/[a-z0-9._-]+)+$/,
    ).describe("Of the images."),
    admitNodes: z
        .boolean()
        .default(true)
        .describe(
            "Whether the nodes of a new cluster get the right to pull, where it is Artifact Registry's; false: they have it already.",
        ),
});

const role = text(
    "a role as IAM names it, for example roles/editor or projects/PROJECT/roles/NAME",
    /^(roles|(projects|organizations)\/[a-z0-9.:-]+\/roles)\/[A-Za-z0-9_.]+$/,
);

const ci = ciOf(
    {
        roles: z
            .array(role)
            .min(1, { error: "one role at least: what pulumi up needs ([permissions](clouds/gcp.md#permissions))" })
            .describe("In the project; who has `setIamPolicy` there can give itself all others."),
    },
    {},
);

const apiName = text("an API's name, for example pubsub.googleapis.com", /^[a-z0-9-]+\.googleapis\.com$/);

export const gcpPlatform = z
    .strictObject({
        variant: z.literal("gcp").meta({ alsoCalled: ["gke", "google", "googleCloud"] }),
        apis: z
            .discriminatedUnion("variant", [
                z.strictObject({
                    variant: z.literal("create"),
                    additional: z.array(apiName).default([]).describe("APIs beside those that are needed."),
                }),
                none,
            ])
            .prefault({ variant: "create" })
            .describe(
                "The project's APIs: all that the platform and its stores call. `none`: they are enabled already.",
            ),
        network: z
            .discriminatedUnion("variant", [newNetwork, existingNetwork, none])
            .prefault({ variant: "create" })
            .describe("Where everything is. `none` beside an existing cluster only."),
        cluster: z.discriminatedUnion("variant", [newCluster, existingCluster]).describe("The GKE cluster."),
        keys: z
            .discriminatedUnion("variant", [newKeys, existingKeys, none])
            .prefault({ variant: "create" })
            .describe(
                "Keys for the cluster's secrets, and for the stack's. `none` in production beside an existing cluster only (R56).",
            ),
        dns: z
            .discriminatedUnion("variant", [newZone, existingZone, none])
            .prefault({ variant: "none" })
            .describe("A zone of Cloud DNS. `none`: records are made by hand."),
        registry: z
            .discriminatedUnion("variant", [newRegistry, existingRegistry, none])
            .prefault({ variant: "none" })
            .describe("Where images are. `none`: they come from elsewhere."),
        ci: ci
            .prefault({ variant: "none" })
            .describe("Who CI is here, without a key: service accounts that its jobs become ([how](ci.md))."),
        gateway: z
            .strictObject({
                requestLogSampling: z
                    .number()
                    .min(0)
                    .max(1)
                    .default(1)
                    .describe("The part of all requests that is logged; a log costs money for each gigabyte."),
                native: z
                    .strictObject({
                        gateway: nativeObject("Over the Gateway's `spec`.", gatewaySpec),
                        backendPolicy: nativeObject(
                            "Over `spec.default` of each app's GCPBackendPolicy: Cloud Armor (`securityPolicy`), Identity-Aware Proxy (`iap`), ...",
                            backendPolicy,
                        ),
                    })
                    .optional(),
            })
            .prefault({})
            .describe("Google's load balancer."),
        logs: z
            .strictObject({
                days: z.int().min(1).max(3650).optional().meta({
                    unit: "days",
                    description: "For which the whole project keeps its logs; one stack says it.",
                    defaultsTo: "as the project has it, at first 30",
                }),
            })
            .prefault({}),
    })
    .superRefine(({ network, cluster, registry, ci: jobs }, context) => {
        const problem = (path: PropertyKey[], message: string): void =>
            context.addIssue({ code: "custom", path, message });
        checkCi(jobs, noRegistry(registry), (path, message) => problem([...path], message));
        for (const [name, right] of [
            ["ci", "push"],
            ["review", "review"],
        ] as const) {
            if (jobs.variant !== "none" && jobs[right] && registry.variant === "create" && registry.writers[name]) {
                const message = `another name than ${name}, which those of platform.ci.${right} have`;
                problem(["registry", "writers", name], message);
            }
        }
        if (cluster.variant === "existing") {
            if (network.variant === "create") {
                problem(
                    ["network", "variant"],
                    "existing or none: a cluster that is there already is in a network that is there already",
                );
            }
            return;
        }
        if (network.variant === "none") {
            problem(["network", "variant"], "create or existing: a new cluster needs a network");
        }
        if (cluster.nodes.variant === "pools" && network.variant === "create" && isRange(network.ranges.pods)) {
            const room = 2 ** (24 - range(network.ranges.pods).bits);
            const most = Object.values(cluster.nodes.pools).reduce((sum, { max }) => sum + max, 0);
            if (most > room) {
                const fitting = `pools of at most ${room} nodes together, which is what network.ranges.pods has addresses for`;
                problem(["cluster", "nodes", "pools"], `${fitting}; here they may become ${most}`);
            }
        }
    });

/** @returns why there is nowhere to push to */
function noRegistry(registry: { readonly variant: string; readonly prefix?: string }): string | undefined {
    if (registry.variant === "none") {
        return "nothing without platform.registry: there is nowhere to push to";
    }
    return registry.prefix === undefined || artifactRepositoryOf(registry.prefix)
        ? undefined
        : "nothing, where platform.registry.prefix is not of Artifact Registry: its owner lets CI in";
}

export type GcpPlatformSettings = z.output<typeof gcpPlatform>;
