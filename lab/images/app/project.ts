// What a Django project says of itself: where manage.py is, which settings it reads, which package has wsgi.py.
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";

export interface DjangoProject {
    /** Whether manage.py is at the top, where the program looks for it. */
    readonly manage: boolean;
    /** The package that has wsgi.py, as `apps[].module` wants it. */
    readonly module?: string;
    /** What manage.py or wsgi.py takes for DJANGO_SETTINGS_MODULE when nothing else is said. */
    readonly settings?: string;
    /** Other modules beside it that read like settings: `shop.settings.production`. */
    readonly otherSettings: readonly string[];
    /** Whether the package has celery.py. */
    readonly celery: boolean;
    /** Whether a Python file names a variable of the contract, `DJANGO_APP_...`. */
    readonly readsContract: boolean;
    /** Whether one names the paths that probes ask by default. */
    readonly answersProbes: boolean;
    /** Where uploaded files go: where the contract says, or into a folder of the image. Not there: nobody says so, or into a bucket. */
    readonly uploads?: "contract" | "folder";
    readonly notices: readonly string[];
}

/** More than that are no project's own code. */
const manyFiles = 5000;

const settingsPattern = /DJANGO_SETTINGS_MODULE["']\s*(?:,|\]\s*=)\s*["']([\w.]+)["']/;

/** @param paths the files that go into the image, relative to the folder */
export async function djangoProject(folder: string, paths: readonly string[]): Promise<DjangoProject> {
    const manage = paths.includes("manage.py");
    const wsgi = paths
        .filter((path) => posix.basename(path) === "wsgi.py" && path.split("/").length === 2)
        .map((path) => posix.dirname(path));
    const module = wsgi[0];
    const read = async (path: string) => readFile(join(folder, path), "utf8").catch(() => "");
    const texts = await Promise.all(
        [...(manage ? ["manage.py"] : []), ...wsgi.map((name) => `${name}/wsgi.py`)].map(read),
    );
    const code = await Promise.all(
        paths
            .filter((path) => path.endsWith(".py"))
            .slice(0, manyFiles)
            .map(read),
    );
    const uploads = uploadsOf(code);
    const settings = texts.flatMap((text) => settingsPattern.exec(text)?.[1] ?? [])[0];
    return {
        manage,
        ...(module !== undefined && { module }),
        ...(settings !== undefined && { settings }),
        otherSettings: settings === undefined ? [] : siblings(settings, paths),
        celery: module !== undefined && paths.includes(`${module}/celery.py`),
        readsContract: code.some((text) => text.includes("DJANGO_APP_")),
        answersProbes: code.some((text) => /healthz/.test(text)),
        ...(uploads !== undefined && { uploads }),
        notices: notices(paths, manage, wsgi),
    };
}

/** Helpers add the prefix: `env("MEDIA_ROOT")`. What asks Django's own setting is no reader: `getattr(settings, "MEDIA_ROOT")`. */
function uploadsOf(code: readonly string[]): DjangoProject["uploads"] {
    if (code.some((text) => text.includes("DJANGO_APP_") && /[([]\s*["'](DJANGO_APP_)?MEDIA_ROOT["']/.test(text))) {
        return "contract";
    }
    const bucket = code.some((text) => text.includes("MEDIA_BUCKET"));
    return !bucket && code.some((text) => /^\s*MEDIA_ROOT\s*=/m.test(text)) ? "folder" : undefined;
}

function siblings(settings: string, paths: readonly string[]): string[] {
    const folder = settings.split(".").slice(0, -1).join("/");
    // In the project's own package everything is beside the settings.
    const isSettings = /(^|\/)settings\//.test(`${folder}/`) ? /^\w+\.py$/ : /^settings\w*\.py$/;
    return paths
        .filter((path) => posix.dirname(path) === folder && isSettings.test(posix.basename(path)))
        .map((path) => path.replace(/\.py$/, "").replaceAll("/", "."))
        .filter((module) => module !== settings && !module.endsWith(".__init__"));
}

function notices(paths: readonly string[], manage: boolean, wsgi: readonly string[]): string[] {
    const said: string[] = [];
    if (!manage) {
        const deeper = paths.find((path) => posix.basename(path) === "manage.py");
        said.push(
            deeper === undefined
                ? "There is no manage.py: migrate, collectstatic and the shell need it at the top of the folder."
                : `manage.py is in ${posix.dirname(deeper)}: name that folder instead, with REQUIREMENTS relative to it.`,
        );
    }
    if (wsgi.length > 1) {
        said.push(`Several packages have a wsgi.py: ${wsgi.join(", ")}. Name the project's as apps[].module.`);
    }
    return said;
}

/** Development settings in the cluster: DEBUG on, SQLite, no hosts. */
export function readsLikeDevelopment(settings: string): boolean {
    return /(^|[._])(dev|devel|development|local|debug|test)$/.test(settings);
}
