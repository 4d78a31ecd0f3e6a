// How it is seen that a worker or the scheduler hangs. A probe that asks it (`celery inspect ping`) loads the whole app every time, takes
// a second of a processor, and asks the broker too: an outage there would restart every worker. These look at what is there anyway.
import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Liveness } from "./contract.ts";

export interface Heartbeat {
    readonly file: string;
    readonly seconds: number;
}

/** Seconds that a loop may sleep: Celery's wakes every second or two, beat's every thirty, Django Q2's twice a second. */
const longestSleep = 60;

/** @param waiting seconds that the process may wait for something beside its own loop. @default 0 */
export function byProgress(of: "itself" | "children", waiting: number = 0): Liveness {
    return { by: "progress", of, seconds: waiting + longestSleep };
}

export function byFile({ file, seconds }: Heartbeat): Liveness {
    return { by: "file", file, seconds };
}

/**
 * The kernel counts how often a thread was switched to; a loop that wakes up is switched to, also when it only waits for a broker
 * that is away, and one that is stopped or waits for ever is not. The count is kept in a file whose age says since when it has been the
 * same. What cannot be looked at counts as alive, as in a sandbox that has no such numbers. Of the first process it is its first thread.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html voluntary_ctxt_switches
 */
const hasProgressed = `
import os, sys, time
whose, seconds, note = sys.argv[1], float(sys.argv[2]), "/tmp/.progress"
try:
    pids = ["1"]
    if whose == "children":
        with open("/proc/1/task/1/children") as file:
            pids = file.read().split()
    seen = ""
    for pid in pids:
        with open(f"/proc/{pid}/status") as file:
            seen += pid + "".join(line for line in file if "ctxt_switches" in line)
    with open(note, "a+") as file:
        file.seek(0)
        if "ctxt" not in seen or file.read() != seen:
            file.truncate(0)
            file.write(seen)
    age = time.time() - os.stat(note).st_mtime
except OSError:
    sys.exit(0)
sys.exit(age > seconds)
`.trim();

const wasTouched = `
import os, sys, time
sys.exit(time.time() - os.stat(sys.argv[1]).st_mtime > float(sys.argv[2]))
`.trim();

/** Without the image's own settings and packages, Python starts in a hundredth of a second. */
const python = ["python", "-I", "-S", "-c"];

/** Seconds between two looks. */
const period = 20;

/** The most that a look takes on a node that has no processor to spare. */
const patience = 10;

/** So many looks in a row have to say so. */
const looks = 3;

/** What hangs does not stop by itself: it need not get the time that a task does. */
const gracePeriod = 20;

/**
 * Seconds until a process that hangs is started anew, at most: until a look has noted its last progress, until it counts as hung and so
 * many looks have said so, and until it is killed.
 */
export function secondsToRestart({ seconds }: Liveness): number {
    return period + seconds + looks * period + gracePeriod;
}

export function livenessProbe(liveness: Liveness): core.v1.Probe {
    const { seconds } = liveness;
    const common = {
        periodSeconds: period,
        timeoutSeconds: patience,
        failureThreshold: looks,
        terminationGracePeriodSeconds: gracePeriod,
    };
    switch (liveness.by) {
        case "progress":
            return { exec: { command: [...python, hasProgressed, liveness.of, String(seconds)] }, ...common };
        case "file":
            return {
                exec: { command: [...python, wasTouched, liveness.file, String(seconds)] },
                // The file of the container before may be there still.
                initialDelaySeconds: seconds,
                ...common,
            };
        default:
            return liveness satisfies never;
    }
}
