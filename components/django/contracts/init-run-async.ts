// An image that says itself how it is run: `/init` once per release, `/run` for the web, perhaps `/async` (U4).
import type { Size } from "../../../lib/resources.ts";
import type { Processes, Replicas } from "../contract.ts";

export interface InitRunAsyncContract {
    readonly web: Omit<Processes["web"], "command">;
    readonly async?: { readonly size: Size; readonly replicas: Replicas; readonly taskTimeLimit: number };
    readonly shell?: { readonly size: Size };
    readonly release: { readonly init: { readonly timeout: number } };
}

/** The image says what it runs, and not where its Python is: every Django has one. */
const anyPython = ["sh", "-c", 'exec "$(command -v python3 || command -v python)" "$0"'] as const;

export function initRunAsyncProcesses({ web, async, shell, release }: InitRunAsyncContract): Processes {
    return {
        release: [{ name: "init", command: ["/init"], timeout: release.init.timeout, writesAssets: true }],
        python: anyPython,
        web: { ...web, command: ["/run"] },
        workers: async === undefined ? [] : [{ ...async, name: "async", command: ["/async"] }],
        ...(shell && { shell }),
    };
}
