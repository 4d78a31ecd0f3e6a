// EKS, and what belongs to it: network, keys, registry, DNS zone, way in, logs.
import { z } from "zod";
import { ecrRepositoriesOf } from "../../../lib/registry-paths.ts";
import { issuerOf } from "../../../lib/ci-jobs.ts";
import { checkCi, ciOf, repositoryOf } from "../../ci.ts";
import { isRange, overlaps } from "../../../lib/cidr.ts";
import { retention } from "./fields.ts";
import { autoModePools, takesPods } from "./node-pools.ts";
import { cidr, hostName, ipv4RangeForm, minAtMostMax, objectName, shortName, text } from "../../fields.ts";
import { native, nativeObject, nativeValues } from "../../native/native.ts";
import { loadBalancerSpec } from "../../native/objects.ts";

function id(kind: string, prefix: string) {
    const allowed = `the id of ${kind}, for example ${prefix}-0a1b2c3d4e5f60718`;
    return text(allowed, new RegExp(`^${prefix}-[0-9a-f]{8,17}$`));
}

const range = text("an IPv4 range that begins with its first address, for example 10.40.0.0/16", isRange).meta({
    typeName: "range",
    pattern: ipv4RangeForm,
});

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
    range: range
        .refine((value) => /\/1[6-8]$/.test(value), { error: "a range between /16 and /18" })
        .default("10.0.0.0/16")
        .describe(
            "Nodes, pods, load balancers and stores: /16 to /18, in no network that it is ever connected to. Never changed.",
        ),
    zones: z
        .array(zone)
        .min(2, { error: "at least two zones: EKS and load balancers ask for them" })
        .refine(unique, { error: "each zone once" })
        .default(["a", "b", "c"])
        .describe("The region's zones, by letter; another one later moves nothing."),
    nat: z.enum(["perZone", "single", "none"]).optional().meta({
        description: "How nodes reach the internet. `none` needs `endpoints` or a network of yours.",
        defaultsTo: "`perZone` in production, else `single`",
    }),
    endpoints: z
        .array(z.enum(endpointServices))
        .refine(unique, { error: "each service once" })
        .default([])
        .describe("AWS services with an address inside the network."),
});

const existingNetwork = z.strictObject({
    variant: z.literal("existing"),
    id: id("a VPC", "vpc").describe("The VPC."),
    publicSubnets: z
        .array(id("a subnet", "subnet"))
        .default([])
        .describe(
            "Where load balancers are: one of each zone. For a gateway that exists, tagged `kubernetes.io/role/elb: 1`.",
        ),
    publicRanges: z
        .array(range)
        .default([])
        .describe("The ranges of `publicSubnets`, where a load balancer's requests come from."),
    privateSubnets: z
        .array(id("a subnet", "subnet"))
        .min(2, { error: "at least two subnets, in different zones" })
        .describe("Of two zones or more, with a way out."),
    storeSubnets: z.array(id("a subnet", "subnet")).default([]).meta({
        description: "For databases and caches; of two zones or more.",
        defaultsTo: "`[]`; then there is no place for RDS and ElastiCache",
    }),
    storeRanges: z.array(range).default([]).describe("The ranges of `storeSubnets`: what pods may reach."),
});

const version = text('a minor version of Kubernetes, in quotes, for example "1.36"', /^1\.[3-9][0-9]$/);

const principal = text(
    "the ARN of an IAM role or user, for example arn:aws:iam::123456789012:role/deploy",
    /^arn:aws:iam::[0-9]{12}:(role|user)\/[\w+=,.@/-]+$/,
);

const nodeGroup = z
    .strictObject({
        instanceTypes: z
            .array(text("an instance type, for example m7i.large", /^[a-z0-9-]+\.[a-z0-9-]+$/))
            .min(1, { error: "at least one instance type" })
            .optional()
            .meta({
                alsoCalled: ["instanceType", "machineType", "size"],
                description: "Types alike in processors and memory: the autoscaler reckons with the first.",
                defaultsTo: "`[m7i.large]`, for arm64 `[m7g.large]`",
            }),
        architecture: z
            .enum(["amd64", "arm64"])
            .default("amd64")
            .describe("Of the processors; images have to be made for it."),
        spot: z.boolean().default(false).describe("Spare capacity, taken back with two minutes' notice."),
        min: z
            .int()
            .min(0)
            .max(450)
            .meta({ alsoCalled: ["minSize", "minNodes", "minimum"] })
            .describe("The fewest nodes; one group has 1 or more."),
        max: z
            .int()
            .min(1)
            .max(450)
            .meta({ alsoCalled: ["maxSize", "maxNodes", "maximum"] })
            .describe("The most nodes."),
        diskGigabytes: z
            .int()
            .min(20)
            .max(16384)
            .default(50)
            .meta({ alsoCalled: ["disk", "diskSize"], unit: "GiB", description: "Of each node." }),
        labels: z.record(z.string(), z.string()).default({}).describe("Of each node."),
        native: native("aws.eks.NodeGroup"),
    })
    .superRefine(minAtMostMax);

const nodes = z.discriminatedUnion("variant", [
    z
        .strictObject({
            variant: z.literal("auto"),
            pools: z
                .array(z.enum(["general-purpose", "system"]))
                .min(1, { error: "at least one: Auto Mode's NodeClass is there with one of its pools only" })
                .refine(unique, { error: "each pool once" })
                .default(["general-purpose", "system"])
                .describe(
                    "Those that Auto Mode brings, amd64 and on demand. `system` is for AWS's own add-ons; without `general-purpose`, apps run in `ownPools`.",
                ),
            ownPools: autoModePools.default({}).meta({
                alsoCalled: ["nodePools", "customPools", "groups"],
                description: "Pools of your own, by names that stay: arm64, spot, limits, quiet times.",
            }),
        })
        .refine(({ pools, ownPools }) => pools.includes("general-purpose") || Object.values(ownPools).some(takesPods), {
            path: ["pools"],
            error: "general-purpose among them, or a pool without taints in ownPools: apps run there",
        })
        .describe("EKS Auto Mode: as many nodes as pods need, patched and replaced by AWS."),
    z
        .strictObject({
            variant: z.literal("managed"),
            groups: z
                .record(shortName, nodeGroup)
                .meta({ alsoCalled: ["nodeGroups", "pools", "nodePools"] })
                .refine((groups) => Object.values(groups).some(({ min }) => min > 0), {
                    error: "at least one group with min 1 or more: add-ons need a node",
                })
                .describe("By names that stay: another name is another group."),
        })
        .describe("Groups of machines by name, with the cluster autoscaler."),
]);

const addonVersion = text("an add-on's version, for example v1.20.1-eksbuild.3", /^v[0-9][\w.+-]*$/);

/** Of which networks of one's own are; 100.64.0.0/10 is for those of pods. */
const privateRange = /^(10|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])|172\.(1[6-9]|2[0-9]|3[01])|192\.168)\./;

const newCluster = z.strictObject({
    variant: z.literal("create"),
    version: version
        .meta({ alsoCalled: ["kubernetesVersion", "k8sVersion"] })
        .describe("No default, so that no update of this program upgrades a cluster. One minor version at a time."),
    admins: z
        .array(principal)
        .min(1, { error: "at least one IAM role: the one that runs Pulumi" })
        .refine(unique, { error: "each role once" })
        .describe(
            "Who administers the cluster. The role that runs Pulumi has to be among them: nobody else is let in by default.",
        ),
    apiAccess: z
        .strictObject({
            cidrs: z
                .array(
                    cidr.refine((value) => !value.endsWith("/0"), { error: "a range that is not the whole internet" }),
                )
                .default([])
                .describe("Ranges outside, not the whole internet. Without one the API has no public address."),
            privateCidrs: z
                .array(
                    range.refine((value) => !isRange(value) || privateRange.test(value), {
                        error: "private ranges: a VPN's, a peered network's, the network's own",
                    }),
                )
                .refine(unique, { error: "each range once" })
                .default([])
                .describe(
                    "Ranges inside that reach its private address, besides nodes and pods: a VPN, runners of a CI.",
                ),
        })
        .default({ cidrs: [], privateCidrs: [] })
        .describe("Who may reach the API. Pulumi has to run where it is reached."),
    serviceRange: range
        .refine((value) => /^(10|172\.(1[6-9]|2[0-9]|3[01])|192\.168)\..*\/(1[2-9]|2[0-4])$/.test(value), {
            error: "a private range between /12 and /24",
        })
        .default("172.20.0.0/16")
        .describe("Outside the network's range. Never changed."),
    nodes: nodes
        .default({ variant: "auto", pools: ["general-purpose", "system"], ownPools: {} })
        .meta({ description: "Who makes the nodes.", defaultsTo: "`auto`" }),
    addonVersions: z.record(z.string(), addonVersion).default({}).meta({
        description: "Versions of EKS add-ons by name.",
        defaultsTo: "what EKS has as default when the add-on is made; it stays at that",
    }),
});

const existingCluster = z.strictObject({
    variant: z.literal("existing"),
    name: text(
        "a cluster's name: 1 to 100 letters, digits, hyphens and underscores",
        /^[0-9A-Za-z][\w-]{0,99}$/,
    ).describe("As `aws eks list-clusters` shows it."),
    endpoint: text(
        "the API server's address, for example https://0A1B2C.gr7.eu-central-1.eks.amazonaws.com",
        /^https:\/\/[A-Za-z0-9.-]+$/,
    ).describe("`aws eks describe-cluster --name NAME --query cluster.endpoint`"),
    ca: text(
        "the CA's certificate as base64, as certificateAuthority.data has it",
        /^LS0tLS[A-Za-z0-9+/]+={0,2}$/,
    ).describe("`--query cluster.certificateAuthority.data`"),
    securityGroup: id("a security group", "sg").describe("`--query cluster.resourcesVpcConfig.clusterSecurityGroupId`"),
    enforcesNetworkPolicy: z
        .boolean()
        .default(false)
        .describe(
            "Whether its CNI makes NetworkPolicies hold (R49): on EKS they do not unless someone switched it on. Production refuses a cluster where they do not.",
        ),
    storageClass: objectName
        .optional()
        .meta({ description: "For all volumes.", defaultsTo: "the cluster's default class" }),
});

const registry = z.discriminatedUnion("variant", [
    z.strictObject({
        variant: z.literal("create"),
        repositories: z
            .array(shortName)
            .min(1, { error: "at least one repository, for example shop" })
            .refine(unique, { error: "each repository once" })
            .describe("One for each image: `shop` becomes `<prefix>/shop`."),
        keepImages: z
            .int()
            .min(20)
            .max(100_000)
            .default(300)
            .describe("Of each repository, the youngest. What runs has to be among them."),
    }),
    z.strictObject({
        variant: z.literal("existing"),
        prefix: text(
            "what stands before an image's name, for example 123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop",
            /^[a-z0-9.-]+(\/[a-z0-9._/-]+)?$/,
        ).describe("What stands before an image's name."),
    }),
    z.strictObject({ variant: z.literal("none") }),
]);

const zoneId = text("a hosted zone's id, for example Z0123456789ABCDEFGHIJ", /^Z[A-Z0-9]{1,31}$/);

/** @see https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html */
const acmAuthorities: readonly string[] = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"];

const hostRecords = z
    .boolean()
    .default(true)
    .describe("Records of the environments' hosts are made from their routes, by ExternalDNS.");

const dns = z.discriminatedUnion("variant", [
    z.strictObject({
        variant: z.literal("create"),
        domain: hostName.describe("What the zone is for."),
        parentZone: zoneId.optional().meta({
            description: "The zone above, in the same account: there the name servers are entered.",
            defaultsTo: "someone enters them by hand, before the first certificate",
        }),
        certificateAuthorities: z
            .array(hostName)
            .refine((authorities) => authorities.some((authority) => acmAuthorities.includes(authority)), {
                error: "one of amazon.com, amazontrust.com, awstrust.com and amazonaws.com among them: else ACM issues nothing",
            })
            .default(["amazon.com", "amazontrust.com"])
            .describe("Who may issue certificates for its names (CAA)."),
        dnssec: z
            .boolean()
            .default(false)
            .describe("Signed answers. The zone above has to get the DS record, by hand."),
        hostRecords,
    }),
    z.strictObject({
        variant: z.literal("existing"),
        domain: hostName.describe("What the zone is for."),
        id: zoneId.describe("The zone's id."),
        hostRecords,
    }),
    z.strictObject({ variant: z.literal("none") }),
]);

const attributes = z
    .record(z.string(), z.string())
    .default({})
    .describe(
        "Of each application load balancer, by AWS's own names: `idle_timeout.timeout_seconds`, `access_logs.s3.enabled`.",
    );

const certificateArns = z
    .array(
        text(
            "the ARN of a certificate of ACM, for example arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
            /^arn:aws:acm:[a-z0-9-]+:[0-9]{12}:certificate\/[0-9a-f-]{36}$/,
        ),
    )
    .refine(unique, { error: "each certificate once" })
    .default([])
    .describe(
        "Certificates of ACM that are there, in the cluster's region: for hosts that are in no zone of `dns`. All that are not in a zone have to be in one of these.",
    );

const loadBalancer = nativeObject(
    "Over the spec of each environment's LoadBalancerConfiguration: dual stack, mutual TLS, security groups of yours, Shield ([all](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/gateway/loadbalancerconfig/)).",
    loadBalancerSpec,
);

const gateway = z.discriminatedUnion("variant", [
    z
        .strictObject({
            variant: z.literal("install"),
            definitions: z
                .enum(["install", "present"])
                .default("install")
                .describe(
                    "The Gateway API's resource definitions. `present`: the cluster has them, because someone installed them or because Auto Mode was told to keep them (elasticLoadBalancing.gatewayApi).",
                ),
            certificateArns,
            attributes,
            loadBalancer,
            native: nativeValues("The chart's values, over ours."),
        })
        .describe("The AWS Load Balancer Controller, installed here: an application load balancer per environment."),
    z
        .strictObject({
            variant: z.literal("existing"),
            className: objectName.describe("The GatewayClass."),
            certificateArns,
            attributes,
            loadBalancer,
        })
        .describe("One that is there, with a GatewayClass for application load balancers."),
    z.strictObject({ variant: z.literal("none") }),
]);

const logs = z.strictObject({
    controlPlaneDays: retention.default(90).describe("So long the control plane's log stays, audit log included."),
    containers: z
        .strictObject({ days: retention.default(30).describe("So long it stays.") })
        .optional()
        .meta({
            description: "What containers write, in CloudWatch. `containers: {}` is enough.",
            defaultsTo: "none: kubectl logs, or a system of yours",
        }),
    flow: z
        .strictObject({
            traffic: z.enum(["ALL", "ACCEPT", "REJECT"]).default("REJECT").describe("Which connections."),
            days: retention.default(30).describe("So long it stays."),
        })
        .optional()
        .meta({
            description: "Which addresses talked to which. Only for a network that is created here.",
            defaultsTo: "none",
        }),
});

const secretsKey = z.discriminatedUnion("variant", [
    z.strictObject({ variant: z.literal("create") }),
    z.strictObject({
        variant: z.literal("existing"),
        id: text("a key's id or alias, for example alias/shop", /^(alias\/[\w/-]+|(mrk-)?[0-9a-f-]{32,36})$/).describe(
            "The key, or an alias of it.",
        ),
    }),
    z.strictObject({ variant: z.literal("none") }),
]);

const ci = ciOf(
    {
        policies: z
            .array(
                text(
                    "the ARN of a policy, for example arn:aws:iam::aws:policy/PowerUserAccess",
                    /^arn:aws:iam::(aws|[0-9]{12}):policy\/[\w+=,.@/-]+$/,
                ),
            )
            .min(1, { error: "one policy at least: what pulumi up needs ([permissions](clouds/aws.md#permissions))" })
            .max(10, { error: "at most 10 policies, which a role may have" })
            .refine(unique, { error: "each policy once" })
            .describe("Of the role; who may make roles can give itself all else."),
    },
    {
        oidcProvider: text(
            "the ARN of an OIDC provider, for example arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
            /^arn:aws:iam::[0-9]{12}:oidc-provider\/[a-z0-9./-]+$/,
        )
            .optional()
            .meta({
                description: "The account's provider for GitHub or GitLab: an account has each once.",
                defaultsTo: "one is made",
            }),
    },
);

export const awsPlatform = z
    .strictObject({
        variant: z.literal("aws").meta({ alsoCalled: ["eks", "amazon"] }),
        network: z
            .discriminatedUnion("variant", [newNetwork, existingNetwork])
            .default({ variant: "create", range: "10.0.0.0/16", zones: ["a", "b", "c"], endpoints: [] })
            .meta({ description: "Where everything is.", defaultsTo: "`create`" }),
        cluster: z.discriminatedUnion("variant", [newCluster, existingCluster]).describe("The EKS cluster."),
        registry: registry.default({ variant: "none" }).describe("Where images are."),
        dns: dns.default({ variant: "none" }).describe("A Route 53 zone."),
        ci: ci
            .default({ variant: "none" })
            .describe("Who CI is here, without a key: roles that its jobs take on ([how](ci.md))."),
        gateway: gateway
            .default({ variant: "install", definitions: "install", certificateArns: [], attributes: {} })
            .meta({ description: "The way in.", defaultsTo: "`install`" }),
        logs: logs.prefault({}),
        secretsKey: secretsKey
            .default({ variant: "create" })
            .describe("Encrypts the stack's secrets, once `pulumi stack change-secrets-provider` has been told."),
        native: z
            .strictObject({
                network: native("aws.ec2.Vpc"),
                cluster: native("aws.eks.Cluster"),
                registry: native("aws.ecr.Repository"),
                dns: native("aws.route53.Zone"),
                keys: native("aws.kms.Key"),
            })
            .default({}),
    })
    .superRefine((platform, context) => {
        const wrong = (path: readonly PropertyKey[], message: string): void => {
            context.addIssue({ code: "custom", path: [...path], message });
        };
        const { network, cluster, gateway: way, logs: kept, ci: jobs, registry: images } = platform;
        checkCi(jobs, noRegistry(images), wrong);
        if (jobs.variant === "gitlab" && /:[0-9]+$/.test(jobs.server)) {
            wrong(["ci", "server"], "an address without a port: IAM takes no provider with one");
        }
        if (jobs.variant !== "none" && jobs.oidcProvider !== undefined) {
            const host = issuerOf(repositoryOf(jobs)).replace("https://", "");
            if (!jobs.oidcProvider.endsWith(`:oidc-provider/${host}`)) {
                wrong(["ci", "oidcProvider"], `the provider of ${host}, whose tokens the jobs have`);
            }
        }
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
    });

/** @returns why there is nowhere to push to */
function noRegistry(images: z.output<typeof registry>): string | undefined {
    if (images.variant === "none") {
        return "nothing without platform.registry: there is nowhere to push to";
    }
    return images.variant === "create" || ecrRepositoriesOf(images.prefix)
        ? undefined
        : "nothing, where platform.registry.prefix is not of ECR: its owner lets CI in";
}

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
