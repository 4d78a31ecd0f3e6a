// Who may connect, a firewall and access logs of a Gateway: what is refused and what is told.
// Does not prove: that a load balancer turns anybody away.
import { loadBalancerSpec } from "../../../../settings/native/objects.ts";
import { quiet, refused, told } from "../../../support/findings.ts";
import type { Change } from "../../../support/settings.ts";

const office = ["203.0.113.0/24"];
const exposed = (more: object): Change => ["exposure", { variant: "gateway", ...more }];
const all = { sourceRanges: office, firewall: {}, accessLogs: {} };

const gcp = (gateway: object = {}): Change[] => [
    ["clouds.gcp", { project: "shop-123456", region: "europe-west3" }],
    [
        "platform",
        {
            variant: "gcp",
            cluster: { variant: "create", apiAccess: { cidrs: office }, nodes: { variant: "autopilot" } },
            gateway,
        },
    ],
];
const aws = (gateway: object = {}): Change[] => [
    ["clouds.aws", { account: "123456789012", region: "eu-central-1" }],
    [
        "platform",
        {
            variant: "aws",
            cluster: { variant: "create", version: "1.36", admins: ["arn:aws:iam::123456789012:role/deploy"] },
            dns: { variant: "create", domain: "example.org" },
            gateway: { variant: "install", ...gateway },
        },
    ],
];
const digitalocean = (more: object = {}): Change[] => [
    ["clouds.digitalocean", { region: "fra1" }],
    ["secrets.digitaloceanDnsToken", "dop_v1_0123456789abcdef"],
    [
        "platform",
        {
            variant: "digitalocean",
            network: { variant: "create", range: "10.20.0.0/20" },
            cluster: {
                variant: "create",
                version: "1.34",
                podRange: "10.108.0.0/16",
                serviceRange: "10.109.0.0/19",
                apiAccess: { cidrs: office },
                firstPool: { size: "s-4vcpu-8gb", nodes: 2 },
            },
            dns: { variant: "create", domain: "example.org" },
            certificates: { variant: "letsencrypt", email: "operations@example.org", challenge: "dns-01" },
            ...more,
        },
    ],
];

const notMade = "the controller of a cluster that is there is not made here";
const nothing = (guard: string, found: string, why: string) => ({
    path: `exposure.${guard}`,
    found,
    allowed: `nothing on this platform: ${why}`,
    fix: `pulumi config rm --path 'exposure.${guard}'`,
});

refused("guards where the way in has none", [
    [
        "a cluster that is there",
        [exposed(all)],
        [
            nothing(
                "sourceRanges",
                '["203.0.113.0/24"]',
                `${notMade}: say it where its load balancer is made, or choose the variant load-balancer`,
            ),
            nothing(
                "firewall",
                '{"rules":"block","requestsPerMinute":1000}',
                `${notMade}: put a firewall in front, or into the controller`,
            ),
            nothing("accessLogs", '{"days":30}', `${notMade}: switch its access log on there`),
        ],
    ],
    [
        "DigitalOcean, but for source ranges",
        [...digitalocean(), exposed(all)],
        [
            nothing(
                "firewall",
                '{"rules":"block","requestsPerMinute":1000}',
                "DigitalOcean has no web application firewall: put one in front (a CDN that has one), and let in its addresses alone by exposure.sourceRanges",
            ),
            nothing(
                "accessLogs",
                '{"days":30}',
                "DigitalOcean's load balancers write none: kubectl logs shows the controller's, for as long as its pod is there",
            ),
        ],
    ],
]);

const twice = (path: string, found: string, guard: string) => ({
    path,
    found,
    allowed: `nothing, because exposure.${guard} says the same`,
    fix: `pulumi config rm --path '${path}'`,
});

refused("of a load balancer of AWS", [
    [
        "a name that is nearly one that it has",
        [...aws({ loadBalancer: { ipAdressType: "dualstack" } })],
        [
            {
                path: "platform.gateway.loadBalancer.ipAdressType",
                found: 'the name "ipAdressType"',
                allowed: `for example ${loadBalancerSpec.join(", ")}`,
                fix: "rename it to ipAddressType",
            },
        ],
    ],
]);

refused("guards by two settings", [
    [
        "on AWS",
        [
            ...aws({
                attributes: { "access_logs.s3.bucket": "logs" },
                loadBalancer: {
                    sourceRanges: office,
                    securityGroups: ["sg-0a1b2c3d4e5f60718"],
                    wafV2: { webACL: "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop/1" },
                    loadBalancerAttributes: [],
                },
            }),
            exposed(all),
        ],
        [
            twice("platform.gateway.loadBalancer.sourceRanges", '["203.0.113.0/24"]', "sourceRanges"),
            twice("platform.gateway.loadBalancer.securityGroups", '["sg-0a1b2c3d4e5f60718"]', "sourceRanges"),
            twice(
                "platform.gateway.loadBalancer.wafV2",
                '{"webACL":"arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop/1"}',
                "firewall",
            ),
            twice("platform.gateway.loadBalancer.loadBalancerAttributes", "[]", "accessLogs"),
            twice('platform.gateway.attributes["access_logs.s3.bucket"]', '"logs"', "accessLogs"),
        ],
    ],
    [
        "on Google Cloud, told once",
        [...gcp({ native: { backendPolicy: { securityPolicy: "ours" } } }), exposed(all)],
        [twice("platform.gateway.native.backendPolicy.securityPolicy", '"ours"', "sourceRanges")],
    ],
    [
        "of a firewall alone",
        [...gcp({ native: { backendPolicy: { securityPolicy: "ours" } } }), exposed({ firewall: {} })],
        [twice("platform.gateway.native.backendPolicy.securityPolicy", '"ours"', "firewall")],
    ],
    [
        "logs that nobody writes",
        [...gcp({ requestLogSampling: 0 }), exposed({ accessLogs: {} })],
        [
            {
                path: "platform.gateway.requestLogSampling",
                found: "0",
                allowed: "more than 0, for exposure.accessLogs keeps what is logged",
                fix: "pulumi config set --path 'platform.gateway.requestLogSampling' 1",
            },
        ],
    ],
    [
        "on DigitalOcean",
        [
            ...digitalocean({
                gateway: {
                    variant: "cilium",
                    loadBalancerAnnotations: {
                        "service.beta.kubernetes.io/do-loadbalancer-allow-rules": "ip:203.0.113.7",
                    },
                },
            }),
            exposed({ sourceRanges: office }),
        ],
        [
            twice(
                'platform.gateway.loadBalancerAnnotations["service.beta.kubernetes.io/do-loadbalancer-allow-rules"]',
                '"ip:203.0.113.7"',
                "sourceRanges",
            ),
        ],
    ],
]);

const http01 = { certificates: { variant: "letsencrypt", email: "operations@example.org", challenge: "http-01" } };

refused("a closed way in that has to be proved through", [
    [
        "Let's Encrypt by HTTP-01",
        [...digitalocean(http01), exposed({ sourceRanges: office })],
        [
            {
                path: "platform.certificates.challenge",
                found: '"http-01", and exposure.sourceRanges lets in named addresses alone',
                allowed:
                    "dns-01: Let's Encrypt comes to see the proof from addresses that it does not tell, and no certificate is issued",
                fix: "pulumi config set --path 'platform.certificates.challenge' dns-01, which needs platform.dns and secrets.digitaloceanDnsToken",
            },
        ],
    ],
]);

told("guards that fit", [
    ["none, on a cluster that is there", [...quiet, exposed({})], []],
    ["all of them on Google Cloud", [...gcp(), exposed(all)], []],
    ["all of them on AWS", [...aws(), exposed(all)], []],
    ["source ranges on DigitalOcean", [...digitalocean(), exposed({ sourceRanges: office })], []],
    ["everybody, by HTTP-01", [...digitalocean(http01), exposed({ sourceRanges: ["0.0.0.0/0"] })], []],
    [
        "a firewall of one's own on AWS, and source ranges by the setting",
        [...aws({ loadBalancer: { wafV2: { webACL: "arn" } } }), exposed({ sourceRanges: office })],
        [],
    ],
    [
        "Cloud Armor of one's own, and logs by the setting",
        [...gcp({ native: { backendPolicy: { securityPolicy: "ours" } } }), exposed({ accessLogs: {} })],
        [],
    ],
]);
