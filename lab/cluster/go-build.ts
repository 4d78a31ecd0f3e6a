// Builds a Go program from modules into the cache; a change of its sources, flags or compiler builds it anew.
import { execa } from "execa";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import { tmpdir, totalmem } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { createInterface } from "node:readline";
import { cacheDir } from "../support/paths.ts";
import type { Report } from "../../commands/support/report.ts";
import { run } from "./shell.ts";

export interface GoProgram {
    readonly name: string;
    /** The directory with its go.mod. */
    readonly source: string;
    /** What is built: a package of that module, or of one that it requires. */
    readonly package: string;
    /** Values of string variables, by their full names: for versions. */
    readonly variables?: Readonly<Record<string, string>>;
    readonly replacements?: readonly PackageReplacement[];
    /** Packages of the build, the standard library's too; only for the progress, so it may be somewhat wrong. */
    readonly packages: number;
}

/**
 * A package of a required module whose content is exchanged: for parts that cost minutes and are not used. Go has no
 * replacement of packages and forbids an overlay over its module cache, so the module is copied and then replaced as a whole.
 */
export interface PackageReplacement {
    readonly module: string;
    /** Directory in the module. */
    readonly directory: string;
    /** Directory with the new content. */
    readonly by: string;
}

/** The path of the executable, built if it is not there. */
export async function goProgram(program: GoProgram, report: Report): Promise<string> {
    const executable = join(cacheDir, "cluster", `${program.name}-${await fingerprint(program)}`, program.name);
    if (!existsSync(executable)) {
        await build(program, executable, report);
    }
    return executable;
}

/** Settings of the user's that would change what is built, or how. */
const environment = { CGO_ENABLED: "0", GOFLAGS: "-mod=mod", GOWORK: "off", GOEXPERIMENT: "" };

/** The compiler gives a fifth of its time to collecting garbage; where there is memory to spare, less often is quicker. */
function compilerEnvironment(): Record<string, string> {
    const spare = totalmem() > 7 * 1024 ** 3;
    return { ...environment, GOGC: process.env["GOGC"] ?? (spare ? "400" : "100") };
}

function flags({ variables = {} }: GoProgram): string[] {
    const set = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
    return [
        "-trimpath",
        "-buildvcs=false",
        // No debug information: half of the size and a third of the time. The same for all programs, so that they share
        // what is compiled.
        "-gcflags=all=-dwarf=false",
        `-ldflags=${["-s", "-w", ...set].join(" ")}`,
    ];
}

/** The same in every checkout: nothing in it says where the sources are. */
export async function fingerprint(program: GoProgram): Promise<string> {
    const hash = createHash("sha256");
    const replacements = (program.replacements ?? []).map((each) => ({
        ...each,
        by: relative(program.source, each.by),
    }));
    hash.update(
        JSON.stringify([flags(program), environment, program.package, replacements, await run("go", ["version"])]),
    );
    const files = (await readdir(program.source, { recursive: true }))
        .filter((file) => /\.(go|mod|sum)$/.test(file))
        .sort();
    for (const file of files) {
        hash.update(`${file}\0`).update(await readFile(join(program.source, file)));
    }
    return hash.digest("hex").slice(0, 16);
}

async function build(program: GoProgram, executable: string, report: Report): Promise<void> {
    const { name, source } = program;
    const work = await mkdtemp(join(tmpdir(), `${name}-build-`));
    try {
        const modfile = await moduleFile(program, work, report);
        const unfinished = join(work, name);
        await compile(
            program,
            ["build", "-v", ...flags(program), `-modfile=${modfile}`, "-o", unfinished, program.package],
            report,
        );
        await mkdir(dirname(executable), { recursive: true });
        await moveFile(unfinished, executable);
    } catch (error) {
        throw new Error(`${name} could not be built from ${source}: ${(error as Error).message}`, { cause: error });
    } finally {
        await rm(work, { recursive: true, force: true });
    }
}

/** A copy of go.mod, so that nothing is written into the sources, which names the exchanged modules. */
async function moduleFile({ source, replacements = [] }: GoProgram, work: string, report: Report): Promise<string> {
    const modfile = join(work, "go.mod");
    await Promise.all(
        ["go.mod", "go.sum"].map((file) => cp(join(source, file), join(work, file)).catch(() => undefined)),
    );
    const copies = new Map<string, string>();
    for (const { module, directory, by } of replacements) {
        const copy = copies.get(module) ?? join(work, `without-${basename(directory)}`);
        if (!copies.has(module)) {
            report(`fetching ${module}`);
            copies.set(module, copy);
            await cp(await moduleDirectory(source, module), copy, { recursive: true });
            // The module cache is read-only, and so is a copy of it.
            await run("chmod", ["-R", "u+w", copy]);
            await run("go", ["mod", "edit", `-replace=${module}=${copy}`, modfile]);
        }
        await rm(join(copy, directory), { recursive: true });
        await cp(by, join(copy, directory), { recursive: true });
    }
    return modfile;
}

/** Where a required module lies, downloaded if it does not. */
export async function moduleDirectory(source: string, module: string): Promise<string> {
    const { stdout } = await execa("go", ["mod", "download", "-json", module], {
        cwd: source,
        env: environment,
        stdin: "ignore",
    });
    return (JSON.parse(stdout) as { Dir: string }).Dir;
}

async function compile({ source, packages }: GoProgram, args: readonly string[], report: Report): Promise<void> {
    const child = execa("go", args, {
        cwd: source,
        env: compilerEnvironment(),
        stdin: "ignore",
        stdout: "ignore",
        reject: false,
    });
    let compiled = 0;
    const words: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
        // -v names every package once it is compiled; anything else is a message.
        if (line.startsWith("go: downloading ")) {
            report(`downloading ${line.slice("go: downloading ".length)}`);
        } else if (/^[\w./~-]+$/.test(line)) {
            compiled += 1;
            report(`compiled ${compiled} of about ${packages} packages`);
        } else {
            words.push(line);
        }
    }
    const { exitCode, shortMessage } = await child;
    if (exitCode !== 0) {
        throw new Error(words.slice(-15).join("\n") || shortMessage);
    }
}

/** Appears complete or not at all; the temporary directory may be on another disk. */
async function moveFile(from: string, to: string): Promise<void> {
    const beside = `${to}.${process.pid}.part`;
    await cp(from, beside);
    await rename(beside, to);
}
