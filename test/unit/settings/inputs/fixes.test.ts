// Fixes have the value that mends a setting: it can be pasted.
// Does not prove what a shell and Pulumi make of it; test/unit/settings/problems.test.ts proves that Pulumi reads the paths.
import { expect, test } from "vitest";
import type { Problem } from "../../../../settings/problems.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";

interface Case {
    readonly what: string;
    readonly changes: readonly Change[];
    readonly problems: readonly Problem[];
}

const cases: readonly Case[] = [
    {
        what: "a version that YAML reads as a number",
        changes: [
            [
                "platform",
                {
                    variant: "aws",
                    cluster: { variant: "create", version: 1.3, admins: ["arn:aws:iam::123456789012:role/deploy"] },
                },
            ],
        ],
        problems: [
            {
                path: "platform.cluster.version",
                found: "1.3",
                allowed: 'a minor version of Kubernetes, in quotes, for example "1.36"',
                fix: "put it in quotes: pulumi config set --type string --path 'platform.cluster.version' 1.30",
            },
        ],
    },
    {
        what: "an account that begins with zero",
        changes: [["clouds.aws.account", 12345678901]],
        problems: [
            {
                path: "clouds.aws.account",
                found: "12345678901",
                allowed: 'an account\'s id: 12 digits in quotes, for example "123456789012"',
                fix: "put it in quotes: pulumi config set --type string --path 'clouds.aws.account' 012345678901",
            },
        ],
    },
    {
        what: 'memory "1GB"',
        changes: [["operator.sizes.own", { cpu: 1, memory: "1GB" }]],
        problems: [
            {
                path: "operator.sizes.own.memory",
                found: '"1GB"',
                allowed: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
                fix: "pulumi config set --path 'operator.sizes.own.memory' 1Gi",
            },
        ],
    },
    {
        what: 'memory "1G"',
        changes: [["operator.sizes.own", { cpu: 1, memory: "1G" }]],
        problems: [
            {
                path: "operator.sizes.own.memory",
                found: '"1G"',
                allowed: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
                fix: "pulumi config set --path 'operator.sizes.own.memory' 1Gi",
            },
        ],
    },
    {
        what: 'memory "1 Gi"',
        changes: [["operator.sizes.own", { cpu: 1, memory: "1 Gi" }]],
        problems: [
            {
                path: "operator.sizes.own.memory",
                found: '"1 Gi"',
                allowed: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
                fix: "pulumi config set --path 'operator.sizes.own.memory' 1Gi",
            },
        ],
    },
    {
        what: 'memory "512MB"',
        changes: [["operator.sizes.own", { cpu: 1, memory: "512MB" }]],
        problems: [
            {
                path: "operator.sizes.own.memory",
                found: '"512MB"',
                allowed: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
                fix: "pulumi config set --path 'operator.sizes.own.memory' 512Mi",
            },
        ],
    },
    {
        what: 'memory "1024"',
        changes: [["operator.sizes.own", { cpu: 1, memory: "1024" }]],
        problems: [
            {
                path: "operator.sizes.own.memory",
                found: '"1024"',
                allowed: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
                fix: "pulumi config set --path 'operator.sizes.own.memory' 1Gi",
            },
        ],
    },
    {
        what: 'memory "0Gi"',
        changes: [["operator.sizes.own", { cpu: 1, memory: "0Gi" }]],
        problems: [
            {
                path: "operator.sizes.own.memory",
                found: '"0Gi"',
                allowed: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
                fix: "pulumi config set --path 'operator.sizes.own.memory' 1Gi",
            },
        ],
    },
    {
        what: "memory 1024",
        changes: [["operator.sizes.own", { cpu: 1, memory: 1024 }]],
        problems: [
            {
                path: "operator.sizes.own.memory",
                found: "1024",
                allowed: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
                fix: "pulumi config set --path 'operator.sizes.own.memory' 1Gi",
            },
        ],
    },
    {
        what: 'memory "512m"',
        changes: [["operator.sizes.own", { cpu: 1, memory: "512m" }]],
        problems: [
            {
                path: "operator.sizes.own.memory",
                found: '"512m"',
                allowed: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
                fix: "pulumi config set --path 'operator.sizes.own.memory' 512Mi",
            },
        ],
    },
    {
        what: 'memory "1.5Gi"',
        changes: [["operator.sizes.own", { cpu: 1, memory: "1.5Gi" }]],
        problems: [
            {
                path: "operator.sizes.own.memory",
                found: '"1.5Gi"',
                allowed: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
                fix: "pulumi config set --path 'operator.sizes.own.memory' 1536Mi",
            },
        ],
    },
    {
        what: 'processors ".5"',
        changes: [["operator.sizes.own", { cpu: ".5", memory: "1Gi" }]],
        problems: [
            {
                path: "operator.sizes.own.cpu",
                found: '".5"',
                allowed: 'processors or thousandths of one, for example "2" or "250m"',
                fix: "pulumi config set --path 'operator.sizes.own.cpu' 500m",
            },
        ],
    },
    {
        what: 'processors "2 cores"',
        changes: [["operator.sizes.own", { cpu: "2 cores", memory: "1Gi" }]],
        problems: [
            {
                path: "operator.sizes.own.cpu",
                found: '"2 cores"',
                allowed: 'processors or thousandths of one, for example "2" or "250m"',
                fix: "pulumi config set --type string --path 'operator.sizes.own.cpu' 2",
            },
        ],
    },
    {
        what: 'processors "1500 m"',
        changes: [["operator.sizes.own", { cpu: "1500 m", memory: "1Gi" }]],
        problems: [
            {
                path: "operator.sizes.own.cpu",
                found: '"1500 m"',
                allowed: 'processors or thousandths of one, for example "2" or "250m"',
                fix: "pulumi config set --path 'operator.sizes.own.cpu' 1500m",
            },
        ],
    },
    {
        what: "processors -1",
        changes: [["operator.sizes.own", { cpu: -1, memory: "1Gi" }]],
        problems: [
            {
                path: "operator.sizes.own.cpu",
                found: "-1",
                allowed: 'processors or thousandths of one, for example "2" or "250m"',
                fix: "pulumi config set --type string --path 'operator.sizes.own.cpu' 2",
            },
        ],
    },
    {
        what: "min above max",
        changes: [["apps[0].web.replicas", { min: 5, max: 3 }]],
        problems: [
            {
                path: "apps[0].web.replicas.min",
                found: "5",
                allowed: "at most 3, which is max",
                fix: "pulumi config set --path 'apps[0].web.replicas.min' 3",
            },
        ],
    },
    {
        what: "a port too large",
        changes: [["apps[0].web.port", 70000]],
        problems: [
            {
                path: "apps[0].web.port",
                found: "70000",
                allowed: "1 to 65535",
                fix: "pulumi config set --path 'apps[0].web.port' 65535",
            },
        ],
    },
    {
        what: "too few connections",
        changes: [["database.maxConnections", 5]],
        problems: [
            {
                path: "database.maxConnections",
                found: "5",
                allowed: "20 to 5000",
                fix: "pulumi config set --path 'database.maxConnections' 20",
            },
        ],
    },
    {
        what: "replicas as a number",
        changes: [["apps[0].web.replicas", 3]],
        problems: [
            {
                path: "apps[0].web.replicas",
                found: "3",
                allowed: "settings: min, max",
                fix: "pulumi config rm --path 'apps[0].web.replicas' && pulumi config set --path 'apps[0].web.replicas.min' 3 && pulumi config set --path 'apps[0].web.replicas.max' 3",
            },
        ],
    },
    {
        what: "one host, no list",
        changes: [["apps[0].hosts", "shop.example.org"]],
        problems: [
            {
                path: "apps[0].hosts",
                found: '"shop.example.org"',
                allowed:
                    "a list; each entry a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
                fix: "pulumi config rm --path 'apps[0].hosts' && pulumi config set --path 'apps[0].hosts[0]' shop.example.org",
            },
        ],
    },
    {
        what: "hosts with a comma",
        changes: [["apps[0].hosts", "a.example.org, b.example.org"]],
        problems: [
            {
                path: "apps[0].hosts",
                found: '"a.example.org, b.example.org"',
                allowed:
                    "a list; each entry a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
                fix: "pulumi config rm --path 'apps[0].hosts' && pulumi config set --path 'apps[0].hosts[0]' a.example.org && pulumi config set --path 'apps[0].hosts[1]' b.example.org",
            },
        ],
    },
    {
        what: "apps as a map, with a secret in it",
        changes: [["apps", { shop: { STRIPE: "sk_live_x" } }]],
        problems: [
            {
                path: "apps",
                found: "a group with shop",
                allowed: "a list: each entry begins with a hyphen",
                fix: 'write it as a list, each entry behind a hyphen: - { name: NAME, image: IMAGE, hosts: ["HOST"], contract: django, module: MODULE }',
            },
        ],
    },
    {
        what: "image Registry.example.org/Shop:1",
        changes: [["apps[0].image", "Registry.example.org/Shop:1"]],
        problems: [
            {
                path: "apps[0].image",
                found: '"Registry.example.org/Shop:1"',
                allowed:
                    "lower-case letters before the tag: an image with a tag or a digest, for example registry.example.org/shop:4f2a91c",
                fix: "pulumi config set --path 'apps[0].image' registry.example.org/shop:1",
            },
        ],
    },
    {
        what: "image https://registry.example.org/shop:1",
        changes: [["apps[0].image", "https://registry.example.org/shop:1"]],
        problems: [
            {
                path: "apps[0].image",
                found: '"https://registry.example.org/shop:1"',
                allowed:
                    "no scheme before it: an image with a tag or a digest, for example registry.example.org/shop:4f2a91c",
                fix: "pulumi config set --path 'apps[0].image' registry.example.org/shop:1",
            },
        ],
    },
    {
        what: "image registry.example.org/shop :1",
        changes: [["apps[0].image", "registry.example.org/shop :1"]],
        problems: [
            {
                path: "apps[0].image",
                found: '"registry.example.org/shop :1"',
                allowed:
                    "no space in it: an image with a tag or a digest, for example registry.example.org/shop:4f2a91c",
                fix: "pulumi config set --path 'apps[0].image' registry.example.org/shop:1",
            },
        ],
    },
    {
        what: "image registry.example.org/shop",
        changes: [["apps[0].image", "registry.example.org/shop"]],
        problems: [
            {
                path: "apps[0].image",
                found: '"registry.example.org/shop"',
                allowed:
                    "a tag behind it: an image with a tag or a digest, for example registry.example.org/shop:4f2a91c",
                fix: "name the tag that was pushed: pulumi config set --path 'apps[0].image' registry.example.org/shop:TAG",
            },
        ],
    },
    {
        what: "image robot:SUPERSECRET@registry.example.org/shop:1",
        changes: [["apps[0].image", "robot:SUPERSECRET@registry.example.org/shop:1"]],
        problems: [
            {
                path: "apps[0].image",
                found: '"***@registry.example.org/shop:1"',
                allowed:
                    "no login in it (that is registry.username and secrets.registryPassword): an image with a tag or a digest, for example registry.example.org/shop:4f2a91c",
                fix: "pulumi config set --path 'apps[0].image' registry.example.org/shop:1",
            },
        ],
    },
    {
        what: "host https://Shop.example.org:8443/p",
        changes: [["apps[0].hosts", ["https://Shop.example.org:8443/p"]]],
        problems: [
            {
                path: "apps[0].hosts[0]",
                found: '"https://Shop.example.org:8443/p"',
                allowed: "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
                fix: "pulumi config set --path 'apps[0].hosts[0]' shop.example.org",
            },
        ],
    },
    {
        what: "host *.example.org",
        changes: [["apps[0].hosts", ["*.example.org"]]],
        problems: [
            {
                path: "apps[0].hosts[0]",
                found: '"*.example.org"',
                allowed: "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
                fix: "pulumi config set --path 'apps[0].hosts[0]' example.org",
            },
        ],
    },
    {
        what: "host shop.example.org.",
        changes: [["apps[0].hosts", ["shop.example.org."]]],
        problems: [
            {
                path: "apps[0].hosts[0]",
                found: '"shop.example.org."',
                allowed: "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
                fix: "pulumi config set --path 'apps[0].hosts[0]' shop.example.org",
            },
        ],
    },
    {
        what: "host Shop.example.org",
        changes: [["apps[0].hosts", ["Shop.example.org"]]],
        problems: [
            {
                path: "apps[0].hosts[0]",
                found: '"Shop.example.org"',
                allowed: "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
                fix: "pulumi config set --path 'apps[0].hosts[0]' shop.example.org",
            },
        ],
    },
    {
        what: "host 192.0.2.1",
        changes: [["apps[0].hosts", ["192.0.2.1"]]],
        problems: [
            {
                path: "apps[0].hosts[0]",
                found: '"192.0.2.1"',
                allowed: "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
                fix: "pulumi config set --path 'apps[0].hosts[0]' HOST",
            },
        ],
    },
    {
        what: "yes for a boolean",
        changes: [["apps[0].egress.publicHttps", "yes"]],
        problems: [
            {
                path: "apps[0].egress.publicHttps",
                found: '"yes"',
                allowed: "true or false",
                fix: "pulumi config set --path 'apps[0].egress.publicHttps' true",
            },
        ],
    },
    {
        what: "on for a boolean",
        changes: [["apps[0].egress.publicHttps", "on"]],
        problems: [
            {
                path: "apps[0].egress.publicHttps",
                found: '"on"',
                allowed: "true or false",
                fix: "pulumi config set --path 'apps[0].egress.publicHttps' true",
            },
        ],
    },
    {
        what: "true for a boolean",
        changes: [["apps[0].egress.publicHttps", "true"]],
        problems: [
            {
                path: "apps[0].egress.publicHttps",
                found: '"true"',
                allowed: "true or false",
                fix: "write it without quotes: pulumi config set --path 'apps[0].egress.publicHttps' true",
            },
        ],
    },
    {
        what: "off for a boolean",
        changes: [["apps[0].egress.publicHttps", "off"]],
        problems: [
            {
                path: "apps[0].egress.publicHttps",
                found: '"off"',
                allowed: "true or false",
                fix: "pulumi config set --path 'apps[0].egress.publicHttps' false",
            },
        ],
    },
    {
        what: "a number in quotes",
        changes: [["apps[0].web.threads", "4"]],
        problems: [
            {
                path: "apps[0].web.threads",
                found: '"4"',
                allowed: "a whole number, 1 to 64",
                fix: "write it without quotes: pulumi config set --path 'apps[0].web.threads' 4",
            },
        ],
    },
    {
        what: "seconds with a unit",
        changes: [["apps[0].web.gracefulTimeout", "2m"]],
        problems: [
            {
                path: "apps[0].web.gracefulTimeout",
                found: '"2m"',
                allowed: "a whole number, 1 to 600 seconds",
                fix: "pulumi config set --path 'apps[0].web.gracefulTimeout' 120",
            },
        ],
    },
    {
        what: "an address without bits",
        changes: [["apps[0].egress.addresses", [{ cidr: "10.0.0.1", port: 1 }]]],
        problems: [
            {
                path: "apps[0].egress.addresses[0].cidr",
                found: '"10.0.0.1"',
                allowed: "an address range, for example 10.20.0.0/16",
                fix: "pulumi config set --path 'apps[0].egress.addresses[0].cidr' 10.0.0.1/32",
            },
        ],
    },
    {
        what: "a kind in capitals",
        changes: [["environment.kind", "Staging"]],
        problems: [
            {
                path: "environment.kind",
                found: '"Staging"',
                allowed: "local, staging, production, ephemeral",
                fix: "pulumi config set --path 'environment.kind' staging",
            },
        ],
    },
    {
        what: "a kind as others say",
        changes: [["environment.kind", "qa"]],
        problems: [
            {
                path: "environment.kind",
                found: '"qa"',
                allowed: "local, staging, production, ephemeral",
                fix: "pulumi config set --path 'environment.kind' staging",
            },
        ],
    },
    {
        what: "days in words",
        changes: [
            ["environment.kind", "ephemeral"],
            ["environment.timeToLive", "3 days"],
            ["exposure.variant", "none"],
        ],
        problems: [
            {
                path: "environment.timeToLive",
                found: '"3 days"',
                allowed: 'whole hours or days, for example "72h" or "7d"',
                fix: "pulumi config set --path 'environment.timeToLive' 72h",
            },
        ],
    },
    {
        what: "an idle time in seconds",
        changes: [
            ["environment.kind", "ephemeral"],
            ["environment.sleep", { after: "90s" }],
        ],
        problems: [
            {
                path: "environment.sleep.after",
                found: '"90s"',
                allowed: 'whole minutes or hours, for example "30m" or "2h"',
                fix: "pulumi config set --path 'environment.sleep.after' 1h",
            },
        ],
    },
    {
        what: "a path without a slash",
        changes: [["apps[0].web.probes.live", "healthz"]],
        problems: [
            {
                path: "apps[0].web.probes.live",
                found: '"healthz"',
                allowed: "a path that begins with a slash",
                fix: "pulumi config set --path 'apps[0].web.probes.live' /healthz",
            },
        ],
    },
    {
        what: "a prefix in small letters",
        changes: [["apps[0].environmentPrefix", "django"]],
        problems: [
            {
                path: "apps[0].environmentPrefix",
                found: '"django"',
                allowed: "capital letters, digits and underscores, ending in an underscore",
                fix: "pulumi config set --path 'apps[0].environmentPrefix' DJANGO_",
            },
        ],
    },
    {
        what: "a variant in place of a section",
        changes: [["cache", "none"]],
        problems: [
            {
                path: "cache",
                found: '"none"',
                allowed:
                    "settings with variant: in-cluster, memcached, digitalocean, elasticache, memorystore, external, none",
                fix: "pulumi config rm --path 'cache' && pulumi config set --path 'cache.variant' none",
            },
        ],
    },
    {
        what: "true for a group of defaults",
        changes: [["apps[0].beat", true]],
        problems: [
            {
                path: "apps[0].beat",
                found: "true",
                allowed: "settings: size, command",
                fix: "write {} behind it for the defaults, or remove it",
            },
        ],
    },
    {
        what: "variables as a list",
        changes: [["apps[0].environment", ["TOKEN=sk_live_x"]]],
        problems: [
            {
                path: "apps[0].environment",
                found: "a list with 1 entry",
                allowed: "names with values",
                fix: "write NAME: VALUE below it, or pulumi config rm --path 'apps[0].environment'",
            },
        ],
    },
    {
        what: "text that a shell would read",
        changes: [["apps[0].environment.A", false]],
        problems: [
            {
                path: "apps[0].environment.A",
                found: "false",
                allowed: "text",
                fix: "put it in quotes: pulumi config set --type string --path 'apps[0].environment.A' false",
            },
        ],
    },
    {
        what: "a missing storage",
        changes: [["broker.storage", undefined]],
        problems: [
            {
                path: "broker.storage",
                found: "nothing",
                allowed: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
                fix: "pulumi config set --path 'broker.storage' 2Gi",
            },
        ],
    },
    {
        what: "a missing platform",
        changes: [["platform", undefined]],
        problems: [
            {
                path: "platform",
                found: "nothing",
                allowed: "settings with variant: existing, stack, gcp, aws, digitalocean",
                fix: "pulumi config set --path 'platform.variant' existing && pulumi config set --path 'platform.context' CONTEXT",
            },
        ],
    },
    {
        what: "no apps",
        changes: [["apps", undefined]],
        problems: [
            {
                path: "apps",
                found: "nothing",
                allowed: "a list: each entry begins with a hyphen",
                fix: "pulumi config set --path 'apps[0].name' NAME && pulumi config set --path 'apps[0].image' IMAGE && pulumi config set --path 'apps[0].hosts[0]' HOST && pulumi config set --path 'apps[0].contract' django && pulumi config set --path 'apps[0].module' MODULE",
            },
        ],
    },
];

test.each(cases)("$what", ({ changes, problems }) => {
    expect(problemsAfter(...changes)).toEqual(problems);
});
