// The kernel's groups of processes, of either version.
import { existsSync, readFileSync } from "node:fs";
import { readFile, readdir, writeFile } from "node:fs/promises";
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

/**
 * What all pods together weigh when the processors are busy, in each version's own unit. The kubelet gives them 1024 for each
 * processor, as on a machine that does nothing else: in version 1 as much as two of a workstation's processes, so that a build
 * beside them takes everything, and every pod fails its probes at once. This is as much as 32 processes, and in version 2 two
 * thirds beside two groups of the usual 100. It costs others nothing while pods are idle.
 *
 * @see https://docs.kernel.org/scheduler/sched-design-CFS.html
 */
const weights = { "cpu.shares": "32768", "cpu.weight": "400" } as const;

/** To be called after the kubelet has started: it sets the weight of its own once, then. */
export async function weighPods(): Promise<void> {
    for (const hierarchy of [root, ...(await directoriesIn(root))]) {
        for (const [file, weight] of Object.entries(weights)) {
            const path = join(hierarchy, pods, file);
            if (existsSync(path)) {
                await writeFile(path, weight);
            }
        }
    }
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
