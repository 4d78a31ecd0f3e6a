// The official launcher, an npm package that downloads the CLI with its language hosts at its first run. Its version is
// the CLI's (PULUMI_VERSION would override it); it installs into versions/ of PULUMI_HOME.
import { join } from "node:path";
import { cacheDir } from "../support/paths.ts";
import type { Report } from "../../commands/support/report.ts";
import { download } from "./download.ts";
import { findOnPath, isExecutable } from "./executables.ts";
import { forgetRefusal, recentlyRefused, rememberRefusal } from "./refusals.ts";

const cliVersion = "3.265.0";
const directory = join(cacheDir, "launcher");
const cli = join(directory, "versions", cliVersion, "bin", "pulumi");

/** The CLI of an earlier download. */
export function findLauncher(): string | undefined {
    return isExecutable(cli) ? cli : undefined;
}

/** True if a download is worth trying. */
export function launcherMayWork(): boolean {
    return findOnPath("npm") !== undefined && !recentlyRefused("launcher");
}

/** Downloads the CLI; undefined if that is refused, which is then remembered for some hours. */
export async function downloadWithLauncher(report: Report): Promise<string | undefined> {
    report(`downloading the Pulumi CLI ${cliVersion}`);
    const steps = [
        {
            command: "npm",
            args: ["install", "--prefix", directory, "--no-save", "--no-audit", "--no-fund", `pulumi@${cliVersion}`],
        },
        {
            command: process.execPath,
            args: [join(directory, "node_modules", "pulumi", "run.js"), "version"],
            env: { PULUMI_HOME: directory, PULUMI_VERSION: cliVersion, PULUMI_SKIP_UPDATE_CHECK: "true" },
        },
    ];
    for (const step of steps) {
        const result = await download(step);
        if (!result.ok) {
            rememberRefusal("launcher", result.reason);
            return undefined;
        }
    }
    forgetRefusal("launcher");
    return findLauncher();
}
