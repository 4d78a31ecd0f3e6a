// The plan as a table by role, for a terminal of any width and for a file.
import Table from "cli-table3";
import { isStore, type Entry, type Node, type Topology } from "./topology.ts";
import { counted, listed, range, wrap } from "./words.ts";

interface Row {
    readonly role: string;
    readonly name: string;
    readonly kind: string;
    readonly pods: string;
    readonly size: string;
    readonly reaches: string;
    /** On a line of their own below. */
    readonly notes: readonly string[];
}

const columnNames = ["role", "name", "kind", "pods", "size", "reaches"] as const;
/** As wide as a terminal is at least; wider ones give the last column more. */
const narrow = 80;
const wide = 120;
const padding = 2;

/**
 * @param columns the terminal's width
 * @param colour whether the terminal shows colours
 */
export function planTable(topology: Topology, { columns = narrow, colour = false } = {}): string {
    const rows = rowsOf(topology);
    const fixed = columnNames.slice(0, -1).map((key) => Math.max(...[key, ...rows.map((row) => row[key])].map((text) => text.length)) + padding);
    const used = fixed.reduce((sum, width) => sum + width, 0);
    const last = Math.max(12, Math.min(Math.max(columns, narrow), wide) - used);
    const dim = (text: string): string => (colour ? `\u001b[2m${text}\u001b[22m` : text);
    const bold = (text: string): string => (colour ? `\u001b[1m${text}\u001b[22m` : text);
    const table = new Table({
        head: columnNames.map(dim),
        colWidths: [...fixed, last],
        wordWrap: true,
        style: { head: [], border: [], "padding-left": 0, "padding-right": padding },
        chars: {
            top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "",
            "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "",
        },
    });
    let role = "";
    for (const row of rows) {
        table.push([bold(row.role === role ? "" : row.role), row.name, row.kind, row.pods, row.size, row.reaches]);
        role = row.role;
        // Broken by us: the table would cut a URL that is longer than its column.
        for (const line of row.notes.length === 0 ? [] : wrap(row.notes.join(", "), used + last - fixed[0]! - padding)) {
            table.push(["", { content: dim(line), colSpan: columnNames.length - 1 }]);
        }
    }
    return table
        .toString()
        .split("\n")
        .map((line) => line.trimEnd())
        .join("\n");
}

/** Under the table: what would make its rows too long. */
export function planSummary(topology: Topology): string {
    const { stack, kind, resources, kinds, nodes } = topology;
    const images = Map.groupBy(nodes, ({ image }) => image);
    const width = Math.max(...[...images.keys()].map((image) => image.length));
    const roles = (users: readonly Node[]): string => listed([...new Set(users.map(({ role }) => role))]);
    return [
        "Images",
        ...[...images].map(([image, users]) => `  ${image.padEnd(width)}  ${roles(users)}`),
        "",
        `Stack ${stack}${kind === undefined || kind === stack ? "" : ` (${kind})`}: ` +
            `${counted(resources, "resource")} of ${counted(kinds, "kind")}.`,
    ].join("\n");
}

function rowsOf(topology: Topology): Row[] {
    const { entry, nodes, steps, volumes, namespace, counts, files, outside } = topology;
    const empty = { kind: "", pods: "", size: "", reaches: "", notes: [] };
    return [
        ...(entry === undefined ? [] : [entryRow(entry)]),
        ...nodes.filter((node) => !isStore(node)).map((node) => nodeRow(node, topology)),
        ...steps.map(({ name, seconds, writes }, index) => ({
            role: "release",
            name: `${index + 1} ${name}`,
            kind: "Job",
            pods: "1",
            size: seconds === undefined ? "" : `${seconds} s`,
            reaches: "",
            notes: writes.length > 0 ? [`writes ${listed(writes)}`] : [],
        })),
        ...nodes.filter(isStore).map((node) => nodeRow(node, topology)),
        ...volumes.map(({ name, size, component, readBy }) => ({
            ...empty,
            role: component,
            name,
            kind: "Volume",
            size,
            notes: [`read by ${counted(readBy.length, "workload")}`],
        })),
        {
            ...empty,
            role: "namespace",
            name: namespace.name,
            kind: "Namespace",
            notes: [
                ...(namespace.podSecurity === undefined ? [] : [`Pod Security ${namespace.podSecurity}`]),
                ...(namespace.protected ? ["protected"] : []),
            ],
        },
        {
            ...empty,
            role: "network",
            name: counted(counts.policies, "policy"),
            notes: [
                namespace.refuses ? "all is refused but what they open" : "open by default",
                ...(outside.length > 0 ? [`out to ${listed(outside)}`] : []),
            ],
        },
        {
            ...empty,
            role: "settings",
            name: counted(counts.configMaps, "ConfigMap"),
            kind: counted(counts.secrets, "Secret"),
            notes: [
                ...(counts.passwords > 0 ? [`${counted(counts.passwords, "password")} generated`] : []),
                ...(files.length > 0 ? [`mounts ${listed(files)}`] : []),
            ],
        },
    ];
}

function entryRow({ name, url, hosts, listeners, issuer, redirects, targets }: Entry): Row {
    return {
        role: "edge",
        name,
        kind: "Gateway",
        pods: "",
        size: "",
        reaches: listed(targets),
        notes: [
            url ?? listed(hosts),
            ...(hosts.length > 1 ? [listed(hosts.slice(1))] : []),
            listed(listeners.map(({ protocol, port }) => `${protocol} ${port}`)),
            ...(issuer === undefined ? [] : [`certificate by ${issuer}`]),
            ...(redirects ? ["HTTP goes to HTTPS"] : []),
        ],
    };
}

function nodeRow(node: Node, { nodes, callers }: Topology): Row {
    const { role, name, kind, pods, cpu, memory, volumes, copies, reaches } = node;
    const stores = nodes.filter(isStore);
    return {
        role,
        name,
        kind,
        pods: range(pods),
        size: [cpu, memory].filter((part) => part !== undefined).join(", "),
        reaches:
            copies ?? (stores.length > 1 && reaches.length === stores.length ? "every store" : reaches.join(", ")),
        notes: [
            ...volumes.map(({ size }) => `volume of ${size}`),
            ...(role === "web" ? [`called by ${listed(callers)}`] : []),
            ...(node.protected ? ["protected"] : []),
        ],
    };
}
