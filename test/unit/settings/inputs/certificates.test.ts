// Who serves users without TLS: refused in production on every platform, told elsewhere; and which names no certificate can have.
// Does not prove: that an authority issues what is asked for.
import type { Change } from "../../../support/settings.ts";
import { quiet, refused, told } from "../../../support/findings.ts";

const aws = {
    variant: "aws",
    cluster: { variant: "create", version: "1.36", admins: ["arn:aws:iam::123456789012:role/deploy"] },
    dns: { variant: "create", domain: "shop.example.org" },
};
const onAws: Change = ["platform", aws];
const nodes = { variant: "autopilot" };
const apiAccess = { cidrs: ["203.0.113.0/24"] };
const onGcp: Change = ["platform", { variant: "gcp", cluster: { variant: "create", apiAccess, nodes } }];
const doks = {
    variant: "digitalocean",
    network: { variant: "create", range: "10.110.0.0/20" },
    cluster: {
        variant: "create",
        version: "1.34",
        podRange: "10.112.0.0/16",
        serviceRange: "10.113.0.0/20",
        apiAccess: { cidrs: ["203.0.113.0/24"] },
        pools: { apps: { size: "s-4vcpu-8gb", max: 8 } },
    },
    certificates: { variant: "letsencrypt", email: "operations@example.org" },
};
const onDoks: Change = ["platform", doks];
const production: Change[] = [["environment.kind", "production"]];
/** In a cloud somebody is to be told. */
const heard: Change = ["alarms.emails", ["operations@example.org"]];
const long = `${"a".repeat(60)}.shop.example.org`;
const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
const names = (count: number) => Array.from({ length: count }, (_, index) => `h${index}.shop.example.org`);
const app = (name: string, hosts: readonly string[]) => ({
    contract: "django",
    name,
    module: name,
    image: "registry.example.org/shop:4f2a91c",
    hosts,
});

refused("production without certificates", [
    [
        "on a cluster that is there",
        [...production, ["platform.enforcesNetworkPolicy", true]],
        [
            {
                path: "platform.issuer",
                found: "nothing",
                allowed: "in production an issuer of certificates",
                fix: "pulumi config set --path 'platform.issuer.name' ISSUER, or name a certificate that is there (exposure.certificate), or exposure.allowPlainHttp if TLS ends before the Gateway",
            },
        ],
    ],
    [
        "on DigitalOcean",
        [...production, onDoks, ["platform.certificates", { variant: "none" }]],
        [
            {
                path: "platform.certificates.variant",
                found: '"none"',
                allowed: "in production letsencrypt or an issuer that exists (R95)",
                fix: "pulumi config set --path 'platform.certificates.variant' letsencrypt && pulumi config set --path 'platform.certificates.email' EMAIL, or exposure.allowPlainHttp if TLS ends before the Gateway",
            },
        ],
    ],
    [
        "on DigitalOcean, with those for trying out",
        [...production, onDoks, ["platform.certificates.server", "staging"]],
        [
            {
                path: "platform.certificates.server",
                found: '"staging"',
                allowed:
                    "production in production: no browser trusts the certificates of Let's Encrypt's staging server (R95)",
                fix: "pulumi config set --path 'platform.certificates.server' production",
            },
        ],
    ],
    [
        "on AWS without a zone",
        [...production, onAws, ["platform.dns", { variant: "none" }]],
        [
            {
                path: "platform.dns.variant",
                found: '"none"',
                allowed:
                    "in production a zone in which certificates are proved, or certificates of ACM that are there (R95)",
                fix: "pulumi config set --path 'platform.dns.variant' create && pulumi config set --path 'platform.dns.domain' shop.example.org, or with a certificate that is there pulumi config set --path 'platform.gateway.certificateArns[0]' ARN, or exposure.allowPlainHttp if TLS ends before the Gateway",
            },
        ],
    ],
    [
        "on AWS with a host elsewhere",
        [...production, onAws, ["apps[0].hosts", ["shop.example.org", "shop.example.com"]]],
        [
            {
                path: "apps[0].hosts[1]",
                found: '"shop.example.com", which is not in the zone shop.example.org: so no certificate is made for any host',
                allowed: "in production hosts in the zone, or certificates of ACM that are there (R95)",
                fix: "pulumi config set --path 'apps[0].hosts[1]' shop.shop.example.org, or with a certificate that is there pulumi config set --path 'platform.gateway.certificateArns[0]' ARN, or exposure.allowPlainHttp if TLS ends before the Gateway",
            },
        ],
    ],
    [
        "on AWS with a domain elsewhere",
        [
            ...production,
            onAws,
            ["apps[0].hosts", ["shop.example.org"]],
            ["platform.dns", { variant: "existing", domain: "shop.example.org", id: "Z0123456789ABCDEFGHIJ" }],
            ["lends.domain", "preview.example.com"],
        ],
        [
            {
                path: "lends.domain",
                found: '"preview.example.com", which is not in the zone shop.example.org: so no certificate is made for any host',
                allowed: "in production hosts in the zone, or certificates of ACM that are there (R95)",
                fix: "pulumi config set --path 'lends.domain' preview.shop.example.org, or with a certificate that is there pulumi config set --path 'platform.gateway.certificateArns[0]' ARN, or exposure.allowPlainHttp if TLS ends before the Gateway",
            },
        ],
    ],
]);

told("production with TLS", [
    [
        "in front of a cluster that is there",
        [...production, ["platform.enforcesNetworkPolicy", true], ["exposure.allowPlainHttp", true]],
        [],
    ],
    [
        "in front of DigitalOcean's Gateway",
        [
            ...production,
            heard,
            onDoks,
            ["platform.certificates", { variant: "none" }],
            ["exposure.allowPlainHttp", true],
        ],
        [],
    ],
    [
        "in front of AWS's load balancer",
        [...production, heard, onAws, ["platform.dns", { variant: "none" }], ["exposure.allowPlainHttp", true]],
        [],
    ],
    ["by an issuer", [...production, ...quiet], []],
    ["of Let's Encrypt", [...production, heard, onDoks], []],
    ["of ACM", [...production, heard, onAws], []],
    [
        "of ACM, by certificates that are there",
        [
            ...production,
            heard,
            onAws,
            ["platform.dns", { variant: "none" }],
            ["platform.gateway", { variant: "install", certificateArns: [arn] }],
        ],
        [],
    ],
    ["of Google, in no zone", [...production, heard, onGcp], []],
    [
        "or without a way in",
        [...production, ["platform.enforcesNetworkPolicy", true], ["exposure", { variant: "none" }]],
        [],
    ],
]);

told("staging without certificates", [
    [
        "on a cluster that is there",
        [["platform.enforcesNetworkPolicy", true]],
        [
            {
                path: "platform.issuer",
                found: "nothing",
                allowed: "an issuer of certificates: else all is plain HTTP, which production refuses",
                fix: "pulumi config set --path 'platform.issuer.name' ISSUER, or name a certificate that is there (exposure.certificate), or exposure.allowPlainHttp if TLS ends before the Gateway",
            },
        ],
    ],
    [
        "on DigitalOcean",
        [onDoks, ["platform.certificates", { variant: "none" }]],
        [
            {
                path: "platform.certificates.variant",
                found: '"none"',
                allowed: "letsencrypt or an issuer that exists (R95): else all is plain HTTP, which production refuses",
                fix: "pulumi config set --path 'platform.certificates.variant' letsencrypt && pulumi config set --path 'platform.certificates.email' EMAIL, or exposure.allowPlainHttp if TLS ends before the Gateway",
            },
        ],
    ],
    [
        "on AWS without a zone",
        [onAws, ["platform.dns", { variant: "none" }]],
        [
            {
                path: "platform.dns.variant",
                found: '"none"',
                allowed:
                    "a zone in which certificates are proved, or certificates of ACM that are there (R95): else all is plain HTTP, which production refuses",
                fix: "pulumi config set --path 'platform.dns.variant' create && pulumi config set --path 'platform.dns.domain' shop.example.org, or with a certificate that is there pulumi config set --path 'platform.gateway.certificateArns[0]' ARN, or exposure.allowPlainHttp if TLS ends before the Gateway",
            },
        ],
    ],
    [
        "on AWS with a host elsewhere",
        [onAws, ["apps[0].hosts", ["shop.example.com"]]],
        [
            {
                path: "apps[0].hosts[0]",
                found: '"shop.example.com", which is not in the zone shop.example.org: so no certificate is made for any host',
                allowed:
                    "hosts in the zone, or certificates of ACM that are there (R95): else all is plain HTTP, which production refuses",
                fix: "pulumi config set --path 'apps[0].hosts[0]' shop.shop.example.org, or with a certificate that is there pulumi config set --path 'platform.gateway.certificateArns[0]' ARN, or exposure.allowPlainHttp if TLS ends before the Gateway",
            },
        ],
    ],
    ["on one's own machine", [["environment.kind", "local"]], []],
    ["for trying out", [onDoks, ["platform.certificates.server", "staging"]], []],
]);

refused("names that no public authority certifies", [
    [
        "on Google Cloud",
        [onGcp, ["apps[0].hosts", ["shop.local"]]],
        [
            {
                path: "apps[0].hosts[0]",
                found: '"shop.local"',
                allowed: "a name below a domain of yours: Google certifies none that is nobody's on the internet",
                fix: "pulumi config set --path 'apps[0].hosts[0]' shop.example.org",
            },
        ],
    ],
    [
        "on AWS",
        [onAws, ["platform.dns.domain", "shop.internal"], ["apps[0].hosts", ["shop.internal"]]],
        [
            {
                path: "apps[0].hosts[0]",
                found: '"shop.internal"',
                allowed: "a name below a domain of yours: ACM certifies none that is nobody's on the internet",
                fix: "pulumi config set --path 'apps[0].hosts[0]' shop.example.org",
            },
        ],
    ],
    [
        "on DigitalOcean",
        [onDoks, ["apps[0].hosts", ["localhost"]]],
        [
            {
                path: "apps[0].hosts[0]",
                found: '"localhost"',
                allowed:
                    "a name below a domain of yours: Let's Encrypt certifies none that is nobody's on the internet",
                fix: "pulumi config set --path 'apps[0].hosts[0]' localhost.example.org",
            },
        ],
    ],
]);

told("names of one's own", [["by one's own issuer", [...quiet, ["apps[0].hosts", ["shop.local"]]], []]]);

refused("names that are too long for ACM (R86)", [
    [
        "a host",
        [onAws, ["apps[0].hosts", [long]]],
        [
            {
                path: "apps[0].hosts[0]",
                found: '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.shop.example.org", 77 characters',
                allowed: "at most 64 characters: a certificate of ACM has no longer name (R86)",
                fix: "pulumi config set --path 'apps[0].hosts[0]' HOST",
            },
        ],
    ],
    [
        "a domain that is lent",
        [onAws, ["lends.domain", `${"a".repeat(46)}.shop.example.org`]],
        [
            {
                path: "lends.domain",
                found: '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.shop.example.org", 63 characters',
                allowed:
                    "at most 62 characters, for *. stands before it: a certificate of ACM has no longer name (R86)",
                fix: "pulumi config set --path 'lends.domain' DOMAIN",
            },
        ],
    ],
    [
        "files' host",
        [onAws, ["assets", { variant: "s3", host: long }]],
        [
            {
                path: "assets.host",
                found: '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.shop.example.org", 77 characters',
                allowed: "at most 64 characters: a certificate of ACM has no longer name (R86)",
                fix: "pulumi config set --path 'assets.host' HOST",
            },
        ],
    ],
]);

told("names as long as they may be", [
    ["a host", [onAws, ["apps[0].hosts", [`${"a".repeat(47)}.shop.example.org`]]], []],
    ["a domain that is lent", [onAws, ["lends.domain", `${"a".repeat(45)}.shop.example.org`]], []],
    [
        "longer on Google Cloud",
        [onGcp, ["apps[0].hosts", [long]]],
        [
            {
                path: "apps[0].hosts[0]",
                found: '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.shop.example.org", 77 characters',
                allowed:
                    "at most 64 characters: Google leaves a longer one out of where a certificate's name used to stand, which old clients trip over (R86)",
                fix: "pulumi config set --path 'apps[0].hosts[0]' HOST",
            },
        ],
    ],
    [
        "longer with Let's Encrypt",
        [onDoks, ["apps[0].hosts", [long]]],
        [
            {
                path: "apps[0].hosts[0]",
                found: '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.shop.example.org", 77 characters',
                allowed:
                    "at most 64 characters: Let's Encrypt leaves a longer one out of where a certificate's name used to stand, which old clients trip over (R86)",
                fix: "pulumi config set --path 'apps[0].hosts[0]' HOST",
            },
        ],
    ],
    ["longer with one's own issuer", [...quiet, ["apps[0].hosts", [long]]], []],
]);

refused("a domain that leaves no room for names below it", [
    [
        "by one character",
        [...quiet, ["lends.domain", `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(50)}`]],
        [
            {
                path: "lends.domain",
                found: '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddddddddddddddddddddd", 233 characters',
                allowed:
                    "at most 232 characters: the longest name of an environment and a dot stand before it, and a host name has 253",
                fix: "pulumi config set --path 'lends.domain' DOMAIN",
            },
        ],
    ],
]);

refused("more names than Let's Encrypt certifies together", [
    [
        "of seven apps",
        [
            onDoks,
            ["environment.mainApp", "shop0"],
            [
                "apps",
                Array.from({ length: 7 }, (_, index) =>
                    app(
                        `shop${index}`,
                        names(16).map((name) => `n${index}${name}`),
                    ),
                ),
            ],
        ],
        [
            {
                path: "apps",
                found: "112 hosts in all",
                allowed:
                    "at most 100: Let's Encrypt certifies no more together, and the way in has one certificate for all",
                fix: "put apps into another environment, or take hosts out (apps[].hosts)",
            },
        ],
    ],
]);

told("more certificates than a load balancer takes", [
    [
        "of two apps",
        [
            onAws,
            ["environment.mainApp", "shop0"],
            [
                "apps",
                Array.from({ length: 2 }, (_, index) =>
                    app(
                        `shop${index}`,
                        names(14).map((name) => `n${index}${name}`),
                    ),
                ),
            ],
        ],
        [
            {
                path: "apps",
                found: "28 certificates of one load balancer",
                allowed: "at most 25 beside the default one, unless the account's quota is raised",
                fix: "take hosts out (apps[].hosts), or have the quota raised: aws service-quotas list-service-quotas --service-code elasticloadbalancing",
            },
        ],
    ],
]);

refused("a certificate of another region", [
    [
        "is refused by the load balancer",
        [
            onAws,
            ["platform.gateway", { variant: "install", certificateArns: [arn.replace("eu-central-1", "us-east-1")] }],
        ],
        [
            {
                path: "platform.gateway.certificateArns[0]",
                found: '"arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555", which is in us-east-1',
                allowed: "a certificate in eu-central-1, where it is used",
                fix: "pulumi config set --path 'platform.gateway.certificateArns[0]' 'arn:aws:acm:eu-central-1:123456789012:certificate/ID'",
            },
        ],
    ],
]);

told("hosts outside the zone", [
    [
        "on Google Cloud",
        [
            onGcp,
            ["platform.dns", { variant: "create", domain: "shop.example.org" }],
            ["apps[0].hosts", ["shop.example.com"]],
            ["lends.domain", "preview.example.com"],
        ],
        [
            {
                path: "apps[0].hosts[0]",
                found: '"shop.example.com", which is not in the zone shop.example.org',
                allowed: "a name in it, or records that you make by hand (the output records, or kubectl get gateway)",
                fix: "pulumi config set --path 'apps[0].hosts[0]' shop.shop.example.org",
            },
            {
                path: "lends.domain",
                found: '"preview.example.com", which is not in the zone shop.example.org',
                allowed: "a name in it, or records that you make by hand (the output records, or kubectl get gateway)",
                fix: "pulumi config set --path 'lends.domain' preview.shop.example.org",
            },
        ],
    ],
    [
        "on DigitalOcean",
        [
            onDoks,
            ["platform.dns", { variant: "create", domain: "shop.example.org" }],
            ["apps[0].hosts", ["shop.example.com"]],
            ["secrets.digitaloceanDnsToken", "token"],
        ],
        [
            {
                path: "apps[0].hosts[0]",
                found: '"shop.example.com", which is not in the zone shop.example.org',
                allowed: "a name in it, or records that you make by hand (the output records, or kubectl get gateway)",
                fix: "pulumi config set --path 'apps[0].hosts[0]' shop.shop.example.org",
            },
        ],
    ],
    [
        "whose records nobody makes here",
        [
            onDoks,
            ["platform.dns", { variant: "create", domain: "shop.example.org", hostRecords: false }],
            ["apps[0].hosts", ["shop.example.com"]],
        ],
        [],
    ],
    ["in it", [onGcp, ["platform.dns", { variant: "create", domain: "example.org" }]], []],
]);

refused("a zone of nobody's", [
    [
        "a top-level domain",
        [onGcp, ["platform.dns", { variant: "create", domain: "org" }], ["exposure", { variant: "none" }]],
        [
            {
                path: "platform.dns.domain",
                found: '"org"',
                allowed: "a domain of yours, with a dot, for example shop.example.org",
                fix: "pulumi config set --path 'platform.dns.domain' org.example.org",
            },
        ],
    ],
]);

refused("authorities that may not certify what is asked of them", [
    [
        "a way in",
        [
            onDoks,
            [
                "platform.dns",
                { variant: "create", domain: "example.org", hostRecords: false, certificateAuthorities: ["pki.goog"] },
            ],
        ],
        [
            {
                path: "platform.dns.certificateAuthorities",
                found: '["pki.goog"]',
                allowed:
                    "letsencrypt.org among them, which certifies platform.certificates; or none, for any authority",
                fix: "pulumi config set --path 'platform.dns.certificateAuthorities[1]' letsencrypt.org",
            },
        ],
    ],
    [
        "a CDN",
        [
            onDoks,
            ["exposure", { variant: "none" }],
            [
                "platform.dns",
                { variant: "create", domain: "example.org", hostRecords: false, certificateAuthorities: ["pki.goog"] },
            ],
            ["platform.certificates", { variant: "none" }],
            ["assets", { variant: "spaces", buckets: { variant: "create", cdn: { domain: "static.example.org" } } }],
        ],
        [
            {
                path: "platform.dns.certificateAuthorities",
                found: '["pki.goog"]',
                allowed:
                    "letsencrypt.org among them, which certifies assets.buckets.cdn.domain; or none, for any authority",
                fix: "pulumi config set --path 'platform.dns.certificateAuthorities[1]' letsencrypt.org",
            },
        ],
    ],
]);

told("authorities that may", [
    [
        "any",
        [
            onDoks,
            [
                "platform.dns",
                { variant: "create", domain: "example.org", hostRecords: false, certificateAuthorities: [] },
            ],
        ],
        [],
    ],
    ["Let's Encrypt", [onDoks, ["platform.dns", { variant: "create", domain: "example.org", hostRecords: false }]], []],
]);
