// An image that says itself how it is run: `/init` once per release, `/run` for the web, perhaps `/async` (U4).
import type { ByteQuantity } from "../../../lib/quantities.ts";
import type { Size } from "../../../lib/resources.ts";
import type { Processes, Replicas } from "../contract.ts";

export interface InitRunAsyncContract {
    readonly web: Omit<Processes["web"], "command">;
    readonly async?: {
        readonly size: Size;
        readonly tmp?: ByteQuantity;
        readonly replicas: Replicas;
        readonly taskTimeLimit: number;
    };
    readonly shell?: Processes["shell"];
    readonly release: { readonly init: { readonly timeout: number }; readonly tmp?: ByteQuantity };
}

export function initRunAsyncProcesses({ web, async, shell, release }: InitRunAsyncContract): Processes {
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
        web: { ...web, command: ["/run"] },
        workers: async === undefined ? [] : [{ ...async, name: "async", command: ["/async"] }],
        ...(shell && { shell }),
    };
}
