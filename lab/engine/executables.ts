// Finding executables, and writing the small ones that start a bundle with the right Node.
import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, sep } from "node:path";
import { cacheDir } from "../support/paths.ts";

/** Where V8 keeps compiled code between runs: halves the start of the SDK, of plugins and of the program. */
export const compileCacheDir = join(cacheDir, "compile-cache");

/**
 * The first executable of that name on PATH that does not come from this project: its own directories are on PATH in a
 * shell that has taken over the engine's environment.
 */
export function findOnPath(name: string, path = process.env["PATH"] ?? ""): string | undefined {
    return path
        .split(delimiter)
        .filter((directory) => directory !== "" && !directory.startsWith(cacheDir + sep))
        .map((directory) => join(directory, name))
        .find(isExecutable);
}

export function isExecutable(file: string): boolean {
    try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
    } catch {
        return false;
    }
}

/**
 * Writes an executable that runs a JavaScript file with this process's Node: `env node` could be a Node that is too old,
 * and the engine looks for executables, not for scripts.
 */
export function writeNodeExecutable(file: string, script: string): void {
    const content = [
        "#!/bin/sh",
        `[ -n "$NODE_COMPILE_CACHE" ] || export NODE_COMPILE_CACHE=${quote(compileCacheDir)}`,
        `exec ${quote(process.execPath)} ${quote(script)} "$@"`,
        "",
    ].join("\n");
    if (isExecutable(file) && readFileSync(file, "utf8") === content) {
        return;
    }
    mkdirSync(dirname(file), { recursive: true });
    // In one step, because an engine that runs now may be about to start it.
    const temporary = besides(file);
    writeFileSync(temporary, content, { mode: 0o755 });
    renameSync(temporary, file);
}

/** A name beside the file that no other command, nor another call in this one, uses: to write there, then rename. */
export function besides(file: string): string {
    return `${file}.${randomBytes(6).toString("hex")}`;
}

/** Quotes a word for a POSIX shell. */
export function quote(word: string): string {
    return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A PATH with these directories first, each once. */
export function pathWith(directories: readonly string[], path = process.env["PATH"] ?? ""): string {
    const rest = path.split(delimiter).filter((directory) => directory !== "" && !directories.includes(directory));
    return [...directories, ...rest].join(delimiter);
}
