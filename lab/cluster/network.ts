// The machine's part of the network: the node's address, forwarding, and what the pods' packets need on their way out.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gatewayAddress, gatewayPorts, network, nodeAddress, places, publicPorts } from "./layout.ts";
import { attempt, run } from "./shell.ts";

const table = "django-on-kubernetes";
const forwarding = "/proc/sys/net/ipv4/ip_forward";
const forwardingBefore = join(places.root, "ip_forward-before");

/** A table of our own, so that taking it away needs no knowledge of what is in it. */
const rules = `
table ip ${table}
delete table ip ${table}
table ip ${table} {
    chain postrouting {
        type nat hook postrouting priority srcnat
        ip saddr ${network.pods} ip daddr != ${network.pods} masquerade comment "pods to the outside"
    }
    chain output {
        type nat hook output priority -100
        ip daddr ${nodeAddress} tcp dport ${publicPorts.http} dnat to ${gatewayAddress}:${gatewayPorts.http}
        ip daddr ${nodeAddress} tcp dport ${publicPorts.https} dnat to ${gatewayAddress}:${gatewayPorts.https}
    }
}
`;

/** The marks by which our rules in somebody else's chain are found again. */
const comment = ["-m", "comment", "--comment", table];
const podTraffic = [
    ["-s", network.pods, ...comment, "-j", "ACCEPT"],
    ["-d", network.pods, ...comment, "-j", "ACCEPT"],
];

export async function setUpNetwork(): Promise<void> {
    await run("ip", ["address", "replace", `${nodeAddress}/32`, "dev", "lo"]);
    await enableForwarding();
    await run("nft", ["-f", "-"], rules);
    await openForwarding();
}

/** Takes everything away again, also what kube-proxy, the NetworkPolicies' controller and the CNI plugins leave when they are killed. */
export async function tearDownNetwork(): Promise<void> {
    await removeLinks();
    await attempt("ip", ["address", "delete", `${nodeAddress}/32`, "dev", "lo"]);
    for (const [family, name] of [
        ["ip", table],
        ["ip", "kube-proxy"],
        ["ip6", "kube-proxy"],
    ] as const) {
        await attempt("nft", ["delete", "table", family, name]);
    }
    await removeIptablesRules();
    await forgetConnections();
    await restoreForwarding();
}

async function enableForwarding(): Promise<void> {
    const before = (await readFile(forwarding, "utf8")).trim();
    if (before !== "1") {
        await writeFile(forwardingBefore, before);
        await writeFile(forwarding, "1");
    }
}

async function restoreForwarding(): Promise<void> {
    const before = await readFile(forwardingBefore, "utf8").catch(() => undefined);
    if (before !== undefined) {
        await writeFile(forwarding, before);
    }
}

/** Docker sets the policy of this chain to DROP, which no table of ours can overrule: the packet has to pass all of them. */
async function openForwarding(): Promise<void> {
    const { stdout } = await attempt("nft", ["list", "chain", "ip", "filter", "FORWARD"]);
    if (!stdout.includes("policy drop")) {
        return;
    }
    for (const rule of podTraffic) {
        const { exitCode } = await attempt("iptables", ["-w", "-C", "FORWARD", ...rule]);
        if (exitCode !== 0) {
            // At the end: in front it would let through what NetworkPolicies refuse.
            await run("iptables", ["-w", "-A", "FORWARD", ...rule]);
        }
    }
}

/**
 * Our rules, the chains of NetworkPolicies, and those of the CNI plugin for host ports. Looks first: asking iptables would itself
 * make its tables.
 */
async function removeIptablesRules(): Promise<void> {
    const { stdout: tables } = await attempt("nft", ["list", "tables"]);
    if (tables.includes("table ip filter")) {
        for (const rule of podTraffic) {
            await attempt("iptables", ["-w", "-D", "FORWARD", ...rule]);
        }
        await removeChains("iptables", "filter", "KUBE-(?:ROUTER|POD-FW|NWPLCY)-");
    }
    await removeAddressSets();
    for (const [family, prefix] of [
        ["ip", "iptables"],
        ["ip6", "ip6tables"],
    ] as const) {
        if (tables.includes(`table ${family} nat`)) {
            await removeChains(prefix, "nat", "CNI-");
        }
        await removeIfInert(family, "nat");
        await removeIfInert(family, "filter");
    }
}

/** @param prefix how the chains' names begin, as a regular expression; rules of other chains that lead to them go too */
async function removeChains(command: "iptables" | "ip6tables", table: string, prefix: string): Promise<void> {
    const { stdout } = await attempt(`${command}-save`, ["-t", table]);
    const lines = stdout.split("\n");
    const chains = lines.flatMap((line) => new RegExp(`^:(${prefix}\\S+)`).exec(line)?.[1] ?? []);
    const jump = new RegExp(`^-A (?!${prefix}).* -j ${prefix}`);
    const jumps = lines.filter((line) => jump.test(line)).map((line) => line.replace(/^-A/, "-D"));
    const script = [...jumps, ...chains.map((chain) => `-F ${chain}`), ...chains.map((chain) => `-X ${chain}`)];
    if (script.length > 0) {
        await attempt(`${command}-restore`, ["-w", "--noflush"], [`*${table}`, ...script, "COMMIT", ""].join("\n"));
    }
}

/** The pods and ranges that NetworkPolicies name. A set can go only after the rules that ask it. */
async function removeAddressSets(): Promise<void> {
    const { stdout } = await attempt("ipset", ["list", "-name"]);
    for (const name of stdout.split("\n").filter((line) => /^KUBE-(?:SRC|DST)-/.test(line))) {
        await attempt("ipset", ["destroy", name]);
    }
}

/** The plugin makes iptables' tables where there are none; one without a rule and with open policies does nothing. */
async function removeIfInert(family: string, name: string): Promise<void> {
    const { stdout, exitCode } = await attempt("nft", ["list", "table", family, name]);
    const inert = stdout.split("\n").every((line) => /^\s*(table |chain |type .* policy accept;|\}|#|$)/.test(line));
    if (exitCode === 0 && inert) {
        await attempt("nft", ["delete", "table", family, name]);
    }
}

interface Link {
    readonly ifname: string;
    readonly addr_info?: readonly { readonly local?: string }[];
}

/** The machine's ends of the pods' links; the other ends go with them. */
async function removeLinks(): Promise<void> {
    const { stdout } = await attempt("ip", ["-json", "address", "show", "type", "veth"]);
    const links = stdout.trim() === "" ? [] : (JSON.parse(stdout) as Link[]);
    for (const { ifname, addr_info = [] } of links) {
        if (addr_info.some(({ local }) => local === network.gateway)) {
            await attempt("ip", ["link", "delete", ifname]);
        }
    }
}

/** What the kernel remembers of connections would lead the next cluster's services to pods of this one. */
async function forgetConnections(): Promise<void> {
    await attempt("conntrack", ["-D", "-s", network.pods]);
    await attempt("conntrack", ["-D", "-d", network.services]);
}
