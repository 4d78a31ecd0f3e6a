// The Python of an image and its packages: resolved for that very Python before any is downloaded, installed below /opt/venv.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Report } from "../../commands/support/report.ts";
import type { Declared } from "./app/declared.ts";
import type { DebianRelease } from "./apt-sources.ts";
import type { Root } from "./debian.ts";
import { missingLibraries, refuseBareWheels, refuseUnlinked } from "./libraries.ts";
import { packDirectory } from "./pack.ts";
import { withSandbox, type SandboxResult } from "./sandbox.ts";
import { stored } from "./store.ts";
import { uvCache, uvIn, uvVersion } from "./uv.ts";
import { explainBuild, explainResolution, lacksWheels } from "./uv-errors.ts";

const venv = "/opt/venv";

/** Debian's Pythons: one in each release. */
const releases = { "3.13": "trixie", "3.11": "bookworm" } as const satisfies Readonly<Record<string, DebianRelease>>;

export type PythonVersion = keyof typeof releases;

export const pythonVersions = Object.keys(releases).sort().reverse() as readonly PythonVersion[];

/** Django 6 wants 3.12 or later. */
export const defaultPython: PythonVersion = "3.13";

/** @throws when no Debian release has that Python */
export function pythonVersion(text: string): PythonVersion {
    const version = pythonVersions.find((each) => each === text);
    if (version === undefined) {
        throw new Error(
            `PYTHON is ${JSON.stringify(text)}. Allowed: ${pythonVersions.join(", ")}, those of Debian 13 and 12.`,
        );
    }
    return version;
}

/**
 * The Debian root of an image that runs Python, with more packages where the app needs some. Wheels count on libstdc++, which every
 * Debian with apt has.
 *
 * @see https://peps.python.org/pep-0599/
 */
export function pythonRoot(python: PythonVersion, packages: readonly string[] = []): Root {
    return {
        name: `python-${python}`,
        release: releases[python],
        packages: [...new Set(["python3", "ca-certificates", "tzdata", "libstdc++6", ...[...packages].sort()])],
        hooks: join(import.meta.dirname, "python"),
    };
}

/** What it takes to compile against Python, beside the packages that a build names. */
export function buildRoot(python: PythonVersion, packages: readonly string[], build: readonly string[]): Root {
    return pythonRoot(python, ["python3-dev", ...packages, ...build]);
}

/** Every package with its version, those that others need included, as resolved for one Python. */
export interface Lock {
    readonly text: string;
    /** Versions by normalised name. */
    readonly versions: ReadonlyMap<string, string>;
    /** Whether it names code of the app's own folder, which is then part of what is installed. */
    readonly local: boolean;
}

export interface PythonPackages {
    readonly name: string;
    readonly python: PythonVersion;
    readonly declared: Declared;
    /** The layer of a root that has that Python. */
    readonly root: string;
    /** The layer with the app's files at /app. */
    readonly app: string;
}

/** @throws when the packages do not fit together, or not this Python, saying which and why */
export async function lockPackages(packages: PythonPackages, report: Report): Promise<Lock> {
    const { name, declared, python } = packages;
    const files = declared.files.map(({ inside, text }) => [inside, text]);
    const inputs = [declared.kind, files, declared.requiresPython, idOf(packages.root), uvVersion];
    const path = await stored(
        `lock-${name}`,
        inputs,
        async (out) => {
            report(`${name}: resolving the Python packages for Python ${python}`);
            await writeFile(out, await resolve(packages, report));
        },
        "txt",
    );
    return lockOf(await readFile(path, "utf8"));
}

export function lockOf(text: string): Lock {
    const versions = new Map<string, string>();
    for (const [, name, version] of text.matchAll(/^([A-Za-z0-9._-]+)==(\S+)/gm)) {
        versions.set(name!.toLowerCase().replace(/[._-]+/g, "-"), version!);
    }
    return { text, versions, local: /^(-e\s|\S+ @ file:|\.|\/|file:)/m.test(text) };
}

async function resolve({ name, declared, root, app, python }: PythonPackages, report: Report): Promise<string> {
    return withSandbox({ name, layers: [root, app], cache: uvCache }, async (sandbox) => {
        for (const { inside, text } of declared.files) {
            await mkdir(dirname(join(sandbox.directory, inside)), { recursive: true });
            await writeFile(join(sandbox.directory, inside), text);
        }
        await sandbox.own("/app");
        const uv = await uvIn(sandbox, report);
        const first = declared.files[0];
        const failed = (said: string) => new Error(explainResolution(said, { file: first.path, python }));
        if (declared.requiresPython !== undefined) {
            const found = await uv(["python", "find", "--no-project", "--system", declared.requiresPython]);
            if (found.exitCode !== 0) {
                throw new Error(
                    `${first.path} wants Python ${declared.requiresPython} (requires-python), and the image has ${python}. ` +
                        `Change it, or take another: ${pythonVersions.map((each) => `PYTHON=${each}`).join(", ")}`,
                );
            }
        }
        let entry = first.inside;
        if (declared.kind === "uv.lock") {
            entry = "/tmp/exported.txt";
            const args = [
                "export",
                "--quiet",
                "--frozen",
                "--no-dev",
                "--no-hashes",
                "--no-header",
                "--output-file",
                entry,
            ];
            const exported = await uv([...args, "--python", "/usr/bin/python3"]);
            if (exported.exitCode !== 0) {
                throw failed(exported.stderr);
            }
        }
        const args = ["--python", "/usr/bin/python3", "--no-header", "--no-annotate", "--no-progress"];
        // Of wheels alone: that takes seconds, and what fails is told as versions that exclude each other.
        const wheels = await uv(["pip", "compile", ...args, "--no-build", entry]);
        if (wheels.exitCode === 0 || !lacksWheels(wheels.stderr)) {
            return outputOf(wheels, failed);
        }
        report(`${name}: resolving once more, with packages that have no wheel`);
        // Where nothing fits, this tries ever older sources, whose scripts are for Pythons long gone: their errors say nothing.
        const sources = await uv(["pip", "compile", ...args, entry], { timeout: 60_000 });
        return outputOf(sources.exitCode === 0 ? sources : wheels, failed);
    });
}

function outputOf(result: SandboxResult, failed: (said: string) => Error): string {
    if (result.exitCode !== 0) {
        throw failed(result.stderr);
    }
    return result.stdout;
}

export interface PythonLayer extends PythonPackages {
    readonly lock: Lock;
    /** The layer of the root that builds what has no wheel. @default `root` */
    readonly buildRoot?: string;
}

/** Path of the layer, made if it is not there yet. */
export async function pythonLayer(packages: PythonLayer, report: Report): Promise<string> {
    const { name, lock, root, buildRoot: tools = root, app } = packages;
    const inputs = [lock.text, idOf(root), idOf(tools), uvVersion, lock.local ? idOf(app) : undefined];
    return stored(`venv-${name}`, inputs, async (out) => {
        await withSandbox({ name, layers: [tools, ...(lock.local ? [app] : [])], cache: uvCache }, async (sandbox) => {
            const uv = await uvIn(sandbox, report);
            await Promise.all([venv, "/app"].map((path) => sandbox.own(path)));
            const list = join(sandbox.directory, "lock.txt");
            await writeFile(list, lock.text);
            const progress = (line: string): void => {
                const step = /^\s*((?:Downloading|Building|Built|Prepared|Installed) .*)$/.exec(line)?.[1];
                if (step !== undefined) {
                    report(`${name}: ${step}`);
                }
            };
            await must(
                uv(["venv", "--quiet", "--no-project", "--allow-existing", "--python", "/usr/bin/python3", venv]),
            );
            const python = `${venv}/bin/python`;
            const installed = await uv(["pip", "install", "--no-deps", "--python", python, "-r", "/lock.txt"], {
                onLine: progress,
            });
            if (installed.exitCode !== 0) {
                throw new Error(explainBuild(installed.stderr, packages.buildRoot !== undefined));
            }
            report(`${name}: compiling the Python packages`);
            // Not by date: every file of a layer gets the same one. A test file that is no Python is the package's own affair.
            await sandbox.run([
                python,
                "-m",
                "compileall",
                "-q",
                "-j",
                "0",
                "--invalidation-mode",
                "unchecked-hash",
                venv,
            ]);
            if (tools === root) {
                refuseBareWheels(await missingLibraries(sandbox, venv));
            }
            await packDirectory(sandbox.directory, out, { only: [`.${venv}`], keepModes: true });
        });
        if (tools !== root) {
            report(`${name}: looking for libraries that the image lacks`);
            await withSandbox({ name: `${name}-check`, layers: [root, out], cache: uvCache }, async (sandbox) => {
                refuseUnlinked(await missingLibraries(sandbox, venv));
            });
        }
    });
}

async function must(run: Promise<{ readonly exitCode: number; readonly stderr: string }>): Promise<void> {
    const { exitCode, stderr } = await run;
    if (exitCode !== 0) {
        throw new Error(`uv could not make the virtual environment: ${stderr}`);
    }
}

/** A layer's name holds the fingerprint of what it was made from. */
function idOf(layer: string): string {
    return layer.split("/").at(-1)!;
}
