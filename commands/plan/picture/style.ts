// Colours that mean something, and the few kinds of text.
import type { Role } from "../../../policy/plan-view.ts";
import type { TextStyle } from "../svg.ts";

export const width = 960;
export const margin = 20;

export const paper = "#fdfdfb";
export const inner = "#e7edf5";
export const white = "#ffffff";
export const ink = "#1b2330";
export const muted = "#566173";
export const faint = "#c3ccd8";

export type Colour = Role | "edge" | "assets" | "configuration" | "dns" | "nodes" | "support";

/** One per role; the same everywhere, so that a line and the card that it ends at belong together. */
export const colours: Record<Colour, string> = {
    edge: "#0f766e",
    web: "#2458d3",
    worker: "#7a3bd0",
    beat: "#a85a05",
    scheduled: "#8a6d00",
    shell: "#4b5a6e",
    app: "#4b5a6e",
    release: "#18794a",
    pooler: "#2f7d8f",
    database: "#0b6a8c",
    cache: "#b91c48",
    broker: "#b8470d",
    assets: "#4d7a12",
    configuration: "#4b5a6e",
    dns: "#6b4fa0",
    nodes: "#4f5aa8",
    support: "#566173",
    other: "#4b5a6e",
};

export type FrameKind = "cloud" | "network" | "cluster" | "namespace" | "stores" | "lent";

/** Dashed is what bounds no machines: a namespace, a range of addresses, what belongs to others. */
export const frames: Record<FrameKind, { readonly fill: string; readonly stroke: string; readonly dash: string }> = {
    cloud: { fill: "#f6f5f0", stroke: "#a29c86", dash: "" },
    network: { fill: "#edf3ee", stroke: "#6f9a7c", dash: "" },
    cluster: { fill: "#eeeef8", stroke: "#7d84bd", dash: "" },
    namespace: { fill: "#f8fafc", stroke: "#8a97a8", dash: "6 4" },
    stores: { fill: "#e4eff3", stroke: "#5b97ad", dash: "6 4" },
    lent: { fill: "#f6f0e6", stroke: "#b08d57", dash: "3 4" },
};

export const titleStyle: TextStyle = { size: 15, colour: ink, weight: 600 };
export const lineStyle: TextStyle = { size: 12, colour: muted };
export const codeStyle: TextStyle = { size: 10.5, colour: muted, font: "mono" };
export const labelStyle: TextStyle = { size: 11, colour: muted, weight: 500 };
