// All that the stacks make is in the catalogue: what is not, no rule about clouds, no gate and no picture would notice.
// Reads the reviewed lists of URNs, which stacks.test.ts and matrix.test.ts compare with the stacks.
// Does not prove: that a row says the truth; test/unit/lib/catalogue.test.ts compares it with the SDKs.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../commands/plan/plan.ts";
import { fileOf, resourceType, tokensWith, type Token } from "../../lib/catalogue/index.ts";
import { checkPlan } from "../../policy/index.ts";
import { goodPlan } from "./support/cloud-examples.ts";
import { project } from "./support/plans.ts";
import { withExtra } from "./support/spoil.ts";

const lists = join(import.meta.dirname, "urns");

/** Of the engine, of generated values, and of this project's components. */
const withoutRow = new RegExp(`^(pulumi|random|${project}):`);

/** What to do, for every type that has no row. */
function missing(urns: readonly string[]): string[] {
    const types = new Set(urns.map((urn) => urn.split("::")[2]!.split("$").at(-1)!));
    return [...types]
        .filter((type) => !withoutRow.test(type) && resourceType(type) === undefined)
        .map((type) => `${type} is in no catalogue: add a row to ${fileOf(type)}`);
}

async function reviewed(): Promise<string[]> {
    const files = (await readdir(lists, { recursive: true })).filter(
        (file) => file.endsWith(".txt") && !file.endsWith(".connections.txt"),
    );
    expect(files.length).toBeGreaterThan(60);
    const texts = await Promise.all(files.map((file) => readFile(join(lists, file), "utf8")));
    return texts.flatMap((text) => text.trimEnd().split("\n"));
}

describe("the catalogue", () => {
    it("has a row for every type that an example stack or a stack of the matrix makes", async () => {
        expect(missing(await reviewed())).toEqual([]);
    });

    it("would be said to lack one", () => {
        const urn = `urn:pulumi:production::${project}::${project}:cluster:Hetzner$hcloud:index/server:Server::cluster-node`;
        expect(missing([urn, urn])).toEqual([
            "hcloud:index/server:Server is in no catalogue: add a row to lib/catalogue/hcloud.ts",
        ]);
    });
});

/** A plan with one resource more, of a type and with these inputs. */
function withOne(
    token: Token,
    kind: "production" | "ephemeral",
    props: Record<string, unknown>,
    protect: boolean,
): Plan {
    const plan = withExtra(goodPlan("aws", kind), "static", { type: token, name: "one", props });
    return {
        ...plan,
        resources: plan.resources.map((resource) => (resource.name === "one" ? { ...resource, protect } : resource)),
    };
}

/** What one rule says of that resource: path and what is allowed. */
function said(rule: string, plan: Plan): string[] {
    return checkPlan(plan)
        .filter((violation) => violation.rule === rule && violation.name === "one")
        .map(({ path, allowed }) => `${path}: ${allowed}`);
}

/** Inputs with one of them set, however deep. */
function inputsWith(path: string, value: unknown): Record<string, unknown> {
    return path
        .split(".")
        .toReversed()
        .reduce<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
}

describe("the rules read the catalogue:", () => {
    it.each(["production", "staging", "ephemeral"] as const)(
        "R96: no type passes unjudged in %s because nobody knows it",
        (kind) => {
            const type = "aws:neptune/cluster:Cluster";
            const plan = withExtra(goodPlan("aws", kind), "static", { type, name: "graph", props: {} });
            expect(checkPlan(plan)).toMatchObject([
                {
                    rule: "R96",
                    level: "mandatory",
                    name: "graph",
                    fix: expect.stringContaining(fileOf(type)) as string,
                },
            ]);
        },
    );

    // What the gate refuses to lose: both ask heldBy().
    const holders = tokensWith(({ holds }) => holds !== undefined);

    it.each(holders)("R67: %s is protected in production", (token) => {
        // Of what sometimes holds nothing, one that does.
        const props = token.endsWith(":StatefulSet") ? { spec: { volumeClaimTemplates: [{}] } } : {};
        expect(said("R67", withOne(token, "production", props, false))).toContain("protect: true");
        expect(said("R67", withOne(token, "production", props, true))).not.toContain("protect: true");
    });

    const others = tokensWith(({ holds }) => holds === undefined).filter((token) => !token.startsWith("kubernetes:"));

    it("R67: and nothing else is", () => {
        expect(others.filter((token) => said("R67", withOne(token, "production", {}, false)).length > 0)).toEqual([]);
    });

    const switches = tokensWith(({ deletion }) => deletion !== undefined).flatMap((token) =>
        resourceType(token)!.deletion!.map((one) => ({ ...one, token })),
    );

    it.each(switches)("R68: $token goes when it is thrown away ($path)", ({ token, path, byDefault }) => {
        expect(said("R68", withOne(token, "ephemeral", inputsWith(path, true), false))).toContain(`${path}: false`);
        expect(said("R68", withOne(token, "ephemeral", inputsWith(path, false), false))).not.toContain(
            `${path}: false`,
        );
        expect(said("R68", withOne(token, "ephemeral", {}, false)).includes(`${path}: false`)).toBe(byDefault);
    });

    it("R60: the cloud's own switch is asked for in production, its provider's where there is no other", () => {
        const asked = switches.filter(({ token, path }) =>
            said("R60", withOne(token, "production", inputsWith(path, false), true)).includes(`${path}: true`),
        );
        expect(asked.map(({ token, path }) => `${token} ${path}`).toSorted()).toEqual([
            "aws:dynamodb/table:Table deletionProtectionEnabled",
            "aws:eks/cluster:Cluster deletionProtection",
            "aws:rds/cluster:Cluster deletionProtection",
            "aws:rds/instance:Instance deletionProtection",
            "gcp:container/cluster:Cluster deletionProtection",
            "gcp:filestore/instance:Instance deletionProtectionEnabled",
            "gcp:sql/databaseInstance:DatabaseInstance settings.deletionProtectionEnabled",
        ]);
    });

    const emptied = tokensWith(({ emptiedBy }) => emptiedBy !== undefined);

    it.each(emptied)("R69: %s goes with what is in it", (token) => {
        const path = resourceType(token)!.emptiedBy!;
        expect(said("R69", withOne(token, "ephemeral", {}, false))).toEqual([`${path}: true`]);
        expect(said("R69", withOne(token, "ephemeral", { [path]: true }, false))).toEqual([]);
    });

    const openings = tokensWith(({ openings: all }) => all !== undefined).flatMap((token) =>
        resourceType(token)!.openings!.map(({ path }) => ({ token, path })),
    );

    it.each(openings)("R58 or R64: $token is not open to everybody ($path)", ({ token, path }) => {
        const open = [true, false, "public-read", "ObjectWriter", [{ value: "::/0" }]];
        const plans = open.map((value) => withOne(token, "production", inputsWith(path, value), true));
        const found = plans.filter((plan) =>
            [...said("R58", plan), ...said("R64", plan)].some((line) => line.startsWith(path)),
        );
        expect(found.length).toBeGreaterThan(0);
    });

    const named = tokensWith(({ name }) => name !== undefined);

    it.each(named)("R71: the name of %s is as long as it may be, and no longer", (token) => {
        const { input, longest } = resourceType(token)!.name!;
        const named = (length: number) => withOne(token, "production", inputsWith(input, "x".repeat(length)), true);
        expect(said("R71", named(longest))).toEqual([]);
        expect(said("R71", named(longest + 1))).toMatchObject([expect.stringMatching(`^${input}: at most ${longest}`)]);
    });
});
