// A Debian root on this machine in which a program may run: as nobody, with mounts of its own that end with it.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { withWorkDirectory } from "./store.ts";

/** Debian's `nobody`: what a package's build script does, it does to this root and to nothing else. */
const nobody = "65534";

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Mounts are made in a namespace of the process, so that none is left behind, however it ends. */
const enter = `set -e
root=$1; cache=$2; shift 2
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount --bind "$cache" "$root/var/cache"
cd "$root"
exec setpriv --no-new-privs chroot --userspec=${nobody}:${nobody} . "$@"`;

export interface SandboxRun {
    readonly env?: Readonly<Record<string, string>>;
    /** In milliseconds; then it is ended, with all that it started. @default no limit */
    readonly timeout?: number;
    /** Each line of what it says to standard error, as it comes. */
    readonly onLine?: (line: string) => void;
}

export interface SandboxResult {
    readonly exitCode: number;
    readonly stdout: string;
    readonly stderr: string;
}

export interface Sandbox {
    /** Where the root is on this machine. */
    readonly directory: string;
    /** Runs a program of the root; a program that fails is no error here. */
    run(command: readonly string[], options?: SandboxRun): Promise<SandboxResult>;
    /** Lets what runs in the root write below this path of it. */
    own(path: string): Promise<void>;
}

export interface SandboxOptions {
    readonly name: string;
    /** Paths of layers, lowest first. */
    readonly layers: readonly string[];
    /** A directory of this machine that is at /var/cache in the root, and stays. */
    readonly cache: string;
}

/** Unpacks the layers, and removes them when `work` has ended. */
export async function withSandbox<T>(options: SandboxOptions, work: (sandbox: Sandbox) => Promise<T>): Promise<T> {
    const { name, layers, cache } = options;
    return withWorkDirectory(`sandbox-${name}`, async (directory) => {
        for (const layer of layers) {
            await execa("tar", ["--extract", "--file", layer, "--directory", directory]);
        }
        await Promise.all(
            ["dev", "proc", "var/cache", "etc"].map((each) => mkdir(join(directory, each), { recursive: true })),
        );
        await mkdir(cache, { recursive: true });
        await execa("chown", [nobody, cache]);
        await copyResolver(directory);
        return work({
            directory,
            run: (command, runOptions) => runIn(directory, cache, command, runOptions),
            own: async (inside) => {
                await mkdir(join(directory, inside), { recursive: true });
                await execa("chown", ["--recursive", nobody, join(directory, inside)]);
            },
        });
    });
}

async function runIn(
    directory: string,
    cache: string,
    command: readonly string[],
    { env = {}, onLine, timeout }: SandboxRun = {},
): Promise<SandboxResult> {
    const isolated = ["--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"];
    const child = execa("unshare", [...isolated, "sh", "-c", enter, "sh", directory, cache, ...command], {
        extendEnv: false,
        env: { PATH: path, HOME: "/tmp", LC_ALL: "C.UTF-8", ...env },
        stdin: "ignore",
        reject: false,
        ...(timeout !== undefined && { timeout }),
    });
    if (onLine) {
        for await (const line of child.iterable({ from: "stderr" })) {
            onLine(line);
        }
    }
    const { exitCode, stdout, stderr, message } = await child;
    return {
        exitCode: exitCode ?? 1,
        stdout,
        stderr: stderr === "" && exitCode === undefined ? (message ?? "") : stderr,
    };
}

/** Names are looked up as this machine does. */
async function copyResolver(directory: string): Promise<void> {
    for (const file of ["etc/resolv.conf", "etc/hosts"]) {
        await writeFile(join(directory, file), await readFile(join("/", file)).catch(() => ""));
    }
}
