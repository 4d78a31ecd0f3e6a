// Where an app says which Python packages it needs, and the files that say it.
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, posix, relative } from "node:path";

import { parse } from "smol-toml";

/** The kinds that uv reads. */
export type DeclarationKind = "requirements" | "pyproject" | "uv.lock";

export interface DeclaredFile {
    /** Where it is on this machine. */
    readonly path: string;
    /** Where it goes in the root, so that what it says of other files stays right: the app is at /app. */
    readonly inside: string;
    readonly text: string;
}

export interface Declared {
    readonly kind: DeclarationKind;
    /** The first is the one to begin with. */
    readonly files: readonly [DeclaredFile, ...DeclaredFile[]];
    /** `requires-python` of pyproject.toml. */
    readonly requiresPython?: string;
    /** What a person should know of the choice. */
    readonly notices: readonly string[];
}

/** The app's folder, seen from the image. */
const home = "/app";

/**
 * @param folder the app's
 * @param requirements a requirements file that is named, relative to the folder. @default uv.lock, requirements.txt, or
 * `[project]` of pyproject.toml, the first that is there
 * @throws when there is none, saying what was looked for and what is there instead
 */
export async function declaredBy(folder: string, requirements?: string): Promise<Declared> {
    const pyproject = await readProject(folder);
    const requiresPython = pyproject?.project?.["requires-python"];
    const common = { ...(requiresPython !== undefined && { requiresPython }) };
    if (requirements !== undefined) {
        return { kind: "requirements", files: await requirementFiles(folder, requirements), ...common, notices: [] };
    }
    const names = new Set(await readdir(folder));
    if (names.has("uv.lock") && pyproject) {
        const files = [await declaredFile(folder, "pyproject.toml"), await declaredFile(folder, "uv.lock")] as const;
        return { kind: "uv.lock", files, ...common, notices: [] };
    }
    if (names.has("requirements.txt")) {
        return {
            kind: "requirements",
            files: await requirementFiles(folder, "requirements.txt"),
            ...common,
            notices: [],
        };
    }
    if (pyproject?.project?.dependencies) {
        const files = [await declaredFile(folder, "pyproject.toml")] as const;
        const notices = names.has("poetry.lock")
            ? [
                  "poetry.lock is not read: the versions are the newest that pyproject.toml allows. For those of the lock: " +
                      "poetry export --output requirements.txt",
              ]
            : [];
        return { kind: "pyproject", files, ...common, notices };
    }
    throw new Error(await nothingDeclared(folder, names, pyproject));
}

interface Project {
    readonly project?: { readonly dependencies?: unknown; readonly "requires-python"?: string };
    readonly tool?: { readonly poetry?: unknown };
}

/** @throws when pyproject.toml is no TOML, saying where */
async function readProject(folder: string): Promise<Project | undefined> {
    const path = join(folder, "pyproject.toml");
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) {
        return undefined;
    }
    try {
        return parse(text);
    } catch (error) {
        throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
            cause: error,
        });
    }
}

async function nothingDeclared(
    folder: string,
    names: ReadonlySet<string>,
    pyproject: Project | undefined,
): Promise<string> {
    const looked = `${folder} does not say which packages the app needs: there is no requirements.txt, no uv.lock and no [project] with dependencies in pyproject.toml.`;
    if (pyproject?.tool?.poetry !== undefined) {
        return `${looked} Its pyproject.toml is Poetry's: poetry export --output requirements.txt`;
    }
    if (names.has("Pipfile")) {
        return `${looked} It has a Pipfile: pipenv requirements > requirements.txt`;
    }
    const others = await otherRequirements(folder, names);
    return others.length > 0
        ? `${looked} Name one of those that are there: ${others.map((name) => `REQUIREMENTS=${name}`).join(", ")}`
        : `${looked} Write requirements.txt, or name another file: REQUIREMENTS=../requirements.txt`;
}

async function otherRequirements(folder: string, names: ReadonlySet<string>): Promise<string[]> {
    const below = names.has("requirements") ? await readdir(join(folder, "requirements")).catch(() => []) : [];
    const beside = [...names].filter((name) => /^requirements.*\.(txt|in)$/.test(name));
    return [
        ...beside,
        ...below.filter((name) => /\.(txt|in)$/.test(name)).map((name) => `requirements/${name}`),
    ].sort();
}

/** The file, and those that it names by `-r` and `-c`, and these in turn. */
async function requirementFiles(folder: string, first: string): Promise<[DeclaredFile, ...DeclaredFile[]]> {
    const files = [await declaredFile(folder, first)] as [DeclaredFile, ...DeclaredFile[]];
    for (const { path, text } of files) {
        for (const name of named(text)) {
            const next = relative(folder, join(dirname(path), name));
            if (!files.some((file) => file.path === join(folder, next))) {
                files.push(await declaredFile(folder, next, basename(path)));
            }
        }
    }
    return files;
}

/** The relative paths after `-r`, `--requirement`, `-c` and `--constraint`. */
function named(text: string): string[] {
    const pattern = /^\s*(?:-r|-c|--requirement|--constraint)[\s=]*([^\s#]+)/gm;
    return [...text.matchAll(pattern)].map((match) => match[1]!).filter((name) => !/^(https?:|\/)/.test(name));
}

async function declaredFile(folder: string, name: string, by?: string): Promise<DeclaredFile> {
    const path = join(folder, name);
    const text = await readFile(path, "utf8").catch((error: unknown) => {
        throw new Error(
            by === undefined
                ? `There is no file ${path}: REQUIREMENTS is relative to the app's folder, ${folder}.`
                : `${by} names ${path}, which is not there.`,
            { cause: error },
        );
    });
    return { path, inside: posix.join(home, name), text };
}
