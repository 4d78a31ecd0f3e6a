import { z } from "zod";
import { byteQuantity, cidr, objectName, port, shortName } from "./fields.ts";

const plainHttp = (before: string) =>
    z
        .boolean()
        .default(false)
        .meta({ alsoCalled: ["tlsInFront", "insecure", "plainHttp"] })
        .describe(`Production answers without TLS: only where something in front of the ${before} ends it.`);

const alsoSourceRanges = ["loadBalancerSourceRanges", "allowedCidrs", "cidrs", "whitelist", "allowlist"];

/** What the app is told, whatever the way in: the app itself refuses more, because most edges cannot (docs/uploads.md). */
const everywhere = {
    maxBodySize: byteQuantity
        .default("50Mi")
        .meta({
            alsoCalled: [
                "bodySize",
                "bodyLimit",
                "maxUploadSize",
                "uploadLimit",
                "clientMaxBodySize",
                "proxyBodySize",
                "maxRequestBodySize",
            ],
        })
        .describe(
            "The largest request, uploads too: the app answers 413 to more ([uploads](uploads.md)). `/tmp` of the web pods has room for as many as come at once (R90).",
        ),
};

const certificate = z
    .discriminatedUnion("variant", [
        z
            .strictObject({
                variant: z.literal("secret").meta({ alsoCalled: ["existing", "secretName"] }),
                name: objectName
                    .meta({ alsoCalled: ["secret", "secretName", "tlsSecret"] })
                    .describe(
                        "Of a Secret of type kubernetes.io/tls in the environment's namespace, which somebody else makes and renews. It has to cover every host.",
                    ),
            })
            .describe("A Secret that is there, or comes: until then HTTPS is not answered."),
        z
            .strictObject({ variant: z.literal("given").meta({ alsoCalled: ["pem", "own", "inline"] }) })
            .describe("`secrets.certificate` has it, and its key. Both are checked."),
    ])
    .meta({ alsoCalled: ["certificates", "tlsSecret", "certificateRef"] });

/** @see https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html 10 at least; Cloud Armor counts as many */
const firewall = z.strictObject({
    rules: z
        .enum(["block", "count"])
        .default("block")
        .meta({ alsoCalled: ["mode", "action", "managedRules", "owasp"] })
        .describe(
            "What becomes of a request that looks like an attack: SQL, scripts or files of the server in it. `count` lets it pass and writes it down: for the first weeks.",
        ),
    requestsPerMinute: z
        .int()
        .min(10)
        .max(1_000_000)
        .default(1000)
        .meta({ alsoCalled: ["rateLimit", "rate", "limit", "requestLimit", "throttle"] })
        .describe(
            "That one address may make, whatever `rules` says; more are refused until it makes fewer. An office behind one address counts as one.",
        ),
});

const accessLogs = z.strictObject({
    days: z
        .int()
        .min(1)
        .max(3650)
        .default(30)
        .meta({ unit: "days", alsoCalled: ["retention", "retentionDays", "keepDays"] })
        .describe("For which each stays."),
});

const gateway = z
    .strictObject({
        variant: z.literal("gateway").meta({ alsoCalled: ["ingress", "public", "http", "https"] }),
        allowPlainHttp: plainHttp("Gateway"),
        certificate: certificate.optional().meta({
            description:
                "A certificate that is there already. Behind a controller in the cluster (`existing`, `digitalocean`); clouds' load balancers have their own.",
            defaultsTo: "the platform's issuer makes one",
        }),
        requestTimeout: z
            .int()
            .min(1)
            .max(3600)
            .optional()
            .meta({
                unit: "seconds",
                description:
                    "That a request may take, from its first byte to the answer's last, a slow upload too. What each way in can do of it: [uploads](uploads.md#time-outs). The server in the pods waits as long.",
                defaultsTo:
                    "60 behind Google's and AWS's load balancers; elsewhere what the controller does, and 30 for the server",
                alsoCalled: ["timeout", "proxyReadTimeout", "readTimeout", "backendTimeout"],
            }),
        sourceRanges: z.array(cidr).min(1).optional().meta({
            alsoCalled: alsoSourceRanges,
            description:
                "Who may connect, to environments that are lent the Gateway too; on Google Cloud, AWS and DigitalOcean ([how](components/edge.md#who-may-connect)).",
            defaultsTo: "everybody",
            example: "[203.0.113.0/24]",
        }),
        firewall: firewall.optional().meta({
            description:
                "A web application firewall, made here, before the apps and those that are lent the Gateway: Cloud Armor, or AWS WAF ([what it costs](components/edge.md#firewall)). `{}` is enough.",
            defaultsTo: "none",
            alsoCalled: ["waf", "cloudArmor", "wafV2", "webAcl"],
        }),
        accessLogs: accessLogs.optional().meta({
            description:
                "A line for each request, kept: in a bucket of S3, or of Cloud Logging ([where](components/edge.md#access-logs)). `{}` is enough.",
            defaultsTo: "none on AWS; on Google Cloud with the project's other logs, as long as those",
            alsoCalled: ["logs", "accessLog", "requestLogs", "logging"],
        }),
        ...everywhere,
    })
    .describe("Reached through the platform's Gateway controller under the app's host names.");

const platform = z
    .strictObject({ variant: z.literal("platform"), ...everywhere })
    .describe("Through the Gateway that the platform's stack lends, under names below its `lends.domain`.");

/** What a way in without a proxy has: it passes on connections and knows no host names. */
const direct = {
    sourceRanges: z
        .array(cidr)
        .min(1)
        .meta({ alsoCalled: alsoSourceRanges })
        .describe('Who may connect. Everybody is `["0.0.0.0/0"]`: nothing is open that nobody named.'),
    from: z
        .strictObject({
            cidrs: z.array(cidr).min(1).describe("As the pods see them."),
        })
        .optional()
        .meta({
            description:
                "The addresses that connections have when they reach the web pods, for a load balancer that puts its own in place of the users'.",
            defaultsTo: "`sourceRanges`: connections keep their addresses (`externalTrafficPolicy: Local`)",
        }),
    allowPlainHttp: plainHttp("pods"),
    ...everywhere,
};

const loadBalancer = z
    .strictObject({
        variant: z.literal("load-balancer").meta({ alsoCalled: ["lb", "metallb", "serviceLb", "elb", "nlb"] }),
        ports: z
            .record(shortName, port)
            .default({})
            .describe("Where clients come in, by the apps' names; 80 for others."),
        class: z
            .string()
            .min(1)
            .optional()
            .meta({
                description: "Which controller makes it, `loadBalancerClass`, where there are several.",
                defaultsTo: "the cluster's own",
                alsoCalled: ["loadBalancerClass", "className"],
            }),
        annotations: z
            .record(z.string().min(1), z.string())
            .default({})
            .meta({ alsoCalled: ["serviceAnnotations"] })
            .describe(
                "Of the Services: an internal address, an address that stays, a pool of MetalLB's ([which](components/edge.md#annotations)).",
            ),
        ...direct,
    })
    .describe(
        "A Service of type LoadBalancer for each app, straight to its web pods: TCP alone, so nothing ends TLS and no host name is looked at.",
    );

/** @see https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport */
const nodePort = z.int().min(30000).max(32767).meta({ typeName: "port" });

const nodePorts = z
    .strictObject({
        variant: z.literal("node-port").meta({ alsoCalled: ["hostPort"] }),
        ports: z
            .record(shortName, nodePort)
            .meta({ alsoCalled: ["nodePorts", "nodePort", "port"] })
            .describe("A port for every app, by its name: where every node with a web pod answers."),
        ...direct,
    })
    .describe("A port of the nodes for each app, for a load balancer or a proxy of one's own in front.");

const none = z
    .strictObject({
        variant: z.literal("none").meta({ alsoCalled: ["off", "disabled", "private", "internal", "false"] }),
        ...everywhere,
    })
    .describe("Reached only from inside the cluster.");

export const exposureSchema = z
    .discriminatedUnion("variant", [gateway, platform, loadBalancer, nodePorts, none])
    .describe("How the apps are reached.");

export type GatewayExposure = Extract<z.output<typeof exposureSchema>, { variant: "gateway" }>;
export type ExposureSettings = z.output<typeof exposureSchema>;
export type DirectExposure = Extract<ExposureSettings, { variant: "load-balancer" | "node-port" }>;

/** @returns undefined where the variants without a port of their own have none, or the settings' check refused it */
export function directPort(exposure: DirectExposure, app: string): number | undefined {
    const given = Object.hasOwn(exposure.ports, app) ? exposure.ports[app] : undefined;
    switch (exposure.variant) {
        case "load-balancer":
            return given ?? 80;
        case "node-port":
            return given;
        default:
            return exposure satisfies never;
    }
}
