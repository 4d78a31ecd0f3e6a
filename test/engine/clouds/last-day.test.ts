// Production with all that it can have, and the other examples as they are, given up as the clouds' pages say: made, let go, destroyed, with
// nothing refused and nothing left but what is meant to stay. And the gate names whatever of it holds data.
// Does not prove: what a real cloud keeps for a while, nor objects in buckets, images and what controllers made.
import { execa } from "execa";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../../commands/support/paths.ts";
import { heldBy } from "../../../lib/catalogue/index.ts";
import { EngineStack, type Outcome, type StackConfig } from "./support/engine-stack.ts";

interface Cloud {
    /** What production's example leaves out. */
    readonly more: (config: StackConfig) => void;
    /** What of that and of the example a teardown has to know: each is made, and goes. */
    readonly types: readonly string[];
    /** As the cloud's pages say it. */
    readonly letGo: (config: StackConfig) => void;
    /** The first goes before the second, by what their URNs end in. */
    readonly order: ReadonlyArray<readonly [RegExp, RegExp]>;
    /** What leaves the stack and stays. */
    readonly stays: readonly string[];
}

const clouds: Readonly<Record<string, Cloud>> = {
    gcp: {
        more: (config) => {
            Object.assign(config["database"].server, {
                readReplica: true,
                backups: { location: "eu" },
                maintenance: { denied: { from: "11-20", to: "12-01" } },
            });
            Object.assign(config["platform"].ci, { preview: {}, stateBucket: "example-pulumi-state" });
            config["platform"].cluster.nodes.pools.batch = {
                machineType: "e2-standard-4",
                min: 0,
                max: 4,
                spot: true,
            };
            config["lends"] = { domain: "preview.shop.example.org" };
        },
        types: [
            "gcp:billing/budget:Budget",
            "gcp:compute/securityPolicy:SecurityPolicy",
            "gcp:container/nodePool:NodePool",
            "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
            "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
            "gcp:logging/projectBucketConfig:ProjectBucketConfig",
            "gcp:logging/projectExclusion:ProjectExclusion",
            "gcp:logging/projectSink:ProjectSink",
            "gcp:monitoring/alertPolicy:AlertPolicy",
            "gcp:monitoring/notificationChannel:NotificationChannel",
            "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
        ],
        letGo: ({ platform, database, cache }) => {
            platform.cluster.native = { deletionProtection: false };
            database.server.native = { deletionProtection: false, settings: { deletionProtectionEnabled: false } };
            cache.server.native = { deletionProtection: false };
        },
        order: [
            [/::edge-gateway$/, /::edge-armor$/],
            [/::edge-backend$/, /::edge-armor$/],
            [/::database-replica$/, /::database-instance$/],
            [/::edge-access-logs-sink$/, /::edge-access-logs-bucket$/],
            [/AlertPolicy::/, /NotificationChannel::/],
            [/NodePool::/, /container\/cluster:Cluster::/],
        ],
        // The settings and the state are still there, and are read with it.
        stays: ["keys-stack-secrets"],
    },
    aws: {
        more: (config) => {
            Object.assign(config["database"].server, {
                readReplica: true,
                backupCopy: { region: "eu-west-1", days: 7 },
            });
            Object.assign(config["platform"].ci, { preview: {}, stateBucket: "example-pulumi-state" });
            config["platform"].network.endpoints = ["ecr.api", "ecr.dkr"];
            config["platform"].dns.dnssec = true;
            config["lends"] = { domain: "preview.shop.example.org" };
        },
        types: [
            "aws:budgets/budget:Budget",
            "aws:cloudwatch/logGroup:LogGroup",
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            "aws:ec2/flowLog:FlowLog",
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            "aws:rds/eventSubscription:EventSubscription",
            "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
            "aws:route53/healthCheck:HealthCheck",
            "aws:route53/keySigningKey:KeySigningKey",
            "aws:sns/topic:Topic",
            "aws:sns/topicSubscription:TopicSubscription",
            "aws:wafv2/webAcl:WebAcl",
            "kubernetes:karpenter.sh/v1:NodePool",
        ],
        letGo: ({ platform, database }) => {
            platform.native = { cluster: { deletionProtection: false } };
            platform.gateway = { variant: "install", attributes: { "deletion_protection.enabled": "false" } };
            database.server.native = { deletionProtection: false };
        },
        order: [
            [/::edge-gateway$/, /::edge-firewall-acl$/],
            [/::edge-gateway$/, /::edge-access-logs-bucket$/],
            [/::database-replica$/, /::database-server$/],
            [/InstanceAutomatedBackupsReplication::/, /::database-server$/],
            [/TopicSubscription::/, /Topic::/],
            [/karpenter\.sh\/v1:NodePool::/, /eks\/cluster:Cluster::/],
            [/eks\/cluster:Cluster::/, /ec2\/vpc:Vpc::/],
            [/FlowLog::/, /ec2\/vpc:Vpc::/],
        ],
        // What encrypts copies and the stack's own settings, and what every Gateway of the cluster is defined by.
        stays: ["database-copy-key", "gateway-api-release", "secrets-key-key"],
    },
    digitalocean: {
        more: (config) => {
            config["database"].server.readReplica = true;
            config["platform"].cluster.pools.batch = { size: "s-4vcpu-8gb", min: 1, max: 3 };
            config["platform"].certificates.challenge = "dns-01";
            config["platform"].dns.parentZone = "example.org";
        },
        types: [
            "digitalocean:index/databaseReplica:DatabaseReplica",
            "digitalocean:index/kubernetesNodePool:KubernetesNodePool",
            "digitalocean:index/monitorAlert:MonitorAlert",
            "digitalocean:index/uptimeAlert:UptimeAlert",
            "digitalocean:index/uptimeCheck:UptimeCheck",
        ],
        letGo: () => undefined,
        order: [
            [/UptimeAlert::/, /UptimeCheck::/],
            [/KubernetesNodePool::/, /KubernetesCluster::/],
            [/KubernetesCluster::/, /Vpc::/],
        ],
        stays: [],
    },
};

interface Example {
    /** As its cloud's page says it. */
    readonly letGo?: Cloud["letGo"];
    /** What the file has encrypted with somebody's key. */
    readonly secrets?: readonly string[];
    readonly stays?: readonly string[];
}

const examples: Readonly<Record<string, Example>> = {
    "gke-autopilot": { letGo: clouds["gcp"]!.letGo, stays: clouds["gcp"]!.stays },
    "eks-adopted": {
        letGo: ({ platform }) => {
            platform.native = { cluster: { deletionProtection: false } };
            platform.gateway = {
                variant: "install",
                ...platform.gateway,
                attributes: { "deletion_protection.enabled": "false" },
            };
        },
        secrets: ["databasePassword", "apps.desk.databasePassword"],
        stays: ["gateway-api-release", "secrets-key-key"],
    },
    "doks-rabbitmq": {},
    mixed: {},
    existing: {},
    k3s: { secrets: ["databasePassword", "cachePassword", "brokerPassword"] },
};

/** A resource as the state has it. */
interface Kept {
    readonly urn: string;
    readonly type: string;
    readonly custom: boolean;
    readonly external?: boolean;
    readonly inputs?: Readonly<Record<string, unknown>>;
    readonly retainOnDelete?: boolean;
    readonly deletedWith?: string;
}

const nameOf = (urn: string): string => urn.split("::").at(-1)!;

/** What a provider has made of the stack, in its state. */
async function resourcesOf(stack: EngineStack): Promise<Kept[]> {
    const { output } = await stack.run(["stack", "export", "--stack", "production"]);
    const state = JSON.parse(output) as { readonly deployment: { readonly resources?: Kept[] } };
    return (state.deployment.resources ?? []).filter(
        ({ type, custom, external = false }) => custom && !external && !/^(pulumi|random):/.test(type),
    );
}

/** @returns what was there and was not asked to go */
function stayingOf(there: readonly Kept[], { journal }: Outcome): string[] {
    const gone = new Set(journal.filter(({ operation }) => operation === "delete").map(({ urn }) => urn));
    return (
        there
            .filter(({ urn, deletedWith = "" }) => !gone.has(urn) && deletedWith === "")
            // No object of its own: it says how large a claim is, and the claim goes with its stateful set.
            .filter(({ urn }) => !urn.includes("PersistentVolumeClaimPatch::"))
            .map(({ urn }) => nameOf(urn))
            .toSorted()
    );
}

async function unprotect(stack: EngineStack): Promise<void> {
    const { exitCode, output } = await stack.run(["state", "unprotect", "--all", "--yes", "--stack", "production"]);
    expect(exitCode, output).toBe(0);
}

describe.each(Object.entries(clouds))("production on %s, with all that it can have", (cloud, all) => {
    let stack: EngineStack;
    let made: Outcome;

    beforeAll(async () => {
        stack = await EngineStack.create({
            name: "production",
            file: `examples/stacks/${cloud}/Pulumi.production.yaml`,
        });
        await stack.edit(all.more);
        if (cloud === "digitalocean") {
            await stack.setSecret("secrets.digitaloceanDnsToken", "a-token-of-nobody");
        }
        made = await stack.up();
    }, 10 * 60_000);

    afterAll(async () => {
        await stack?.remove();
    });

    const resources = (): Promise<Kept[]> => resourcesOf(stack);

    test("is made, with each kind that a teardown has to know", () => {
        expect(made.exitCode, made.output).toBe(0);
        const types = new Set(made.changes.map(({ type }) => type));
        expect(all.types.filter((type) => !types.has(type))).toEqual([]);
    });

    test("is let go in place, and the gate names each that holds data before it goes", async () => {
        await unprotect(stack);
        await stack.edit(all.letGo);
        const { exitCode, output, changes } = await stack.up();
        expect(exitCode, output).toBe(0);
        expect(changes.filter(({ op }) => op !== "update").map(({ op, name }) => `${op} ${name}`)).toEqual([]);
        // The program protects what it updates.
        await unprotect(stack);

        const preview = await stack.runApart(["destroy", "--stack", "production", "--preview-only", "--json"], {
            PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
        });
        expect(preview.exitCode, preview.stderr).toBe(0);
        const held = (await resources())
            .filter(({ type, inputs }) => heldBy(type, inputs ?? {}) !== undefined)
            .map(({ urn }) => nameOf(urn));
        expect(held.length).toBeGreaterThan(5);
        const main = join(projectRoot, "commands", "gate", "main.ts");
        const gate = (...args: string[]) =>
            execa(process.execPath, [main, ...args], { input: preview.stdout, reject: false });
        const refused = await gate();
        expect(refused.exitCode, refused.stderr).toBe(1);
        expect(refused.stdout).toContain(`Refused: ${held.length} resources`);
        const allowed = await gate(...held.flatMap((name) => ["--allow", name]));
        expect(allowed.exitCode, `${allowed.stdout}${allowed.stderr}`).toBe(0);
    });

    test("is destroyed to its end: nothing is refused, each goes before what it needs", async () => {
        const there = await resources();
        const destroyed = await stack.destroy();
        const { exitCode, output, journal } = destroyed;
        expect(exitCode, output).toBe(0);
        expect(journal.filter(({ refused }) => refused !== undefined)).toEqual([]);
        const deleted = journal.filter(({ operation }) => operation === "delete").map(({ urn }) => urn);
        for (const [first, second] of all.order) {
            const last = deleted.findLastIndex((urn) => first.test(urn));
            expect(last, String(first)).toBeGreaterThanOrEqual(0);
            expect(last, `${String(first)} before ${String(second)}`).toBeLessThan(
                deleted.findIndex((urn) => second.test(urn)),
            );
        }
        expect(stayingOf(there, destroyed)).toEqual(all.stays);
        expect(await resources()).toEqual([]);
    });
});

describe.each(Object.entries(examples))("the example %s", (example, { letGo, secrets = [], stays = [] }) => {
    let stack: EngineStack;

    beforeAll(async () => {
        stack = await EngineStack.create({
            name: "production",
            file: `examples/stacks/${example}/Pulumi.production.yaml`,
            ...(secrets.length > 0 && { config: { secrets: undefined } }),
        });
        for (const path of secrets) {
            await stack.setSecret(`secrets.${path}`, "a-password-of-nobody");
        }
    }, 10 * 60_000);

    afterAll(async () => {
        await stack?.remove();
    });

    test("is previewed, comes up, and goes to its end", async () => {
        const preview = await stack.preview();
        expect(preview.exitCode, preview.output).toBe(0);
        expect(preview.journal).toEqual([]);
        await stack.edit(letGo ?? (() => undefined));
        const up = await stack.up();
        expect(up.exitCode, up.output).toBe(0);

        await unprotect(stack);
        const there = await resourcesOf(stack);
        const destroyed = await stack.destroy();
        expect(destroyed.exitCode, destroyed.output).toBe(0);
        expect(destroyed.journal.filter(({ refused }) => refused !== undefined)).toEqual([]);
        expect(stayingOf(there, destroyed)).toEqual(stays);
        expect(await resourcesOf(stack)).toEqual([]);
    });
});
