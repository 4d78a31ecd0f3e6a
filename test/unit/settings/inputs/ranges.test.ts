// Address ranges: sources that add up to the internet, ways out to metadata, ranges that begin in their middle or are in two networks.
// Does not prove: what a network does with them.
import type { Change } from "../../../support/settings.ts";
import { quiet, refused, told } from "../../../support/findings.ts";

const aws = {
    variant: "aws",
    cluster: { variant: "create", version: "1.36", admins: ["arn:aws:iam::123456789012:role/deploy"] },
    dns: { variant: "create", domain: "shop.example.org" },
};
const onAws: Change = ["platform", aws];
const server = { variant: "create", version: "17", instanceClass: "db.t4g.small", storage: "20Gi" };
const rds = { variant: "rds", server };
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
const doNetwork = {
    vpc: "4de7ac8b-495b-4884-9a69-1050c6793cd6",
    range: "10.50.0.0/20",
    clusters: ["4de7ac8b-495b-4884-9a69-1050c6793cd6"],
};
const awsNetwork = {
    vpcId: "vpc-0a1b2c3d",
    subnetIds: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
    cidrs: ["10.60.0.0/24", "10.60.1.0/24"],
};

refused("the internet (R54)", [
    [
        "in two halves, on Google Cloud",
        [onGcp, ["platform.cluster.apiAccess", { cidrs: ["0.0.0.0/1", "128.0.0.0/1"] }]],
        [
            {
                path: "platform.cluster.apiAccess.cidrs",
                found: '["0.0.0.0/1","128.0.0.0/1"], which together are 100 % of all public IPv4 addresses',
                allowed:
                    "the ranges that have to reach the cluster's API, those of offices, VPN and CI: at most a /7 of public IPv4 addresses and a /18 of IPv6 together (R54)",
                fix: "for your own address: pulumi config set --path 'platform.cluster.apiAccess.cidrs[0]' \"$(curl -s https://checkip.amazonaws.com)/32\" && pulumi config rm --path 'platform.cluster.apiAccess.cidrs[1]'",
            },
        ],
    ],
    [
        "in two halves, on AWS",
        [onAws, ["platform.cluster.apiAccess", { cidrs: ["0.0.0.0/1", "128.0.0.0/1"] }]],
        [
            {
                path: "platform.cluster.apiAccess.cidrs",
                found: '["0.0.0.0/1","128.0.0.0/1"], which together are 100 % of all public IPv4 addresses',
                allowed:
                    "the ranges that have to reach the cluster's API, those of offices, VPN and CI: at most a /7 of public IPv4 addresses and a /18 of IPv6 together (R54)",
                fix: "for your own address: pulumi config set --path 'platform.cluster.apiAccess.cidrs[0]' \"$(curl -s https://checkip.amazonaws.com)/32\" && pulumi config rm --path 'platform.cluster.apiAccess.cidrs[1]'",
            },
        ],
    ],
    [
        "whole, on DigitalOcean",
        [onDoks, ["platform.cluster.apiAccess", { cidrs: ["0.0.0.0/0"] }]],
        [
            {
                path: "platform.cluster.apiAccess.cidrs",
                found: '["0.0.0.0/0"], which together are 100 % of all public IPv4 addresses',
                allowed:
                    "the ranges that have to reach the cluster's API, those of offices, VPN and CI: at most a /7 of public IPv4 addresses and a /18 of IPv6 together (R54)",
                fix: "for your own address: pulumi config set --path 'platform.cluster.apiAccess.cidrs[0]' \"$(curl -s https://checkip.amazonaws.com)/32\"",
            },
        ],
    ],
    [
        "of IPv6, on AWS",
        [onAws, ["platform.cluster.apiAccess", { cidrs: ["203.0.113.0/24", "2000::/3"] }]],
        [
            {
                path: "platform.cluster.apiAccess.cidrs",
                found: '["203.0.113.0/24","2000::/3"], which together are 100 % of all public IPv6 addresses',
                allowed:
                    "the ranges that have to reach the cluster's API, those of offices, VPN and CI: at most a /7 of public IPv4 addresses and a /18 of IPv6 together (R54)",
                fix: "for your own address: pulumi config set --path 'platform.cluster.apiAccess.cidrs[0]' \"$(curl -s https://checkip.amazonaws.com)/32\" && pulumi config rm --path 'platform.cluster.apiAccess.cidrs[1]'",
            },
        ],
    ],
    [
        "a quarter of it",
        [onDoks, ["platform.cluster.apiAccess", { cidrs: ["64.0.0.0/2"] }]],
        [
            {
                path: "platform.cluster.apiAccess.cidrs",
                found: '["64.0.0.0/2"], which together are 28.4 % of all public IPv4 addresses',
                allowed:
                    "the ranges that have to reach the cluster's API, those of offices, VPN and CI: at most a /7 of public IPv4 addresses and a /18 of IPv6 together (R54)",
                fix: "for your own address: pulumi config set --path 'platform.cluster.apiAccess.cidrs[0]' \"$(curl -s https://checkip.amazonaws.com)/32\"",
            },
        ],
    ],
    [
        "of IPv4 as IPv6",
        [onDoks, ["platform.cluster.apiAccess", { cidrs: ["::ffff:0.0.0.0/97", "::ffff:128.0.0.0/97"] }]],
        [
            {
                path: "platform.cluster.apiAccess.cidrs",
                found: '["::ffff:0.0.0.0/97","::ffff:128.0.0.0/97"], which together are 100 % of all public IPv4 addresses',
                allowed:
                    "the ranges that have to reach the cluster's API, those of offices, VPN and CI: at most a /7 of public IPv4 addresses and a /18 of IPv6 together (R54)",
                fix: "for your own address: pulumi config set --path 'platform.cluster.apiAccess.cidrs[0]' \"$(curl -s https://checkip.amazonaws.com)/32\" && pulumi config rm --path 'platform.cluster.apiAccess.cidrs[1]'",
            },
        ],
    ],
    [
        "in many parts",
        [
            onDoks,
            [
                "platform.cluster.apiAccess",
                { cidrs: Array.from({ length: 128 }, (_, index) => `${index * 2}.0.0.0/7`) },
            ],
        ],
        [
            {
                path: "platform.cluster.apiAccess.cidrs",
                found: '["0.0.0.0/7","2.0.0.0/7","4.0.0.0/7",...] (128 ranges), which together are 100 % of all public IPv4 addresses',
                allowed:
                    "the ranges that have to reach the cluster's API, those of offices, VPN and CI: at most a /7 of public IPv4 addresses and a /18 of IPv6 together (R54)",
                fix: "for your own address: pulumi config set --path 'platform.cluster.apiAccess.cidrs[0]' \"$(curl -s https://checkip.amazonaws.com)/32\", and take the others out",
            },
        ],
    ],
    [
        "at a database",
        [
            ...quiet,
            [
                "database",
                {
                    variant: "digitalocean",
                    server: {
                        variant: "create",
                        version: "17",
                        size: "db-s-1vcpu-2gb",
                        network: doNetwork,
                        trustedSources: ["0.0.0.0/1", "128.0.0.0/1"],
                    },
                },
            ],
        ],
        [
            {
                path: "database.server.trustedSources",
                found: '["0.0.0.0/1","128.0.0.0/1"], which together are 100 % of all public IPv4 addresses',
                allowed:
                    "the ranges that have to reach the database, those of offices, VPN and CI: at most a /7 of public IPv4 addresses and a /18 of IPv6 together (R54)",
                fix: "for your own address: pulumi config set --path 'database.server.trustedSources[0]' \"$(curl -s https://checkip.amazonaws.com)/32\" && pulumi config rm --path 'database.server.trustedSources[1]'",
            },
        ],
    ],
    [
        "at a cache",
        [
            ...quiet,
            [
                "cache",
                {
                    variant: "elasticache",
                    server: {
                        variant: "create",
                        nodeType: "cache.t4g.small",
                        network: { ...awsNetwork, clientCidrs: ["0.0.0.0/1", "128.0.0.0/1"] },
                    },
                },
            ],
        ],
        [
            {
                path: "cache.server.network.clientCidrs",
                found: '["0.0.0.0/1","128.0.0.0/1"], which together are 100 % of all public IPv4 addresses',
                allowed:
                    "the ranges that have to reach the cache, those of offices, VPN and CI: at most a /7 of public IPv4 addresses and a /18 of IPv6 together (R54)",
                fix: "for your own address: pulumi config set --path 'cache.server.network.clientCidrs[0]' \"$(curl -s https://checkip.amazonaws.com)/32\" && pulumi config rm --path 'cache.server.network.clientCidrs[1]'",
            },
        ],
    ],
]);

told("a list of one's own", [
    ["of offices", [onGcp, ["platform.cluster.apiAccess", { cidrs: ["203.0.113.0/24", "198.51.100.0/24"] }]], []],
    [
        "all that is private",
        [
            onAws,
            [
                "platform.cluster.apiAccess",
                { cidrs: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"] },
            ],
        ],
        [],
    ],
    [
        "of the largest owners",
        [onAws, ["platform.cluster.apiAccess", { cidrs: ["17.0.0.0/8", "203.0.113.0/24", "2003::/19"] }]],
        [],
    ],
    ["of none", [onAws, ["platform.cluster.apiAccess", { cidrs: [] }]], []],
]);

refused("a way out to metadata", [
    [
        "of a machine",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "169.254.169.254/32", port: 80 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"169.254.169.254/32", with 169.254.169.254: metadata of AWS, Google Cloud, DigitalOcean, Azure and others',
                allowed:
                    "no address at which a cloud gives out credentials: who gets a pod to ask there has the node's. What stores need of it is open already",
                fix: "pulumi config rm --path 'apps[0].egress.addresses[0]'",
            },
        ],
    ],
    [
        "at any port",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "169.254.169.254/32", port: 443 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"169.254.169.254/32", with 169.254.169.254: metadata of AWS, Google Cloud, DigitalOcean, Azure and others',
                allowed:
                    "no address at which a cloud gives out credentials: who gets a pod to ask there has the node's. What stores need of it is open already",
                fix: "pulumi config rm --path 'apps[0].egress.addresses[0]'",
            },
        ],
    ],
    [
        "in a range",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "169.254.0.0/16", port: 80 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"169.254.0.0/16", with 169.254.169.254: metadata of AWS, Google Cloud, DigitalOcean, Azure and others',
                allowed:
                    "no address at which a cloud gives out credentials: who gets a pod to ask there has the node's. What stores need of it is open already",
                fix: "pulumi config rm --path 'apps[0].egress.addresses[0]'",
            },
        ],
    ],
    [
        "of pods",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "169.254.170.23/32", port: 80 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"169.254.170.23/32", with 169.254.170.23: credentials of EKS pods',
                allowed:
                    "no address at which a cloud gives out credentials: who gets a pod to ask there has the node's. What stores need of it is open already",
                fix: "pulumi config rm --path 'apps[0].egress.addresses[0]'",
            },
        ],
    ],
    [
        "of Azure",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "168.63.129.16/32", port: 80 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"168.63.129.16/32", with 168.63.129.16: Azure\'s channel to its machines',
                allowed:
                    "no address at which a cloud gives out credentials: who gets a pod to ask there has the node's. What stores need of it is open already",
                fix: "pulumi config rm --path 'apps[0].egress.addresses[0]'",
            },
        ],
    ],
    [
        "of Alibaba Cloud",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "100.100.100.200/32", port: 80 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"100.100.100.200/32", with 100.100.100.200: metadata of Alibaba Cloud',
                allowed:
                    "no address at which a cloud gives out credentials: who gets a pod to ask there has the node's. What stores need of it is open already",
                fix: "pulumi config rm --path 'apps[0].egress.addresses[0]'",
            },
        ],
    ],
    [
        "over IPv6",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "fd00:ec2::254/128", port: 80 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"fd00:ec2::254/128", with fd00:ec2::254: metadata of AWS',
                allowed:
                    "no address at which a cloud gives out credentials: who gets a pod to ask there has the node's. What stores need of it is open already",
                fix: "pulumi config rm --path 'apps[0].egress.addresses[0]'",
            },
        ],
    ],
    [
        "as IPv6",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "::ffff:169.254.169.254/128", port: 80 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"::ffff:169.254.169.254/128", with 169.254.169.254: metadata of AWS, Google Cloud, DigitalOcean, Azure and others',
                allowed:
                    "no address at which a cloud gives out credentials: who gets a pod to ask there has the node's. What stores need of it is open already",
                fix: "pulumi config rm --path 'apps[0].egress.addresses[0]'",
            },
        ],
    ],
    [
        "in all there is",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "0.0.0.0/0", port: 80 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"0.0.0.0/0", with 169.254.169.254: metadata of AWS, Google Cloud, DigitalOcean, Azure and others',
                allowed: "narrower ranges: at this port a cloud gives out credentials",
                fix: "pulumi config set --path 'apps[0].egress.addresses[0].cidr' RANGE",
            },
        ],
    ],
    [
        "in half of it",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "128.0.0.0/1", port: 80 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"128.0.0.0/1", with 169.254.169.254: metadata of AWS, Google Cloud, DigitalOcean, Azure and others',
                allowed: "narrower ranges: at this port a cloud gives out credentials",
                fix: "pulumi config set --path 'apps[0].egress.addresses[0].cidr' RANGE",
            },
        ],
    ],
    [
        "in all of IPv6",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "::/0", port: 80 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"::/0", with fd00:ec2::254: metadata of AWS',
                allowed: "narrower ranges: at this port a cloud gives out credentials",
                fix: "pulumi config set --path 'apps[0].egress.addresses[0].cidr' RANGE",
            },
        ],
    ],
    [
        "where publicHttps is meant",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "0.0.0.0/0", port: 443 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"0.0.0.0/0", with 169.254.169.254: metadata of AWS, Google Cloud, DigitalOcean, Azure and others',
                allowed: "narrower ranges; for all that is public: egress.publicHttps, which leaves out what is not",
                fix: "pulumi config set --path 'apps[0].egress.publicHttps' true && pulumi config rm --path 'apps[0].egress.addresses[0]'",
            },
        ],
    ],
]);

told("a way out elsewhere", [
    ["to a network", [...quiet, ["apps[0].egress.addresses", [{ cidr: "10.20.0.0/16", port: 9200 }]]], []],
    [
        "to all mail servers, which leaves metadata out",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "0.0.0.0/0", port: 587 }]]],
        [],
    ],
    ["to shared addresses", [...quiet, ["apps[0].egress.addresses", [{ cidr: "100.64.0.0/10", port: 9200 }]]], []],
    [
        "to another link-local address",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "169.254.20.10/32", port: 53 }]]],
        [],
    ],
]);

refused("a range that begins in its middle", [
    [
        "of a way out",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "10.20.30.40/16", port: 9200 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"10.20.30.40/16"',
                allowed: "an address range that begins with its first address",
                fix: "pulumi config set --path 'apps[0].egress.addresses[0].cidr' 10.20.0.0/16",
            },
        ],
    ],
    [
        "of IPv6",
        [...quiet, ["apps[0].egress.addresses", [{ cidr: "2001:db8::1/32", port: 9200 }]]],
        [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"2001:db8::1/32"',
                allowed: "an address range that begins with its first address",
                fix: "pulumi config set --path 'apps[0].egress.addresses[0].cidr' 2001:db8::/32",
            },
        ],
    ],
    [
        "of the API's sources on AWS",
        [onAws, ["platform.cluster.apiAccess", { cidrs: ["203.0.113.7/24"] }]],
        [
            {
                path: "platform.cluster.apiAccess.cidrs[0]",
                found: '"203.0.113.7/24"',
                allowed: "an address range that begins with its first address",
                fix: "pulumi config set --path 'platform.cluster.apiAccess.cidrs[0]' 203.0.113.0/24",
            },
        ],
    ],
    [
        "of the API's sources on DigitalOcean",
        [onDoks, ["platform.cluster.apiAccess", { cidrs: ["203.0.113.0/24", "198.51.100.9/24"] }]],
        [
            {
                path: "platform.cluster.apiAccess.cidrs[1]",
                found: '"198.51.100.9/24"',
                allowed: "an address range that begins with its first address",
                fix: "pulumi config set --path 'platform.cluster.apiAccess.cidrs[1]' 198.51.100.0/24",
            },
        ],
    ],
    [
        "of a Gateway's",
        [...quiet, ["platform.gateway.from", { cidrs: ["10.1.2.3/16"] }]],
        [
            {
                path: "platform.gateway.from.cidrs[0]",
                found: '"10.1.2.3/16"',
                allowed: "an address range that begins with its first address",
                fix: "pulumi config set --path 'platform.gateway.from.cidrs[0]' 10.1.0.0/16",
            },
        ],
    ],
]);

refused("two networks with the same addresses", [
    [
        "Services and adopted subnets on AWS",
        [
            onAws,
            [
                "platform.network",
                {
                    variant: "existing",
                    id: "vpc-0a1b2c3d",
                    publicSubnets: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
                    publicRanges: ["10.1.0.0/24", "10.1.1.0/24"],
                    privateSubnets: ["subnet-2a1b2c3d", "subnet-3a1b2c3d"],
                    storeSubnets: ["subnet-4a1b2c3d", "subnet-5a1b2c3d"],
                    storeRanges: ["172.20.4.0/24", "172.20.5.0/24"],
                },
            ],
        ],
        [
            {
                path: "platform.network.storeRanges[0]",
                found: '"172.20.4.0/24"',
                allowed:
                    "a range that has no address in common with 172.20.0.0/16 (platform.cluster.serviceRange): what is there, pods do not reach",
                fix: "pulumi config set --path 'platform.network.storeRanges[0]' RANGE, or another platform.cluster.serviceRange for a cluster that is not made yet",
            },
            {
                path: "platform.network.storeRanges[1]",
                found: '"172.20.5.0/24"',
                allowed:
                    "a range that has no address in common with 172.20.0.0/16 (platform.cluster.serviceRange): what is there, pods do not reach",
                fix: "pulumi config set --path 'platform.network.storeRanges[1]' RANGE, or another platform.cluster.serviceRange for a cluster that is not made yet",
            },
        ],
    ],
    [
        "pods of Google Cloud and RDS",
        [
            onGcp,
            [
                "database",
                {
                    ...rds,
                    server: {
                        ...server,
                        network: { ...awsNetwork, cidrs: ["10.5.0.0/24"], clientCidrs: ["10.0.0.0/20"] },
                    },
                },
            ],
        ],
        [
            {
                path: "database.server.network.cidrs[0]",
                found: '"10.5.0.0/24"',
                allowed:
                    "a range that has no address in common with 10.4.0.0/14 (platform.network.ranges.pods): what is there, pods do not reach",
                fix: "pulumi config set --path 'database.server.network.cidrs[0]' RANGE, or another platform.network.ranges.pods for a cluster that is not made yet",
            },
        ],
    ],
    [
        "pods of DigitalOcean and a server that is there",
        [
            onDoks,
            [
                "cache",
                {
                    variant: "elasticache",
                    server: {
                        variant: "existing",
                        primary: "master.shop.abc123.euc1.cache.amazonaws.com",
                        cidrs: ["10.112.4.0/24"],
                    },
                },
            ],
            ["secrets.cachePassword", "letmein"],
        ],
        [
            {
                path: "cache.server.cidrs[0]",
                found: '"10.112.4.0/24"',
                allowed:
                    "a range that has no address in common with 10.112.0.0/16 (platform.cluster.podRange): what is there, pods do not reach",
                fix: "pulumi config set --path 'cache.server.cidrs[0]' RANGE, or another platform.cluster.podRange for a cluster that is not made yet",
            },
        ],
    ],
]);

told("networks beside each other", [
    [
        "DigitalOcean and RDS",
        [
            onDoks,
            ["database", { ...rds, server: { ...server, network: { ...awsNetwork, clientCidrs: ["10.110.0.0/20"] } } }],
        ],
        [],
    ],
]);

const adopted: Change = [
    "platform.cluster",
    {
        variant: "existing",
        id: doNetwork.vpc,
        name: "shop",
        endpoint: "https://4de7ac8b.k8s.ondigitalocean.com",
        ca: "LS0tLS1CRUdJTg==",
    },
];
const privateOnes = "a private range, inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16";
const setPods = "pulumi config set --path 'platform.cluster.podRange' RANGE for a cluster that is not made yet";
const setServices = "pulumi config set --path 'platform.cluster.serviceRange' RANGE for a cluster that is not made yet";
const leftAlone = "for one that is, leave it as it is";

// A cluster that runs keeps its ranges: refused, its stack would be stopped for good.
told(
    "ranges that DOKS may not take",
    [
        ["good ones", [], []],
        [
            "pods at public addresses",
            [["platform.cluster.podRange", "172.32.0.0/16"]],
            [
                {
                    path: "platform.cluster.podRange",
                    found: '"172.32.0.0/16"',
                    allowed: privateOnes,
                    fix: `${setPods}; ${leftAlone}`,
                },
            ],
        ],
        [
            "Services at addresses of providers' own",
            [["platform.cluster.serviceRange", "100.64.0.0/20"]],
            [
                {
                    path: "platform.cluster.serviceRange",
                    found: '"100.64.0.0/20"',
                    allowed: privateOnes,
                    fix: `${setServices}; ${leftAlone}`,
                },
            ],
        ],
        [
            "no room for Services",
            [["platform.cluster.serviceRange", "10.113.0.0/25"]],
            [
                {
                    path: "platform.cluster.serviceRange",
                    found: '"10.113.0.0/25"',
                    allowed: "a range of /24 or larger",
                    fix: `${setServices}; ${leftAlone}`,
                },
            ],
        ],
        [
            "fewer pods' addresses than the pools' nodes take",
            [["platform.cluster.podRange", "10.112.0.0/22"]],
            [
                {
                    path: "platform.cluster.podRange",
                    found: '"10.112.0.0/22"',
                    allowed:
                        "a range of /21 or larger, for the pools may have 9 nodes, with a /25 each: here is room for 8",
                    fix: `${setPods}; for one that is, lower the pools' max`,
                },
            ],
        ],
        ["just as many", [["platform.cluster.podRange", "10.112.0.0/21"]], []],
        ["of a cluster that is there, which has its own", [adopted], []],
    ],
    [onDoks],
);

const valkey: Change = ["cache", { variant: "digitalocean", server: { variant: "create", size: "db-s-1vcpu-2gb" } }];

told(
    "pods of a DOKS cluster that is there, beside a store that is made",
    [
        [
            "whose range is not named",
            [adopted],
            [
                {
                    path: "cache.server.trustedSources",
                    found: "none, beside a cluster that is there",
                    allowed:
                        "the range of its pods, which may not count as the cluster: without it they may not get in",
                    fix: "pulumi config set --path 'cache.server.trustedSources[0]' \"$(doctl kubernetes cluster get shop --format ClusterSubnet --no-header)\"",
                },
            ],
        ],
        ["whose range is named", [adopted, ["cache.server.trustedSources", ["10.112.0.0/16"]]], []],
        ["of a cluster that is made here, whose range is known", [], []],
        ["beside a store whose own network is named", [adopted, ["cache.server.network", doNetwork]], []],
    ],
    [onDoks, valkey, ["clouds", { digitalocean: { region: "fra1" } }]],
);
