// What is said of changes, one of each sort that a reviewer has to notice: the comments in reviewed/ were read by a person, and a change of
// one is read again in its diff. Not proved: that a cloud then does what is said; test/engine and docs/gate.md say how far that goes.
import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../../commands/plan/plan.ts";
import { markdownOf } from "../../../commands/verdict/markdown.ts";
import type { PlanDocument } from "../../../commands/verdict/plan-document.ts";
import type { Verdict } from "../../../commands/verdict/verdict.ts";
import { exampleOf, planOf, type Sections } from "../support/plans.ts";
import { spoil, without, withExtra, type Spoiled } from "../support/spoil.ts";
import { documentOf, verdictBetween } from "../support/verdicts.ts";

type Example = "gcp" | "aws" | "digitalocean" | "existing";

const sections = new Map<Example, Sections>();
const plans = new Map<Example, Plan>();
const bases = new Map<Example, PlanDocument>();

beforeAll(async () => {
    for (const example of ["gcp", "aws", "digitalocean", "existing"] as const) {
        const made = await exampleOf(example);
        const plan = await planOf(made, { stack: "production" });
        sections.set(example, made);
        plans.set(example, plan);
        bases.set(example, documentOf(plan));
    }
});

/** The head has other settings. */
const settings =
    (change: (sections: Sections) => void) =>
    async (example: Example): Promise<Plan> => {
        const changed = structuredClone(sections.get(example)!);
        change(changed);
        return planOf(changed, { stack: "production" });
    };

/** The head has another program, or what nobody would write down. */
const program =
    (change: (plan: Plan) => Plan) =>
    async (example: Example): Promise<Plan> =>
        Promise.resolve(change(plans.get(example)!));

const resource = (name: string, kind: string, change: (resource: Spoiled) => void) =>
    program((plan) => spoil(plan, { name, kind }, change));

interface Case {
    /** The file with the comment. */
    readonly name: string;
    readonly of: Example;
    readonly head: (example: Example) => Promise<Plan>;
    readonly level: Verdict["level"];
    /** What its first line has to say, whatever else. */
    readonly says: RegExp;
    readonly allow?: readonly string[];
}

const cases: readonly Case[] = [
    // What is lost.
    {
        name: "database-moved-into-the-cluster",
        of: "gcp",
        head: settings((s) => {
            s["database"] = {
                variant: "in-cluster",
                version: "17",
                size: "large",
                storage: "100Gi",
                maxConnections: 300,
            };
        }),
        level: "red",
        says: /Data would be lost.*`database-instance`/,
    },
    {
        name: "database-allowed-to-go",
        of: "gcp",
        head: program((plan) => without(plan, { name: "database-database", kind: "Database" })),
        level: "yellow",
        says: /Lost as allowed: `database-database`/,
        allow: ["database-database"],
    },
    {
        name: "database-of-another-name",
        of: "aws",
        head: resource("database-server", "Instance", (r) => {
            r.props["dbName"] = "other";
        }),
        level: "red",
        says: /Data would be lost: `database-server`/,
    },
    {
        name: "bucket-deleted",
        of: "digitalocean",
        head: program((plan) => without(plan, { name: "assets-media", kind: "SpacesBucket" })),
        level: "red",
        says: /Data would be lost: `assets-media`/,
    },
    {
        name: "volume-replaced",
        of: "existing",
        head: resource("database-server", "StatefulSet", (r) => {
            r.props["spec"].volumeClaimTemplates[0].spec.storageClassName = "fast";
        }),
        level: "red",
        says: /Data would be lost: `database-server`/,
    },
    {
        name: "namespace-renamed",
        of: "existing",
        head: resource("namespace", "Namespace", (r) => {
            r.props["metadata"].name = "another";
        }),
        level: "red",
        says: /Data would be lost.*`namespace`/,
    },
    {
        name: "cluster-replaced",
        of: "digitalocean",
        head: resource("cluster-cluster", "KubernetesCluster", (r) => {
            r.props["clusterSubnet"] = "10.200.0.0/16";
        }),
        level: "red",
        says: /Data would be lost.*`cluster-cluster`/,
    },
    {
        name: "zone-deleted",
        of: "aws",
        head: program((plan) => without(plan, { name: "zone-zone", kind: "Zone" })),
        level: "red",
        says: /Data would be lost.*`zone-zone`/,
    },
    {
        name: "key-deleted",
        of: "gcp",
        head: program((plan) => without(plan, { name: "keys-stack-secrets", kind: "CryptoKey" })),
        level: "red",
        says: /Data would stay outside the stack.*`keys-stack-secrets`/,
    },
    {
        name: "renamed-without-an-alias",
        of: "aws",
        head: resource("database-server", "Instance", (r) => {
            r.urn = `${r.urn}-of-orders`;
            r.name = "database-server-of-orders";
        }),
        level: "red",
        says: /Data would be lost: `database-server`/,
    },
    {
        name: "fewer-backups",
        of: "gcp",
        head: resource("database-instance", "DatabaseInstance", (r) => {
            r.props["settings"].backupConfiguration.backupRetentionSettings.retainedBackups = 3;
        }),
        level: "red",
        says: /Data would be less safe: `database-instance`/,
    },
    {
        name: "protection-off",
        of: "aws",
        head: resource("database-server", "Instance", (r) => {
            r.props["deletionProtection"] = false;
        }),
        level: "red",
        says: /Data would be less safe: `database-server`.*rule/,
    },
    // What stops.
    {
        name: "new-image",
        of: "existing",
        head: settings((s) => {
            s["apps"][0].image = "registry.example.org/shop:5b3c81d";
        }),
        level: "green",
        says: /Nothing is lost; the schedule waits up to 30 s and its start; nothing is opened\.$/,
    },
    {
        name: "larger-cloud-sql",
        of: "gcp",
        head: settings((s) => {
            s["database"].server.tier = "db-custom-8-30720";
        }),
        level: "yellow",
        says: /Nothing is lost; requests wait or fail for a time that nobody says.*a month costs USD 394 more/,
    },
    {
        name: "larger-rds",
        of: "aws",
        head: settings((s) => {
            s["database"].server.instanceClass = "db.m7g.xlarge";
        }),
        level: "yellow",
        says: /requests wait or fail up to 120 s/,
    },
    {
        name: "larger-database-in-the-cluster",
        of: "existing",
        head: settings((s) => {
            s["database"].size = "medium";
            s["database"].maxConnections = 200;
            s["apps"][0].web.replicas.max = 6;
        }),
        level: "yellow",
        says: /requests wait or fail up to/,
    },
    {
        name: "configuration-in-a-secret",
        of: "existing",
        head: settings((s) => {
            s["broker"].size = "large";
        }),
        level: "yellow",
        says: /requests wait or fail up to/,
    },
    {
        name: "web-without-a-rollout",
        of: "existing",
        head: resource("shop-web", "Deployment", (r) => {
            r.props["spec"].strategy = { type: "Recreate" };
            r.props["spec"].template.spec.containers[0].image = "registry.example.org/shop:5b3c81d";
        }),
        level: "red",
        says: /broken: `R7`.*requests wait or fail/,
    },
    {
        name: "gateway-replaced",
        of: "existing",
        head: resource("edge-gateway", "Gateway", (r) => {
            r.props["metadata"].name = "another";
        }),
        level: "yellow",
        says: /requests wait or fail for a time that nobody says/,
    },
    // What is opened.
    {
        name: "database-with-a-public-address",
        of: "gcp",
        head: resource("database-instance", "DatabaseInstance", (r) => {
            r.props["settings"].ipConfiguration.ipv4Enabled = true;
            r.props["settings"].ipConfiguration.authorizedNetworks = [{ name: "all", value: "0.0.0.0/0" }];
            r.props["settings"].ipConfiguration.sslMode = "ALLOW_UNENCRYPTED_AND_ENCRYPTED";
        }),
        level: "red",
        says: /things opened, \d of them to everyone/,
    },
    {
        name: "network-policy-opened",
        of: "existing",
        head: resource("shop-to-outside", "NetworkPolicy", (r) => {
            r.props["spec"].egress = [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }];
        }),
        level: "yellow",
        says: /1 thing opened\./,
    },
    {
        name: "nothing-refused",
        of: "existing",
        head: program((plan) => without(plan, { name: "namespace-deny-all", kind: "NetworkPolicy" })),
        level: "red",
        says: /broken: .*`R46`.*opened/,
    },
    {
        name: "bucket-opened",
        of: "aws",
        head: program((plan) => without(plan, { name: "assets-media-closed", kind: "BucketPublicAccessBlock" })),
        level: "red",
        says: /opened, to everyone/,
    },
    {
        name: "rights-given",
        of: "gcp",
        head: program((plan) =>
            withExtra(plan, "ci-deploy-owner", {
                type: "gcp:projects/iAMMember:IAMMember",
                name: "everybody",
                props: { project: "example-shop", role: "roles/editor", member: "allAuthenticatedUsers" },
            }),
        ),
        level: "yellow",
        says: /1 thing opened, to everyone/,
    },
    {
        name: "api-and-host-opened",
        of: "gcp",
        head: settings((s) => {
            s["platform"].cluster.apiAccess.cidrs.push("198.51.100.0/24");
            s["apps"][0].hosts.push("shop.example.com");
        }),
        level: "yellow",
        says: /things opened/,
    },
    // What it costs, and what does not fit.
    {
        name: "larger-nodes",
        of: "digitalocean",
        head: settings((s) => {
            s["platform"].cluster.pools.apps = { size: "s-8vcpu-16gb", min: 3, max: 6 };
        }),
        level: "yellow",
        says: /a month costs USD \d+ more/,
    },
    {
        name: "cheaper-cache",
        of: "gcp",
        head: settings((s) => {
            s["cache"].server.memory = 1;
            s["cache"].server.replicas = 0;
        }),
        level: "yellow",
        says: /a month costs USD \d+ less/,
    },
    {
        name: "too-many-connections",
        of: "aws",
        head: resource("shop-web-autoscaler", "HorizontalPodAutoscaler", (r) => {
            r.props["spec"].maxReplicas = 60;
        }),
        level: "red",
        says: /connections too many/,
    },
    {
        name: "moving-tag",
        of: "existing",
        head: resource("shop-web", "Deployment", (r) => {
            r.props["spec"].template.spec.containers[0].image = "registry.example.org/shop:latest";
        }),
        level: "red",
        says: /broken: .*`R41`/,
    },
];

describe("what is said of", () => {
    test.each(cases)("$name", async ({ name, of, head, level, says, allow = [] }) => {
        const verdict = await verdictBetween(bases.get(of)!, documentOf(await head(of)), { allow });
        const comment = markdownOf(verdict);
        await expect(comment).toMatchFileSnapshot(`reviewed/${name}.md`);
        expect(comment.split("\n")[0]).toMatch(says);
        expect(verdict.level).toBe(level);
    });

    test("nothing, where nothing changes", async () => {
        for (const [example, base] of bases) {
            const verdict = await verdictBetween(base, documentOf(plans.get(example)!));
            expect(verdict, example).toMatchObject({ level: "green", changes: [], downtime: [] });
            expect(verdict.security, example).toEqual({ opened: [], closed: [] });
        }
    });

    test("the same, whatever a run planned first", async () => {
        const { head } = cases.find(({ name }) => name === "namespace-renamed")!;
        const [base, next] = [bases.get("existing")!, documentOf(await head("existing"))];
        const turned = (document: typeof base): typeof base => ({
            ...document,
            plan: { ...document.plan, resources: document.plan.resources.toReversed() },
            violations: document.violations.toReversed(),
        });
        const comment = markdownOf(await verdictBetween(base, next));
        expect(markdownOf(await verdictBetween(turned(base), turned(next)))).toBe(comment);
    });

    test("a stack that is new", async () => {
        const head = bases.get("existing")!;
        const base = { plan: { ...head.plan, resources: [] }, violations: [], connections: [] };
        const comment = markdownOf(await verdictBetween(base, head));
        await expect(comment).toMatchFileSnapshot("reviewed/new-stack.md");
        expect(comment).toMatch(/^🟡 \*\*Yellow\.\*\* A new stack of \d+ resources/);
    });
});
