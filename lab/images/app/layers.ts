// The layers of a Django project's image, lowest first: Debian with Python, the packages, the project's files.
import type { Report } from "../../../commands/support/report.ts";
import { debianLayer } from "../debian.ts";
import { installTools } from "../machine.ts";
import { fingerprintDirectory, packDirectory } from "../pack.ts";
import {
    buildRoot,
    defaultPython,
    lockPackages,
    pythonLayer,
    pythonRoot,
    type Lock,
    type PythonVersion,
} from "../python.ts";
import { stored } from "../store.ts";
import { declaredBy, type Declared } from "./declared.ts";
import { appFiles, type AppFiles } from "./files.ts";

export interface AppSource {
    /** For the names of layers and for reports. */
    readonly name: string;
    readonly folder: string;
    /** Relative to the folder. @default what the folder declares: see declaredBy */
    readonly requirements?: string;
    /** @default defaultPython */
    readonly python?: PythonVersion;
    /** Debian packages that the app needs when it runs. @default none */
    readonly packages?: readonly string[];
    /** Debian packages that only the building of Python packages needs. @default none */
    readonly buildPackages?: readonly string[];
}

export interface AppLayers {
    readonly layers: readonly string[];
    readonly files: AppFiles;
    readonly declared: Declared;
    readonly lock: Lock;
}

/** Makes what is missing. What can be refused is looked at first: files, then packages, before anything of them is downloaded. */
export async function appLayers(source: AppSource, report: Report): Promise<AppLayers> {
    const { name, folder, python = defaultPython, packages = [], buildPackages = [] } = source;
    const [declared, files] = await Promise.all([declaredBy(folder, source.requirements), appFiles(folder)]);
    const to = { to: "/app", paths: files.paths };
    const app = await stored(`app-${name}`, await fingerprintDirectory(folder, to), (out) =>
        packDirectory(folder, out, to),
    );
    await installTools(report);
    const plain = await debianLayer(pythonRoot(python), report);
    const root = packages.length === 0 ? plain : await debianLayer(pythonRoot(python, packages), report);
    const builds = buildPackages.length > 0;
    const tools = builds ? await debianLayer(buildRoot(python, packages, buildPackages), report) : undefined;
    const common = { name, python, declared, app };
    const lock = await lockPackages({ ...common, root: tools ?? plain }, report);
    const venv = await pythonLayer({ ...common, root, lock, ...(tools !== undefined && { buildRoot: tools }) }, report);
    return { layers: [root, venv, app], files, declared, lock };
}
