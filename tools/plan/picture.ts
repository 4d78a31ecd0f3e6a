// The topology as an SVG picture: outside, the way in, the app, its stores, and below them the release. On paper of its own
// colour, so that it reads the same in a light and in a dark page; 960 wide, so that a README shows it at nearly full size.
import type { Role } from "../../policy/plan-view.ts";
import {
    arrow,
    disk,
    escape,
    fit,
    fitLines,
    lock,
    phrases,
    rect,
    round,
    sans,
    text,
    textWidth,
    type Box,
    type Point,
    type TextStyle,
} from "./svg.ts";
import { isStore, type Node, type Topology } from "./topology.ts";
import { counted, listed, range } from "./words.ts";

const width = 960;
const margin = 20;
/** The four columns, from left to right. */
const outside = { x: margin, w: 138 };
const boundary = { x: 174, w: width - margin - 174 };
const way = { x: boundary.x + 20, w: 166 };
const app = { x: 412, w: 262 };
const data = { x: 738, w: boundary.x + boundary.w - 20 - 738 };
/** Where the lines to the stores part. */
const bus = app.x + app.w + 22;

const paper = "#fdfdfb";
const ground = "#f2f5f9";
const inner = "#e7edf5";
const white = "#ffffff";
const ink = "#1b2330";
const muted = "#566173";
const faint = "#c3ccd8";

type Colour = Role | "edge" | "assets" | "configuration";

const colours: Record<Colour, string> = {
    edge: "#0f766e",
    web: "#2458d3",
    worker: "#7a3bd0",
    beat: "#a85a05",
    shell: "#4b5a6e",
    app: "#4b5a6e",
    release: "#18794a",
    database: "#0b6a8c",
    cache: "#b91c48",
    broker: "#b8470d",
    assets: "#4d7a12",
    configuration: "#4b5a6e",
    other: "#4b5a6e",
};

const titleStyle: TextStyle = { size: 15, colour: ink, weight: 600 };
const lineStyle: TextStyle = { size: 12, colour: muted };
const codeStyle: TextStyle = { size: 10.5, colour: muted, font: "mono" };
const labelStyle: TextStyle = { size: 11, colour: muted, weight: 500 };

interface Card {
    readonly colour: Colour;
    /** What it is, above the title. */
    readonly label: string;
    readonly title: string;
    readonly lines: ReadonlyArray<{ readonly text: string; readonly style?: TextStyle; readonly icon?: "disk" }>;
    /** At the right of the label. */
    readonly badge?: string;
    /** Whether there is or may be more than one. */
    readonly several?: boolean;
    readonly locked?: boolean;
}

interface Placed<Value> {
    readonly value: Value;
    readonly box: Box;
}

/** @returns the SVG document */
export function drawPicture(topology: Topology): string {
    const parts: string[] = [];
    const top = 92;
    const contentTop = top + 58;

    const nodes = topology.nodes.filter((node) => !isStore(node));
    const stores = topology.nodes.filter(isStore);
    const groupHead = 50;
    const appCards = stack(nodes.map((node) => ({ value: node, card: nodeCard(node) })), {
        x: app.x + 12,
        y: contentTop + groupHead,
        w: app.w - 24,
        gap: 14,
    });
    const web = appCards.find(({ value }) => value.role === "web");
    const entry = entryCard(topology);
    const entryY = web === undefined ? contentTop : web.box.y + web.box.h / 2 - heightOf(entry) / 2;
    const entryBox: Box = { x: way.x, y: Math.max(contentTop, entryY), w: way.w, h: heightOf(entry) };
    const configuration = configurationCard(topology);
    const configurationBox: Box = { x: way.x, y: entryBox.y + entryBox.h + 44, w: way.w, h: heightOf(configuration) };

    // As far down as what points to it, and one line further for what it calls outside.
    const pointedAt = configurationBox.y + configurationBox.h + (topology.outside.length > 0 ? 44 : 0);
    const groupBottom = Math.max(bottomOf(appCards, contentTop + groupHead) + 14, pointedAt);
    const group: Box = { x: app.x, y: contentTop, w: app.w, h: groupBottom - contentTop };

    const dataCards = [
        ...stores.map((node) => ({ value: node, card: nodeCard(node) })),
        ...topology.volumes.map((volume) => ({ value: undefined, card: volumeCard(volume) })),
    ];
    const dataHeight = dataCards.reduce((sum, { card }) => sum + heightOf(card), 0);
    const free = group.h - dataHeight;
    const gap = Math.min(56, Math.max(30, free / Math.max(1, dataCards.length - 1)));
    const placedData = stack(dataCards, { x: data.x, y: contentTop, w: data.w, gap });

    const contentBottom = Math.max(
        group.y + group.h,
        bottomOf(placedData, contentTop),
        configurationBox.y + configurationBox.h,
    );
    const release = { x: way.x, y: contentBottom + 30, w: boundary.w - 40, h: topology.steps.length > 0 ? 92 : 0 };
    const bottom = release.y + release.h + (release.h > 0 ? 20 : -10);
    const height = bottom + margin;

    parts.push(rect({ x: 0.5, y: 0.5, w: width - 1, h: height - 1 }, { fill: paper, stroke: faint, radius: 12 }));
    parts.push(heading(topology));
    parts.push(namespaceBox(topology, { x: boundary.x, y: top, w: boundary.w, h: bottom - top }));
    parts.push(groupBox(topology, nodes, group));

    parts.push(...storeLines(appCards, placedData, group));
    parts.push(...copyLines(placedData));
    parts.push(...fileLines(placedData, group));
    parts.push(...wayIn(topology, entryBox, web?.box));
    parts.push(
        arrow(
            [
                { x: configurationBox.x + configurationBox.w, y: configurationBox.y + configurationBox.h / 2 },
                { x: group.x, y: configurationBox.y + configurationBox.h / 2 },
            ],
            { colour: colours.configuration, width: 1.3, dash: "4 4" },
        ),
    );
    parts.push(...wayOut(topology, group));

    parts.push(...appCards.map(({ value, box }) => drawCard(nodeCard(value), box)));
    parts.push(...placedData.map(({ box }, index) => drawCard(dataCards[index]!.card, box)));
    if (topology.entry !== undefined) {
        parts.push(drawCard(entry, entryBox));
    }
    parts.push(drawCard(configuration, configurationBox));
    if (topology.steps.length > 0) {
        parts.push(releaseStrip(topology, nodes, release));
    }

    const title = `Stack ${topology.stack}: ${listed([...new Set(topology.nodes.map(({ name }) => name))])}`;
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${Math.ceil(height)}" width="${width}" height="${Math.ceil(height)}" role="img" font-family='${sans}'>`,
        `<title>${escape(title)}</title>`,
        ...parts,
        "</svg>",
        "",
    ].join("\n");
}

function heading({ stack: name, kind, project, resources, kinds, entry, namespace, nodes }: Topology): string {
    const style: TextStyle = { size: 24, colour: ink, weight: 700 };
    const more = [project, ...(kind !== undefined && kind !== name ? [kind] : []), `${resources} resources of ${counted(kinds, "kind")}`];
    const url: TextStyle = { size: 14, colour: colours.edge, weight: 600, anchor: "end" };
    const legend = "protected against deletion";
    const small: TextStyle = { size: 12, colour: muted, anchor: "end" };
    const isProtected = namespace.protected || nodes.some((node) => node.protected);
    return [
        text({ x: margin + 4, y: 46 }, name, style),
        text({ x: margin + 4, y: 70 }, more.join("  ·  "), { size: 13, colour: muted }),
        ...(entry?.url === undefined ? [] : [text({ x: width - margin - 4, y: 46 }, entry.url, url)]),
        ...(isProtected
            ? [
                  text({ x: width - margin - 20, y: 70 }, legend, small),
                  lock({ x: width - margin - 14, y: 58 }, muted),
              ]
            : []),
    ].join("\n");
}

function namespaceBox({ namespace, counts }: Topology, box: Box): string {
    const name: TextStyle = { size: 13, colour: ink, weight: 600 };
    const x = box.x + 20;
    const y = box.y + 28;
    const start = x + (namespace.protected ? 17 : 0);
    const chips = [
        ...(namespace.podSecurity === undefined ? [] : [`Pod Security: ${namespace.podSecurity}`]),
        namespace.refuses
            ? `network: refused by default, opened by ${counted(counts.policies - 1, "policy")}`
            : "network: open by default",
    ];
    let right = box.x + box.w - 20;
    const drawn = chips.toReversed().map((chip) => {
        const style: TextStyle = { size: 11.5, colour: ink, weight: 500 };
        const w = textWidth(chip, style) + 18;
        right -= w;
        const shape =
            rect({ x: right, y: y - 15, w, h: 21 }, { fill: white, stroke: faint, radius: 10.5 }) +
            text({ x: right + w / 2, y: y - 0.5 }, chip, { ...style, anchor: "middle" });
        right -= 8;
        return shape;
    });
    return [
        rect(box, { fill: ground, stroke: "#8a97a8", width: 1.3, radius: 12, dash: "6 4" }),
        ...(namespace.protected ? [lock({ x, y: y - 11.5 }, muted)] : []),
        phrases({ x: start, y }, [
            ["namespace", { ...lineStyle, size: 13 }],
            [namespace.name, name],
        ]),
        ...drawn,
    ].join("\n");
}

function groupBox({ entry }: Topology, nodes: readonly Node[], box: Box): string {
    const images = [...new Set(nodes.map(({ image }) => image))];
    const image = images.length === 1 ? images[0]! : `${images.length} images`;
    const style: TextStyle = { ...codeStyle, size: 11 };
    return [
        rect(box, { fill: inner, radius: 10 }),
        text({ x: box.x + 14, y: box.y + 22 }, entry === undefined ? "Django, inside the cluster only" : "Django", titleStyle),
        text({ x: box.x + 14, y: box.y + 40 }, fit(image, box.w - 28, style), style),
    ].join("\n");
}

/** One line for the stores that every process reaches, and one of its own where a process differs. */
function storeLines(
    cards: readonly Placed<Node>[],
    placed: readonly Placed<Node | undefined>[],
    group: Box,
): string[] {
    const stores = placed.filter((card): card is Placed<Node> => card.value !== undefined);
    const common = stores.filter(({ value }) => cards.length > 0 && cards.every(({ value: node }) => node.reaches.includes(value.name)));
    const lines: string[] = [];
    const middle = (box: Box): number => box.y + box.h / 2;
    if (common.length > 0) {
        // Where the group ends, at the height of a store, so that one line at least is straight.
        const start = Math.min(group.y + group.h - 16, middle(common[0]!.box));
        for (const { value, box } of common) {
            const points: Point[] = [
                { x: group.x + group.w, y: start },
                { x: bus, y: start },
                { x: bus, y: middle(box) },
                { x: box.x, y: middle(box) },
            ];
            lines.push(arrow(withoutDoubles(points), { colour: muted }));
            const port = value.ports[0]?.containerPort;
            if (port !== undefined) {
                const at = { x: (bus + box.x) / 2 + 2, y: middle(box) - 6 };
                lines.push(text(at, String(port), { ...labelStyle, anchor: "middle", halo: ground }));
            }
        }
    }
    for (const { value: node, box: from } of cards) {
        for (const { value, box } of stores.filter((store) => !common.includes(store) && node.reaches.includes(store.value.name))) {
            const points = [
                { x: from.x + from.w, y: middle(from) },
                { x: bus - 10, y: middle(from) },
                { x: bus - 10, y: middle(box) + 10 },
                { x: box.x, y: middle(box) + 10 },
            ];
            lines.push(arrow(withoutDoubles(points), { colour: colours[value.role], dash: "5 3" }));
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

/** From a replica up to what it copies, where the two stand one above the other. */
function copyLines(placed: readonly Placed<Node | undefined>[]): string[] {
    return placed.flatMap(({ value, box }) => {
        const primary = placed.find((other) => other.value !== undefined && other.value.name === value?.copies);
        if (primary === undefined) {
            return [];
        }
        const x = box.x + box.w / 2 + 20;
        const from = { x, y: box.y };
        const to = { x, y: primary.box.y + primary.box.h };
        return [
            arrow([from, to], { colour: colours.cache }),
            text({ x: x + 8, y: (from.y + to.y) / 2 + 4 }, "copies", { ...labelStyle, colour: colours.cache }),
        ];
    });
}

/** From the app to the volumes that its pods mount, dashed: no network. */
function fileLines(placed: readonly Placed<Node | undefined>[], group: Box): string[] {
    return placed
        .filter(({ value }) => value === undefined)
        .map(({ box }, index) => {
            const y = box.y + box.h / 2;
            const below = group.y + group.h;
            const x = bus - 10 - index * 8;
            const end = { x: box.x, y };
            const points: Point[] =
                y > below + 12
                    ? [{ x: group.x + group.w - 40 - index * 12, y: below }, { x: group.x + group.w - 40 - index * 12, y }, end]
                    : [{ x: group.x + group.w, y: Math.min(y, below - 14) }, { x, y: Math.min(y, below - 14) }, { x, y }, end];
            return arrow(withoutDoubles(points), { colour: colours.assets, dash: "4 4", width: 1.4 });
        });
}

function wayIn({ entry, callers }: Topology, box: Box, web: Box | undefined): string[] {
    if (entry === undefined || web === undefined) {
        return [];
    }
    const y = box.y + box.h / 2;
    const people = outside.x + outside.w / 2 - 8;
    const hosts = entry.hosts.slice(0, 3);
    const style: TextStyle = { size: 11, colour: muted, anchor: "middle" };
    const from = callers.length === 0 ? "" : `web admits ${listed(callers)}`;
    const caption: TextStyle = { size: 11, colour: muted };
    const lines = fitLines(from, way.w, caption, 2);
    return [
        ...[-16, 0, 16].map((shift) => person({ x: people + shift, y: y - 30 }, shift === 0 ? ink : "#8a97a8")),
        ...hosts.map((host, index) => text({ x: people, y: y + 28 + index * 16 }, fit(host, outside.w - 6, style), style)),
        ...(entry.hosts.length > 3
            ? [text({ x: people, y: y + 28 + 48 }, `and ${entry.hosts.length - 3} more`, style)]
            : []),
        arrow([{ x: people + 34, y }, { x: box.x, y }], { colour: colours.edge, width: 2 }),
        arrow([{ x: box.x + box.w, y }, { x: web.x, y: Math.min(Math.max(y, web.y + 10), web.y + web.h - 10) }], {
            colour: colours.edge,
            width: 2,
        }),
        ...lines.map((line, index) => text({ x: box.x + 2, y: box.y + box.h + 16 + index * 14 }, line, caption)),
    ];
}

function person({ x, y }: Point, colour: string): string {
    return (
        `<g fill="${colour}"><circle cx="${x}" cy="${y}" r="6"/>` +
        `<path d="M${x - 11},${y + 22} v-3 a11,10.5 0 0 1 22,0 v3 z" stroke="${paper}" stroke-width="1.5"/></g>`
    );
}

/** What pods may call outside, along the lower edge of the group. */
function wayOut({ outside: places }: Topology, group: Box): string[] {
    if (places.length === 0) {
        return [];
    }
    const y = group.y + group.h - 22;
    const x = outside.x;
    const points: Point[] = [
        { x: group.x, y },
        { x: x + outside.w - 4, y },
    ];
    const style: TextStyle = { size: 12, colour: muted };
    const lines = places.slice(0, 3).flatMap((place) => place.split(", ").map((part) => fit(part, outside.w - 12, style)));
    const top = y - ((lines.length - 1) * 16) / 2 + 4;
    return [
        arrow(points, { colour: muted, dash: "2 4" }),
        ...lines.map((line, index) => text({ x, y: top + index * 16 }, line, style)),
    ];
}

/** Numbered, because the order is what a release is. */
function releaseStrip({ steps }: Topology, nodes: readonly Node[], box: Box): string {
    const roles = [...new Set(nodes.map(({ role }) => role))];
    const chips = [
        { title: "stores answer", line: "network is open", step: undefined },
        ...steps.map(({ name, command, seconds }, index) => ({
            title: name,
            line: seconds === undefined ? command : `at most ${duration(seconds)}`,
            step: index + 1,
        })),
        { title: listed(roles), line: "start, and roll over", step: undefined },
    ];
    const gap = 24;
    const ends = [104, 122];
    const w = Math.min(180, (box.w - gap * (chips.length - 1) - ends[0]! - ends[1]!) / steps.length);
    const y = box.y + 38;
    const h = 54;
    const parts = [
        phrases({ x: box.x, y: box.y + 16 }, [
            ["Release", titleStyle],
            ["one job after the other; when one fails, the old pods serve on", lineStyle],
        ]),
    ];
    let x = box.x;
    chips.forEach(({ title, line, step }, index) => {
        const chipWidth = step === undefined ? ends[index === 0 ? 0 : 1]! : w;
        const style: TextStyle = { size: 12.5, colour: step === undefined ? muted : ink, weight: 600 };
        const small: TextStyle = { ...lineStyle, size: 11.5 };
        const room = chipWidth - 20;
        const lines = fitLines(title, room, style, step === undefined ? 2 : 1);
        const rows = [
            ...lines.map((content) => [content, style] as const),
            ...(lines.length === 1 ? [[fit(line, room, small), small] as const] : []),
        ];
        parts.push(
            rect({ x, y, w: chipWidth, h }, step === undefined ? { stroke: "#9aa6b5", dash: "3 3" } : { fill: white, stroke: faint }),
            ...rows.map(([content, own], row) => text({ x: x + 11, y: y + 25 + row * 17 }, content, own)),
        );
        if (step !== undefined) {
            const centre = { x: x + chipWidth - 14, y };
            parts.push(
                `<circle cx="${round(centre.x)}" cy="${round(centre.y)}" r="11" fill="${colours.release}"/>`,
                text({ x: centre.x, y: centre.y + 4.3 }, String(step), { size: 12.5, colour: white, weight: 700, anchor: "middle" }),
            );
        }
        if (index > 0) {
            const middle = y + h / 2;
            parts.push(arrow([{ x: x - gap + 2, y: middle }, { x: x - 2, y: middle }], { colour: colours.release, width: 2 }));
        }
        x += chipWidth + gap;
    });
    return parts.join("\n");
}

function duration(seconds: number): string {
    return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function nodeCard(node: Node): Card {
    const { role, name, kind, pods, cpu, memory, ports, volumes, image, copies, command } = node;
    const size = [...(cpu === undefined ? [] : [`${cpu} CPU`]), ...(memory === undefined ? [] : [memory])].join(", ");
    const port = ports[0]?.containerPort;
    const parts = isStore(node)
        ? [{ text: image.split("/").at(-1) ?? image }, { text: size }]
        : [{ text: [...(port === undefined ? [] : [`port ${port}`]), size].join("  ·  ") }, { text: briefly(command), style: codeStyle }];
    return {
        colour: role,
        label: copies === undefined ? role : `${role} replica`,
        title: name,
        badge: `${range(pods)} ${pods.max === 1 ? "pod" : "pods"}`,
        several: pods.max > 1,
        locked: node.protected,
        lines: [
            ...parts.filter((part) => part.text !== ""),
            ...volumes.map((volume) => ({ text: `${volume.size} ${volume.name}`, icon: "disk" as const })),
            ...(kind === "Deployment" || kind === "StatefulSet" ? [] : [{ text: kind }]),
        ],
    };
}

/** A command without what every one of its kind has, and without dashes. */
function briefly(command: string): string {
    const common = /^--(app|loglevel|hostname|schedule|pidfile|bind|graceful-timeout|time-limit|worker-tmp-dir)=|:application$/;
    const [program = "", ...rest] = command.split(/\s+/).filter((word) => !common.test(word));
    const options = rest.filter((word) => word.startsWith("--")).map((word) => word.slice(2));
    return [program, ...(options.length > 0 ? options : rest)].join(" ");
}

function volumeCard({ name, size, component, writtenBy }: Topology["volumes"][number]): Card {
    return {
        colour: component === "assets" ? "assets" : "other",
        label: component === "assets" ? "static files" : "volume",
        title: name,
        lines: [
            { text: size, icon: "disk" },
            ...(writtenBy.length > 0 ? [{ text: `written by ${listed(writtenBy)}` }] : []),
        ],
    };
}

function entryCard({ entry }: Topology): Card {
    const ports = (entry?.listeners ?? []).map(({ protocol, port }) => `${protocol} ${port}`);
    return {
        colour: "edge",
        label: "edge",
        title: "Gateway",
        lines: [
            { text: ports.join(", "), style: { ...lineStyle, size: 11.5 } },
            { text: `class ${entry?.className ?? ""}` },
            ...(entry?.issuer === undefined ? [] : [{ text: `certificate: ${entry.issuer}` }]),
            ...(entry?.redirects === true ? [{ text: "HTTP goes to HTTPS" }] : []),
        ],
    };
}

function configurationCard({ counts, files }: Topology): Card {
    return {
        colour: "configuration",
        label: "configuration",
        title: counted(counts.configMaps, "ConfigMap"),
        lines: [
            { text: counted(counts.secrets, "Secret") },
            ...(counts.passwords > 0 ? [{ text: `${counted(counts.passwords, "password")} generated` }] : []),
            ...files.slice(0, 3).map((file) => ({ text: file, style: codeStyle })),
            ...(files.length > 3 ? [{ text: `and ${counted(files.length - 3, "file")} more` }] : []),
        ],
    };
}

function heightOf({ lines }: Card): number {
    return 50 + lines.length * 17 + (lines.length > 0 ? 6 : 0);
}

function stack<Value>(
    cards: ReadonlyArray<{ readonly value: Value; readonly card: Card }>,
    { x, y, w, gap }: { readonly x: number; readonly y: number; readonly w: number; readonly gap: number },
): Placed<Value>[] {
    let next = y;
    return cards.map(({ value, card }) => {
        const box = { x, y: next, w, h: heightOf(card) };
        next += box.h + gap;
        return { value, box };
    });
}

function bottomOf(placed: readonly Placed<unknown>[], otherwise: number): number {
    return Math.max(otherwise, ...placed.map(({ box }) => box.y + box.h));
}

function drawCard({ colour, label, title, lines, badge, several = false, locked = false }: Card, box: Box): string {
    const tint = colours[colour];
    const { x, y, w } = box;
    const left = x + 16;
    const room = w - 26;
    const badgeStyle: TextStyle = { size: 11, colour: tint, weight: 600 };
    const name = fit(title, room - (locked ? 18 : 0), titleStyle);
    const badgeWidth = badge === undefined ? 0 : textWidth(badge, badgeStyle) + 16;
    return [
        ...(several ? [8, 4].map((shift) => rect({ ...box, x: x + shift, y: y + shift }, { fill: white, stroke: faint })) : []),
        rect(box, { fill: white, stroke: faint }),
        `<path d="M${x + 5},${y} h-0 a8,8 0 0 0 -5,8 v${box.h - 16} a8,8 0 0 0 5,8 z" fill="${tint}"/>`,
        text({ x: left, y: y + 19 }, label.toUpperCase(), { size: 10, colour: tint, weight: 700, spacing: 0.6 }),
        ...(badge === undefined
            ? []
            : [
                  rect({ x: x + w - badgeWidth - 9, y: y + 7, w: badgeWidth, h: 18 }, { fill: `${tint}1a`, radius: 9 }),
                  text({ x: x + w - badgeWidth / 2 - 9, y: y + 20 }, badge, { ...badgeStyle, anchor: "middle" }),
              ]),
        text({ x: left, y: y + 40 }, name, titleStyle),
        ...(locked ? [lock({ x: x + w - 21, y: y + 29 }, muted)] : []),
        ...lines.map(({ text: content, style = lineStyle, icon }, index) => {
            const at = { x: left, y: y + 60 + index * 17 };
            return icon === undefined
                ? text(at, fit(content, room, style), style)
                : disk({ x: at.x, y: at.y - 9.5 }, tint) + text({ ...at, x: at.x + 17 }, fit(content, room - 17, style), style);
        }),
    ].join("\n");
}
