// What is drawn, in layers, with the place of each box: a test can then tell whether two of them overlap.
import { disk, fit, lock, rect, text, textWidth, type Box, type TextStyle } from "../svg.ts";
import {
    colours,
    faint,
    frames,
    ink,
    lineStyle,
    muted,
    titleStyle,
    white,
    type Colour,
    type FrameKind,
} from "./style.ts";

export interface Card {
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
    /** Whether it is another environment's. */
    readonly lent?: boolean;
}

export interface Placed<Value> {
    readonly value: Value;
    readonly box: Box;
}

export interface DrawnBox extends Box {
    readonly what: string;
}

export class Sketch {
    readonly boxes: DrawnBox[] = [];
    readonly #frames: { readonly depth: number; readonly svg: string }[] = [];
    readonly #lines: string[] = [];
    readonly #above: string[] = [];

    /** @param depth how many frames are around it: outer ones are drawn first */
    frame(kind: FrameKind, depth: number, box: Box): void {
        const { fill, stroke, dash } = frames[kind];
        this.#frames.push({ depth, svg: rect(box, { fill, stroke, width: 1.3, radius: 12, dash }) });
        this.boxes.push({ ...box, what: `frame ${kind} at ${box.x},${box.y}` });
    }

    card(card: Card, box: Box): void {
        const shadow = card.several === true ? 8 : 0;
        this.#above.push(drawCard(card, box));
        this.boxes.push({ ...box, w: box.w + shadow, h: box.h + shadow, what: `card ${card.label} ${card.title}` });
    }

    /** Small text in a rounded box; `tone` colours what comes first. */
    pill(content: string, box: Box, tone: string = ink): void {
        const style: TextStyle = { ...pillStyle, colour: tone };
        this.#above.push(
            rect(box, { fill: white, stroke: faint, radius: box.h / 2 }),
            text({ x: box.x + box.w / 2, y: box.y + box.h / 2 + 4 }, fit(content, box.w - 14, style), {
                ...style,
                anchor: "middle",
            }),
        );
        this.boxes.push({ ...box, what: `pill ${content}` });
    }

    /** Another kind of box, already drawn. */
    drawn(svg: string, box: Box, what: string): void {
        this.#above.push(svg);
        this.boxes.push({ ...box, what });
    }

    line(...svg: readonly string[]): void {
        this.#lines.push(...svg);
    }

    text(...svg: readonly string[]): void {
        this.#above.push(...svg);
    }

    toString(): string {
        const under = this.#frames.toSorted((a, b) => a.depth - b.depth).map(({ svg }) => svg);
        return [...under, ...this.#lines, ...this.#above].join("\n");
    }
}

export const pillStyle: TextStyle = { size: 11.5, colour: ink, weight: 500 };
const pillHeight = 21;

/**
 * Pills from left to right, in as many lines as they need, behind a word that says what they are.
 *
 * @returns where they end
 */
export function pillRow(
    sketch: Sketch,
    label: string,
    contents: readonly string[],
    at: { readonly x: number; readonly y: number; readonly w: number },
): number {
    const labelWidth = textWidth(label, lineStyle) + 10;
    sketch.text(text({ x: at.x, y: at.y + 15 }, label, lineStyle));
    let x = at.x + labelWidth;
    let y = at.y;
    for (const content of contents) {
        const w = Math.min(textWidth(content, pillStyle) + 18, at.w - labelWidth);
        if (x + w > at.x + at.w && x > at.x + labelWidth) {
            x = at.x + labelWidth;
            y += pillHeight + 6;
        }
        sketch.pill(content, { x, y, w, h: pillHeight });
        x += w + 7;
    }
    return y + pillHeight;
}

export function heightOf({ lines }: Card): number {
    return 50 + lines.length * 17 + (lines.length > 0 ? 6 : 0);
}

/** Cards one below the other. */
export function stacked<Value extends Card>(
    cards: readonly Value[],
    { x, y, w, gap }: { readonly x: number; readonly y: number; readonly w: number; readonly gap: number },
): Placed<Value>[] {
    let next = y;
    return cards.map((value) => {
        const box = { x, y: next, w, h: heightOf(value) };
        next += box.h + gap;
        return { value, box };
    });
}

export interface Row {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly gap: number;
    /** How wide a card may be. */
    readonly widest: number;
}

/** How wide each of so many cards is. */
export function widthInRow(count: number, { w, gap, widest }: Omit<Row, "x" | "y">): number {
    return Math.min(widest, (w - gap * (count - 1)) / count);
}

/** Cards side by side, of one height. */
export function inRow<Value extends Card>(cards: readonly Value[], { x, y, ...row }: Row): Placed<Value>[] {
    const each = widthInRow(cards.length, row);
    const { gap } = row;
    const h = Math.max(0, ...cards.map(heightOf));
    return cards.map((value, index) => ({ value, box: { x: x + index * (each + gap), y, w: each, h } }));
}

export function bottomOf(placed: readonly Placed<unknown>[], otherwise: number): number {
    return Math.max(otherwise, ...placed.map(({ box }) => box.y + box.h));
}

function drawCard(
    { colour, label, title, lines, badge, several = false, locked = false, lent = false }: Card,
    box: Box,
): string {
    const tint = colours[colour];
    const { x, y, w } = box;
    const left = x + 16;
    const room = w - 26;
    const badgeStyle: TextStyle = { size: 11, colour: tint, weight: 600 };
    const name = fit(title, room - (locked ? 18 : 0), titleStyle);
    const badgeWidth = badge === undefined ? 0 : textWidth(badge, badgeStyle) + 16;
    const edge = lent ? { fill: white, stroke: frames.lent.stroke, dash: "3 3" } : { fill: white, stroke: faint };
    const labelStyle: TextStyle = { size: 10, colour: tint, weight: 700, spacing: 0.6 };
    return [
        ...(several
            ? [8, 4].map((shift) => rect({ ...box, x: x + shift, y: y + shift }, { fill: white, stroke: faint }))
            : []),
        rect(box, edge),
        `<path d="M${x + 5},${y} h-0 a8,8 0 0 0 -5,8 v${box.h - 16} a8,8 0 0 0 5,8 z" fill="${tint}"/>`,
        text({ x: left, y: y + 19 }, fit(label.toUpperCase(), room - badgeWidth, labelStyle), labelStyle),
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
                : disk({ x: at.x, y: at.y - 9.5 }, tint) +
                      text({ ...at, x: at.x + 17 }, fit(content, room - 17, style), style);
        }),
    ].join("\n");
}
