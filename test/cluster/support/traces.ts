// What the machine still has of pods that are gone: processes by their cgroup, and mounts.
import { readdir, readFile } from "node:fs/promises";

/** @param uids of pods; both cgroups and mounts of a pod carry its uid */
export async function tracesOf(uids: readonly string[]): Promise<string[]> {
    const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n").map((line) => `mount ${line}`);
    const pids = (await readdir("/proc")).filter((name) => /^[0-9]+$/.test(name));
    const processes = await Promise.all(
        pids.map(async (pid) => `process ${pid} ${await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "")}`),
    );
    return [...mounts, ...processes].filter((line) => uids.some((uid) => line.includes(uid)));
}

/** The machine's number of the first process of a pod's container, by a word of its command line. */
export async function firstProcessOf(uid: string, word: string): Promise<number> {
    const pids = (await readdir("/proc")).filter((name) => /^[0-9]+$/.test(name));
    for (const pid of pids) {
        const [groups, status, command] = await Promise.all(
            ["cgroup", "status", "cmdline"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "")),
        );
        if (groups!.includes(uid) && /^NSpid:.*\s1$/m.test(status!) && command!.includes(word)) {
            return Number(pid);
        }
    }
    throw new Error(`no first process of the pod ${uid} has "${word}" in its command line`);
}
