// The CLI from its published source: where nothing but a Go module proxy answers. The language host is this project's.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { cacheDir, projectRoot } from "../support/paths.ts";
import type { Report } from "../../commands/support/report.ts";
import { bundle, shortHash } from "./bundle.ts";
import { besides, findOnPath, writeNodeExecutable } from "./executables.ts";

const moduleDir = join(import.meta.dirname, "cli");
const cliPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
/** Packages of the build, the standard library's among them; only for the progress, so it may be wrong. */
const usualPackages = 1500;

/** The version that go.mod asks for, without which the CLI would call itself 3.0.0 and refuse this project's needs. */
function version(): string {
    const match = /github\.com\/pulumi\/pulumi\/sdk\/v3 (v[\w.-]+)/.exec(
        readFileSync(join(moduleDir, "go.mod"), "utf8"),
    );
    if (match?.[1] === undefined) {
        throw new Error(`${moduleDir}/go.mod does not require github.com/pulumi/pulumi/sdk/v3.`);
    }
    return match[1];
}

/** No debug information: it takes a third of the time and half of the size. */
function buildFlags(): string[] {
    return [
        "-buildvcs=false",
        "-trimpath",
        "-gcflags=all=-dwarf=false",
        `-ldflags=-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version()}`,
    ];
}

/** Where the CLI of exactly these sources and flags is kept, for all checkouts. */
function cachedCli(): string {
    const hash = createHash("sha256");
    for (const file of ["go.mod", "go.sum"]) {
        hash.update(readFileSync(join(moduleDir, file)));
    }
    hash.update([...buildFlags(), process.platform, process.arch].join("\n"));
    return join(cacheDir, "engine", hash.digest("hex").slice(0, 16), "pulumi");
}

let building: Promise<void> | undefined;

export function isBuilt(): boolean {
    return existsSync(cachedCli());
}

/** Go 1.21 and later fetch the toolchain that go.mod asks for, as a module. */
export function canBuild(): boolean {
    return findOnPath("go") !== undefined;
}

/** The CLI, built if it is not there (minutes), with its language host beside it. */
export async function ensureBuilt(report: Report): Promise<string> {
    const cli = cachedCli();
    // Once, also when two parts of one command ask for it at the same time.
    if (!existsSync(cli)) {
        await (building ??= build(cli, report).finally(() => (building = undefined)));
    }
    // A directory per checkout, because the language host is the checkout's. The engine takes a language host beside
    // itself as bundled, but follows symbolic links first: so a hard link, or a copy.
    const own = join(cacheDir, "engine", "checkouts", shortHash(projectRoot), "pulumi");
    if (!sameFile(cli, own)) {
        place(cli, own);
    }
    const host = await bundle(join(import.meta.dirname, "language-host", "main.ts"));
    writeNodeExecutable(join(dirname(own), "pulumi-language-nodejs"), host);
    return own;
}

async function build(cli: string, report: Report): Promise<void> {
    mkdirSync(dirname(cli), { recursive: true });
    const temporary = besides(cli);
    report(`building the Pulumi CLI ${version()} from source; this takes some minutes once`);
    const child = execa("go", ["build", "-v", ...buildFlags(), "-o", temporary, cliPackage], {
        cwd: moduleDir,
        env: { CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" },
        stdin: "ignore",
        stdout: "ignore",
        reject: false,
    });
    // -v names each package on a line of stderr when it is compiled, and each module when it is downloaded.
    let compiled = 0;
    for await (const line of createInterface({ input: child.stderr })) {
        if (line.startsWith("go: downloading ")) {
            report(`downloading ${line.slice("go: downloading ".length)}`);
        } else if (/^[\w./~-]+$/.test(line)) {
            report(`compiling ${line} (${++compiled} of about ${usualPackages})`);
        }
    }
    const result = await child;
    if (result.exitCode !== 0) {
        rmSync(temporary, { force: true });
        const reason = result.stderr
            .split("\n")
            .filter((line) => line.includes(" "))
            .slice(-5)
            .join("\n");
        throw new Error(`The Pulumi CLI could not be built from source:\n${reason || result.shortMessage}`);
    }
    renameSync(temporary, cli);
}

function place(cli: string, own: string): void {
    mkdirSync(dirname(own), { recursive: true });
    const temporary = besides(own);
    try {
        linkSync(cli, temporary);
    } catch {
        copyFileSync(cli, temporary);
    }
    renameSync(temporary, own);
}

function sameFile(cli: string, own: string): boolean {
    const [a, b] = [statSync(cli), statSync(own, { throwIfNoEntry: false })];
    // A copy has another inode, but the size and, of a later build, the time tell it.
    return b !== undefined && (a.ino === b.ino || (a.size === b.size && b.mtimeMs >= a.mtimeMs));
}
