// What each card says.
import { isStore, type Cloud, type Node, type OutsideStore, type Part, type Task, type Topology } from "../topology.ts";
import { counted, listed, range } from "../words.ts";
import { fitLines } from "../svg.ts";
import type { Card } from "./sketch.ts";
import { codeStyle, lineStyle } from "./style.ts";

export function nodeCard(node: Node): Card {
    const { role, name, kind, pods, cpu, memory, ports, volumes, image, copies, command } = node;
    const size = [...(cpu === undefined ? [] : [`${cpu} CPU`]), ...(memory === undefined ? [] : [memory])].join(", ");
    const port = ports[0]?.containerPort;
    const parts = isStore(node)
        ? [{ text: image.split("/").at(-1) ?? image }, { text: size }]
        : [
              { text: [...(port === undefined ? [] : [`port ${port}`]), size].join("  ·  ") },
              { text: briefly(command), style: codeStyle },
          ];
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

/** All of them on one card: when each runs. The table has their commands. */
export function scheduledCard(tasks: readonly Task[]): Card {
    const shown = tasks.slice(0, 4);
    return {
        colour: "scheduled",
        label: "scheduled",
        title: counted(tasks.length, "CronJob"),
        badge: "now and then",
        lines: [
            ...shown.map(({ name, schedule }) => ({
                text: `${name.replace(/^.*-scheduled-/, "")}: ${schedule ?? ""}`,
                style: codeStyle,
            })),
            ...(tasks.length > shown.length ? [{ text: `and ${tasks.length - shown.length} more` }] : []),
        ],
    };
}

/** What says how much a process does at once, and of what. */
const telling = /^--(workers|threads|concurrency|queues)(=|$)/;

/** A program and its telling options with their values, without dashes; where it has none, what it runs. */
export function briefly(command: string): string {
    const words = command.split(/\s+/);
    const first = words.findIndex((word) => word.startsWith("-"));
    if (!words.some((word) => word.startsWith("--"))) {
        return words.join(" ");
    }
    const shown = words.slice(first).flatMap((word, index, options) => {
        if (!telling.test(word)) {
            return [];
        }
        const value = word.includes("=") ? [] : [options[index + 1] ?? ""];
        return [[word.replace(/^--/, ""), ...value].join("=")];
    });
    return shown.length === 0 ? words.slice(0, first).join(" ") : [words[0], ...shown].join(" ");
}

export function volumeCard({
    name,
    size,
    component,
    writtenBy,
    givenTo,
    protected: locked,
}: Topology["volumes"][number]): Card {
    return {
        colour: component === "assets" || component === "media" ? "assets" : "other",
        label: component === "assets" ? "static files" : component === "media" ? "uploaded files" : "volume",
        title: name,
        locked,
        lines: [
            { text: size, icon: "disk" },
            ...(givenTo === "processes"
                ? [{ text: "written by every process" }]
                : writtenBy.length > 0
                  ? [{ text: `written by ${listed([...new Set(writtenBy)])}` }]
                  : []),
        ],
    };
}

/** One that is there, of a server that the plan does not show. */
export function bucketCard({ name, holds, endpoint }: Topology["buckets"][number]): Card {
    return {
        colour: "assets",
        label: holds === "static" ? "static files" : "uploaded files",
        title: name,
        lines: [
            ...fitLines(`at ${endpoint.replace(/^https?:\/\//, "")}`, 150, lineStyle, 2).map((part) => ({
                text: part,
            })),
            { text: "is there" },
        ],
    };
}

export function entryCard({ entry, callers }: Topology): Card {
    const ports = (entry?.listeners ?? []).map(({ protocol, port }) => `${protocol} ${port}`);
    const from =
        callers.length === 0 ? [] : [{ text: `from ${sourcesOf(callers)}`, style: { ...lineStyle, size: 11.5 } }];
    return {
        colour: "edge",
        label: "edge",
        title: entry === undefined ? "Gateway" : entryTitle(entry),
        lent: entry?.lentBy !== undefined,
        lines: [
            ...(ports.length === 0 ? [] : [{ text: ports.join(", "), style: { ...lineStyle, size: 11.5 } }]),
            ...(entry !== undefined && entry.kind !== "gateway"
                ? [{ text: "no TLS: straight to the pods" }]
                : entry?.lentBy === undefined
                  ? fitLines(`class ${entry?.className ?? ""}`, 150, lineStyle, 2).map((part) => ({ text: part }))
                  : [{ text: `by ${entry.lentBy}` }, { text: "our route to our pods" }]),
            ...(entry?.issuer === undefined ? [] : [{ text: `certificate: ${entry.issuer}` }]),
            ...(entry?.certificate === undefined ? [] : [{ text: `certificate: Secret ${entry.certificate}` }]),
            ...(entry?.redirects === true ? [{ text: "HTTP goes to HTTPS" }] : []),
            ...from,
        ],
    };
}

function entryTitle(entry: NonNullable<Topology["entry"]>): string {
    const { kind, apps, lentBy } = entry;
    switch (kind) {
        case "load-balancers":
            return apps.length > 1 ? `${apps.length} load balancers` : "Load balancer";
        case "node-ports":
            return "Ports of the nodes";
        case "gateway":
            return lentBy === undefined ? "Gateway" : "Gateway, lent";
        default:
            return kind satisfies never;
    }
}

/** Which addresses they are, the table says. */
function sourcesOf(callers: readonly string[]): string {
    const [first = ""] = callers;
    const more = / and (\d+) more$/.exec(first)?.[1];
    const count = more === undefined ? first.split(" and ").length : Number(more) + 1;
    return callers.length > 1
        ? `${callers.length} sources`
        : /^\d/.test(first) && count > 1
          ? `${count} ranges of addresses`
          : first;
}

export function configurationCard({ counts, files }: Topology): Card {
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

/** A managed store, or one that another environment lends. */
export function storeCard(store: OutsideStore, nodes: readonly Node[]): Card {
    const { role, name, aliases, part, lentBy, address } = store;
    const clients = nodes.filter((node) => !isStore(node) || node.role === "pooler");
    const users = clients.filter(({ reaches }) => reaches.includes(name));
    const lines = [
        ...(part?.facts ?? [lentBy === undefined ? (address ?? "") : `by ${lentBy}`]),
        ...(aliases.length > 0 ? [`also called ${listed(aliases)}`] : []),
        // A line leads to what all reach; of the others the card says who does.
        ...(users.length === clients.length
            ? []
            : [users.length === 0 ? "reached by none" : `for ${listed([...new Set(users.map((user) => user.role))])}`]),
    ];
    return {
        colour: role,
        label: role,
        title: part?.product ?? (lentBy === undefined ? name : `${name}, lent`),
        lines: pairs(lines).map((line) => ({ text: line })),
        locked: part?.protected ?? false,
        lent: lentBy !== undefined,
    };
}

/** Two short facts share a line. */
function pairs(facts: readonly string[]): string[] {
    const lines: string[] = [];
    for (const fact of facts) {
        const longer = `${lines.at(-1) ?? ""}  ·  ${fact}`;
        if (lines.length > 0 && longer.length <= 32 && !lines.at(-1)!.includes("·")) {
            lines[lines.length - 1] = longer;
        } else {
            lines.push(fact);
        }
    }
    return lines;
}

/** The cards of what is in front of a cluster, in the order in which a request meets them. */
export function frontCards(cloud: Cloud, balancer: Card | undefined): Card[] {
    const of = (...roles: readonly Part["role"][]): Part[] => cloud.parts.filter(({ role }) => roles.includes(role));
    return [
        ...(balancer === undefined ? [] : [balancer]),
        ...of("zone").map(({ product, facts, protected: locked }) => ({
            colour: "dns" as const,
            label: "DNS",
            title: product,
            lines: facts.map((fact) => ({ text: fact })),
            locked,
        })),
        ...of("cdn").map(({ product, facts }) => ({
            colour: "edge" as const,
            label: "CDN",
            title: product,
            lines: facts.map((fact) => ({ text: fact })),
        })),
        // Static files first: the CDN is in front of those.
        ...of("bucket")
            .toSorted((a, b) => Number(b.name === "static") - Number(a.name === "static"))
            .map(({ name, product, facts, protected: locked }) => ({
                colour: "assets" as const,
                label: `${name} files`,
                title: product,
                lines: facts.map((fact) => ({ text: inShort(fact) })),
                locked,
            })),
    ];
}

function inShort(fact: string): string {
    const sites = fact.startsWith("CORS for ") ? fact.slice(9).split(" ") : [];
    return fact === "CORS for any site" || sites.length === 0 ? fact : `CORS for ${counted(sites.length, "site")}`;
}

export function balancerCard({ entry, clouds }: Topology): Card | undefined {
    if (entry?.balancer === undefined) {
        return undefined;
    }
    const hosts = new Set(entry.hosts);
    const certificates = clouds
        .flatMap(({ parts }) => parts)
        .filter(({ role, at = "" }) => role === "certificate" && hosts.has(at));
    return {
        colour: "edge",
        label: "load balancer",
        title: entry.balancer.replace(/ Load Balancer$/, ""),
        lines: [
            {
                text: entry.listeners.map(({ protocol, port }) => `${protocol} ${port}`).join(", "),
                style: { ...lineStyle, size: 11.5 },
            },
            ...(certificates.length === 0 ? [] : [{ text: counted(certificates.length, "certificate") }]),
        ],
    };
}

/** What an account gets beside: as short as a pill. */
export function supportPills({ parts }: Cloud): string[] {
    const of = (role: Part["role"]): Part[] => parts.filter((part) => part.role === role);
    const counts = (role: Part["role"], noun: string): string[] => {
        const found = of(role);
        return found.length === 0 ? [] : [`${counted(found.length, noun)}, ${found[0]!.product}`];
    };
    const days = Math.max(0, ...of("logs").flatMap(({ facts }) => facts.map((fact) => Number.parseInt(fact, 10) || 0)));
    return [
        ...of("registry").map(({ product, name }) => `registry: ${product} ${name}`),
        ...counts("certificate", "certificate"),
        ...counts("key", "key"),
        ...(of("alarm").length === 0 ? [] : [counted(of("alarm").length, "alarm")]),
        ...(days === 0 ? [] : [`logs: up to ${days} days`]),
    ];
}

/** A pool of nodes as short as a pill. */
export function poolPill({ name, product, count, facts }: Part): string {
    const number = count === undefined ? "" : `${range(count)} `;
    const spot = facts.includes("spot") ? ", spot" : "";
    return product === "Autopilot"
        ? "Autopilot: as pods ask for them"
        : `${name}: ${number}${count === undefined ? product : `of ${product}`}${spot}`;
}
