// A platform in Google Cloud: network, GKE cluster, keys, DNS zone and registry; each is made, adopted or left out.
import { z } from "zod";
import { isRange, overlapping, overlaps, range } from "../../../lib/cidr.ts";
import { hostName, objectName, shortName, text } from "../../fields.ts";
import { keyPath, native, networkPath } from "./fields.ts";

const ipRange = text("an IPv4 address range that begins with its first address, for example 10.20.0.0/16", isRange);

function ipRangeOf(most: number, example: string): z.ZodString {
    return text(
        `an IPv4 address range of /${most} or larger that begins with its first address, for example ${example}`,
        (value) => isRange(value) && range(value).bits <= most,
    );
}

const zoneLetter = text("what stands behind the region in a zone's name, for example b", (value) =>
    /^[a-z][a-z0-9]{0,3}$/.test(value),
);

const member = text(
    "a principal as IAM names it, for example serviceAccount:ci@project.iam.gserviceaccount.com",
    (value) => /^[a-zA-Z]+:\S+$/.test(value),
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

/** The four never change without a new cluster, or a new network. They do not overlap. */
const ranges = z
    .strictObject({
        /** A node and an internal load balancer take one address each. @default "10.0.0.0/20", 4,092 of them */
        nodes: ipRangeOf(28, "10.0.0.0/20").default("10.0.0.0/20"),
        /** GKE gives each node 256 of them. @default "10.4.0.0/14", for 1,024 nodes */
        pods: ipRangeOf(21, "10.4.0.0/14").default("10.4.0.0/14"),
        /** One for each Service. @default "10.8.0.0/20", 4,096 of them */
        services: ipRangeOf(27, "10.8.0.0/20").default("10.8.0.0/20"),
        /** For Cloud SQL, which takes a /24 of it for each region, and Memorystore. @default "10.9.0.0/16" */
        privateServices: ipRangeOf(23, "10.9.0.0/16").default("10.9.0.0/16"),
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
    });

const newNetwork = z.strictObject({
    variant: z.literal("create"),
    ranges: ranges.prefault({}),
    /** The part of all connections that is logged; a log costs money for each gigabyte. @default 0.1 */
    flowLogSampling: z.number().min(0).max(1).default(0.1),
    /**
     * Names of fixed addresses by which pods reach the internet, for others' lists of who may come in.
     * @default none, Google takes what it needs
     */
    outgoingAddresses: z.array(shortName).default([]),
    native: z
        .strictObject({ network: native.optional(), subnetwork: native.optional(), nat: native.optional() })
        .optional(),
});

/** With a way out (Cloud NAT), and for managed stores with a private services connection: nothing is added to it. */
const existingNetwork = z.strictObject({
    variant: z.literal("existing"),
    network: networkPath,
    /** In the region of `clouds.gcp`. */
    subnetwork: text("projects/PROJECT/regions/REGION/subnetworks/NAME", (value) =>
        /^projects\/[a-z0-9.:-]+\/regions\/[a-z0-9-]+\/subnetworks\/[a-z][a-z0-9-]*$/.test(value),
    ),
    /** The names of two secondary ranges of the subnetwork. */
    podsRange: objectName,
    servicesRange: objectName,
});

const none = z.strictObject({ variant: z.literal("none") });

const machineType = text("a machine type, for example e2-standard-4", (value) => /^[a-z0-9]+-[a-z0-9-]+$/.test(value));

/** Series of machines by their disks; what is in neither may have both, or is not known here. */
const hyperdiskOnly = /^[cn]4[a-z]?-/;
const withoutHyperdisk = /^(e2|n1|n2d?|t2[ad]|c2d?)-/;

const nodePool = z
    .strictObject({
        /** @default "e2-standard-4" */
        machineType: machineType.default("e2-standard-4"),
        /** Nodes in all zones together. @default 1 */
        min: z.int().min(0).default(1),
        max: z.int().min(1).max(1000),
        /**
         * Much cheaper machines that Google takes away at any time. Any pod may be on them, those of in-cluster stores too.
         * @default false
         */
        spot: z.boolean().default(false),
        /** @default 100 */
        diskSizeGb: z.int().min(10).max(65536).default(100),
        /** C4, N4 and later machines have hyperdisk-balanced only. @default "pd-balanced" */
        diskType: z.enum(["pd-standard", "pd-balanced", "pd-ssd", "hyperdisk-balanced"]).default("pd-balanced"),
        /** @default the cluster's, which are three for a regional one */
        zones: z.array(zoneLetter).min(1).optional(),
        /** Over the arguments of gcp.container.NodePool. */
        native: native.optional(),
    })
    .superRefine(({ min, max, machineType, diskType }, context) => {
        const problem = (path: string, message: string): void =>
            context.addIssue({ code: "custom", path: [path], message });
        if (min > max) {
            problem("min", "at most max");
        }
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
    /** By names that stay: another name is another pool. */
    pools: z
        .record(shortName, nodePool)
        .refine((pools) => Object.values(pools).some(({ spot, min }) => !spot && min > 0), {
            error: "pools of which at least one has min: 1 or more and is not spot, for the cluster's own pods",
        }),
});

const anywhere = "narrower ranges than the whole internet: those of your offices, VPN and CI; or endpoint: dns";

/** Who reaches the Kubernetes API (R54). */
const apiAccess = z
    .strictObject({
        /**
         * public: an address that answers `cidrs` only. private: an address of the network, so Pulumi has to run where that is reached.
         * dns: Google's front end, from anywhere, for principals with container.clusters.connect. @default "public"
         */
        endpoint: z.enum(["public", "private", "dns"]).default("public"),
        /** Offices, VPN, CI. The nodes are always let in. @default none */
        cidrs: z
            .array(ipRange.refine((value) => !isRange(value) || range(value).bits > 0, { error: anywhere }))
            .default([]),
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
    });

const weekDays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

/** When Google may upgrade nodes and control plane. */
const maintenance = z
    .strictObject({
        /** UTC. @default "02:00" */
        start: text("a time of day, for example 02:00", (value) =>
            /^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(value),
        ).default("02:00"),
        /** @default 4 */
        hours: z.int().min(4).max(24).default(4),
        /** @default every day */
        days: z
            .array(z.enum(weekDays))
            .min(1)
            .default([...weekDays]),
    })
    .refine(({ hours, days }) => (hours * new Set(days).size * 32) / 7 >= 48, {
        error: "at least 48 hours in 32 days, for example 6 hours on two days of the week: Google asks for it",
    });

const storageClass = objectName.default("standard-rwo");

/** So many of a region's zones GKE takes for a pool that names none. */
const regionalZones = 3;

const newCluster = z
    .strictObject({
        variant: z.literal("create"),
        nodes: z.discriminatedUnion("variant", [autopilot, nodePools]),
        apiAccess,
        /** Control plane and nodes in one zone; not for production. @default the whole region */
        zone: zoneLetter.optional(),
        /** How soon Google brings a new version of Kubernetes. @default "REGULAR" */
        releaseChannel: z.enum(["RAPID", "REGULAR", "STABLE", "EXTENDED"]).default("REGULAR"),
        maintenance: maintenance.prefault({}),
        /** What of the control plane is logged beside the system and the pods. @default none */
        controlPlaneLogs: z.array(z.enum(["APISERVER", "SCHEDULER", "CONTROLLER_MANAGER"])).default([]),
        /** Volumes of in-cluster stores: standard-rwo, or premium-rwo (SSD). @default "standard-rwo" */
        storageClass,
        /** Over the arguments of gcp.container.Cluster. */
        native: native.optional(),
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

/** VPC-native, with Workload Identity, and for a way in with the Gateway API's standard channel. */
const existingCluster = z.strictObject({
    variant: z.literal("existing"),
    /** A region or a zone. */
    location: text("a region or a zone, for example europe-west1 or europe-west1-b", (value) =>
        /^[a-z][a-z0-9-]{2,30}$/.test(value),
    ),
    name: objectName,
    /** An address, or the DNS-based endpoint. */
    endpoint: text("an address or a host name without scheme", (value) => /^[a-z0-9.-]+$/.test(value)),
    /** As base64, which is how gcloud shows it. @default the DNS-based endpoint's, which every machine trusts */
    caCertificate: text("a certificate as base64", (value) => /^[A-Za-z0-9+/]{100,}={0,2}$/.test(value)).optional(),
    /** Whether it has Dataplane V2 or the network policy add-on (R49). Production refuses a cluster without. @default false */
    enforcesNetworkPolicy: z.boolean().default(false),
    storageClass,
});

const newKeys = z.strictObject({
    variant: z.literal("create"),
    /** @default 90 */
    rotationDays: z.int().min(2).max(3650).default(90),
    /** Over the arguments of both gcp.kms.CryptoKey. */
    native: native.optional(),
});

const existingKeys = z.strictObject({
    variant: z.literal("existing"),
    /** For the cluster's secrets, in its region. GKE's account may use it already (docs/clouds/gcp.md). @default Google's own key alone */
    database: keyPath.optional(),
    /** For `pulumi stack change-secrets-provider`. @default none */
    stackSecrets: keyPath.optional(),
});

const newZone = z.strictObject({
    variant: z.literal("create"),
    /** The parent zone then has to name this one's servers, and for DNSSEC its DS record. */
    domain: hostName,
    /** Who may issue certificates for names in it; the way in needs pki.goog. @default ["pki.goog"] */
    certificateAuthorities: z.array(hostName).default(["pki.goog"]),
    /** Over the arguments of gcp.dns.ManagedZone. */
    native: native.optional(),
});

const existingZone = z.strictObject({
    variant: z.literal("existing"),
    domain: hostName,
    /** As `gcloud dns managed-zones list` names it, in the project of `clouds.gcp`. */
    managedZone: objectName,
});

const newRegistry = z.strictObject({
    variant: z.literal("create"),
    /** Who may pull besides the nodes, by a name that stays. @default nobody */
    readers: z
        .record(shortName, member)
        .default({})
        .refine((readers) => !Object.hasOwn(readers, "nodes"), {
            error: "another name than nodes, which the cluster's have",
        }),
    /** Who may push, for example CI. @default nobody but the project's owners */
    writers: z.record(shortName, member).default({}),
    /** Images without a tag go after so many days. @default 30 */
    untaggedDays: z.int().min(1).max(3650).default(30),
    /** Except so many of the newest of each image. @default 50 */
    keepNewest: z.int().min(1).max(1000).default(50),
    /** Over the arguments of gcp.artifactregistry.Repository. */
    native: native.optional(),
});

const existingRegistry = z.strictObject({
    variant: z.literal("existing"),
    prefix: text("what stands before an image's name, for example europe-west1-docker.pkg.dev/project/shop", (value) =>
        /^[a-z0-9.-]+(\/[a-z0-9._-]+)+$/.test(value),
    ),
    /** Whether the nodes of a new cluster get the right to pull, where it is Artifact Registry's; false: they have it already. @default true */
    admitNodes: z.boolean().default(true),
});

const apiName = text("an API's name, for example pubsub.googleapis.com", (value) =>
    /^[a-z0-9-]+\.googleapis\.com$/.test(value),
);

export const gcpPlatform = z
    .strictObject({
        variant: z.literal("gcp"),
        /** The project's APIs. `none`: they are enabled already. @default all that the platform and its stores call */
        apis: z
            .discriminatedUnion("variant", [
                z.strictObject({
                    variant: z.literal("create"),
                    additional: z.array(apiName).default([]),
                }),
                none,
            ])
            .prefault({ variant: "create" }),
        /** @default a new network with the ranges below */
        network: z.discriminatedUnion("variant", [newNetwork, existingNetwork, none]).prefault({ variant: "create" }),
        cluster: z.discriminatedUnion("variant", [newCluster, existingCluster]),
        /** @default new keys, changed every 90 days */
        keys: z.discriminatedUnion("variant", [newKeys, existingKeys, none]).prefault({ variant: "create" }),
        /** @default none, records are made by hand */
        dns: z.discriminatedUnion("variant", [newZone, existingZone, none]).prefault({ variant: "none" }),
        /** @default none, images come from elsewhere */
        registry: z.discriminatedUnion("variant", [newRegistry, existingRegistry, none]).prefault({ variant: "none" }),
        /** Google's load balancer. */
        gateway: z
            .strictObject({
                /** Seconds a response may take. @default 60 */
                requestTimeout: z.int().min(1).max(3600).default(60),
                /** The part of all requests that is logged; a log costs money for each gigabyte. @default 1 */
                requestLogSampling: z.number().min(0).max(1).default(1),
                /** Over the Gateway's `spec`, and over `spec.default` of each app's GCPBackendPolicy: securityPolicy, iap, ... */
                native: z.strictObject({ gateway: native.optional(), backendPolicy: native.optional() }).optional(),
            })
            .prefault({}),
        logs: z
            .strictObject({
                /** For which the whole project keeps its logs; one stack says it. @default as the project has it, at first 30 */
                days: z.int().min(1).max(3650).optional(),
            })
            .prefault({}),
    })
    .superRefine(({ network, cluster }, context) => {
        const problem = (path: PropertyKey[], message: string): void =>
            context.addIssue({ code: "custom", path, message });
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

export type GcpPlatformSettings = z.output<typeof gcpPlatform>;
