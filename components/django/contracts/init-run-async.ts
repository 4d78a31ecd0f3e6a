// An image that says itself how it is run: `/init` once per release, `/run` for the web, perhaps `/async` (U4).
import type { ByteQuantity } from "../../../lib/quantities.ts";
import type { Size } from "../../../lib/resources.ts";
import type { Processes, Replicas, ScheduledCommand } from "../contract.ts";
import { byFile, type Heartbeat } from "../liveness.ts";

export interface InitRunAsyncContract {
    readonly web: Omit<Processes["web"], "command">;
    readonly async?: {
        readonly size: Size;
        readonly tmp?: ByteQuantity;
        readonly replicas: Replicas;
        readonly taskTimeLimit: number;
        readonly heartbeat?: Heartbeat;
    };
    readonly scheduled: readonly ScheduledCommand[];
    readonly shell?: Processes["shell"];
    readonly release: { readonly init: { readonly timeout: number }; readonly tmp?: ByteQuantity };
}

/** The image says what it runs, and not where its Python is: every Django has one. */
const anyPython = ["sh", "-c", 'exec "$(command -v python3 || command -v python)" "$0"'] as const;

export function initRunAsyncProcesses({ web, async, scheduled, shell, release }: InitRunAsyncContract): Processes {
    return {
        release: [
            {
                name: "init",
                command: ["/init"],
                timeout: release.init.timeout,
                writesAssets: true,
                ...(release.tmp && { tmp: release.tmp }),
            },
        ],
        python: anyPython,
        web: { ...web, command: ["/run"] },
        workers: async === undefined ? [] : [asyncWorker(async)],
        scheduled,
        ...(shell && { shell }),
    };
}

function asyncWorker({ heartbeat, ...pods }: NonNullable<InitRunAsyncContract["async"]>): Processes["workers"][number] {
    return {
        ...pods,
        name: "async",
        kind: "command",
        command: ["/async"],
        ...(heartbeat && { liveness: byFile(heartbeat) }),
    };
}
