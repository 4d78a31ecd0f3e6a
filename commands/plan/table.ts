// The plan as a table by role, for a terminal of any width and for a file.
import Table from "cli-table3";
import { cloudRows, clusterRows, networkRows, outsideRow, partRow } from "./table/clouds.ts";
import { emptyRow, type Row } from "./table/row.ts";
import { costLines, sumLines } from "./table/summary.ts";
import { isStore, type Entry, type Node, type Step, type Task, type Topology } from "./topology.ts";
import { counted, listed, range, wrap } from "./words.ts";

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
    const fixed = columnNames
        .slice(0, -1)
        .map((key) => Math.max(...[key, ...rows.map((row) => row[key])].map((text) => text.length)) + padding);
    const used = fixed.reduce((sum, width) => sum + width, 0);
    const last = Math.max(13, Math.min(Math.max(columns, narrow), wide) - used);
    const dim = (text: string): string => (colour ? `\u001b[2m${text}\u001b[22m` : text);
    const bold = (text: string): string => (colour ? `\u001b[1m${text}\u001b[22m` : text);
    const table = new Table({
        head: columnNames.map(dim),
        colWidths: [...fixed, last],
        wordWrap: true,
        style: { head: [], border: [], "padding-left": 0, "padding-right": padding },
        chars: {
            top: "",
            "top-mid": "",
            "top-left": "",
            "top-right": "",
            bottom: "",
            "bottom-mid": "",
            "bottom-left": "",
            "bottom-right": "",
            left: "",
            "left-mid": "",
            mid: "",
            "mid-mid": "",
            right: "",
            "right-mid": "",
            middle: "",
        },
    });
    let role = "";
    for (const row of rows) {
        table.push([bold(row.role === role ? "" : row.role), row.name, row.kind, row.pods, row.size, row.reaches]);
        role = row.role;
        // Broken by us: the table would cut a URL that is longer than its column.
        for (const line of row.notes.length === 0
            ? []
            : wrap(row.notes.join(", "), used + last - fixed[0]! - padding)) {
            table.push(["", { content: dim(line), colSpan: columnNames.length - 1 }]);
        }
    }
    return table
        .toString()
        .split("\n")
        .map((line) => line.trimEnd())
        .join("\n");
}

/** Under the table: what would make its rows too long, and what is of the whole. */
export function planSummary(topology: Topology, columns: number = narrow): string {
    const { stack, kind, resources, kinds, nodes, tasks, sums, cost, byHand } = topology;
    const room = Math.max(60, Math.min(columns, wide));
    const images = Map.groupBy([...nodes, ...tasks], ({ image }) => image);
    const width = Math.max(...[...images.keys()].map((image) => image.length));
    const roles = (users: ReadonlyArray<Pick<Node, "role">>): string =>
        listed([...new Set(users.map(({ role }) => role))]);
    return [
        "Images",
        ...[...images].map(([image, users]) => `  ${image.padEnd(width)}  ${roles(users)}`),
        "",
        ...sumLines(sums),
        ...(cost === undefined ? [] : ["", ...costLines(cost, room)]),
        ...(byHand.length === 0
            ? []
            : ["", ...wrap(`Point these names to the Gateway's address by hand: ${byHand.join(", ")}`, room)]),
        "",
        `Stack ${stack}${kind === undefined || kind === stack ? "" : ` (${kind})`}: ` +
            `${counted(resources, "resource")} of ${counted(kinds, "kind")}.`,
    ].join("\n");
}

function rowsOf(topology: Topology): Row[] {
    const { entry, nodes, steps, tasks, stores, volumes, buckets, namespace, counts, files, outside } = topology;
    const inside = nodes.filter(isStore).map((node) => nodeRow(node, topology));
    const beyond = stores.map((store) => outsideRow(store));
    const scheduled = tasks.filter(({ role }) => role === "scheduled").map(taskRow);
    const jobs = tasks.filter(({ role }) => role !== "scheduled").map(taskRow);
    const data = ["pooler", "database", "cache", "broker", "other"];
    return [
        ...(entry === undefined ? [] : [entryRow(entry)]),
        ...nodes.filter((node) => !isStore(node)).map((node) => nodeRow(node, topology)),
        ...scheduled,
        ...releaseRows(steps),
        ...[...beyond, ...inside, ...jobs].toSorted((a, b) => data.indexOf(a.role) - data.indexOf(b.role)),
        ...volumes.map(({ name, size, component, readBy, writtenBy, givenTo, protected: locked }) => ({
            ...emptyRow(component, name, "Volume"),
            size,
            notes: [
                givenTo === "processes"
                    ? `written by ${counted(writtenBy.length, "workload")}`
                    : `read by ${counted(readBy.length, "workload")}`,
                ...(locked ? ["protected"] : []),
            ],
        })),
        ...buckets.map(({ name, holds, endpoint }) => ({
            ...emptyRow(holds === "static" ? "assets" : "media", name, "Bucket"),
            notes: [`is there, at ${endpoint}`],
        })),
        ...cloudRows(topology, "cdn", "bucket").map((part) => partRow("assets", part)),
        {
            ...emptyRow("namespace", namespace.name, "Namespace"),
            notes: [
                ...(namespace.podSecurity === undefined ? [] : [`Pod Security ${namespace.podSecurity}`]),
                ...(namespace.protected ? ["protected"] : []),
                ...(topology.ttl === undefined ? [] : [`may be swept after ${topology.ttl}`]),
            ],
        },
        {
            ...emptyRow("settings", counted(counts.configMaps, "ConfigMap"), counted(counts.secrets, "Secret")),
            notes: [
                ...(counts.passwords > 0 ? [`${counted(counts.passwords, "password")} generated`] : []),
                ...(files.length > 0 ? [`mounts ${listed(files)}`] : []),
            ],
        },
        ...clusterRows(topology),
        {
            ...emptyRow("network", counted(counts.policies, "policy"), ""),
            notes: [
                namespace.refuses ? "all is refused but what they open" : "open by default",
                ...(outside.length > 0 ? [`out to ${listed(outside)}`] : []),
            ],
        },
        ...networkRows(topology),
    ];
}

function taskRow({ name, role, kind, schedule, timeZone, cpu, memory, command }: Task): Row {
    return {
        ...emptyRow(role, name, kind),
        // Now and then one.
        pods: role === "scheduled" ? "0-1" : "1",
        // Of an app's commands their owner chose it.
        ...(role === "scheduled" && { size: [cpu, memory].filter((part) => part !== undefined).join(", ") }),
        notes: [
            ...(schedule === undefined ? [] : [`at ${schedule}${timeZone === undefined ? "" : ` ${timeZone}`}`]),
            ...(role === "scheduled" ? [command] : []),
        ],
    };
}

/** The steps of each app are a sequence of its own: those of several run side by side. */
function releaseRows(steps: readonly Step[]): Row[] {
    const sequences = Map.groupBy(steps, ({ app }) => app);
    return [...sequences].flatMap(([app, ofApp]) =>
        ofApp.map(({ name, seconds, writes }, index) => ({
            ...emptyRow("release", `${sequences.size > 1 ? `${app}: ` : ""}${index + 1} ${name}`, "Job"),
            pods: "1",
            size: seconds === undefined ? "" : `${seconds} s`,
            notes: writes.length > 0 ? [`writes ${listed(writes)}`] : [],
        })),
    );
}

const entryKinds: Readonly<Record<Entry["kind"], string>> = {
    gateway: "Gateway",
    "load-balancers": "Service, LoadBalancer",
    "node-ports": "Service, NodePort",
};

function entryRow(entry: Entry): Row {
    const { kind, name, url, hosts, apps, listeners, issuer, certificate, redirects, targets } = entry;
    const { lentBy, balancer, lacksCertificate, guards = [] } = entry;
    const main = lacksCertificate ? hosts[0] : url;
    const ofApps = apps.map(
        (app) => `${app.name} at ${listed(app.hosts.map((host) => (host === hosts[0] ? (main ?? host) : host)))}`,
    );
    return {
        ...emptyRow("edge", name, entryKinds[kind]),
        reaches: apps.length > 1 ? counted(apps.length, "app") : listed(targets),
        notes: [
            ...(apps.length > 1
                ? ofApps
                : [main ?? listed(hosts), ...(hosts.length > 1 ? [listed(hosts.slice(1))] : [])]),
            ...(lacksCertificate ? ["no certificate is made: HTTPS answers once ACM has one of each name"] : []),
            ...(lentBy === undefined ? [] : [`lent by ${lentBy}`]),
            ...(listeners.length > 0 ? [listed(listeners.map(({ protocol, port }) => `${protocol} ${port}`))] : []),
            ...(balancer === undefined ? [] : [balancer]),
            ...(issuer === undefined ? [] : [`certificate by ${issuer}`]),
            ...(certificate === undefined ? [] : [`certificate of the Secret ${certificate}`]),
            ...(kind === "gateway" ? [] : ["no TLS: straight to the pods"]),
            ...(redirects ? ["HTTP goes to HTTPS"] : []),
            ...guards,
        ],
    };
}

function nodeRow(node: Node, { nodes, stores: beyond, callers }: Topology): Row {
    const { role, name, kind, pods, cpu, memory, volumes, copies, reaches } = node;
    const stores = [...beyond, ...nodes.filter(isStore)];
    return {
        role,
        name,
        kind,
        pods: range(pods),
        size: [cpu, memory].filter((part) => part !== undefined).join(", "),
        reaches: copies ?? (stores.length > 1 && reaches.length === stores.length ? "every store" : reaches.join(", ")),
        notes: [
            ...volumes.map(({ size }) => `volume of ${size}`),
            ...(role === "web" && callers.length > 0 ? [`called by ${listed(callers)}`] : []),
            ...(node.protected ? ["protected"] : []),
        ],
    };
}
