// The price list: each billed type is read, each figure has its source, the examples' sums, and README's table of them.
// Does not prove: that a figure is still what the cloud asks.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cloudCosts, type MonthlyCost } from "../../commands/plan/cost.ts";
import { recordStack } from "../../commands/plan/record-stack.ts";
import { readStackFile } from "../../commands/plan/stack-file.ts";
import { costLines } from "../../commands/plan/table/summary.ts";
import { topologyOf } from "../../commands/plan/topology.ts";
import { projectRoot } from "../../commands/support/paths.ts";
import { clouds, madeIn, resourceType } from "../../lib/catalogue/index.ts";
import { monthlyPrice, priceLists, pricesOf } from "../../lib/prices/index.ts";

/** By the name in README's table. */
const examples: Readonly<Record<string, readonly [directory: string, stack: string]>> = {
    "Google Cloud, staging": ["gcp", "staging"],
    "Google Cloud, production": ["gcp", "production"],
    "Google Cloud on Autopilot, with cron": ["gke-autopilot", "production"],
    "AWS, staging": ["aws", "staging"],
    "AWS, production": ["aws", "production"],
    "AWS in a network that is there": ["eks-adopted", "production"],
    "DigitalOcean, staging": ["digitalocean", "staging"],
    "DigitalOcean, production": ["digitalocean", "production"],
    "DigitalOcean with RabbitMQ": ["doks-rabbitmq", "production"],
    "DigitalOcean with S3, production": ["mixed", "production"],
};

async function costOfExample(directory: string, stack: string): Promise<MonthlyCost> {
    const folder = join(projectRoot, "examples/stacks", directory);
    const plan = await recordStack(await readStackFile(stack, folder), stack);
    return topologyOf(plan).cost!;
}

function rowOf(name: string, { items, monthly, unpriced, byUse }: MonthlyCost): string {
    const figure = (dollars: number): string => (dollars < 10 ? dollars.toFixed(2) : String(Math.round(dollars)));
    const told = items.map((item) => `${item.name} ${figure(item.monthly)}${item.verified ? "" : " \\*"}`);
    const or = (words: readonly string[]): string => (words.length === 0 ? "nothing" : words.join("; "));
    return `| ${name} | ${told.join("; ")} | ${figure(monthly)} | ${or(unpriced)} | ${or(byUse)} |`;
}

describe("the price list", () => {
    it.each(clouds)("%s: what the catalogue says is billed has a reader, and nothing else has", (cloud) => {
        const billed = madeIn(cloud).filter((token) => resourceType(token)?.price !== undefined);
        expect(Object.keys(cloudCosts[cloud].readers).toSorted()).toEqual([...billed].toSorted());
    });

    it.each(clouds)("%s: every figure is a price, with its source and month", (cloud) => {
        expect(priceLists[cloud].of).not.toBe("");
        for (const service of Object.keys(priceLists[cloud].services)) {
            for (const { source, date, hourly = {}, monthly = {} } of pricesOf(cloud, service)) {
                expect(source).toMatch(/^https:\/\//);
                expect(date).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
                const figures = [...Object.values(hourly), ...Object.values(monthly)];
                expect(figures.length).toBeGreaterThan(0);
                expect(figures.filter((figure) => !(figure >= 0 && figure < 1000))).toEqual([]);
            }
        }
    });

    it("has no price for what nobody wrote down, whatever it is called", () => {
        expect(monthlyPrice("aws", "AmazonRDS", "db.t4g.small")).toEqual({
            dollars: 0.032 * 730,
            verified: true,
            date: "2026-06",
        });
        expect(monthlyPrice("aws", "AmazonRDS", "toString")).toBeUndefined();
        expect(monthlyPrice("aws", "constructor", "db.t4g.small")).toBeUndefined();
    });
});

describe("what a stack costs", () => {
    it.each(Object.entries(examples))("%s: README says the same", async (name, [directory, stack]) => {
        const readme = await readFile(join(projectRoot, "README.md"), "utf8");
        // Once: another row of that name would be an old one.
        const told = readme.split("\n").filter((line) => line.startsWith(`| ${name} |`));
        expect(told).toEqual([rowOf(name, await costOfExample(directory, stack))]);
    });

    it("names what has no price, and says that the sum is the least", async () => {
        const cost = await costOfExample("aws", "staging");
        expect(cost.unpriced).toEqual(["nodes of Auto Mode, as pods ask for them"]);
        expect(costLines(cost, 200)).toEqual([
            "Cost at idle: at least 165 US dollars a month, by list prices of AWS in us-east-1 read from 2026-02 to 2026-12; without traffic, use and tax",
            "  control plane 73, NAT gateways 37, load balancer 27, database db.t4g.small 26, keys 2.00, zone 0.50, the rest 0.16",
            "  no price: nodes of Auto Mode, as pods ask for them",
            "  by use: logs, registry, buckets, CDN",
        ]);
    });

    it("is of no cloud on a cluster that is there", async () => {
        const plan = await recordStack(await readStackFile("local", projectRoot), "local");
        expect(topologyOf(plan).cost).toBeUndefined();
    });
});
