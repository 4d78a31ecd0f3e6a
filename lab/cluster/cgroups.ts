// The kernel's groups of processes, of either version.
import { existsSync, readFileSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

const root = "/sys/fs/cgroup";

/** Where the kubelet puts all pods, in each hierarchy. */
const pods = "kubepods";

/** The pods' groups in all hierarchies, the outermost first. */
export async function podCgroups(): Promise<string[]> {
    const hierarchies = [root, ...(await directoriesIn(root))];
    const tops = (await Promise.all(hierarchies.map(directoriesIn))).flat().filter((path) => path.endsWith(`/${pods}`));
    return (await Promise.all([...new Set(tops)].map(withChildren))).flat();
}

/** The processes of all pods, those of another node's on this machine too. */
export async function podProcesses(): Promise<number[]> {
    const lists = await Promise.all(
        (await podCgroups()).map((path) => readFile(join(path, "cgroup.procs"), "utf8").catch(() => "")),
    );
    return [...new Set(lists.flatMap((list) => list.split("\n").filter(Boolean).map(Number)))];
}

/** The controllers that a node needs and the machine does not offer. */
export function missingControllers(): string[] {
    const needed = ["cpu", "cpuset", "memory", "pids"];
    const unified = join(root, "cgroup.controllers");
    const offered = existsSync(unified) ? readFileSync(unified, "utf8").trim().split(" ") : mountedControllers();
    return needed.filter((controller) => !offered.includes(controller));
}

function mountedControllers(): string[] {
    const text = readFileSync("/proc/self/mounts", "utf8");
    const mounts = text.split("\n").map((line) => line.split(" "));
    return mounts.filter(([, , type]) => type === "cgroup").flatMap(([, , , options = ""]) => options.split(","));
}

async function withChildren(path: string): Promise<string[]> {
    const children = await Promise.all((await directoriesIn(path)).map(withChildren));
    return [path, ...children.flat()];
}

async function directoriesIn(path: string): Promise<string[]> {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
}
