// Tells a process from another that later got its number.
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
    readonly pid: number;
    /** In clock ticks since the machine's boot, as in /proc/PID/stat. */
    readonly startTicks: string;
    readonly boot: string;
}

/** Undefined when there is no such process. */
export function identify(pid: number): ProcessIdentity | undefined {
    const ticks = startTicks(pid);
    return ticks === undefined ? undefined : { pid, startTicks: ticks, boot: bootId() };
}

/** Whether that very process still runs. */
export function isSame({ pid, startTicks: ticks, boot }: ProcessIdentity): boolean {
    return boot === bootId() && startTicks(pid) === ticks;
}

export function bootId(): string {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** Undefined also for a process that ended and whose parent has not yet noticed. */
function startTicks(pid: number): string | undefined {
    try {
        const text = readFileSync(`/proc/${pid}/stat`, "utf8");
        // The name, in brackets, may itself contain spaces and brackets; the state is the field right after it.
        const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
        return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
    } catch {
        return undefined;
    }
}
