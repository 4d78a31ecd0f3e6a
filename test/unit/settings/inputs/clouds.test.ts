// What a list of a cloud's does not know, and what of a cloud cannot be: zones, machines, versions, a kubeconfig.
// Does not prove: that the lists are whole; test/unit/lib/offers.test.ts compares some with the SDKs'.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { adviceAfter, type Change } from "../../../support/settings.ts";
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
const pools = (machineType: string, more: object = {}) => ({
    variant: "pools",
    pools: { general: { machineType, min: 1, max: 3, ...more } },
});
const groups = (instanceTypes: string[], architecture: string) => ({
    variant: "managed",
    groups: { main: { instanceTypes, architecture, min: 1, max: 2 } },
});

told("machines that the list does not have", [
    [
        "of Google Cloud",
        [onGcp, ["platform.cluster.nodes", pools("e2-gigantic-4")]],
        [
            {
                path: "platform.cluster.nodes.pools.general.machineType",
                found: '"e2-gigantic-4", which the list of 2026-11-30 does not have',
                allowed:
                    "a machine type of Google Cloud, such as e2-standard-4, e2-highmem-4, e2-highcpu-4; a newer one is right too (gcloud compute machine-types list)",
                fix: "pulumi config set --path 'platform.cluster.nodes.pools.general.machineType' e2-standard-4",
            },
        ],
    ],
    [
        "of Google Cloud, of a size",
        [onGcp, ["platform.cluster.nodes", pools("e2-standard-3")]],
        [
            {
                path: "platform.cluster.nodes.pools.general.machineType",
                found: '"e2-standard-3", which the list of 2026-11-30 does not have',
                allowed:
                    "a machine type of Google Cloud, such as e2-standard-2, e2-standard-32, e2-standard-4; a newer one is right too (gcloud compute machine-types list)",
                fix: "pulumi config set --path 'platform.cluster.nodes.pools.general.machineType' e2-standard-2",
            },
        ],
    ],
    [
        "of AWS, of a family",
        [onAws, ["platform.cluster.nodes", groups(["m77i.large"], "amd64")]],
        [
            {
                path: "platform.cluster.nodes.groups.main.instanceTypes[0]",
                found: '"m77i.large", which the list of 2026-11-30 does not have',
                allowed:
                    "an instance type of EC2, such as m7i.large, m7g.large, m7gd.large; a newer one is right too (aws ec2 describe-instance-types)",
                fix: "pulumi config set --path 'platform.cluster.nodes.groups.main.instanceTypes[0]' m7i.large",
            },
        ],
    ],
    [
        "of AWS, of a size",
        [onAws, ["platform.cluster.nodes", groups(["m7i.huge"], "amd64")]],
        [
            {
                path: "platform.cluster.nodes.groups.main.instanceTypes[0]",
                found: '"m7i.huge", which the list of 2026-11-30 does not have',
                allowed:
                    "an instance type of EC2, such as m7i.large, m7i.xlarge, m7i.2xlarge; a newer one is right too (aws ec2 describe-instance-types)",
                fix: "pulumi config set --path 'platform.cluster.nodes.groups.main.instanceTypes[0]' m7i.large",
            },
        ],
    ],
    [
        "of DigitalOcean",
        [onDoks, ["platform.cluster.pools", { apps: { size: "s-99vcpu-8gb", max: 3 } }]],
        [
            {
                path: "platform.cluster.pools.apps.size",
                found: '"s-99vcpu-8gb", which the list of 2026-11-30 does not have',
                allowed:
                    "a size of Droplets, such as s-4vcpu-8gb, s-12vcpu-48gb, s-24vcpu-128gb; a newer one is right too (doctl kubernetes options sizes)",
                fix: "pulumi config set --path 'platform.cluster.pools.apps.size' s-4vcpu-8gb",
            },
        ],
    ],
    [
        "of DigitalOcean, of the first pool",
        [onDoks, ["platform.cluster.firstPool", { size: "s-2vcpu-5gb" }]],
        [
            {
                path: "platform.cluster.firstPool.size",
                found: '"s-2vcpu-5gb", which the list of 2026-11-30 does not have',
                allowed:
                    "a size of Droplets, such as s-2vcpu-2gb, s-2vcpu-4gb, s-20vcpu-96gb; a newer one is right too (doctl kubernetes options sizes)",
                fix: "pulumi config set --path 'platform.cluster.firstPool.size' s-2vcpu-2gb",
            },
        ],
    ],
    [
        "of DigitalOcean's databases",
        [
            ...quiet,
            [
                "database",
                {
                    variant: "digitalocean",
                    server: {
                        variant: "create",
                        version: "17",
                        size: "db-s-99vcpu-8gb",
                        network: {
                            vpc: "4de7ac8b-495b-4884-9a69-1050c6793cd6",
                            range: "10.50.0.0/20",
                            clusters: ["4de7ac8b-495b-4884-9a69-1050c6793cd6"],
                        },
                    },
                },
            ],
        ],
        [
            {
                path: "database.server.size",
                found: '"db-s-99vcpu-8gb", which the list of 2026-11-30 does not have',
                allowed:
                    "a size of managed databases, such as db-s-4vcpu-8gb, db-s-1vcpu-1gb, db-s-1vcpu-2gb; a newer one is right too (doctl databases options slugs)",
                fix: "pulumi config set --path 'database.server.size' db-s-4vcpu-8gb",
            },
        ],
    ],
    [
        "of RDS",
        [onAws, ["database", { ...rds, server: { ...server, instanceClass: "db.t9.micro" } }]],
        [
            {
                path: "database.server.instanceClass",
                found: '"db.t9.micro", which the list of 2026-11-30 does not have',
                allowed:
                    "a class of RDS for PostgreSQL, such as db.t3.micro, db.t4g.micro; a newer one is right too (aws rds describe-orderable-db-instance-options --engine postgres)",
                fix: "pulumi config set --path 'database.server.instanceClass' db.t3.micro",
            },
        ],
    ],
    [
        "of RDS, of a size",
        [onAws, ["database", { ...rds, server: { ...server, instanceClass: "db.t4g.16xlarge" } }]],
        [
            {
                path: "database.server.instanceClass",
                found: '"db.t4g.16xlarge", which the list of 2026-11-30 does not have',
                allowed:
                    "a class of RDS for PostgreSQL, such as db.t4g.xlarge, db.t4g.2xlarge, db.t4g.large; a newer one is right too (aws rds describe-orderable-db-instance-options --engine postgres)",
                fix: "pulumi config set --path 'database.server.instanceClass' db.t4g.xlarge",
            },
        ],
    ],
    [
        "of ElastiCache",
        [onAws, ["cache", { variant: "elasticache", server: { variant: "create", nodeType: "cache.t99.micro" } }]],
        [
            {
                path: "cache.server.nodeType",
                found: '"cache.t99.micro", which the list of 2026-11-30 does not have',
                allowed:
                    "a node type of ElastiCache, such as cache.t3.micro, cache.t4g.micro; a newer one is right too (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html)",
                fix: "pulumi config set --path 'cache.server.nodeType' cache.t3.micro",
            },
        ],
    ],
]);

told("machines that are there", [
    ["a size of one's own", [onGcp, ["platform.cluster.nodes", pools("n2-custom-8-16384")]], []],
    ["with disks", [onGcp, ["platform.cluster.nodes", pools("c3-standard-22-lssd")]], []],
    ["with accelerators", [onGcp, ["platform.cluster.nodes", pools("g2-standard-8")]], []],
    ["of Graviton", [onAws, ["platform.cluster.nodes", groups(["m7g.large", "t4g.medium"], "arm64")]], []],
    [
        "with a processor of a brand",
        [onDoks, ["platform.cluster.pools", { apps: { size: "s-4vcpu-16gb-320gb-intel", max: 3 } }]],
        [],
    ],
    ["for one's own processors", [onDoks, ["platform.cluster.pools", { apps: { size: "c-4", max: 3 } }]], []],
]);

refused("machines of another architecture", [
    [
        "amd64 in a group of arm64",
        [onAws, ["platform.cluster.nodes", groups(["m7g.large", "m7i.large"], "arm64")]],
        [
            {
                path: "platform.cluster.nodes.groups.main.instanceTypes[1]",
                found: '"m7i.large", whose processors are amd64',
                allowed:
                    "types of arm64, which is said beside them; or architecture amd64, with images that are made for it",
                fix: "pulumi config set --path 'platform.cluster.nodes.groups.main.architecture' amd64",
            },
        ],
    ],
    [
        "arm64 in a group of amd64",
        [onAws, ["platform.cluster.nodes", groups(["t4g.medium"], "amd64")]],
        [
            {
                path: "platform.cluster.nodes.groups.main.instanceTypes[0]",
                found: '"t4g.medium", whose processors are arm64',
                allowed:
                    "types of amd64, which is said beside them; or architecture arm64, with images that are made for it",
                fix: "pulumi config set --path 'platform.cluster.nodes.groups.main.architecture' arm64",
            },
        ],
    ],
]);

const gkePools = (pools: object): Change => [
    "platform",
    { variant: "gcp", cluster: { variant: "create", apiAccess, nodes: { variant: "pools", pools } } },
];

told("machines of arm64", [
    ["alone, on Google Cloud", [gkePools({ apps: { machineType: "t2a-standard-4", max: 3 } })], []],
    [
        "beside amd64, on Google Cloud",
        [gkePools({ general: { max: 3 }, cheap: { machineType: "t2a-standard-4", max: 3 } })],
        [
            {
                path: "platform.cluster.nodes.pools.cheap",
                found: "processors of arm64, beside amd64 of platform.cluster.nodes.pools.general",
                allowed:
                    "one architecture for all, or images that are made for both: those of the apps, and of each store in the cluster",
                fix: "pulumi config rm --path 'platform.cluster.nodes.pools.cheap'",
            },
        ],
    ],
    [
        "beside amd64, on AWS",
        [
            onAws,
            [
                "platform.cluster.nodes",
                {
                    variant: "managed",
                    groups: { main: { min: 1, max: 3 }, cheap: { architecture: "arm64", min: 0, max: 3 } },
                },
            ],
        ],
        [
            {
                path: "platform.cluster.nodes.groups.cheap",
                found: "processors of arm64, beside amd64 of platform.cluster.nodes.groups.main",
                allowed:
                    "one architecture for all, or images that are made for both: those of the apps, and of each store in the cluster",
                fix: "pulumi config rm --path 'platform.cluster.nodes.groups.cheap'",
            },
        ],
    ],
]);

told("zones that the region does not have", [
    [
        "the default's on AWS",
        [onAws, ["clouds.aws.region", "ca-central-1"]],
        [
            {
                path: "platform.network.zones",
                found: '["a","b","c"], and the list of 2026-11-30 has no zone ca-central-1c',
                allowed:
                    "letters of zones of ca-central-1: a, b, d; an older account may have others (aws ec2 describe-availability-zones --region ca-central-1)",
                fix: "pulumi config set --path 'platform.network.variant' create && pulumi config set --path 'platform.network.zones[0]' a && pulumi config set --path 'platform.network.zones[1]' b && pulumi config set --path 'platform.network.zones[2]' d",
            },
        ],
    ],
    [
        "on AWS",
        [onAws, ["platform.network", { variant: "create", zones: ["a", "f"] }]],
        [
            {
                path: "platform.network.zones",
                found: '["a","f"], and the list of 2026-11-30 has no zone eu-central-1f',
                allowed:
                    "letters of zones of eu-central-1: a, b, c; an older account may have others (aws ec2 describe-availability-zones --region eu-central-1)",
                fix: "pulumi config set --path 'platform.network.variant' create && pulumi config set --path 'platform.network.zones[0]' a && pulumi config set --path 'platform.network.zones[1]' b",
            },
        ],
    ],
    [
        "a cluster's on Google Cloud",
        [onGcp, ["platform.cluster", { variant: "create", zone: "a", apiAccess, nodes: pools("e2-standard-4") }]],
        [
            {
                path: "platform.cluster.zone",
                found: '"a", and the list of 2026-11-30 has no zone europe-west1-a',
                allowed: "the letter of a zone of europe-west1: b, c, d (gcloud compute zones list)",
                fix: "pulumi config set --path 'platform.cluster.zone' b",
            },
        ],
    ],
    [
        "a pool's on Google Cloud",
        [onGcp, ["platform.cluster.nodes", pools("e2-standard-4", { zones: ["b", "f"] })]],
        [
            {
                path: "platform.cluster.nodes.pools.general.zones[1]",
                found: '"f", and the list of 2026-11-30 has no zone europe-west1-f',
                allowed: "the letter of a zone of europe-west1: b, c, d (gcloud compute zones list)",
                fix: "pulumi config set --path 'platform.cluster.nodes.pools.general.zones[1]' b",
            },
        ],
    ],
    [
        "which has them",
        [onAws, ["clouds.aws.region", "us-east-1"], ["platform.network", { variant: "create", zones: ["d", "f"] }]],
        [],
    ],
    [
        "which nobody knows",
        [
            onGcp,
            ["clouds.gcp.region", "europe-west99"],
            ["platform.cluster.nodes", pools("e2-standard-4", { zones: ["q"] })],
        ],
        [
            {
                path: "clouds.gcp.region",
                found: '"europe-west99", which the list of 2026-11-30 does not have',
                allowed:
                    "a region of Google Cloud, such as europe-west9, europe-west1, europe-west2; a newer one is right too (https://cloud.google.com/compute/docs/regions-zones)",
                fix: "pulumi config set --path 'clouds.gcp.region' europe-west9",
            },
        ],
    ],
]);

told("versions of Kubernetes", [
    [
        "that EKS makes no more",
        [onAws, ["platform.cluster.version", "1.33"]],
        [
            {
                path: "platform.cluster.version",
                found: '"1.33", whose standard support ended on 2026-07-29',
                allowed:
                    "a version with standard support, up to 1.36: a cluster here takes no paid extended support (R91), so EKS makes none of an older one and upgrades one that is there (https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html)",
                fix: "pulumi config set --type string --path 'platform.cluster.version' 1.36",
            },
        ],
    ],
    [
        "that EKS does not have yet",
        [onAws, ["platform.cluster.version", "1.99"]],
        [
            {
                path: "platform.cluster.version",
                found: '"1.99", which the list of 2026-11-30 does not have',
                allowed:
                    "a version that EKS has, up to 1.36; a newer one is right too (https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html)",
                fix: "pulumi config set --type string --path 'platform.cluster.version' 1.36",
            },
        ],
    ],
    ["that EKS supports", [onAws, ["platform.cluster.version", "1.35"]], []],
    [
        "that DOKS has no more",
        [
            onDoks,
            ["platform.cluster.version", "1.29.1-do.0"],
            ["platform.gateway", { variant: "none" }],
            ["platform.certificates", { variant: "none" }],
            ["exposure", { variant: "none" }],
        ],
        [
            {
                path: "platform.cluster.version",
                found: '"1.29.1-do.0", which the list of 2026-11-30 does not have',
                allowed:
                    "a version that DOKS has, from 1.33 to 1.36; a newer one is right too (doctl kubernetes options versions; https://docs.digitalocean.com/products/kubernetes/details/supported-releases/)",
                fix: "pulumi config set --type string --path 'platform.cluster.version' 1.36",
            },
        ],
    ],
    [
        "that DOKS does not have yet",
        [onDoks, ["platform.cluster.version", "1.99"]],
        [
            {
                path: "platform.cluster.version",
                found: '"1.99", which the list of 2026-11-30 does not have',
                allowed:
                    "a version that DOKS has, from 1.33 to 1.36; a newer one is right too (doctl kubernetes options versions; https://docs.digitalocean.com/products/kubernetes/details/supported-releases/)",
                fix: "pulumi config set --type string --path 'platform.cluster.version' 1.36",
            },
        ],
    ],
]);

refused("a kubeconfig's content", [
    [
        "in place of its path",
        [...quiet, ["platform.kubeconfig", "apiVersion: v1\nusers: [{ user: { token: SECRET } }]"]],
        [
            {
                path: "platform.kubeconfig",
                found: "the content of a kubeconfig",
                allowed:
                    "a file's path: the content, with the login in it, would be kept in the state and in the stack's file",
                fix: "pulumi config set --path 'platform.kubeconfig' FILE",
            },
        ],
    ],
    [
        "as JSON",
        [...quiet, ["platform.kubeconfig", '{"users":[{"user":{"token":"SECRET"}}]}']],
        [
            {
                path: "platform.kubeconfig",
                found: "the content of a kubeconfig",
                allowed:
                    "a file's path: the content, with the login in it, would be kept in the state and in the stack's file",
                fix: "pulumi config set --path 'platform.kubeconfig' FILE",
            },
        ],
    ],
]);

describe("a kubeconfig that is named", () => {
    const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    const file = join(folder, "kubeconfig");
    afterAll(() => rmSync(folder, { recursive: true }));

    test("and is not there is told with its whole path: a plan does without", () => {
        expect(adviceAfter(...quiet, ["platform.kubeconfig", "nowhere/kubeconfig"])).toEqual([
            {
                path: "platform.kubeconfig",
                found: `"nowhere/kubeconfig", and ${resolve("nowhere/kubeconfig")} cannot be read`,
                allowed: "a kubeconfig that is there where pulumi up runs; a plan does without",
                fix: "put it there, or name another: pulumi config set --path 'platform.kubeconfig' \"$HOME/.kube/config\"",
            },
        ]);
        expect(adviceAfter(...quiet, ["platform.kubeconfig", "~/nowhere/kubeconfig"])[0]!.found).toBe(
            `"~/nowhere/kubeconfig", and ${join(homedir(), "nowhere/kubeconfig")} cannot be read`,
        );
        expect(adviceAfter(...quiet, ["platform.kubeconfig", folder])).toHaveLength(1);
    });

    test("has the context", () => {
        writeFileSync(file, "contexts:\n    - name: staging\n");
        expect(adviceAfter(...quiet, ["platform.kubeconfig", file])).toEqual([]);
        expect(adviceAfter(...quiet, ["platform.kubeconfig", file], ["platform.context", "live"])).toEqual([
            {
                path: "platform.context",
                found: `"live", and ${file} has no such context`,
                allowed: `one of them: kubectl config get-contexts -o name --kubeconfig ${file}`,
                fix: "pulumi config set --path 'platform.context' CONTEXT",
            },
        ]);
    });

    test("of one's own machine comes with its cluster, and none that is not named is missed", () => {
        const local: Change = ["environment.kind", "local"];
        expect(adviceAfter(local, ["platform.kubeconfig", "nowhere/kubeconfig"])).toEqual([]);
        expect(adviceAfter(...quiet)).toEqual([]);
    });
});

const hyperdisk = { diskType: "hyperdisk-balanced" };

told(
    "volumes of stores, on machines with hyperdisk alone",
    [
        [
            "of a class of persistent disks",
            [["platform.cluster.nodes", pools("n4-standard-2", hyperdisk)]],
            [
                {
                    path: "platform.cluster.storageClass",
                    found: '"standard-rwo", which is of persistent disks',
                    allowed:
                        "a class of hyperdisk-balanced that you make in the cluster: n4-standard-2 can have no other disk",
                    fix: "pulumi config set --path 'platform.cluster.storageClass' CLASS, or a pool of other machines, for example e2-standard-4",
                },
            ],
        ],
        [
            "of a class of one's own",
            [
                ["platform.cluster.nodes", pools("n4-standard-2", hyperdisk)],
                ["platform.cluster.storageClass", "hyperdisk"],
            ],
            [],
        ],
        [
            "beside a pool of other machines",
            [
                ["platform.cluster.nodes", pools("n4-standard-2", hyperdisk)],
                ["platform.cluster.nodes.pools.stores", { machineType: "e2-standard-4", min: 1, max: 3 }],
            ],
            [],
        ],
        [
            "none, where the stores are Google's",
            [
                ["platform.cluster.nodes", pools("n4-standard-2", hyperdisk)],
                [
                    "database",
                    {
                        variant: "cloud-sql",
                        server: { variant: "create", version: "17", tier: "db-custom-2-7680", storage: "20Gi" },
                    },
                ],
                ["broker", { variant: "none" }],
                ["apps[0].workers", undefined],
            ],
            [],
        ],
    ],
    [onGcp],
);
