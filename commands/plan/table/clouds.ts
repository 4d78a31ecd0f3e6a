// The table's rows of what is not in the namespace: managed stores, buckets, cluster, networks, and what is around them.
import type { OutsideStore, Part, PartRole, Topology } from "../topology.ts";
import { counted, listed, range } from "../words.ts";
import { emptyRow, type Row } from "./row.ts";

export function cloudRows({ clouds }: Topology, ...roles: readonly PartRole[]): Part[] {
    return clouds.flatMap(({ parts }) => parts).filter(({ role }) => roles.includes(role));
}

export function partRow(role: string, part: Part): Row {
    const { name, product, count, facts } = part;
    return {
        ...emptyRow(role, name, product),
        pods: count === undefined ? "" : range(count),
        notes: [...facts, ...(part.protected ? ["protected"] : [])],
    };
}

/** A server that the app calls by the name of a Service. */
export function outsideRow({ name, aliases, role, part, lentBy, beyondCluster, address }: OutsideStore): Row {
    const names = aliases.length > 0 ? [`also called ${listed(aliases)}`] : [];
    if (part !== undefined) {
        const row = partRow(role, part);
        return { ...row, name, notes: [...row.notes, ...names] };
    }
    return lentBy === undefined
        ? { ...emptyRow(role, name, "outside"), notes: [`at ${address ?? "an unknown address"}`, ...names] }
        : {
              ...emptyRow(role, name, "lent"),
              notes: [`by ${lentBy}`, ...(beyondCluster === true ? ["outside the cluster"] : []), ...names],
          };
}

export function clusterRows(topology: Topology): Row[] {
    const { cluster, addons } = topology;
    const made = cloudRows(topology, "cluster").map((part) => partRow("cluster", part));
    return [
        ...made,
        ...(made.length === 0 && cluster !== undefined && cluster !== ""
            ? [emptyRow("cluster", cluster, "is there")]
            : []),
        ...cloudRows(topology, "nodes").map((part) => partRow("nodes", part)),
        ...(addons.length === 0
            ? []
            : [
                  {
                      ...emptyRow("add-ons", counted(addons.length, "add-on"), ""),
                      notes: addons.map(({ name, version, managed }) =>
                          [name, version, managed && "of the cloud"].filter(Boolean).join(" "),
                      ),
                  },
              ]),
    ];
}

/** Networks, names and what else an account gets. */
export function networkRows(topology: Topology): Row[] {
    return [
        ...cloudRows(topology, "network").map((part) => partRow("network", part)),
        ...cloudRows(topology, "zone").map((part) => partRow("zone", part)),
        ...together(topology, "certificate", "certificate", ({ at = "" }) => at),
        ...together(topology, "registry", "registry", ({ name, facts }) => [name, ...facts].join(" ")),
        ...together(topology, "key", "key", ({ name }) => `for ${name}`),
        ...together(topology, "logs", "log", ({ name, facts }) => [name, ...facts].join(" ")),
        ...alarmRows(topology),
        ...topology.clouds.map(({ title, place }) => ({
            ...emptyRow("cloud", title, ""),
            notes: place === "" ? [] : [place],
        })),
    ];
}

/** Alarms, checks of hosts and budgets are each counted by themselves. */
function alarmRows(topology: Topology): Row[] {
    const products = Map.groupBy(cloudRows(topology, "alarm"), ({ product }) => product);
    return [...products].map(([product, parts]) => ({
        ...emptyRow("alarms", counted(parts.length, nounOfAlarms(product)), ""),
        notes: [product, ...new Set(parts.map(({ facts: [said = ""] }) => said))],
    }));
}

function nounOfAlarms(product: string): string {
    return product === "Budgets" ? "budget" : product === "Route 53" || product === "Uptime" ? "check" : "alarm";
}

/** One row for all of a role and product: three certificates are one line, not six. */
function together(topology: Topology, role: PartRole, noun: string, words: (part: Part) => string): Row[] {
    const products = Map.groupBy(cloudRows(topology, role), ({ product }) => product);
    return [...products].map(([product, parts]) => ({
        ...emptyRow(
            role === "certificate" || role === "registry" || role === "logs" ? role : `${role}s`,
            counted(parts.length, noun),
            "",
        ),
        notes: [product, ...new Set(parts.map(words)), ...(parts.every((part) => part.protected) ? ["protected"] : [])],
    }));
}
