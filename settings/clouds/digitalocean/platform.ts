// DOKS, and what belongs to it: network, registry, DNS zone, way in.
import { z } from "zod";
import { isInside, isRange, overlapping } from "../../../lib/cidr.ts";
import { cidr, hostName, minAtMostMax, objectName, text } from "../../fields.ts";
import { native } from "../../native/native.ts";
import { day, id, newRange, privateRanges, range, time } from "./fields.ts";

const newNetwork = z.strictObject({
    variant: z.literal("create"),
    range: newRange
        // The API takes no other, so no network has one.
        .refine((value) => !isRange(value) || privateRanges.some((whole) => isInside(value, whole)), {
            error: `a private range, inside ${privateRanges.join(", ")}`,
        })
        .refine((value) => /\/(1[6-9]|2[0-4])$/.test(value), { error: "a range between /16 and /24" })
        .describe("Nodes, load balancers and stores: /16 to /24, in no other network of the account. Never changed."),
});

const existingNetwork = z.strictObject({
    variant: z.literal("existing"),
    id: id.describe("The VPC's id."),
    range: range.describe("The VPC's range."),
});

const dropletSize = text(
    "a slug of a Droplet, for example s-4vcpu-8gb: doctl kubernetes options sizes",
    (value) => /^[a-z][a-z0-9_]*-[a-z0-9-]+$/.test(value) && !value.startsWith("db-"),
);

const taint = z.strictObject({
    key: z.string().min(1).describe("Of the taint."),
    value: z.string().describe("Of the taint."),
    effect: z
        .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
        .describe("What becomes of pods that do not tolerate it."),
});

const pool = z
    .strictObject({
        size: dropletSize.describe("The machine of each node."),
        min: z.int().min(1).default(1).describe("The fewest nodes; DOKS does not scale a pool to nothing."),
        max: z.int().min(1).max(500).describe("The most nodes."),
        labels: z.record(z.string(), z.string()).default({}).describe("Of each node."),
        taints: z.array(taint).default([]).describe("Of each node."),
    })
    .superRefine(minAtMostMax);

/** The provider makes the pool's own name of it, which becomes the value of a label on each node (R71). */
const poolName = text(
    "at most 40 lower-case letters, digits and hyphens, beginning with a letter",
    /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
);

const version = text(
    'a minor version such as "1.34", or a slug such as "1.34.1-do.0": doctl kubernetes options versions',
    /^1\.[1-9][0-9](\.[0-9]+-do\.[0-9]+)?$/,
);

const newCluster = z.strictObject({
    variant: z.literal("create"),
    version: version
        .meta({ example: "1.34", alsoCalled: ["kubernetesVersion", "k8sVersion"] })
        .describe(
            "A minor version is where the cluster begins: DOKS then installs patches by itself, and `doctl kubernetes cluster upgrade` goes to the next minor one. A slug is kept exactly, and a higher one upgrades the cluster.",
        ),
    podRange: newRange.describe(
        "Pods' addresses, in no network of the account: a /25 for each node that there may ever be. Never changed.",
    ),
    serviceRange: newRange.describe("Services' addresses, likewise: /24 or larger."),
    apiAccess: z
        .strictObject({
            cidrs: z
                .array(cidr)
                .min(1, { error: "at least one address range, for example 203.0.113.0/24" })
                .describe("Ranges."),
        })
        .describe(
            "Who may talk to the API server: your office, your VPN, what runs `pulumi up`. The cluster's own nodes always may.",
        ),
    highlyAvailable: z
        .boolean()
        .optional()
        .meta({ description: "Several control planes, which cannot be undone.", defaultsTo: "`true` in production" }),
    maintenance: z
        .strictObject({
            day: z
                .enum([...day.options, "any"])
                .default("sunday")
                .describe("Of the week."),
            startTime: time.default("03:00").describe("UTC."),
        })
        .prefault({})
        .describe("When DOKS installs patches."),
    firstPool: z
        .strictObject({
            size: dropletSize.default("s-2vcpu-4gb").describe("The machine of each node."),
            nodes: z.int().min(1).max(10).default(1).describe("So many."),
        })
        .prefault({})
        .describe(
            "Comes with the cluster. Read when the cluster is made and never again: a change of it would replace the cluster.",
        ),
    pools: z.record(poolName, pool).default({}).describe("Pools that grow and shrink by themselves, by name."),
});

const existingCluster = z.strictObject({
    variant: z.literal("existing"),
    id: id.describe("As `doctl kubernetes cluster list` shows it."),
    name: objectName.describe("Likewise."),
    endpoint: text(
        "the API server's address, for example https://4de7ac8b.k8s.ondigitalocean.com",
        /^https:\/\/[a-z0-9.-]+(:[0-9]+)?$/,
    ).describe("`doctl kubernetes cluster get NAME --format Endpoint`"),
    ca: text(
        "the CA's certificate as base64, as certificate-authority-data has it",
        /^LS0tLS[A-Za-z0-9+/]+={0,2}$/,
    ).describe("The value of certificate-authority-data in its kubeconfig."),
});

const registryName = text(
    "3 to 63 lower-case letters, digits and hyphens, the same for nobody else at DigitalOcean",
    /^[a-z0-9]([a-z0-9-]{1,61})[a-z0-9]$/,
);

const registry = z.discriminatedUnion("variant", [
    z
        .strictObject({
            variant: z.literal("create"),
            name: registryName.describe("Of the registry."),
            tier: z
                .enum(["starter", "basic", "professional"])
                .default("basic")
                .describe("What it costs: one repository, five, or any number."),
            region: z
                .string()
                .min(1)
                .optional()
                .meta({ description: "Where images are.", defaultsTo: "chosen by DigitalOcean" }),
        })
        .describe("The account's, of which there is one."),
    z.strictObject({ variant: z.literal("existing"), name: registryName.describe("Of the registry.") }),
    z.strictObject({ variant: z.literal("none") }),
]);

const hostRecords = z
    .boolean()
    .default(true)
    .describe(
        "Records of the environments' hosts are made from their routes (ExternalDNS): needs `secrets.digitaloceanDnsToken`.",
    );

const dns = z.discriminatedUnion("variant", [
    z.strictObject({
        variant: z.literal("create"),
        domain: hostName.describe("What the zone is for."),
        parentZone: hostName.optional().meta({
            description: "The domain above, in the same account: there the name servers are entered.",
            defaultsTo: "someone enters them by hand, before the first certificate",
            example: "example.org",
        }),
        certificateAuthorities: z
            .array(hostName)
            .refine((all) => new Set(all).size === all.length, { error: "each authority once" })
            .default(["letsencrypt.org"])
            .describe("Who may issue certificates for its names (CAA)."),
        hostRecords,
    }),
    z.strictObject({ variant: z.literal("existing"), domain: hostName.describe("What the zone is for."), hostRecords }),
    z.strictObject({ variant: z.literal("none") }),
]);

/** Which addresses a load balancer of DigitalOcean lets in. */
export const allowRules = "service.beta.kubernetes.io/do-loadbalancer-allow-rules";

/** By which a load balancer of DigitalOcean says each client's address. */
export const proxyProtocol = "service.beta.kubernetes.io/do-loadbalancer-enable-proxy-protocol";

const loadBalancerAnnotations = z
    .record(z.string(), z.string())
    .default({})
    .describe("For what the controller makes: the load balancer's settings, by DigitalOcean's own names.");

const gateway = z.discriminatedUnion("variant", [
    z
        .strictObject({ variant: z.literal("cilium"), loadBalancerAnnotations })
        .describe("What DOKS brings: VPC-native clusters from 1.33 on. A load balancer per environment."),
    z
        .strictObject({ variant: z.literal("traefik"), loadBalancerAnnotations })
        .describe("A controller of our own: one load balancer for all environments."),
    z.strictObject({ variant: z.literal("none") }),
]);

const certificates = z.discriminatedUnion("variant", [
    z
        .strictObject({
            variant: z.literal("letsencrypt"),
            email: z
                .email({ error: "an address for mail, for example operations@example.org" })
                .describe("Where Let's Encrypt writes when a certificate is about to expire."),
            server: z
                .enum(["production", "staging"])
                .default("production")
                .describe("`staging` issues certificates that no browser trusts, for trying out."),
            challenge: z
                .enum(["http-01", "dns-01"])
                .default("http-01")
                .describe("`dns-01` issues wildcards too, and needs `dns` and `secrets.digitaloceanDnsToken`."),
        })
        .describe("cert-manager and Let's Encrypt."),
    z
        .strictObject({
            variant: z.literal("existing"),
            issuer: z.strictObject({
                kind: z
                    .enum(["ClusterIssuer", "Issuer"])
                    .default("ClusterIssuer")
                    .describe("Of the whole cluster, or of the environment's namespace."),
                name: objectName.describe("Of the issuer."),
            }),
        })
        .describe("An issuer of a cert-manager that is there."),
    z.strictObject({ variant: z.literal("none") }).describe("No HTTPS."),
]);

export const digitalOceanPlatform = z
    .strictObject({
        variant: z.literal("digitalocean").meta({ alsoCalled: ["doks", "do"] }),
        network: z.discriminatedUnion("variant", [newNetwork, existingNetwork]).describe("Where everything is."),
        cluster: z.discriminatedUnion("variant", [newCluster, existingCluster]).describe("The DOKS cluster."),
        registry: registry.default({ variant: "none" }).describe("Where images are."),
        dns: dns.default({ variant: "none" }).describe("A zone at DigitalOcean."),
        gateway: gateway
            .default({ variant: "cilium", loadBalancerAnnotations: {} })
            .meta({ description: "The way in.", defaultsTo: "`cilium`" }),
        certificates: certificates
            .meta({ alsoCalled: ["tls", "ssl", "issuer", "letsencrypt"] })
            .describe("Of the apps' hosts."),
        native: z
            .strictObject({
                network: native("digitalocean.Vpc"),
                cluster: native("digitalocean.KubernetesCluster"),
                nodePool: native("digitalocean.KubernetesNodePool"),
                registry: native("digitalocean.ContainerRegistry"),
                dns: native("digitalocean.Domain"),
            })
            .default({}),
    })
    .superRefine(({ network, cluster, dns: zone, gateway: way, certificates: tls }, context) => {
        const wrong = (path: readonly PropertyKey[], message: string): void => {
            context.addIssue({ code: "custom", path: [...path], message });
        };
        if (cluster.variant === "create") {
            const { podRange, serviceRange } = cluster;
            const ranges = {
                "network.range": network.range,
                "cluster.podRange": podRange,
                "cluster.serviceRange": serviceRange,
            };
            // One that is no range has its own message already.
            const both = Object.values(ranges).every(isRange) ? overlapping(ranges) : undefined;
            if (both !== undefined) {
                wrong(both[1].split("."), `a range that has no address in common with ${both[0]}`);
            }
            if (way.variant !== "none" && Number(cluster.version.split(".")[1]) < 33) {
                wrong(["cluster", "version"], "1.33 or later, for DOKS brings no Gateway API before");
            }
        }
        if (way.variant === "cilium" && way.loadBalancerAnnotations[proxyProtocol] === "true") {
            wrong(
                ["gateway", "loadBalancerAnnotations", proxyProtocol],
                "nothing with cilium, whose Gateway does not read the PROXY protocol and would refuse every request; or variant: traefik",
            );
        }
        if (zone.variant === "create" && zone.parentZone !== undefined) {
            const { domain, parentZone } = zone;
            if (!domain.endsWith(`.${parentZone}`)) {
                wrong(["dns", "parentZone"], `a domain that ${domain} ends with, after a dot`);
            }
        }
        if (tls.variant === "letsencrypt" && way.variant === "none") {
            wrong(
                ["certificates", "variant"],
                '"none", for without a way in (platform.gateway) there is nothing to certify',
            );
        }
        if (tls.variant === "letsencrypt" && tls.challenge === "dns-01" && zone.variant === "none") {
            wrong(
                ["certificates", "challenge"],
                '"http-01", for without a zone (platform.dns) there is no record to prove anything with',
            );
        }
    });

export type DigitalOceanPlatformSettings = z.output<typeof digitalOceanPlatform>;
