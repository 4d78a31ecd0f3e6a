// The engine for tests of whole clouds: the same CLI, in a home of its own where the plugins only write down what is asked.
import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheDir, projectRoot } from "../support/paths.ts";
import type { Report } from "../../commands/support/report.ts";
import { shortHash } from "./bundle.ts";
import { ensureEngine, type Engine } from "./index.ts";
import { installRecordingPlugins } from "./plugins.ts";

export async function ensureRecordingEngine(report: Report): Promise<Engine> {
    const engine = await ensureEngine(report);
    const home = join(cacheDir, "pulumi-home", `${shortHash(projectRoot)}-recording`);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    await installRecordingPlugins(home);
    const path = (engine.env["PATH"] ?? process.env["PATH"] ?? "").split(delimiter);
    const standIns = join(cacheDir, "engine", "checkouts", shortHash(projectRoot), "plugins");
    return {
        ...engine,
        env: {
            ...engine.env,
            PULUMI_HOME: home,
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            // The stand-ins that ensureEngine may have put on PATH would go before those of the home.
            PATH: path.filter((directory) => directory !== standIns).join(delimiter),
        },
        notices: [],
    };
}
