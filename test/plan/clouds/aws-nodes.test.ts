// The ways to have nodes on EKS, on the example of staging: each keeps every mandatory rule, in an update and in a first preview, and
// the plan shows and prices it. Does not prove that AWS makes a node of it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { planTable } from "../../../commands/plan/table.ts";
import { topologyOf } from "../../../commands/plan/topology.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import { broken, planOf, project, type Sections } from "../support/plans.ts";

interface Ways {
    readonly nodes: unknown;
    /** Types that are made for it, and types that are not. */
    readonly makes: readonly string[];
    readonly without: readonly string[];
    /** What `make plan` says of the nodes, and what has no price. */
    readonly shows: readonly string[];
    readonly unpriced: readonly string[];
}

const pool = "kubernetes:karpenter.sh/v1:NodePool";
const group = "aws:eks/nodeGroup:NodeGroup";

const ways: Readonly<Record<string, Ways>> = {
    "groups on spot capacity, with the cluster autoscaler": {
        nodes: {
            variant: "managed",
            groups: { spot: { instanceTypes: ["m7i.large", "m6i.large"], spot: true, min: 2, max: 6 } },
        },
        makes: [group, "aws:ec2/launchTemplate:LaunchTemplate"],
        without: [pool],
        shows: ["m7i.large", "spot"],
        unpriced: ["2 nodes m7i.large, spot"],
    },
    "the pools that Auto Mode brings": {
        nodes: { variant: "auto" },
        makes: [],
        without: [pool, group],
        shows: ["general-purpose", "system"],
        unpriced: ["nodes of Auto Mode, as pods ask for them"],
    },
    "pools of one's own beside them": {
        nodes: {
            variant: "auto",
            ownPools: {
                arm: { architecture: "arm64", spot: true, instanceTypes: ["m7g.large"], maxProcessors: 16 },
                batch: { taints: [{ key: "batch", effect: "NoSchedule" }] },
            },
        },
        makes: [pool],
        without: [group],
        shows: ["arm64", "m7g.large", "at most 16 processors", "at most 64 processors", "general-purpose"],
        unpriced: ["nodes of Auto Mode, as pods ask for them"],
    },
};

async function staging(nodes: unknown): Promise<Sections> {
    const text = await readFile(join(projectRoot, "examples/stacks/aws/Pulumi.staging.yaml"), "utf8");
    const { config } = parse(text) as { config: Record<string, unknown> };
    const sections: Sections = Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key.slice(project.length + 1), value]),
    );
    sections["platform"].cluster.nodes = nodes;
    return sections;
}

describe.each(Object.entries(ways))("%s", (_, { nodes, makes, without, shows, unpriced }) => {
    test("keeps every mandatory rule, in an update and in a first preview", async () => {
        const sections = await staging(nodes);
        for (const preview of [false, true]) {
            const plan = await planOf(sections, { stack: "staging", preview });
            expect(broken(plan)).toEqual([]);
            const types = new Set(plan.resources.map(({ type }) => type));
            expect(makes.filter((type) => !types.has(type))).toEqual([]);
            expect(without.filter((type) => types.has(type))).toEqual([]);
        }
    });

    test("is in the plan's table, and what has no price is named", async () => {
        const plan = await planOf(await staging(nodes), { stack: "staging" });
        // Lines are broken where they are full.
        const table = planTable(topologyOf(plan), { columns: 200 }).replaceAll(/\s+/g, " ");
        for (const words of shows) {
            expect(table).toContain(words);
        }
        expect(topologyOf(plan).cost?.unpriced).toEqual(unpriced);
    });
});
