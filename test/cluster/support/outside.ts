// Servers beyond the cluster, at addresses that nobody has: a network namespace of this machine, which pods reach as they reach
// anything outside, forwarded and with the machine's own address as their source.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { execa } from "execa";

const name = "test-outside";
const link = { here: "test-outside", address: "192.0.2.1/30", there: "eth0", peer: "192.0.2.2" };
const podRange = "10.244.0.0/16";
/** A routing table for pods alone: this machine may itself be one of a cloud's, with a metadata service that it needs. */
const podTable = "4242";

/** Of ranges that are reserved for documentation, but public in the eyes of NetworkPolicies; and where clouds keep credentials. */
export const outside = {
    opened: "198.51.100.21",
    other: "198.51.100.22",
    metadata: "169.254.169.254",
    ports: [80, 443, 8443],
} as const;

const listener = `
for (const port of ${JSON.stringify(outside.ports)}) {
    require("node:net").createServer((socket) => socket.end()).listen(port, "0.0.0.0");
}
process.stdin.resume().on("end", () => process.exit());
`;

export class Outside {
    private readonly server: ChildProcess;

    private constructor(server: ChildProcess) {
        this.server = server;
    }

    static async open(): Promise<Outside> {
        await removeLink();
        const addresses = [outside.opened, outside.other, outside.metadata];
        await ip("netns", "add", name);
        await ip("link", "add", link.here, "type", "veth", "peer", "name", link.there, "netns", name);
        await ip("address", "add", link.address, "dev", link.here);
        await ip("link", "set", link.here, "up");
        await ip("-n", name, "link", "set", "lo", "up");
        await ip("-n", name, "address", "add", `${link.peer}/30`, "dev", link.there);
        await ip("-n", name, "link", "set", link.there, "up");
        await ip("-n", name, "route", "add", "default", "via", link.address.split("/")[0]!);
        for (const address of addresses) {
            await ip("-n", name, "address", "add", `${address}/32`, "dev", "lo");
            await ip("rule", "add", "from", podRange, "to", `${address}/32`, "lookup", podTable);
            await ip("route", "add", `${address}/32`, "via", link.peer, "dev", link.here, "table", podTable);
        }
        // Answers come from addresses to which this machine itself has no way.
        await writeFile(`/proc/sys/net/ipv4/conf/${link.here}/rp_filter`, "2");
        const server = spawn("ip", ["netns", "exec", name, process.execPath, "-e", listener], {
            stdio: ["pipe", "ignore", "inherit"],
        });
        await once(server, "spawn");
        return new Outside(server);
    }

    async close(): Promise<void> {
        const ended = once(this.server, "exit");
        this.server.stdin?.end();
        await ended;
        await removeLink();
    }
}

/** Also what a test that was killed has left. */
async function removeLink(): Promise<void> {
    await execa("ip", ["netns", "delete", name], { reject: false });
    await execa("ip", ["link", "delete", link.here], { reject: false });
    await execa("ip", ["route", "flush", "table", podTable], { reject: false });
    for (let removed = true; removed;) {
        const { exitCode } = await execa("ip", ["rule", "delete", "lookup", podTable], { reject: false });
        removed = exitCode === 0;
    }
}

async function ip(...args: string[]): Promise<void> {
    await execa("ip", args);
}
