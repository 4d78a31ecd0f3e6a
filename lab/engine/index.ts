// Where `pulumi` comes from: the user's own; else the official launcher; else built from source. Whoever has Pulumi
// never notices this module. See docs/lab/engine.md.
import { mkdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheDir, projectRoot } from "../support/paths.ts";
import type { Report } from "../../commands/support/report.ts";
import { canBuild, ensureBuilt, isBuilt } from "./built.ts";
import { shortHash } from "./bundle.ts";
import type { Engine, EngineSource } from "./engine.ts";
import { compileCacheDir, findOnPath, pathWith } from "./executables.ts";
import { findInstalled } from "./installed.ts";
import { downloadWithLauncher, findLauncher, launcherMayWork } from "./launcher.ts";
import { ensurePlugins } from "./plugins.ts";

export { localBackend, localEncryptionSalt } from "./backend.ts";
export type { Engine, EngineSource } from "./engine.ts";
export { runPulumi, type RunOptions, type RunResult } from "./run.ts";

export type EngineSupport =
    | { readonly ok: true; readonly source: EngineSource }
    | { readonly ok: false; readonly reason: string; readonly fix: string };

/** Whether `ensureEngine` can be expected to work here. Quick, changes nothing, asks no network. */
export function engineSupport(): EngineSupport {
    if (findInstalled() !== undefined) {
        return { ok: true, source: "installed" };
    }
    if (findLauncher() !== undefined) {
        return { ok: true, source: "launcher" };
    }
    if (isBuilt()) {
        return { ok: true, source: "built" };
    }
    if (launcherMayWork()) {
        return { ok: true, source: "launcher" };
    }
    if (canBuild()) {
        return { ok: true, source: "built" };
    }
    return {
        ok: false,
        reason: "pulumi is not installed, cannot be downloaded, and there is no Go to build it",
        fix: "Install Pulumi (https://www.pulumi.com/docs/install), or Go 1.21 or later",
    };
}

/** Finds, downloads or builds the CLI, and sees to its plugins. Takes minutes at the first time on a machine without it. */
export async function ensureEngine(report: Report): Promise<Engine> {
    const { pulumi, source } = await findCli(report);
    const ownHome = source === "installed" ? undefined : join(cacheDir, "pulumi-home", shortHash(projectRoot));
    const env: Record<string, string> = {
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // The program starts in two thirds of the time. Whoever has set one keeps it.
        NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? compileCacheDir,
        ...(ownHome === undefined ? {} : { PULUMI_HOME: ownHome }),
    };
    if (ownHome !== undefined) {
        mkdirSync(ownHome, { recursive: true, mode: 0o700 });
    }
    const plugins = await ensurePlugins({ pulumi, env, ownHome }, report);
    const path = [
        ...plugins.path,
        // The official language host runs the `node` of PATH, and the program needs one that runs TypeScript.
        ...(isThisNode(findOnPath("node")) ? [] : [dirname(process.execPath)]),
        ...(source === "installed" ? [] : [dirname(pulumi)]),
    ];
    return {
        pulumi,
        source,
        env: { ...env, ...plugins.env, ...(path.length === 0 ? {} : { PATH: pathWith(path) }) },
        notices: plugins.notices,
    };
}

async function findCli(report: Report): Promise<{ pulumi: string; source: EngineSource }> {
    const installed = findInstalled();
    if (installed !== undefined) {
        return { pulumi: installed, source: "installed" };
    }
    const launcher = findLauncher();
    if (launcher !== undefined) {
        return { pulumi: launcher, source: "launcher" };
    }
    if (!isBuilt() && launcherMayWork()) {
        const downloaded = await downloadWithLauncher(report);
        if (downloaded !== undefined) {
            return { pulumi: downloaded, source: "launcher" };
        }
    }
    if (!isBuilt() && !canBuild()) {
        const support = engineSupport();
        throw new Error(support.ok ? "pulumi could not be downloaded." : `${support.reason}. Fix: ${support.fix}.`);
    }
    return { pulumi: await ensureBuilt(report), source: "built" };
}

function isThisNode(node: string | undefined): boolean {
    return node !== undefined && realpathSync(node) === realpathSync(process.execPath);
}
