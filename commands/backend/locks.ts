// Who holds a stack. A backend that keeps files has a lock for each update, and a run that was killed leaves its own behind.
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";

export interface Lock {
    readonly user: string;
    readonly host: string;
    readonly pid: number;
    readonly since: Date;
}

/** As the engine complains of them: `...json: created by ci@runner-7 (pid 123) at 2026-12-01T10:20:30Z`. */
const complained = /: created by (\S{1,200})@(\S{1,200}) \(pid (\d{1,10})\) at (\S{1,40})/g;

export function locksIn(complaint: string): Lock[] {
    return [...complaint.matchAll(complained)].map(([, user, host, pid, since]) => ({
        user: user!,
        host: host!,
        pid: Number(pid),
        since: new Date(since!),
    }));
}

/** Also where no file names the holder: Pulumi Cloud keeps one update at a time. */
export function isLocked(complaint: string): boolean {
    return /currently locked by|\[409\] Conflict|Another update is currently in progress/i.test(complaint);
}

interface LockFile {
    readonly pid: number;
    readonly username: string;
    readonly hostname: string;
    readonly timestamp: string;
}

/**
 * Without asking for anything to be changed: of a backend that is a folder of this machine. Of others the complaint tells.
 *
 * @param backend its address, as PULUMI_BACKEND_URL has it
 */
export async function locksOf(backend: string | undefined, project: string, stack: string): Promise<Lock[]> {
    if (backend?.startsWith("file:///") !== true) {
        return [];
    }
    const folder = `${fileURLToPath(new URL(backend))}/.pulumi/locks/organization/${project}/${stack}`;
    const names = await readdir(folder).catch(() => []);
    const locks: Lock[] = [];
    for (const name of names.filter((each) => each.endsWith(".json"))) {
        const text = await readFile(`${folder}/${name}`, "utf8").catch(() => "");
        if (text !== "") {
            const { pid, username, hostname: host, timestamp } = JSON.parse(text) as LockFile;
            locks.push({ user: username, host, pid, since: new Date(timestamp) });
        }
    }
    return locks;
}

/** What is known of processes. */
export interface Here {
    readonly host: string;
    /** Whether a process of that number is an update of Pulumi. */
    readonly runs: (pid: number) => boolean;
}

/** Whether its process is seen here; of another machine nobody can tell. */
export function holderOf({ host, pid }: Lock, here: Here = thisMachine): "runs" | "dead" | "elsewhere" {
    if (host !== here.host) {
        return "elsewhere";
    }
    return here.runs(pid) ? "runs" : "dead";
}

const thisMachine: Here = {
    host: hostname(),
    runs: (pid) => {
        try {
            process.kill(pid, 0);
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "ESRCH") {
                return false;
            }
        }
        try {
            // Numbers are given again.
            return readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("pulumi");
        } catch {
            return true;
        }
    },
};
