// The mover's scripts as plain processes, as a pod would run them: killed with all that they have started, and run again.
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../../commands/support/paths.ts";
import type { PostgresRoot } from "./postgres-server.ts";

export interface MoverEnvironment {
    readonly SOURCE_URL: string;
    readonly SOURCE_PASSWORD: string;
    readonly TARGET_URL: string;
    readonly TARGET_PASSWORD: string;
    readonly MOVE_CONFIRM?: string;
    readonly MOVE_READ_ONLY?: string;
}

export interface Said {
    readonly phase: string;
    readonly state: string;
    readonly text: string;
    readonly readOnlySeconds?: number;
}

export interface MoverRun {
    /** null: it was killed. */
    readonly code: number | null;
    readonly said: readonly Said[];
    /** All that it wrote, errors too. */
    readonly output: string;
    readonly seconds: number;
}

export class Mover {
    private readonly root: PostgresRoot;

    private constructor(root: PostgresRoot) {
        this.root = root;
    }

    static async create(root: PostgresRoot): Promise<Mover> {
        await root.copy(join(projectRoot, "commands/move/scripts"), "scripts");
        return new Mover(root);
    }

    /** As a new volume. */
    async forget(): Promise<void> {
        await rm(join(this.root.path, "state"), { recursive: true, force: true });
        await this.root.folder("state");
    }

    async result(): Promise<Record<string, unknown>> {
        return JSON.parse(await readFile(join(this.root.path, "state/result.json"), "utf8")) as Record<string, unknown>;
    }

    /** @param killed after so many milliseconds, or when what was said makes it true: SIGKILL to all of it, or SIGTERM to it alone */
    async run(
        mode: string,
        environment: MoverEnvironment,
        killed?: { readonly after?: number; readonly when?: (said: Said) => boolean; readonly signal?: "SIGTERM" },
    ): Promise<MoverRun> {
        const begun = performance.now();
        const child = this.root.spawn(["bash", "/scripts/move.sh"], {
            MOVE_MODE: mode,
            MOVE_STATE: "/state",
            MOVE_RESULT: "/state/result.json",
            ...environment,
        });
        const said: Said[] = [];
        let output = "";
        let line = "";
        let killing: Promise<void> | undefined;
        const kill = (): void => {
            if (child.exitCode === null && child.signalCode === null) {
                if (killed?.signal === undefined) {
                    killing = killSession(child.pid!);
                } else {
                    process.kill(child.pid!, killed.signal);
                }
            }
        };
        child.stderr!.on("data", (chunk: Buffer) => (output += chunk.toString()));
        child.stdout!.on("data", (chunk: Buffer) => {
            output += chunk.toString();
            const lines = (line + chunk.toString()).split("\n");
            line = lines.pop()!;
            for (const each of lines) {
                const one = JSON.parse(each) as Said & { readonly kind?: string };
                if (one.kind !== undefined) {
                    continue;
                }
                said.push(one);
                if (killed?.when?.(one) === true) {
                    kill();
                }
            }
        });
        const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
        if (killed?.after !== undefined) {
            await Promise.race([ended, sleep(killed.after)]);
            kill();
        }
        const code = await ended;
        await killing;
        return { code, said, output, seconds: (performance.now() - begun) / 1000 };
    }
}

/** As the end of a pod: every process that it has started, at once. */
async function killSession(leader: number): Promise<void> {
    for (let left = 1; left > 0;) {
        left = 0;
        for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
            const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
            // After the name in parentheses: state, parent, group, session.
            const [state, , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
            if (Number(session) === leader && state !== "Z") {
                left++;
                try {
                    process.kill(Number(pid), "SIGKILL");
                } catch {
                    // It has ended by itself.
                }
            }
        }
    }
}
