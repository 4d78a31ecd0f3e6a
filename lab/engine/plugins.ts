// The resource plugins that the program needs: the official ones, or stand-ins where those are not to be had.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { cacheDir, projectRoot } from "../support/paths.ts";
import type { Report } from "../../commands/support/report.ts";
import { bundle, shortHash } from "./bundle.ts";
import { download } from "./download.ts";
import { findOnPath, isExecutable, writeNodeExecutable } from "./executables.ts";
import { forgetRefusal, recentlyRefused, rememberRefusal } from "./refusals.ts";

export interface PluginHost {
    /** The CLI that the plugins are for. */
    readonly pulumi: string;
    /** Environment of the CLI. */
    readonly env: Record<string, string>;
    /**
     * PULUMI_HOME when it is this project's own: stand-ins go among its plugins, where the engine takes them without a
     * word. Undefined: the home is the user's, which stays untouched, and stand-ins go on PATH, which the engine remarks on.
     */
    readonly ownHome: string | undefined;
}

export interface PluginSupport {
    /** To add to the environment of the CLI. */
    readonly env: Record<string, string>;
    /** Directories to put first on PATH. */
    readonly path: readonly string[];
    readonly notices: readonly string[];
}

interface Plugin {
    readonly name: string;
    /** The version of the SDK, which is the one that the engine asks for. */
    readonly version: string;
}

/** What a stand-in's directory holds besides the executable, so that it is never taken for the official plugin. */
const standInMark = "stand-in";

export async function ensurePlugins(host: PluginHost, report: Report): Promise<PluginSupport> {
    const plugins = ["kubernetes", "random"].map((name) => ({ name, version: sdkVersion(name) }));
    const home = host.ownHome ?? process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
    const missing = plugins.filter((plugin) => !isOfficial(home, plugin));
    const installed = await Promise.all(missing.map((plugin) => install(host, home, plugin, report)));
    const standIns = missing.filter((_, index) => !installed[index]);
    if (standIns.length === 0) {
        return { env: {}, path: [], notices: [] };
    }

    const onPath = join(cacheDir, "engine", "checkouts", shortHash(projectRoot), "plugins");
    for (const { name, version } of plugins) {
        const file = `pulumi-resource-${name}`;
        // One that was needed yesterday and is not today must not hide the official one.
        rmSync(join(onPath, file), { force: true });
        if (!standIns.some((plugin) => plugin.name === name)) {
            continue;
        }
        const directory = host.ownHome === undefined ? onPath : pluginDir(home, { name, version });
        writeNodeExecutable(
            join(directory, file),
            await bundle(join(projectRoot, "lab", `provider-${name}`, "main.ts")),
        );
        if (host.ownHome !== undefined) {
            writeFileSync(join(directory, standInMark), "");
        }
    }
    const names = standIns.map(({ name }) => name).join(" and ");
    return {
        // Without this every command would wait for the download that was just refused.
        env: { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" },
        path: host.ownHome === undefined ? [onPath] : [],
        notices: [
            `Pulumi's official plugin for ${names} cannot be downloaded here: stand-ins of this project do its work (docs/lab/engine.md).`,
        ],
    };
}

/** The packages that tests run without a cloud, an account or a cluster (docs/lab/provider-recording.md). */
const recorded = ["gcp", "aws", "digitalocean", "kubernetes"] as const;

/**
 * Puts the recording plugins into a PULUMI_HOME of their own. Never into a home that `make up` or a person uses: there,
 * a stack would seem to be up in a cloud that never heard of it.
 */
export async function installRecordingPlugins(home: string): Promise<void> {
    const entries = [
        ...recorded.map((name) => ({ name, entry: join("provider-recording", name) })),
        { name: "random", entry: "provider-random" },
    ];
    for (const { name, entry } of entries) {
        const file = `pulumi-resource-${name}`;
        const found = findOnPath(file);
        if (found !== undefined) {
            throw new Error(
                `${found} would be used in place of the recording plugin. Fix: run this with a PATH that lacks it.`,
            );
        }
        const directory = pluginDir(home, { name, version: sdkVersion(name) });
        writeNodeExecutable(join(directory, file), await bundle(join(projectRoot, "lab", entry, "main.ts")));
        writeFileSync(join(directory, standInMark), "");
    }
}

function pluginDir(home: string, { name, version }: Plugin): string {
    return join(home, "plugins", `resource-${name}-v${version}`);
}

function isOfficial(home: string, plugin: Plugin): boolean {
    const file = `pulumi-resource-${plugin.name}`;
    if (findOnPath(file) !== undefined) {
        return true;
    }
    const directory = pluginDir(home, plugin);
    // The engine marks an installation that was interrupted.
    const complete = isExecutable(join(directory, file)) && !existsSync(`${directory}.partial`);
    return complete && !existsSync(join(directory, standInMark));
}

/** Has the engine download the plugin; at most once in some hours if that is refused. */
async function install(host: PluginHost, home: string, plugin: Plugin, report: Report): Promise<boolean> {
    const what = `plugin-${plugin.name}-${plugin.version}`;
    if (recentlyRefused(what)) {
        return false;
    }
    report(`downloading Pulumi's plugin for ${plugin.name} ${plugin.version}`);
    const directory = pluginDir(home, plugin);
    // What is there, the engine would not replace.
    if (existsSync(join(directory, standInMark))) {
        rmSync(directory, { recursive: true });
    }
    const result = await download({
        command: host.pulumi,
        args: ["plugin", "install", "resource", plugin.name, `v${plugin.version}`, "--non-interactive"],
        env: host.env,
        refusal: /Will retry in/,
    });
    if (result.ok && isOfficial(home, plugin)) {
        forgetRefusal(what);
        return true;
    }
    rememberRefusal(what, result.ok ? "installed nothing" : result.reason);
    for (const rest of [".partial", ".lock"]) {
        rmSync(directory + rest, { recursive: true, force: true });
    }
    return false;
}

function sdkVersion(name: string): string {
    const file = createRequire(join(projectRoot, "index.ts")).resolve(`@pulumi/${name}/package.json`);
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
