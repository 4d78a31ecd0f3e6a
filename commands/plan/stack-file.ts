// Reads Pulumi.<stack>.yaml as the engine would, except that nothing is decrypted.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { SettingsError, type Problem } from "../../settings/problems.ts";
import { contentsOf } from "../../settings/stack-file/contents.ts";
import { isEncrypted, notDecrypted } from "../../settings/stack-file/encrypted.ts";
import { plainInSecrets } from "../../settings/stack-file/plain-secrets.ts";
import { documentOf, stackFileName, textOf } from "../../settings/stack-file/read.ts";
import { projectRoot } from "../support/paths.ts";

export interface StackFile {
    readonly project: string;
    readonly config: Readonly<Record<string, string>>;
    readonly secretKeys: readonly string[];
    /** Where it is. @default it was never a file */
    readonly directory?: string;
    /** What is wrong with it as YAML, where the rest can be read nevertheless. @default nothing */
    readonly problems?: readonly Problem[];
}

/** @throws SettingsError when there is no such file, or it cannot be read; what is wrong in one that can, the program says */
export async function readStackFile(stack: string, directory: string = projectRoot): Promise<StackFile> {
    const project = await projectName(directory);
    const file = stackFileName(stack);
    const { document, problems } = documentOf(await bytesOf(join(directory, file)));
    if (document === undefined) {
        throw new SettingsError(file, problems);
    }
    return { ...handedOver(project, contentsOf(document, project).config), directory, problems };
}

/** An example's folder has stack files only: the project is this one. */
function projectFile(directory: string): string {
    const own = join(directory, "Pulumi.yaml");
    return existsSync(own) ? own : join(projectRoot, "Pulumi.yaml");
}

/** @throws SettingsError of Pulumi.yaml */
async function projectName(directory: string): Promise<string> {
    const path = projectFile(directory);
    const { document, problems } = documentOf(await bytesOf(path));
    if (document === undefined || problems.length > 0) {
        throw new SettingsError(basename(path), problems);
    }
    const { name } = (document.value ?? {}) as { readonly name?: unknown };
    // Source: Pulumi's ValidateProject and ValidateProjectName.
    if (typeof name === "string" && /^[A-Za-z0-9_.-]{1,100}$/.test(name)) {
        return name;
    }
    const place = document.placeOf(["name"]);
    throw new SettingsError(basename(path), [
        {
            path: "name",
            found: name === undefined ? "nothing" : JSON.stringify(name),
            allowed:
                "the project's name, which the settings' keys begin with: letters, digits, dots, hyphens and underscores",
            fix: "write it as the first line: name: django-on-kubernetes",
            ...(place && { place }),
        },
    ]);
}

/** @throws SettingsError that says why it cannot be read */
async function bytesOf(path: string): Promise<Uint8Array> {
    try {
        return await readFile(path);
    } catch (error) {
        const file = basename(path);
        throw new SettingsError(file, [
            { path: "the file", ...whyUnreadable((error as NodeJS.ErrnoException).code, file, path) },
        ]);
    }
}

function whyUnreadable(code: string | undefined, file: string, path: string): Omit<Problem, "path"> {
    switch (code) {
        case "ENOENT":
            return {
                found: "nothing",
                allowed: "a file of that name in this folder",
                fix: "write one (see Pulumi.staging.yaml), or name another stack",
            };
        case "EISDIR":
            return { found: "a folder", allowed: "a file", fix: `mv ${file} ${file}.old, and write the file` };
        case "EACCES":
        case "EPERM":
            return { found: "a file that you may not read", allowed: "a file that you may", fix: `chmod u+r ${path}` };
        default:
            return {
                found: `a file that cannot be read (${code})`,
                allowed: "a file",
                fix: "look at the disk it is on",
            };
    }
}

/**
 * @param document the parsed file
 * @throws SettingsError when a secret stands in it in plain text
 */
export function stackConfig(project: string, file: string, document: { config?: Record<string, unknown> }): StackFile {
    const problems = plainInSecrets(document.config?.[`${project}:secrets`]);
    if (problems.length > 0) {
        throw new SettingsError(file, problems);
    }
    return handedOver(project, new Map(Object.entries(document.config ?? {})));
}

/** As the engine hands it to the program: a structure as JSON, anything else as its text. */
function handedOver(project: string, values: ReadonlyMap<string, unknown>): StackFile {
    const config: [key: string, text: string][] = [];
    const secretKeys: string[] = [];
    for (const [key, value] of values) {
        const { plain, secret } = withoutCiphertext(value);
        config.push([key, plain !== null && typeof plain === "object" ? JSON.stringify(plain) : textOf(plain)]);
        if (secret) {
            secretKeys.push(key);
        }
    }
    return { project, config: Object.fromEntries(config), secretKeys };
}

function withoutCiphertext(value: unknown): { plain: unknown; secret: boolean } {
    if (isEncrypted(value)) {
        return { plain: notDecrypted, secret: true };
    }
    if (value === null || typeof value !== "object") {
        return { plain: value, secret: false };
    }
    const parts = Object.entries(value).map(([key, item]) => [key, withoutCiphertext(item)] as const);
    const secret = parts.some(([, part]) => part.secret);
    const plain = Array.isArray(value)
        ? parts.map(([, part]) => part.plain)
        : Object.fromEntries(parts.map(([key, part]) => [key, part.plain]));
    return { plain, secret };
}
