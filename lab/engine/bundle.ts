// Makes one JavaScript file of an executable's TypeScript and libraries: it starts in half the time, because hundreds of
// files need not be found, read and stripped of their types. Kept in the cache until a source changes.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { cacheDir, projectRoot } from "../support/paths.ts";
import { besides } from "./executables.ts";

/** What the current bundle was made of. */
interface Manifest {
    readonly sources: readonly string[];
    readonly hash: string;
}

/** The bundle of `entry` (a TypeScript file), made if it is not there. Returns the file to run. */
export async function bundle(entry: string, root = projectRoot, cache = cacheDir): Promise<string> {
    // By checkout, since two of them may differ in their sources.
    const directory = join(cache, "bundles", shortHash(root), basename(dirname(entry)));
    const manifestFile = join(directory, "manifest.json");
    const fileOf = (hash: string) => join(directory, hash.slice(0, 12), "main.mjs");
    if (existsSync(manifestFile)) {
        const { sources, hash } = JSON.parse(readFileSync(manifestFile, "utf8")) as Manifest;
        if (hash === hashOf(sources, root) && existsSync(fileOf(hash))) {
            return fileOf(hash);
        }
    }

    const fresh = besides(join(directory, "new"));
    const sources = await build(entry, root, fresh);
    const hash = hashOf(sources, root);
    const output = fileOf(hash);
    // Another command may have made the same one meanwhile; then one of the two is as good as the other.
    if (existsSync(output)) {
        rmSync(fresh, { recursive: true });
    } else {
        renameSync(fresh, dirname(output));
    }
    writeInOneStep(manifestFile, JSON.stringify({ sources, hash } satisfies Manifest));
    removeOld(directory, hash.slice(0, 12));
    return output;
}

/** Returns the project's own files that went into it. */
async function build(entry: string, root: string, directory: string): Promise<string[]> {
    // Only when needed: it costs more than the rest of this module.
    const esbuild = await import("esbuild");
    const { metafile } = await esbuild.build({
        entryPoints: { main: entry },
        outdir: directory,
        outExtension: { ".js": ".mjs" },
        absWorkingDir: root,
        bundle: true,
        // What the entry imports later stays a file of its own, so that it loads later.
        splitting: true,
        format: "esm",
        platform: "node",
        target: "node22",
        // Readable stack traces, but no comments and blanks to parse.
        minifyWhitespace: true,
        legalComments: "none",
        metafile: true,
        logLevel: "silent",
        // CommonJS libraries inside call require for Node's own modules.
        banner: {
            js: 'import { createRequire as bundleRequire } from "node:module"; const require = bundleRequire(import.meta.url);',
        },
    });
    return Object.keys(metafile.inputs).filter((file) => !file.includes("node_modules"));
}

/** A bundle may still be running and load a part of itself later; one of yesterday is not. */
function removeOld(directory: string, current: string): void {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
        const path = join(directory, entry.name);
        if (!entry.isDirectory() || entry.name === current) {
            continue;
        }
        if (Date.now() - statSync(path).mtimeMs > 24 * 3600_000) {
            rmSync(path, { recursive: true, force: true });
        }
    }
}

function writeInOneStep(file: string, content: string): void {
    const temporary = besides(file);
    writeFileSync(temporary, content);
    renameSync(temporary, file);
}

/** The sources by content; the libraries by the lock file, which says which ones are installed. */
function hashOf(sources: readonly string[], root: string): string {
    const hash = createHash("sha256");
    for (const file of ["package-lock.json", ...sources]) {
        const path = resolve(root, file);
        hash.update(`${relative(root, path)}\n`);
        hash.update(existsSync(path) ? readFileSync(path) : "");
    }
    return hash.digest("hex");
}

export function shortHash(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
