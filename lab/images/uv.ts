// uv, which resolves and installs Python packages: https://docs.astral.sh/uv/. Fetched once, by the machine's own pip.
import { copyFile, mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import type { Report } from "../../commands/support/report.ts";
import { cacheDir } from "../support/paths.ts";
import type { Sandbox, SandboxResult, SandboxRun } from "./sandbox.ts";
import { withWorkDirectory } from "./store.ts";

export const uvVersion = "0.13.9";

/** What uv has downloaded, for all images. */
export const uvCache = join(cacheDir, "images/uv-cache");

/** The executable's path; pip knows the machine's proxy, index and certificates. */
export async function ensureUv(report: Report): Promise<string> {
    const path = join(cacheDir, `uv-${uvVersion}`);
    if (await stat(path).catch(() => undefined)) {
        return path;
    }
    report(`fetching uv ${uvVersion}`);
    await withWorkDirectory("uv", async (work) => {
        await execa("python3", ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", work, `uv==${uvVersion}`]);
        const wheel = (await readdir(work)).find((file) => file.endsWith(".whl"))!;
        // A wheel is a zip file.
        await execa("python3", ["-m", "zipfile", "--extract", join(work, wheel), work]);
        const unfinished = `${path}.${process.pid}.part`;
        await mkdir(cacheDir, { recursive: true });
        await copyFile(join(work, `uv-${uvVersion}.data/scripts/uv`), unfinished);
        await execa("chmod", ["755", unfinished]);
        await rename(unfinished, path);
    });
    return path;
}

export type Uv = (args: readonly string[], options?: Omit<SandboxRun, "env">) => Promise<SandboxResult>;

/** uv inside a root, run in /app. */
export async function uvIn(sandbox: Sandbox, report: Report): Promise<Uv> {
    await copyFile(await ensureUv(report), join(sandbox.directory, "uv"));
    await mkdir(join(sandbox.directory, "app"), { recursive: true });
    const env = {
        UV_CACHE_DIR: "/var/cache/uv",
        UV_LINK_MODE: "copy",
        UV_NO_PROGRESS: "1",
        UV_PYTHON_DOWNLOADS: "never",
        ...(await certificates(sandbox)),
        ...(await indexSettings()),
    };
    return (args, options = {}) => sandbox.run(["/uv", "--directory", "/app", ...args], { ...options, env });
}

/** The certificates that this machine trusts, in the root. */
async function certificates({ directory }: Sandbox): Promise<Record<string, string>> {
    const bundle = process.env["SSL_CERT_FILE"] ?? "/etc/ssl/certs/ca-certificates.crt";
    const text = await readFile(bundle).catch(() => undefined);
    if (text === undefined) {
        return {};
    }
    await writeFile(join(directory, "certificates.pem"), text);
    return { SSL_CERT_FILE: "/certificates.pem" };
}

/** uv's own variables and the proxy's pass; what only pip has been told is said in uv's words. */
async function indexSettings(): Promise<Record<string, string>> {
    const { stdout } = await execa("python3", ["-m", "pip", "config", "list"], { reject: false });
    const passed = Object.entries(process.env).filter(
        (entry): entry is [string, string] =>
            entry[1] !== undefined &&
            /^(UV_(DEFAULT_)?INDEX(_\w+)?|UV_EXTRA_INDEX_URL|UV_INSECURE_HOST|((HTTPS?|ALL|NO)_PROXY))$/i.test(
                entry[0],
            ),
    );
    return { ...pipInUvWords(stdout ?? ""), ...Object.fromEntries(passed) };
}

const words: Readonly<Record<string, string>> = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
};

/** @param listed what `pip config list` prints: `global.index-url='https://...'` */
export function pipInUvWords(listed: string): Record<string, string> {
    const found: Record<string, string> = {};
    for (const line of listed.split("\n")) {
        const [, key = "", value = ""] = /^[^.]+\.([\w-]+)='(.*)'$/.exec(line) ?? [];
        const name = words[key];
        if (name !== undefined) {
            found[name] = value
                .split(/\\n|\s+/)
                .filter(Boolean)
                .join(" ");
        }
    }
    return found;
}
