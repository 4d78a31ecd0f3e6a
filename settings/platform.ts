import { z } from "zod";
import { gcpPlatform } from "./clouds/gcp/platform.ts";
import { awsPlatform } from "./clouds/aws/platform.ts";
import { digitalOceanPlatform } from "./clouds/digitalocean/platform.ts";
import { cidr, objectName, port, text } from "./fields.ts";

const gateway = z
    .strictObject({
        className: objectName
            .meta({ alsoCalled: ["gatewayClass", "gatewayClassName", "class", "ingressClass", "ingressClassName"] })
            .describe("The GatewayClass of the controller that serves this cluster."),
        httpPort: port
            .default(80)
            .describe("Where the Gateway listens. Some controllers want their own: Traefik's chart 8000 and 8443."),
        httpsPort: port.default(443).describe("As `httpPort`."),
        publicHttpPort: port.optional().meta({
            description: "Where clients come in, if it differs: for addresses and redirects.",
            defaultsTo: "`httpPort`",
        }),
        publicHttpsPort: port.optional().meta({ description: "As `publicHttpPort`.", defaultsTo: "`httpsPort`" }),
        from: z
            .strictObject({
                namespaces: z.array(objectName).default([]).describe("Name the controller's where it runs in pods."),
                cidrs: z.array(cidr).default([]).describe("Not both lists are empty."),
            })
            // Kubernetes reads an empty list of sources as any source.
            .refine(({ namespaces, cidrs }) => namespaces.length + cidrs.length > 0, {
                error: "at least one namespace or address range",
            })
            .optional()
            .meta({
                description:
                    "Whose pods, and which addresses, may call the web pods: the only sources that their NetworkPolicy admits.",
                defaultsTo: "any source",
            }),
        untilProgrammed: z
            .boolean()
            .default(true)
            .meta({ alsoCalled: ["wait", "waitFor", "await", "programmed", "skipAwait"] })
            .describe(
                "Whether `up` waits until the controller says `Programmed`. Some never do without a load balancer's address ([which](components/edge.md#what-up-waits-for)): of those, false.",
            ),
    })
    .describe("What the cluster offers to the environments on it.");

const issuer = z
    .strictObject({
        kind: z
            .enum(["ClusterIssuer", "Issuer"])
            .default("ClusterIssuer")
            .describe("Of the whole cluster, or of the environment's namespace."),
        name: objectName.describe("Of the issuer."),
    })
    .describe("A cert-manager issuer.");

const existing = z
    .strictObject({
        variant: z.literal("existing").meta({ alsoCalled: ["kubernetes", "k8s", "k3s", "kubeconfig", "cluster"] }),
        kubeconfig: z.string().min(1).optional().meta({
            description: "A file, absolute or relative to Pulumi.yaml. Only its path gets into the state.",
            defaultsTo: "what kubectl would read",
        }),
        context: z
            .string()
            .meta({ alsoCalled: ["kubeContext"] })
            .min(1)
            .describe(
                "Of the kubeconfig. Never the current one, or a `kubectl config use-context` elsewhere would move an environment.",
            ),
        clusterIdentifier: z.string().min(1).optional().meta({
            description:
                "Names the cluster for good: while it stays, a changed kubeconfig, context or address replaces nothing (R73). Set it before you rename a context.",
            defaultsTo: "the context's name",
        }),
        storageClass: objectName
            .optional()
            .meta({ description: "For all volumes.", defaultsTo: "the cluster's default class" }),
        gateway: gateway.optional().meta({
            description: "Needed by `exposure.variant: gateway`.",
            defaultsTo: "none",
            alsoCalled: ["ingress"],
        }),
        issuer: issuer.optional().meta({
            description: "A cert-manager issuer; without one there is no HTTPS.",
            defaultsTo: "none",
            alsoCalled: ["tls", "ssl", "certificate", "certificates", "clusterIssuer", "certManager", "letsencrypt"],
        }),
        enforcesNetworkPolicy: z
            .boolean()
            .default(false)
            .describe(
                "Whether its network makes NetworkPolicies hold: nobody can tell from outside, so whoever runs it says so (R49). Production refuses a cluster where they do not.",
            ),
    })
    .describe("A cluster that is there already, reached by a context of a kubeconfig.");

const stack = z
    .strictObject({
        variant: z.literal("stack"),
        stack: text("a stack's name, or organization/project/stack", /^[\w.-]+(\/[\w.-]+\/[\w.-]+)?$/).describe(
            "It has to be up, with this version's [outputs](outputs.md).",
        ),
    })
    .describe("The cluster of another stack's environment, read from that stack's outputs.");

export const platformSchema = z
    .discriminatedUnion("variant", [existing, stack, gcpPlatform, awsPlatform, digitalOceanPlatform])
    .describe("The cluster, and what belongs to it.");

export type PlatformSettings = z.output<typeof platformSchema>;
export type ExistingPlatformSettings = z.output<typeof existing>;
export type StackPlatformSettings = z.output<typeof stack>;
