// A release as a row of steps. Numbered, because the order is what a release is.
import { arrow, fit, fitLines, phrases, rect, round, text, type Box, type TextStyle } from "../svg.ts";
import type { Node, Topology } from "../topology.ts";
import { listed } from "../words.ts";
import type { Sketch } from "./sketch.ts";
import { colours, faint, ink, lineStyle, muted, titleStyle, white } from "./style.ts";

export function releaseStrip(sketch: Sketch, { steps, tasks }: Topology, nodes: readonly Node[], box: Box): void {
    const roles = [...new Set(nodes.map(({ role }) => role))];
    const [job] = tasks.filter(({ kind }) => kind === "Job");
    const chips = [
        { title: "stores answer", line: "network is open", step: undefined },
        // Once, when the environment is made, and no part of later releases.
        ...(job === undefined ? [] : [{ title: job.name, line: "once", step: undefined }]),
        ...steps.map(({ name, command, seconds }, index) => ({
            title: name,
            line: seconds === undefined ? command : `at most ${duration(seconds)}`,
            step: index + 1,
        })),
        { title: listed(roles), line: "start, roll over", step: undefined },
    ];
    const gap = 24;
    const outer = chips.length - steps.length;
    const each = outer > 2 ? 112 : 122;
    const w = Math.min(180, (box.w - gap * (chips.length - 1) - each * outer) / steps.length);
    const y = box.y + 38;
    const h = 54;
    sketch.text(
        phrases({ x: box.x, y: box.y + 16 }, [
            ["Release", titleStyle],
            ["one job after the other; when one fails, the old pods serve on", lineStyle],
        ]),
    );
    let x = box.x;
    chips.forEach(({ title, line, step }, index) => {
        const chipWidth = step === undefined ? each : w;
        const style: TextStyle = { size: 12.5, colour: step === undefined ? muted : ink, weight: 600 };
        const small: TextStyle = { ...lineStyle, size: 11.5 };
        const room = chipWidth - 20;
        const lines = fitLines(title, room, style, step === undefined ? 2 : 1);
        const rows = [
            ...lines.map((content) => [content, style] as const),
            ...(lines.length === 1 ? [[fit(line, room, small), small] as const] : []),
        ];
        const chip = { x, y, w: chipWidth, h };
        const parts = [
            rect(chip, step === undefined ? { stroke: "#9aa6b5", dash: "3 3" } : { fill: white, stroke: faint }),
            ...rows.map(([content, own], row) => text({ x: x + 11, y: y + 25 + row * 17 }, content, own)),
        ];
        if (step !== undefined) {
            const centre = { x: x + chipWidth - 14, y };
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
        sketch.drawn(parts.join("\n"), chip, `step ${title}`);
        if (index > 0) {
            const middle = y + h / 2;
            sketch.line(
                arrow(
                    [
                        { x: x - gap + 2, y: middle },
                        { x: x - 2, y: middle },
                    ],
                    { colour: colours.release, width: 2 },
                ),
            );
        }
        x += chipWidth + gap;
    });
}

function duration(seconds: number): string {
    return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
