// Table and picture of every stack of the matrix and of the examples: nothing overlaps, nothing is cut off, and what the
// plan has is in them.
// Does not prove: that a picture is beautiful; somebody looked at those in docs/images.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { layoutOf, type Layout } from "../../commands/plan/picture.ts";
import type { Plan } from "../../commands/plan/plan.ts";
import { textWidth } from "../../commands/plan/svg.ts";
import { recordStack } from "../../commands/plan/record-stack.ts";
import { readStackFile } from "../../commands/plan/stack-file.ts";
import { planSummary, planTable } from "../../commands/plan/table.ts";
import { topologyOf, type Topology } from "../../commands/plan/topology.ts";
import { projectRoot } from "../../commands/support/paths.ts";
import { combinations, nameOf, sectionsFor, type Combination } from "./support/matrix.ts";
import { planOf } from "./support/plans.ts";

type Box = Layout["boxes"][number];

const isInside = (inner: Box, outer: Box): boolean =>
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.w <= outer.x + outer.w &&
    inner.y + inner.h <= outer.y + outer.h;
const touches = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
const isFrame = ({ what }: Box): boolean => what.startsWith("frame ");

/** Two boxes are apart, or one is a frame around the other. */
function overlaps({ width, height, boxes }: Layout): string[] {
    const page = { what: "frame page", x: 0, y: 0, w: width, h: height };
    return boxes.flatMap((box, index) => [
        ...(isInside(box, page) ? [] : [`${box.what} leaves the page`]),
        ...(box.w < 20 || box.h < 10 ? [`${box.what} is ${box.w} wide and ${box.h} high`] : []),
        ...boxes
            .slice(index + 1)
            .filter(
                (other) =>
                    touches(box, other) &&
                    !(isFrame(box) && isInside(other, box)) &&
                    !(isFrame(other) && isInside(box, other)),
            )
            .map((other) => `${box.what} and ${other.what}`),
    ]);
}

type Point = readonly [x: number, y: number];

/** The lines of a picture, each as its points. */
function linesOf(svg: string): Point[][] {
    return [...svg.matchAll(/^<path d="(M[^"]+)" fill="none" stroke="/gm)].map(([, path = ""]) =>
        [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const),
    );
}

/** Where each text is, by the letter: about right. */
function textsOf(svg: string): Box[] {
    return [...svg.matchAll(/<text x="([\d.-]+)" y="([\d.-]+)"([^>]*)>(.*?)<\/text>/g)].flatMap(
        ([, x, y, attributes = "", inner = ""]) => {
            // Made to stand on a line: it has a rim of the ground's colour.
            if (attributes.includes("paint-order")) {
                return [];
            }
            const content = inner.replaceAll(/<[^>]+>/g, "").replaceAll(/&[a-z]+;/g, "&");
            const size = Number(/font-size="([\d.]+)"/.exec(attributes + inner)?.[1]);
            const font = attributes.includes("monospace") ? "mono" : "sans";
            const w = textWidth(content, { size, colour: "", font }) * 0.96;
            const start = attributes.includes('"end"')
                ? Number(x) - w
                : attributes.includes('"middle"')
                  ? Number(x) - w / 2
                  : Number(x);
            return [{ what: `text ${content}`, x: start, y: Number(y) - size * 0.74, w, h: size * 0.74 }];
        },
    );
}

/** Lines end at a card and never go through one, nor through a text. */
function crossings({ svg, boxes }: Layout): string[] {
    const solid = [...boxes.filter((box) => !isFrame(box)), ...textsOf(svg)];
    return linesOf(svg).flatMap((points) =>
        points.slice(1).flatMap(([x, y], index) => {
            const [fromX, fromY] = points[index]!;
            const segment = {
                what: "line",
                x: Math.min(x, fromX),
                y: Math.min(y, fromY),
                w: Math.abs(x - fromX),
                h: Math.abs(y - fromY),
            };
            return solid
                .map((box) => ({
                    ...box,
                    x: box.x + 1,
                    y: box.y + 1,
                    w: box.w - 2 - (box.what.startsWith("card") ? 8 : 0),
                    h: box.h - 2 - (box.what.startsWith("card") ? 8 : 0),
                }))
                .filter(
                    (box) =>
                        segment.x <= box.x + box.w &&
                        box.x <= segment.x + segment.w &&
                        segment.y <= box.y + box.h &&
                        box.y <= segment.y + segment.h,
                )
                .map((box) => `a line from ${fromX},${fromY} to ${x},${y} crosses ${box.what}`);
        }),
    );
}

/** Text stays on the page, even in a font somewhat wider. */
function cutOff({ svg, width }: Layout): string[] {
    return textsOf(svg)
        .filter(({ x, w }) => x < 4 || x + w > width - 4)
        .map(({ what }) => what);
}

function check(plan: Plan): Topology {
    const topology = topologyOf(plan);
    const layout = layoutOf(topology);
    expect(overlaps(layout)).toEqual([]);
    expect(crossings(layout)).toEqual([]);
    expect(cutOff(layout)).toEqual([]);
    expect(layout.svg).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(layout.svg).toMatch(/<title id="title">.+<\/title>\n<desc id="description">.+<\/desc>/);
    expect(layoutOf(topologyOf(plan)).svg).toBe(layout.svg);
    const table = `${planTable(topology)}\n${planSummary(topology)}`;
    expect(table).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(
        planTable(topology)
            .split("\n")
            .filter((line) => line.length > 100),
    ).toEqual([]);
    return topology;
}

const example = async (name: string, stack: string): Promise<Plan> => {
    const directory = join(projectRoot, "examples/stacks", name);
    return recordStack(await readStackFile(stack, directory), stack, {
        read: (other) => readStackFile(other, directory),
    });
};

/** Which of the app's processes reach a store, by all policies together. */
const reachers = ({ nodes }: Topology, store: string): string[] =>
    nodes.filter(({ reaches }) => reaches.includes(store)).map(({ role }) => role);

type Level = Combination["database" | "cache" | "broker"];

/** Where a store is to be seen; every one is in the web's reach. */
function whereIs(variant: Level): string {
    switch (variant) {
        case "none":
            return "nowhere";
        case "in-cluster":
        case "memcached":
        case "redis":
        case "rabbitmq":
            return "pods";
        case "cloud-sql":
        case "rds":
        case "digitalocean":
        case "memorystore":
        case "elasticache":
            return "part of a cloud";
        case "external":
            return "an address";
        case "platform":
            return "lent by shop-staging";
        default:
            return variant satisfies never;
    }
}

/** Where a store is seen, by table and picture. */
function shown(topology: Topology, role: "database" | "cache" | "broker"): string {
    const pods = topology.nodes.find((node) => node.role === role);
    const store = topology.stores.find((one) => one.role === role);
    const name = pods?.name ?? store?.name;
    if (name === undefined) {
        return "nowhere";
    }
    expect(reachers(topology, name)).toContain("web");
    if (store === undefined) {
        return "pods";
    }
    return store.part?.role === role
        ? "part of a cloud"
        : store.lentBy !== undefined
          ? `lent by ${store.lentBy}`
          : /^(10\.230\.0\.\d+|\w+\.internal\.example\.org)$/.test(store.address ?? "")
            ? "an address"
            : `${store.address}`;
}

const entryKind = {
    gateway: "gateway",
    platform: "gateway",
    "load-balancer": "load-balancers",
    "node-port": "node-ports",
    none: undefined,
} as const satisfies Record<Combination["exposure"], string | undefined>;

describe("the matrix's pictures and tables", () => {
    for (const combination of combinations) {
        it(nameOf(combination), async () => {
            const { sections, secrets, platform } = await sectionsFor(combination);
            const stack = combination.kind === "ephemeral" ? "pr-1" : combination.kind;
            const options = { stack, secrets, ...(platform && { platform }) };
            const topology = check(await planOf(sections, options));
            check(await planOf(sections, { ...options, preview: true }));

            for (const role of ["database", "cache", "broker"] as const) {
                expect(shown(topology, role), role).toEqual(whereIs(combination[role]));
            }
            expect(topology.entry?.kind).toBe(entryKind[combination.exposure]);
            expect(topology.entry?.lentBy).toBe(combination.exposure === "platform" ? "shop-staging" : undefined);
            expect(topology.cluster === undefined).toBe(
                combination.platform !== "existing" && combination.kind !== "ephemeral",
            );
            expect(topology.namespace.name).toMatch(/^shop-(production|staging|pr-1)$/);
        });
    }
});

describe("the examples", () => {
    it("AWS: managed stores, Auto Mode, buckets and CDN", async () => {
        const topology = check(await example("aws", "production"));
        for (const store of ["database", "cache", "broker"]) {
            expect(reachers(topology, store), store).toEqual(["web", "worker", "beat", "shell"]);
        }
        const table = planTable(topology);
        expect(table).toMatch(/^database +database +RDS$/m);
        expect(table).toContain("PostgreSQL 17, db.m7g.large, 100 to 200 GiB, two zones");
        expect(table).toMatch(/^cluster +shop-production +EKS$/m);
        expect(table).toContain("Auto Mode, version 1.36, API from 203.0.113.0/24, NetworkPolicy by");
        expect(table).toContain("a NAT gateway per zone");
        expect(table).toContain("external-dns 1.21.1");
        expect(table.split("\n").filter((line) => line.includes("every store"))).toHaveLength(4);
    });

    it("Google Cloud: one server behind two Services, pools, ranges", async () => {
        const topology = check(await example("gcp", "production"));
        const cache = topology.stores.find(({ role }) => role === "cache");
        expect(cache).toMatchObject({
            name: "cache",
            aliases: ["cache-replica"],
            port: 6378,
            part: { product: "Memorystore" },
        });
        expect(planTable(topology)).toMatch(/^nodes +general +e2-standard-4 +3 to 12$/m);
        expect(planTable(topology)).toContain("nodes 10.0.0.0/20, pods 10.4.0.0/14, services 10.8.0.0/20, stores");
    });

    it("DigitalOcean with files in AWS: two clouds, a pool of connections in front of the database", async () => {
        const topology = check(await example("mixed", "production"));
        expect(topology.clouds.map(({ title }) => title)).toEqual(["AWS", "DigitalOcean"]);
        expect(topology.stores.find(({ role }) => role === "database")).toMatchObject({
            port: 25061,
            part: { product: "PostgreSQL" },
        });
        expect(topology.tasks.map(({ name }) => name)).toEqual(["database-grants"]);
        // A job that gives rights is no server.
        expect(topology.nodes.map(({ role }) => role)).toEqual(["web", "worker", "beat", "shell", "broker"]);
        const { svg } = layoutOf(topology);
        expect(svg).toContain("CloudFront");
        expect(svg).toContain("DOKS shop-production");
    });

    it.each([
        ["aws", "staging"],
        ["gcp", "staging"],
        ["digitalocean", "staging"],
        ["digitalocean", "production"],
    ])("%s, %s", async (name, stack) => {
        const topology = check(await example(name, stack));
        expect(topology.outside.join()).not.toMatch(/5432|25060|169\.254/);
    });
});

describe("the checks themselves", () => {
    const at = (what: string, x: number, y: number, w: number, h: number): Box => ({ what, x, y, w, h });
    const layout = (boxes: readonly Box[], svg = ""): Layout => ({ width: 960, height: 500, boxes, svg });

    it("find what overlaps, sticks out, or leaves the page", () => {
        const box = at("frame outer", 20, 20, 400, 400);
        expect(overlaps(layout([box, at("card a", 30, 30, 100, 80), at("card b", 30, 120, 100, 80)]))).toEqual([]);
        expect(overlaps(layout([at("card a", 30, 30, 100, 80), at("card b", 120, 100, 100, 80)]))).toEqual([
            "card a and card b",
        ]);
        expect(overlaps(layout([box, at("card a", 380, 30, 100, 80)]))).toEqual(["frame outer and card a"]);
        expect(overlaps(layout([at("card a", 900, 30, 100, 80)]))).toEqual(["card a leaves the page"]);
        expect(overlaps(layout([at("card a", 30, 30, Number.NaN, 80)]))).not.toEqual([]);
    });

    it("find lines through cards and texts", () => {
        const line = '<path d="M0,50 L500,50" fill="none" stroke="#000"/>';
        expect(crossings(layout([at("card a", 600, 30, 100, 80)], line))).toEqual([]);
        expect(crossings(layout([at("card a", 300, 30, 100, 80)], line))).toEqual([
            "a line from 0,50 to 500,50 crosses card a",
        ]);
        expect(crossings(layout([], `${line}\n<text x="100" y="54" font-size="12">name</text>`))).toHaveLength(1);
        expect(crossings(layout([], `${line}\n<text x="100" y="44" font-size="12">name</text>`))).toEqual([]);
    });
});

describe("who reaches a managed store", () => {
    it("is nobody once its policy is gone", async () => {
        const plan = await example("gcp", "production");
        const without = { ...plan, resources: plan.resources.filter(({ name }) => name !== "database-to-store") };
        const topology = topologyOf(without);
        expect(reachers(topology, "database")).toEqual([]);
        expect(reachers(topology, "cache")).not.toEqual([]);
        expect(layoutOf(topology).svg).toContain("reached by none");
    });

    it("is nobody whose policy opens other addresses at the same port", async () => {
        const plan = await example("gcp", "production");
        const resources = plan.resources.map((resource) =>
            resource.name === "database-to-store"
                ? {
                      ...resource,
                      props: {
                          ...resource.props,
                          spec: {
                              ...resource.props["spec"],
                              egress: [
                                  {
                                      to: [{ ipBlock: { cidr: "10.99.0.0/16" } }],
                                      ports: [{ protocol: "TCP", port: 5432 }],
                                  },
                              ],
                          },
                      },
                  }
                : resource,
        );
        expect(reachers(topologyOf({ ...plan, resources }), "database")).toEqual([]);
    });
});
