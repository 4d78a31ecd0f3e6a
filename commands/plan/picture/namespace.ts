// Inside the namespace: the way in, the app, the stores beside it, and below them the release.
import {
    arrow,
    fit,
    lock,
    phrases,
    rect,
    round,
    text,
    textWidth,
    type Box,
    type Point,
    type TextStyle,
} from "../svg.ts";
import { isStore, type Node, type Topology } from "../topology.ts";
import { counted, listed } from "../words.ts";
import { bucketCard, configurationCard, entryCard, nodeCard, scheduledCard, volumeCard } from "./cards.ts";
import { releaseHeight, releaseStrip } from "./release.ts";
import { bottomOf, heightOf, pillStyle, stacked, type Card, type Placed, type Sketch } from "./sketch.ts";
import { codeStyle, colours, inner, labelStyle, lineStyle, muted, titleStyle } from "./style.ts";

interface NodeCard extends Card {
    readonly node?: Node;
}

export interface DrawnNamespace {
    readonly box: Box;
    /** Where the way in ends: at the Gateway, or at the web pods where there is none. */
    readonly entry: Point | undefined;
    /** Where the way out to stores beyond leaves the namespace, at its lower edge. */
    readonly exit: Point;
}

const padding = 16;
const headHeight = 44;
/** Beside the content, for the line to the stores beyond. */
const laneWidth = 12;

/** @param hasStoresBeyond whether a line leads out to them */
export function drawNamespace(
    sketch: Sketch,
    topology: Topology,
    at: { readonly x: number; readonly y: number; readonly w: number },
    depth: number,
    hasStoresBeyond: boolean,
): DrawnNamespace {
    const left = at.x + padding;
    const right = at.x + at.w - padding - (hasStoresBeyond ? laneWidth : 0);
    const top = at.y + headHeight;
    const way = { x: left, w: 178 };
    const data = { x: right - 212, w: 212 };
    const spare = data.x - (way.x + way.w) - 290;
    const app = { x: way.x + way.w + spare * 0.38, w: 290 };
    const bus = app.x + app.w + 20;

    const nodes = topology.nodes.filter((node) => !isStore(node));
    const scheduled = topology.tasks.filter(({ role }) => role === "scheduled");
    const appCards = stacked<NodeCard>(
        [
            ...nodes.map((node) => ({ ...nodeCard(node), node })),
            ...(scheduled.length === 0 ? [] : [scheduledCard(scheduled)]),
        ],
        { x: app.x + 12, y: top + 50, w: app.w - 24, gap: 14 },
    );
    const web = appCards.find(({ value }) => value.node?.role === "web");
    const entry = topology.entry === undefined ? undefined : entryCard(topology);
    const entryY =
        entry === undefined || web === undefined ? top : Math.max(top, web.box.y + web.box.h / 2 - heightOf(entry) / 2);
    const entryBox = entry && { x: way.x, y: entryY, w: way.w, h: heightOf(entry) };
    const configuration = configurationCard(topology);
    const configurationBox = {
        x: way.x,
        y: entryBox === undefined ? top : entryBox.y + entryBox.h + 26,
        w: way.w,
        h: heightOf(configuration),
    };

    const calls = shortened(topology.outside).map((place) => `calls ${place}`);
    const cardsBottom = bottomOf(appCards, top + 50) + 14 + calls.length * 16 + (calls.length > 0 ? 2 : 0);
    const group: Box = {
        x: app.x,
        y: top,
        w: app.w,
        h: Math.max(cardsBottom, configurationBox.y + configurationBox.h) - top,
    };

    const dataCards: NodeCard[] = [
        ...topology.nodes.filter(isStore).map((node) => ({ ...nodeCard(node), node })),
        ...topology.volumes.map((volume) => volumeCard(volume)),
        ...topology.buckets.map((bucket) => bucketCard(bucket)),
    ];
    const dataHeight = dataCards.reduce((sum, card) => sum + heightOf(card), 0);
    const gap = Math.min(56, Math.max(30, (group.h - dataHeight) / Math.max(1, dataCards.length - 1)));
    const placedData = stacked(dataCards, { x: data.x, y: top, w: data.w, gap });
    const contentBottom = Math.max(group.y + group.h, bottomOf(placedData, top));

    const lane = { x: at.x + at.w - 14, y: contentBottom + 14 };
    const strip = {
        x: left,
        y: contentBottom + (hasStoresBeyond ? 34 : 26),
        w: right - left,
        h: releaseHeight(topology, nodes, right - left),
    };
    const bottom = strip.h > 0 ? strip.y + strip.h + padding : contentBottom + (hasStoresBeyond ? 30 : padding);
    const box: Box = { x: at.x, y: at.y, w: at.w, h: bottom - at.y };

    sketch.frame("namespace", depth, box);
    drawHead(sketch, topology, box);
    drawGroup(sketch, topology, nodes, group, calls);
    sketch.line(
        ...storeLines(appCards, placedData, { group, bus }),
        ...copyLines(placedData),
        ...poolLines(placedData),
        ...fileLines(placedData, { group, bus }),
        arrow(
            [
                { x: configurationBox.x + configurationBox.w, y: configurationBox.y + configurationBox.h / 2 },
                { x: group.x, y: configurationBox.y + configurationBox.h / 2 },
            ],
            { colour: colours.configuration, width: 1.3, dash: "4 4" },
        ),
    );
    if (hasStoresBeyond) {
        const start = { x: group.x + group.w, y: group.y + group.h - 22 };
        sketch.line(
            arrow([start, { x: bus, y: start.y }, { x: bus, y: lane.y }, lane, { x: lane.x, y: bottom }], {
                colour: muted,
                head: false,
            }),
        );
    }
    if (entryBox !== undefined && web !== undefined) {
        const y = entryBox.y + entryBox.h / 2;
        const end = Math.min(Math.max(y, web.box.y + 10), web.box.y + web.box.h - 10);
        sketch.line(
            arrow(
                [
                    { x: entryBox.x + entryBox.w, y },
                    { x: web.box.x, y: end },
                ],
                { colour: colours.edge, width: 2 },
            ),
        );
    }
    for (const { value, box: place } of [...appCards, ...placedData]) {
        sketch.card(value, place);
    }
    if (entry !== undefined && entryBox !== undefined) {
        sketch.card(entry, entryBox);
    }
    sketch.card(configuration, configurationBox);
    if (strip.h > 0) {
        releaseStrip(sketch, topology, nodes, strip);
    }
    return {
        box,
        entry: entryBox && { x: entryBox.x, y: entryBox.y + entryBox.h / 2 },
        exit: { x: lane.x, y: bottom },
    };
}

function drawHead(sketch: Sketch, { namespace, counts, ttl }: Topology, box: Box): void {
    const x = box.x + padding;
    const y = box.y + 27;
    const start = x + (namespace.protected ? 17 : 0);
    const chips = [
        ...(ttl === undefined ? [] : [`may be swept after ${ttl}`]),
        ...(namespace.podSecurity === undefined ? [] : [`Pod Security: ${namespace.podSecurity}`]),
        namespace.refuses
            ? `network: refused by default, opened by ${counted(counts.policies - 1, "policy")}`
            : "network: open by default",
    ];
    let right = box.x + box.w - padding;
    for (const chip of chips.toReversed()) {
        const w = textWidth(chip, pillStyle) + 18;
        right -= w;
        sketch.pill(chip, { x: right, y: y - 15, w, h: 21 });
        right -= 8;
    }
    const room = right - start - 80;
    const name: TextStyle = { size: 13, colour: "#1b2330", weight: 600 };
    if (namespace.protected) {
        sketch.text(lock({ x, y: y - 11.5 }, muted));
    }
    sketch.text(
        phrases({ x: start, y }, [
            ["namespace", { ...lineStyle, size: 13 }],
            [fit(namespace.name, room, name), name],
        ]),
    );
}

function drawGroup(
    sketch: Sketch,
    { entry }: Topology,
    nodes: readonly Node[],
    box: Box,
    calls: readonly string[],
): void {
    const images = [...new Set(nodes.map(({ image }) => image))];
    const image = images.length === 1 ? images[0]!.split("/").at(-1)! : `${images.length} images`;
    const style: TextStyle = { ...codeStyle, size: 11 };
    const small: TextStyle = { ...lineStyle, size: 11.5 };
    // A background, no box of its own: the cards are the boxes.
    sketch.line(rect(box, { fill: inner, radius: 10 }));
    sketch.text(
        text(
            { x: box.x + 14, y: box.y + 22 },
            entry === undefined ? "Django, inside the cluster only" : "Django",
            titleStyle,
        ),
        text({ x: box.x + 14, y: box.y + 40 }, fit(image, box.w - 28, style), style),
        ...calls.map((line, index) =>
            text(
                { x: box.x + 14, y: box.y + box.h - 12 - (calls.length - 1 - index) * 16 },
                fit(line, box.w - 28, small),
                small,
            ),
        ),
    );
}

/** The table has them all. */
function shortened(places: readonly string[]): readonly string[] {
    return places.length > 4 ? [...places.slice(0, 3), `${places.length - 3} more`] : places;
}

const middle = (box: Box): number => box.y + box.h / 2;

/** One line for the stores that every process reaches, and one of its own where a process differs. */
function storeLines(
    cards: readonly Placed<NodeCard>[],
    placed: readonly Placed<NodeCard>[],
    { group, bus }: { readonly group: Box; readonly bus: number },
): string[] {
    const stores = placed.flatMap(({ value: { node }, box }) => (node === undefined ? [] : [{ node, box }]));
    const users = cards.filter(({ value }) => value.node !== undefined);
    const isCommon = ({ node: store }: { readonly node: Node }): boolean =>
        users.length > 0 && users.every(({ value }) => value.node!.reaches.includes(store.name));
    const common = stores.filter(isCommon);
    const lines: string[] = [];
    if (common.length > 0) {
        // Where the group ends, at the height of a store, so that one line at least is straight.
        const start = Math.min(group.y + group.h - 40, middle(common[0]!.box));
        for (const { node, box } of common) {
            const points: Point[] = [
                { x: group.x + group.w, y: start },
                { x: bus, y: start },
                { x: bus, y: middle(box) },
                { x: box.x, y: middle(box) },
            ];
            lines.push(arrow(withoutDoubles(points), { colour: muted }));
            const port = node.ports[0]?.containerPort;
            if (port !== undefined) {
                const at = { x: (bus + box.x) / 2 + 2, y: middle(box) - 6 };
                lines.push(text(at, String(port), { ...labelStyle, anchor: "middle", halo: "#f8fafc" }));
            }
        }
    }
    for (const { value, box: from } of users) {
        for (const { node, box } of stores.filter(
            (store) => !isCommon(store) && value.node!.reaches.includes(store.node.name),
        )) {
            const points = [
                { x: from.x + from.w, y: middle(from) },
                { x: bus - 10, y: middle(from) },
                { x: bus - 10, y: middle(box) + 10 },
                { x: box.x, y: middle(box) + 10 },
            ];
            lines.push(arrow(withoutDoubles(points), { colour: colours[node.role], dash: "5 3" }));
        }
    }
    return lines;
}

function withoutDoubles(points: readonly Point[]): Point[] {
    return points.filter((point, index) => {
        const previous = points[index - 1];
        return previous === undefined || Math.abs(point.x - previous.x) + Math.abs(point.y - previous.y) > 0.5;
    });
}

/** From a pooler down to the server that it is before. */
function poolLines(placed: readonly Placed<NodeCard>[]): string[] {
    return placed.flatMap(({ value: { node }, box }) =>
        placed
            .filter(
                ({ value: { node: server } }) =>
                    node?.role === "pooler" && server?.role === "database" && node.reaches.includes(server.name),
            )
            .map(({ box: server }) => {
                const x = round(box.x + box.w / 2 + 20);
                return arrow(
                    [
                        { x, y: box.y + box.h },
                        { x, y: server.y },
                    ],
                    { colour: colours.pooler },
                );
            }),
    );
}

/** From a replica up to what it copies, where the two stand one above the other. */
function copyLines(placed: readonly Placed<NodeCard>[]): string[] {
    return placed.flatMap(({ value, box }) => {
        const primary = placed.find(
            (other) => other.value.node !== undefined && other.value.node.name === value.node?.copies,
        );
        if (primary === undefined) {
            return [];
        }
        const x = round(box.x + box.w / 2 + 20);
        const from = { x, y: box.y };
        const to = { x, y: primary.box.y + primary.box.h };
        return [
            arrow([from, to], { colour: colours.cache }),
            text({ x: x + 8, y: (from.y + to.y) / 2 + 4 }, "copies", { ...labelStyle, colour: colours.cache }),
        ];
    });
}

/** From the app to where its files are, dashed: volumes are no network, and of buckets nothing is made. */
function fileLines(
    placed: readonly Placed<NodeCard>[],
    { group, bus }: { readonly group: Box; readonly bus: number },
): string[] {
    return placed
        .filter(({ value }) => value.node === undefined)
        .map(({ box }, index) => {
            const y = middle(box);
            const below = group.y + group.h;
            const x = bus - 10 - index * 8;
            const end = { x: box.x, y };
            const drop = group.x + group.w - 40 - index * 12;
            const points: Point[] =
                y > below + 12
                    ? [{ x: drop, y: below }, { x: drop, y }, end]
                    : [
                          { x: group.x + group.w, y: Math.min(y, below - 14) },
                          { x, y: Math.min(y, below - 14) },
                          { x, y },
                          end,
                      ];
            return arrow(withoutDoubles(points), { colour: colours.assets, dash: "4 4", width: 1.4 });
        });
}

/** What a description in words says of the app's processes. */
export function processesOf(nodes: readonly Node[]): string {
    return listed([...new Set(nodes.filter((node) => !isStore(node)).map(({ role }) => role))]);
}
