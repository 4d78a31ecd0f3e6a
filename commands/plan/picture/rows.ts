// Rows of cards beyond the namespace: in front of a cluster, and the stores behind it.
import { arrow, fit, fitLines, phrases, text, type Box, type Point } from "../svg.ts";
import type { Node, OutsideStore } from "../topology.ts";
import { storeCard } from "./cards.ts";
import { inRow, widthInRow, type Card, type Placed, type Sketch } from "./sketch.ts";
import { colours, labelStyle, lineStyle, muted, type FrameKind } from "./style.ts";

export interface StoreRow {
    readonly kind: FrameKind;
    /** Whose they are, and in which ranges. */
    readonly title: string;
    readonly note: string;
    readonly stores: readonly OutsideStore[];
}

/** How far into a row the line from above goes: there its branches begin, so that they leave it in a curve. */
export const trunkEnd = 16;

/** @param trunk the x of the line that comes from above; it parts over the cards */
export function drawStores(
    sketch: Sketch,
    { kind, title, note, stores }: StoreRow,
    nodes: readonly Node[],
    at: { readonly x: number; readonly y: number; readonly w: number; readonly trunk: number },
    depth: number,
): Box {
    const cards = stores.map((store) => ({ ...storeCard(store, nodes), store }));
    const left = at.x + 14;
    const placed = inRow(cards, { x: left, y: at.y + 50, w: at.trunk - 18 - left, gap: 24, widest: 262 });
    const bottom = Math.max(...placed.map(({ box }) => box.y + box.h));
    const box = { x: at.x, y: at.y, w: at.w, h: bottom + 14 - at.y };
    sketch.frame(kind, depth, box);
    const name = { ...lineStyle, size: 13, weight: 600 as const, colour: "#1b2330" };
    sketch.text(
        phrases({ x: left, y: at.y + 21 }, [
            [title, name],
            [fit(note, at.w - 60 - title.length * 8, lineStyle), lineStyle],
        ]),
    );
    const bus = at.y + 34;
    const ends = placed.map(({ box: card }) => ({ x: card.x + card.w / 2, y: card.y }));
    for (const [index, end] of ends.entries()) {
        const { port, role } = stores[index]!;
        sketch.line(
            arrow([{ x: at.trunk, y: at.y + trunkEnd }, { x: at.trunk, y: bus }, { x: end.x, y: bus }, end], {
                colour: muted,
            }),
        );
        if (port !== undefined) {
            sketch.line(
                text({ x: end.x - 8, y: end.y - 4 }, String(port), {
                    ...labelStyle,
                    anchor: "end",
                    colour: colours[role],
                }),
            );
        }
    }
    for (const { value, box: card } of placed) {
        sketch.card(value, card);
    }
    return box;
}

/** What users meet first; from the CDN a line to the files behind it. */
export function drawFront(
    sketch: Sketch,
    cards: readonly Card[],
    at: { readonly x: number; readonly y: number; readonly w: number },
): Placed<Card>[] {
    const row = { ...at, gap: 24, widest: 230 };
    // Host names are long: they break at a dot rather than end in an ellipsis.
    const room = widthInRow(cards.length, row) - 26;
    const broken = cards.map((card) => ({
        ...card,
        lines: card.lines.flatMap((line) =>
            fitLines(line.text, room, line.style ?? lineStyle, 2).map((part) => ({ ...line, text: part })),
        ),
    }));
    const placed = inRow(broken, row);
    for (const [index, { value, box }] of placed.entries()) {
        sketch.card(value, box);
        const next = placed[index + 1];
        if (value.label === "CDN" && next?.value.colour === "assets") {
            const y = box.y + box.h / 2;
            sketch.line(
                arrow(
                    [
                        { x: box.x + box.w, y },
                        { x: next.box.x, y },
                    ],
                    { colour: colours.assets },
                ),
            );
        }
    }
    return placed;
}

/** From the users' line down to a card: solid for requests, dashed for looking up a name. */
export function drawDown(sketch: Sketch, y: number, people: Point, { value, box }: Placed<Card>): void {
    const x = box.x + box.w / 2;
    const points: Point[] = [people, { x: people.x, y }, { x, y }, { x, y: box.y }];
    sketch.line(
        arrow(
            points,
            value.label === "DNS"
                ? { colour: colours.dns, dash: "4 4", width: 1.4 }
                : { colour: colours.edge, width: 2 },
        ),
    );
}
