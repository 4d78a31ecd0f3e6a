// The few shapes that the picture is made of. Text is measured by the letter, for there is no browser to ask, and then drawn that
// wide in whatever font there is: so none runs over its box where the font is a wide one.
import { letterWidth } from "./svg/letters.ts";

/** Faces of about the same width first: others are drawn narrower or wider than they are made. */
export const sans =
    'Inter, "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "Segoe UI", Roboto, ui-sans-serif, sans-serif';
export const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace';

export interface TextStyle {
    readonly size: number;
    readonly colour: string;
    readonly weight?: 400 | 500 | 600 | 700;
    readonly anchor?: "start" | "middle" | "end";
    readonly font?: "sans" | "mono";
    readonly spacing?: number;
    /** Colour of a rim that keeps the text legible on a line. */
    readonly halo?: string;
}

export interface Point {
    readonly x: number;
    readonly y: number;
}

export function escape(text: string): string {
    const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
    return text.replace(/[&<>"]/g, (character) => entities[character]!);
}

/** How much wider the same letters are in bold, on the average. */
const boldness = 1.06;

/** @returns how wide a text is, in pixels */
export function textWidth(text: string, { size, weight = 400, font = "sans", spacing = 0 }: TextStyle): number {
    const letters = Array.from(text);
    const ems =
        font === "mono" ? letters.length * 0.602 : letters.reduce((sum, letter) => sum + letterWidth(letter), 0);
    return ems * size * (weight >= 600 ? boldness : 1) + spacing * letters.length;
}

/** Cuts a text that is too long; an ellipsis says so. */
export function fit(text: string, width: number, style: TextStyle): string {
    if (textWidth(text, style) <= width) {
        return text;
    }
    // No letter is narrower than a tenth of its size: what is behind that is cut in any case.
    let cut = text.slice(0, Math.ceil((width / style.size) * 10));
    while (cut !== "" && textWidth(`${cut}…`, style) > width) {
        cut = cut.slice(0, -1);
    }
    return `${cut.trimEnd()}…`;
}

/** Breaks a text into at most `most` lines, at spaces and after slashes, dots and hyphens. */
export function fitLines(text: string, width: number, style: TextStyle, most: number): string[] {
    const parts = text.match(/[^\s/.-]*[\s/.-]?/g)!.filter((part) => part !== "");
    const lines: string[] = [""];
    for (const part of parts) {
        const longer = lines.at(-1)! + part;
        if (textWidth(longer.trimEnd(), style) <= width || lines.at(-1) === "") {
            lines[lines.length - 1] = longer;
        } else {
            lines.push(part);
        }
    }
    const kept = lines.slice(0, most);
    if (lines.length > most) {
        kept[most - 1] = lines.slice(most - 1).join("");
    }
    return kept.map((line) => fit(line.trimEnd(), width, style));
}

export function text({ x, y }: Point, content: string, style: TextStyle): string {
    const { size, colour, weight = 400, anchor = "start", font = "sans", spacing, halo } = style;
    const attributes = [
        `x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${colour}"`,
        ...(weight === 400 ? [] : [`font-weight="${weight}"`]),
        ...(anchor === "start" ? [] : [`text-anchor="${anchor}"`]),
        ...(font === "mono" ? [`font-family='${mono}'`] : []),
        ...(spacing === undefined ? [] : [`letter-spacing="${spacing}"`]),
        ...(content === "" ? [] : [`textLength="${round(textWidth(content, style))}" lengthAdjust="spacingAndGlyphs"`]),
        ...(halo === undefined
            ? []
            : [`stroke="${halo}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`]),
    ];
    return `<text ${attributes.join(" ")}>${escape(content)}</text>`;
}

/** Between the parts of a line. */
const phraseGap = 7;

/** Parts of one line, each in its own style. */
export function phrases(
    { x, y }: Point,
    parts: ReadonlyArray<readonly [content: string, style: TextStyle]>,
    anchor: "start" | "end" = "start",
): string {
    const told = parts.filter(([content]) => content !== "");
    const widths = told.map(([content, style]) => textWidth(content, style));
    const whole = widths.reduce((sum, width) => sum + width, phraseGap * Math.max(0, told.length - 1));
    let left = anchor === "start" ? x : x - whole;
    return told
        .map(([content, style], index) => {
            const at = left;
            left += widths[index]! + phraseGap;
            return text({ x: at, y }, content, style);
        })
        .join("\n");
}

export interface Box {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
}

export function rect(
    { x, y, w, h }: Box,
    { fill = "none", stroke = "none", width = 1, radius = 8, dash = "" } = {},
): string {
    const line =
        stroke === "none"
            ? ""
            : ` stroke="${stroke}" stroke-width="${width}"${dash === "" ? "" : ` stroke-dasharray="${dash}"`}`;
    return `<rect x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" rx="${radius}" fill="${fill}"${line}/>`;
}

/** A line along points with rounded corners, and an arrow head at its end. */
export function arrow(
    points: readonly Point[],
    { colour, width = 1.6, dash = "", head = true }: { colour: string; width?: number; dash?: string; head?: boolean },
): string {
    const end = points.at(-1)!;
    const before = points.at(-2)!;
    const line = `<path d="${rounded(points)}" fill="none" stroke="${colour}" stroke-width="${width}"${dash === "" ? "" : ` stroke-dasharray="${dash}"`}/>`;
    return head ? line + arrowHead(before, end, colour) : line;
}

function arrowHead(from: Point, { x, y }: Point, colour: string): string {
    const angle = Math.atan2(y - from.y, x - from.x);
    const corner = (turn: number): string =>
        `${round(x - 8 * Math.cos(angle + turn))},${round(y - 8 * Math.sin(angle + turn))}`;
    return `<path d="M${round(x)},${round(y)} L${corner(0.45)} L${corner(-0.45)} Z" fill="${colour}"/>`;
}

function rounded(points: readonly Point[]): string {
    const radius = 7;
    return points
        .map((point, index) => {
            const previous = points[index - 1];
            const next = points[index + 1];
            if (previous === undefined) {
                return `M${round(point.x)},${round(point.y)}`;
            }
            if (next === undefined) {
                return `L${round(point.x)},${round(point.y)}`;
            }
            const into = towards(point, previous, radius);
            const outOf = towards(point, next, radius);
            return `L${round(into.x)},${round(into.y)} Q${round(point.x)},${round(point.y)} ${round(outOf.x)},${round(outOf.y)}`;
        })
        .join(" ");
}

function towards(from: Point, to: Point, distance: number): Point {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const share = length === 0 ? 0 : Math.min(distance, length / 2) / length;
    return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** A padlock, twelve pixels high. */
export function lock({ x, y }: Point, colour: string): string {
    return (
        `<g transform="translate(${round(x)},${round(y)})"><rect x="0" y="5" width="10" height="7.5" rx="1.5" fill="${colour}"/>` +
        `<path d="M2.2,5.2 V3.4 a2.8,2.8 0 0 1 5.6,0 V5.2" fill="none" stroke="${colour}" stroke-width="1.5"/></g>`
    );
}

/** A disk, twelve pixels high. */
export function disk({ x, y }: Point, colour: string): string {
    return (
        `<g transform="translate(${round(x)},${round(y)})" fill="none" stroke="${colour}" stroke-width="1.3">` +
        `<ellipse cx="5.5" cy="2.4" rx="5" ry="1.9"/><path d="M0.5,2.4 V9.4 a5,1.9 0 0 0 10,0 V2.4"/></g>`
    );
}

export function round(value: number): number {
    return Math.round(value * 10) / 10;
}
