// EKS, and what belongs to it: network, keys, registry, DNS zone, way in, logs.
import { z } from "zod";
import { retentionDays } from "../../../lib/aws-log-retention.ts";
import { isRange, overlaps } from "../../../lib/cidr.ts";
import { cidr, hostName, objectName, shortName, text } from "../../fields.ts";

/** Arguments of a resource by AWS's provider's own names, over ours. Nothing checks them before AWS does. */
const native = z.record(z.string(), z.unknown());

function id(kind: string, prefix: string) {
    const allowed = `the id of ${kind}, for example ${prefix}-0a1b2c3d4e5f60718`;
    return text(allowed, (value) => new RegExp(`^${prefix}-[0-9a-f]{8,17}$`).test(value));
}

const range = text("an IPv4 range that begins with its first address, for example 10.40.0.0/16", isRange);

const zone = z.enum(["a", "b", "c", "d", "e", "f"], {
    error: "the letter of an availability zone of the region: a to f",
});

const unique = (values: readonly string[]) => new Set(values).size === values.length;

/** Each costs by zone and hour, and keeps what pods say to that service off the NAT gateways. */
const endpointServices = [
    "autoscaling",
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "logs",
    "monitoring",
    "sts",
] as const;

const newNetwork = z.strictObject({
    variant: z.literal("create"),
    /**
     * Nodes, pods, load balancers and stores: /16 to /18, in no network that it is ever connected to. Never changed.
     * @default "10.0.0.0/16"
     */
    range: range
        .refine((value) => /\/1[6-8]$/.test(value), { error: "a range between /16 and /18" })
        .default("10.0.0.0/16"),
    /** The region's zones, by letter; another one later moves nothing. @default [a, b, c] */
    zones: z
        .array(zone)
        .min(2, { error: "at least two zones: EKS and load balancers ask for them" })
        .refine(unique, { error: "each zone once" })
        .default(["a", "b", "c"]),
    /** How nodes reach the internet. `none` needs `endpoints` or a network of yours. @default perZone in production, else single */
    nat: z.enum(["perZone", "single", "none"]).optional(),
    /** AWS services with an address inside the network. @default [] */
    endpoints: z.array(z.enum(endpointServices)).refine(unique, { error: "each service once" }).default([]),
});

const existingNetwork = z.strictObject({
    variant: z.literal("existing"),
    id: id("a VPC", "vpc"),
    /** Where load balancers are: one of each zone. For a gateway that exists, tagged `kubernetes.io/role/elb: 1`. */
    publicSubnets: z.array(id("a subnet", "subnet")).default([]),
    /** The ranges of `publicSubnets`, where a load balancer's requests come from. */
    publicRanges: z.array(range).default([]),
    /** Of two zones or more, with a way out. */
    privateSubnets: z.array(id("a subnet", "subnet")).min(2, { error: "at least two subnets, in different zones" }),
    /** For databases and caches; of two zones or more. @default [], then there is no place for RDS and ElastiCache */
    storeSubnets: z.array(id("a subnet", "subnet")).default([]),
    /** The ranges of `storeSubnets`: what pods may reach. */
    storeRanges: z.array(range).default([]),
});

const version = text('a minor version of Kubernetes, in quotes, for example "1.36"', (value) =>
    /^1\.[3-9][0-9]$/.test(value),
);

const principal = text("the ARN of an IAM role or user, for example arn:aws:iam::123456789012:role/deploy", (value) =>
    /^arn:aws:iam::[0-9]{12}:(role|user)\/[\w+=,.@/-]+$/.test(value),
);

const nodeGroup = z
    .strictObject({
        /** Types alike in processors and memory: the autoscaler reckons with the first. @default ["m7i.large"], for arm64 ["m7g.large"] */
        instanceTypes: z
            .array(text("an instance type, for example m7i.large", (value) => /^[a-z0-9-]+\.[a-z0-9-]+$/.test(value)))
            .min(1, { error: "at least one instance type" })
            .optional(),
        /** @default "amd64" */
        architecture: z.enum(["amd64", "arm64"]).default("amd64"),
        /** Spare capacity, taken back with two minutes' notice. @default false */
        spot: z.boolean().default(false),
        min: z.int().min(0).max(450),
        max: z.int().min(1).max(450),
        /** @default 50 */
        diskGigabytes: z.int().min(20).max(16384).default(50),
        /** Of each node. @default {} */
        labels: z.record(z.string(), z.string()).default({}),
        native: native.optional(),
    })
    .refine(({ min, max }) => min <= max, { path: ["min"], error: "at most max" });

const nodes = z.discriminatedUnion("variant", [
    /** EKS Auto Mode: as many nodes as pods need, patched and replaced by AWS. */
    z.strictObject({
        variant: z.literal("auto"),
        /** `system` is for AWS's own add-ons. @default [general-purpose, system] */
        pools: z
            .array(z.enum(["general-purpose", "system"]))
            .refine((pools) => pools.includes("general-purpose"), {
                error: "general-purpose among them: apps run there",
            })
            .refine(unique, { error: "each pool once" })
            .default(["general-purpose", "system"]),
    }),
    /** Groups of machines by name, with the cluster autoscaler. */
    z.strictObject({
        variant: z.literal("managed"),
        groups: z.record(shortName, nodeGroup).refine((groups) => Object.values(groups).some(({ min }) => min > 0), {
            error: "at least one group with min 1 or more: add-ons need a node",
        }),
    }),
]);

const addonVersion = text("an add-on's version, for example v1.20.1-eksbuild.3", (value) =>
    /^v[0-9][\w.+-]*$/.test(value),
);

const newCluster = z.strictObject({
    variant: z.literal("create"),
    /** No default, so that no update of this program upgrades a cluster. One minor version at a time. */
    version,
    /** Who administers the cluster. The role that runs Pulumi has to be among them: nobody else is let in by default. */
    admins: z
        .array(principal)
        .min(1, { error: "at least one IAM role: the one that runs Pulumi" })
        .refine(unique, { error: "each role once" }),
    /** Who may reach the API from outside the network. Without a range it has no public address, and Pulumi has to run inside. */
    apiAccess: z
        .strictObject({
            cidrs: z.array(
                cidr.refine((value) => !value.endsWith("/0"), { error: "a range that is not the whole internet" }),
            ),
        })
        .default({ cidrs: [] }),
    /** Outside the network's range. Never changed. @default "172.20.0.0/16" */
    serviceRange: range
        .refine((value) => /^(10|172\.(1[6-9]|2[0-9]|3[01])|192\.168)\..*\/(1[2-9]|2[0-4])$/.test(value), {
            error: "a private range between /12 and /24",
        })
        .default("172.20.0.0/16"),
    /** @default { variant: auto } */
    nodes: nodes.default({ variant: "auto", pools: ["general-purpose", "system"] }),
    /** Versions of EKS add-ons by name. @default what EKS has as default when the add-on is made; it stays at that */
    addonVersions: z.record(z.string(), addonVersion).default({}),
});

const existingCluster = z.strictObject({
    variant: z.literal("existing"),
    name: text("a cluster's name: 1 to 100 letters, digits, hyphens and underscores", (value) =>
        /^[0-9A-Za-z][\w-]{0,99}$/.test(value),
    ),
    /** `aws eks describe-cluster --name NAME --query cluster.endpoint` */
    endpoint: text("the API server's address, for example https://0A1B2C.gr7.eu-central-1.eks.amazonaws.com", (value) =>
        /^https:\/\/[A-Za-z0-9.-]+$/.test(value),
    ),
    /** `--query cluster.certificateAuthority.data` */
    ca: text("the CA's certificate as base64, as certificateAuthority.data has it", (value) =>
        /^LS0tLS[A-Za-z0-9+/]+={0,2}$/.test(value),
    ),
    /** `--query cluster.resourcesVpcConfig.clusterSecurityGroupId` */
    securityGroup: id("a security group", "sg"),
    /**
     * Whether its CNI makes NetworkPolicies hold (R49): on EKS they do not unless someone switched it on. Production refuses
     * a cluster where they do not. @default false
     */
    enforcesNetworkPolicy: z.boolean().default(false),
    /** @default the cluster's default class */
    storageClass: objectName.optional(),
});

const registry = z.discriminatedUnion("variant", [
    z.strictObject({
        variant: z.literal("create"),
        /** One for each image: `shop` becomes `<prefix>/shop`. */
        repositories: z
            .array(shortName)
            .min(1, { error: "at least one repository, for example shop" })
            .refine(unique, { error: "each repository once" }),
        /** Of each repository, the youngest. What runs has to be among them. @default 300 */
        keepImages: z.int().min(20).max(100_000).default(300),
    }),
    z.strictObject({
        variant: z.literal("existing"),
        /** What stands before an image's name. */
        prefix: text(
            "what stands before an image's name, for example 123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop",
            (value) => /^[a-z0-9.-]+(\/[a-z0-9._/-]+)?$/.test(value),
        ),
    }),
    z.strictObject({ variant: z.literal("none") }),
]);

const zoneId = text("a hosted zone's id, for example Z0123456789ABCDEFGHIJ", (value) =>
    /^Z[A-Z0-9]{1,31}$/.test(value),
);

/** @see https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html */
const acmAuthorities: readonly string[] = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"];

/** Records of the environments' hosts are made from their routes, by ExternalDNS. @default true */
const hostRecords = z.boolean().default(true);

const dns = z.discriminatedUnion("variant", [
    z.strictObject({
        variant: z.literal("create"),
        domain: hostName,
        /**
         * The zone above, in the same account: there the name servers are entered.
         * @default someone enters them by hand, before the first certificate
         */
        parentZone: zoneId.optional(),
        /** Who may issue certificates for its names (CAA). @default [amazon.com, amazontrust.com] */
        certificateAuthorities: z
            .array(hostName)
            .refine((authorities) => authorities.some((authority) => acmAuthorities.includes(authority)), {
                error: "one of amazon.com, amazontrust.com, awstrust.com and amazonaws.com among them: else ACM issues nothing",
            })
            .default(["amazon.com", "amazontrust.com"]),
        /** Signed answers. The zone above has to get the DS record, by hand. @default false */
        dnssec: z.boolean().default(false),
        hostRecords,
    }),
    z.strictObject({ variant: z.literal("existing"), domain: hostName, id: zoneId, hostRecords }),
    z.strictObject({ variant: z.literal("none") }),
]);

/** Of each application load balancer, by AWS's own names: `idle_timeout.timeout_seconds`, `access_logs.s3.enabled`. @default {} */
const attributes = z.record(z.string(), z.string()).default({});

const gateway = z.discriminatedUnion("variant", [
    /** The AWS Load Balancer Controller, installed here: an application load balancer per environment. */
    z.strictObject({
        variant: z.literal("install"),
        /**
         * The Gateway API's resource definitions. `present`: the cluster has them, because someone installed them or because
         * Auto Mode was told to keep them (elasticLoadBalancing.gatewayApi). @default "install"
         */
        definitions: z.enum(["install", "present"]).default("install"),
        attributes,
        /** The chart's values, over ours. */
        native: native.optional(),
    }),
    /** One that is there, with a GatewayClass for application load balancers. */
    z.strictObject({ variant: z.literal("existing"), className: objectName, attributes }),
    z.strictObject({ variant: z.literal("none") }),
]);

const retention = z.literal(retentionDays, { error: `days that CloudWatch knows: ${retentionDays.join(", ")}` });

const logs = z.strictObject({
    /** Days that the control plane's log stays, audit log included. @default 90 */
    controlPlaneDays: retention.default(90),
    /** What containers write, in CloudWatch. @default none: kubectl logs, or a system of yours */
    containers: z.strictObject({ /** @default 30 */ days: retention.default(30) }).optional(),
    /** Which addresses talked to which. Only for a network that is created here. @default none */
    flow: z
        .strictObject({
            /** @default "REJECT" */
            traffic: z.enum(["ALL", "ACCEPT", "REJECT"]).default("REJECT"),
            /** @default 30 */
            days: retention.default(30),
        })
        .optional(),
});

const secretsKey = z.discriminatedUnion("variant", [
    z.strictObject({ variant: z.literal("create") }),
    z.strictObject({
        variant: z.literal("existing"),
        /** Or an alias: `alias/shop`. */
        id: text("a key's id or alias, for example alias/shop", (value) =>
            /^(alias\/[\w/-]+|(mrk-)?[0-9a-f-]{32,36})$/.test(value),
        ),
    }),
    z.strictObject({ variant: z.literal("none") }),
]);

export const awsPlatform = z
    .strictObject({
        variant: z.literal("aws"),
        /** @default a new one, 10.0.0.0/16 in the zones a, b and c */
        network: z
            .discriminatedUnion("variant", [newNetwork, existingNetwork])
            .default({ variant: "create", range: "10.0.0.0/16", zones: ["a", "b", "c"], endpoints: [] }),
        cluster: z.discriminatedUnion("variant", [newCluster, existingCluster]),
        /** @default { variant: none } */
        registry: registry.default({ variant: "none" }),
        /** @default { variant: none } */
        dns: dns.default({ variant: "none" }),
        /** @default { variant: install } */
        gateway: gateway.default({ variant: "install", definitions: "install", attributes: {} }),
        /** @default the control plane's, for 90 days */
        logs: logs.prefault({}),
        /** Encrypts the stack's secrets, once `pulumi stack change-secrets-provider` has been told. @default { variant: create } */
        secretsKey: secretsKey.default({ variant: "create" }),
        /** Arguments over ours, by the provider's own names. @default {} */
        native: z
            .strictObject({
                network: native.optional(),
                cluster: native.optional(),
                registry: native.optional(),
                dns: native.optional(),
                keys: native.optional(),
            })
            .default({}),
    })
    .superRefine((platform, context) => {
        const wrong = (path: readonly PropertyKey[], message: string): void => {
            context.addIssue({ code: "custom", path: [...path], message });
        };
        const { network, cluster, gateway: way, logs: kept } = platform;
        if (cluster.variant === "existing" && network.variant === "create") {
            wrong(["network", "variant"], '"existing": an existing cluster is in a network that exists');
        }
        if (
            cluster.variant === "create" &&
            network.variant === "create" &&
            haveCommon(network.range, cluster.serviceRange)
        ) {
            wrong(["cluster", "serviceRange"], "a range that has no address in common with network.range");
        }
        if (network.variant === "existing") {
            checkExisting(network, way.variant !== "none", wrong);
            if (kept.flow !== undefined) {
                wrong(["logs", "flow"], "nothing: flow logs of an existing network belong to whoever made it");
            }
        }
        if (network.variant === "create" && network.nat === "none" && network.endpoints.length === 0) {
            wrong(["network", "nat"], "perZone or single; or none with network.endpoints, by which nodes reach AWS");
        }
    });

/** Of what is no range, its own check tells. */
function haveCommon(one: string, other: string): boolean {
    return isRange(one) && isRange(other) && overlaps(one, other);
}

function checkExisting(
    network: z.output<typeof existingNetwork>,
    hasGateway: boolean,
    wrong: (path: readonly PropertyKey[], message: string) => void,
): void {
    if (hasGateway && network.publicSubnets.length < 2) {
        wrong(
            ["network", "publicSubnets"],
            "at least two subnets, in different zones, for load balancers; or gateway.variant none",
        );
    }
    if (network.publicRanges.length !== network.publicSubnets.length) {
        wrong(["network", "publicRanges"], "as many ranges as publicSubnets: requests come from there");
    }
    if (network.storeRanges.length !== network.storeSubnets.length) {
        wrong(["network", "storeRanges"], "as many ranges as storeSubnets: pods may reach them");
    }
    if (network.storeSubnets.length === 1) {
        wrong(
            ["network", "storeSubnets"],
            "two subnets or more, in different zones, or none: RDS and ElastiCache ask for two",
        );
    }
}

export type AwsPlatformSettings = z.output<typeof awsPlatform>;
