// Settings and sections that there are not: which one was meant, at which level, in which variant.
// Does not prove that it is what the user meant.
import { expect, test } from "vitest";
import type { Problem } from "../../../../settings/problems.ts";
import { problemsAfter, problemsOf, smallestSettings, type Change } from "../../../support/settings.ts";

interface Case {
    readonly what: string;
    readonly changes: readonly Change[];
    readonly problems: readonly Problem[];
}

const cases: readonly Case[] = [
    {
        what: "env for environment",
        changes: [["apps[0].env", { A: "1" }]],
        problems: [
            {
                path: "apps[0].env",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "rename it to environment",
            },
        ],
    },
    {
        what: "domain beside hosts",
        changes: [["apps[0].domain", "shop.example.org"]],
        problems: [
            {
                path: "apps[0].domain",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "pulumi config rm --path 'apps[0].domain': hosts is there beside it, and is what counts",
            },
        ],
    },
    {
        what: "domain for hosts",
        changes: [
            ["apps[0].hosts", undefined],
            ["apps[0].domain", "shop.example.org"],
        ],
        problems: [
            {
                path: "apps[0].domain",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "rename it to hosts: pulumi config set --path 'apps[0].hosts[0]' shop.example.org && pulumi config rm --path 'apps[0].domain'",
            },
        ],
    },
    {
        what: "hostname, a URL",
        changes: [
            ["apps[0].hosts", undefined],
            ["apps[0].hostname", "https://Shop.example.org/"],
        ],
        problems: [
            {
                path: "apps[0].hostname",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "rename it to hosts: pulumi config set --path 'apps[0].hosts[0]' shop.example.org && pulumi config rm --path 'apps[0].hostname'",
            },
        ],
    },
    {
        what: "resources of an app",
        changes: [["apps[0].resources", { cpu: 1 }]],
        problems: [
            {
                path: "apps[0].resources",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "did you mean apps[0].web.size? pulumi config set --path 'apps[0].web.size' medium && pulumi config rm --path 'apps[0].resources'",
            },
        ],
    },
    {
        what: "cpu of a web",
        changes: [["apps[0].web.cpu", "500m"]],
        problems: [
            {
                path: "apps[0].web.cpu",
                found: "a setting that does not exist here",
                allowed:
                    "server, size, replicas, port, probes, gracefulTimeout, tmp, targetCpu, processes, threads, timeoutSeconds, keepAlive, command",
                fix: "rename it to size: the name of a size in operator.sizes, for example medium",
            },
        ],
    },
    {
        what: "memory of a database",
        changes: [["database.memory", "1Gi"]],
        problems: [
            {
                path: "database.memory",
                found: "a setting that does not exist here",
                allowed:
                    "variant, version, image, size, storage, maxConnections, backups, restore, upgradeFrom, changedCollations, pooler",
                fix: "rename it to size: the name of a size in operator.sizes, for example medium",
            },
        ],
    },
    {
        what: "cron",
        changes: [["apps[0].cron", "0 * * * *"]],
        problems: [
            {
                path: "apps[0].cron",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "rename it to scheduled, which has names with values below it",
            },
        ],
    },
    {
        what: "schedule",
        changes: [["apps[0].schedule", {}]],
        problems: [
            {
                path: "apps[0].schedule",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "rename it to scheduled",
            },
        ],
    },
    {
        what: "celerybeat",
        changes: [["apps[0].celerybeat", {}]],
        problems: [
            {
                path: "apps[0].celerybeat",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "rename it to beat",
            },
        ],
    },
    {
        what: "minimum and maximum",
        changes: [["apps[0].web.replicas", { minimum: 2, maximum: 4 }]],
        problems: [
            {
                path: "apps[0].web.replicas.minimum",
                found: "a setting that does not exist here",
                allowed: "min, max",
                fix: "rename it to min",
            },
            {
                path: "apps[0].web.replicas.maximum",
                found: "a setting that does not exist here",
                allowed: "min, max",
                fix: "rename it to max",
            },
        ],
    },
    {
        what: "minReplicas two levels above",
        changes: [["apps[0].minReplicas", 2]],
        problems: [
            {
                path: "apps[0].minReplicas",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "did you mean apps[0].web.replicas.min? pulumi config set --path 'apps[0].web.replicas.min' 2 && pulumi config rm --path 'apps[0].minReplicas'",
            },
        ],
    },
    {
        what: "replicas of an app, a number",
        changes: [["apps[0].replicas", 3]],
        problems: [
            {
                path: "apps[0].replicas",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "did you mean apps[0].web.replicas? pulumi config set --path 'apps[0].web.replicas.min' 3 && pulumi config set --path 'apps[0].web.replicas.max' 3 && pulumi config rm --path 'apps[0].replicas'",
            },
        ],
    },
    {
        what: "workers of a web",
        changes: [["apps[0].web.workers", 4]],
        problems: [
            {
                path: "apps[0].web.workers",
                found: "a setting that does not exist here",
                allowed:
                    "server, size, replicas, port, probes, gracefulTimeout, tmp, targetCpu, processes, threads, timeoutSeconds, keepAlive, command",
                fix: "rename it to processes",
            },
        ],
    },
    {
        what: "port of an app",
        changes: [["apps[0].port", 9000]],
        problems: [
            {
                path: "apps[0].port",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "did you mean apps[0].web.port? pulumi config set --path 'apps[0].web.port' 9000 && pulumi config rm --path 'apps[0].port'",
            },
        ],
    },
    {
        what: "tls of an app",
        changes: [["apps[0].tls", true]],
        problems: [
            {
                path: "apps[0].tls",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "did you mean platform.issuer? pulumi config set --path 'platform.issuer.name' NAME && pulumi config rm --path 'apps[0].tls'",
            },
        ],
    },
    {
        what: "ssl of the way in",
        changes: [["exposure.ssl", true]],
        problems: [
            {
                path: "exposure.ssl",
                found: "a setting that does not exist here",
                allowed:
                    "variant, allowPlainHttp, certificate, requestTimeout, sourceRanges, firewall, accessLogs, maxBodySize",
                fix: "did you mean platform.issuer? pulumi config set --path 'platform.issuer.name' NAME && pulumi config rm --path 'exposure.ssl'",
            },
        ],
    },
    {
        what: "a server of one's own that speaks S3: all of it leads to the same variant",
        changes: [
            [
                "assets",
                {
                    variant: "s3",
                    host: "static.shop.example.org",
                    endpoint: "https://s3.example.org",
                    zoneId: "Z0123456789ABCDEFGHIJ",
                    static: {},
                    region: "eu",
                },
            ],
        ],
        problems: ["endpoint", "static", "region"].map((name) => ({
            path: `assets.${name}`,
            found: "a setting that does not exist here",
            allowed: "variant, host, certificate, zoneId, priceClass, media, podIdentityCluster, native",
            fix: `pulumi config rm --path 'assets.${name}', or choose the variant that has it: assets.variant s3-compatible`,
        })),
    },
    {
        what: "a tier of another variant",
        changes: [["database.tier", "db-f1-micro"]],
        problems: [
            {
                path: "database.tier",
                found: "a setting that does not exist here",
                allowed:
                    "variant, version, image, size, storage, maxConnections, backups, restore, upgradeFrom, changedCollations, pooler",
                fix: "pulumi config rm --path 'database.tier', or write database.server.tier and choose the variant that has it: database.variant cloud-sql, database.server.variant create",
            },
        ],
    },
    {
        what: "diskSize",
        changes: [
            ["database.storage", undefined],
            ["database.diskSize", "10Gi"],
        ],
        problems: [
            {
                path: "database.diskSize",
                found: "a setting that does not exist here",
                allowed:
                    "variant, version, image, size, storage, maxConnections, backups, restore, upgradeFrom, changedCollations, pooler",
                fix: "rename it to storage",
            },
        ],
    },
    {
        what: "engineVersion",
        changes: [
            ["database.version", undefined],
            ["database.engineVersion", "17"],
        ],
        problems: [
            {
                path: "database.engineVersion",
                found: "a setting that does not exist here",
                allowed:
                    "variant, version, image, size, storage, maxConnections, backups, restore, upgradeFrom, changedCollations, pooler",
                fix: "rename it to version",
            },
        ],
    },
    {
        what: "a bucket of assets in the image",
        changes: [["assets.bucket", "files"]],
        problems: [
            {
                path: "assets.bucket",
                found: "a setting that does not exist here",
                allowed: "variant, url, files, media",
                fix: "pulumi config rm --path 'assets.bucket', or write assets.media.bucket and choose the variant that has it: assets.media.from bucket",
            },
        ],
    },
    {
        what: "storage of a cache",
        changes: [["cache.storage", "1Gi"]],
        problems: [
            {
                path: "cache.storage",
                found: "a setting that does not exist here",
                allowed: "variant, engine, image, size, replicas",
                fix: "pulumi config rm --path 'cache.storage'",
            },
        ],
    },
    {
        what: "__proto__ as a setting, as JSON has it",
        changes: [["environment", JSON.parse('{"kind":"staging","__proto__":{"a":1}}')]],
        problems: [
            {
                path: "environment.__proto__",
                found: 'the name "__proto__"',
                allowed: "any other name: JavaScript keeps this one for itself",
                fix: "rename it, or pulumi config rm --path 'environment.__proto__'",
            },
        ],
    },
    {
        what: "toString",
        changes: [["environment.toString", "y"]],
        problems: [
            {
                path: "environment.toString",
                found: "a setting that does not exist here",
                allowed: "kind, name, namespace, mainApp, timeToLive, keep, sleep, pullRequest",
                fix: "pulumi config rm --path 'environment.toString'",
            },
        ],
    },
    {
        what: "constructor",
        changes: [["environment.constructor", {}]],
        problems: [
            {
                path: "environment.constructor",
                found: "a setting that does not exist here",
                allowed: "kind, name, namespace, mainApp, timeToLive, keep, sleep, pullRequest",
                fix: "pulumi config rm --path 'environment.constructor'",
            },
        ],
    },
    {
        what: "__proto__ as a variable's name",
        changes: [["apps[0].environment", JSON.parse('{"__proto__":"x"}')]],
        problems: [
            {
                path: "apps[0].environment.__proto__",
                found: 'the name "__proto__"',
                allowed: "any other name: JavaScript keeps this one for itself",
                fix: "rename it, or pulumi config rm --path 'apps[0].environment.__proto__'",
            },
        ],
    },
    {
        what: "__proto__ as a worker",
        changes: [["apps[0].workers", JSON.parse('{"__proto__":{"queues":["a"]}}')]],
        problems: [
            {
                path: "apps[0].workers.__proto__",
                found: 'the name "__proto__"',
                allowed: "any other name: JavaScript keeps this one for itself",
                fix: "rename it, or pulumi config rm --path 'apps[0].workers.__proto__'",
            },
        ],
    },
    {
        what: "a variable outside of the variables",
        changes: [["apps[0].STRIPE_KEY", "sk_live_x"]],
        problems: [
            {
                path: "apps[0].STRIPE_KEY",
                found: "a setting that does not exist here",
                allowed:
                    "name, image, registry, environmentPrefix, hosts, environment, files, volumes, runAs, scheduled, stores, egress, contract, module, web, workers, beat, shell, release",
                fix: "did you mean apps[0].environment.STRIPE_KEY? write it there, then pulumi config rm --path 'apps[0].STRIPE_KEY'; a secret: pulumi config set --secret --path 'secrets.environment.STRIPE_KEY'",
            },
        ],
    },
    {
        what: "a secret variable outside of the variables",
        changes: [["secrets.STRIPE_KEY", "x"]],
        problems: [
            {
                path: "secrets.STRIPE_KEY",
                found: "a setting that does not exist here",
                allowed:
                    "environment, files, registryPassword, superuserPassword, secretKey, secretKeyFallback, databasePassword, databaseAdministratorPassword, databaseBackupsAccessKeyId, databaseBackupsSecretAccessKey, databaseBackupsPassphrase, cachePassword, brokerPassword, assetsAccessKeyId, assetsSecretAccessKey, assetsStaticAccessKeyId, assetsStaticSecretAccessKey, digitaloceanDnsToken, certificate, apps",
                fix: "did you mean secrets.environment.STRIPE_KEY? pulumi config set --secret --path 'secrets.environment.STRIPE_KEY', then pulumi config rm --path 'secrets.STRIPE_KEY'",
            },
        ],
    },
    {
        what: "the section db",
        changes: [
            ["database", undefined],
            ["db", { variant: "in-cluster", version: "17", storage: "10Gi" }],
        ],
        problems: [
            {
                path: "db",
                found: "a section that does not exist",
                allowed:
                    "environment, clouds, platform, apps, database, cache, broker, assets, exposure, lends, alarms, operator, secrets, rotations, existingSecrets, secretObjects",
                fix: "rename it to database",
            },
        ],
    },
    {
        what: "the section redis beside a cache and a broker",
        changes: [["redis", { variant: "in-cluster" }]],
        problems: [
            {
                path: "redis",
                found: "a section that does not exist",
                allowed:
                    "environment, clouds, platform, apps, database, cache, broker, assets, exposure, lends, alarms, operator, secrets, rotations, existingSecrets, secretObjects",
                fix: "rename it to cache or broker",
            },
        ],
    },
    {
        what: "the section static",
        changes: [
            ["assets", undefined],
            ["static", { variant: "whitenoise" }],
        ],
        problems: [
            {
                path: "static",
                found: "a section that does not exist",
                allowed:
                    "environment, clouds, platform, apps, database, cache, broker, assets, exposure, lends, alarms, operator, secrets, rotations, existingSecrets, secretObjects",
                fix: "rename it to assets",
            },
        ],
    },
    {
        what: "the section ingress",
        changes: [
            ["exposure", undefined],
            ["ingress", { variant: "gateway" }],
        ],
        problems: [
            {
                path: "ingress",
                found: "a section that does not exist",
                allowed:
                    "environment, clouds, platform, apps, database, cache, broker, assets, exposure, lends, alarms, operator, secrets, rotations, existingSecrets, secretObjects",
                fix: "rename it to exposure",
            },
        ],
    },
    {
        what: "the section app beside apps",
        changes: [["app", {}]],
        problems: [
            {
                path: "app",
                found: "a section that does not exist",
                allowed:
                    "environment, clouds, platform, apps, database, cache, broker, assets, exposure, lends, alarms, operator, secrets, rotations, existingSecrets, secretObjects",
                fix: "move what is below it to apps, which is there beside it, then pulumi config rm --path 'app'",
            },
        ],
    },
    {
        what: "hosts outside of an app",
        changes: [["hosts", ["shop.example.org"]]],
        problems: [
            {
                path: "hosts",
                found: "a section that does not exist",
                allowed:
                    "environment, clouds, platform, apps, database, cache, broker, assets, exposure, lends, alarms, operator, secrets, rotations, existingSecrets, secretObjects",
                fix: "did you mean apps[0].hosts? set that, then pulumi config rm --path 'hosts'",
            },
        ],
    },
    {
        what: "a misspelt section with something wrong in it",
        changes: [
            ["database", undefined],
            ["databse", { variant: "in-cluster", version: 17, storage: "10GB" }],
        ],
        problems: [
            {
                path: "databse",
                found: "a section that does not exist",
                allowed:
                    "environment, clouds, platform, apps, database, cache, broker, assets, exposure, lends, alarms, operator, secrets, rotations, existingSecrets, secretObjects",
                fix: "rename it to database",
            },
            {
                path: "databse.version",
                found: "17",
                allowed: "15, 16, 17, 18",
                fix: "put it in quotes: pulumi config set --type string --path 'databse.version' 17",
            },
            {
                path: "databse.storage",
                found: '"10GB"',
                allowed: 'a whole number with Ki, Mi, Gi or Ti, for example "512Mi"',
                fix: "pulumi config set --path 'databse.storage' 10Gi",
            },
        ],
    },
];

test.each(cases)("$what", ({ changes, problems }) => {
    expect(problemsAfter(...changes)).toEqual(problems);
});

test("a section whose name reads as a path: the fix leaves the setting of that path alone", () => {
    const problems = problemsOf({ ...smallestSettings(), "database.storage": "5Gi" });
    expect(problems).toMatchObject([{ found: 'a section that does not exist, "5Gi"' }]);
    expect(problems[0]!.fix).toContain("take out the line that begins with database.storage");
    expect(problems[0]!.fix).not.toContain("config rm");
});
