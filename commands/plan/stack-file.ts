// Reads Pulumi.<stack>.yaml as the engine would, except that nothing is decrypted.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { SettingsError, settingPath, type Problem } from "../../settings/problems.ts";
import { projectRoot } from "../support/paths.ts";

export interface StackFile {
    readonly project: string;
    readonly config: Readonly<Record<string, string>>;
    readonly secretKeys: readonly string[];
}

/** What an encrypted value reads as in a plan. */
const placeholder = "encrypted";

/** @throws when there is no such file, SettingsError when a secret stands in it in plain text */
export async function readStackFile(stack: string, directory: string = projectRoot): Promise<StackFile> {
    const file = `Pulumi.${stack}.yaml`;
    const { name: project } = parse(await readFile(projectFile(directory), "utf8")) as { name: string };
    const text = await readFile(join(directory, file), "utf8").catch(() => {
        throw new Error(
            `There is no ${file} in this folder: write one (see Pulumi.staging.yaml), or name another stack.`,
        );
    });
    return stackConfig(project, file, parse(text) as { config?: Record<string, unknown> });
}

/** An example's folder has stack files only: the project is this one. */
function projectFile(directory: string): string {
    const own = join(directory, "Pulumi.yaml");
    return existsSync(own) ? own : join(projectRoot, "Pulumi.yaml");
}

/** @param document the parsed file */
export function stackConfig(project: string, file: string, document: { config?: Record<string, unknown> }): StackFile {
    const config: Record<string, string> = {};
    const secretKeys: string[] = [];
    for (const [key, value] of Object.entries(document.config ?? {})) {
        const { plain, secret } = withoutCiphertext(value);
        config[key] = typeof plain === "string" ? plain : JSON.stringify(plain);
        if (secret) {
            secretKeys.push(key);
        }
    }
    const problems = plainTextSecrets(document.config?.[`${project}:secrets`], ["secrets"]);
    if (problems.length > 0) {
        throw new SettingsError(file, problems);
    }
    return { project, config, secretKeys };
}

function withoutCiphertext(value: unknown): { plain: unknown; secret: boolean } {
    if (isEncrypted(value)) {
        return { plain: placeholder, secret: true };
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

function isEncrypted(value: unknown): boolean {
    return value !== null && typeof value === "object" && Object.keys(value).join() === "secure";
}

function plainTextSecrets(value: unknown, path: readonly string[]): Problem[] {
    if (value === undefined || isEncrypted(value)) {
        return [];
    }
    if (value !== null && typeof value === "object") {
        return Object.entries(value).flatMap(([key, item]) => plainTextSecrets(item, [...path, key]));
    }
    const where = settingPath(path);
    return [
        {
            path: where,
            found: "a value in plain text",
            allowed: "encrypted values only",
            fix: `remove it, change it where it is used, then: pulumi config set --secret --path '${where}'`,
        },
    ];
}
