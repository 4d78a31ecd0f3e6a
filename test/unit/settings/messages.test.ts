// What a user reads when one setting is wrong by itself: path, found, allowed, fix, in full.
// Does not prove that the fix works in a shell; test/unit/settings/problems.test.ts proves that Pulumi reads the paths.
import { describe, expect, test } from "vitest";
import type { Problem } from "../../../settings/problems.ts";
import { problemsAfter, type Change } from "../../support/settings.ts";

interface Case extends Problem {
    readonly what: string;
    readonly changes: readonly Change[];
}

/** @param cases the smallest settings, changed, have this one problem and no other */
function table(title: string, cases: readonly Case[]): void {
    describe(title, () => {
        test.each(cases)("$what", ({ what: _, changes, ...problem }) => {
            expect(problemsAfter(...changes)).toEqual([problem]);
        });
    });
}

const webSettings =
    "server, size, replicas, port, probes, gracefulTimeout, tmp, targetCpu, processes, threads, timeoutSeconds, keepAlive, command";
const djangoSettings =
    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, " +
    "beat, shell, release";
const byteQuantity = 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"';
const image = "an image with a tag or a digest, for example registry.example.org/shop:4f2a91c";
const host = "a lower-case DNS name without scheme, port or wildcard, for example shop.example.org";
const sectionNames =
    "environment, clouds, platform, apps, database, cache, broker, assets, exposure, lends, alarms, operator, secrets, rotations, existingSecrets, secretObjects";

table("wrong type", [
    {
        what: "text for a number",
        changes: [["apps[0].web.port", "8000"]],
        path: "apps[0].web.port",
        found: '"8000"',
        allowed: "a whole number, 1 to 65535",
        fix: "write it without quotes: pulumi config set --path 'apps[0].web.port' 8000",
    },
    {
        what: "a broken number for a whole one",
        changes: [["apps[0].web.threads", 1.5]],
        path: "apps[0].web.threads",
        found: "1.5",
        allowed: "a whole number, 1 to 64",
        fix: "pulumi config set --path 'apps[0].web.threads' 2",
    },
    {
        what: "a number for text, as YAML reads it without quotes",
        changes: [["apps[0].environment.WORKERS", 4]],
        path: "apps[0].environment.WORKERS",
        found: "4",
        allowed: "text",
        fix: "put it in quotes: pulumi config set --type string --path 'apps[0].environment.WORKERS' 4",
    },
    {
        what: "true for text",
        changes: [["apps[0].environment.DEBUG", true]],
        path: "apps[0].environment.DEBUG",
        found: "true",
        allowed: "text",
        fix: "put it in quotes: pulumi config set --type string --path 'apps[0].environment.DEBUG' true",
    },
    {
        what: "a number for one of some words",
        changes: [["database.version", 17]],
        path: "database.version",
        found: "17",
        allowed: "15, 16, 17, 18",
        fix: "put it in quotes: pulumi config set --type string --path 'database.version' 17",
    },
    {
        what: "text for true or false",
        changes: [["apps[0].egress.publicHttps", "yes"]],
        path: "apps[0].egress.publicHttps",
        found: '"yes"',
        allowed: "true or false",
        fix: "pulumi config set --path 'apps[0].egress.publicHttps' true",
    },
    {
        what: "text for a list",
        changes: [["apps[0].hosts", "shop.example.org"]],
        path: "apps[0].hosts",
        found: '"shop.example.org"',
        allowed:
            "a list; each entry a lower-case DNS name without scheme, port or wildcard, for example shop.example.org",
        fix: "pulumi config rm --path 'apps[0].hosts' && pulumi config set --path 'apps[0].hosts[0]' shop.example.org",
    },
    {
        what: "a list for names with values",
        changes: [["apps[0].environment", ["A=1"]]],
        path: "apps[0].environment",
        found: "a list with 1 entry",
        allowed: "names with values",
        fix: "write NAME: VALUE below it, or pulumi config rm --path 'apps[0].environment'",
    },
    {
        what: "text for settings",
        changes: [["apps[0].web", "large"]],
        path: "apps[0].web",
        found: '"large"',
        allowed: `settings: ${webSettings}`,
        fix: "write settings below it, or {} for the defaults",
    },
    {
        what: "nothing behind a key, which YAML reads as null",
        changes: [["apps[0].beat", null]],
        path: "apps[0].beat",
        found: "null",
        allowed: "settings: size, command",
        fix: "write {} behind it for the defaults, or remove it",
    },
    {
        what: "nothing behind a key that needs settings",
        changes: [["apps[0].release.superuser", null]],
        path: "apps[0].release.superuser",
        found: "null",
        allowed: "settings: username, email",
        fix: "write at least username and email below it: pulumi config rm --path 'apps[0].release.superuser' && pulumi config set --path 'apps[0].release.superuser.username' USERNAME && pulumi config set --path 'apps[0].release.superuser.email' EMAIL",
    },
    {
        what: "a wrong entry of a list, by its index",
        changes: [["apps[0].hosts", ["shop.example.org", 42]]],
        path: "apps[0].hosts[1]",
        found: "42",
        allowed: host,
        fix: "put it in quotes: pulumi config set --type string --path 'apps[0].hosts[1]' 42",
    },
]);

table("missing", [
    {
        what: "a section with variants",
        changes: [["cache", undefined]],
        path: "cache",
        found: "nothing",
        allowed: "settings with variant: in-cluster, memcached, digitalocean, elasticache, memorystore, external, none",
        fix: "pulumi config set --path 'cache.variant' in-cluster",
    },
    {
        what: "a section with a variant for each cloud",
        changes: [["database", undefined]],
        path: "database",
        found: "nothing",
        allowed: "settings with variant: in-cluster, platform, digitalocean, rds, cloud-sql, external, none",
        fix: "pulumi config set --path 'database.variant' in-cluster && pulumi config set --type string --path 'database.version' 17 && pulumi config set --path 'database.storage' 10Gi",
    },
    {
        what: "a section without variants",
        changes: [["environment", undefined]],
        path: "environment",
        found: "nothing",
        allowed: "settings: kind, name, namespace, mainApp, timeToLive, keep, sleep, pullRequest",
        fix: "pulumi config set --path 'environment.kind' staging",
    },
    {
        what: "a setting",
        changes: [["apps[0].image", undefined]],
        path: "apps[0].image",
        found: "nothing",
        allowed: image,
        fix: "pulumi config set --path 'apps[0].image' IMAGE",
    },
    {
        what: "a variant",
        changes: [["exposure.variant", undefined]],
        path: "exposure.variant",
        found: "nothing",
        allowed: "gateway, platform, load-balancer, node-port, none",
        fix: "pulumi config set --path 'exposure.variant' gateway",
    },
]);

table("unknown", [
    {
        what: "a section, nearly one",
        changes: [["secrtes", {}]],
        path: "secrtes",
        found: "a section that does not exist",
        allowed: sectionNames,
        fix: "rename it to secrets",
    },
    {
        what: "a section, far from any",
        changes: [["kubernetes", {}]],
        path: "kubernetes",
        found: "a section that does not exist",
        allowed: sectionNames,
        fix: "move what is below it to platform, which is there beside it, then pulumi config rm --path 'kubernetes'",
    },
    {
        what: "a section named as something that every object has",
        changes: [["constructor", {}]],
        path: "constructor",
        found: "a section that does not exist",
        allowed: sectionNames,
        fix: "pulumi config rm --path 'constructor'",
    },
    {
        what: "a setting, nearly one",
        changes: [["apps[0].web.repliacs", { min: 2, max: 3 }]],
        path: "apps[0].web.repliacs",
        found: "a setting that does not exist here",
        allowed: webSettings,
        fix: "rename it to replicas",
    },
    {
        what: "a setting, far from any",
        changes: [["apps[0].flavour", "mild"]],
        path: "apps[0].flavour",
        found: "a setting that does not exist here",
        allowed: djangoSettings,
        fix: "pulumi config rm --path 'apps[0].flavour'",
    },
    {
        what: "a setting inside a record",
        changes: [["apps[0].workers.mail", { queues: ["mail"], concurency: 2 }]],
        path: "apps[0].workers.mail.concurency",
        found: "a setting that does not exist here",
        allowed: "kind, size, tmp, replicas, taskTimeLimit, queues, concurrency, command",
        fix: "rename it to concurrency",
    },
    {
        what: "a setting inside a list",
        changes: [["apps[0].egress.addresses", [{ cidr: "10.0.0.0/8", port: 443, protocol: "TCP" }]]],
        path: "apps[0].egress.addresses[0].protocol",
        found: "a setting that does not exist here",
        allowed: "cidr, port",
        fix: "pulumi config rm --path 'apps[0].egress.addresses[0].protocol'",
    },
]);

table("variants", [
    {
        what: "an unknown one, nearly another",
        changes: [["cache.variant", "in_cluster"]],
        path: "cache.variant",
        found: '"in_cluster"',
        allowed: "in-cluster, memcached, digitalocean, elasticache, memorystore, external, none",
        fix: "pulumi config set --path 'cache.variant' in-cluster",
    },
    {
        what: "an unknown one, far from any",
        changes: [["broker.variant", "kafka"]],
        path: "broker.variant",
        found: '"kafka"',
        allowed: "redis, rabbitmq, external, none",
        fix: "pulumi config set --path 'broker.variant' redis",
    },
    {
        what: "an unknown one below a section",
        changes: [["assets.files", { from: "s3" }]],
        path: "assets.files.from",
        found: '"s3"',
        allowed: "image, volume",
        fix: "pulumi config set --path 'assets.files.from' image",
    },
    {
        what: "a setting of another one",
        changes: [["cache", { variant: "none", replicas: 2 }]],
        path: "cache.replicas",
        found: "a setting that does not exist here",
        allowed: "variant",
        fix: "pulumi config rm --path 'cache.replicas', or choose the variant that has it: cache.variant in-cluster",
    },
    {
        what: "a setting of another one, below a section",
        changes: [["assets.files", { from: "image", storage: "1Gi" }]],
        path: "assets.files.storage",
        found: "a setting that does not exist here",
        allowed: "from",
        fix: "pulumi config rm --path 'assets.files.storage', or choose the variant that has it: assets.files.from volume",
    },
    {
        what: "a setting of another contract",
        changes: [["apps[0].async", {}]],
        path: "apps[0].async",
        found: "a setting that does not exist here",
        allowed: djangoSettings,
        fix: "pulumi config rm --path 'apps[0].async', or choose the variant that has it: apps[0].contract init-run-async",
    },
    {
        what: "a setting of another contract, far below the place where one chooses",
        changes: [
            ["apps[0].contract", "init-run-async"],
            ["apps[0].module", undefined],
            ["apps[0].web.threads", 4],
        ],
        path: "apps[0].web.threads",
        found: "a setting that does not exist here",
        allowed: "size, replicas, port, probes, gracefulTimeout, tmp, targetCpu",
        fix: "pulumi config rm --path 'apps[0].web.threads', or choose the variant that has it: apps[0].contract django",
    },
]);

table("values", [
    {
        what: "storage in decimal units",
        changes: [["database.storage", "10GB"]],
        path: "database.storage",
        found: '"10GB"',
        allowed: byteQuantity,
        fix: "pulumi config set --path 'database.storage' 10Gi",
    },
    {
        what: "storage without a unit",
        changes: [["broker.storage", 10]],
        path: "broker.storage",
        found: "10",
        allowed: byteQuantity,
        fix: "pulumi config set --path 'broker.storage' 10Gi",
    },
    {
        what: "memory of a size",
        changes: [["operator.sizes.huge", { cpu: 4, memory: "8G" }]],
        path: "operator.sizes.huge.memory",
        found: '"8G"',
        allowed: byteQuantity,
        fix: "pulumi config set --path 'operator.sizes.huge.memory' 8Gi",
    },
    {
        what: "processors of a size",
        changes: [["operator.sizes.huge", { cpu: "four", memory: "8Gi" }]],
        path: "operator.sizes.huge.cpu",
        found: '"four"',
        allowed: 'processors or thousandths of one, for example "2" or "250m"',
        fix: "pulumi config set --type string --path 'operator.sizes.huge.cpu' 2",
    },
    {
        what: "a host with a scheme",
        changes: [["apps[0].hosts", ["https://shop.example.org"]]],
        path: "apps[0].hosts[0]",
        found: '"https://shop.example.org"',
        allowed: host,
        fix: "pulumi config set --path 'apps[0].hosts[0]' shop.example.org",
    },
    {
        what: "no host",
        changes: [["apps[0].hosts", []]],
        path: "apps[0].hosts",
        found: "[]",
        allowed: "1 to 16 entries",
        fix: "pulumi config set --path 'apps[0].hosts[0]' HOST",
    },
    {
        what: "more hosts than a route takes",
        changes: [["apps[0].hosts", Array<string>(17).fill("a.de")]],
        path: "apps[0].hosts",
        found: "a list with 17 entries",
        allowed: "1 to 16 entries",
        fix: "take entries out of it until 16 are left, for example the last: pulumi config rm --path 'apps[0].hosts[16]'",
    },
    {
        what: "an image without a tag",
        changes: [["apps[0].image", "registry.example.org:5000/shop"]],
        path: "apps[0].image",
        found: '"registry.example.org:5000/shop"',
        allowed: "a tag behind it: an image with a tag or a digest, for example registry.example.org/shop:4f2a91c",
        fix: "name the tag that was pushed: pulumi config set --path 'apps[0].image' registry.example.org:5000/shop:TAG",
    },
    {
        what: "fewer replicas at most than at least",
        changes: [["apps[0].web.replicas", { min: 4, max: 2 }]],
        path: "apps[0].web.replicas.min",
        found: "4",
        allowed: "at most 2, which is max",
        fix: "pulumi config set --path 'apps[0].web.replicas.min' 2",
    },
    {
        what: "one path for both probes (R4)",
        changes: [["apps[0].web.probes", { live: "/ok", ready: "/ok" }]],
        path: "apps[0].web.probes.live",
        found: '"/ok"',
        allowed: "another path than that of ready (R4)",
        fix: "pulumi config set --path 'apps[0].web.probes.live' LIVE",
    },
    {
        what: "sources of requests, without one",
        changes: [["platform.gateway.from", {}]],
        path: "platform.gateway.from",
        found: "{}",
        allowed: "at least one namespace or address range",
        fix: "change what stands below it: at least one namespace or address range",
    },
    {
        what: "a number that is too small",
        changes: [["database.maxConnections", 5]],
        path: "database.maxConnections",
        found: "5",
        allowed: "20 to 5000",
        fix: "pulumi config set --path 'database.maxConnections' 20",
    },
    {
        what: "a number that is too large",
        changes: [["apps[0].web.port", 70000]],
        path: "apps[0].web.port",
        found: "70000",
        allowed: "1 to 65535",
        fix: "pulumi config set --path 'apps[0].web.port' 65535",
    },
    {
        what: "a name that is too long and has letters that a name cannot have",
        changes: [["apps[0].name", "Shop_Of_Everything_Under_The_Sun"]],
        path: "apps[0].name",
        found: '"Shop_Of_Everything_Under_The_Sun"',
        allowed: "at most 20 lower-case letters, digits and hyphens, beginning with a letter",
        fix: "pulumi config set --path 'apps[0].name' shop-of-everything-u",
    },
    {
        what: "text that ends otherwise",
        changes: [["assets.url", "/static"]],
        path: "assets.url",
        found: '"/static"',
        allowed: "a path that begins and ends with a slash",
        fix: "pulumi config set --path 'assets.url' /static/",
    },
    {
        what: "a variable's name",
        changes: [["apps[0].environment.NEW-RELIC", "on"]],
        path: "apps[0].environment.NEW-RELIC",
        found: 'the name "NEW-RELIC"',
        allowed: "letters, digits and underscores, not beginning with a digit",
        fix: "rename it to NEW_RELIC",
    },
    {
        what: "a file's path",
        changes: [["apps[0].files", { "etc/new relic.ini": "" }]],
        path: 'apps[0].files["etc/new relic.ini"]',
        found: 'the name "etc/new relic.ini"',
        allowed: "an absolute path of letters, digits, dots, hyphens and underscores, for example /etc/newrelic.ini",
        fix: "rename it",
    },
    {
        what: "an e-mail address",
        changes: [["apps[0].release.superuser", { username: "admin", email: "admin" }]],
        path: "apps[0].release.superuser.email",
        found: '"admin"',
        allowed: "an e-mail address",
        fix: "pulumi config set --path 'apps[0].release.superuser.email' EMAIL",
    },
    {
        what: "the kind of environment, nearly one",
        changes: [
            ["environment.kind", "prodution"],
            ["platform.issuer", { name: "letsencrypt" }],
            ["platform.enforcesNetworkPolicy", true],
        ],
        path: "environment.kind",
        found: '"prodution"',
        allowed: "local, staging, production, ephemeral",
        fix: "pulumi config set --path 'environment.kind' production",
    },
]);

test("a long value is shown by its beginning and its length", () => {
    const [problem] = problemsAfter(["apps[0].module", `a-${"b".repeat(300)}`]);
    expect(problem!.found).toBe(`"a-${"b".repeat(117)}... (304 characters)`);
});

test("everything wrong is told at once, in the order of the sections, with what contradicts in the sections that are right", () => {
    const problems = problemsAfter(
        ["platform.gateway", undefined],
        ["apps[0].web.port", "8000"],
        ["apps[0].web.repliacs", {}],
        ["database.storage", "10GB"],
        ["cahce", {}],
        ["secrets.secretKey", ""],
    );
    expect(problems.map(({ path }) => path)).toEqual([
        "cahce",
        "apps[0].web.port",
        "apps[0].web.repliacs",
        "apps[0].web.repliacs.min",
        "apps[0].web.repliacs.max",
        "database.storage",
        "secrets.secretKey",
        "platform.gateway",
    ]);
});

test("the smallest settings have no problem", () => {
    expect(problemsAfter()).toEqual([]);
});
