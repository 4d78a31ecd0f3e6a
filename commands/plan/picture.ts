// The topology as an SVG picture: users above, then what they meet, the cluster in its network and its cloud with the app
// inside, and the stores behind it. On paper of its own colour, so that it reads the same in a light and in a dark page; 960
// wide, so that a README shows it at nearly full size.
import { balancerCard, frontCards, poolPill, supportPills } from "./picture/cards.ts";
import { drawNamespace, processesOf, type DrawnNamespace } from "./picture/namespace.ts";
import { drawDown, drawFront, drawStores, trunkEnd, type StoreRow } from "./picture/rows.ts";
import { pillRow, Sketch, type Card, type DrawnBox, type Placed } from "./picture/sketch.ts";
import { colours, faint, ink, lineStyle, margin, muted, paper, width, type FrameKind } from "./picture/style.ts";
import {
    arrow,
    escape,
    fit,
    lock,
    phrases,
    rect,
    sans,
    text,
    textWidth,
    type Box,
    type Point,
    type TextStyle,
} from "./svg.ts";
import type { Cloud, OutsideStore, Part, Topology } from "./topology.ts";
import { counted, listed } from "./words.ts";

export interface Layout {
    readonly width: number;
    readonly height: number;
    readonly boxes: readonly DrawnBox[];
    readonly svg: string;
}

/** @returns the SVG document */
export function drawPicture(topology: Topology): string {
    return layoutOf(topology).svg;
}

/** The picture, and where its boxes are. */
export function layoutOf(topology: Topology): Layout {
    const drawing = new Drawing(topology);
    const bottom = drawing.draw();
    const height = Math.ceil(bottom + margin);
    const { sketch } = drawing;
    const svg = [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description" font-family='${sans}'>`,
        `<title id="title">${escape(titleOf(topology))}</title>`,
        `<desc id="description">${escape(descriptionOf(topology))}</desc>`,
        rect({ x: 0.5, y: 0.5, w: width - 1, h: height - 1 }, { fill: paper, stroke: faint, radius: 12 }),
        sketch.toString(),
        "</svg>",
        "",
    ].join("\n");
    return { width, height, boxes: sketch.boxes, svg };
}

function titleOf({ stack, nodes, stores }: Topology): string {
    return `Stack ${stack}: ${listed([...new Set([...nodes, ...stores].map(({ name }) => name))])}`;
}

/** For who cannot see it. */
function descriptionOf({ entry, nodes, stores, clouds, cluster, namespace, steps }: Topology): string {
    const parts = clouds.flatMap(({ parts: all }) => all);
    const made = parts.find(({ role }) => role === "cluster");
    const where =
        made === undefined
            ? `the cluster ${cluster ?? ""}, which is there already`
            : `the ${made.product} cluster ${made.name}`;
    const beyond = stores.map(
        ({ role, part, lentBy, address }) =>
            `${role} (${part?.product ?? (lentBy === undefined ? address : `lent by ${lentBy}`)})`,
    );
    return [
        entry === undefined
            ? "Reached from inside the cluster only."
            : `Users come in by ${entry.hosts.join(", ")} to ${entryWords(entry)}.`,
        `The namespace ${namespace.name} on ${where} runs ${processesOf(nodes)}.`,
        ...(beyond.length === 0 ? [] : [`Outside it: ${listed(beyond)}.`]),
        ...(steps.length === 0 ? [] : [`A release runs ${listed(steps.map(({ name }) => name))}.`]),
        ...clouds.map(({ title, place }) => (place === "" ? `In ${title}.` : `In ${title}, ${place}.`)),
    ].join(" ");
}

function entryWords({ kind, lentBy }: NonNullable<Topology["entry"]>): string {
    switch (kind) {
        case "gateway":
            return lentBy === undefined ? "a Gateway" : `the Gateway of ${lentBy}`;
        case "load-balancers":
            return "a load balancer";
        case "node-ports":
            return "ports of the nodes";
        default:
            return kind satisfies never;
    }
}

/** Stores by where they are: in another namespace, in the cluster's network, in another cloud or nobody knows where. */
interface Rows {
    readonly lent: readonly StoreRow[];
    readonly inNetwork: readonly StoreRow[];
    readonly elsewhere: readonly StoreRow[];
}

/** What is drawn above the cluster: the height of the users' line, and the x of the line into the cluster. */
interface Way {
    readonly road: number;
    readonly lane: number;
    readonly people: Point;
}

class Drawing {
    readonly sketch = new Sketch();
    readonly #topology: Topology;
    /** The cloud that the cluster or its network is made in. */
    readonly #platform: Cloud | undefined;
    readonly #network: Part | undefined;
    readonly #rows: Rows;
    readonly #hasUsers: boolean;

    constructor(topology: Topology) {
        this.#topology = topology;
        const has =
            (role: Part["role"]) =>
            ({ parts }: Cloud): boolean =>
                parts.some((part) => part.role === role);
        this.#platform = topology.clouds.find(has("cluster")) ?? topology.clouds.find(has("network"));
        this.#network = this.#platform?.parts.find(({ role }) => role === "network");
        this.#rows = this.#storeRows();
        this.#hasUsers = topology.entry !== undefined || topology.clouds.some(has("cdn"));
    }

    /** @returns where it ends */
    draw(): number {
        this.#drawHeading();
        const lane = this.#platform === undefined ? 36 : 48;
        const people = { x: lane + 26, y: 100 };
        const road = 148;
        let y = this.#hasUsers ? road + 16 : 86;
        if (this.#hasUsers) {
            this.#drawUsers(people);
        }
        const way = { road, lane, people: { x: people.x, y: people.y + 26 } };
        const top = y;
        for (const cloud of this.#topology.clouds.filter((one) => one !== this.#platform)) {
            y = this.#drawOtherFront(cloud, y, way);
        }
        // Behind another cloud's cards there is no road from above: it leaves the lane between the two frames.
        const behind = { road: y - 8, lane, people: { x: lane, y: y - 8 } };
        const { bottom, entry, balancer } = this.#drawPlatform(y, y === top ? way : behind);
        this.#drawWayIn(lane, people.y + 26, entry, balancer);
        return bottom;
    }

    #storeRows(): Rows {
        const { stores, clouds } = this.#topology;
        const of = (cloud: Cloud | undefined): OutsideStore[] =>
            cloud === undefined ? [] : stores.filter(({ part }) => part?.cloud === cloud.name);
        const lenders = [...new Set(stores.flatMap(({ lentBy }) => lentBy ?? []))];
        const foreign = stores.filter(({ part, lentBy }) => part === undefined && lentBy === undefined);
        const row = (kind: FrameKind, title: string, note: string, found: OutsideStore[]): StoreRow[] =>
            found.length === 0 ? [] : [{ kind, title, note, stores: found }];
        const ranges = this.#network?.storeRanges ?? [];
        return {
            lent: lenders.flatMap((lender) =>
                row(
                    "lent",
                    `namespace ${lender}`,
                    "of another stack, lends",
                    stores.filter(({ lentBy, beyondCluster }) => lentBy === lender && beyondCluster !== true),
                ),
            ),
            inNetwork: row(
                "stores",
                "managed stores",
                ranges.length === 0 ? "" : `private addresses in ${ranges.join(", ")}`,
                of(this.#platform),
            ),
            elsewhere: [
                ...clouds
                    .filter((cloud) => cloud !== this.#platform)
                    .flatMap((cloud) =>
                        row(
                            "cloud",
                            cloud.title,
                            [cloud.place, "managed stores"].filter((word) => word !== "").join(" · "),
                            of(cloud),
                        ),
                    ),
                ...lenders.flatMap((lender) =>
                    row(
                        "lent",
                        `lent by ${lender}`,
                        "of another stack, outside the cluster",
                        stores.filter(({ lentBy, beyondCluster }) => lentBy === lender && beyondCluster === true),
                    ),
                ),
                ...row("lent", "elsewhere", "servers that are there already", foreign),
            ],
        };
    }

    #drawHeading(): void {
        const { stack: name, kind, project, resources, kinds, entry, namespace, nodes, clouds } = this.#topology;
        const more = [
            project,
            ...(kind !== undefined && kind !== name ? [kind] : []),
            `${resources} resources of ${counted(kinds, "kind")}`,
        ];
        const isProtected =
            namespace.protected ||
            nodes.some((node) => node.protected) ||
            clouds.some(({ parts }) => parts.some((part) => part.protected));
        const small: TextStyle = { size: 12, colour: muted, anchor: "end" };
        const right = width - margin - 4;
        this.sketch.text(
            text({ x: margin + 4, y: 44 }, name, { size: 24, colour: ink, weight: 700 }),
            text({ x: margin + 4, y: 66 }, more.join("  ·  "), { size: 13, colour: muted }),
            ...(entry?.url === undefined
                ? []
                : [
                      text({ x: right, y: 44 }, entry.url, {
                          size: 14,
                          colour: colours.edge,
                          weight: 600,
                          anchor: "end",
                      }),
                  ]),
            ...(isProtected
                ? [
                      text({ x: right - 16, y: 66 }, "protected against deletion", small),
                      lock({ x: right - 10, y: 54 }, muted),
                  ]
                : []),
        );
    }

    #drawUsers({ x, y }: Point): void {
        const hosts = this.#topology.entry?.hosts ?? [];
        const shown = hosts.slice(0, 3).join(", ") + (hosts.length > 3 ? ` and ${hosts.length - 3} more` : "");
        this.sketch.text(...[-16, 16, 0].map((shift) => person({ x: x + shift, y }, shift === 0 ? ink : "#8a97a8")));
        const style: TextStyle = { size: 13, colour: ink, weight: 600 };
        const room = width - margin - x - 90;
        this.sketch.text(
            phrases({ x: x + 42, y: y + 14 }, [
                ["users", lineStyle],
                [fit(shown, room, style), style],
            ]),
        );
    }

    /** A cloud beside the platform's, with what users meet of it. Its stores are drawn below. */
    #drawOtherFront(cloud: Cloud, top: number, way: Way): number {
        const cards = frontCards(cloud, undefined);
        // Of a cloud whose stores alone are used, the logs are those stores'.
        const pills = supportPills(cloud).filter((pill) => !pill.startsWith("logs:"));
        if (cards.length === 0 && pills.length === 0) {
            return top;
        }
        const x = way.lane + 16;
        const right = width - margin;
        this.#cloudTitle(cloud, right - 12, top + 21);
        let y = top + 34;
        if (cards.length > 0) {
            const placed = drawFront(this.sketch, cards, { x: x + 12, y, w: right - x - 24 });
            this.#drawRoads(placed, way);
            y = Math.max(...placed.map(({ box }) => box.y + box.h)) + 12;
        }
        if (pills.length > 0) {
            y = pillRow(this.sketch, "also", pills, { x: x + 14, y, w: right - x - 28 }) + 12;
        }
        this.sketch.frame("cloud", 0, { x, y: top, w: right - x, h: y - top });
        return y + 16;
    }

    #drawRoads(placed: readonly Placed<Card>[], { road, lane, people }: Way): void {
        if (!this.#hasUsers || (people.x === lane && this.#topology.entry === undefined)) {
            return;
        }
        for (const card of placed.filter(({ value }) => value.label === "CDN" || value.label === "DNS")) {
            drawDown(this.sketch, road, people, card);
        }
    }

    #cloudTitle({ title, place }: Cloud, right: number, y: number): void {
        const name: TextStyle = { size: 13, colour: ink, weight: 600 };
        this.sketch.text(
            phrases(
                { x: right, y },
                [
                    [title, name],
                    [fit(place, 300, lineStyle), lineStyle],
                ],
                "end",
            ),
        );
    }

    #drawPlatform(
        top: number,
        way: Way,
    ): { readonly bottom: number; readonly entry: Point | undefined; readonly balancer: Box | undefined } {
        const cloud = this.#platform;
        const cloudBox = { x: margin, w: width - 2 * margin };
        let y = top;
        let balancer: Box | undefined;
        if (cloud !== undefined) {
            this.#cloudTitle(cloud, cloudBox.x + cloudBox.w - 12, y + 21);
            const card = this.#topology.entry?.lentBy === undefined ? balancerCard(this.#topology) : undefined;
            const cards = frontCards(cloud, card);
            y += 34;
            if (cards.length > 0) {
                const placed = drawFront(this.sketch, cards, { x: cloudBox.x + 12, y, w: cloudBox.w - 24 });
                this.#drawRoads(placed, way);
                balancer = card && placed[0]!.box;
                y = Math.max(...placed.map(({ box }) => box.y + box.h)) + 16;
            }
        }
        const network = this.#network;
        const networkTop = y;
        const networkBox = { x: margin + 12, w: width - 2 * margin - 24 };
        if (network !== undefined) {
            y += 34;
        }
        const clusterX = way.lane + 16;
        const clusterW =
            (cloud === undefined ? width - margin : networkBox.x + networkBox.w - (network === undefined ? 0 : 12)) -
            clusterX;
        const drawn = this.#drawCluster({ x: clusterX, y, w: clusterW });
        y = drawn.bottom;
        let end = drawn.trunkEnd;
        const at = (next: number): { x: number; y: number; w: number; trunk: number } => ({
            x: clusterX,
            y: next,
            w: clusterW,
            trunk: drawn.exit.x,
        });
        for (const row of this.#rows.inNetwork) {
            const box = drawStores(this.sketch, row, this.#topology.nodes, at(y + 14), 2);
            end = box.y + trunkEnd;
            y = box.y + box.h;
        }
        if (network !== undefined) {
            y += 12;
            this.sketch.frame(network.adopted ? "lent" : "network", 1, {
                ...networkBox,
                y: networkTop,
                h: y - networkTop,
            });
            const facts = network.facts.filter((fact) => !fact.startsWith("stores ")).join("  ·  ");
            this.#frameTitle(
                network.product,
                facts,
                { x: clusterX + 2, y: networkTop + 22, w: clusterW - 20 },
                network.protected,
            );
        }
        if (cloud !== undefined) {
            const pills = supportPills(cloud);
            if (pills.length > 0) {
                // Left of the line that may go on to stores elsewhere.
                y = pillRow(this.sketch, "also", pills, { x: clusterX, y: y + 12, w: drawn.exit.x - 20 - clusterX });
            }
            y += 12;
            this.sketch.frame("cloud", 0, { ...cloudBox, y: top, h: y - top });
        }
        for (const row of this.#rows.elsewhere) {
            const box = drawStores(this.sketch, row, this.#topology.nodes, at(y + 16), 0);
            end = box.y + trunkEnd;
            y = box.y + box.h;
        }
        if (end !== undefined) {
            this.sketch.line(arrow([drawn.exit, { x: drawn.exit.x, y: end }], { colour: muted, head: false }));
        }
        return { bottom: y, entry: drawn.entry, balancer };
    }

    #drawCluster({
        x,
        y: top,
        w,
    }: {
        readonly x: number;
        readonly y: number;
        readonly w: number;
    }): Omit<DrawnNamespace, "box"> & { readonly bottom: number; readonly trunkEnd: number | undefined } {
        const { cluster: existing, clouds, addons, kind } = this.#topology;
        const parts = clouds.flatMap(({ parts: all }) => all);
        const cluster = parts.find(({ role }) => role === "cluster");
        const name = cluster === undefined ? `cluster ${existing ?? ""}`.trim() : `${cluster.product} ${cluster.name}`;
        const facts = cluster?.facts.join("  ·  ") ?? (kind === "ephemeral" ? "of another stack" : "is there already");
        this.#frameTitle(name, facts, { x: x + 14, y: top + 22, w: w - 28 }, cluster?.protected ?? false);
        let y = top + 34;
        const pools = parts.filter(({ role }) => role === "nodes").map(poolPill);
        const charts = addons.map(({ name: addon, version }) =>
            version === undefined ? addon : `${addon} ${version}`,
        );
        for (const [label, pills] of [
            ["nodes", pools],
            ["add-ons", charts],
        ] as const) {
            y = pills.length === 0 ? y : pillRow(this.sketch, label, pills, { x: x + 14, y, w: w - 28 }) + 10;
        }
        const { lent, inNetwork, elsewhere } = this.#rows;
        const beyond = lent.length + inNetwork.length + elsewhere.length > 0;
        const namespace = drawNamespace(this.sketch, this.#topology, { x: x + 12, y, w: w - 24 }, 3, beyond);
        y = namespace.box.y + namespace.box.h;
        let end: number | undefined;
        for (const row of lent) {
            const box = drawStores(
                this.sketch,
                row,
                this.#topology.nodes,
                { x: x + 12, y: y + 14, w: w - 24, trunk: namespace.exit.x },
                3,
            );
            end = box.y + trunkEnd;
            y = box.y + box.h;
        }
        y += 12;
        this.sketch.frame("cluster", 2, { x, y: top, w, h: y - top });
        return { entry: namespace.entry, exit: namespace.exit, bottom: y, trunkEnd: end };
    }

    #frameTitle(
        name: string,
        facts: string,
        { x, y, w }: { readonly x: number; readonly y: number; readonly w: number },
        locked: boolean,
    ): void {
        const style: TextStyle = { size: 13, colour: ink, weight: 600 };
        const start = x + (locked ? 17 : 0);
        if (locked) {
            this.sketch.text(lock({ x, y: y - 11.5 }, muted));
        }
        this.sketch.text(
            phrases({ x: start, y }, [
                [name, style],
                [fit(facts, w - textWidth(name, style) - 24, lineStyle), lineStyle],
            ]),
        );
    }

    /** Down the lane, through the load balancer if there is one, to the Gateway. */
    #drawWayIn(lane: number, from: number, entry: Point | undefined, balancer: Box | undefined): void {
        if (entry === undefined) {
            return;
        }
        const style = { colour: colours.edge, width: 2 };
        const toGateway = [{ x: lane, y: entry.y }, entry];
        if (balancer === undefined) {
            this.sketch.line(arrow([{ x: lane, y: from }, ...toGateway], style));
        } else {
            this.sketch.line(
                arrow(
                    [
                        { x: lane, y: from },
                        { x: lane, y: balancer.y },
                    ],
                    style,
                ),
                arrow([{ x: lane, y: balancer.y + balancer.h }, ...toGateway], style),
            );
        }
    }
}

function person({ x, y }: Point, colour: string): string {
    return (
        `<g fill="${colour}"><circle cx="${x}" cy="${y}" r="6"/>` +
        `<path d="M${x - 11},${y + 22} v-3 a11,10.5 0 0 1 22,0 v3 z" stroke="${paper}" stroke-width="1.5"/></g>`
    );
}
