// Servers that outlive the command that started them: each with a log file and a record of its process.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { mkdir, open, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { places } from "./layout.ts";
import { bootId, identify, isSame, type ProcessIdentity } from "./process-identity.ts";

export interface Server {
    readonly name: string;
    readonly command: string;
    readonly args: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    /** Content of the files that the server reads at its start: when they change, it is started anew. */
    readonly reads?: readonly string[];
    /** Answers whether it serves; an exception counts as no. */
    readonly ready: () => Promise<boolean>;
    /** How long it may take to serve, in seconds. @default 60 */
    readonly patience?: number;
    /** What to do when it does not come up, for the error. */
    readonly advice?: string;
}

/** What is known of a started process. */
export interface ProcessRecord extends ProcessIdentity {
    /** ISO 8601. */
    readonly since: string;
    /** Changes with the command line and with what the server reads. */
    readonly fingerprint: string;
}

export interface ProcessState {
    readonly name: string;
    readonly record: ProcessRecord;
    readonly alive: boolean;
}

/** Starts the server unless it runs as asked, and returns once it serves. @returns whether it had to be started */
export async function ensureServer(server: Server): Promise<boolean> {
    const running = await recordOf(server.name);
    const fingerprint = fingerprintOf(server);
    const current = running !== undefined && isSame(running) && running.fingerprint === fingerprint;
    if (!current) {
        if (running !== undefined) {
            await stopProcess(server.name);
        }
        await start(server, fingerprint);
    }
    await waitUntilReady(server);
    return !current;
}

/** The processes that were started and not yet stopped, dead ones too. */
export async function processes(): Promise<ProcessState[]> {
    const files = await readdir(places.pids).catch(() => []);
    const names = files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
    const states = await Promise.all(
        names.sort().map(async (name) => {
            const record = await recordOf(name);
            return record === undefined ? [] : [{ name, record, alive: isSame(record) }];
        }),
    );
    return states.flat();
}

/** Asks the process to end, insists after a while, and forgets it. Touches no process that is not the recorded one. */
export async function stopProcess(name: string, patienceMs = 5000): Promise<void> {
    const record = await recordOf(name);
    if (record !== undefined) {
        signal(record, "SIGTERM");
        if (!(await ended(record, patienceMs))) {
            signal(record, "SIGKILL");
            await ended(record, 5000);
        }
    }
    await rm(recordPath(name), { force: true });
}

/** Ends the process without asking; for servers whose state is thrown away. */
export async function killProcess(name: string): Promise<void> {
    await stopProcess(name, 0);
}

export function logPath(name: string): string {
    return join(places.logs, `${name}.log`);
}

/** The last lines that a server wrote. */
export async function logTail(name: string, lines = 12): Promise<string> {
    const file = await open(logPath(name)).catch(() => undefined);
    if (file === undefined) {
        return "(it wrote nothing)";
    }
    try {
        const { size } = await file.stat();
        const length = Math.min(size, 16 * 1024);
        const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
        return buffer.toString("utf8").trimEnd().split("\n").slice(-lines).join("\n") || "(it wrote nothing)";
    } finally {
        await file.close();
    }
}

function recordPath(name: string): string {
    return join(places.pids, `${name}.json`);
}

async function recordOf(name: string): Promise<ProcessRecord | undefined> {
    const text = await readFile(recordPath(name), "utf8").catch(() => undefined);
    try {
        return text === undefined ? undefined : (JSON.parse(text) as ProcessRecord);
    } catch {
        return undefined; // cut off by a crash of the machine, and so without a process
    }
}

async function start(server: Server, fingerprint: string): Promise<void> {
    await Promise.all([places.pids, places.logs].map((directory) => mkdir(directory, { recursive: true })));
    await trimLog(server.name);
    const log = openSync(logPath(server.name), "a");
    try {
        const child = spawn(server.command, server.args, {
            cwd: places.root,
            detached: true,
            env: environment(server),
            stdio: ["ignore", log, log],
        });
        const pid = await new Promise<number>((resolve, reject) => {
            child.once("spawn", () => resolve(child.pid!));
            child.once("error", (error) => reject(new Error(`${server.name} cannot be started: ${error.message}`)));
        });
        child.unref();
        const record: ProcessRecord = {
            ...(identify(pid) ?? { pid, startTicks: "ended", boot: bootId() }),
            since: new Date().toISOString(),
            fingerprint,
        };
        await writeFile(recordPath(server.name), JSON.stringify(record));
    } finally {
        closeSync(log);
    }
}

/**
 * Marks every process that is the cluster's, and what it starts in turn: so it is found even if its record is lost. The pods'
 * own processes do not get it.
 */
const mark = { name: "EMBEDDED_CLUSTER", value: places.root };

/** All processes that bear the mark, whether or not there is a record of them. */
export async function markedProcesses(): Promise<number[]> {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
    const found = await Promise.all(
        pids.map(async (pid) => {
            const variables = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
            return variables.split("\0").includes(`${mark.name}=${mark.value}`) && identify(pid) !== undefined
                ? [pid]
                : [];
        }),
    );
    return found.flat();
}

/** The user's proxy is not for talking among the servers. */
function environment(server: Server): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) =>
        /^(PATH|HOME|LANG|LC_.*|TZ|SSL_CERT_.*)$/.test(name),
    );
    const { PATH = "", ...rest } = Object.fromEntries(inherited);
    return { ...rest, PATH: `${PATH}:/usr/sbin:/sbin`, [mark.name]: mark.value, ...server.env };
}

/** Appended to from start to start, so that the cause of an end stays; within bounds. */
async function trimLog(name: string): Promise<void> {
    const { size } = await stat(logPath(name)).catch(() => ({ size: 0 }));
    if (size > 32 * 1024 * 1024) {
        await rm(logPath(name));
    }
}

async function waitUntilReady(server: Server): Promise<void> {
    const { name, patience = 60 } = server;
    const deadline = Date.now() + patience * 1000;
    for (;;) {
        if (await server.ready().catch(() => false)) {
            return;
        }
        const record = await recordOf(name);
        if (record === undefined || !isSame(record)) {
            throw await failure(server, "ended right after its start");
        }
        if (Date.now() > deadline) {
            throw await failure(server, `runs, but does not serve after ${patience} s`);
        }
        await sleep(50);
    }
}

async function failure({ name, advice }: Server, what: string): Promise<Error> {
    const help = advice ?? "Start from nothing: take the cluster down, then up again.";
    return new Error(`${name} ${what}. Its last words (${logPath(name)}):\n${await logTail(name)}\n${help}`);
}

function fingerprintOf({ command, args, env, reads = [] }: Server): string {
    return createHash("sha256")
        .update(JSON.stringify([command, args, env, reads]))
        .digest("hex")
        .slice(0, 16);
}

function signal(record: ProcessRecord, name: NodeJS.Signals): void {
    if (isSame(record)) {
        try {
            process.kill(record.pid, name);
        } catch {
            // It ended by itself in between.
        }
    }
}

async function ended(record: ProcessRecord, patienceMs: number): Promise<boolean> {
    const deadline = Date.now() + patienceMs;
    while (isSame(record)) {
        if (Date.now() > deadline) {
            return false;
        }
        await sleep(20);
    }
    return true;
}
