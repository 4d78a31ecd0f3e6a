// A release as a row of steps, a row for each app: those run side by side. Numbered, because the order is what a release is.
import { arrow, fit, phrases, rect, round, text, textWidth, type TextStyle } from "../svg.ts";
import type { Node, Step, Topology } from "../topology.ts";
import { counted, listed, wrap } from "../words.ts";
import type { Sketch } from "./sketch.ts";
import { colours, faint, ink, lineStyle, muted, titleStyle, white } from "./style.ts";

interface Chip {
    /** One line each. */
    readonly title: readonly string[];
    readonly line: string;
    /** Which step of its app's release it is. */
    readonly step?: number;
}

interface PlacedChip extends Chip {
    readonly x: number;
    readonly y: number;
    readonly w: number;
}

const head = 38;
const chipHeight = 54;
const rowGap = 20;
const narrowGap = 18;
const widest = 190;
const inside = 22;

const titleOf = ({ step }: Chip): TextStyle => ({ size: 12.5, colour: step === undefined ? muted : ink, weight: 600 });
const small: TextStyle = { ...lineStyle, size: 11.5 };

/** @returns how high it is; nothing without a release */
export function releaseHeight(topology: Topology, nodes: readonly Node[], width: number): number {
    return topology.steps.length === 0 ? 0 : Math.max(...placed(topology, nodes, width).map(({ y }) => y)) + chipHeight;
}

export function releaseStrip(
    sketch: Sketch,
    topology: Topology,
    nodes: readonly Node[],
    { x: left, y: top, w: width }: { readonly x: number; readonly y: number; readonly w: number },
): void {
    const apps = new Set(topology.steps.map(({ app }) => app)).size;
    sketch.text(
        phrases({ x: left, y: top + 16 }, [
            [apps > 1 ? counted(apps, "release") : "Release", titleStyle],
            [
                `${apps > 1 ? "side by side, in each " : ""}one job after the other; when one fails, the old pods serve on`,
                lineStyle,
            ],
        ]),
    );
    const chips = placed(topology, nodes, width);
    chips.forEach((chip, index) => {
        const box = { x: left + chip.x, y: top + chip.y, w: chip.w, h: chipHeight };
        drawChip(sketch, chip, box);
        const previous = chips[index - 1];
        // A row begins with what waits for nothing of the plan.
        if (previous !== undefined && previous.y === chip.y && chip.x > previous.x) {
            const middle = box.y + chipHeight / 2;
            sketch.line(
                arrow(
                    [
                        { x: left + previous.x + previous.w + 2, y: middle },
                        { x: box.x - 2, y: middle },
                    ],
                    { colour: colours.release, width: 2 },
                ),
            );
        }
    });
}

function drawChip(
    sketch: Sketch,
    chip: PlacedChip,
    box: { readonly x: number; readonly y: number; readonly w: number; readonly h: number },
): void {
    const { title, line, step } = chip;
    const room = box.w - inside + 2;
    const rows = [
        ...title.map((content) => [content, titleOf(chip)] as const),
        ...(title.length === 1 ? [[line, small] as const] : []),
    ];
    const parts = [
        rect(box, step === undefined ? { stroke: "#9aa6b5", dash: "3 3" } : { fill: white, stroke: faint }),
        ...rows.map(([content, style], row) =>
            text({ x: box.x + 11, y: box.y + 25 + row * 17 }, fit(content, room, style), style),
        ),
    ];
    if (step !== undefined) {
        const centre = { x: box.x + box.w - 14, y: box.y };
        parts.push(
            `<circle cx="${round(centre.x)}" cy="${round(centre.y)}" r="11" fill="${colours.release}"/>`,
            text({ x: centre.x, y: centre.y + 4.3 }, String(step), {
                size: 12.5,
                colour: white,
                weight: 700,
                anchor: "middle",
            }),
        );
    }
    sketch.drawn(parts.join("\n"), box, `step ${title.join(" ")}`);
}

/** Where each chip is, from the strip's corner. */
function placed(topology: Topology, nodes: readonly Node[], width: number): PlacedChip[] {
    const { steps, tasks } = topology;
    const [job] = tasks.filter(({ kind }) => kind === "Job");
    const sequences = Map.groupBy(steps, ({ app }) => app);
    let y = head;
    const found: PlacedChip[] = [];
    for (const [app, ofApp] of sequences) {
        const roles = nodes.filter((node) => node.app === app).map(({ role }) => role);
        const chips: Chip[] = [
            sequences.size > 1
                ? { title: [app], line: "stores answer" }
                : { title: ["stores answer"], line: "network is open" },
            // Once, when the environment is made, and no part of later releases.
            ...(job === undefined || sequences.size > 1 ? [] : [{ title: [job.name], line: "once" }]),
            ...ofApp.map((step, index) => stepChip(step, index + 1)),
            { title: wrap(listed([...new Set(roles)]), 18).slice(0, 2), line: "start, roll over" },
        ];
        const row = inRows(chips, width);
        found.push(...row.map((chip) => ({ ...chip, y: y + chip.y })));
        y += Math.max(...row.map((chip) => chip.y)) + chipHeight + rowGap;
    }
    return found;
}

function stepChip({ name, command, seconds }: Step, step: number): Chip {
    return { title: [name], line: seconds === undefined ? command : `at most ${duration(seconds)}`, step };
}

/** As wide as their words, and wider where there is room; in a second row where there is none. */
function inRows(chips: readonly Chip[], width: number): PlacedChip[] {
    const rows: { readonly chip: Chip; readonly w: number }[][] = [[]];
    for (const chip of chips) {
        const wanted = Math.max(
            ...chip.title.map((content) => textWidth(content, titleOf(chip)) + (chip.step === undefined ? 0 : 8)),
            textWidth(chip.line, small),
        );
        const w = Math.min(width, widest, Math.max(80, wanted + inside));
        const row = rows.at(-1)!;
        const used = row.reduce((sum, one) => sum + one.w + narrowGap, 0);
        if (row.length > 0 && used + w > width) {
            rows.push([]);
        }
        rows.at(-1)!.push({ chip, w });
    }
    return rows.flatMap((row, index) => {
        const used = row.reduce((sum, { w }) => sum + w, narrowGap * (row.length - 1));
        const more = Math.min(24, (width - used) / row.length);
        let x = 0;
        return row.map(({ chip, w }) => {
            const at = { ...chip, x, y: index * (chipHeight + rowGap), w: w + more };
            x += w + more + narrowGap;
            return at;
        });
    });
}

function duration(seconds: number): string {
    return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
