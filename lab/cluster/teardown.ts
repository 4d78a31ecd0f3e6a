// Takes the cluster away from the machine, in whatever state it is: running, half-started, crashed, or from before a reboot.
import { existsSync } from "node:fs";
import { readFile, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { podCgroups, podProcesses } from "./cgroups.ts";
import { removeUserKubeconfig } from "./kubeconfig.ts";
import { bootMark, places } from "./layout.ts";
import { tearDownNetwork } from "./network.ts";
import { cniNetwork } from "./node.ts";
import { killProcess, markedProcesses, processes, stopProcess } from "./processes.ts";
import type { Report } from "../../commands/support/report.ts";
import { attempt } from "./shell.ts";

/** @throws when something holds on to the cluster, saying what; then nothing below the mount is deleted */
export async function tearDown(report: Report): Promise<void> {
    report("Ending processes");
    // Pods' cgroups and logs have places of their own, where another node's could be: only ours to take if a cluster was here.
    const wasHere = existsSync(places.root) || (await markedProcesses()).length > 0;
    await endServers();
    if (wasHere) {
        await endPods();
        report("Removing mounts, cgroups, logs");
        await unmountAll();
        await removeCgroups();
        await removeScattered();
    }
    report("Removing links and rules");
    await tearDownNetwork();
    await removeUserKubeconfig();
    await removeDirectory();
}

/**
 * Ends the cluster and keeps what it knows: objects, volumes, images. Leaves of it what a restart of the machine would leave,
 * so that a start afterwards is one after a restart.
 */
export async function halt(report: Report): Promise<void> {
    if (!existsSync(places.root)) {
        return;
    }
    // Containers end as a node's shutdown ends them: asked first, so that a database has nothing to recover.
    report("Ending the kubelet and the pods");
    await stopProcess("kubelet");
    await askPods();
    await endPods();
    report("Ending the other servers");
    const names = (await processes()).map(({ name }) => name);
    await Promise.all(names.filter((name) => name !== "etcd").map((name) => stopProcess(name)));
    // Last, when nobody writes any more.
    await stopProcess("etcd");
    await until("processes of the cluster", async () => kill(await markedProcesses()));
    report("Removing mounts, cgroups, links and rules");
    await unmountAll();
    await removeCgroups();
    await tearDownNetwork();
    await rm(places.run, { recursive: true, force: true });
    // Nothing else writes it: the store does not wait for the disk.
    await attempt("sync", ["--file-system", places.root]);
}

/**
 * What a restart of the machine without notice does: nobody is asked, and what is not on a disk is gone. For tests.
 *
 * A true one also ends what the kernel had not yet written, which cannot be shown on a machine that goes on.
 */
export async function cutPower(): Promise<void> {
    await endServers();
    await endPods();
    await unmountAll();
    await removeCgroups();
    await tearDownNetwork();
    await rm("/run/containerd/s", { recursive: true, force: true });
    // The boot that this one is was another.
    await writeFile(bootMark, "the boot before");
}

/** As long as a pod that says nothing of it gets: 30 s. Only the first process of a container is told; it tells the others. */
async function askPods(): Promise<void> {
    const first = await firstProcesses();
    for (const pid of first) {
        try {
            process.kill(pid, "SIGTERM");
        } catch {
            // It has ended since.
        }
    }
    for (let waited = 0; waited < 30_000 && (await firstProcesses()).length > 0; waited += 100) {
        await sleep(100);
    }
}

/**
 * PID 1 of each container but of those that only hold a pod's namespaces, which go when the others have gone, and of those that do not
 * listen to SIGTERM, such as `sleep`: the kernel keeps it from them, so there is nothing to wait for.
 */
async function firstProcesses(): Promise<number[]> {
    const found = await Promise.all(
        (await podProcesses()).map(async (pid) => {
            const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
            const isFirst =
                /^NSpid:.*\t1$/m.test(status) && !/^Name:\tpause$/m.test(status) && !/^State:\tZ/m.test(status);
            return isFirst && catchesTerm(status) ? [pid] : [];
        }),
    );
    return found.flat();
}

/** @param status of /proc/PID/status, whose `SigCgt` is a mask of the signals that have a handler */
function catchesTerm(status: string): boolean {
    const mask = BigInt(`0x${/^SigCgt:\t([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
    return ((mask >> 14n) & 1n) === 1n;
}

/** The kubelet first, or it would start again what ends. Nothing is asked politely: whatever it might save goes anyway. */
async function endServers(): Promise<void> {
    await killProcess("kubelet");
    await Promise.all((await processes()).map(({ name }) => killProcess(name)));
    await until("processes of the cluster", async () => kill(await markedProcesses()));
}

async function endPods(): Promise<void> {
    await until("processes in pods", async () => kill(await podProcesses()));
}

/** @returns what is left, in words, or nothing */
async function until(what: string, attemptOnce: () => Promise<readonly unknown[]>): Promise<void> {
    let left: readonly unknown[] = [];
    for (let round = 0; round < 100; round++) {
        left = await attemptOnce();
        if (left.length === 0) {
            return;
        }
        await sleep(50);
    }
    const some = left.slice(0, 5).join(", ");
    throw new Error(
        `${left.length} ${what} do not go away: ${some} ... Try once more; if they stay, restart the machine.`,
    );
}

function kill(pids: readonly number[]): readonly number[] {
    for (const pid of pids) {
        try {
            process.kill(pid, "SIGKILL");
        } catch {
            // It has ended since.
        }
    }
    return pids;
}

async function unmountAll(): Promise<void> {
    await until("mounts", async () => {
        const mounts = await mountsBelow(places.root);
        if (mounts.length > 0) {
            // Lazily: a mount goes from the tree at once, even if some process of the machine is just reading in it.
            await attempt("umount", ["--lazy", ...mounts]);
        }
        return mounts;
    });
}

/** The innermost first. */
async function mountsBelow(directory: string): Promise<string[]> {
    const text = await readFile("/proc/self/mountinfo", "utf8");
    const points = text.split("\n").flatMap((line) => line.split(" ")[4] ?? []);
    return points
        .map(unescape)
        .filter((point) => point.startsWith(`${directory}/`))
        .reverse();
}

/** The kernel writes spaces and the like as octal numbers. */
function unescape(path: string): string {
    return path.replace(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

async function removeCgroups(): Promise<void> {
    await until("cgroups", async () => {
        // A directory of the kernel's: it is removed as such, its files are no hindrance.
        for (const cgroup of (await podCgroups()).reverse()) {
            await rmdir(cgroup).catch(() => undefined);
        }
        return podCgroups();
    });
}

/** What Kubernetes' and containerd's programs keep at fixed places. */
async function removeScattered(): Promise<void> {
    await Promise.all([
        removeEntries("/var/log/pods", () => true),
        removeEntries("/var/log/containers", () => true),
        removeEntries("/var/lib/cni/results", (name) =>
            [cniNetwork, "cni-loopback"].some((network) => name.startsWith(`${network}-`)),
        ),
        removeEntries("/var/lib/kubelet/device-plugins", (name) => name === "kubelet.sock" || name === "DEPRECATION"),
        removeDeadSockets("/run/containerd/s"),
    ]);
    for (const directory of [
        "/var/log/pods",
        "/var/log/containers",
        "/var/lib/cni/results",
        "/var/lib/cni",
        "/var/lib/kubelet/device-plugins",
        "/var/lib/kubelet",
        "/run/containerd/s",
        "/run/containerd",
    ]) {
        // Fails on one that is not empty: then it is somebody else's, too.
        await rmdir(directory).catch(() => undefined);
    }
}

async function removeDirectory(): Promise<void> {
    await until("files", async () => {
        // Of one file system only: should a mount still be there in spite of all, its content is not ours to delete.
        const { stderr } = await attempt("rm", ["--recursive", "--force", "--one-file-system", places.root]);
        // A thread of a killed server may still be finishing the file that it was writing.
        return stderr.split("\n").filter(Boolean);
    });
}

async function removeEntries(directory: string, which: (name: string) => boolean): Promise<void> {
    const names = (await readdir(directory).catch(() => [])).filter(which);
    await Promise.all(names.map((name) => rm(join(directory, name), { recursive: true, force: true })));
}

/** Sockets of shims that were killed; another containerd's shims may have theirs in the same place. */
async function removeDeadSockets(directory: string): Promise<void> {
    const listening = await readFile("/proc/net/unix", "utf8");
    await removeEntries(directory, (name) => !listening.includes(join(directory, name)));
}
