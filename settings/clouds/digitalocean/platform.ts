// DOKS, and what belongs to it: network, registry, DNS zone, way in.
import { z } from "zod";
import { isRange, overlapping } from "../../../lib/cidr.ts";
import { cidr, hostName, objectName, text } from "../../fields.ts";
import { day, id, native, newRange, range, time } from "./fields.ts";

const newNetwork = z.strictObject({
    variant: z.literal("create"),
    /** Nodes, load balancers and stores: /16 to /24, in no other network of the account. Never changed. */
    range: newRange.refine((value) => /\/(1[6-9]|2[0-4])$/.test(value), { error: "a range between /16 and /24" }),
});

const existingNetwork = z.strictObject({ variant: z.literal("existing"), /** The VPC's id. */ id, range });

const dropletSize = text(
    "a slug of a Droplet, for example s-4vcpu-8gb: doctl kubernetes options sizes",
    (value) => /^[a-z][a-z0-9_]*-[a-z0-9-]+$/.test(value) && !value.startsWith("db-"),
);

const taint = z.strictObject({
    key: z.string().min(1),
    value: z.string(),
    effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

const pool = z
    .strictObject({
        size: dropletSize,
        /** DOKS does not scale a pool to nothing. @default 1 */
        min: z.int().min(1).default(1),
        max: z.int().min(1).max(500),
        /** Of each node. @default {} */
        labels: z.record(z.string(), z.string()).default({}),
        /** @default [] */
        taints: z.array(taint).default([]),
    })
    .refine(({ min, max }) => min <= max, { path: ["min"], error: "at most max" });

/** The provider makes the pool's own name of it, which becomes the value of a label on each node (R71). */
const poolName = text("at most 40 lower-case letters, digits and hyphens, beginning with a letter", (value) =>
    /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/.test(value),
);

const version = text(
    'a minor version such as "1.34", or a slug such as "1.34.1-do.0": doctl kubernetes options versions',
    (value) => /^1\.[1-9][0-9](\.[0-9]+-do\.[0-9]+)?$/.test(value),
);

const newCluster = z.strictObject({
    variant: z.literal("create"),
    /**
     * A minor version is where the cluster begins: DOKS then installs patches by itself, and `doctl kubernetes cluster upgrade`
     * goes to the next minor one. A slug is kept exactly, and a higher one upgrades the cluster.
     */
    version,
    /** Pods' addresses, in no network of the account. Never changed. */
    podRange: newRange,
    /** Services' addresses, likewise. */
    serviceRange: newRange,
    /** Who may talk to the API server: your office, your VPN, what runs `pulumi up`. The cluster's own nodes always may. */
    apiAccess: z.strictObject({
        cidrs: z.array(cidr).min(1, { error: "at least one address range, for example 203.0.113.0/24" }),
    }),
    /** Several control planes, which cannot be undone. @default true in production */
    highlyAvailable: z.boolean().optional(),
    /** UTC. @default Sunday at 03:00 */
    maintenance: z
        .strictObject({ day: z.enum([...day.options, "any"]).default("sunday"), startTime: time.default("03:00") })
        .prefault({}),
    /** Comes with the cluster. Read when the cluster is made and never again: a change of it would replace the cluster. */
    firstPool: z
        .strictObject({
            /** @default "s-2vcpu-4gb" */
            size: dropletSize.default("s-2vcpu-4gb"),
            /** @default 1 */
            nodes: z.int().min(1).max(10).default(1),
        })
        .prefault({}),
    /** Pools that grow and shrink by themselves, by name. @default {} */
    pools: z.record(poolName, pool).default({}),
});

const existingCluster = z.strictObject({
    variant: z.literal("existing"),
    id,
    name: objectName,
    /** `doctl kubernetes cluster get NAME --format Endpoint` */
    endpoint: text("the API server's address, for example https://4de7ac8b.k8s.ondigitalocean.com", (value) =>
        /^https:\/\/[a-z0-9.-]+(:[0-9]+)?$/.test(value),
    ),
    /** The value of certificate-authority-data in its kubeconfig. */
    ca: text("the CA's certificate as base64, as certificate-authority-data has it", (value) =>
        /^LS0tLS[A-Za-z0-9+/]+={0,2}$/.test(value),
    ),
});

const registryName = text(
    "3 to 63 lower-case letters, digits and hyphens, the same for nobody else at DigitalOcean",
    (value) => /^[a-z0-9]([a-z0-9-]{1,61})[a-z0-9]$/.test(value),
);

const registry = z.discriminatedUnion("variant", [
    /** The account's, of which there is one. */
    z.strictObject({
        variant: z.literal("create"),
        name: registryName,
        /** What it costs: one repository, five, or any number. @default "basic" */
        tier: z.enum(["starter", "basic", "professional"]).default("basic"),
        /** @default chosen by DigitalOcean */
        region: z.string().min(1).optional(),
    }),
    z.strictObject({ variant: z.literal("existing"), name: registryName }),
    z.strictObject({ variant: z.literal("none") }),
]);

/** Records of the environments' hosts are made from their routes (ExternalDNS): needs secrets.digitaloceanDnsToken. @default true */
const hostRecords = z.boolean().default(true);

const dns = z.discriminatedUnion("variant", [
    z.strictObject({
        variant: z.literal("create"),
        domain: hostName,
        /** Who may issue certificates for its names (CAA). @default ["letsencrypt.org"] */
        certificateAuthorities: z
            .array(hostName)
            .refine((all) => new Set(all).size === all.length, { error: "each authority once" })
            .default(["letsencrypt.org"]),
        hostRecords,
    }),
    z.strictObject({ variant: z.literal("existing"), domain: hostName, hostRecords }),
    z.strictObject({ variant: z.literal("none") }),
]);

/** For what the controller makes: the load balancer's settings, by DigitalOcean's own names. @default {} */
const loadBalancerAnnotations = z.record(z.string(), z.string()).default({});

const gateway = z.discriminatedUnion("variant", [
    /** What DOKS brings: VPC-native clusters from 1.33 on. A load balancer per environment. */
    z.strictObject({ variant: z.literal("cilium"), loadBalancerAnnotations }),
    /** A controller of our own: one load balancer for all environments. */
    z.strictObject({ variant: z.literal("traefik"), loadBalancerAnnotations }),
    z.strictObject({ variant: z.literal("none") }),
]);

const certificates = z.discriminatedUnion("variant", [
    /** cert-manager and Let's Encrypt. */
    z.strictObject({
        variant: z.literal("letsencrypt"),
        /** Where Let's Encrypt writes when a certificate is about to expire. */
        email: z.email({ error: "an address for mail, for example operations@example.org" }),
        /** `staging` issues certificates that no browser trusts, for trying out. @default "production" */
        server: z.enum(["production", "staging"]).default("production"),
        /** `dns-01` issues wildcards too, and needs `dns` and secrets.digitaloceanDnsToken. @default "http-01" */
        challenge: z.enum(["http-01", "dns-01"]).default("http-01"),
    }),
    /** An issuer of a cert-manager that is there. */
    z.strictObject({
        variant: z.literal("existing"),
        issuer: z.strictObject({
            /** @default "ClusterIssuer" */
            kind: z.enum(["ClusterIssuer", "Issuer"]).default("ClusterIssuer"),
            name: objectName,
        }),
    }),
    /** No HTTPS. */
    z.strictObject({ variant: z.literal("none") }),
]);

export const digitalOceanPlatform = z
    .strictObject({
        variant: z.literal("digitalocean"),
        network: z.discriminatedUnion("variant", [newNetwork, existingNetwork]),
        cluster: z.discriminatedUnion("variant", [newCluster, existingCluster]),
        /** @default { variant: none } */
        registry: registry.default({ variant: "none" }),
        /** @default { variant: none } */
        dns: dns.default({ variant: "none" }),
        /** @default { variant: cilium } */
        gateway: gateway.default({ variant: "cilium", loadBalancerAnnotations: {} }),
        certificates,
        /** Arguments over ours, by DigitalOcean's own names. @default {} */
        native: z
            .strictObject({
                network: native.optional(),
                cluster: native.optional(),
                nodePool: native.optional(),
                registry: native.optional(),
                dns: native.optional(),
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
